"""Each period's digest is claimed once, and a claim that ran out is taken again."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.parts import Store
from storage.ids import ChannelId
from storage.scheduled import DigestClaim, Schedule
from storage.vocabulary import DigestState
from tests.factories import CHANNEL, LATER, LEASE, NOW, OTHER_TEAM, OWNER, PERSON, TEAM, make_ts

WEEK = (NOW - timedelta(days=7), NOW)
DIRECT = ChannelId("D0OWNER")


def test_schedule_is_one_a_channel_and_setting_it_again_changes_and_resumes_it(store: Store) -> None:
    first = set_schedule(store)
    store.schedules.pause(TEAM, CHANNEL, paused=True, by=OWNER, at=NOW)

    second = set_schedule(store, owner=PERSON, hour=15, at=LATER)

    assert second.schedule_id == first.schedule_id
    assert (second.owner, second.hour, second.paused, second.active_since) == (PERSON, 15, False, LATER)
    assert store.schedules.of_team(TEAM) == [second]
    assert store.schedules.of_channel(OTHER_TEAM, CHANNEL) is None


def test_resuming_does_not_make_up_what_was_due_meanwhile(store: Store) -> None:
    set_schedule(store)
    store.schedules.pause(TEAM, CHANNEL, paused=True, by=OWNER, at=NOW)

    resumed = store.schedules.pause(TEAM, CHANNEL, paused=False, by=OWNER, at=LATER)

    assert resumed is not None
    assert resumed.active_since == LATER
    assert store.schedules.pause(OTHER_TEAM, CHANNEL, paused=True, by=OWNER, at=NOW) is None


def test_whatever_is_chosen_about_a_digest_is_in_the_log_once(store: Store) -> None:
    set_schedule(store)
    set_schedule(store)
    set_schedule(store, owner=PERSON, weekday=4, minute=5, at=LATER)
    for _ in range(2):
        store.schedules.pause(TEAM, CHANNEL, paused=True, by=OWNER, at=LATER)
    store.schedules.remove(TEAM, CHANNEL, by=OWNER, at=LATER)

    monday, friday = "monday 9:00 Europe/Berlin", "friday 9:05 Europe/Berlin"
    log = reversed(store.choices.log.changes(TEAM, channel_id=CHANNEL))
    assert [(one.name, one.before, one.after, one.changed_by, one.changed_at) for one in log] == [
        ("digest", None, monday, OWNER, NOW),
        ("digest", monday, friday, PERSON, LATER),
        ("digest", friday, f"{friday}, paused", OWNER, LATER),
        ("digest", f"{friday}, paused", None, OWNER, LATER),
    ]


def test_second_claim_of_a_period_is_refused(store: Store) -> None:
    schedule = set_schedule(store)

    first, second = claim(store, schedule), claim(store, schedule)

    assert first is not None
    assert (first.state, first.channel_id, first.retaken) == (DigestState.CLAIMED, CHANNEL, False)
    assert second is None


def test_of_many_who_claim_at_once_one_gets_the_period(store: Store) -> None:
    schedule = set_schedule(store)
    with ThreadPoolExecutor(max_workers=5) as clocks:
        claims = list(clocks.map(lambda _clock: claim(store, schedule), range(5)))

    assert len([each for each in claims if each is not None]) == 1


def test_claim_that_ran_out_is_retaken_in_the_same_channel(store: Store) -> None:
    schedule = set_schedule(store)
    first = claim(store, schedule)

    again = claim(store, schedule, channel_id=DIRECT, at=NOW + LEASE)

    assert first is not None
    assert again is not None
    assert (again.retaken, again.channel_id) == (True, CHANNEL)
    assert not store.schedules.posted(first, make_ts(1), at=LATER)
    assert store.schedules.posted(again, make_ts(1), at=LATER)


@pytest.mark.parametrize("end", [DigestState.POSTED, DigestState.SKIPPED])
def test_period_that_was_dealt_with_is_not_claimed_again(store: Store, end: DigestState) -> None:
    schedule = set_schedule(store)
    held = claim(store, schedule)
    assert held is not None
    if end is DigestState.POSTED:
        assert store.schedules.posted(held, make_ts(1), at=LATER)
    else:
        assert store.schedules.skipped(held, reason="nothing was heard")

    assert claim(store, schedule, at=NOW + 10 * LEASE) is None
    [digest] = store.schedules.digests(TEAM, schedule.schedule_id)
    assert digest.state is end


def test_posted_digest_is_remembered_with_its_message_and_time(store: Store) -> None:
    schedule = set_schedule(store)
    held = claim(store, schedule)
    assert held is not None
    store.schedules.posted(held, make_ts(1), at=LATER)

    [digest] = store.schedules.digests(TEAM, schedule.schedule_id)
    assert (digest.ts, digest.posted_at) == (make_ts(1), LATER)


def test_put_off_claim_can_be_retaken_from_then(store: Store) -> None:
    schedule = set_schedule(store)
    held = claim(store, schedule)
    assert held is not None
    store.schedules.put_off(held, until=NOW + timedelta(seconds=5))

    assert claim(store, schedule, at=NOW + timedelta(seconds=4)) is None
    assert claim(store, schedule, at=NOW + timedelta(seconds=5)) is not None


def test_digest_shown_to_its_owner_is_claimed_once_for_the_channel(store: Store) -> None:
    schedule, shown = show_first(store)

    held = store.schedules.claim_shown(schedule, shown.digest_id, lease=LEASE, at=NOW)

    assert held is not None
    assert (held.channel_id, held.state, held.retaken) == (CHANNEL, DigestState.CLAIMED, True)
    assert store.schedules.claim_shown(schedule, shown.digest_id, lease=LEASE, at=NOW) is None
    assert store.schedules.posted(held, make_ts(2), at=LATER)
    assert store.schedules.claim_shown(schedule, shown.digest_id, lease=LEASE, at=NOW + 2 * LEASE) is None


def test_claim_for_the_channel_that_ran_out_is_retaken_by_whoever_comes(store: Store) -> None:
    schedule, shown = show_first(store)
    store.schedules.claim_shown(schedule, shown.digest_id, lease=LEASE, at=NOW)

    by_the_clock = claim(store, schedule, channel_id=DIRECT, at=NOW + LEASE)
    assert by_the_clock is not None
    assert (by_the_clock.channel_id, by_the_clock.retaken) == (CHANNEL, True)
    assert store.schedules.claim_shown(schedule, shown.digest_id, lease=LEASE, at=NOW + 2 * LEASE) is not None


def test_claim_for_the_channel_that_is_given_back_can_be_made_again(store: Store) -> None:
    schedule, shown = show_first(store)
    held = store.schedules.claim_shown(schedule, shown.digest_id, lease=LEASE, at=NOW)
    assert held is not None

    assert store.schedules.shown_again(held, shown)

    [digest] = store.schedules.digests(TEAM, schedule.schedule_id)
    assert (digest.state, digest.channel_id, digest.ts) == (DigestState.POSTED, DIRECT, make_ts(1))
    assert store.schedules.claim_shown(schedule, shown.digest_id, lease=LEASE, at=NOW) is not None


def test_removed_schedule_claims_nothing(store: Store) -> None:
    schedule = set_schedule(store)
    claim(store, schedule)

    assert store.schedules.remove(TEAM, CHANNEL, by=OWNER, at=NOW)

    assert not store.schedules.remove(TEAM, CHANNEL, by=OWNER, at=NOW)
    assert claim(store, schedule) is None
    assert store.schedules.digests(TEAM, schedule.schedule_id) == []


def test_digests_are_listed_newest_first_in_pages(store: Store) -> None:
    schedule = set_schedule(store)
    weeks = [(WEEK[0] - timedelta(weeks=back), WEEK[1] - timedelta(weeks=back)) for back in (1, 0, 2)]
    for week in weeks:
        claim(store, schedule, period=week)

    page = store.schedules.digests(TEAM, schedule.schedule_id, limit=2)
    rest = store.schedules.digests(TEAM, schedule.schedule_id, before=page[-1].period_start)

    assert [each.period_end for each in [*page, *rest]] == [weeks[1][1], weeks[0][1], weeks[2][1]]


def set_schedule(store: Store, at: datetime = NOW, **changes: Any) -> Schedule:
    wanted = {"owner": OWNER, "weekday": 0, "hour": 9, "minute": 0, "zone": "Europe/Berlin", **changes}
    return store.schedules.set(TEAM, CHANNEL, at=at, **wanted)


def show_first(store: Store) -> tuple[Schedule, DigestClaim]:
    """Set a schedule whose digest of the week stands in the direct message with its owner."""
    schedule = set_schedule(store)
    first = claim(store, schedule, channel_id=DIRECT)
    assert first is not None
    store.schedules.posted(first, make_ts(1), at=NOW)
    [shown] = store.schedules.digests(TEAM, schedule.schedule_id)
    return schedule, shown


def claim(store: Store, schedule: Schedule, **changes: Any) -> DigestClaim | None:
    wanted = {"period": WEEK, "due_at": NOW, "channel_id": CHANNEL, "lease": LEASE, "at": NOW, **changes}
    return store.schedules.claim(schedule, **wanted)
