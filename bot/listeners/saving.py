"""“Save as feedback” on a message, and the forms in which something is saved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.errors import InputError
from bot.parts import Parts
from bot.port import Message
from bot.presses import Picked, Submitted
from bot.rights import admit
from bot.savable import find_where, must_be_open, read_message
from bot.saving import Beside, LabelsError, Saved, must_not_be_gone, save, save_typed
from bot.views import ids
from bot.views.modals import build_said
from bot.views.save import build_save, saved_words
from bot.views.text import escape
from storage.drafts import Draft
from storage.ids import DraftId, slack_origin
from storage.vocabulary import ChannelKind, Source, more_closed

Answer = Mapping[str, Any]

_GONE = (
    "The message was changed or deleted in Slack while this form was open, or the form was sent already, or it is "
    "older than an hour. Open the form again from the message."
)


def open_save(parts: Parts, picked: Picked) -> None:
    """Open the form on a message, also in a channel that the bot is not in: Slack hands the message over."""
    pressed = picked.pressed
    admit(parts, pressed.user_id)
    where = find_where(parts, pressed.team_id, pressed.channel_id, called=picked.channel_name)
    must_be_open(parts, where, to_the_form=True)
    must_not_be_gone(parts, where.team_id, slack_origin(where.channel_id, pressed.message_ts))
    message: Message = {**picked.message, "ts": pressed.message_ts}
    feedback = read_message(parts, where, message).feedback
    draft = Draft(where.team_id, where.channel_id, where.kind, pressed.message_ts, pressed.user_id, message)
    draft_id = parts.store.drafts.keep(draft, parts.clock())
    taxonomy = parts.taxonomy_of(where.team_id)
    parts.slack.open_view(pressed.trigger, build_save(feedback.text, draft_id, where.channel_id, where.kind, taxonomy))


def submit_save(parts: Parts, submitted: Submitted) -> Answer:
    """Save the message with what was said of it."""
    person = admit(parts, submitted.user_id)
    draft_id = DraftId(submitted.note.subject)
    found = find_where(parts, submitted.team_id, submitted.note.channel_id)
    # After Slack was asked: whatever was changed or deleted until now has taken the draft away.
    draft = parts.store.drafts.find(submitted.team_id, draft_id, submitted.user_id)
    if draft is None:
        raise InputError(_GONE)
    where = replace(found, kind=more_closed(found.kind, draft.channel_kind))
    must_be_open(parts, where, to_the_form=True)
    arrival = read_message(parts, where, draft.message)
    try:
        saved = save(parts, where, arrival, person, Source.SHORTCUT, _beside(submitted))
    except LabelsError as error:
        return _wrong_theme(error)
    parts.store.drafts.drop(draft.team_id, draft_id)
    return _say(saved, submitted)


def submit_add(parts: Parts, submitted: Submitted) -> Answer:
    """Save what was typed, with what was said of it."""
    person = admit(parts, submitted.user_id)
    key, _, kind = submitted.note.subject.partition(":")
    where = find_where(parts, submitted.team_id, submitted.note.channel_id, known_kind=ChannelKind(kind))
    text = escape(submitted.inputs.get(ids.ADD_TEXT, ""))  # as Slack escapes what is typed anywhere else
    try:
        saved = save_typed(parts, where, text, person, key=key, beside=_beside(submitted))
    except LabelsError as error:
        return _wrong_theme(error)
    return _say(saved, submitted)


def drop_draft(parts: Parts, submitted: Submitted) -> None:
    """Let go of the message whose form was closed."""
    draft_id = DraftId(submitted.note.subject)
    if parts.store.drafts.find(submitted.team_id, draft_id, submitted.user_id) is not None:
        parts.store.drafts.drop(submitted.team_id, draft_id)


def _beside(submitted: Submitted) -> Beside:
    inputs = submitted.inputs
    return Beside(
        note=escape(inputs.get(ids.SAVE_NOTE, "")),
        account=inputs.get(ids.SAVE_ACCOUNT, ""),
        person=inputs.get(ids.SAVE_PERSON, ""),
        persona=inputs.get(ids.SAVE_PERSONA, ""),
        side=inputs.get(ids.SAVE_SIDE, ""),
        theme=inputs.get(ids.SAVE_THEME, ""),
    )


def _wrong_theme(error: LabelsError) -> Answer:
    return {"response_action": "errors", "errors": {ids.SAVE_THEME: str(error)}}


def _say(saved: Saved, submitted: Submitted) -> Answer:
    view = build_said(saved_words(saved.kind, new=saved.new), submitted.note)
    return {"response_action": "update", "view": view}
