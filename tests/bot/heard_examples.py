"""What a team could have been heard to say, for the tests of the digest."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.composing import Captured, compose
from bot.digest import Digest
from bot.period import week_named
from classifiers.vocabulary import Labels, Persona, Side, Theme
from storage.ids import FeedbackId, InsightId
from storage.records import Heard
from storage.vocabulary import ChannelKind, Standing, Voice

CUSTOMER, USER = Side.CUSTOMER, Side.USER
WEEK = week_named("2026-W46", "Europe/Berlin")
AFTER = WEEK.end + timedelta(hours=9)
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
THEMES = {CUSTOMER: ("cost", "security", "compliance"), USER: ("speed", "fewer_steps", "reliability")}


def make_heard(**changes: Any) -> Heard:
    theme = Theme(changes.pop("theme", "speed"))
    side = CUSTOMER if theme in THEMES[CUSTOMER] else USER
    heard = Heard(
        insight_id=InsightId(changes.pop("number", 1)),
        feedback_id=FeedbackId(1),
        labels=Labels(side, theme, Persona(changes.pop("persona", "unknown"))),
        standing=Standing.SURE,
        quote="it takes too long",
        confidence=0.9,
        said_at=WEEK.start + timedelta(days=2),
        voice=Voice.FIRST_HAND,
        account=None,
        permalink=None,
        channel_id=None,
        channel_kind=ChannelKind.PUBLIC,
    )
    return replace(heard, **changes)


def digest_of(heard: Iterable[Heard]) -> Digest:
    return compose(heard, WEEK, Captured(0, 0, 0, LONG_AGO), now=AFTER)
