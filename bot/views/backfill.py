"""What a channel is told while its past is read: how far it is, what was found, and a button that ends it."""

from __future__ import annotations

from bot.period import day_of, name_of_days
from bot.shapes.times import read_ts
from bot.views import ids
from bot.views.blocks import Block, button, section
from bot.views.labels import TERMINAL_USER, mention
from bot.views.text import escape
from storage.ids import BackfillId, Ts
from storage.past import Backfill
from storage.vocabulary import BackfillState

_PERCENT = 100


def backfill_key(backfill_id: BackfillId) -> str:
    """Name the message that tells of a back-fill: the id of its first block."""
    return f"backfill:{backfill_id}"


def build_progress(backfill: Backfill, zone: str) -> tuple[str, list[Block]]:
    """Say how far the reading of a channel's past is, or how it ended."""
    text = _sentence(backfill, zone)
    block = section(text, block_id=backfill_key(backfill.backfill_id))
    if backfill.state is BackfillState.RUNNING:
        block["accessory"] = button("Cancel", ids.BACKFILL_CANCEL, str(backfill.backfill_id))
    return text, [block]


def share_read(backfill: Backfill) -> float:
    """Tell how much of the time asked for has been read, 0 to 1; how many messages it holds nobody knows before."""
    if backfill.state is BackfillState.DONE:
        return 1.0
    whole = float(backfill.latest) - float(backfill.oldest)
    read = float(backfill.latest) - float(backfill.down_to or backfill.latest)
    return min(1.0, max(0.0, read / whole)) if whole > 0 else 0.0


def _sentence(backfill: Backfill, zone: str) -> str:
    begin, found = _day(backfill.oldest, zone), _found(backfill)
    match backfill.state:
        case BackfillState.RUNNING:
            who = "Whoever runs Ballast" if backfill.asked_by == TERMINAL_USER else mention(backfill.asked_by)
            reached = _day(backfill.down_to or backfill.latest, zone)
            share = f"{share_read(backfill) * _PERCENT:.0f} %"
            return (
                f"{who} asked Ballast to read this channel back to {begin}. It has come to {reached} ({share}): "
                f"{found}. Nothing is posted under old messages."
            )
        case BackfillState.DONE:
            return f"Ballast has read this channel back to {begin}: {found}."
        case BackfillState.CANCELLED:
            return f"The reading of this channel's past was cancelled. What was kept until then stays: {found}."
        case BackfillState.FAILED:
            why = escape(backfill.reason or "Slack refused it").rstrip(".")
            return f"The reading of this channel's past ended early: {why}. Until then {found}."


def _found(backfill: Backfill) -> str:
    return f"{backfill.seen:,} messages seen, {backfill.new:,} kept that were not known"


def _day(ts: Ts, zone: str) -> str:
    day = day_of(read_ts(ts), zone)
    return name_of_days(day, day)
