"""Attachments, the older way in which apps lay out a message, and in which Slack shows what a link leads to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.port import Message
from bot.shapes.blocks import DEEPEST, blocks_lines
from bot.shapes.fields import mapping_at, mappings_at, text_or_none
from bot.shapes.loose import words_in
from bot.shapes.notation import gathered, without_repeats, words_of

Attachment = Mapping[str, object]

_UNFURLED = ("original_url", "is_msg_unfurl", "is_app_unfurl", "is_reply_unfurl", "app_unfurl_url")
_SAYS_NOTHING = frozenset({"[no preview available]", "no preview available"})


def is_shared(attachment: Attachment) -> bool:
    """Tell whether an attachment is a message that somebody forwarded, not one that they only linked to."""
    return attachment.get("is_share") is True


def is_unfurled(attachment: Attachment, message: Message) -> bool:
    """Tell whether Slack made it of a link in the message: then its words are not the message's."""
    if is_shared(attachment):
        return False
    address, text = attachment.get("from_url"), message.get("text")
    return any(attachment.get(name) for name in _UNFURLED) or (
        isinstance(address, str) and bool(address) and isinstance(text, str) and address in text
    )


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
    fallback = text_or_none(attachment, "fallback") or ""
    return said if said or fallback.strip().lower() in _SAYS_NOTHING else fallback


def original_text(attachment: Attachment) -> str:
    """Return the words of a forwarded message, verbatim where Slack gives them whole."""
    text, said = text_or_none(attachment, "text"), attachment_text(attachment)
    return text if text and words_of(text) == words_of(said) else said


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
