"""The parts that listeners and jobs share, as the tests have them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from bot.parts import Parts, Slack, Store
from classifiers.taxonomy import load_taxonomy


def make_parts(
    store: Store, slack: Slack, clock: Callable[[], datetime], *, wake: Callable[[], None] = lambda: None
) -> Parts:
    """Make them as the composition root does when nothing is configured."""
    return Parts(
        store=store,
        slack=slack,
        clock=clock,
        taxonomy=load_taxonomy(),
        appointed=frozenset(),
        default_zone="UTC",
        command="/ballast",
        words_go_to="Nothing leaves this machine.",
        wake=wake,
    )
