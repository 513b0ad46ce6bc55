"""Every id by which Slack tells us what a person pressed. Literals stand here alone; a test finds each one's listener.

Ids read as paths. A button's value holds ids; that of “More” holds what was asked, too.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from storage.ids import ChannelId, FeedbackId, InsightId, Ts
from storage.vocabulary import Chosen

# Buttons (action ids)
INSIGHT_CONFIRM = "insight.confirm"
INSIGHT_CORRECT = "insight.correct"
INSIGHT_REJECT = "insight.reject"
WATCH_ALL = "watch.all"
WATCH_REQUEST = "watch.request"
WATCH_OFF = "watch.off"
DIGEST_POST = "digest.post"
ANSWER_MORE = "answer.more"
LOG_MORE = "settings.log.more"
BACKFILL_CANCEL = "backfill.cancel"
ACCOUNT_PICK = "account.pick"
ACCOUNT_OTHER = "account.other"
ACCOUNT_UNKNOWN = "account.unknown"

# Shortcuts (callback ids); the manifest names them too
READING_OPEN = "reading.open"
SAVE_OPEN = "save.open"

# Modals (callback ids)
READING_SUBMIT = "reading.submit"
CORRECTION_SUBMIT = "correction.submit"
MISSED_SUBMIT = "missed.submit"
SETTINGS_SUBMIT = "settings.submit"
FORGET_SUBMIT = "forget.submit"
SAVE_SUBMIT = "save.submit"
ADD_SUBMIT = "add.submit"
ACCOUNT_SUBMIT = "account.submit"

# Inputs of modals: the block id; the action id inside is CHOICE or TYPED
READING_NEXT = "reading.next"
CORRECTION_VERDICT = "correction.verdict"
CORRECTION_THEME = "correction.theme"
CORRECTION_PERSONA = "correction.persona"
MISSED_QUOTE = "missed.quote"
MISSED_THEME = "missed.theme"
MISSED_PERSONA = "missed.persona"
SAVE_NOTE = "save.note"
SAVE_ACCOUNT = "save.account"
SAVE_PERSON = "save.person"
SAVE_PERSONA = "save.persona"
SAVE_SIDE = "save.side"
SAVE_THEME = "save.theme"
ADD_TEXT = "add.text"
FORGET_NAME = "forget.name"
FORGET_CONFIRM = "forget.confirm"
ACCOUNT_NAME = "account.name"
CHOICE = "choice"
TYPED = "typed"

# Values of choices
IS_PROBLEM = "problem"
NO_PROBLEM = "no_problem"
ADD_MISSED = "missed"
WATCH_ALL_SHARED = "all shared"
KEEP = "keep"
ERASE = "erase"


class Note(NamedTuple):
    """Know what a modal is about and in which channel it was opened: it travels with what is submitted."""

    subject: str
    channel_id: ChannelId


class Press(NamedTuple):
    """Know which insight a person pressed on, and how many verdicts it had when it was shown."""

    insight_id: InsightId
    seen: int


def card_block_id(feedback_id: FeedbackId) -> str:
    """Name the first block of a feedback's card; also the key of its post."""
    return f"card:{feedback_id}"


def account_block_id(feedback_id: FeedbackId) -> str:
    """Name the block of a picker's choices."""
    return f"account:{feedback_id}"


def feedback_of_account_block(block_id: str) -> FeedbackId:
    """Read which feedback a picker is about. Raises ValueError for a block that is none of ours."""
    return FeedbackId(int(block_id.removeprefix("account:")))


def greeting_key(channel: ChannelId, ts: Ts) -> str:
    """Name the greeting of one arrival in a channel: the key of its post and the id of its first block."""
    return f"greeting:{channel}:{ts}"


def handed_key(channel: ChannelId, ts: Ts, asked_at: datetime) -> str:
    """Name the answer to a direct message, as it read then: the key of its post and the id of its block."""
    return f"handed:{channel}:{ts}:{asked_at.timestamp():.6f}"


def shared_key(channel: ChannelId, last: Ts | None) -> str:
    """Name the notice that a channel is shared now: the key of its post and the id of its block.

    ``last`` is when it was last kept: once it has been kept again, that it is shared is news again.
    """
    return f"shared:{channel}:{last}" if last else f"shared:{channel}"


def greeting_choice_block(key: str) -> str:
    """Name the block of a greeting's buttons."""
    return f"{key}:choice"


def greeting_of(block_id: str) -> str:
    """Read the greeting's key from the id of the block of its buttons."""
    return block_id.removesuffix(":choice")


def setting_block(name: Chosen) -> str:
    """Name the input of a setting."""
    return f"settings.{name}"


def app_block(app: str) -> str:
    """Name the input that allows or ignores an app."""
    return f"{setting_block(Chosen.APP)}:{app}"


def app_of_block(block_id: str) -> str | None:
    """Read the app from the name of its input; None for any other input."""
    kind, _, app = block_id.partition(":")
    return app if kind == setting_block(Chosen.APP) and app else None


def insight_block_id(insight_id: InsightId) -> str:
    """Name the block of an insight's buttons."""
    return f"insight:{insight_id}"


def press_value(insight_id: InsightId, seen: int) -> str:
    """Write a button's value."""
    return f"{insight_id}:{seen}"


def parse_press(value: str) -> Press:
    """Read a button's value. Raises ValueError for one that we did not write."""
    insight, _, seen = value.partition(":")
    return Press(InsightId(int(insight)), int(seen))


def write_note(subject: str, channel_id: ChannelId) -> str:
    """Write a modal's note: a feedback's id or a press, and the channel."""
    return f"{subject}@{channel_id}"


def parse_note(note: str) -> Note:
    """Read a modal's note."""
    subject, _, channel_id = note.partition("@")
    return Note(subject, ChannelId(channel_id))
