"""Whether a message is taken in, by what a team chose: apps, people, words, length and threads. Pure."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal

from storage.ids import Ts
from storage.records import Channel, NewFeedback
from storage.rules import CaptureRules
from storage.text import fold, unescaped

A_LITTLE_OFF = timedelta(seconds=5)
"""By how much Slack's clock may be behind ours: what it says was said so shortly before a choice may have followed."""


def reason_not_wanted(feedback: NewFeedback, rules: CaptureRules, *, is_broadcast: bool = False) -> str | None:
    """Say why a team's choices leave a message out; None when they let it in.

    ``is_broadcast`` says that a reply was sent to the channel as well: then it is no matter of threads alone.
    """
    return reason_by_source(feedback, rules, is_broadcast=is_broadcast) or reason_by_words(feedback, rules)


def reason_by_source(feedback: NewFeedback, rules: CaptureRules, *, is_broadcast: bool = False) -> str | None:
    """Say why a message is left out whatever it says: for who said it, or where."""
    if feedback.app is not None and feedback.app not in rules.allowed_apps:
        return "posted by an app that nobody allowed"
    if has_opted_out(feedback, rules):
        return "said by somebody who opted out"
    if feedback.thread_ts is not None and not rules.keep_threads and not is_broadcast:
        return "a reply, and the channel leaves threads out"
    return None


def was_said_before_choice(ts: Ts, channel: Channel) -> bool:
    """Tell whether a message was said before an owner chose to watch the channel: the watch is no way in for it."""
    since = channel.chosen_since
    return since is not None and Decimal(ts) + Decimal(A_LITTLE_OFF.total_seconds()) < Decimal(since)


def was_let_in_later(feedback: NewFeedback, rules: CaptureRules, *, apps: bool = True) -> bool:
    """Tell whether whoever said it was let in only after that: a later reading is no way in for it.

    Rule: who opts out and in again was out in between, for every reading; what an app posted before it was allowed is
    out unless an owner asks for the past, when ``apps`` is False.
    """
    since = [rules.people_since.get(who) for who in (feedback.reporter, feedback.author) if who]
    if apps and feedback.app is not None:
        since.append(rules.apps_since.get(feedback.app))
    return any(at is not None and feedback.said_at < at - A_LITTLE_OFF for at in since)


def has_opted_out(feedback: NewFeedback, rules: CaptureRules) -> bool:
    """Tell whether who shared or wrote it wants no part: then it is not kept, not by hand either."""
    return not rules.opted_out.isdisjoint(who for who in (feedback.reporter, feedback.author) if who)


def reason_by_words(feedback: NewFeedback, rules: CaptureRules) -> str | None:
    """Say why a message is left out for what it says now; an edit may change that."""
    said = unescaped(feedback.text)
    if len(said.strip()) < rules.least_length:
        return "shorter than the team wants"
    if any(_holds(said, word) for word in rules.ignored_words):
        return "holds a word that the team ignores"
    return None


def _holds(text: str, word: str) -> bool:
    """Find a word, or several in a row, as a whole and whatever its case."""
    wanted = fold(word.strip())
    return bool(wanted) and re.search(rf"(?<!\w){re.escape(wanted)}(?!\w)", fold(text)) is not None
