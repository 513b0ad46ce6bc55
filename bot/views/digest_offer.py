"""What stands around a digest that was not posted in its channel: the offer to post it, and why it was skipped."""

from __future__ import annotations

from typing import NamedTuple

from bot.views import ids
from bot.views.blocks import Block, button, section
from bot.views.labels import mention
from bot.views.text import escape
from storage.ids import ChannelId, DigestId, ScheduleId, UserId
from storage.scheduled import DigestClaim, Schedule
from storage.vocabulary import ChannelKind


class Offer(NamedTuple):
    """Know which digest of which schedule a button posts."""

    schedule_id: ScheduleId
    digest_id: DigestId


def offer_row(schedule: Schedule, claim: DigestClaim, kind: ChannelKind, *, command: str) -> Block:
    """Say for which channel this digest is, beside the button that posts it there."""
    said = f"{_meant_for(schedule, kind, command)} The first two come to you alone."
    value = f"{claim.schedule_id}:{claim.digest_id}"
    post = button("Post to the channel", ids.DIGEST_POST, value, primary=True)
    return section(said, block_id=f"offer:{value}") | {"accessory": post}


def taken_row(schedule: Schedule, by: UserId) -> Block:
    """Say that the digest was posted in its channel and by whom, where the button stood."""
    said = f"{mention(by)} posted this digest in <#{schedule.channel_id}>."
    return section(said, block_id=f"offered:{schedule.schedule_id}")


def parse_offer(value: str) -> Offer:
    """Read a button's value. Raises ValueError for one that we did not write."""
    schedule, _, digest = value.partition(":")
    return Offer(ScheduleId(int(schedule)), DigestId(int(digest)))


def offer_words(schedule: Schedule, kind: ChannelKind, *, command: str) -> str:
    """Say in plain text for which channel this digest is, where no button can be shown."""
    return f"{_meant_for(schedule, kind, command)} Type `{escape(command)} digest now` there to post it."


def say_not_posted(period: str, channel_id: ChannelId, reason: str, *, command: str) -> str:
    """Say that a period got no digest, why, and how to see it all the same."""
    return (
        f"The digest of {escape(period)} for <#{channel_id}> was not posted: {escape(reason).rstrip('.')}. "
        f"`{escape(command)} digest preview` shows the newest one."
    )


def _meant_for(schedule: Schedule, kind: ChannelKind, command: str) -> str:
    """Say for which channel a digest is; of a closed one also that the owner's message shows less than it will."""
    said = f"This is the digest for <#{schedule.channel_id}>."
    if kind is ChannelKind.PUBLIC:
        return said
    return (
        f"{said} That channel is closed, so its words, and its numbers unless they count elsewhere, are left out here: "
        f"`{escape(command)} digest preview` there shows the whole of it to you alone."
    )
