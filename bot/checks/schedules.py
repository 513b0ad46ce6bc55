"""When does each digest come next, can it be posted, and what became of the last one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.checks.diagnosis import Diagnosis, fail, ok, warn
from bot.due import next_due_at
from bot.errors import ChannelGoneError, InputError
from bot.period import zone_of
from bot.port import Slack
from storage.scheduled import DigestClaim, Schedule
from storage.vocabulary import DigestState

NONE_SET = "No weekly digest is set."


@dataclass(frozen=True, slots=True)
class Posting:
    """Hold what is known of one schedule: itself, its newest claim, and how people call its channel."""

    schedule: Schedule
    newest: DigestClaim | None
    channel: str


def check_schedules(
    postings: Sequence[Posting], slack: Slack | None, now: datetime, *, command: str
) -> Iterator[Diagnosis]:
    """Say of each schedule how it stands; without ``slack`` its channel is not looked up."""
    if not postings:
        yield ok("digests", f"{NONE_SET} “{command} digest here monday 9:00” in a channel sets one.")
    for posting in postings:
        yield check_schedule(posting, slack, now, command=command)


def check_schedule(posting: Posting, slack: Slack | None, now: datetime, *, command: str) -> Diagnosis:
    """Say when the next digest comes, whether its channel takes it, and what became of the last one."""
    schedule, name = posting.schedule, f"digest in {posting.channel}"
    try:
        zone = zone_of(schedule.zone)
    except InputError as error:
        return fail(name, str(error), f"Set it anew there: “{command} digest here monday 9:00 Europe/Berlin”.")
    if slack is not None and not _takes_posts(slack, schedule):
        sentence = "Its channel is archived, deleted, or the bot is not in it: no digest can be posted."
        return fail(name, sentence, "Invite the bot there again, or set the digest in another channel.")
    if schedule.paused:
        return warn(
            name, f"It is paused. {_last(posting.newest)}", f"“{command} digest resume” there lets it come again."
        )
    due_at = next_due_at(schedule, now, [posting.newest] if posting.newest else []).astimezone(zone)
    sentence = f"The next one comes on {due_at:%A} {due_at:%Y-%m-%d %H:%M} ({schedule.zone}). {_last(posting.newest)}"
    if posting.newest is not None and posting.newest.state is DigestState.SKIPPED:
        return warn(name, sentence, f"“{command} digest now” there posts the newest, once the reason is gone.")
    return ok(name, sentence)


def _takes_posts(slack: Slack, schedule: Schedule) -> bool:
    try:
        facts = slack.channel(schedule.channel_id)
    except ChannelGoneError:
        return False
    return not facts.is_archived and facts.is_member is not False


def _last(claim: DigestClaim | None) -> str:
    if claim is None:
        return "None has come yet."
    match claim.state:
        case DigestState.POSTED:
            return f"The last one was posted on {claim.posted_at or claim.due_at:%Y-%m-%d %H:%M} UTC."
        case DigestState.SKIPPED:
            return f"The last one, due {claim.due_at:%Y-%m-%d %H:%M} UTC, was skipped: {claim.reason}"
        case _:
            return f"The one due {claim.due_at:%Y-%m-%d %H:%M} UTC is being posted or tried again."
