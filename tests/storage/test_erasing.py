"""Words are erased whole; what was counted of them stays, and nothing brings them back."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.parts import Store
from classifiers.vocabulary import Side, Stake
from storage.database import Database
from storage.erasing import Erasing
from storage.errors import StaleError
from storage.history import Query
from storage.ids import FeedbackId, UserId
from storage.placing import Placed, write_placed
from storage.rows import Row
from storage.stated import Stated
from storage.vocabulary import FeedbackState, Standing, Verdict
from tests.factories import (
    CHANNEL,
    EARLIER,
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
    make_insight,
    make_labels,
    make_remarks,
    make_ts,
)
from tests.storage.erased import fetch_by, most_deleted_at_once
from tests.storage.settled import capture

EVER = Query(TEAM, since=EARLIER - timedelta(days=1), until=NOW + timedelta(days=1), audience=CHANNEL)
REMARKS = make_remarks(rationale="an auditor asks", account="Acme", stake=Stake.RENEWAL, stake_quote="or we leave")


@pytest.fixture
def erasing(database: Database) -> Erasing:
    return Erasing(database)


def test_erasing_empties_words_and_who_said_them_and_keeps_labels_account_time_and_place(
    store: Store, erasing: Erasing
) -> None:
    feedback_id, _ = capture(store, make_insight(remarks=REMARKS), reporter_name="Max")
    before = store.history.feedback(TEAM, feedback_id)
    (heard,) = store.history.heard(EVER)

    assert erasing.erase_words(TEAM, NOW, at=NOW) == 1

    after = store.history.feedback(TEAM, feedback_id)
    gone = replace(before, text="", reporter=None, words_erased_at=NOW)
    assert replace(after, insights=before.insights) == gone
    assert [insight.said for insight in after.insights] == [None]
    assert [insight.current for insight in after.insights] == [make_labels()]
    assert list(store.history.heard(EVER)) == [replace(heard, quote="")]
    assert heard.account == "Acme"


def test_no_column_holds_erased_words(store: Store, erasing: Erasing, database: Database) -> None:
    words = ["who changed the figures", "an auditor asks", "or we leave", "as we said on Monday", "I typed it off"]
    people = {"author": PERSON, "saved_by": PERSON, "author_name": "Auditor Anna", "reporter_name": "Auditor Anna"}
    around = {"context": "as we said on Monday", "note": "I typed it off", "person": "Anna Auditor"}
    feedback_id, _ = capture(store, make_insight(remarks=REMARKS), **people, **around)
    store.stating.add(TEAM, feedback_id, Stated(by=UserId("U777"), decides=True, side=Side.USER), EARLIER)
    with database.writing() as session:
        write_placed(session, TEAM, feedback_id, Placed(ask=PERSON), EARLIER)
    store.intake.keep_unreadable(TEAM, {"text": "who changed the figures"}, "odd", None, EARLIER)
    said = [*words, "Auditor Anna", "Anna Auditor", PERSON, "U777"]
    assert [each for each in said if not stands_somewhere(database, each)] == []

    erasing.erase_words(TEAM, NOW, at=NOW)

    assert [each for each in said if stands_somewhere(database, each)] == []


def test_what_was_said_at_the_limit_or_later_is_kept(store: Store, erasing: Erasing) -> None:
    feedback_id, _ = capture(store)

    assert erasing.erase_words(TEAM, EARLIER, at=NOW) == 0
    assert store.history.feedback(TEAM, feedback_id).text


def test_another_workspaces_words_are_kept(store: Store, erasing: Erasing) -> None:
    feedback_id, _ = capture(store, team_id=OTHER_TEAM)

    assert erasing.erase_words(TEAM, NOW, at=NOW) == 0
    assert store.history.feedback(OTHER_TEAM, feedback_id).text


def test_words_are_erased_oldest_first_in_batches_and_once(store: Store, erasing: Erasing) -> None:
    newer, older = (
        store.intake.take_in(make_feedback(said_at=EARLIER - timedelta(hours=hours)), NOW).feedback_id
        for hours in (1, 2)
    )

    assert erasing.erase_words(TEAM, NOW, at=NOW, limit=1) == 1
    assert (is_erased(store, older), is_erased(store, newer)) == (True, False)
    assert erasing.erase_words(TEAM, NOW, at=NOW, limit=1) == 1
    assert erasing.erase_words(TEAM, NOW, at=NOW, limit=1) == 0


def test_what_was_asked_goes_with_time_however_much_it_is_and_some_at_a_time(
    store: Store, erasing: Erasing, database: Database
) -> None:
    feedback = [store.intake.take_in(make_feedback(), NOW).feedback_id for _ in range(5)]
    with database.writing() as session:
        session.add_all(fetch_by(PERSON, ts=make_ts(number), asked_at=EARLIER) for number in range(5))
        for feedback_id in feedback:
            write_placed(session, TEAM, feedback_id, Placed(ask=PERSON), EARLIER)
    for number in range(5):
        store.intake.keep_unreadable(TEAM, {"number": number}, "odd", None, EARLIER)

    with most_deleted_at_once(database) as most:
        erasing.erase_words(TEAM, NOW, at=NOW, limit=2)

    assert most() == 2
    assert not any(held_rows(database, table) for table in ("fetches", "account_asked", "unreadable"))


@pytest.mark.parametrize("fate", ["waiting", "claimed", "failed"])
def test_what_was_never_read_is_erased_and_read_no_more(store: Store, erasing: Erasing, fate: str) -> None:
    taken = store.intake.take_in(make_feedback(), NOW)
    claims = store.queue.claim(TEAM, limit=1, lease=LEASE, at=NOW) if fate != "waiting" else ()
    if fate == "failed":
        store.queue.give_up(claims[0], reason="out of reach")

    erasing.erase_words(TEAM, NOW, at=NOW)

    assert store.history.feedback(TEAM, taken.feedback_id).state is FeedbackState.ERASED
    assert not any(store.queue.save(claim, make_classification(), taxonomy_version="1", at=NOW) for claim in claims)
    assert store.queue.retry_failed(TEAM, at=NOW) == 0
    assert store.queue.claim(TEAM, limit=9, lease=LEASE, at=NOW + 2 * LEASE) == []


def test_an_erased_message_that_is_delivered_again_stays_erased(store: Store, erasing: Erasing) -> None:
    feedback = make_feedback()
    first = store.intake.take_in(feedback, NOW)
    erasing.erase_words(TEAM, NOW, at=NOW)

    again = store.intake.take_in(feedback, NOW)

    assert (again.feedback_id, again.new) == (first.feedback_id, False)
    assert store.history.feedback(TEAM, first.feedback_id).text == ""


def test_erased_labels_can_still_be_decided_on_and_the_log_agrees(store: Store, erasing: Erasing) -> None:
    _, insight_id = capture(store)
    erasing.erase_words(TEAM, NOW, at=NOW)

    decided = store.reviews.decide(make_decision(insight_id, Verdict.CORRECTED, labels=USER_LABELS))

    assert (decided.said, decided.current, decided.standing) == (None, USER_LABELS, Standing.SURE)
    assert store.reviews.mismatches(TEAM) == []


def test_no_problem_can_be_added_to_erased_words(store: Store, erasing: Erasing) -> None:
    feedback_id, _ = capture(store)
    erasing.erase_words(TEAM, NOW, at=NOW)

    with pytest.raises(StaleError):
        store.reviews.add(TEAM, feedback_id, USER_LABELS, make_evidence("too many clicks"), OWNER, NOW)


def test_a_search_does_not_find_erased_words_but_the_count_stays(store: Store, erasing: Erasing) -> None:
    capture(store)
    assert store.history.count(replace(EVER, words="auditor")) == 1

    erasing.erase_words(TEAM, NOW, at=NOW)

    assert store.history.count(replace(EVER, words="auditor")) == 0
    assert store.history.count(EVER) == 1


def held_rows(database: Database, table: str) -> int:
    with database.engine.connect() as connection:
        return len(connection.execute(Row.metadata.tables[table].select()).all())


def is_erased(store: Store, feedback_id: FeedbackId) -> bool:
    return store.history.feedback(TEAM, feedback_id).words_erased_at is not None


def stands_somewhere(database: Database, words: str) -> bool:
    """Look into every column of every row."""
    with database.engine.connect() as connection:
        return any(
            words in str(value)
            for table in Row.metadata.sorted_tables
            for row in connection.execute(table.select())
            for value in row
        )
