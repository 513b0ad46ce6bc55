"""A team's list of accounts: brought up to date by name, with one holder for each alias and domain."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from storage.accounts import Account, Accounts, Clash, NameKind, NewAccount
from storage.database import Database
from storage.errors import NotFoundError
from storage.ids import TeamId
from tests.factories import NOW, OTHER_TEAM, TEAM

pytestmark = pytest.mark.usefixtures("store")


def listed(accounts: Accounts, team_id: TeamId = TEAM) -> dict[str, Account]:
    return {account.name: account for account in accounts.each(team_id)}


def test_a_list_put_twice_changes_nothing_the_second_time(database: Database) -> None:
    accounts = Accounts(database)
    rows = [NewAccount("Acme", ("acme.example",), ("ACME Corp",), "gold", "1-5M", charter=True), NewAccount("Globex")]

    first, second = accounts.put(TEAM, rows, NOW), accounts.put(TEAM, rows, NOW + timedelta(hours=1))

    assert [(put.new, put.changed) for put in first] == [(True, False), (True, False)]
    assert [(put.new, put.changed) for put in second] == [(False, False), (False, False)]
    acme = listed(accounts)["Acme"]
    assert (acme.domains, acme.aliases, acme.plan, acme.charter) == (("acme.example",), ("ACME Corp",), "gold", True)
    assert accounts.stamp(TEAM) == (2, NOW)


def test_what_a_later_list_tells_is_changed_and_what_it_leaves_out_stays(database: Database) -> None:
    accounts = Accounts(database)
    accounts.put(TEAM, [NewAccount("Acme", ("acme.example",), ("ACME Corp", "Ac"), "gold")], NOW)

    (put,) = accounts.put(TEAM, [NewAccount("ACME", aliases=("Ac",), plan="silver")], NOW + timedelta(hours=1))

    acme = listed(accounts)["ACME"]
    assert (put.new, put.changed) == (False, True)
    assert (acme.domains, acme.aliases, acme.plan) == (("acme.example",), ("Ac",), "silver")


def test_a_name_that_another_account_has_stays_with_it_and_is_told(database: Database) -> None:
    accounts = Accounts(database)
    accounts.put(TEAM, [NewAccount("Acme", ("acme.example",), ("Ac",)), NewAccount("Initech")], NOW)

    puts = accounts.put(
        TEAM, [NewAccount("Globex", ("ACME.example", "globex.example"), ("ac", "initech")), NewAccount("AC")], NOW
    )

    assert set(puts[0].clashes) == {
        Clash("Globex", NameKind.DOMAIN, "ACME.example", "Acme"),
        Clash("Globex", NameKind.ALIAS, "ac", "Acme"),
        Clash("Globex", NameKind.ALIAS, "initech", "Initech"),
    }
    assert puts[1].clashes == (Clash("AC", NameKind.ALIAS, "AC", "Acme"),)
    assert listed(accounts).keys() == {"Acme", "Globex", "Initech"}
    assert listed(accounts)["Globex"].domains == ("globex.example",)


def test_of_two_lists_that_are_put_at_once_one_has_the_names_that_both_give(database: Database) -> None:
    accounts = Accounts(database)
    lists = [[NewAccount(f"{who} {n}", aliases=(f"Both {n}",)) for n in range(20)] for who in ("Acme", "Globex")]

    with ThreadPoolExecutor(max_workers=2) as people:
        first, second = people.map(lambda rows: accounts.put(TEAM, rows, NOW), lists)

    assert len(listed(accounts)) == 40
    assert sorted(sum(len(put.clashes) for put in puts) for puts in (first, second)) == [0, 20]


def test_each_workspace_has_its_own_list(database: Database) -> None:
    accounts = Accounts(database)
    accounts.put(TEAM, [NewAccount("Acme", ("acme.example",))], NOW)

    assert not accounts.put(OTHER_TEAM, [NewAccount("Other", ("acme.example",))], NOW)[0].clashes
    assert listed(accounts, OTHER_TEAM).keys() == {"Other"}
    with pytest.raises(NotFoundError):
        accounts.put(TeamId("T0NOBODY"), [NewAccount("Acme")], NOW)


def test_a_long_list_comes_in_pages_by_name(database: Database) -> None:
    accounts = Accounts(database)
    accounts.put(TEAM, [NewAccount(f"Äcme {number:02}") for number in range(7)], NOW)

    first = accounts.page(TEAM, limit=4)

    assert [account.name for account in first] == [f"Äcme {number:02}" for number in range(4)]
    assert [account.name for account in accounts.page(TEAM, after=first[-1].name, limit=4)] == [
        f"Äcme {number:02}" for number in range(4, 7)
    ]


def test_accounts_are_found_by_what_their_names_and_domains_hold_and_begin_with(database: Database) -> None:
    accounts = Accounts(database)
    rows = [NewAccount("New Globex"), NewAccount("Globex"), NewAccount("Acme", ("glob.example",)), NewAccount("100 %")]
    accounts.put(TEAM, rows, NOW)
    accounts.put(OTHER_TEAM, [NewAccount("Globe")], NOW)

    assert [account.name for account in accounts.search(TEAM, "GLOB")] == ["Globex", "Acme", "New Globex"]
    assert [account.name for account in accounts.search(TEAM, "%")] == ["100 %"]
    assert len(accounts.search(TEAM, "", limit=2)) == 2
