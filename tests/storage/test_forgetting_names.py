"""A name that somebody asked to be forgotten is gone from all that is kept, the team's own words among it."""

import pytest

import storage.lots
from bot.parts import Store
from storage.accounts import NewAccount
from storage.choice_log import Choosing
from storage.choices import Wanted
from storage.database import Database
from storage.forgetting import Forgetting
from storage.held import OwnWords
from storage.ids import UserId
from storage.vocabulary import ChannelKind, PostKind, Whose
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
    make_insight,
    make_persona,
    make_post,
    make_remarks,
    make_ts,
)
from tests.storage.erased import fetch_by, most_deleted_at_once
from tests.storage.forgotten import ELSEWHERE, EVER, JANE, forgetting, of, rows_with
from tests.storage.settled import capture

__all__ = ["forgetting"]


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
    [persona] = store.personas.of(TEAM)
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


def write_of_jane(store: Store) -> None:
    """Have Jane Doe named wherever a team writes or names something itself, and once in another team."""
    persona = {"name": "Jane Doe, the CFO", "definition": "Signs. JANE DOE: no!", "aliases": ("the CFO", "jane doe")}
    mary = make_persona(**persona, examples=("Jane Doe signs it.", "Who pays?"))
    for team in (TEAM, OTHER_TEAM):
        store.personas.add(team, mary, PERSON, NOW)
    store.workspaces.meet_channel(TEAM, CHANNEL, "jane doe", ChannelKind.PUBLIC)
    store.workspaces.meet_channel(TEAM, ELSEWHERE, "jane-doe", ChannelKind.PUBLIC)
    store.choices.note_app(TEAM, "B1", "Jane Doe's bot", NOW)
    names = NewAccount("Acme", ("acme.example",), ("Ac", "Acme (Jane Doe)", "Jane Doe"))
    store.accounts.put(TEAM, [names], NOW)
    for words in (("lunch", "Jane Doe"), ("JANE DOE", "lunch")):
        store.choices.choose(Choosing(TEAM, None, PERSON, NOW), Wanted(ignored_words=words), tell=lambda _: ())
