"""Post one digest: composed for the channel that will see it, as plain as Slack insists."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from bot.digest import Digest
from bot.digest_of import compose_from_history
from bot.errors import BlocksRefusedError, SharedChannelError, SlackUnavailableError
from bot.logs import said
from bot.parts import Parts
from bot.period import Period
from bot.port import Block, ChannelFacts
from bot.views.digest_blocks import FALL_BACK, Level, build_blocks
from bot.views.digest_offer import offer_row, offer_words
from bot.views.digest_text import build_slack_text
from classifiers.taxonomy import Taxonomy
from storage.ids import Ts
from storage.scheduled import DigestClaim, Schedule
from storage.vocabulary import ChannelKind

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)
"""How long a claim holds: longer than composing and every try of posting take together."""
T = TypeVar("T")


def digest_block_id(claim: DigestClaim) -> str:
    """Name the first block of a schedule's digest of one period: how we know our own message again."""
    return f"digest:{claim.schedule_id}:{claim.period_end.astimezone(UTC):%Y-%m-%dT%H:%M}"


def must_be_internal(facts: ChannelFacts, *, command: str) -> None:
    """Raise SharedChannelError for a channel of two organisations: a digest quotes all public channels."""
    if facts.kind is ChannelKind.SHARED:
        message = (
            "A channel shared with another organisation gets no digest, for its people would read quotes from all "
            f"public channels. Choose an internal channel and type “{command} digest here” or “{command} digest now” "
            "there."
        )
        raise SharedChannelError(message)


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
    when composing took so long that the claim may no longer hold; SharedChannelError when the channel that it is for
    has been shared with another organisation.
    """
    meant_for = offered.channel_id if offered else claim.channel_id
    facts = parts.slack.channel(meant_for)
    must_be_internal(facts, command=parts.command)
    digest = compose_from_history(parts.store.history, claim.team_id, period, claim.channel_id, parts.clock())
    if begin_before is not None and parts.clock() >= begin_before:
        message = "Composing the digest took longer than its claim holds; it is tried again."
        raise SlackUnavailableError(message)
    offer = [offer_row(offered, claim, facts.kind, command=parts.command)] if offered else []
    words = f"\n{offer_words(offered, facts.kind, command=parts.command)}" if offered else ""

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
