"""What was heard is found in order, page by page, by what holds now, and words mean what they say."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from bot.parts import Store
from classifiers.vocabulary import Hindrance, Persona, Side, Theme
from storage.database import Database
from storage.erasing import Erasing
from storage.errors import NotFoundError
from storage.history import Backlog
from storage.ids import FeedbackId
from storage.records import Place
from storage.vocabulary import ChannelKind, Standing, Verdict
from tests.factories import (
    CHANNEL,
    EARLIER,
    LEASE,
    NOW,
    OTHER_TEAM,
    TEAM,
    USER_LABELS,
    make_classification,
    make_decision,
    make_feedback,
    make_insight,
    make_remarks,
    make_ts,
    make_workspace,
)
from tests.storage.asked import ask, heard_ids
from tests.storage.settled import capture
from tests.storage_fixtures import make_store

ALL = frozenset(Standing)


def test_insights_are_listed_newest_first_by_team(store: Store) -> None:
    days = [capture(store, said_at=NOW - timedelta(days=day))[1] for day in (3, 1, 2)]
    capture(store, team_id=OTHER_TEAM)

    assert heard_ids(store) == [days[1], days[2], days[0]]


def test_period_is_half_open(store: Store) -> None:
    _, first = capture(store, said_at=EARLIER)
    capture(store, said_at=NOW)

    assert heard_ids(store, since=EARLIER, until=NOW) == [first]


def test_pages_follow_one_another_without_gap_or_repeat(store: Store) -> None:
    for number in range(7):
        capture(store, make_insight(), make_insight("auditor"), said_at=EARLIER + timedelta(hours=number // 3))
    whole = store.history.heard(ask())

    pages, after = [], None
    while page := store.history.heard(ask(), after=after, limit=4):
        pages += page
        after = (page[-1].said_at, page[-1].insight_id)

    assert pages == whole
    assert len(whole) == 14
    assert list(store.history.each_heard(ask())) == whole[::-1]
    assert store.history.count(ask()) == 14


def test_each_heard_reads_long_histories_in_pages(store: Store, database: Database) -> None:
    insights = [make_insight() for _ in range(600)]
    capture(store, *insights)
    capture(store, *insights)
    fetched: list[int] = []

    @event.listens_for(database.engine, "after_cursor_execute")
    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if "FROM insights" in statement:
            fetched.append(1)

    found = store.history.each_heard(ask())
    next(found)
    assert len(fetched) == 1  # the rest is not read before somebody asks for it
    assert len({heard.insight_id for heard in found}) == 1199
    assert len(fetched) == 4
    event.remove(database.engine, "after_cursor_execute", note)


@pytest.mark.parametrize(
    "filters",
    [
        {"side": Side.USER},
        {"theme": Theme("fewer_steps")},
        {"persona": Persona("daily_practitioner")},
        {"account": "INITECH"},
    ],
)
def test_filters_go_by_what_holds_now(store: Store, filters: dict[str, Any]) -> None:
    capture(store)
    _, corrected = capture(store, account="Initech")
    store.reviews.decide(make_decision(corrected, Verdict.CORRECTED, labels=USER_LABELS))

    assert heard_ids(store, **filters) == [corrected]
    assert store.history.count(ask(**filters)) == 1


def test_only_the_standings_asked_for_are_given(store: Store) -> None:
    _, sure = capture(store)
    _, unsure = capture(store, make_insight(unsure=True))
    _, rejected = capture(store)
    store.reviews.decide(make_decision(rejected, Verdict.REJECTED))

    assert heard_ids(store) == [sure]
    assert heard_ids(store, standings=frozenset({Standing.UNSURE})) == [unsure]
    assert heard_ids(store, standings=ALL) == [rejected, unsure, sure]


def test_account_of_the_feedback_goes_before_the_one_the_text_names(store: Store) -> None:
    named = make_insight(remarks=make_remarks(account="Globex"))
    capture(store, named, account="Initech")
    capture(store, named)

    assert [heard.account for heard in store.history.heard(ask())] == ["Globex", "Initech"]
    assert len(heard_ids(store, account="globex")) == 1
    assert store.history.accounts_like(TEAM, "e") == ["Globex", "Initech"]


@pytest.mark.parametrize(
    ("text", "words", "found"),
    [
        ("Der ÄRGER mit dem Export", "ärger", True),
        ("Der ärger mit dem Export", "ÄRGER EXPORT", True),
        ("Der Ärger", "ärger export", False),
        ("\uff26\uff35\uff2c\uff2c width \ufb01le", "full file", True),
        ("Straße", "STRASSE", True),
        ("100% sure", "100%", True),
        ("100 percent sure", "100%", False),
        ("snake_case", "snake_case", True),
        ("snakescase", "snake_case", False),
        (r"C:\temp", "c:\\", True),
        ("C:/temp", "c:\\", False),
        ("anything", "   ", True),
        ("a\x00b", "a\x00b", True),
        ("it's; DROP TABLE feedback", "it's; drop", True),
        ("R&amp;D waits, as Slack writes it", "R&D waits", True),
        ("R&D waits, as a file has it", "R&D", True),
        ("&lt;b&gt; in bold", "<b>", True),
    ],
)
def test_every_word_is_found_as_it_is_whatever_its_case(store: Store, text: str, words: str, found: bool) -> None:
    quote = text.replace("\x00", "\ufffd")
    capture(store, make_insight(quote, quote), text=text)

    assert bool(heard_ids(store, words=words)) is found


def test_account_names_are_found_by_a_part_with_wildcards_as_themselves(store: Store) -> None:
    for account in ("Initech GmbH", "50% Off Ltd", "500 Off Ltd", "initech gmbh"):
        store.intake.take_in(make_feedback(account=account), NOW)

    assert store.history.accounts_like(TEAM, "gmbh INI") == ["Initech GmbH"]
    assert store.history.accounts_like(TEAM, "50% off") == ["50% Off Ltd"]
    assert len(store.history.accounts_like(TEAM, "off", limit=1)) == 1
    assert store.history.accounts_like(OTHER_TEAM, "off") == []


def test_backlog_counts_what_has_no_labels(store: Store) -> None:
    capture(store)
    store.intake.take_in(make_feedback(), NOW)
    [claimed] = store.queue.claim(TEAM, limit=1, lease=LEASE, at=NOW)
    store.queue.give_up(claimed, reason="why")
    store.intake.take_in(make_feedback(), NOW)
    store.intake.take_in(make_feedback(said_at=NOW - timedelta(days=400)), NOW)

    assert store.history.backlog(ask(side=Side.USER)) == Backlog(waiting=1, failed=1, messages=3, over_budget=0)


def test_what_a_spent_budget_left_to_the_local_classifier_is_counted(store: Store) -> None:
    for changes in ({"fallback": True, "hindrance": Hindrance.BUDGET}, {"fallback": True}, {}):
        store.intake.take_in(make_feedback(), NOW)
        [claim] = store.queue.claim(TEAM, limit=1, lease=LEASE, at=NOW)
        store.queue.save(claim, make_classification(**changes), taxonomy_version="1", at=NOW)

    assert store.history.backlog(ask()).over_budget == 1


def test_empty_history_has_no_beginning(store: Store) -> None:
    assert store.history.first_said_at(ask()) is None
    assert store.history.count(ask()) == 0
    assert store.history.heard(ask()) == []


def test_feedback_is_found_by_where_it_came_from(store: Store) -> None:
    feedback = make_feedback()
    taken = store.intake.take_in(feedback, NOW)

    found = store.history.by_origin(TEAM, feedback.origin)

    assert found is not None
    assert found.feedback_id == taken.feedback_id
    assert store.history.by_origin(OTHER_TEAM, feedback.origin) is None


def test_what_another_workspace_shared_is_not_found(store: Store) -> None:
    feedback_id, insight_id = capture(store)

    with pytest.raises(NotFoundError):
        store.history.feedback(OTHER_TEAM, feedback_id)
    with pytest.raises(NotFoundError):
        store.history.insight(OTHER_TEAM, insight_id)
    with pytest.raises(NotFoundError):
        store.history.feedback(TEAM, FeedbackId(feedback_id + 1000))


def test_queries_that_grow_with_the_history_use_an_index(sqlite_store: Store, sqlite_database: Database) -> None:
    """Without statistics, for nothing here ever runs ANALYZE."""
    capture(sqlite_store)
    deleted = make_feedback(channel_id=CHANNEL, ts=make_ts(1))
    sqlite_store.intake.take_in(deleted, NOW)
    gone = Place(TEAM, CHANNEL, make_ts(1), deleted.said_at, ChannelKind.PUBLIC)
    plans = [
        *explained(sqlite_database, lambda: sqlite_store.history.heard(ask(audience=CHANNEL))),
        *explained(sqlite_database, lambda: list(sqlite_store.history.each_heard(ask()))),
        *explained(sqlite_database, lambda: sqlite_store.queue.claim(TEAM, limit=5, lease=LEASE, at=NOW)),
        *explained(sqlite_database, lambda: sqlite_store.queue.teams_waiting(NOW)),
        *explained(sqlite_database, lambda: sqlite_store.posts.claim(TEAM, limit=5, lease=LEASE, at=NOW)),
        *explained(sqlite_database, lambda: Erasing(sqlite_database).erase_words(TEAM, NOW, at=NOW)),
        *explained(sqlite_database, lambda: sqlite_store.amending.delete(gone, NOW, remember=False)),
    ]

    scans = [line for line in plans if line.startswith(("SCAN feedback", "SCAN insights", "SCAN posts"))]
    assert plans
    assert scans == []
    assert any("ix_feedback_team_said" in line for line in plans)
    assert any("ix_feedback_same_as" in line for line in plans)
    assert any("ix_feedback_team_state_next" in line for line in plans)


def explained(database: Database, call: Any) -> list[str]:
    """Run a call and return how SQLite goes about each of its statements."""
    statements: list[tuple[str, Any]] = []

    @event.listens_for(database.engine, "before_cursor_execute")
    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        if statement.startswith(("SELECT", "UPDATE", "WITH")):
            statements.append((statement, parameters))

    call()
    event.remove(database.engine, "before_cursor_execute", note)
    with database.engine.connect() as connection:
        return [
            row[3]
            for statement, parameters in statements
            for row in connection.exec_driver_sql("EXPLAIN QUERY PLAN " + statement, parameters)
        ]


@pytest.fixture
def sqlite_store(sqlite_database: Database) -> Store:
    store = make_store(sqlite_database)
    store.workspaces.remember(make_workspace(), NOW)
    return store
