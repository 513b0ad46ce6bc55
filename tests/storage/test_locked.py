"""What is locked is said to be locked, soon, and nothing is lost by trying again.

A new method that writes goes into ``WRITING``: the last test here holds the table to what the classes have.
"""

import inspect
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.parts import Store
from classifiers.vocabulary import Persona
from storage.amending import Amending
from storage.choice_log import Choosing
from storage.choices import Choices, Wanted
from storage.database import Database, open_database
from storage.drafts import KEPT_FOR, Drafts
from storage.errors import DatabaseUnavailableError
from storage.fetches import Fetches
from storage.history import History
from storage.intake import Intake
from storage.leaving import Leaving
from storage.outsiders import Outsiders
from storage.personas import Personas
from storage.posts import Posts
from storage.queue import Queue
from storage.readings import Readings
from storage.records import Place
from storage.reviews import Reviews
from storage.scenes import Scenes
from storage.schedules import Schedules
from storage.stated import Stated, Stating
from storage.vocabulary import AnswerMode, ChannelKind, Duty, Watch
from storage.workspaces import Workspaces
from tests.factories import (
    CHANNEL,
    LEASE,
    NOW,
    OTHER_TEAM,
    OWNER,
    PERSON,
    TEAM,
    USER_LABELS,
    make_classification,
    make_decision,
    make_evidence,
    make_feedback,
    make_persona,
    make_post,
    make_ts,
    make_workspace,
)
from tests.storage.settled import WANTED, Settled, settle
from tests.storage_fixtures import make_store

LONG_AGO = NOW - timedelta(days=365)
ANOTHER = ("another", "model")
"""A classifier that read nothing here, so that everything is worth its reading."""

PLACE = Place(TEAM, CHANNEL, make_ts(4), NOW, ChannelKind.PUBLIC)

