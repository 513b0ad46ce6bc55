"""What saving by hand needs in the office, and what is looked up of what came of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from bot.fetching import Fetcher
from bot.sandbox.channels import Channel
from bot.sandbox.people import Person
from bot.sandbox.pressing import Exchange
from bot.views import ids
from storage.choice_log import Choosing
from storage.choices import Wanted
from storage.ids import ChannelId, Ts, UserId, slack_origin
from storage.records import Feedback, Post
from storage.rows import FeedbackRow
from storage.vocabulary import PostKind, Watch
from tests.bot.listeners.conftest import Office

WORDS = "We cannot buy it without audit logs."
EMOJI = "inbox_tray"


def react_to_a_message(office: Office) -> str:
    """Have a message in a channel where people may save, and somebody who asks for it."""
    office.bot.watch(office.people.feedback.channel_id, Watch.REQUEST)
    ts = say(office, WORDS)
    office.slack.people.react(office.people.feedback, office.people.olivia, ts, EMOJI)
    return ts


def choose(office: Office, wanted: Wanted) -> None:
    """Have an owner change the settings."""
    choosing = Choosing(office.bot.workspace.team_id, None, id_of(office.people.olivia), office.bot.parts.clock())
    office.bot.store.choices.choose(choosing, wanted, tell=lambda _changes: ())


def say(office: Office, words: str, *, thread: str | None = None) -> str:
    ts = office.slack.people.say(office.people.feedback, office.people.max, words, thread=thread)
    office.slack.until_settled()
    return ts


def open_form(office: Office, user: str, channel: Channel, ts: str) -> dict[str, Any]:
    assert office.slack.presses.shortcut(user, channel, ts, ids.SAVE_OPEN).is_acked
    view = office.modal_of(user)
    assert view["callback_id"] == ids.SAVE_SUBMIT
    return view


def fetch(office: Office) -> float | None:
    """Let the fetcher settle what is due; return the seconds until there is more."""
    office.slack.until_settled()
    fetcher = Fetcher(office.bot.parts, chance=lambda: 1.0, is_stopping=lambda: False)
    while (seconds := fetcher.turn()) == 0.0:
        pass
    return seconds


def kept(office: Office, channel: Channel, ts: str) -> Feedback:
    found = office.bot.kept(channel.channel_id, ts)
    assert found is not None
    return found


def broken(*_args: object, **_named: object) -> None:
    message = "out of order"
    raise RuntimeError(message)


def is_held(office: Office, channel: Channel, ts: str) -> bool:
    """Tell whether the words that came with a delivery are held still."""
    team = office.bot.workspace.team_id
    return office.bot.store.drafts.of_message(team, ChannelId(channel.channel_id), Ts(ts)) is not None


def states(office: Office) -> dict[str, int]:
    """Count what people asked to save, by what became of it."""
    return office.bot.store.fetches.counts(office.bot.workspace.team_id)


def rows(office: Office) -> list[FeedbackRow]:
    with office.database.reading() as session:
        return list(session.scalars(select(FeedbackRow)))


def row_of(office: Office, channel: Channel, ts: str) -> FeedbackRow:
    (row,) = [one for one in rows(office) if one.origin == slack_origin(ChannelId(channel.channel_id), Ts(ts))]
    return row


def waiting(office: Office) -> int:
    return office.bot.store.queue.counts(office.bot.workspace.team_id)["waiting"]


def owed(office: Office) -> list[Post]:
    """Claim the answers to direct messages that are due."""
    at, team_id = office.bot.parts.clock(), office.bot.workspace.team_id
    posts = office.bot.store.posts.claim(team_id, limit=5, lease=timedelta(minutes=1), at=at)
    return [post for post in posts if post.kind is PostKind.NOTICE]


def told(office: Office, exchange: Exchange, user: str) -> str:
    """Return what somebody was told, also in a channel that the bot is not in."""
    return str(exchange.responses[-1]["text"]) if exchange.responses else office.told(user)


def id_of(person: Person) -> UserId:
    return UserId(person.user_id)
