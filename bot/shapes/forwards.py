"""Forwarded messages: the original's words are the feedback's, and what the sharer wrote on top is set aside."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.port import Message
from bot.shapes.attachments import Attachment, attachments_lines, is_shared, original_text, own_attachments
from bot.shapes.fields import id_or_none, mappings_at, message_ts_or_none, text_or_none
from bot.shapes.files import files_lines
from bot.shapes.mail import find_mail, read_mail
from bot.shapes.notation import gathered
from bot.shapes.said import Original, Said
from storage.ids import ChannelId, Origin, Ts, UserId, slack_origin
from storage.vocabulary import Source, Voice

_LINK = re.compile(r"/archives/(?P<channel>[A-Z0-9]{2,64})/p(?P<seconds>[0-9]{1,11})(?P<micros>[0-9]{6})(?![0-9])")


def find_forwarded(message: Message) -> list[Attachment]:
    """List the messages that were forwarded in a message; a link that Slack unfurled is none."""
    return [attachment for attachment in mappings_at(message, "attachments") if is_shared(attachment)]


def read_forward(message: Message, shared: list[Attachment]) -> Said:
    """Read forwarded messages as one; author, place and time are the first one's."""
    first = shared[0]
    author = id_or_none(first, "author_id")
    comment = text_or_none(message, "text") or ""
    names = [gathered(files_lines(mappings_at(attachment, "files"))) for attachment in shared]
    words = "\n\n".join(filter(None, map(original_text, shared)))
    mail = find_mail(first)
    if mail and not words:
        return _with_mail(read_mail(first, mail), first, comment)
    beside = [attachment for attachment in own_attachments(message) if not is_shared(attachment)]
    own_files = gathered(files_lines(mappings_at(message, "files")))
    return Said(
        text=words or gathered(names),
        source=Source.FORWARD,
        voice=Voice.FIRST_HAND,
        asides=(comment, *(names if words else ()), gathered(attachments_lines(beside)), own_files),
        comment=comment,
        author=UserId(author) if author else None,
        author_name=text_or_none(first, "author_name") or text_or_none(first, "author_subname"),
        original=_original(first),
        counts_as=_counts_as(first) if len(shared) == 1 else None,
    )


def _with_mail(mailed: Said, attachment: Attachment, comment: str) -> Said:
    """Let an e-mail to a channel that was forwarded from there speak for whoever wrote it."""
    return replace(
        mailed,
        source=Source.FORWARD,
        asides=(comment, *mailed.asides),
        comment="\n".join(filter(None, (comment, mailed.comment))),
        original=_original(attachment),
        counts_as=mailed.counts_as or _counts_as(attachment),
    )


def _original(attachment: Attachment) -> Original:
    """Read where a message came from; what is not told by itself may stand in its link."""
    link = text_or_none(attachment, "from_url")
    linked = _LINK.search(link or "")
    channel = id_or_none(attachment, "channel_id") or (linked and linked["channel"])
    ts = message_ts_or_none(attachment, "ts") or (Ts(f"{linked['seconds']}.{linked['micros']}") if linked else None)
    return Original(channel_id=ChannelId(channel) if channel else None, ts=ts, permalink=link)


def _counts_as(attachment: Attachment) -> Origin | None:
    original = _original(attachment)
    return slack_origin(original.channel_id, original.ts) if original.channel_id and original.ts else None
