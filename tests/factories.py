"""Make any record in one call: valid by default, changed by keyword."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from classifiers.vocabulary import (
    NO_REMARKS,
    UNKNOWN_PERSONA,
    Classification,
    Evidence,
    Insight,
    Labels,
    Persona,
    PersonaEntry,
    Provenance,
    Remarks,
    Side,
    Theme,
)
from storage.ids import ChannelId, FeedbackId, InsightId, Origin, TeamId, Ts, UserId, slack_origin
from storage.records import Decision, NewFeedback, NewPost, Review, Workspace
from storage.vocabulary import ChannelKind, PostKind, Source, Verdict, Voice

NOW = datetime(2026, 11, 18, 10, 0, tzinfo=UTC)
"""A Wednesday in the middle of a week: 2026-W47."""
EARLIER = NOW - timedelta(days=1)
LATER = NOW + timedelta(hours=1)
LEASE = timedelta(seconds=60)

TEAM = TeamId("T0ACME")
OTHER_TEAM = TeamId("T0OTHER")
CHANNEL = ChannelId("C0FEEDBACK")
PRIVATE = ChannelId("C0SECRET")
OWNER = UserId("U0OWNER")
PERSON = UserId("U0PERSON")
TEXT = "Our auditor wants to see who changed the figures. The export takes far too many clicks."

_numbers = count(1)
"""Only so that two records made without a keyword differ; nothing depends on the value."""


def make_workspace(team_id: TeamId = TEAM, **changes: Any) -> Workspace:
    return Workspace(**{"team_id": team_id, "name": "Acme", "url": "https://acme.example/", **changes})


def make_ts(number: int) -> Ts:
    return Ts(f"{1_790_000_000 + number}.000100")


def make_feedback(text: str = TEXT, **changes: Any) -> NewFeedback:
    """A message in a public channel; without an origin each call makes another one."""
    ts = changes.pop("ts", None) or make_ts(next(_numbers))
    channel = changes.get("channel_id", CHANNEL)
    fields: dict[str, Any] = {
        "team_id": TEAM,
        "origin": slack_origin(channel, ts) if channel else Origin(f"import:{ts}"),
        "text": text,
        "said_at": EARLIER,
        "source": Source.CHANNEL,
        "voice": Voice.RELAYED,
        "channel_id": channel,
        "channel_kind": ChannelKind.PUBLIC,
        "ts": ts,
        "reporter": PERSON,
    }
    return NewFeedback(**(fields | changes))


def make_labels(theme: str = "compliance", side: Side = Side.CUSTOMER, persona: str = UNKNOWN_PERSONA) -> Labels:
    return Labels(side=side, theme=Theme(theme), persona=Persona(persona))


USER_LABELS = make_labels("fewer_steps", Side.USER, "daily_practitioner")


def make_evidence(quote: str, text: str = TEXT) -> Evidence:
    start = text.index(quote)
    return Evidence(quote=quote, start=start, end=start + len(quote))


def make_insight(quote: str = "who changed the figures", text: str = TEXT, **changes: Any) -> Insight:
    fields: dict[str, Any] = {
        "labels": make_labels(),
        "evidence": make_evidence(quote, text),
        "confidence": 0.9,
        "unsure": False,
        "remarks": NO_REMARKS,
    }
    return Insight(**(fields | changes))


def make_remarks(**changes: Any) -> Remarks:
    return Remarks(**changes)


def make_classification(*insights: Insight, **changes: Any) -> Classification:
    """What a classifier found; with no insight given it found one."""
    provenance = Provenance(**{"classifier": "local", "model": "test-1", **changes})
    return Classification(insights=insights or (make_insight(),), provenance=provenance)


def found_nothing(**changes: Any) -> Classification:
    return Classification(insights=(), provenance=Provenance(**{"classifier": "local", "model": "test-1", **changes}))


def make_decision(insight_id: InsightId, verdict: Verdict = Verdict.CONFIRMED, **changes: Any) -> Decision:
    fields: dict[str, Any] = {"team_id": TEAM, "by": OWNER, "at": NOW, "seen": 0}
    return Decision(insight_id=insight_id, verdict=verdict, **(fields | changes))


def make_review(**changes: Any) -> Review:
    fields: dict[str, Any] = {
        "insight_id": InsightId(1),
        "feedback_id": FeedbackId(1),
        "number": 1,
        "verdict": Verdict.CONFIRMED,
        "reviewer": OWNER,
        "reviewed_at": NOW,
        "before": make_labels(),
        "after": make_labels(),
    }
    return Review(**(fields | changes))


def make_post(key: str = "card:1", **changes: Any) -> NewPost:
    fields: dict[str, Any] = {"kind": PostKind.CARD, "channel_id": CHANNEL, "expires_at": LATER}
    return NewPost(key=key, **(fields | changes))


def make_persona(key: str = "mary", **changes: Any) -> PersonaEntry:
    fields: dict[str, Any] = {"name": "Mary, the CFO", "gloss": "signs", "definition": "Signs what we cost."}
    return PersonaEntry(key=Persona(key), **(fields | changes))
