"""What a team brings to a reading: its budget of the day, and what it corrected."""

from datetime import timedelta

import numpy as np
import pytest

from bot.contexts import TeamContexts
from bot.sandbox.presets import SmallWorkspace
from bot.sandbox.stand_in import SlackStandIn
from classifiers.memory import Embed
from classifiers.vocabulary import Usage
from storage.database import Database
from storage.held import Target
from storage.ids import FeedbackId, UserId
from storage.records import Decision
from storage.vocabulary import Verdict, Whose
from tests.bot.running import Running, make_running
from tests.factories import LEASE, found_nothing
from tests.hand_clock import HandClock
from tests.slack_stand_in import slack, slack_clock, workspace  # noqa: F401 - fixtures


@pytest.fixture
def running(
    slack: SlackStandIn,  # noqa: F811 - the fixture
    workspace: SmallWorkspace,  # noqa: F811 - the fixture
    slack_clock: HandClock,  # noqa: F811 - the fixture
    sqlite_database: Database,
) -> Running:
    return make_running(slack, workspace, slack_clock, sqlite_database)


def contexts_of(running: Running, *, limit: int | None = None, embed: Embed | None = None) -> TeamContexts:
    parts = running.parts
    return TeamContexts(parts.store, parts.taxonomy_of, parts.clock, "UTC", embed, limit)


def spend(running: Running, tokens: int) -> None:
    """Let something be classified that cost so many tokens."""
    running.hear()
    (claim,) = running.parts.store.queue.claim(running.team, limit=1, lease=LEASE, at=running.clock())
    found = found_nothing(usage=Usage(tokens_in=tokens))
    assert running.parts.store.queue.save(claim, found, taxonomy_version="1", at=running.clock())


@pytest.mark.parametrize(
    ("limit", "spent", "may"),
    [(None, 1_000_000, True), (0, 0, False), (100, 0, True), (100, 99, True), (100, 100, False), (100, 250, False)],
)
def test_a_team_may_spend_until_its_day_s_tokens_are_used(
    running: Running, limit: int | None, spent: int, may: bool
) -> None:
    spend(running, spent)

    assert contexts_of(running, limit=limit).of(running.team).may_spend() is may


def test_the_next_day_may_spend_again(running: Running) -> None:
    context = contexts_of(running, limit=100).of(running.team)
    spend(running, 100)
    assert not context.may_spend()

    running.clock.advance(timedelta(days=1))

    assert context.may_spend()


def test_a_verdict_is_recalled_at_once_and_without_one_nothing_is(running: Running) -> None:
    contexts = contexts_of(running, embed=lambda texts: np.ones((len(texts), 1), dtype=np.float32))
    feedback_id, _ = running.hear("We need audit logs.")
    running.work()
    assert contexts.of(running.team).recall("anything", 5) == []

    reject(running, feedback_id)

    (example,) = contexts.of(running.team).recall("anything", 5)
    assert (example.quote, example.labels) == ("We need audit logs.", None)


def test_what_was_deleted_is_not_recalled_though_as_much_was_judged_since(running: Running) -> None:
    contexts = contexts_of(running, embed=lambda texts: np.ones((len(texts), 1), dtype=np.float32))
    heard = [running.hear(words)[0] for words in ("We need audit logs.", "Exports are slow.")]
    running.work()
    reject(running, heard[0])
    assert [each.quote for each in contexts.of(running.team).recall("anything", 5)] == ["We need audit logs."]

    running.clock.advance(timedelta(minutes=1))
    forgetting, target = running.parts.store.forgetting, Target(running.team, Whose.NAME, "audit logs")
    forgetting.forget(target, by=UserId("U1"), at=running.clock())
    reject(running, heard[1])

    assert [each.quote for each in contexts.of(running.team).recall("anything", 5)] == ["Exports are slow."]


def reject(running: Running, feedback_id: FeedbackId) -> None:
    (insight,) = running.feedback(feedback_id).insights
    decision = Decision(running.team, insight.insight_id, Verdict.REJECTED, UserId("U1"), running.clock(), seen=0)
    running.parts.store.reviews.decide(decision)
