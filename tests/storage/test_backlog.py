"""What waits is counted for its own team, with the time of the oldest."""

from datetime import timedelta

from bot.parts import Store
from storage.backlog import Backlog, Waiting
from storage.database import Database
from storage.vocabulary import FeedbackState
from tests.factories import LEASE, NOW, OTHER_TEAM, TEAM, make_feedback, make_post

NOTHING = Waiting(0, None)


def test_an_empty_history_has_no_backlog(store: Store, database: Database) -> None:
    backlog = Backlog(database)

    assert backlog.feedback(TEAM, FeedbackState.WAITING) == NOTHING
    assert backlog.unreadable(TEAM) == NOTHING
    assert backlog.posts_given_up(TEAM) == 0


def test_feedback_is_counted_a_state_and_dated_by_its_capture(store: Store, database: Database) -> None:
    for hours in (3, 5, 1):
        store.intake.take_in(make_feedback(), NOW - timedelta(hours=hours))
    store.intake.take_in(make_feedback(team_id=OTHER_TEAM), NOW - timedelta(hours=9))
    [claimed] = store.queue.claim(TEAM, limit=1, lease=LEASE, at=NOW)
    store.queue.give_up(claimed, reason="it could not be read")

    backlog = Backlog(database)

    assert backlog.feedback(TEAM, FeedbackState.WAITING).count == 2
    assert backlog.feedback(TEAM, FeedbackState.FAILED).count == 1
    assert backlog.feedback(OTHER_TEAM, FeedbackState.WAITING) == Waiting(1, NOW - timedelta(hours=9))


def test_unreadable_deliveries_are_counted_for_their_team(store: Store, database: Database) -> None:
    store.intake.keep_unreadable(TEAM, {"odd": 1}, "no channel", None, NOW)
    store.intake.keep_unreadable(TEAM, {"odd": 2}, "no channel", None, NOW + timedelta(hours=1))

    assert Backlog(database).unreadable(TEAM) == Waiting(2, NOW)
    assert Backlog(database).unreadable(OTHER_TEAM) == NOTHING


def test_only_posts_that_were_given_up_count(store: Store, database: Database) -> None:
    for key in ("card:1", "card:2", "card:3"):
        store.posts.owe(TEAM, make_post(key), NOW)
    given_up, dropped, _ = store.posts.claim(TEAM, limit=3, lease=LEASE, at=NOW)
    store.posts.give_up(given_up, reason="refused")
    store.posts.drop(dropped, reason="not needed")

    assert Backlog(database).posts_given_up(TEAM) == 1
    assert Backlog(database).posts_given_up(OTHER_TEAM) == 0
