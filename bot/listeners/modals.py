"""Modals: what is submitted is saved, or the modal says why not and keeps what was typed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from slack_bolt import Ack, App

from bot.commands.privacy import submit_forget
from bot.errors import InputError
from bot.listeners import accounts
from bot.listeners.replies import answer_submission
from bot.listeners.saving import drop_draft, submit_add, submit_save
from bot.parts import Parts
from bot.presses import Submitted, parse_submitted
from bot.reviewing import Kept, add_missed, feedback_of, find, judge
from bot.rights import admit
from bot.team_settings import Entered, SettingError, change
from bot.views import ids
from bot.views.modals import build_correction, build_missed, build_said
from bot.views.text import without_mentions
from classifiers.vocabulary import Labels
from storage.ids import FeedbackId
from storage.vocabulary import Chosen, Verdict

Answer = Mapping[str, Any]
Work = Callable[[Parts, Submitted], Answer]

_CLOSE_ALL: Answer = {"response_action": "clear"}
_PROPOSED = "Noted as your proposal. Owners and reviewers decide; nothing has changed yet."


def register(app: App, parts: Parts) -> None:
    """Listen to every modal, submitted or closed."""
    for callback_id, (block_id, work) in SUBMISSIONS.items():
        app.view_submission(callback_id)(_handler(parts, block_id, work))
    app.view_submission(re.compile(".+"))(_handler(parts, ids.READING_NEXT, _refuse_old))

    def handle_closed_save(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        drop_draft(parts, parse_submitted(body))

    app.view_closed(ids.SAVE_SUBMIT)(handle_closed_save)
    app.view_closed(re.compile(".+"))(lambda ack: ack())


def _handler(parts: Parts, block_id: str, work: Work) -> Callable[..., None]:
    def handle_submission(ack: Ack, body: dict[str, Any]) -> None:
        user = body.get("user")
        ids_ = {"view": block_id, "user": user.get("id") if isinstance(user, dict) else None}
        answer_submission(ack, block_id, lambda: work(parts, parse_submitted(body)), **ids_)

    return handle_submission


def continue_reading(parts: Parts, submitted: Submitted) -> Answer:
    """Go on from the reading to one insight's labels, or to a missed problem."""
    admit(parts, submitted.user_id)
    channel_id, taxonomy = submitted.note.channel_id, parts.taxonomy_of(submitted.team_id)
    chosen = submitted.inputs.get(ids.READING_NEXT)
    if not chosen:
        message = "Choose what you want to do next."
        raise InputError(message)
    if chosen == ids.ADD_MISSED:
        feedback = feedback_of(parts, submitted.team_id, FeedbackId(int(submitted.note.subject)), channel_id)
        return {"response_action": "push", "view": build_missed(feedback, taxonomy, channel_id)}
    found = find(parts, submitted.team_id, ids.parse_press(chosen).insight_id, channel_id)
    return {"response_action": "push", "view": build_correction(found.insight, taxonomy, found.reviews, channel_id)}


def submit_correction(parts: Parts, submitted: Submitted) -> Answer:
    """Save the verdict and labels, as a decision or as a proposal."""
    person = admit(parts, submitted.user_id)
    press = ids.parse_press(submitted.note.subject)
    found = find(parts, submitted.team_id, press.insight_id, submitted.note.channel_id)
    rejected = submitted.inputs.get(ids.CORRECTION_VERDICT) == ids.NO_PROBLEM
    before = found.insight.current
    labels = None if rejected else _labels(parts, submitted, ids.CORRECTION_THEME, ids.CORRECTION_PERSONA, before)
    verdict = Verdict.REJECTED if rejected else Verdict.CORRECTED
    kept = judge(parts, found, verdict, person, seen=press.seen, labels=labels)
    return _CLOSE_ALL if kept is Kept.DECIDED else _say(_PROPOSED, submitted)


def submit_missed(parts: Parts, submitted: Submitted) -> Answer:
    """Save a problem that was missed."""
    person = admit(parts, submitted.user_id)
    feedback_id = FeedbackId(int(submitted.note.subject))
    feedback = feedback_of(parts, submitted.team_id, feedback_id, submitted.note.channel_id)
    labels = _labels(parts, submitted, ids.MISSED_THEME, ids.MISSED_PERSONA)
    add_missed(parts, feedback, submitted.inputs[ids.MISSED_QUOTE], labels, person)
    return _CLOSE_ALL


def submit_settings(parts: Parts, submitted: Submitted) -> Answer:
    """Save what an owner changed; a value that cannot be is said where it was entered."""
    person = admit(parts, submitted.user_id)
    seen = int(submitted.note.subject or 0)
    entered = Entered(submitted.note.channel_id, seen, submitted.inputs)
    try:
        changes = change(parts, submitted.team_id, entered, person)
    except SettingError as error:
        return {"response_action": "errors", "errors": {error.block_id: without_mentions(str(error))}}
    return _CLOSE_ALL if changes else _say("Nothing was changed.", submitted)


def forget(parts: Parts, submitted: Submitted) -> Answer:
    """Erase what an owner was shown and confirmed, or show what there is now."""
    outcome = submit_forget(parts, submitted)
    return _say(outcome, submitted) if isinstance(outcome, str) else {"response_action": "update", "view": outcome}


def name_account(parts: Parts, submitted: Submitted) -> Answer:
    """Note the account that somebody typed for a message that they saved."""
    return _say(accounts.submit_name(parts, submitted), submitted)


def _refuse_old(_parts: Parts, submitted: Submitted) -> Answer:
    return _say("This form belongs to an older version of Ballast. Open it again from the message.", submitted)


def _labels(parts: Parts, submitted: Submitted, theme_id: str, persona_id: str, before: Labels | None = None) -> Labels:
    """Read what was chosen; what nobody touched, which some servers send as nothing, stays as it was shown."""
    theme = submitted.inputs.get(theme_id) or (before.theme if before else "")
    persona = submitted.inputs.get(persona_id) or (before.persona if before else "")
    if not theme or not persona:
        message = "Choose a theme and whose need it is."
        raise InputError(message)
    return parts.taxonomy_of(submitted.team_id).labels(theme, persona)


def _say(text: str, submitted: Submitted) -> Answer:
    return {"response_action": "update", "view": build_said(text, submitted.note)}


SUBMISSIONS: dict[str, tuple[str, Work]] = {
    ids.READING_SUBMIT: (ids.READING_NEXT, continue_reading),
    ids.CORRECTION_SUBMIT: (ids.CORRECTION_VERDICT, submit_correction),
    ids.MISSED_SUBMIT: (ids.MISSED_QUOTE, submit_missed),
    ids.SAVE_SUBMIT: (ids.SAVE_NOTE, submit_save),
    ids.ADD_SUBMIT: (ids.ADD_TEXT, submit_add),
    ids.FORGET_SUBMIT: (ids.FORGET_CONFIRM, forget),
    ids.ACCOUNT_SUBMIT: (ids.ACCOUNT_NAME, name_account),
    ids.SETTINGS_SUBMIT: (ids.setting_block(Chosen.IGNORED_WORDS), submit_settings),
}
