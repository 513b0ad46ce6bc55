"""Attachments, the older way in which apps lay out a message, and in which Slack shows what a link leads to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from bot.port import Message
from bot.shapes.blocks import DEEPEST, blocks_lines
from bot.shapes.fields import mapping_at, mappings_at, text_or_none
from bot.shapes.loose import words_in
from bot.shapes.notation import gathered, without_repeats, words_of

Attachment = Mapping[str, object]

_LINK = re.compile(r"<([^<>|]+)[|>]")
_UNFURLED = ("original_url", "is_msg_unfurl", "is_app_unfurl", "is_reply_unfurl", "app_unfurl_url")
_BESIDE = ("author", "fallback", "files", "footer", "service")
_SAYS_NOTHING = frozenset({"[no preview available]", "no preview available"})


def is_shared(attachment: Attachment) -> bool:
    """Tell whether an attachment is a message that somebody forwarded, not one that they only linked to."""
    return attachment.get("is_share") is True


def own_attachments(message: Message) -> list[Attachment]:
    """List the attachments that are the message's own; not those that Slack made of links in it."""
    text = message.get("text")
    links = set(_LINK.findall(text)) if isinstance(text, str) else set()
    return [entry for entry in mappings_at(message, "attachments") if not _is_unfurled(entry, links)]


def attachments_lines(attachments: list[Attachment], *, depth: int = 0) -> Iterator[str]:
    """Give the words of attachments in their order, each attachment's own words once."""
    for attachment in attachments:
        yield attachment_text(attachment, depth=depth)


def attachment_text(attachment: Attachment, *, depth: int = 0) -> str:
    """Return what an attachment says: its texts and fields, and what its layout adds; else its fallback."""
    if depth >= DEEPEST:
        return gathered(words_in(attachment))
    own = gathered(_own_lines(attachment))
    laid_out = gathered(_laid_out_lines(attachment, depth + 1))
    said = without_repeats(own, laid_out)
    return said or _fallback(attachment)


def original_text(attachment: Attachment) -> str:
    """Return the words of a forwarded message, verbatim where Slack gives them whole."""
    text, said = text_or_none(attachment, "text"), attachment_text(attachment)
    return text if text and words_of(text) == words_of(said) else said


def _is_unfurled(attachment: Attachment, links: set[str]) -> bool:
    if is_shared(attachment):
        return False
    address = attachment.get("from_url")
    return any(attachment.get(name) for name in _UNFURLED) or (isinstance(address, str) and address in links)


def _fallback(attachment: Attachment) -> str:
    fallback = text_or_none(attachment, "fallback") or ""
    if fallback and fallback.strip().lower() not in _SAYS_NOTHING:
        return fallback
    return gathered(words_in({name: value for name, value in attachment.items() if not name.startswith(_BESIDE)}))


def _own_lines(attachment: Attachment) -> Iterator[str]:
    for name in ("pretext", "title", "text"):
        yield text_or_none(attachment, name) or ""
    for field in mappings_at(attachment, "fields"):
        title, value = text_or_none(field, "title"), text_or_none(field, "value")
        yield f"{title}: {value}" if title and value else title or value or ""


def _laid_out_lines(attachment: Attachment, depth: int) -> Iterator[str]:
    yield from blocks_lines(mappings_at(attachment, "blocks"), depth=depth)
    for entry in mappings_at(attachment, "message_blocks"):
        message = mapping_at(entry, "message")
        yield from blocks_lines(mappings_at(message, "blocks"), depth=depth)
        yield from attachments_lines(mappings_at(message, "attachments"), depth=depth)
    yield from attachments_lines(mappings_at(attachment, "attachments"), depth=depth)
