"""Which column of an export is which part of a feedback: as a person names them, or as a product's exports do. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from enum import StrEnum

from bot.errors import InputError
from bot.reading_columns import Columns, fold_name, listed

PARTS = ("text", "date", "account", "author", "url", "key", "person", "voice", "email", "by")
"""As a person writes them after ``--map``."""
_FIELDS = {"author": "reporter", "url": "link"}
"""What a part is called in ``Columns``, where that is another word; a person may write either."""
_WRITTEN = (*PARTS, *_FIELDS.values())
_NEXT_PART = re.compile(rf",\s*(?=(?:{'|'.join(_WRITTEN)})\s*=)", re.IGNORECASE)
_EXAMPLE = "--map text=Body,date=Created,account=Company,author=From,url=Link"

Names = tuple[str, ...]
"""What a column is called in one export or another, ``*`` for whatever follows; the first that a file has is taken."""


class Product(StrEnum):
    """A product whose exports are known."""

    CANNY = "canny"
    PRODUCTBOARD = "productboard"
    ZENDESK = "zendesk"
    INTERCOM = "intercom"
    G2 = "g2"


READY: Mapping[Product, Mapping[str, Sequence[Names]]] = {
    Product.CANNY: {
        "text": [("title", "post title"), ("details", "post details", "description")],
        "date": [("created", "created at", "post created", "date")],
        "account": [("company", "author company", "author companies", "company name")],
        "author": [("author.name", "author name", "author")],
        "email": [("author.email", "author email", "email")],
        "url": [("url", "post url", "link")],
        "key": [("id", "post id")],
    },
    Product.PRODUCTBOARD: {
        "text": [("title", "note title", "fields.name"), ("content", "note text", "note", "text", "fields.content")],
        "date": [("created at", "note created at", "date created", "created")],
        "account": [("company.name", "company name", "company")],
        "author": [("user.name", "user name", "user")],
        "email": [("user.email", "user email", "customer email", "email")],
        "url": [("display url", "source url", "url", "links.html", "link")],
        "key": [("id", "note id")],
        "voice": [("source", "source.origin", "origin")],
    },
    Product.ZENDESK: {
        "text": [("subject",), ("description",)],
        "date": [("created_at", "requested", "date created")],
        "account": [("organization.name", "organization", "ticket organization name")],
        "author": [("requester.name", "requester", "requester name")],
        "email": [("requester.email", "requester email")],
        "url": [("url", "ticket url")],
        "key": [("id", "ticket id")],
    },
    Product.INTERCOM: {
        "text": [("source.subject",), ("message_body", "source.body", "body", "first message")],
        "date": [("message_created_at", "conversation_created_at", "created_at", "conversation started at")],
        "account": [("message_author_companies", "company.name", "company", "company name")],
        "author": [("message_author_name", "source.author.name", "user name", "name")],
        "email": [("message_author_email", "source.author.email", "user email", "email")],
        # Not ``source.url``: that is the page on which the customer stood.
        "url": [("conversation url", "url", "link")],
        "key": [("message_id", "id", "conversation id")],
        "by": [("message_author_type", "source.author.type")],
    },
    Product.G2: {
        "text": [
            ("title", "review title"),
            ("what do you dislike *", "comment_answers.hate.value", "hate", "dislike *"),
            ("what problems *", "comment_answers.benefits.value", "benefits"),
            ("what do you like best *", "comment_answers.love.value", "love", "like best *"),
            ("recommendations *", "comment_answers.recommendations.value"),
        ],
        "date": [("submitted at", "submitted", "review date", "date", "published at", "created at")],
        "account": [("company name", "company", "organization")],
        "author": [("reviewer", "reviewer name", "user name", "name")],
        "url": [("review url", "url", "link")],
        "key": [("review id", "id")],
    },
}


def parse_map(written: str) -> Columns:
    """Read ``text=Body,date=Created``; ``text`` may stand several times, and is then read one below the other.

    A column's name may hold commas and equals signs. Raises InputError with a form that can be read.
    """
    columns = Columns()
    for pair in _NEXT_PART.split(written.strip().rstrip(",")):
        part, sign, name = (piece.strip() for piece in pair.partition("="))
        part = part.casefold()
        if part not in _WRITTEN or not sign or not name:
            message = f"“{pair.strip()[:60]}” is none of {', '.join(PARTS)} with a column: {_EXAMPLE}."
            raise InputError(message)
        columns = _with(columns, part, name)
    return columns


def ready_map(product: Product, names: Sequence[str]) -> Columns:
    """Choose the columns of a product's export. Raises InputError where it lacks a text or a date."""
    columns = Columns()
    for part, wanted in READY[product].items():
        for several in wanted:
            found = next((name for one in several for name in names if _is_called(name, one)), None)
            columns = columns if found is None else _with(columns, part, found)
    for part, has in (("text", columns.text), ("date", columns.date)):
        if has is None:
            tried = ", ".join(f"“{name}”" for several in READY[product][part] for name in several)
            message = (
                f"This is no export of {product.value} that Ballast knows: no column for its {part} ({tried}). "
                f"The columns are {listed(names)}. Name them with --map, as in {_EXAMPLE}."
            )
            raise InputError(message)
    return columns


def laid_over(asked: Columns, ready: Columns) -> Columns:
    """Put what a person named over what a ready mapping found."""
    if asked.text:
        ready = replace(ready, text=None, more=())
    return Columns(
        text=asked.text or ready.text,
        date=asked.date or ready.date,
        account=asked.account or ready.account,
        reporter=asked.reporter or ready.reporter,
        link=asked.link or ready.link,
        voice=asked.voice or ready.voice,
        more=asked.more or ready.more,
        key=asked.key or ready.key,
        person=asked.person or ready.person,
        email=asked.email or ready.email,
        by=asked.by or ready.by,
    )


def _is_called(name: str, wanted: str) -> bool:
    """Tell whether a column has a name; one that ends in ``*`` is the beginning of it."""
    begin, sign, _ = wanted.partition("*")
    return f"{fold_name(name)} ".startswith(f"{fold_name(begin)} ") if sign else fold_name(name) == fold_name(wanted)


def _with(columns: Columns, part: str, name: str) -> Columns:
    if part == "text" and columns.text is not None:
        return replace(columns, more=(*columns.more, name))
    field = _FIELDS.get(part, part)
    if getattr(columns, field) is not None:
        message = f"“{part}” is named twice; only text may be made of several columns."
        raise InputError(message)
    changes: Mapping[str, str] = {field: name}
    return replace(columns, **changes)  # type: ignore[arg-type]  # the field is one of those that hold a name
