"""The sub-command of digests: when they come, and one for whoever cannot wait."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from bot.commands.command import Asked, Command, Reply, zone_of_person
from bot.digest_of import compose_from_history
from bot.due import next_due_at, period_due
from bot.errors import InputError, SlackError, SlackUnavailableError
from bot.failure import describe
from bot.logs import said
from bot.parts import Parts
from bot.period import Period, day_of, name_of_days, week_of
from bot.port import Block
from bot.post_digest import must_be_internal, send_plainer
from bot.publish import left_for_the_owner
from bot.rights import must_own
from bot.schedule_words import EXAMPLE, WEEKDAYS, parse_schedule_time
from bot.shapes.times import write_ts
from bot.views.labels import mention
from bot.views.text import escape
from storage.scheduled import Schedule

log = logging.getLogger(__name__)

_LOOKED_BACK = timedelta(hours=1)
"""So far before it was asked for a post is looked for: Slack's clock and ours differ."""
_POSTED = "Posted. The scheduled digest comes at its time all the same."
_MAY_STAND = (
    "Slack does not answer Ballast at the moment. The digest may stand here already: look before you ask for it again."
)
USAGE = "digest here [monday 9:00 [Europe/Berlin]] | preview | now | pause | resume"


def answer_digest(parts: Parts, asked: Asked) -> Reply:
    """Do what the first word says. Raises InputError with the usage and an example for any other."""
    action, _, rest = asked.words.strip().partition(" ")
    work = ACTIONS.get(action.lower())
    if work is None:
        message = f"Type “{parts.command} {USAGE}”, for example “{parts.command} digest here {EXAMPLE}”."
        raise InputError(message)
    return work(parts, asked, rest)


def set_here(parts: Parts, asked: Asked, words: str) -> Reply:
    """Set or change the channel's schedule, and say whose clock it goes by."""
    must_own(parts, asked.team_id, asked.person)
    when = parse_schedule_time(words)
    facts = parts.slack.channel(asked.channel_id)
    must_be_internal(facts, command=parts.command)
    if facts.is_member is False:
        message = "Ballast is not in this channel, so it cannot post here. Invite it, then set the digest again."
        raise InputError(message)
    zone, whose = _zone(parts, asked, when.zone)
    now = parts.clock()
    schedule = parts.store.schedules.set(
        asked.team_id,
        asked.channel_id,
        owner=asked.person.user_id,
        weekday=when.weekday,
        hour=when.hour,
        minute=when.minute,
        zone=zone,
        at=now,
    )
    who = mention(asked.person.user_id)
    return Reply(
        f"{who} set a weekly digest here: {_when(schedule)}, {whose}. The next one comes on "
        f"{_next(parts, schedule, now)}; {_where_first(left_for_the_owner(parts, schedule), who)}.",
        to_channel=True,
    )


def preview(parts: Parts, asked: Asked, _words: str) -> Reply:
    """Show the newest digest to the one who asks alone; no claim is taken."""
    channel, person = asked.channel_id, asked.person.user_id

    def send(text: str, blocks: Sequence[Block]) -> None:
        parts.slack.post_only_to(channel, person, text=text, blocks=blocks or None)

    _send(parts, asked, send, parts.clock())
    return Reply("That is the newest digest, as this channel would see it. Only you see it now.")


def post_now(parts: Parts, asked: Asked, _words: str) -> Reply:
    """Post the newest digest in the channel; no claim is taken, so the scheduled one still comes."""
    must_own(parts, asked.team_id, asked.person)
    must_be_internal(parts.slack.channel(asked.channel_id), command=parts.command)
    now = parts.clock()

    def send(text: str, blocks: Sequence[Block]) -> None:
        parts.slack.post(asked.channel_id, text=text, blocks=blocks or None, key=_block_id(asked, now))

    try:
        _send(parts, asked, send, now)
    except SlackUnavailableError as error:
        return _unheard(parts, asked, now, error)
    return Reply(_POSTED)


def pause(parts: Parts, asked: Asked, _words: str) -> Reply:
    """Let no digest come until it is resumed."""
    must_own(parts, asked.team_id, asked.person)
    _pause(parts, asked, paused=True)
    resume_words = escape(f"{parts.command} digest resume")
    return Reply(
        f"{mention(asked.person.user_id)} paused the digest here. `{resume_words}` resumes it.", to_channel=True
    )


