"""How listeners answer: within Slack's three seconds, and with a sentence whatever goes wrong.

Slack delivers only events again. What a person pressed or typed comes once, so each answer here comes in time,
and a failure becomes a sentence for the person and a line with ids, never words, for the log.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from slack_bolt import Ack, Respond

from bot.commands.command import Reply
from bot.errors import SlackError, SlackUnavailableError
from bot.failure import OURS, describe
from bot.logs import said
from bot.parts import Parts
from bot.presses import Pressed, parse_pressed
from bot.shapes.fields import UnreadablePayloadError
from bot.views.text import sentence, without_mentions

log = logging.getLogger(__name__)

PATIENCE_SECONDS = 2.5
"""How long an answer may take before the acknowledgement is sent without it: longer than a locked database is
waited for, so that its sentence comes in time; Slack gives up after three."""
_UNEXPECTED = "Something unexpected went wrong, and it was logged. Try again; if it stays, tell whoever runs Ballast."
_UNAVAILABLE = "Slack does not answer Ballast at the moment. Please try again in a minute."
_LATER = "One moment …"
_SLOW = "This takes longer than usual and may already be saved. Close this and look before you try again."


class FirstWins:
    """Let one of two callers acknowledge: the answer, or the clock when the answer is late."""

    def __init__(self, ack: Ack, late: Mapping[str, Any], *, patience_seconds: float = PATIENCE_SECONDS) -> None:
        """Begin to wait: after ``patience_seconds`` the acknowledgement is ``late``."""
        self._ack = ack
        self._lock = threading.Lock()
        self._spent = False
        self._timer = threading.Timer(patience_seconds, self, kwargs=dict(late))
        self._timer.daemon = True
        self._timer.start()

    def __call__(self, **answer: Any) -> bool:  # noqa: ANN401 - what Bolt's ack takes differs a surface
        """Acknowledge with this answer; False when that was done already."""
        self._timer.cancel()
        with self._lock:
            if self._spent:
                return False
            self._ack(**answer)
            self._spent = True
            return True


def sentence_for(error: Exception, **ids: object) -> str:
    """Make a sentence for a person of a failure, and note it in the log."""
    if isinstance(error, SlackUnavailableError):
        log.warning("not answered: %s", describe(error), extra=said("listener.unavailable", **ids))
        return _UNAVAILABLE
    if isinstance(error, OURS):
        log.info("answered with a sentence: %s", type(error).__name__, extra=said("listener.refused", **ids))
        return sentence(str(error))
    log.error("a listener failed: %s", describe(error), extra=said("listener.failed", **ids))
    return _UNEXPECTED


def answer_command(ack: Ack, respond: Respond, work: Callable[[], Reply], **ids: object) -> None:
    """Acknowledge a command with what ``work`` replies, or a sentence; a late reply follows the acknowledgement."""
    first = FirstWins(ack, {"text": _LATER})
    try:
        reply = work()
    except Exception as error:  # noqa: BLE001 - whatever it is, the person who waits gets a sentence
        reply = Reply(sentence_for(error, **ids))
    answer: dict[str, Any] = {"text": reply.text, "blocks": [dict(block) for block in reply.blocks] or None}
    answer["response_type"] = "in_channel" if reply.to_channel else "ephemeral"
    if not first(**answer, unfurl_links=False, unfurl_media=False):
        _send(respond, answer, ids)


def answer_press(
    parts: Parts, respond: Respond, body: Mapping[str, Any], work: Callable[[Parts, Pressed], Reply | str | None]
) -> None:
    """Do what a button or shortcut asks; say to the person alone what ``work`` returns, or what went wrong."""
    try:
        pressed = parse_pressed(body)
    except UnreadablePayloadError as error:
        _send(respond, _whisper(sentence_for(error)), {})
        return
    ids = {"team": pressed.team_id, "user": pressed.user_id, "id": pressed.action}
    try:
        said_back = work(parts, pressed)
    except Exception as error:  # noqa: BLE001 - whatever it is, the person who pressed gets a sentence
        said_back = sentence_for(error, **ids)
    if said_back is None:
        return
    reply = Reply(said_back) if isinstance(said_back, str) else said_back
    if reply.in_place and _send(respond, {"text": reply.text, "replace_original": True}, ids):
        return
    try:
        parts.slack.post_only_to(pressed.channel_id, pressed.user_id, text=reply.text, blocks=reply.blocks or None)
    except SlackError:
        # A shortcut works also where the bot is not; only the address that came with the press reaches there.
        _send(respond, {**_whisper(reply.text), "blocks": [dict(block) for block in reply.blocks] or None}, ids)


def answer_submission(ack: Ack, block_id: str, work: Callable[[], Mapping[str, Any]], **ids: object) -> None:
    """Acknowledge a modal with what ``work`` returns; a failure shows at ``block_id`` and keeps what was typed."""
    first = FirstWins(ack, _problem(block_id, _SLOW))
    try:
        answer = work()
    except Exception as error:  # noqa: BLE001 - whatever it is, the person who submitted gets a sentence
        answer = _problem(block_id, sentence_for(error, **ids))
    if not first(**answer):
        log.warning("a modal was answered late", extra=said("listener.late", **ids))


def _problem(block_id: str, text: str) -> dict[str, Any]:
    # An error in a modal is plain text: a mention would show as its id.
    return {"response_action": "errors", "errors": {block_id: without_mentions(text)}}


def _whisper(text: str) -> dict[str, Any]:
    return {"text": text, "response_type": "ephemeral", "replace_original": False}


def _send(respond: Respond, answer: Mapping[str, Any], ids: Mapping[str, object]) -> bool:
    try:
        # Bolt raises where nobody answers, and hands back what Slack refuses: an address worn out, or too many calls.
        status = respond(**answer, unfurl_links=False, unfurl_media=False).status_code
    except Exception as error:  # noqa: BLE001 - nobody is left to tell but the log
        why = describe(error)
    else:
        why = "" if status == HTTPStatus.OK else f"answered with HTTP {status}"
    if why:
        log.warning("an answer did not reach Slack: %s", why, extra=said("listener.unheard", **ids))
    return not why