WRITING: dict[str, Callable[[Settled], object]] = {
    "Workspaces.remember": lambda s: s.store.workspaces.remember(make_workspace(), NOW),
    "Leaving.leave": lambda s: s.store.leaving.leave(OTHER_TEAM, NOW),
    "Leaving.delete_some": lambda s: s.store.leaving.delete_some(OTHER_TEAM),
    "Outsiders.tell": lambda s: s.store.outsiders.tell(TEAM, [s.feedback_id], outside=True),
    "Workspaces.name_duty": lambda s: s.store.workspaces.name_duty(TEAM, PERSON, Duty.OWNER, OWNER, NOW),
    "Workspaces.end_duty": lambda s: s.store.workspaces.end_duty(TEAM, PERSON, Duty.OWNER, OWNER, NOW),
    "Workspaces.meet_channel": lambda s: s.store.workspaces.meet_channel(TEAM, CHANNEL, "x", ChannelKind.PUBLIC),
    "Workspaces.correct_kind": lambda s: s.store.workspaces.correct_kind(TEAM, CHANNEL, ChannelKind.PUBLIC),
    "Workspaces.set_watch": lambda s: s.store.workspaces.set_watch(TEAM, CHANNEL, Watch.ALL, OWNER, NOW, make_ts(1)),
    "Workspaces.set_answer": lambda s: s.store.workspaces.set_answer(TEAM, CHANNEL, AnswerMode.CARD, OWNER, NOW),
    "Personas.add": lambda s: s.store.personas.add(TEAM, make_persona(), OWNER, NOW),
    "Personas.remove": lambda s: s.store.personas.remove(TEAM, Persona("mary")),
    "Choices.choose": lambda s: s.store.choices.choose(
        Choosing(TEAM, CHANNEL, OWNER, NOW), Wanted(keep_threads=False), tell=lambda _changes: ()
    ),
    "Choices.note_app": lambda s: s.store.choices.note_app(TEAM, "B1", "Zendesk", NOW),
    "Choices.opt_out": lambda s: s.store.choices.opt_out(TEAM, PERSON, NOW),
    "Choices.opt_in": lambda s: s.store.choices.opt_in(TEAM, PERSON, NOW),
    "Intake.take_in": lambda s: s.store.intake.take_in(make_feedback(), NOW),
    "Amending.edit": lambda s: s.store.amending.edit(make_feedback(), NOW),
    "Amending.empty": lambda s: s.store.amending.empty(PLACE, make_ts(4), NOW, remember=True),
    "Amending.delete": lambda s: s.store.amending.delete(PLACE, NOW, remember=True),
    "Intake.keep_unreadable": lambda s: s.store.intake.keep_unreadable(TEAM, {}, "why", None, NOW),
    "Queue.claim": lambda s: s.store.queue.claim(TEAM, limit=1, lease=LEASE, at=NOW),
    "Queue.renew": lambda s: s.store.queue.renew(s.claimed, lease=LEASE, at=NOW),
    "Queue.save": lambda s: s.store.queue.save(s.claimed, make_classification(), taxonomy_version="1", at=NOW),
    "Queue.release": lambda s: s.store.queue.release(s.claimed, at=NOW),
    "Queue.put_off": lambda s: s.store.queue.put_off(s.claimed, reason="why", until=NOW),
    "Queue.give_up": lambda s: s.store.queue.give_up(s.claimed, reason="why"),
    "Queue.retry_failed": lambda s: s.store.queue.retry_failed(TEAM, at=NOW),
    "Reviews.decide": lambda s: s.store.reviews.decide(make_decision(s.insight_id)),
    "Reviews.add": lambda s: s.store.reviews.add(
        TEAM, s.feedback_id, USER_LABELS, make_evidence("too many clicks"), OWNER, NOW
    ),
    "Reviews.propose": lambda s: s.store.reviews.propose(make_decision(s.insight_id)),
    "Posts.owe": lambda s: s.store.posts.owe(TEAM, make_post("greeting:1"), NOW),
    "Posts.claim": lambda s: s.store.posts.claim(TEAM, limit=1, lease=LEASE, at=NOW),
    "Posts.done": lambda s: s.store.posts.done(s.post, make_ts(2)),
    "Posts.put_off": lambda s: s.store.posts.put_off(s.post, reason="why", until=NOW),
    "Posts.drop": lambda s: s.store.posts.drop(s.post, reason="why"),
    "Posts.taken_away": lambda s: s.store.posts.taken_away(s.post),
    "Posts.give_up": lambda s: s.store.posts.give_up(s.post, reason="why"),
    "Posts.release": lambda s: s.store.posts.release(s.post, at=NOW),
    "Posts.note_ts": lambda s: s.store.posts.note_ts(s.post, make_ts(2)),
    "Posts.revise": lambda s: s.store.posts.revise(TEAM, s.feedback_id, NOW),
    "Fetches.ask": lambda s: s.store.fetches.ask(replace(WANTED, ts=make_ts(6)), NOW),
    "Fetches.claim": lambda s: s.store.fetches.claim(TEAM, limit=1, lease=LEASE, at=NOW),
    "Fetches.done": lambda s: s.store.fetches.done(s.fetch),
    "Fetches.give_up": lambda s: s.store.fetches.give_up(s.fetch, reason="why"),
    "Fetches.put_off": lambda s: s.store.fetches.put_off(s.fetch, reason="why", until=NOW),
    "Fetches.release": lambda s: s.store.fetches.release(s.fetch, at=NOW),
    "Fetches.pause": lambda s: s.store.fetches.pause(TEAM, until=NOW),
    "Drafts.keep": lambda s: s.store.drafts.keep(s.draft, NOW),
    "Drafts.drop": lambda s: s.store.drafts.drop(TEAM, s.draft_id),
    "Drafts.drop_message": lambda s: s.store.drafts.drop_message(TEAM, CHANNEL, s.draft.ts),
    "Drafts.drop_old": lambda s: s.store.drafts.drop_old(TEAM, NOW + KEPT_FOR),
    "Stating.add": lambda s: s.store.stating.add(TEAM, s.feedback_id, Stated(OWNER, decides=True), NOW),
    "Schedules.set": lambda s: s.store.schedules.set(
        TEAM, CHANNEL, owner=OWNER, weekday=0, hour=9, minute=0, zone="UTC", at=NOW
    ),
    "Schedules.pause": lambda s: s.store.schedules.pause(TEAM, CHANNEL, paused=True, by=OWNER, at=NOW),
    "Schedules.remove": lambda s: s.store.schedules.remove(TEAM, CHANNEL, by=OWNER, at=NOW),
    "Schedules.claim": lambda s: s.store.schedules.claim(
        s.schedule, period=(NOW - LEASE, NOW), due_at=NOW, channel_id=CHANNEL, lease=LEASE, at=NOW
    ),
    "Schedules.posted": lambda s: s.store.schedules.posted(s.digest, make_ts(3), at=NOW),
    "Schedules.skipped": lambda s: s.store.schedules.skipped(s.digest, reason="why"),
    "Schedules.put_off": lambda s: s.store.schedules.put_off(s.digest, until=NOW),
    "Schedules.claim_shown": lambda s: s.store.schedules.claim_shown(
        s.schedule, s.digest.digest_id, lease=LEASE, at=NOW
    ),
    "Schedules.shown_again": lambda s: s.store.schedules.shown_again(s.digest, s.digest),
    "Readings.replace": lambda s: s.store.readings.replace(
        s.store.readings.again(TEAM, since=LONG_AGO, not_by=ANOTHER)[0],
        make_classification(),
        taxonomy_version="1",
        at=NOW,
    ),
}
READING = {
    *("Workspaces." + name for name in ("find", "teams", "has_duty", "with_duty", "channel", "channels")),
    "Leaving.teams",
    "Outsiders.due",
    "Personas.of",
    "Scenes.of",
    *("Choices." + name for name in ("of", "of_workspace", "apps", "has_opted_out")),
    "Intake.unreadable",
    *("Fetches." + name for name in ("is_due", "teams_due", "holds", "seconds_until_next", "counts")),
    *("Drafts." + name for name in ("find", "of_message")),
    "Stating.is_saved_by_hand",
    *("Queue." + name for name in ("teams_waiting", "seconds_until_next", "counts")),
    *("Reviews." + name for name in ("of_feedback", "last_verdicts", "taught", "judged", "stamp", "mismatches")),
    *("Readings." + name for name in ("tokens_since", "count_again", "again")),
    *("Posts." + name for name in ("teams_due", "card", "seconds_until_next")),
    *("Schedules." + name for name in ("of_channel", "of_team", "digests")),
    *("History." + name for name in ("feedback", "by_origin", "insight", "heard", "each_heard", "count", "backlog")),
    *("History." + name for name in ("first_said_at", "accounts_like")),
}


