"""Two processes on one database, each given every delivery by a server that does not divide them."""

from collections.abc import Callable
from datetime import datetime

import pytest

from bot.parts import Store
from bot.port import PersonFacts
from bot.reviewing import Kept, find, judge
from storage.ids import ChannelId, UserId
from storage.records import Feedback
from storage.vocabulary import Verdict
from tests.bot.listening import ACME, Listening, make_listening, payload, problem

TS = "1763600000.000200"
TEXT = "The approve button takes five clicks."
OWNER = PersonFacts(
    user_id=UserId("U1"), team_id=ACME.team_id, name="Olivia", governs=True, is_outsider=False, is_bot=False, zone=None
)


@pytest.fixture
def both(store: Store, clock: Callable[[], datetime]) -> tuple[Listening, Listening]:
    first, second = (make_listening(store, None, ACME, clock) for _ in range(2))  # type: ignore[arg-type]  # asks Slack nothing
    first.watch("C200")
    return first, second


def test_an_event_that_both_are_given_is_kept_once(both: tuple[Listening, Listening]) -> None:
    assert [bot.dispatch(payload("message")).status for bot in both] == [200, 200]

    assert both[0].store.queue.counts(ACME.team_id)["waiting"] == 1
    assert [bot.woken for bot in both] == [["woken"], []]


def test_a_press_that_both_are_given_is_one_verdict(both: tuple[Listening, Listening]) -> None:
    feedback = both[0].read("C200", TS, TEXT, problem(TEXT, "takes five clicks", "fewer_steps"))

    assert [press(bot, feedback) for bot in both] == [Kept.DECIDED, Kept.DECIDED]

    reviews = both[0].store.reviews.of_feedback(ACME.team_id, feedback.feedback_id)
    assert [(review.verdict, review.reviewer) for review in reviews] == [(Verdict.CONFIRMED, "U1")]


def press(bot: Listening, feedback: Feedback) -> Kept:
    found = find(bot.parts, ACME.team_id, feedback.insights[0].insight_id, ChannelId("C200"))
    return judge(bot.parts, found, Verdict.CONFIRMED, OWNER, seen=0)
