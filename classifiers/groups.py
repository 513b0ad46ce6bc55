"""Deal files into groups that are left out in turn, so that a model is judged on what it has not read. Pure."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

from classifiers.corpus import REVIEWS

GROUPS = 3
"""Groups into which the files are dealt. Each costs a whole training; file by file costs five times that."""


class LeaveOut(StrEnum):
    """Say what is left out at a time."""

    GROUPS = "groups"
    EACH = "each"
    """One file: the others teach as much as they can, and the files are known to be measured alike."""


def groups_of(files: Collection[str], leave_out: LeaveOut = LeaveOut.GROUPS) -> list[frozenset[str]]:
    """Deal files into groups by their names, in turn: in this corpus that parts the files of like kinds.

    A team's own reviews come last, so that with them every file is left out with the same others as without.
    """
    names = sorted(files, key=lambda name: (name == REVIEWS, name))
    count = len(names) if leave_out is LeaveOut.EACH else min(GROUPS, len(names))
    return [frozenset(names[first::count]) for first in range(count)]
