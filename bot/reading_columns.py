"""Which column holds what: by its name in several languages, and by what stands in it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches

from bot.errors import InputError
from bot.reading_dates import Order, parse_either

_NAMES = {
    "text": (
        "text message feedback verbatim comment comments body review content description response answer quote note "
        "notes summary nachricht rückmeldung kommentar beschreibung texto mensaje comentario comentarios opinión "
        "commentaire commentaires avis contenu messaggio commento testo recensione mensagem comentário bericht "
        "opmerking tekst wiadomość komentarz treść meddelande palaute сообщение комментарий отзыв текст コメント "
        "フィードバック 内容 メッセージ 反馈 评论 留言 의견"
    ),
    "date": (
        "date created submitted timestamp datetime time day when datum erstellt zeitpunkt fecha creado horodatage "
        "data criado aangemaakt dato skapad päivämäärä дата 日付 日時 作成日 日期 时间 날짜"
    ),
    "account": (
        "account company customer organisation organization client tenant firma kunde unternehmen konto empresa "
        "cliente cuenta société entreprise compte azienda bedrijf klant kund företag компания клиент "
        "会社 顧客 公司 客户 회사"
    ),
    "reporter": (
        "reporter author sender from user submitter requester reviewer respondent contact agent owner "
        "verfasser absender autor auteur expéditeur autore mittente remetente afzender автор отправитель 報告者 投稿者 "
        "作者 작성자"
    ),
    "voice": "voice source medium channel quelle kanal fuente canal canale bron kanał источник 情報源 来源",
    "link": "link url permalink href address verweis enlace lien collegamento ligação ссылка リンク 链接",
}
_NO_NAME = frozenset({"avatar", "email", "emails", "id", "ids", "mail", "phone", "role", "type", "url", "uuid"})
"""What a column tells of somebody in place of the name: "Requester id"."""
_ABOUT_ACCOUNTS = _NO_NAME | frozenset(
    {"count", "industry", "plan", "revenue", "segment", "since", "size", "spend", "status", "tier", "value"}
)
"""What a column tells of an account in place of its name: "Company Size"."""
_BESIDE_NAMES = {"account": _ABOUT_ACCOUNTS, "reporter": _NO_NAME | {"domain"}}
_URL = re.compile(r"https?://\S+\Z", re.IGNORECASE)
_MOSTLY = 0.6
_NAME_LENGTH = 60
"""No column's name is longer."""
_LISTED = 12
OF_REJECTS = ("ballast line", "ballast reason", "ballast row")
"""Columns of a file of rejected rows that are ours: none of them is a part of what it holds."""
ASK_FOR_TEXT = "Name the one that does: --text NAME for “ballast try”, --map text=NAME for “ballast import”"
_NEXT_WORD = re.compile(r"(?<=[a-zà-ÿ]{2})(?=[A-ZÀ-Þ])")
"""Where a new word begins in "createdAt"."""
_WORDY = 3.0
"""Words a cell, on the average, from which a column reads as prose."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Name the column of each part; None for a part that the file does not have."""

    text: str | None = None
    date: str | None = None
    account: str | None = None
    reporter: str | None = None
    link: str | None = None
    voice: str | None = None
    more: tuple[str, ...] = ()
    """Further columns whose words follow the text: a review's answers after its title."""
    key: str | None = None
    """What tells one row from another, however often it is exported."""
    person: str | None = None
    email: str | None = None
    """The customer's address: the account is told by its domain, and the address is kept nowhere."""
    by: str | None = None
    """What kind of author wrote: what the own team wrote is no feedback."""


def find_columns(names: Sequence[str], sample: Sequence[Mapping[str, str]], asked: Columns) -> Columns:
    """Choose the columns of a file; those asked for are taken as they are.

    Rule: the text is the wordiest column of those with a telling name, or of all where those hardly hold words.
    The date is a telling name whose cells are dates, or any column of dates; the link likewise. Account, reporter
    and voice go by name alone; key, person, e-mail address and kind of author are never guessed. Raises InputError
    where no text is found or an asked-for name is unknown.
    """
    found = asked_columns(names, asked)
    names = [name for name in names if name not in OF_REJECTS]
    dates = [name for name in names if _share(sample, name, _is_date) >= _MOSTLY]
    links = [name for name in names if _share(sample, name, _is_link) >= _MOSTLY]
    if found.text is None:
        found = replace(found, text=_find_text([name for name in names if name not in {*dates, *links}], names, sample))
    rest = [name for name in names if name != found.text and any(row.get(name, "").strip() for row in sample)]
    worded = [name for name in dates if not _all_digits(sample, name)]
    return replace(
        found,
        date=found.date
        or _named("date", [n for n in rest if n in dates])
        or next((n for n in rest if n in worded), None),
        link=found.link
        or _named("link", [n for n in rest if n in links])
        or next((n for n in rest if n in links), None),
        account=found.account or _named("account", rest),
        voice=found.voice or _named("voice", rest),
        reporter=found.reporter or _named("reporter", [name for name in rest if name != _named("account", rest)]),
    )


