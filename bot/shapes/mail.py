"""E-mails sent to a channel: Slack posts them as a file that carries subject, sender and body."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import chain

from bot.port import Message
from bot.reading_markup import without_markup
from bot.shapes.fields import mapping_at, mappings_at, text_or_none
from bot.shapes.files import File, files_lines
from bot.shapes.mail_body import MailBody, split_mail
from bot.shapes.notation import escaped, gathered
from bot.shapes.said import Said
from storage.ids import Origin
from storage.vocabulary import Source, Voice

_PASSED_ON = ("fw:", "fwd:", "wg:", "tr:", "rv:", "enc:", "i:")
_DEEPEST = 5
_CUT_BY_SLACK = "(Slack shows only the beginning of this e-mail.)"


def find_mail(message: Message) -> File | None:
    """Find the e-mail among a message's files; None when there is none."""
    mails = (file for file in mappings_at(message, "files") if "email" in (file.get("mode"), file.get("filetype")))
    return next(mails, None)


def read_mail(message: Message, mail: File) -> Said:
    """Read what the sender wrote; subject, sender, signature and history are set aside.

    Of an e-mail that was passed on, the words are those of the one who wrote it first, and what stands on top is
    a comment. Without a body the subject is the text.
    """
    subject = text_or_none(mail, "subject") or text_or_none(mail, "title") or ""
    above, body = _unwrapped(_body(mail), is_passed_on=subject.strip().lower().startswith(_PASSED_ON))
    comment = "\n".join(filter(None, (text_or_none(message, "text"), *(escaped(layer.own) for layer in above))))
    aside = "\n".join(filter(None, (layer.aside for layer in (*above, body))))
    sender = next((layer.passed_on_from for layer in reversed(above) if layer.passed_on_from), None) or _sender(mail)
    others = [file for file in mappings_at(message, "files") if file is not mail]
    return Said(
        text=gathered([escaped(body.own or subject)]),
        source=Source.EMAIL,
        voice=Voice.FIRST_HAND,
        asides=(comment, *_headings(subject, sender), *_rest(mail, aside, others)),
        comment=comment,
        author_name=sender,
        counts_as=_counts_as(mail),
    )


def _unwrapped(text: str, *, is_passed_on: bool) -> tuple[list[MailBody], MailBody]:
    """Open an e-mail that was passed on, and passed on again: the bodies on top, and the one at the bottom."""
    above: list[MailBody] = []
    body = split_mail(text, is_passed_on=is_passed_on)
    while body.passed_on and len(above) < _DEEPEST:
        above.append(body)
        body = split_mail(body.passed_on, is_passed_on=False)
    return above, replace(body, own="\n".join(filter(None, (body.own, body.passed_on))))


def _body(mail: File) -> str:
    plain = text_or_none(mail, "plain_text") or text_or_none(mail, "preview_plain_text")
    return plain or without_markup(text_or_none(mail, "simplified_html") or text_or_none(mail, "preview") or "")


def _headings(subject: str, sender: str | None) -> tuple[str, ...]:
    named = (("Subject", subject), ("From", sender))
    return tuple(f"{name}: {escaped(value)}" for name, value in named if value)


def _rest(mail: File, aside: str, others: list[File]) -> tuple[str, ...]:
    attached = (text_or_none(entry, "filename") or "" for entry in mappings_at(mail, "attachments"))
    files = gathered(chain(files_lines(others), map(escaped, attached)))
    return escaped(aside), files, _CUT_BY_SLACK if mail.get("has_more") is True else ""


def _sender(mail: File) -> str | None:
    for sender in mappings_at(mail, "from"):
        name, address = text_or_none(sender, "name"), text_or_none(sender, "address")
        if name and address and name != address:
            return f"{name} <{address}>"
        if name or address:
            return address or name
    return None


def _counts_as(mail: Mapping[str, object]) -> Origin | None:
    """Name the e-mail by its own id, so that one which reaches channels twice counts once."""
    message_id = text_or_none(mapping_at(mail, "headers"), "message_id")
    return Origin(f"mail:{message_id.strip()[:500]}") if message_id else None
