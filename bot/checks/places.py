"""Are the channels that Ballast watches within reach, and the people who decide known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.checks.diagnosis import Diagnosis, fail, ok, skipped, warn
from bot.errors import ChannelGoneError, SlackError, SlackUnavailableError
from bot.failure import describe
from bot.port import ChannelFacts, Slack
from storage.ids import UserId
from storage.records import Channel
from storage.vocabulary import ChannelKind, Watch

MOST_CHANNELS = 40
"""Slack answers about fifty such questions a minute; the running bot needs some of them."""
_PRIVATE = "groups:history"
_LATER = "Look again in a minute; check the network and its proxies if it stays so."


def check_channels(slack: Slack, channels: Sequence[Channel], *, command: str) -> Iterator[Diagnosis]:
    """Say of each watched channel whether it can be heard; ends early where Slack does not answer."""
    watched = [channel for channel in channels if channel.watch is not Watch.OFF]
    if not watched:
        remedy = f"Invite the bot to the channel where feedback is shared and choose, or type “{command} watch” there."
        yield warn("channels", "No channel is watched: nothing is captured.", remedy)
    for channel in watched[:MOST_CHANNELS]:
        try:
            yield check_channel(slack, channel, command=command)
        except SlackUnavailableError as error:
            yield fail("channels", f"Slack did not answer about all of them: {describe(error)}", _LATER)
            return
    more = len(watched) - MOST_CHANNELS
    if more > 0:
        yield skipped("channels", f"{more} more are watched and were not asked about, to spare Slack's limit.")


def check_channel(slack: Slack, channel: Channel, *, command: str) -> Diagnosis:
    """Say whether a watched channel can be heard, and by whom. Raises SlackError for what says nothing about it."""
    name = f"channel {_shown(channel)}"
    again = f"Invite the bot there again, or type “{command} unwatch” there."
    try:
        facts = slack.channel(channel.channel_id)
    except ChannelGoneError:
        return fail(name, "Watched, but deleted, or private and the bot is not in it: nothing is heard.", again)
    if facts.is_archived:
        return warn(name, "Watched, but archived: nothing new can be said there.", "Unarchive it, or let it be.")
    if facts.is_member is False:
        return fail(name, "Watched, but the bot is not in it: nothing is heard.", again)
    granted = slack.granted_scopes()
    if facts.kind is ChannelKind.PRIVATE and granted is not None and _PRIVATE not in granted:
        remedy = "Install the app anew with its optional permissions, then invite the bot there again."
        return fail(name, f"Watched and private, but {_PRIVATE} was not granted: nothing is heard.", remedy)
    return _by_kind(name, channel, facts, command)


def check_owners(slack: Slack, named: Sequence[UserId], *, command: str) -> Iterator[Diagnosis]:
    """Look up each person who was named as owner; the workspace's admins need no name."""
    for user_id in named:
        if problem := _problem_of(slack, user_id):
            remedy = f"Correct BALLAST_OWNERS, or type “{command} owner remove” and “{command} owner @person”."
            yield warn("owners", f"{user_id} is named as owner, but {problem}.", remedy)
    more = f", and {len(named)} named besides" if named else "; nobody is named besides"
    yield ok("owners", f"The admins of the workspace decide{more}.")


def _problem_of(slack: Slack, user_id: UserId) -> str:
    try:
        person = slack.person(user_id)
    except SlackUnavailableError:
        raise
    except SlackError as error:
        return f"Slack tells nothing of them ({error.code or 'no reason given'})"
    if person.is_bot:
        return "is a bot, which Ballast does not answer"
    return "is a guest or of another organisation, whom Ballast does not answer" if person.is_outsider else ""


def _shown(channel: Channel) -> str:
    return f"#{channel.name}" if channel.name else channel.channel_id


def _by_kind(name: str, channel: Channel, facts: ChannelFacts, command: str) -> Diagnosis:
    if facts.kind is ChannelKind.SHARED and channel.kind is not ChannelKind.SHARED:
        return warn(
            name,
            "It has been shared with another organisation since it was chosen, and is not caught up on.",
            f"An owner confirms with “{command} watch {channel.watch.value} shared”, or types “{command} unwatch”.",
        )
    known = "" if facts.is_member else " Slack does not say whether the bot is in it."
    return ok(name, f"Watched ({channel.watch.value}), answers: {channel.answer.value}.{known}")
