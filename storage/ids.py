"""The typed ids of the history, so that one cannot be handed over for another."""

from __future__ import annotations

from typing import NewType

TeamId = NewType("TeamId", str)
"""Slack's workspace id (``T…``), or the key of a workspace that lives at the terminal alone."""
ChannelId = NewType("ChannelId", str)
UserId = NewType("UserId", str)
Ts = NewType("Ts", str)
"""Slack's message time, ``seconds.micros`` as text: the id of a message within its channel."""
Origin = NewType("Origin", str)
"""Where a feedback came from, never null and unique in a team: ``slack:C…:ts``, ``import:…``, ``view:…``."""

FeedbackId = NewType("FeedbackId", int)
ClassificationId = NewType("ClassificationId", int)
InsightId = NewType("InsightId", int)
ReviewId = NewType("ReviewId", int)
PostId = NewType("PostId", int)
ScheduleId = NewType("ScheduleId", int)
DigestId = NewType("DigestId", int)
FetchId = NewType("FetchId", int)
DraftId = NewType("DraftId", str)
BackfillId = NewType("BackfillId", int)
AccountId = NewType("AccountId", int)
ImportId = NewType("ImportId", int)
Token = NewType("Token", str)
"""Drawn at each claim; work is saved only while the row still carries it."""

COMMENT = "#comment"
"""Ends the origin of what was written on top of a forward or an e-mail."""


def slack_origin(channel: ChannelId, ts: Ts) -> Origin:
    """Name the origin of a Slack message, the same for every delivery and every way in."""
    return Origin(f"slack:{channel}:{ts}")


def typed_origin(key: str) -> Origin:
    """Name the origin of what somebody typed for Ballast alone; ``key`` is drawn once, so that it comes in once."""
    return Origin(f"command:{key}")


def comment_origin(passed_on: Origin) -> Origin:
    """Name the origin of the comment on top of a message that was passed on."""
    return Origin(f"{passed_on}{COMMENT}")
