"""Which account a feedback is about: by address, by name, by what was set aside; and never by guessing."""

from itertools import count
from typing import Any

import pytest

from bot.accounts import Book, account_of_address, make_book, recognise
from storage.accounts import Account
from storage.ids import AccountId, FeedbackId
from storage.placing import Clues

_numbers = count(1)


def account(name: str, *aliases: str, domains: tuple[str, ...] = ()) -> Account:
    return Account(AccountId(next(_numbers)), name, domains, aliases, None, None, charter=False)


@pytest.fixture
def book() -> Book:
    return make_book(
        [
            account("Acme", "ACME Corp", "acme-emea", domains=("acme.example", "gmail.com")),
            account("Globex", domains=("globex.example",)),
            account("Box", "thebox", domains=("box.example",)),
            account("Northwind Traders", "Northwind"),
            account("O'Neill & Söhne"),
            account("株式会社アクメ"),
        ]
    )


def clues(text: str = "", **changes: Any) -> Clues:
    return Clues(FeedbackId(1), text, **changes)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Acme needs audit logs", "Acme"),
        ("ACME needs audit logs", "Acme"),
        ("ACME Corp's auditors wait", "Acme"),
        ("(acme-emea) exports are slow", "Acme"),
        ("Acmeville is a town", None),
        ("tick the box first", None),
        ("Box cannot export", "Box"),
        ("call from THEBOX about exports", "Box"),
        ("northwind traders want roles", "Northwind Traders"),
        ("Northwind wants roles", "Northwind Traders"),
        ("o\u2019neill & söhne asked again", "O'Neill & Söhne"),
        ("O'Neill &amp; Söhne asked, as Slack writes it", "O'Neill & Söhne"),
        ("昨日株式会社アクメから連絡がありました", "株式会社アクメ"),
        ("Acme moved here from Globex", None),
        ("It is slow", None),
    ],
)
def test_a_listed_name_counts_where_it_stands_as_a_word(book: Book, text: str, found: str | None) -> None:
    assert recognise(book, clues(text)) == found


@pytest.mark.parametrize(
    ("given", "found"),
    [
        (clues("slow", author_name="Ann Lee <ann@globex.example>"), "Globex"),
        (clues("Acme is slow too", author_name="ann@MAIL.globex.example"), "Globex"),
        (clues("slow", reporter_name="ann@globex.example"), "Globex"),
        (clues("slow", author_name="ann@gmail.com"), None),
        (clues("slow", author_name="ann@globex.example.evil.test"), "globex.example.evil.test"),
        (clues("See below", context="Von: Jürgen <j@acme.example>\nAn: us@globex.example"), "Acme"),
        (clues("> From: Jo <jo@acme.example>\n> It is slow. Globex does it"), "Acme"),
        (clues("Globex wants it", note="for Acme"), "Acme"),
        (clues("slow", context="Renewal of Globex"), "Globex"),
        (clues("write to ops@globex.example"), "Globex"),
        (clues("Globex wants it", account="acme corp"), "Acme"),
        (clues("Globex wants it", account="Somebody else"), "Somebody else"),
        (clues("told before the list was there", account="eu.globex.example"), "Globex"),
    ],
)
def test_the_surest_clue_decides(book: Book, given: Clues, found: str | None) -> None:
    assert recognise(book, given) == found


@pytest.mark.parametrize(
    ("given", "found"),
    [
        (clues("slow", author_name="Ann Lee <ann@initech.example>"), "initech.example"),
        (clues("slow", context="From: Ann <ann@mail.initech.example>"), "mail.initech.example"),
        (clues("slow", context="From: Us <me@own.example>\nFrom: Ann <ann@initech.example>"), "initech.example"),
        (clues("slow", context="From: a@initech.example\nFrom: b@umbrella.example"), None),
        (clues("slow", author_name="me@eu.own.example"), None),
        (clues("write to ops@initech.example"), None),
        (clues("Globex is slow", author_name="ann@initech.example"), "Globex"),
    ],
)
def test_who_wrote_from_a_domain_that_nobody_listed_is_an_account_of_that_name(given: Clues, found: str | None) -> None:
    listed = make_book([account("Globex")], own=frozenset({"own.example"}))
    assert recognise(listed, given) == found
    if found != "Globex":
        assert recognise(listed, given, ["Initech"]) is None, "what a model read stands with the problem"


def test_what_a_model_read_counts_where_the_list_knows_it(book: Book) -> None:
    assert recognise(book, clues("they are slow"), ["northwind", None]) == "Northwind Traders"
    assert recognise(book, clues("they are slow"), ["Initech"]) is None
    assert recognise(book, clues("they are slow"), ["Acme", "Globex"]) is None
    assert recognise(book, clues("Globex is slow"), ["Acme"]) == "Globex"


def test_an_exported_address_names_its_account_or_its_domain(book: Book) -> None:
    addresses = ["ann@acme.example", "ann@initech.example", "ann@yahoo.co.uk", "ann@t-online.de", "ann"]
    assert [account_of_address(book, address) for address in addresses] == [
        "Acme",
        "initech.example",
        None,
        None,
        None,
    ]