def resume(parts: Parts, asked: Asked, _words: str) -> Reply:
    """Let digests come again; what was due meanwhile is not made up. In a channel shared since, none would come."""
    must_own(parts, asked.team_id, asked.person)
    must_be_internal(parts.slack.channel(asked.channel_id), command=parts.command)
    schedule = _pause(parts, asked, paused=False)
    next_one = _next(parts, schedule, parts.clock())
    who = mention(asked.person.user_id)
    return Reply(
        f"{who} resumed the digest here: {_when(schedule)}. The next one comes on {next_one}.", to_channel=True
    )


ACTIONS: Mapping[str, Callable[[Parts, Asked, str], Reply]] = {
    "here": set_here,
    "preview": preview,
    "now": post_now,
    "pause": pause,
    "resume": resume,
}


def _send(parts: Parts, asked: Asked, send: Callable[[str, Sequence[Block]], None], now: datetime) -> None:
    digest = compose_from_history(parts.store.history, asked.team_id, _period(parts, asked, now), asked.channel_id, now)
    send_plainer(send, digest, parts.taxonomy_of(asked.team_id), block_id=_block_id(asked, now))


def _block_id(asked: Asked, now: datetime) -> str:
    return f"digest:asked:{asked.channel_id}:{now.timestamp():.6f}"


def _unheard(parts: Parts, asked: Asked, now: datetime, error: SlackUnavailableError) -> Reply:
    """Look once whether Slack took a digest without saying so. Raises the error where it did not."""
    since = write_ts(now - _LOOKED_BACK)
    try:
        found = parts.slack.find_own(asked.channel_id, _block_id(asked, now), since=since)
    except SlackError:
        ids = said("digest.unheard", team=asked.team_id, channel=asked.channel_id)
        log.warning("A digest may stand in its channel or not: %s", describe(error), extra=ids)
        return Reply(_MAY_STAND)
    if found is None:
        raise error
    return Reply(_POSTED)


def _period(parts: Parts, asked: Asked, now: datetime) -> Period:
    """Return the channel's last due period, else the last whole week of the one who asks."""
    schedule = parts.store.schedules.of_channel(asked.team_id, asked.channel_id)
    if schedule is not None:
        return period_due(schedule, now)
    zone, _ = _zone(parts, asked, None)
    return week_of(week_of(now, zone).start - timedelta(seconds=1), zone)


def _zone(parts: Parts, asked: Asked, named: str | None) -> tuple[str, str]:
    """Return the zone that was named, else the person's, else the configured one, and say which it is."""
    if named is not None:
        return named, f"in the zone you named ({named})"
    theirs = zone_of_person(asked.person)
    if theirs is not None:
        return theirs, f"in your zone by Slack ({theirs})"
    return parts.default_zone, f"in the configured zone ({parts.default_zone})"


def _pause(parts: Parts, asked: Asked, *, paused: bool) -> Schedule:
    by, at = asked.person.user_id, parts.clock()
    schedule = parts.store.schedules.pause(asked.team_id, asked.channel_id, paused=paused, by=by, at=at)
    if schedule is None:
        message = f"No digest is set in this channel. Set one with “{parts.command} digest here {EXAMPLE}”."
        raise InputError(message)
    return schedule


def _when(schedule: Schedule) -> str:
    return f"{WEEKDAYS[schedule.weekday]}s at {schedule.hour}:{schedule.minute:02}"


def _where_first(left: int, who: str) -> str:
    """Say where the first digests go, the ones that were shown before the schedule was changed left out."""
    if not left:
        return "it is posted here without being shown to anybody first"
    if left == 1:
        return f"it goes to {who} alone, with a button that posts it here"
    return f"the first two go to {who} alone, with a button that posts them here"


def _next(parts: Parts, schedule: Schedule, now: datetime) -> str:
    newest = parts.store.schedules.digests(schedule.team_id, schedule.schedule_id, limit=1)
    day = day_of(next_due_at(schedule, now, newest), schedule.zone)
    return name_of_days(day, day)


DIGEST_COMMANDS = (Command("digest", USAGE, "set the weekly digest of this channel, or see one now", answer_digest),)
