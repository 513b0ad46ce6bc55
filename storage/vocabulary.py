"""The words of the history: closed sets that have a team, a channel or a person in them."""

from __future__ import annotations

from enum import StrEnum


class Source(StrEnum):
    """Which way a feedback came in."""

    CHANNEL = "channel"
    FORWARD = "forward"
    EMAIL = "email"
    APP = "app"
    SHORTCUT = "shortcut"
    REACTION = "reaction"
    COMMAND = "command"
    IMPORT = "import"


BY_HAND = (Source.COMMAND, Source.SHORTCUT, Source.REACTION)
"""The ways in which a person hands over one message, whatever else of its channel is kept."""


class Voice(StrEnum):
    """How close the words are to the one who has the problem."""

    FIRST_HAND = "first_hand"
    RELAYED = "relayed"
    DOCUMENT = "document"


class Watch(StrEnum):
    """A channel's capture mode."""

    ALL = "all"
    REQUEST = "request"
    OFF = "off"


class AnswerMode(StrEnum):
    """How the bot answers in a channel."""

    REACTION = "reaction"
    CARD = "card"
    SILENT = "silent"


class ChannelKind(StrEnum):
    """Who can be in a channel; words leave no channel but a public one."""

    PUBLIC = "public"
    PRIVATE = "private"
    SHARED = "shared"
    """Shared with another organisation, whether public or private inside ours."""
    DIRECT = "direct"


_MOST_OPEN_FIRST = (ChannelKind.PUBLIC, ChannelKind.PRIVATE, ChannelKind.SHARED, ChannelKind.DIRECT)
"""Shared stands above private: words leave neither, and where both hold, what must not be lost is that outsiders are
there, for that needs an owner's word."""


def more_closed(*kinds: ChannelKind) -> ChannelKind:
    """Name the kind that holds where several are told of one channel: words never become more open by it."""
    return max(kinds, key=_MOST_OPEN_FIRST.index)


class FeedbackState(StrEnum):
    """Where a feedback stands on its way to labels. An error is a state, never a label."""

    WAITING = "waiting"
    CLASSIFIED = "classified"
    FAILED = "failed"
    ERASED = "erased"


class Standing(StrEnum):
    """What counts of an insight now: in the balance, awaiting review, or rejected by a person."""

    SURE = "sure"
    UNSURE = "unsure"
    REJECTED = "rejected"


class Verdict(StrEnum):
    """What a person said of an insight, or (added) of a passage in which none was found."""

    CONFIRMED = "confirmed"
    CORRECTED = "corrected"
    REJECTED = "rejected"
    ADDED = "added"


class Duty(StrEnum):
    """What a person may decide in a workspace."""

    OWNER = "owner"
    REVIEWER = "reviewer"


class PostKind(StrEnum):
    """What the bot owes a channel."""

    REACTION = "reaction"
    CARD = "card"
    GREETING = "greeting"
    NOTICE = "notice"


class PostState(StrEnum):
    """Where a post stands: still to be made, made, let go with a reason, or given up after its tries."""

    DUE = "due"
    DONE = "done"
    DROPPED = "dropped"
    FAILED = "failed"


class DigestState(StrEnum):
    """Where the digest of one period stands."""

    CLAIMED = "claimed"
    POSTED = "posted"
    SKIPPED = "skipped"


class Erasure(StrEnum):
    """Why words were erased. Where only their time was over, labels and counts stay; else nothing but the row does."""

    TIME = "time"
    DELETED = "deleted"
    FORGOTTEN = "forgotten"


class FetchState(StrEnum):
    """Where a message stands that somebody asked to save by reaction or mention."""

    DUE = "due"
    DONE = "done"
    GIVEN_UP = "given_up"


class BackfillState(StrEnum):
    """Where the reading of a channel's past stands."""

    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"


class Chosen(StrEnum):
    """What an owner can choose, by the name under which it is stored and logged."""

    WATCH = "watch"
    ANSWER = "answer"
    KEEP_THREADS = "keep_threads"
    COUNTED_ELSEWHERE = "counted_elsewhere"
    IGNORED_WORDS = "ignored_words"
    LEAST_LENGTH = "least_length"
    SAVE_EMOJI = "save_emoji"
    KEPT_MONTHS = "kept_months"
    DIGEST = "digest"
    APP = "app"
    OWNER = "owner"
    REVIEWER = "reviewer"


class Whose(StrEnum):
    """Of whom or what everything is forgotten."""

    REPORTER = "reporter"
    ACCOUNT = "account"
    CHANNEL = "channel"
    NAME = "name"
