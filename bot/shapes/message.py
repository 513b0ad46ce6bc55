"""One message of Slack, of whatever shape and from whatever way in: a feedback, or the reason why it is none."""

from __future__ import annotations

from collections.abc import Mapping

from bot.port import Message
from bot.shapes.attachments import attachments_lines, own_attachments
from bot.shapes.blocks import blocks_lines
from bot.shapes.fields import id_or_none, mappings_at, text_or_none, unreadable
from bot.shapes.files import files_lines
from bot.shapes.forwards import find_forwarded, read_forward
from bot.shapes.mail import find_mail, read_mail
from bot.shapes.mentions import is_request
from bot.shapes.notation import gathered, holds, without_repeats, words_of
from bot.shapes.posters import SLACK_ITSELF, app_name, app_of, is_ours
from bot.shapes.said import Said
from storage.ids import UserId
from storage.records import Workspace
from storage.vocabulary import Source, Voice

_SAID = (None, "bot_message", "file_share", "thread_broadcast")
_COMPLETE = (None, "completed")
ASKS_ONLY = "said to Ballast, to ask for something"
WORDLESS = "a message without words"


def reason_to_ignore(message: Message, workspace: Workspace) -> str | None:
    """Say why a message is nothing that anybody said here; None when it may be feedback.

    Raises UnreadablePayloadError where its kind is told in a form that Slack never uses: it may be something said.
    """
    for field in ("subtype", "streaming_state"):
        if not isinstance(message.get(field), str | None):
            raise unreadable(field=field)
    if message.get("subtype") not in _SAID or message.get("is_ephemeral") is True:
        return "a notice of Slack or of a channel, not a message"
    if message.get("streaming_state") not in _COMPLETE:
        return "an app is still writing it"
    if is_ours(message, workspace):
        return "posted by this bot"
    if message.get("user") == SLACK_ITSELF and find_mail(message) is None:
        return "posted by Slack itself"
    if is_request(message, workspace):
        return ASKS_ONLY
    return None


def read_said(message: Message) -> Said:
    """Read the words of a message, each once: its own, those forwarded in it, or those of its e-mail.

    What a person typed is kept verbatim. Raises UnreadablePayloadError when the text is of another type.
    """
    text = message.get("text")
    if text is not None and not isinstance(text, str):
        raise unreadable(field="text")
    passed_on = _passed_on(message)
    if passed_on and passed_on.text.strip():
        return passed_on
    said = _posted(message, text or "") if app_of(message) else _typed(message, text or "")
    if not said.text.strip():
        _refuse_odd_layout(message)
    return said


def _passed_on(message: Message) -> Said | None:
    if mail := find_mail(message):
        return read_mail(message, mail)
    shared = find_forwarded(message)
    return read_forward(message, shared) if shared else None


def _typed(message: Message, text: str) -> Said:
    is_empty = not text.strip()
    # Rich text is what the editor made the text of; other blocks, such as a pasted table, stand beside it.
    blocks = [block for block in mappings_at(message, "blocks") if is_empty or block.get("type") != "rich_text"]
    beside = [gathered(blocks_lines(blocks)), _own_attachments(message), _files(message)]
    if is_empty:
        return Said(text=gathered(beside))
    words = words_of(text)
    return Said(text=text, asides=tuple(part for part in beside if not holds(words, part)))


def _posted(message: Message, text: str) -> Said:
    layout = gathered([gathered(blocks_lines(mappings_at(message, "blocks"))), _own_attachments(message)])
    said, files = without_repeats(text, layout), _files(message)
    author = id_or_none(message, "user")
    return Said(
        text=said if said.strip() else files,
        source=Source.APP,
        voice=Voice.FIRST_HAND,
        asides=(_signed(message, words_of(said)), files if said.strip() else ""),
        author=UserId(author) if author else None,
        author_name=app_name(message),
    )


def _refuse_odd_layout(message: Message) -> None:
    """Let no message count as empty whose words may stand where they could not be read."""
    for field in ("blocks", "attachments", "files"):
        value = message.get(field)
        if value is not None and not (isinstance(value, list) and all(isinstance(entry, Mapping) for entry in value)):
            raise unreadable(field=field)


def _own_attachments(message: Message) -> str:
    return gathered(attachments_lines(own_attachments(message)))


def _files(message: Message) -> str:
    return gathered(files_lines(mappings_at(message, "files")))


def _signed(message: Message, said: str) -> str:
    """Say under whose names an app shows its attachments, often the customers who wrote; not who is named already."""
    names = (text_or_none(entry, "author_name") for entry in own_attachments(message))
    return gathered(f"From: {name}" for name in dict.fromkeys(names) if name and not holds(said, name))
