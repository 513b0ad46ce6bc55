"""Each schedule tells its next digest and what became of the last."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.checks.diagnosis import Outcome
from storage.ids import ChannelId, UserId
from tests.bot.checks.bedside import LONG_AGO, Bedside
from tests.factories import LEASE, make_ts


def test_no_digest_is_no_fault(bedside: Bedside) -> None:
    assert bedside.found("digests").outcome is Outcome.OK


def test_a_schedule_tells_its_next_digest_and_that_none_has_come(bedside: Bedside) -> None:
    bedside.schedule()

    found = bedside.found("digest in #feedback")

    assert "The next one comes on Monday" in found.sentence
    assert "09:00 (Europe/Berlin). None has come yet." in found.sentence


def test_a_paused_schedule_is_told(bedside: Bedside) -> None:
    bedside.schedule()
    bedside.store.schedules.pause(bedside.team, bedside.channel, paused=True, by=UserId("U1"), at=LONG_AGO)

    found = bedside.found("digest in #feedback")

    assert (found.outcome, "digest resume" in found.remedy) == (Outcome.WARN, True)


def test_a_schedule_of_a_zone_that_nobody_knows_fails(bedside: Bedside) -> None:
    bedside.schedule(zone="Mars/Base")

    assert "Mars/Base" in bedside.found("digest in #feedback").sentence


def test_a_schedule_of_a_channel_without_the_bot_fails(bedside: Bedside) -> None:
    bedside.schedule(channel=ChannelId(bedside.workspace.product.channel_id))

    found = bedside.found(f"digest in {bedside.workspace.product.channel_id}")

    assert found.outcome is Outcome.FAIL


@pytest.mark.parametrize(
    ("is_skipped", "outcome", "words"),
    [(True, Outcome.WARN, "was skipped: it was too late"), (False, Outcome.OK, "posted on 2026-11-09 09:01 UTC")],
)
def test_what_became_of_the_last_digest_is_told(
    bedside: Bedside, *, is_skipped: bool, outcome: Outcome, words: str
) -> None:
    schedule, due_at = bedside.schedule(), LONG_AGO + timedelta(days=7)
    period = (LONG_AGO, due_at)
    claim = bedside.store.schedules.claim(
        schedule, period=period, due_at=due_at, channel_id=bedside.channel, lease=LEASE, at=due_at
    )
    assert claim is not None
    if is_skipped:
        bedside.store.schedules.skipped(claim, reason="it was too late")
    else:
        bedside.store.schedules.posted(claim, make_ts(3), at=due_at + timedelta(minutes=1))

    found = bedside.found("digest in #feedback")

    assert (found.outcome, words in found.sentence) == (outcome, True), found
