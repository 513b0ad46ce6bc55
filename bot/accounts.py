"""Which account a feedback is about, told from what is known of it and a team's list of accounts. Pure.

Rule: the surest clue decides, and one that points to two accounts decides nothing: what somebody gave; the domain
of the author's e-mail address; of the sender of what was forwarded; a name in the note, the words, then what was
set aside; an address in the words; what a language model read. Where none of these is on the list, the domain of
the author's address, or of the one sender of what was forwarded, is the account; never a mail provider's, nor one of
the team's own.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bot.account_domains import is_freemail, with_those_above
from storage.accounts import Account
from storage.placing import Clues
from storage.text import fold, unescaped

_ADDRESS = re.compile(r"(?<![\w.+'-])[\w.+'-]{1,64}@((?:[\w-]{1,63}\.){1,8}[^\W\d_]{2,24})")
_SENDER = re.compile(
    r"^[^\w\n]*(?:from|reply-to|von|de|da|van|från|fra|od|от|差出人|发件人|寄件者|보낸 사람)\s*[:\uff1a]\s*(.*)$",
    re.IGNORECASE | re.MULTILINE,
)
_WORD = re.compile(r"[^\W_]+")
_UNSPACED = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]")
"""Scripts that put no blanks between words."""
_READ_UP_TO = 20_000
"""Characters of a text in which names are looked for."""


@dataclass(frozen=True, slots=True)
class Named:
    """Hold one name of an account: its words as the list writes them."""

    words: tuple[str, ...]
    account: str


@dataclass(frozen=True, slots=True)
class Book:
    """Look up accounts: by domain, by a whole name, and by the names that occur in a text."""

    domains: Mapping[str, str] = field(default_factory=dict)
    called: Mapping[str, str] = field(default_factory=dict)
    """By a whole name, folded."""
    beginning: Mapping[str, tuple[Named, ...]] = field(default_factory=dict)
    """By the first word, folded; the longest names first."""
    unspaced: tuple[Named, ...] = ()
    own: frozenset[str] = frozenset()
    """The team's own domains: colleagues are no account."""


def make_book(accounts: Iterable[Account], own: frozenset[str] = frozenset()) -> Book:
    """Make a book of a team's list and its own domains."""
    domains: dict[str, str] = {}
    called: dict[str, str] = {}
    beginning: dict[str, list[Named]] = {}
    unspaced: list[Named] = []
    for account in accounts:
        domains |= {fold(domain).removeprefix("@"): account.name for domain in account.domains}
        for name in (account.name, *account.aliases):
            called.setdefault(_whole(name), account.name)
            named = Named(tuple(_words(name)), account.name)
            if _UNSPACED.search(name):
                unspaced.append(Named((fold(name),), account.name))
            elif sum(map(len, named.words)) > 1:
                beginning.setdefault(fold(named.words[0]), []).append(named)
    longest_first = {
        word: tuple(sorted(names, key=lambda one: len(one.words), reverse=True)) for word, names in beginning.items()
    }
    return Book(domains, called, longest_first, tuple(unspaced), own)


def recognise(book: Book, clues: Clues, read: Sequence[str | None] = ()) -> str | None:
    """Name the account of a feedback by the surest clue; ``read`` are the accounts that a model read in its words.

    An account that was given stays, under the list's name for it where the list knows it. Where a model read a name
    that is not on the list, that stands with the problem, and no domain goes before it.
    """
    if clues.account:
        return listed_name(book, clues.account)
    for found in _by_clue(book, clues, read):
        if len(found) == 1:
            return next(iter(found))
    return None if any(read) else _unlisted(book, clues)


def listed_name(book: Book, name: str) -> str:
    """Give the list's name of an account that somebody named, or told by its domain; else the name as it is."""
    return book.called.get(_whole(name)) or _listed(book, fold(name)) or name


def account_of_address(book: Book, address: str) -> str | None:
    """Name the account of a customer's e-mail address: the listed one of its domain, else the domain itself.

    None for an address of a mail provider, which tells nothing, of the team itself, and for what is no address.
    """
    domain = _domain_of(book, address)
    if domain is None:
        return None
    return _listed(book, domain) or domain


def _by_clue(book: Book, clues: Clues, read: Sequence[str | None]) -> Iterator[set[str]]:
    """Give the accounts that each clue points to, the surest clue first."""
    yield _by_addresses(book, clues.author_name or clues.reporter_name or "")
    yield _by_addresses(book, "\n".join([*_senders(clues.text), *_senders(clues.context or "")]))
    for words in (clues.note, clues.text, clues.context):
        yield set(_names_in(book, words or ""))
    yield _by_addresses(book, clues.text)
    yield {book.called[_whole(name)] for name in read if name and _whole(name) in book.called}


def _senders(text: str) -> list[str]:
    """List who sent what was forwarded, by the head lines that mail programs write."""
    return _SENDER.findall(text[:_READ_UP_TO])


def _by_addresses(book: Book, text: str) -> set[str]:
    return {account for domain in _domains_in(book, text) if (account := _listed(book, domain))}


def _unlisted(book: Book, clues: Clues) -> str | None:
    """Take the one domain of whoever wrote, or of the senders of what was forwarded, as the account."""
    for said in (clues.author_name or "", "\n".join([*_senders(clues.text), *_senders(clues.context or "")])):
        domains = set(_domains_in(book, said))
        if domains:
            return domains.pop() if len(domains) == 1 else None
    return None


def _domains_in(book: Book, text: str) -> Iterator[str]:
    domains = (_domain_of(book, found[0]) for found in _ADDRESS.finditer(text[:_READ_UP_TO]))
    return (domain for domain in domains if domain)


def _domain_of(book: Book, address: str) -> str | None:
    found = _ADDRESS.search(address)
    domain = fold(found[1]) if found else None
    if domain is None or is_freemail(domain) or book.own.intersection(with_those_above(domain)):
        return None
    return domain


def _listed(book: Book, domain: str) -> str | None:
    return next((book.domains[one] for one in with_those_above(domain) if one in book.domains), None)


def _names_in(book: Book, text: str) -> Iterator[str]:
    words = _words(text[:_READ_UP_TO])
    place = 0
    while place < len(words):
        named = next((one for one in book.beginning.get(fold(words[place]), ()) if _stands(one, words, place)), None)
        if named:
            yield named.account
        place += len(named.words) if named else 1
    if book.unspaced:
        folded = fold(text[:_READ_UP_TO])
        yield from (named.account for named in book.unspaced if named.words[0] in folded)


def _stands(named: Named, words: list[str], place: int) -> bool:
    """Tell whether a name stands at a place of a text.

    A name of one word may be a common word too, so it must be written as in the list or in capitals: "Box" is not
    found in "tick the box". One that the list writes in small letters is found however it is written.
    """
    said = words[place : place + len(named.words)]
    if len(named.words) == 1:
        listed = named.words[0]
        return said[0] in {listed, listed.upper()} or listed.islower()
    return [fold(word) for word in said] == [fold(word) for word in named.words]


def _words(text: str) -> list[str]:
    return _WORD.findall(unicodedata.normalize("NFKC", unescaped(text)))


def _whole(name: str) -> str:
    return " ".join(fold(word) for word in _words(name)) or fold(name)
