"""Post one digest: composed for the channel that will see it, as plain as Slack insists."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from bot.digest import Digest
from bot.digest_of import compose_from_history
from bot.errors import BlocksRefusedError, InputError, NotAllowedError, SlackUnavailableError
from bot.logs import said
from bot.parts import Parts
from bot.period import Period, day_of, name_of_days
from bot.port import Block, PersonFacts
from bot.rights import is_owner, who_decides
from bot.views.digest_blocks import FALL_BACK, Level, build_blocks
from bot.views.digest_offer import Offer, offer_row, offer_words
from bot.views.digest_text import build_slack_text
from classifiers.taxonomy import Taxonomy
from storage.ids import ScheduleId, TeamId, Ts
from storage.records import DigestClaim, Schedule

log = logging.getLogger(__name__)

T = TypeVar("T")
_PAGE = 100


def digest_block_id(claim: DigestClaim) -> str:
    """Name the first block of a schedule's digest of one period: how we know our own message again."""
    return f"digest:{claim.schedule_id}:{claim.period_end.astimezone(UTC):%Y-%m-%dT%H:%M}"


def post_digest(
    parts: Parts,
    claim: DigestClaim,
    period: Period,
    *,
    offered: Schedule | None = None,
    begin_before: datetime | None = None,
) -> Ts:
    """Compose and post the digest of a period in the claim's channel; return where it stands.

    Blocks that Slack refuses are tried again plainer, at last as text alone. ``offered`` adds the words and the
    button with which its owner posts it in the schedule's channel. Raises SlackError; SlackUnavailableError also
    when composing took so long that the claim may no longer hold.
    """
    digest = compose_from_history(parts.store.history, claim.team_id, period, claim.channel_id, parts.clock())
    if begin_before is not None and parts.clock() >= begin_before:
        message = "Composing the digest took longer than its claim holds; it is tried again."
        raise SlackUnavailableError(message)
    offer = [offer_row(offered, claim)] if offered else []
    words = f"\n{offer_words(offered, parts.command)}" if offered else ""

    def send(text: str, blocks: Sequence[Block]) -> Ts:
        whole = [*blocks, *offer] if blocks else None
        said_so = text if blocks else text + words
        return parts.slack.post(claim.channel_id, text=said_so, blocks=whole, key=digest_block_id(claim))

    return send_plainer(send, digest, parts.taxonomy_of(claim.team_id), block_id=digest_block_id(claim))


def send_plainer(send: Callable[[str, Sequence[Block]], T], digest: Digest, taxonomy: Taxonomy, *, block_id: str) -> T:
    """Send a digest with the best blocks that Slack takes: chart, table, text, at last without any."""
    text = build_slack_text(digest, taxonomy)
    level: Level | None = Level.CHART
    while level is not None:
        try:
            return send(text, build_blocks(digest, taxonomy, block_id=block_id, level=level))
        except BlocksRefusedError as error:
            log.warning("Slack refused a digest's blocks (%s).", level, extra=said("digest.plainer", code=error.code))
            level = FALL_BACK[level]
    return send(text, ())


def find_digest(parts: Parts, claim: DigestClaim) -> Ts | None:
    """Find the digest of a claim in its channel, where an earlier try may have posted it."""
    since = Ts(f"{(claim.due_at - timedelta(hours=1)).timestamp():.6f}")
    return parts.slack.find_own(claim.channel_id, digest_block_id(claim), since=since)


def post_offered(parts: Parts, team_id: TeamId, offer: Offer, person: PersonFacts) -> str:
    """Post in the schedule's channel the digest that its owner was shown first, once; return what to tell them.

    Composed anew for that channel: it holds what the channel may see, and what people have decided meanwhile.
    Raises InputError when the schedule was removed, NotAllowedError for others than its owner and the workspace's.
    """
    schedule = _schedule(parts, team_id, offer.schedule_id)
    if person.user_id != schedule.owner and not is_owner(parts, team_id, person):
        message = f"Only the person who set this digest can post it, or an owner. {who_decides(parts, team_id)}"
        raise NotAllowedError(message)
    claim = replace(_claim(parts, schedule, offer), channel_id=schedule.channel_id)
    if find_digest(parts, claim) is not None:
        return f"This digest stands in <#{schedule.channel_id}> already."
    days = (day_of(claim.period_start, schedule.zone), day_of(claim.period_end - timedelta(seconds=1), schedule.zone))
    period = Period(claim.period_start, claim.period_end, name_of_days(*days), schedule.zone)
    post_digest(parts, claim, period)
    return f"Posted in <#{schedule.channel_id}>."


def _schedule(parts: Parts, team_id: TeamId, schedule_id: ScheduleId) -> Schedule:
    after: ScheduleId | None = None
    while page := parts.store.schedules.of_team(team_id, after=after, limit=_PAGE):
        for schedule in page:
            if schedule.schedule_id == schedule_id:
                return schedule
        after = page[-1].schedule_id
    message = f"This digest's schedule was removed. Set it again with “{parts.command} digest here”."
    raise InputError(message)


def _claim(parts: Parts, schedule: Schedule, offer: Offer) -> DigestClaim:
    for claim in parts.store.schedules.digests(schedule.team_id, schedule.schedule_id):
        if claim.digest_id == offer.digest_id:
            return claim
    message = f"This digest is too old to be posted. “{parts.command} digest now” posts the newest."
    raise InputError(message)