def asked_columns(names: Sequence[str], asked: Columns) -> Columns:
    """Find the columns asked for, whatever their case. Raises InputError with the nearest name and all there are."""
    return Columns(
        text=_asked(names, asked.text),
        date=_asked(names, asked.date),
        account=_asked(names, asked.account),
        reporter=_asked(names, asked.reporter),
        link=_asked(names, asked.link),
        voice=_asked(names, asked.voice),
        more=tuple(found for name in asked.more if (found := _asked(names, name))),
        key=_asked(names, asked.key),
        person=_asked(names, asked.person),
        email=_asked(names, asked.email),
        by=_asked(names, asked.by),
    )


def known_names(first: Sequence[str]) -> int:
    """Count the cells that name a column outright; one alone may be a word of a message."""
    known = sum(any(fold_name(cell) in names.split() for names in _NAMES.values()) for cell in first)
    return known if known > 1 else 0


def is_header(first: Sequence[str], sample: Sequence[Sequence[str]]) -> bool:
    """Tell whether the first row names the columns: a known name among short cells, or dates and prose below it."""
    if any(_is_date(cell) or _is_link(cell) for cell in first):
        return False
    if any(_rank(kind, cell) is not None for cell in first for kind in _NAMES if len(cell) <= _NAME_LENGTH):
        return True
    if len(first) == 1 or any(len(cell) > _NAME_LENGTH for cell in first):
        return False
    below = [row[place] for row in sample for place in range(min(len(row), len(first)))]
    return any(_is_date(cell) or _is_link(cell) or _words(cell) > 2 * _WORDY for cell in below)


def _asked(names: Sequence[str], name: str | None) -> str | None:
    if name is None or name in names:
        return name
    folded = {fold_name(known): known for known in names}
    if fold_name(name) in folded:
        return folded[fold_name(name)]
    near = get_close_matches(fold_name(name), folded, n=1)
    hint = f"Did you mean “{folded[near[0]]}”? " if near else ""
    message = f"The file has no column “{name[:60]}”. {hint}The columns are {listed(names)}."
    raise InputError(message)


def _find_text(candidates: Sequence[str], names: Sequence[str], sample: Sequence[Mapping[str, str]]) -> str:
    wordy = {name: sum(_words(row.get(name, "")) for row in sample) / max(len(sample), 1) for name in candidates}
    named = [name for name in candidates if _rank("text", name) is not None]
    best = max(candidates, key=wordy.__getitem__, default=None)
    telling = max(named, key=wordy.__getitem__, default=None)
    if best is not None and telling is not None and wordy[telling] > 0 and wordy[telling] * 4 >= wordy[best]:
        return telling
    if best is not None and wordy[best] >= _WORDY:
        return best
    message = f"No column reads like messages. {ASK_FOR_TEXT}; the columns are {listed(names)}."
    raise InputError(message)


def _named(kind: str, names: Sequence[str]) -> str | None:
    ranked = [(rank, place) for place, name in enumerate(names) if (rank := _rank(kind, name)) is not None]
    return names[min(ranked)[1]] if ranked else None


def _rank(kind: str, name: str) -> int | None:
    """Rank a name among those of a kind: whole names first, then names that hold one; None for no match."""
    known = _NAMES[kind].split()
    folded = fold_name(name)
    if folded in known:
        return known.index(folded)
    if _BESIDE_NAMES.get(kind, frozenset()).intersection(folded.split()):
        return None
    inside = [known.index(word) for word in folded.split() if word in known]
    return len(known) + min(inside) if inside else None


def fold_name(name: str) -> str:
    """Bring a column's name to the form in which names are compared: no case, no signs, "createdAt" two words."""
    return " ".join(re.sub(r"[\W_]+", " ", _NEXT_WORD.sub(" ", name).casefold()).split())


def _share(sample: Sequence[Mapping[str, str]], name: str, test: object) -> float:
    filled = [row[name] for row in sample if row.get(name, "").strip()]
    return sum(map(test, filled)) / len(filled) if filled and callable(test) else 0.0


def _is_date(cell: str) -> bool:
    return parse_either(cell, Order.DAY_FIRST) is not None


def _is_link(cell: str) -> bool:
    return _URL.match(cell.strip()) is not None


def _all_digits(sample: Sequence[Mapping[str, str]], name: str) -> bool:
    """Tell plain numbers, which may be ids as well as dates: such a column needs a telling name."""
    return all(row.get(name, "").strip().replace(".", "").isdigit() for row in sample if row.get(name, "").strip())


def _words(cell: str) -> int:
    return min(len(re.findall(r"[^\W\d_]{2,}", cell)) + len(re.findall(r"[\u3040-\u30ff\u4e00-\u9fff]", cell)) // 2, 80)


def listed(names: Sequence[str]) -> str:
    """List the names of columns for a sentence, the first dozen."""
    shown = ", ".join(f"“{name[:40]}”" for name in names[:_LISTED])
    return shown + (f" and {len(names) - _LISTED} more" if len(names) > _LISTED else "")
