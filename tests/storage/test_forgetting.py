"""What somebody asked to be forgotten is gone from every column; that something was there stays."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

import storage.lots
from bot.parts import Store
from classifiers.vocabulary import Side
from storage.database import Database, open_database
from storage.drafts import Draft
from storage.erasing import Erasing
from storage.forgetting import Forgetting
from storage.held import Held, Target
from storage.history import Query
from storage.ids import FeedbackId, UserId, slack_origin
from storage.naming import Naming
from storage.placing import Placed, write_placed
from storage.rows import FeedbackRow, Row
from storage.stated import Stated
from storage.vocabulary import ChannelKind, Erasure, FeedbackState, PostKind, PostState, Whose
from tests.factories import (
    CHANNEL,
    EARLIER,
    LATER,
    LEASE,
    NOW,
    OTHER_TEAM,
    PERSON,
    TEAM,
    make_feedback,
    make_insight,
    make_post,
    make_remarks,
    make_ts,
    make_workspace,
)
from tests.storage.erased import fetch_by, most_deleted_at_once
from tests.storage.settled import capture
from tests.storage_fixtures import make_store

JANE = "Jane Doe of Acme wants to see who changed the figures."
EVER = Query(TEAM, since=EARLIER - timedelta(days=1), until=NOW + timedelta(days=1), audience=CHANNEL)


@pytest.fixture
def forgetting(database: Database) -> Forgetting:
    return Forgetting(database)


def of(whose: Whose, value: str) -> Target:
    return Target(TEAM, whose, value)


def test_a_reporter_is_forgotten_and_the_others_are_not(
    store: Store, forgetting: Forgetting, database: Database
) -> None:
    theirs, _ = capture(store, reporter=UserId("U0JANE"), reporter_name="Jane", permalink="https://acme.example/1")
    wrote, _ = capture(store, author=UserId("U0JANE"))
    capture(store, reporter=PERSON)
    capture(store, team_id=OTHER_TEAM, reporter=UserId("U0JANE"))

    held = forgetting.forget(of(Whose.REPORTER, "U0JANE"), at=NOW)

    assert (held.messages, held.problems) == (2, 2)
    for feedback_id in (theirs, wrote):
        gone = store.history.feedback(TEAM, feedback_id)
        assert (gone.text, gone.reporter, gone.permalink, gone.insights) == ("", None, None, ())
        assert (gone.state, gone.words_erased_at) == (FeedbackState.ERASED, NOW)
    assert len(store.history.heard(EVER)) == 1
    assert [rows_with(database, "U0JANE", team) for team in (TEAM, OTHER_TEAM)] == [0, 1]


def test_counting_first_changes_nothing(store: Store, forgetting: Forgetting) -> None:
    feedback_id, _ = capture(store, reporter=UserId("U0JANE"))
    owe_card(store, feedback_id)

    target = of(Whose.REPORTER, "U0JANE")
    held = forgetting.count(target)

    assert held == Held(messages=1, problems=1, cards=1)
    assert store.history.feedback(TEAM, feedback_id).text
    assert forgetting.forget(target, at=NOW) == held
    assert forgetting.count(target).is_nothing


@pytest.mark.parametrize("again", [True, False])
def test_what_is_forgotten_does_not_come_in_again(store: Store, forgetting: Forgetting, again: bool) -> None:
    new = make_feedback(reporter=UserId("U0JANE"))
    store.intake.take_in(new, NOW)
    forgetting.forget(of(Whose.REPORTER, "U0JANE"), at=NOW)
    if again:
        forgetting.forget(of(Whose.REPORTER, "U0JANE"), at=LATER)

    assert not store.intake.take_in(new, LATER).new
    kept = store.history.by_origin(TEAM, new.origin)
    assert kept is not None
    assert kept.text == ""
    assert not store.queue.claim(TEAM, limit=5, lease=LEASE, at=LATER)


def test_a_posted_card_is_due_to_be_removed(store: Store, forgetting: Forgetting) -> None:
    feedback_id, _ = capture(store)
    owe_card(store, feedback_id)

    forgetting.forget(of(Whose.CHANNEL, CHANNEL), at=LATER)

    [card] = store.posts.claim(TEAM, limit=5, lease=LEASE, at=LATER)
    assert (card.kind, card.feedback_id, card.state) == (PostKind.CARD, feedback_id, PostState.DUE)


def test_an_account_is_forgotten_by_all_its_names(store: Store, forgetting: Forgetting, database: Database) -> None:
    capture(store, account="Acme GmbH")
    capture(store, make_insight(remarks=make_remarks(account="ACME GMBH")))
    text = "The Acme GmbH audit: who changed the figures?"
    capture(store, make_insight(text=text), text=text)
    beta, _ = capture(store, account="Beta")

    held = forgetting.forget(of(Whose.ACCOUNT, "acme gmbh"), at=NOW)

    assert (held.messages, held.mentions) == (2, 1)
    assert [heard.feedback_id for heard in store.history.heard(EVER) if heard.account] == [beta]
    assert store.history.accounts_like(TEAM, "acme") == []


@pytest.mark.parametrize(
    "changes",
    [
        {"text": JANE},
        {"text": "JANE\n  DOE\u2019s team wants to see who changed the figures."},
        {"reporter_name": "Jane Doe"},
        {"author_name": "jane doe"},
        {"person": "Jane Doe"},
        {"context": "Forwarded for Jane Doe"},
        {"note": "ask jane doe"},
        {"account": "Jane Doe"},
    ],
)
def test_a_name_is_found_wherever_it_stands(
    store: Store, forgetting: Forgetting, database: Database, changes: dict[str, str]
) -> None:
    text = changes.get("text", "Please show who changed the figures.")
    feedback_id, _ = capture(store, make_insight(text=text), **{"text": text, **changes})
    capture(store)

    assert forgetting.forget(of(Whose.NAME, "Jane Doe"), at=NOW).messages == 1

    assert store.history.feedback(TEAM, feedback_id).text == ""
    assert not any(rows_with(database, each, TEAM) for each in ("Jane", "JANE", "jane"))
    assert len(store.history.heard(EVER)) == 1


def test_a_name_goes_from_deliveries_notices_and_what_was_noted_of_a_problem(
    store: Store, forgetting: Forgetting, database: Database
) -> None:
    capture(store, make_insight(remarks=make_remarks(rationale="Jane Doe asks", account="Acme")))
    store.intake.keep_unreadable(TEAM, {"text": "from Jane\nDoe, ärgerlich"}, "odd", None, EARLIER)
    store.intake.keep_unreadable(TEAM, {"text": "from Janet Doe"}, "odd", None, EARLIER)
    store.posts.owe(TEAM, make_post("n:1", kind=PostKind.NOTICE, body="Hello Jane Doe"), NOW)

    held = forgetting.forget(of(Whose.NAME, "jane doe"), at=NOW)

    assert (held.messages, held.deliveries, held.notices) == (1, 1, 1)
    assert rows_with(database, "Jane Doe", TEAM) == rows_with(database, "Jane\\nDoe", TEAM) == 0
    assert rows_with(database, "Janet", TEAM) == 1
    assert not store.posts.claim(TEAM, limit=5, lease=LEASE, at=NOW)


def test_the_copies_of_what_is_about_an_account_go_with_it(store: Store, forgetting: Forgetting) -> None:
    original = slack_origin(CHANNEL, make_ts(9))
    first, _ = capture(store, account="Acme", counts_as=original)
    copy = store.intake.take_in(make_feedback(counts_as=original), NOW).feedback_id

    assert forgetting.forget(of(Whose.ACCOUNT, "Acme"), at=NOW).messages == 2

    assert [store.history.feedback(TEAM, each).text for each in (first, copy)] == ["", ""]
    assert not store.queue.claim(TEAM, limit=5, lease=LEASE, at=LATER)


@pytest.mark.parametrize(
    "target", [(Whose.NAME, "Jane Doe"), (Whose.CHANNEL, CHANNEL), (Whose.REPORTER, "U0JANE"), (Whose.REPORTER, PERSON)]
)
def test_a_message_whose_form_is_open_is_forgotten_too(
    store: Store, forgetting: Forgetting, database: Database, target: tuple[Whose, str]
) -> None:
    message = {"user": "U0JANE", "text": "From Jane Doe"}
    store.drafts.keep(Draft(TEAM, CHANNEL, ChannelKind.PUBLIC, make_ts(4), PERSON, message), NOW)

    assert forgetting.forget(of(*target), at=NOW).deliveries == 1

    assert rows_with(database, "Jane Doe", TEAM) == 0


def test_who_was_asked_about_a_forgotten_message_is_forgotten_with_it(
    store: Store, forgetting: Forgetting, database: Database
) -> None:
    feedback_id, _ = capture(store, reporter=None)
    with database.writing() as session:
        write_placed(session, TEAM, feedback_id, Placed(ask=UserId("U0ASKED")), NOW)

    forgetting.forget(of(Whose.CHANNEL, CHANNEL), at=NOW)

    assert rows_with(database, "U0ASKED", TEAM) == 0


def test_what_a_reporter_asked_for_is_forgotten_too(store: Store, forgetting: Forgetting, database: Database) -> None:
    feedback_id, _ = capture(store, saved_by=UserId("U0JANE"))
    said = Stated(by=UserId("U0JANE"), decides=True, side=Side.USER)
    later = store.intake.take_in(make_feedback(), NOW).feedback_id
    assert store.stating.add(TEAM, later, said, NOW)
    with database.writing() as session:
        session.add(fetch_by(UserId("U0JANE")))

    forgetting.forget(of(Whose.REPORTER, "U0JANE"), at=NOW)

    assert rows_with(database, "U0JANE", TEAM) == 0
    assert store.history.feedback(TEAM, feedback_id).text  # the words are another's


def test_what_stands_outside_the_messages_is_forgotten_some_at_a_time(
    store: Store, forgetting: Forgetting, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage.lots, "AT_ONCE", 2)
    with database.writing() as session:
        session.add_all(fetch_by(UserId("U0JANE"), ts=make_ts(number)) for number in range(5))
    for number in range(5):
        store.intake.keep_unreadable(TEAM, {"user": "U0JANE", "number": number}, "odd", None, NOW)

    with most_deleted_at_once(database) as most:
        forgetting.forget(of(Whose.REPORTER, "U0JANE"), at=NOW)

    assert most() == 2
    assert rows_with(database, "U0JANE", TEAM) == 0


def test_what_lost_its_words_with_time_is_forgotten_whole(
    store: Store, forgetting: Forgetting, database: Database
) -> None:
    capture(store, account="Acme")
    Erasing(database).erase_words(TEAM, NOW, at=NOW)

    assert forgetting.forget(of(Whose.ACCOUNT, "Acme"), at=NOW).messages == 1
    with database.reading() as session:
        assert session.scalars(select(FeedbackRow.erased_why)).all() == [Erasure.FORGOTTEN]


def test_the_file_holds_no_byte_of_what_is_forgotten(sqlite_database: Database) -> None:
    path = Path(sqlite_database.engine.url.database or "")
    database = open_database(f"sqlite:///{path}")
    store = make_store(database)
    store.workspaces.remember(make_workspace(), NOW)
    capture(store, text=JANE + " Qwertzuiop" * 400)
    Forgetting(database).forget(of(Whose.NAME, "Jane Doe"), at=NOW)

    held = b"".join(file.read_bytes() for file in path.parent.glob(path.name + "*"))
    database.close()
    assert b"Qwertzuiop" not in held
    assert b"Jane" not in held


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("Ann", "planning with Hannah", False),
        ("Ann", "ANN\u2019s wish; anns", True),
        ("Jane Doe", "Jane  Doe", True),
        ("Jane Doe", "Jane and Doe", False),
        ("AT&T", "AT&amp;T called", True),
        ("Zoë", "zoe\u0308 asks", True),
        ("田中", "田中さんが言った", True),
        ("A.B", "axb", False),
        ("ﬁona", "Fiona asks", True),
    ],
)
def test_a_name_is_a_whole_word_in_any_case_and_form(name: str, text: str, found: bool) -> None:
    assert Naming([name]).stands_in(text) is found


def test_no_name_is_found_nowhere() -> None:
    assert not Naming(["", "  "]).stands_in("anything", "")


def rows_with(database: Database, words: str, team: str) -> int:
    """Count the team's rows, in whatever table, in whose columns these words stand."""
    with database.reading() as session:
        return sum(
            1
            for table in Row.metadata.sorted_tables
            for row in session.execute(select(table))
            if row._mapping.get("team_id") == team and any(words in str(value) for value in row)
        )


def owe_card(store: Store, feedback_id: FeedbackId) -> None:
    """Have a card posted for a feedback."""
    store.posts.owe(TEAM, make_post(f"card:{feedback_id}", feedback_id=feedback_id), NOW)
    [card] = store.posts.claim(TEAM, limit=1, lease=LEASE, at=NOW)
    assert store.posts.done(card, make_ts(7))
