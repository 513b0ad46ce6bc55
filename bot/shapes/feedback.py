"""From a message to a feedback: the words by their shape, and who said them, when and where."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.port import Message
from bot.shapes.fields import mapping_at, message_ts_or_none, read_id, read_message_ts
from bot.shapes.meanings import Arrival, Ignored
from bot.shapes.message import WORDLESS, read_said, reason_to_ignore
from bot.shapes.notation import CUT, cut, is_full, words_of
from bot.shapes.posters import SLACK_ITSELF, app_of, is_outside
from bot.shapes.said import Said
from bot.shapes.times import permalink, read_ts
from bot.shapes.voice import is_document
from classifiers.segments import split_segments
from storage.ids import ChannelId, Ts, UserId, comment_origin, slack_origin
from storage.records import NewFeedback, Workspace
from storage.vocabulary import ChannelKind, Source, Voice

_WORDS_OF_A_PROBLEM = 4
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]")
_LETTERS_A_WORD = 2


def parse_message(
    message: Message,
    workspace: Workspace,
    *,
    channel_id: ChannelId,
    channel_kind: ChannelKind,
    event_id: str | None = None,
) -> Arrival | Ignored:
    """Say what a message holds, be it of an event, a page of history or a shortcut. Raises UnreadablePayloadError.

    What a person typed is the text, verbatim. Of a forward or an e-mail the text is the words of the one who wrote
    it first; of an app's post it is a plain rendering of what readers see.
    """
    reason = reason_to_ignore(message, workspace)
    if reason:
        return Ignored(reason)
    said = read_said(message)
    feedback = _feedback(message, said, workspace, channel_id=channel_id, channel_kind=channel_kind, event_id=event_id)
    if not feedback.text.strip():
        return Ignored(WORDLESS)
    return Arrival(
        _with_source(feedback, said, message),
        comment=_comment(feedback, said.comment),
        is_broadcast=message.get("subtype") == "thread_broadcast",
    )


def _feedback(
    message: Message,
    said: Said,
    workspace: Workspace,
    *,
    channel_id: ChannelId,
    channel_kind: ChannelKind,
    event_id: str | None,
) -> NewFeedback:
    """Make a feedback of the words: where and when they stand, and who shared them in which voice."""
    ts = read_message_ts(message, "ts")
    text = said.text if said.text == message.get("text") else cut(said.text)
    outside = is_outside(message, workspace, channel_kind)
    return NewFeedback(
        team_id=workspace.team_id,
        origin=slack_origin(channel_id, ts),
        text=text,
        said_at=read_ts(ts),
        source=said.source,
        voice=_voice(text, Voice.FIRST_HAND if outside else said.voice),
        channel_id=channel_id,
        channel_kind=channel_kind,
        ts=ts,
        thread_ts=_thread_of(message, ts),
        reporter=_reporter(message),
        permalink=permalink(workspace, channel_id, ts),
        event_id=event_id,
        edited_ts=message_ts_or_none(mapping_at(message, "edited"), "ts"),
        app=_app(message),
        outside=outside,
    )


def _with_source(feedback: NewFeedback, said: Said, message: Message) -> NewFeedback:
    """Add what is known of words that somebody else wrote, and what was set aside."""
    if feedback.text == message.get("text") and said == Said(feedback.text):
        return feedback  # typed, and nothing stands beside it: what most messages are
    was_cut = is_full(feedback.text) and feedback.text != message.get("text")
    asides = (CUT if was_cut else "", *said.asides)
    return replace(
        feedback,
        counts_as=said.counts_as,
        original_ts=said.original.ts,
        original_channel_id=said.original.channel_id,
        original_permalink=said.original.permalink,
        author=said.author,
        author_name=said.author_name,
        context=cut("\n\n".join(aside for aside in asides if aside.strip())) or None,
    )


def _comment(feedback: NewFeedback, comment: str) -> NewFeedback | None:
    """Make a feedback of the comment on top, when it is long enough to hold a problem of its own."""
    if not comment or not _may_hold_a_problem(comment):
        return None
    return replace(
        feedback,
        origin=comment_origin(feedback.origin),
        text=comment,
        source=Source.CHANNEL,
        voice=_voice(comment, Voice.FIRST_HAND if feedback.outside else Voice.RELAYED),
    )


def _voice(text: str, spoken: Voice) -> Voice:
    return Voice.DOCUMENT if is_document(text) else spoken


def _may_hold_a_problem(comment: str) -> bool:
    spoken = [comment[slice(*segment.span)] for segment in split_segments(comment) if segment.speaks]
    words = words_of(" ".join(spoken))
    return len(words.split()) + len(_UNSPACED.findall(words)) // _LETTERS_A_WORD >= _WORDS_OF_A_PROBLEM


def _app(message: Message) -> str | None:
    # Slack posts the e-mails of a channel's address itself: no app that a team would have to allow.
    return None if message.get("user") == SLACK_ITSELF else app_of(message)


def _reporter(message: Message) -> UserId | None:
    if app_of(message) or message.get("user") == SLACK_ITSELF:
        return None
    return UserId(read_id(message, "user"))


def _thread_of(message: Message, ts: Ts) -> Ts | None:
    """Name the root that a message replies to; None for a root, also one that has replies."""
    if message.get("thread_ts") is None:
        return None
    thread_ts = read_message_ts(message, "thread_ts")
    return thread_ts if thread_ts != ts else None
