"""What each setting is called and does, and its values in words: the same in the form, in notices and in the log."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from bot.period import MONTHS, zone_of
from bot.views.greeting import months
from bot.views.labels import mention
from bot.views.text import escape, quote
from storage.chosen import Change
from storage.vocabulary import AnswerMode, Chosen, Watch

NAMES: Mapping[Chosen, str] = {
    Chosen.WATCH: "What is taken in here",
    Chosen.ANSWER: "How Ballast answers here",
    Chosen.KEEP_THREADS: "Replies here are taken in",
    Chosen.COUNTED_ELSEWHERE: "Counted elsewhere",
    Chosen.IGNORED_WORDS: "Words to ignore",
    Chosen.LEAST_LENGTH: "Least length",
    Chosen.SAVE_EMOJI: "Emoji that saves",
    Chosen.KEPT_MONTHS: "Months that words are kept",
    Chosen.DIGEST: "Weekly digest",
    Chosen.APP: "App or bot",
    Chosen.OWNER: "Owner",
    Chosen.REVIEWER: "Reviewer",
}
EXPLAINED: Mapping[Chosen, str] = {
    Chosen.WATCH: "Every new message, only those that somebody hands over, or nothing; what was kept before stays.",
    Chosen.ANSWER: "Shown on a message in which a problem was found, so that people see what Ballast read.",
    Chosen.KEEP_THREADS: "Whether replies in threads are taken in too, or only the messages in the channel itself.",
    Chosen.COUNTED_ELSEWHERE: (
        "This channel is not public, so its words and links are shown only here. With yes, its problems count in "
        "digests and answers elsewhere too, by their labels and account, still without a word or a link."
    ),
    Chosen.IGNORED_WORDS: "A message that holds one of these is not taken in. One a line, found as whole words.",
    Chosen.LEAST_LENGTH: "A message with fewer characters is not taken in; 0 takes in every length.",
    Chosen.SAVE_EMOJI: (
        "Whoever puts this reaction on a message hands it over to Ballast, in any skin tone. Should it do nothing, "
        "write the name that Slack shows when you point at the reaction."
    ),
    Chosen.KEPT_MONTHS: (
        "Then text, quotes, names and who said it are erased for good, and labels and counts stay. A smaller number "
        "erases within the hour what is older."
    ),
    Chosen.DIGEST: "When this channel is told what was heard in the week.",
    Chosen.APP: "Posts of apps and bots are ignored until an owner allows them, app by app.",
    Chosen.OWNER: "Decides what is taken in, how it is answered, who decides, and what is forgotten.",
    Chosen.REVIEWER: "Decides labels.",
}
WATCH_CHOICES: Mapping[str, str] = {
    Watch.ALL: "Every new message",
    Watch.REQUEST: "Only messages that somebody hands over",
    Watch.OFF: "Nothing",
}
ANSWER_CHOICES: Mapping[str, str] = {
    AnswerMode.REACTION: "One emoji on the message",
    AnswerMode.CARD: "A card in the message's thread",
    AnswerMode.SILENT: "Nothing",
}
YES_NO: Mapping[str, str] = {"yes": "Yes", "no": "No"}
_LONGEST = 120
_LONGEST_NAME = 60


def told(changes: Sequence[Change], by: str, apps: Mapping[str, str]) -> str:
    """Say in a channel who changed what, from what to what; escaped, with the person mentioned."""
    lines = [f"{mention(by)} changed Ballast's settings:", *(f"• {change_words(one, apps)}" for one in changes)]
    return "\n".join(lines)


def logged(change: Change, apps: Mapping[str, str], zone: str) -> str:
    """Write a line of the log: when, who, where, what; escaped."""
    at = change.changed_at.astimezone(zone_of(zone))
    when = f"{at.day} {MONTHS[at.month - 1]} {at:%Y %H:%M}"
    where = f"<#{change.channel_id}>" if change.channel_id else "everywhere"
    return f"{when} · {mention(change.changed_by)} · {where} · {change_words(change, apps)}"


def change_words(change: Change, apps: Mapping[str, str]) -> str:
    """Say what was changed from what to what; escaped."""
    before, after = (value_words(change.name, value) for value in (change.before, change.after))
    return f"{_name(change.name, apps)}: {before} → {after}"


def value_words(name: str, value: str | None) -> str:
    """Write a value as people know it; escaped."""
    if value is None:
        return "none"
    write = _WRITTEN.get(name, escape)
    return write(value)


_WRITTEN: Mapping[str, Callable[[str], str]] = {
    Chosen.WATCH: lambda value: escape(WATCH_CHOICES.get(value, value).lower()),
    Chosen.ANSWER: lambda value: escape(ANSWER_CHOICES.get(value, value).lower()),
    Chosen.IGNORED_WORDS: lambda value: quote(", ".join(value.splitlines()), _LONGEST),
    Chosen.LEAST_LENGTH: lambda value: f"{escape(value)} characters",
    Chosen.SAVE_EMOJI: lambda value: f":{escape(value)}:",
    Chosen.KEPT_MONTHS: lambda value: months(int(value)),
    Chosen.OWNER: mention,
    Chosen.REVIEWER: mention,
}


def _name(name: str, apps: Mapping[str, str]) -> str:
    """Name a setting; an app by its own name, where it is known."""
    kind, _, app = name.partition(":")
    if kind == Chosen.APP:
        return f"{NAMES[Chosen.APP]} “{quote(apps.get(app) or app, _LONGEST_NAME)}”"
    return NAMES[Chosen(name)] if name in list(Chosen) else escape(name)
