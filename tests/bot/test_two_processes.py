"""Two processes on one database, each given every delivery by a server that does not divide them."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier
from typing import Any, TypeVar

import pytest

import storage.engines
from bot.port import PersonFacts
from bot.reviewing import Kept, find, judge
from storage.database import Database, open_database
from storage.ids import ChannelId, UserId
from storage.records import Feedback
from storage.vocabulary import Verdict
from tests.bot.listening import ACME, Listening, make_listening, make_store, payload, problem

T = TypeVar("T")
PATIENCE_SECONDS = 30.0
TS = "1763600000.000200"
TEXT = "The approve button takes five clicks."
OWNER = PersonFacts(
    user_id=UserId("U1"), team_id=ACME.team_id, name="Olivia", governs=True, is_outsider=False, is_bot=False, zone=None
)


@pytest.fixture
def both(
    database: Database, clock: Callable[[], datetime], monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Listening, Listening]]:
    monkeypatch.setattr(storage.engines, "BUSY_SECONDS", PATIENCE_SECONDS)
    address = database.engine.url.render_as_string(hide_password=False)
    opened = [open_database(address) for _ in range(2)]
    first, second = (make_listening(make_store(each), None, ACME, clock) for each in opened)  # type: ignore[arg-type]  # asks Slack nothing
    first.watch("C200")
    yield first, second
    for each in opened:
        each.close()


def test_an_event_that_both_are_given_at_once_is_kept_once(
    both: tuple[Listening, Listening], monkeypatch: pytest.MonkeyPatch
) -> None:
    together = Barrier(2, timeout=PATIENCE_SECONDS)
    for bot in both:
        monkeypatch.setattr(bot.store.intake, "take_in", after(together, bot.store.intake.take_in))

    with ThreadPoolExecutor(2) as processes:
        answers = list(processes.map(lambda bot: bot.dispatch(payload("message")), both))

    assert [answer.status for answer in answers] == [200, 200]
    assert both[0].store.queue.counts(ACME.team_id)["waiting"] == 1
    assert sorted(bot.woken for bot in both) == [[], ["woken"]]


def test_a_press_that_both_are_given_at_once_is_one_verdict(
    both: tuple[Listening, Listening], monkeypatch: pytest.MonkeyPatch
) -> None:
    feedback = both[0].read("C200", TS, TEXT, problem(TEXT, "takes five clicks", "fewer_steps"))
    together = Barrier(2, timeout=PATIENCE_SECONDS)
    for bot in both:
        monkeypatch.setattr(bot.store.reviews, "decide", after(together, bot.store.reviews.decide))

    with ThreadPoolExecutor(2) as processes:
        assert list(processes.map(lambda bot: press(bot, feedback), both)) == [Kept.DECIDED, Kept.DECIDED]

    reviews = both[0].store.reviews.of_feedback(ACME.team_id, feedback.feedback_id)
    assert [(review.verdict, review.reviewer) for review in reviews] == [(Verdict.CONFIRMED, "U1")]


def after(together: Barrier, write: Callable[..., T]) -> Callable[..., T]:
    """Write only when the other process is about to write too."""

    def write_together(*given: Any, **named: Any) -> T:
        together.wait()
        return write(*given, **named)

    return write_together


def press(bot: Listening, feedback: Feedback) -> Kept:
    found = find(bot.parts, ACME.team_id, feedback.insights[0].insight_id, ChannelId("C200"))
    return judge(bot.parts, found, Verdict.CONFIRMED, OWNER, seen=0)
