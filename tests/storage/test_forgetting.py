"""What somebody asked to be forgotten is gone from every column; that something was there stays."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

import storage.forgetting
import storage.lots
from bot.parts import Store
from classifiers.vocabulary import Side
from storage.database import Database, open_database
from storage.drafts import Draft
from storage.erasing import Erasing, erase_whole
from storage.forgetting import Forgetting
from storage.held import Held
from storage.ids import ChannelId, UserId, slack_origin
from storage.placing import Placed, write_placed
from storage.rows import FeedbackRow
from storage.stated import Stated
from storage.vocabulary import ChannelKind, Erasure, FeedbackState, PostKind, PostState, Whose
from tests.factories import (
    CHANNEL,
    LATER,
    LEASE,
    NOW,
    OTHER_TEAM,
    PERSON,
    TEAM,
    make_feedback,
    make_ts,
    make_workspace,
)
from tests.storage.erased import fetch_by
from tests.storage.forgotten import (
    ELSEWHERE,
    EVER,
    JANE,
    forgetting,
    forward,
    of,
    once_then,
    owe_card,
    rows_with,
    slack_message,
)
from tests.storage.settled import capture
from tests.storage_fixtures import make_store

__all__ = ["forgetting"]


def test_a_reporter_is_forgotten_and_the_others_are_not(
    store: Store, forgetting: Forgetting, database: Database
) -> None:
    theirs, _ = capture(store, reporter=UserId("U0JANE"), reporter_name="Jane", permalink="https://acme.example/1")
    wrote, _ = capture(store, author=UserId("U0JANE"))
    capture(store, reporter=PERSON)
    capture(store, team_id=OTHER_TEAM, reporter=UserId("U0JANE"))

    held = forgetting.forget(of(Whose.REPORTER, "U0JANE"), by=PERSON, at=NOW)

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
    assert forgetting.forget(target, by=PERSON, at=NOW) == held
    assert forgetting.count(target).is_nothing


@pytest.mark.parametrize("again", [True, False])
def test_what_is_forgotten_does_not_come_in_again(store: Store, forgetting: Forgetting, again: bool) -> None:
    new = make_feedback(reporter=UserId("U0JANE"))
    store.intake.take_in(new, NOW)
    forgetting.forget(of(Whose.REPORTER, "U0JANE"), by=PERSON, at=NOW)
    if again:
        forgetting.forget(of(Whose.REPORTER, "U0JANE"), by=PERSON, at=LATER)

    assert not store.intake.take_in(new, LATER).new
    kept = store.history.by_origin(TEAM, new.origin)
    assert kept is not None
    assert kept.text == ""
    assert not store.queue.claim(TEAM, limit=5, lease=LEASE, at=LATER)


def test_a_posted_card_is_due_to_be_removed(store: Store, forgetting: Forgetting) -> None:
    feedback_id, _ = capture(store)
    owe_card(store, feedback_id)

    forgetting.forget(of(Whose.CHANNEL, CHANNEL), by=PERSON, at=LATER)

    [card] = store.posts.claim(TEAM, limit=5, lease=LEASE, at=LATER)
    assert (card.kind, card.feedback_id, card.state) == (PostKind.CARD, feedback_id, PostState.DUE)


def test_the_copies_of_what_is_about_an_account_go_with_it(store: Store, forgetting: Forgetting) -> None:
    original = slack_origin(CHANNEL, make_ts(9))
    first, _ = capture(store, account="Acme", counts_as=original)
    copy = store.intake.take_in(make_feedback(counts_as=original), NOW).feedback_id

    assert forgetting.forget(of(Whose.ACCOUNT, "Acme"), by=PERSON, at=NOW).messages == 2

    assert [store.history.feedback(TEAM, each).text for each in (first, copy)] == ["", ""]
    assert not store.queue.claim(TEAM, limit=5, lease=LEASE, at=LATER)


def test_the_forwards_of_what_a_person_wrote_go_with_it_and_what_they_passed_on_stays(
    store: Store, forgetting: Forgetting, database: Database
) -> None:
    jane, max_ = UserId("U0JANE"), PERSON
    wrote = store.intake.take_in(slack_message(1, reporter=jane), NOW)
    first = store.intake.take_in(forward(2, of=1, reporter=max_, author_name="Jane"), NOW)
    came_before = store.intake.take_in(forward(4, of=3, reporter=max_, author_name="Jane"), NOW)
    second = store.intake.take_in(slack_message(3, reporter=jane), NOW)
    other = store.intake.take_in(slack_message(5, reporter=max_), NOW)
    passed_on = store.intake.take_in(forward(6, of=5, reporter=jane, author=max_), NOW)

    held = forgetting.count(of(Whose.REPORTER, jane))
    assert (held.messages, held.forwards) == (5, 2)
    forgetting.forget(of(Whose.REPORTER, jane), by=PERSON, at=NOW)

    gone = [wrote, first, came_before, second, passed_on]
    assert [store.history.feedback(TEAM, each.feedback_id).text for each in gone] == [""] * 5
    assert store.history.feedback(TEAM, other.feedback_id).text
    assert rows_with(database, "Jane", TEAM) == 0


@pytest.mark.parametrize("original_first", [True, False])
def test_the_forwards_of_what_was_said_in_a_channel_go_with_it_and_what_was_passed_on_there_stays_elsewhere(
    store: Store, forgetting: Forgetting, original_first: bool
) -> None:
    said = [slack_message(1), forward(2, of=1, channel_id=ELSEWHERE), forward(3, of=2, channel_id=ELSEWHERE)]
    said[2] = replace(said[2], original_channel_id=ELSEWHERE, counts_as=said[1].origin)  # of the forward
    meant = [store.intake.take_in(each, NOW) for each in (said if original_first else [said[1], said[2], said[0]])]
    stays = store.intake.take_in(slack_message(4, channel_id=ELSEWHERE), NOW)
    here = forward(5, of=4, original_channel_id=ELSEWHERE, counts_as=slack_origin(ELSEWHERE, make_ts(4)))
    meant.append(store.intake.take_in(here, NOW))

    held = forgetting.forget(of(Whose.CHANNEL, CHANNEL), by=PERSON, at=NOW)

    assert (held.messages, held.forwards) == (4, 2)
    assert [store.history.feedback(TEAM, each.feedback_id).text for each in meant] == [""] * 4
    assert store.history.feedback(TEAM, stays.feedback_id).text


@pytest.mark.parametrize("came_before", [True, False])
def test_what_was_shared_twice_in_a_forgotten_channel_counts_where_else_it_is_shared(
    store: Store, forgetting: Forgetting, came_before: bool
) -> None:
    said = {"original_channel_id": ELSEWHERE, "counts_as": slack_origin(ELSEWHERE, make_ts(1))}
    here = [forward(number, of=1, **said) for number in (2, 3)]
    third = forward(4, of=1, channel_id=ChannelId("C0THIRD"), **said)
    for each in [*here, third] if came_before else here:
        store.intake.take_in(each, NOW)

    assert forgetting.forget(of(Whose.CHANNEL, CHANNEL), by=PERSON, at=NOW).messages == 2
    kept = store.intake.take_in(third, NOW).feedback_id

    [claimed] = store.queue.claim(TEAM, limit=5, lease=LEASE, at=LATER)
    assert claimed.feedback_id == kept
    last = store.intake.take_in(forward(5, of=1, channel_id=ELSEWHERE, **said), LATER).feedback_id
    assert not store.queue.claim(TEAM, limit=5, lease=LEASE, at=LATER), "the same message counts twice"
    forgetting.forget(of(Whose.CHANNEL, "C0THIRD"), by=PERSON, at=LATER)
    assert [each.feedback_id for each in store.queue.claim(TEAM, limit=5, lease=LEASE, at=LATER)] == [last]


def test_a_forward_goes_before_that_which_tells_whose_it_is(
    store: Store, forgetting: Forgetting, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cut off after the first lot, it goes on when it is asked again."""
    monkeypatch.setattr(storage.lots, "AT_ONCE", 1)
    store.intake.take_in(slack_message(1, reporter=UserId("U0JANE")), NOW)
    copy = store.intake.take_in(forward(2, of=1, reporter=PERSON), NOW)

    with monkeypatch.context() as dying:
        dying.setattr(storage.forgetting, "erase_whole", once_then(erase_whole, KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            forgetting.forget(of(Whose.REPORTER, "U0JANE"), by=PERSON, at=NOW)

    assert store.history.feedback(TEAM, copy.feedback_id).text == ""
    assert forgetting.forget(of(Whose.REPORTER, "U0JANE"), by=PERSON, at=NOW).messages == 1


@pytest.mark.parametrize(
    "target", [(Whose.NAME, "Jane Doe"), (Whose.CHANNEL, CHANNEL), (Whose.REPORTER, "U0JANE"), (Whose.REPORTER, PERSON)]
)
def test_a_message_whose_form_is_open_is_forgotten_too(
    store: Store, forgetting: Forgetting, database: Database, target: tuple[Whose, str]
) -> None:
    message = {"user": "U0JANE", "text": "From Jane Doe"}
    store.drafts.keep(Draft(TEAM, CHANNEL, ChannelKind.PUBLIC, make_ts(4), PERSON, message), NOW)

    assert forgetting.forget(of(*target), by=PERSON, at=NOW).deliveries == 1

    assert rows_with(database, "Jane Doe", TEAM) == 0


def test_who_was_asked_about_a_forgotten_message_is_forgotten_with_it(
    store: Store, forgetting: Forgetting, database: Database
) -> None:
    feedback_id, _ = capture(store, reporter=None)
    with database.writing() as session:
        write_placed(session, TEAM, feedback_id, Placed(ask=UserId("U0ASKED")), NOW)

    forgetting.forget(of(Whose.CHANNEL, CHANNEL), by=PERSON, at=NOW)

    assert rows_with(database, "U0ASKED", TEAM) == 0


def test_what_a_reporter_asked_for_is_forgotten_too(store: Store, forgetting: Forgetting, database: Database) -> None:
    feedback_id, _ = capture(store, saved_by=UserId("U0JANE"))
    said = Stated(by=UserId("U0JANE"), decides=True, side=Side.USER)
    later = store.intake.take_in(make_feedback(), NOW).feedback_id
    assert store.stating.add(TEAM, later, said, NOW)
    with database.writing() as session:
        session.add(fetch_by(UserId("U0JANE")))

    forgetting.forget(of(Whose.REPORTER, "U0JANE"), by=PERSON, at=NOW)

    assert rows_with(database, "U0JANE", TEAM) == 0
    assert store.history.feedback(TEAM, feedback_id).text  # the words are another's


def test_what_a_person_saved_is_counted_once_and_not_with_what_they_reported(
    store: Store, forgetting: Forgetting, database: Database
) -> None:
    jane = UserId("U0JANE")
    capture(store, reporter=jane, saved_by=jane)
    saved, _ = capture(store, saved_by=jane)
    with database.writing() as session:
        write_placed(session, TEAM, saved, Placed(ask=jane), NOW)

    held = forgetting.count(of(Whose.REPORTER, jane))

    assert (held.messages, held.saved) == (1, 1)
    assert forgetting.count(of(Whose.CHANNEL, CHANNEL)).saved == 0


def test_what_lost_its_words_with_time_is_forgotten_whole(
    store: Store, forgetting: Forgetting, database: Database
) -> None:
    capture(store, account="Acme")
    Erasing(database).erase_words(TEAM, NOW, at=NOW)

    assert forgetting.forget(of(Whose.ACCOUNT, "Acme"), by=PERSON, at=NOW).messages == 1
    with database.reading() as session:
        assert session.scalars(select(FeedbackRow.erased_why)).all() == [Erasure.FORGOTTEN]


def test_the_file_holds_no_byte_of_what_is_forgotten(sqlite_database: Database) -> None:
    path = Path(sqlite_database.engine.url.database or "")
    database = open_database(f"sqlite:///{path}")
    store = make_store(database)
    store.workspaces.remember(make_workspace(), NOW)
    capture(store, text=JANE + " Qwertzuiop" * 400)
    Forgetting(database).forget(of(Whose.NAME, "Jane Doe"), by=PERSON, at=NOW)

    held = b"".join(file.read_bytes() for file in path.parent.glob(path.name + "*"))
    database.close()
    assert b"Qwertzuiop" not in held
    assert b"Jane" not in held