@pytest.mark.parametrize("method", WRITING)
def test_method_that_meets_the_write_lock_says_so_and_works_once_it_is_gone(method: str, impatient: Settled) -> None:
    with holding_the_write_lock(impatient.path), pytest.raises(DatabaseUnavailableError, match="locked by another"):
        WRITING[method](impatient)

    WRITING[method](impatient)


def test_reading_goes_on_while_another_program_writes(impatient: Settled) -> None:
    with holding_the_write_lock(impatient.path):
        assert impatient.store.history.feedback(TEAM, impatient.feedback_id).feedback_id == impatient.feedback_id


def test_capture_gives_up_before_slack_does_and_loses_nothing(database: Database, store: Store) -> None:
    feedback = make_feedback()
    with locked(database):
        before = time.monotonic()
        with pytest.raises(DatabaseUnavailableError):
            store.intake.take_in(feedback, NOW)
        assert time.monotonic() - before < 3

    assert store.history.by_origin(TEAM, feedback.origin) is None
    assert store.intake.take_in(feedback, NOW).new


def test_claim_under_a_lock_hands_out_nothing_and_uses_up_no_attempt(database: Database, store: Store) -> None:
    store.intake.take_in(make_feedback(), NOW)
    with locked(database), pytest.raises(DatabaseUnavailableError):
        store.queue.claim(TEAM, limit=1, lease=LEASE, at=NOW)

    [claimed] = store.queue.claim(TEAM, limit=1, lease=LEASE, at=NOW)
    assert claimed.attempts == 1


def test_every_public_method_is_in_one_of_the_two_tables() -> None:
    saving = (Fetches, Drafts, Stating)
    classes = (
        *saving,
        Workspaces,
        Leaving,
        Outsiders,
        Personas,
        Choices,
        Scenes,
        Intake,
        Amending,
        Queue,
        Readings,
        Reviews,
        Posts,
        History,
        Schedules,
    )
    methods = {
        f"{each.__name__}.{name}"
        for each in classes
        for name, _ in inspect.getmembers(each, inspect.isfunction)
        if not name.startswith("_")
    }

    assert methods == set(WRITING) | READING


@contextmanager
def holding_the_write_lock(path: Path) -> Iterator[None]:
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


@contextmanager
def locked(database: Database) -> Iterator[None]:
    """Hold what writing needs, as another program would, on either database."""
    if database.engine.dialect.name == "sqlite":
        with holding_the_write_lock(Path(database.engine.url.database or "")):
            yield
        return
    with database.engine.connect() as other:
        other.execute(text("LOCK TABLE feedback IN EXCLUSIVE MODE"))
        yield


@pytest.fixture
def impatient(sqlite_database: Database) -> Iterator[Settled]:
    """A filled history whose database waits for a lock only a moment, so that forty waits are short."""
    path = Path(sqlite_database.engine.url.database or "")
    database = open_database(f"sqlite:///{path}?timeout=0.02")
    yield settle(make_store(database), path)
    database.close()
