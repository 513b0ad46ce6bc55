"""What somebody asked to be forgotten is gone from every column; that something was there stays."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

import storage.forgetting
import storage.lots
from bot.parts import Store
from classifiers.vocabulary import Side
from storage.accounts import NewAccount
from storage.choice_log import Choosing
from storage.choices import Wanted
from storage.database import Database, open_database
from storage.drafts import Draft
from storage.erasing import Erasing, erase_whole
from storage.forgetting import Forgetting
from storage.held import Held, OwnWords, Target
from storage.history import Query
from storage.ids import ChannelId, FeedbackId, UserId, slack_origin
from storage.naming import Naming
from storage.placing import Placed, write_placed
from storage.records import NewFeedback
from storage.rows import FeedbackRow, Row
from storage.stated import Stated
from storage.vocabulary import ChannelKind, Erasure, FeedbackState, PostKind, PostState, Source, Whose
from tests.factories import (
    CHANNEL,
    EARLIER,
    LATER,
    LEASE,
    NOW,
    OTHER_TEAM,
    OWNER,
    PERSON,
    TEAM,
    make_feedback,
    make_insight,
    make_persona,
    make_post,
    make_remarks,
    make_ts,
    make_workspace,
)
from tests.storage.erased import fetch_by, most_deleted_at_once
from tests.storage.settled import capture
from tests.storage_fixtures import make_store

ELSEWHERE = ChannelId("C0OTHER")
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


def test_an_account_is_forgotten_by_all_its_names(store: Store, forgetting: Forgetting, database: Database) -> None:
    capture(store, account="Acme GmbH")
    capture(store, make_insight(remarks=make_remarks(account="ACME GMBH")))
    text = "The Acme GmbH audit: who changed the figures?"
    capture(store, make_insight(text=text), text=text)
    beta, _ = capture(store, account="Beta")

    held = forgetting.forget(of(Whose.ACCOUNT, "acme gmbh"), by=PERSON, at=NOW)

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

    assert forgetting.forget(of(Whose.NAME, "Jane Doe"), by=PERSON, at=NOW).messages == 1

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

    held = forgetting.forget(of(Whose.NAME, "jane doe"), by=PERSON, at=NOW)

    assert (held.messages, held.deliveries, held.notices) == (1, 1, 1)
    assert rows_with(database, "Jane Doe", TEAM) == rows_with(database, "Jane\\nDoe", TEAM) == 0
    assert rows_with(database, "Janet", TEAM) == 1
    assert not store.posts.claim(TEAM, limit=5, lease=LEASE, at=NOW)


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


def test_a_name_goes_from_what_the_team_wrote_and_named_itself(
    store: Store, forgetting: Forgetting, database: Database
) -> None:
    write_of_jane(store)

    held = forgetting.count(of(Whose.NAME, "jane doe"))
    assert held.own_words == OwnWords(personas=1, names=2, ignored=1, logged=2, places=2)
    assert forgetting.forget(of(Whose.NAME, "jane doe"), by=OWNER, at=LATER) == held

    assert not any(rows_with(database, each, TEAM) for each in ("Jane Doe", "JANE DOE", "jane doe"))
    assert rows_with(database, "Jane Doe", OTHER_TEAM) == 1
    assert forgetting.count(of(Whose.NAME, "jane doe")).is_nothing
    [persona] = store.workspaces.personas(TEAM)
    assert (persona.name, persona.definition, persona.aliases) == ("…, the CFO", "Signs. …: no!", ("the CFO",))
    assert persona.examples == ("… signs it.", "Who pays?")
    assert store.choices.of_workspace(TEAM).ignored_words == ("lunch",)
    log = store.choices.log.changes(TEAM)
    assert (log[0].changed_by, log[0].changed_at) == (OWNER, LATER)
    assert [(one.before, one.after) for one in log] == [
        ("…\nlunch", "lunch"),
        ("lunch\n…", "…\nlunch"),
        (None, "lunch\n…"),
    ]
    [account] = store.accounts.page(TEAM)
    assert (account.name, account.aliases, account.domains) == ("Acme", ("Ac",), ("acme.example",))
    assert store.accounts.stamp(TEAM).changed_at == LATER  # whoever recognises accounts reads them anew


def test_what_the_team_wrote_about_an_account_is_told_and_left(
    store: Store, forgetting: Forgetting, database: Database
) -> None:
    write_of_jane(store)

    held = forgetting.forget(of(Whose.ACCOUNT, "Jane Doe"), by=PERSON, at=NOW)

    assert (held.accounts, held.own_words.total, held.unreached_words) == (1, 0, 6)
    assert store.choices.of_workspace(TEAM).ignored_words == ("JANE DOE", "lunch")


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


def test_what_stands_outside_the_messages_is_forgotten_some_at_a_time(
    store: Store, forgetting: Forgetting, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage.lots, "AT_ONCE", 2)
    with database.writing() as session:
        session.add_all(fetch_by(UserId("U0JANE"), ts=make_ts(number)) for number in range(5))
    for number in range(5):
        store.intake.keep_unreadable(TEAM, {"user": "U0JANE", "number": number}, "odd", None, NOW)

    with most_deleted_at_once(database) as most:
        forgetting.forget(of(Whose.REPORTER, "U0JANE"), by=PERSON, at=NOW)

    assert most() == 2
    assert rows_with(database, "U0JANE", TEAM) == 0


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


@pytest.mark.parametrize(
    ("name", "text", "masked"),
    [
        ("Ann", "Ann, Hannah and ANN\u2019s", "…, Hannah and …"),
        ("Zoë", "With zoe\u0308 and Zoe", "With … and Zoe"),
        ("ﬁona", "Fiona ﬁnds ﬁona", "… ﬁnds …"),
        ("AT&T", "AT&amp;T &amp; us", "… & us"),
        ("AT&T", "R&amp;D", "R&amp;D"),
        ("田中", "田中さんが言った", "…さんが言った"),
        ("가", "그 \u1100\u1161", "…"),
    ],
)
def test_a_name_is_masked_where_it_stands_and_the_rest_stays(name: str, text: str, masked: str) -> None:
    assert Naming([name]).mask(text) == masked


def slack_message(number: int, **changes: Any) -> NewFeedback:
    channel = changes.pop("channel_id", CHANNEL)
    ts = make_ts(number)
    return make_feedback(**{"channel_id": channel, "ts": ts, "origin": slack_origin(channel, ts), **changes})


def forward(number: int, *, of: int, **changes: Any) -> NewFeedback:
    """A message that passes on another of the channel."""
    ts = make_ts(of)
    told = {"original_channel_id": CHANNEL, "original_ts": ts, "counts_as": slack_origin(CHANNEL, ts)}
    return slack_message(number, **{"source": Source.FORWARD, **told, **changes})


def write_of_jane(store: Store) -> None:
    """Have Jane Doe named wherever a team writes or names something itself, and once in another team."""
    persona = {"name": "Jane Doe, the CFO", "definition": "Signs. JANE DOE: no!", "aliases": ("the CFO", "jane doe")}
    mary = make_persona(**persona, examples=("Jane Doe signs it.", "Who pays?"))
    for team in (TEAM, OTHER_TEAM):
        store.workspaces.add_persona(team, mary, PERSON, NOW)
    store.workspaces.meet_channel(TEAM, CHANNEL, "jane doe", ChannelKind.PUBLIC)
    store.workspaces.meet_channel(TEAM, ELSEWHERE, "jane-doe", ChannelKind.PUBLIC)
    store.choices.note_app(TEAM, "B1", "Jane Doe's bot", NOW)
    names = NewAccount("Acme", ("acme.example",), ("Ac", "Acme (Jane Doe)", "Jane Doe"))
    store.accounts.put(TEAM, [names], NOW)
    for words in (("lunch", "Jane Doe"), ("JANE DOE", "lunch")):
        store.choices.choose(Choosing(TEAM, None, PERSON, NOW), Wanted(ignored_words=words), tell=lambda _: ())


def once_then(work: Callable[..., None], error: type[BaseException]) -> Callable[..., None]:
    """Do something once, and break off the second time."""
    calls = iter([work])

    def do(*given: Any) -> None:
        each = next(calls, None)
        if each is None:
            raise error
        each(*given)

    return do


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
