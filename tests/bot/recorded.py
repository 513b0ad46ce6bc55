"""Slack's payloads as recorded in tests/payloads, and what Ballast reads in them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from bot.payloads import parse_event
from bot.shapes.meanings import Arrival
from storage.ids import TeamId, UserId
from storage.records import NewFeedback, Workspace

PAYLOADS = Path(__file__).parents[1] / "payloads"
ACME = Workspace(
    team_id=TeamId("T100"),
    name="Acme",
    url="https://acme.slack.com/",
    bot_id="B900",
    bot_user_id=UserId("U900"),
)


def recorded(name: str, **changes: object) -> dict[str, Any]:
    """The delivery of an event, with fields of its event changed."""
    body: dict[str, Any] = json.loads((PAYLOADS / f"{name}.json").read_text(encoding="utf-8"))
    body["event"] = {**body["event"], **changes}
    return body


def arrived(name: str, **changes: object) -> Arrival:
    meaning = parse_event(recorded(name, **changes), ACME)
    assert isinstance(meaning, Arrival), meaning
    return meaning


def feedback_of(name: str, **changes: object) -> NewFeedback:
    return arrived(name, **changes).feedback
