"""What a value of a setting must be; each rule's message is the end of a sentence that begins with its name."""

from __future__ import annotations

import re
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import SecretStr

from bot.account_domains import domain_of

_MEMBER_ID = re.compile(r"[UW][A-Za-z0-9_-]{1,63}")
"""Slack's own hold letters and digits alone; those of other servers of its interface also lines: U_OLIVIA."""

_COMMAND = re.compile(r"/[a-z0-9_-]{1,31}")
TAKEN = frozenset(
    [
        "apps",
        "archive",
        "away",
        "call",
        "collapse",
        "dm",
        "dnd",
        "expand",
        "feed",
        "feedback",
        "help",
        "invite",
        "join",
        "leave",
        "me",
        "msg",
        "mute",
        "open",
        "rename",
        "remind",
        "remove",
        "search",
        "shortcuts",
        "shrug",
        "star",
        "status",
        "topic",
        "who",
    ]
)
"""Commands that are Slack's own or too general for one app; one of them makes Slack refuse the manifest."""


def secret_url(value: SecretStr | None) -> SecretStr | None:
    """Refuse an address that is no database of ours; the value is never quoted, for it holds a password."""
    if value is None:
        return None
    scheme = value.get_secret_value().partition("://")[0].partition("+")[0]
    if scheme not in {"sqlite", "postgresql", "postgres"}:
        message = "must begin with postgresql:// or sqlite:///"
        raise ValueError(message)
    return value


def web_url(value: str | None) -> str | None:
    """Refuse what is no web address; end it with a slash."""
    if value is None:
        return None
    if any(mark.isspace() for mark in value):
        message = "must be a web address without spaces"
        raise ValueError(message)
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        message = "must be a web address such as https://slack.com/api/"
        raise ValueError(message)
    return value.rstrip("/") + "/"


def zone(value: str) -> str:
    """Refuse what is no IANA time zone."""
    try:
        ZoneInfo(value)
    except (OSError, ValueError, KeyError):  # ZoneInfo gives each of these for a name that is no zone
        message = f"“{value[:60]}” is no time zone that I know; use an IANA name such as Europe/Berlin"
        raise ValueError(message) from None
    return value


def user_ids(value: object) -> object:
    """Read a comma list of member ids."""
    if not isinstance(value, str):
        return value
    ids = frozenset(part.strip() for part in value.split(",") if part.strip())
    wrong = sorted(part for part in ids if not _MEMBER_ID.fullmatch(part))
    if wrong:
        message = f"“{wrong[0][:60]}” is no Slack member id; give ids such as U012AB3CD, with commas between"
        raise ValueError(message)
    return ids


def domains(value: object) -> object:
    """Read a comma list of domains."""
    if not isinstance(value, str):
        return value
    read = {part.strip(): domain_of(part) for part in value.split(",") if part.strip()}
    wrong = sorted(part for part, domain in read.items() if domain is None)
    if wrong:
        message = f"“{wrong[0][:60]}” is no domain; give domains such as acme.com, with commas between"
        raise ValueError(message)
    return frozenset(read.values())


def command(value: str) -> str:
    """Refuse what no Slack app can have as its slash command."""
    if not _COMMAND.fullmatch(value):
        message = "must be a slash and up to 31 lower-case letters, digits, - or _, such as /voice"
        raise ValueError(message)
    if value.removeprefix("/") in TAKEN:
        message = "is Slack's own or too general for one app; choose another, such as /voice"
        raise ValueError(message)
    return value


def emoji(value: str) -> str:
    """Read the name of a reaction, with or without its colons."""
    name = value.strip(":")
    if not name or any(mark.isspace() or mark == ":" for mark in name):
        message = "must be the name of a reaction, such as white_check_mark"
        raise ValueError(message)
    return name
