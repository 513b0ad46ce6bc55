"""What a schedule's owner is shown first, posted in its channel when somebody presses the button; once.

The press claims the digest's row anew, now for the schedule's channel. So of two presses at once one posts, and what
a crash or a silent Slack leaves half done the publisher ends as it ends any claim that ran out.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence

from bot.digest_of import compose_from_history
from bot.due import period_of
from bot.errors import InputError, NotAllowedError, SharedChannelError, SlackError, SlackUnavailableError
from bot.failure import describe
from bot.logs import said
from bot.parts import Parts
from bot.period import Period
from bot.port import Block, PersonFacts
from bot.post_digest import LEASE, digest_block_id, find_digest, post_digest, send_plainer
from bot.rights import is_owner, who_decides
from bot.views.digest_offer import Offer, taken_row
from storage.ids import ScheduleId, TeamId
from storage.scheduled import DigestClaim, Schedule

log = logging.getLogger(__name__)

_PAGE = 100


def post_offered(parts: Parts, team_id: TeamId, offer: Offer, person: PersonFacts) -> str:
    """Post in the schedule's channel the digest that its owner was shown first, once; return what to tell them.

    Composed anew for that channel: it holds what the channel may see, and what people have decided meanwhile.
    The owner's message says afterwards that it was posted. Raises InputError when the schedule was removed,
    NotAllowedError for others than its owner and the workspace's, SlackError when Slack refuses to post it,
    SharedChannelError when its channel has been shared with another organisation.
    """
    schedule = _schedule(parts, team_id, offer.schedule_id)
    if person.user_id != schedule.owner and not is_owner(parts, team_id, person):
        message = f"Only the person who set this digest can post it, or an owner. {who_decides(parts, team_id)}"
        raise NotAllowedError(message)
    shown = _shown(parts, schedule, offer)
    claim = parts.store.schedules.claim_shown(schedule, shown.digest_id, lease=LEASE, at=parts.clock())
    if claim is None:
        return f"This digest stands in <#{schedule.channel_id}> already, or is posted there as soon as Slack answers."
    try:
        _post_once(parts, claim, period_of(schedule, claim))
    except SlackUnavailableError:
        return f"Slack does not answer. Ballast posts the digest in <#{schedule.channel_id}> when it does."
    except (SharedChannelError, SlackError):
        parts.store.schedules.shown_again(claim, shown)
        raise
    _say_in_place(parts, schedule, shown, person)
    return f"Posted in <#{schedule.channel_id}>."


def _post_once(parts: Parts, claim: DigestClaim, period: Period) -> None:
    ts = find_digest(parts, claim) or post_digest(parts, claim, period)
    parts.store.schedules.posted(claim, ts, at=parts.clock())


def _say_in_place(parts: Parts, schedule: Schedule, shown: DigestClaim, person: PersonFacts) -> None:
    """Put in the button's place who posted the digest; where Slack will not, the button stays and posts nothing."""
    if shown.ts is None:
        return
    ts, channel_id, row = shown.ts, shown.channel_id, taken_row(schedule, person.user_id)
    period = period_of(schedule, shown)
    digest = compose_from_history(parts.store.history, shown.team_id, period, channel_id, parts.clock())

    def send(text: str, blocks: Sequence[Block]) -> None:
        parts.slack.update(channel_id, ts, text=text, blocks=[*blocks, row] if blocks else None)

    try:
        send_plainer(send, digest, parts.taxonomy_of(shown.team_id), block_id=digest_block_id(shown))
    except SlackError as error:
        ids = said("offer.not_marked", team=shown.team_id, schedule=schedule.schedule_id)
        log.warning("The owner's message still shows the button: %s", describe(error), extra=ids)


def _schedule(parts: Parts, team_id: TeamId, schedule_id: ScheduleId) -> Schedule:
    after: ScheduleId | None = None
    while page := parts.store.schedules.of_team(team_id, after=after, limit=_PAGE):
        for schedule in page:
            if schedule.schedule_id == schedule_id:
                return schedule
        after = page[-1].schedule_id
    message = f"This digest's schedule was removed. Set it again with “{parts.command} digest here”."
    raise InputError(message)


def _shown(parts: Parts, schedule: Schedule, offer: Offer) -> DigestClaim:
    for claim in parts.store.schedules.digests(schedule.team_id, schedule.schedule_id):
        if claim.digest_id == offer.digest_id:
            return claim
    message = f"This digest is too old to be posted. “{parts.command} digest now” posts the newest."
    raise InputError(message)
