"""What waits too long, failed or could not be read is counted."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.checks.diagnosis import Outcome
from storage.ids import TeamId
from storage.records import Workspace
from storage.vocabulary import PostState
from tests.bot.checks.bedside import LONG_AGO, Bedside
from tests.factories import LEASE, make_feedback, make_post


def test_feedback_that_waits_too_long_is_told_with_its_age(bedside: Bedside) -> None:
    feedback = make_feedback(team_id=bedside.team)
    bedside.store.intake.take_in(feedback, datetime.now(UTC) - timedelta(hours=5))

    found = bedside.found("queue")

    assert (found.outcome, "the oldest for 5 hours" in found.sentence) == (Outcome.WARN, True), found


def test_feedback_that_has_just_come_is_no_fault(bedside: Bedside) -> None:
    bedside.store.intake.take_in(make_feedback(team_id=bedside.team), datetime.now(UTC))

    assert bedside.found("queue").outcome is Outcome.OK


def test_what_could_not_be_read_delivered_or_posted_is_counted(bedside: Bedside) -> None:
    store, team, now = bedside.store, bedside.team, datetime.now(UTC)
    store.intake.take_in(make_feedback(team_id=team), now)
    [claimed] = store.queue.claim(team, limit=1, lease=LEASE, at=now)
    store.queue.give_up(claimed, reason="it could not be read")
    store.intake.keep_unreadable(team, {"odd": 1}, "no channel", None, now)
    store.posts.owe(team, make_post(expires_at=now + timedelta(hours=1)), now)
    [post] = store.posts.claim(team, limit=1, lease=LEASE, at=now)
    assert store.posts.give_up(post, reason="refused")
    assert post.state is PostState.DUE

    for name in ("failed", "deliveries", "answers"):
        found = bedside.found(name)
        assert (found.outcome, found.sentence.startswith("1 ")) == (Outcome.WARN, True), found


def test_several_workspaces_are_told_apart(bedside: Bedside) -> None:
    bedside.store.workspaces.remember(Workspace(TeamId("T0SECOND"), "Second"), LONG_AGO)

    assert {"queue (T0NORTHWIND)", "queue (T0SECOND)"} <= {each.name for each in bedside.examined()}
