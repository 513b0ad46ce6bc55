from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.due import MADE_UP_WITHIN, Due, due, next_due_at, period_due
from bot.errors import InputError
from bot.period import zone_of
from bot.schedule_words import ScheduleTime, parse_schedule_time
from storage.ids import ChannelId, DigestId, ScheduleId, TeamId, Token, UserId
from storage.scheduled import DigestClaim, Schedule
from storage.vocabulary import DigestState

BERLIN, NEW_YORK, LORD_HOWE = "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"


def test_mondays_digest_is_of_the_week_before() -> None:
    (one,) = due(utc("2026-11-16T08:00"), [make_schedule(since="2026-11-12T00:00")], [])
    assert one.period.name == "9–15 Nov 2026 (week 46)"
    assert one.due_at == utc("2026-11-16T08:00")
    assert not one.too_late


def test_thursdays_digest_is_of_the_seven_days_before_thursday() -> None:
    (one,) = due(utc("2026-11-19T18:00"), [make_schedule(weekday=3, hour=16, since="2026-11-16T00:00")], [])
    assert one.period.name == "12–18 Nov 2026"


def test_nothing_is_due_a_moment_before() -> None:
    assert due(utc("2026-11-16T07:59"), [make_schedule(since="2026-11-12T00:00")], []) == []


@pytest.mark.parametrize(
    ("late", "too_late"), [(timedelta(), False), (MADE_UP_WITHIN, False), (timedelta(hours=25), True)]
)
def test_a_missed_one_is_made_up_within_a_day_and_skipped_later(late: timedelta, too_late: bool) -> None:
    (one,) = due(utc("2026-11-16T08:00") + late, [make_schedule(since="2026-11-12T00:00")], [])
    assert one.too_late is too_late


@pytest.mark.parametrize("state", [DigestState.POSTED, DigestState.SKIPPED])
def test_what_is_settled_is_not_due_again(state: DigestState) -> None:
    schedule, now = make_schedule(since="2026-11-12T00:00"), utc("2026-11-16T09:00")
    assert due(now, [schedule], [claim_of(due(now, [schedule], [])[0], state)]) == []


def test_what_is_only_claimed_is_due_still() -> None:
    schedule, now = make_schedule(since="2026-11-12T00:00"), utc("2026-11-16T09:00")
    asked = due(now, [schedule], [])
    assert due(now, [schedule], [claim_of(asked[0], DigestState.CLAIMED)]) == asked


def test_a_digest_of_another_schedule_settles_nothing() -> None:
    one, other, now = (
        make_schedule(1, since="2026-11-12T00:00"),
        make_schedule(2, since="2026-11-12T00:00"),
        utc("2026-11-16T09:00"),
    )
    settled = claim_of(due(now, [other], [])[0], DigestState.POSTED)
    assert [asked.schedule for asked in due(now, [one, other], [settled])] == [one]


def test_a_paused_schedule_is_never_due_and_a_resumed_one_makes_nothing_up() -> None:
    now = utc("2026-11-16T09:00")
    assert due(now, [make_schedule(paused=True)], []) == []
    assert due(now, [make_schedule(since="2026-11-16T08:30")], []) == []


def test_after_an_absence_the_oldest_comes_first_and_only_the_last_is_made_up() -> None:
    asked = due(utc("2026-11-16T20:00"), [make_schedule(since="2026-10-20T00:00")], [])
    assert [(one.due_at.isoformat()[:10], one.too_late) for one in asked] == [
        ("2026-10-26", True),
        ("2026-11-02", True),
        ("2026-11-09", True),
        ("2026-11-16", False),
    ]


@pytest.mark.parametrize(
    ("zone", "weekday", "hour", "minute", "day", "expected"),
    [
        (BERLIN, 6, 2, 30, "2026-03-29", "2026-03-29T01:00"),  # skipped: as soon as the clocks have jumped
        (BERLIN, 6, 2, 30, "2026-10-25", "2026-10-25T00:30"),  # twice: the first
        (NEW_YORK, 6, 2, 0, "2026-03-08", "2026-03-08T07:00"),
        (NEW_YORK, 6, 1, 30, "2026-11-01", "2026-11-01T05:30"),
        (LORD_HOWE, 6, 2, 10, "2026-10-04", "2026-10-03T15:30"),
        (LORD_HOWE, 6, 1, 40, "2026-04-05", "2026-04-04T14:40"),
        (BERLIN, 0, 9, 0, "2026-03-30", "2026-03-30T07:00"),
        (BERLIN, 0, 9, 0, "2026-10-26", "2026-10-26T08:00"),
    ],
)
def test_daylight_saving_moves_a_digest_and_never_doubles_or_drops_it(
    zone: str, weekday: int, hour: int, minute: int, day: str, expected: str
) -> None:
    schedule = make_schedule(weekday=weekday, hour=hour, minute=minute, zone=zone)
    at = utc(expected)
    assert at.astimezone(zone_of(zone)).date().isoformat() == day
    assert [one.due_at for one in due(at, [schedule], []) if one.due_at > at - timedelta(days=2)] == [at]
    assert all(one.due_at < at for one in due(at - timedelta(seconds=1), [schedule], []))
    assert next_due_at(schedule, at - timedelta(seconds=1), []) == at


@given(st.data())
def test_however_the_clock_is_walked_each_moment_is_posted_or_skipped_exactly_once(data: st.DataObject) -> None:
    schedule = make_schedule(
        weekday=data.draw(st.integers(0, 6)),
        hour=data.draw(st.sampled_from([0, 1, 2, 3, 9, 23])),
        minute=data.draw(st.sampled_from([0, 15, 30, 45])),
        zone=data.draw(st.sampled_from([BERLIN, NEW_YORK, LORD_HOWE, "America/Havana"])),
        since=data.draw(
            st.sampled_from(["2026-02-25T00:00", "2026-03-20T12:00", "2026-09-28T00:00", "2026-10-16T12:00"])
        ),
    )
    steps = data.draw(st.lists(st.integers(1, 90) | st.integers(60 * 5, 60 * 24 * 9), min_size=10, max_size=40))
    now, settled, skipped_late = schedule.active_since, [], True
    for minutes in steps:
        now += timedelta(minutes=minutes)
        for one in due(now, [schedule], settled):
            skipped_late &= one.too_late == (now - one.due_at > MADE_UP_WITHIN)
            settled.append(claim_of(one, DigestState.SKIPPED if one.too_late else DigestState.POSTED))
    assert skipped_late
    assert [digest.due_at for digest in settled] == walk(schedule, now)
    assert all(earlier.period_end == later.period_start for earlier, later in pairwise(settled))


@given(st.integers(0, 6), st.integers(0, 60 * 24 * 60))
def test_the_period_shown_now_is_that_of_the_last_moment_due(weekday: int, minutes: int) -> None:
    schedule, now = make_schedule(weekday=weekday), utc("2026-03-01T00:00") + timedelta(minutes=minutes)
    assert period_due(schedule, now) == due(now, [schedule], [])[-1].period


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("", ScheduleTime(0, 9, 0, None)),
        ("monday 9:00 Europe/Berlin", ScheduleTime(0, 9, 0, BERLIN)),
        ("europe/berlin fri 17:30", ScheduleTime(4, 17, 30, BERLIN)),
        ("every Thursday at 9am", ScheduleTime(3, 9, 0, None)),
        ("thurs 4 pm", ScheduleTime(3, 16, 0, None)),
        ("09.30", ScheduleTime(0, 9, 30, None)),
        ("17h", ScheduleTime(0, 17, 0, None)),
        ("17h30", ScheduleTime(0, 17, 30, None)),
        ("Sundays, 0:00", ScheduleTime(6, 0, 0, None)),
        ("12am", ScheduleTime(0, 0, 0, None)),
        ("12pm tue", ScheduleTime(1, 12, 0, None)),
        ("9", ScheduleTime(0, 9, 0, None)),
        ("UTC", ScheduleTime(0, 9, 0, "UTC")),
    ],
)
def test_a_schedule_is_read_as_people_write_it(words: str, expected: ScheduleTime) -> None:
    assert parse_schedule_time(words) == expected


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("mondy 9:00", "Did you mean Monday?"),
        ("monday 25:00", "“25:00” is no time of day"),
        ("monday 9:75", "“9:75” is no time of day"),
        ("13pm", "“13pm” is no time of day"),
        ("0am", "“0am” is no time of day"),
        ("9:00:00", "“9:00:00” is no time of day"),
        ("monday 9:00 Europe/Berln", "Did you mean Europe/Berlin?"),
        ("monday tuesday", "more than one weekday"),
        ("9:00 10:00", "more than one time"),
        ("UTC Europe/Berlin", "more than one zone"),
    ],
)
def test_what_is_no_schedule_is_refused_with_what_would_be(words: str, sentence: str) -> None:
    with pytest.raises(InputError, match=re.escape(sentence)):
        parse_schedule_time(words)


def utc(moment: str) -> datetime:
    return datetime.fromisoformat(moment).replace(tzinfo=UTC)


def walk(schedule: Schedule, until: datetime) -> list[datetime]:
    """List the first moments at which the local clock has reached the set time, by trying every quarter hour."""
    moments, zone, at = [], zone_of(schedule.zone), schedule.active_since
    reached = _has_come(schedule, at.astimezone(zone))
    while (at := at + timedelta(minutes=15)) <= until:
        if (now_reached := _has_come(schedule, at.astimezone(zone))) and not reached:
            day = at.astimezone(zone).date()
            if day not in {moment.astimezone(zone).date() for moment in moments}:
                moments.append(at)
        reached = now_reached
    return moments


def _has_come(schedule: Schedule, local: datetime) -> bool:
    return local.weekday() == schedule.weekday and (local.hour, local.minute) >= (schedule.hour, schedule.minute)


def make_schedule(
    number: int = 1,
    *,
    weekday: int = 0,
    hour: int = 9,
    minute: int = 0,
    zone: str = BERLIN,
    paused: bool = False,
    since: str = "2026-01-01T00:00",
) -> Schedule:
    return Schedule(
        ScheduleId(number), TeamId("T1"), ChannelId("C1"), UserId("U1"), weekday, hour, minute, zone, paused, utc(since)
    )


def claim_of(one: Due, state: DigestState) -> DigestClaim:
    return DigestClaim(
        digest_id=DigestId(1),
        team_id=one.schedule.team_id,
        schedule_id=one.schedule.schedule_id,
        period_start=one.period.start,
        period_end=one.period.end,
        due_at=one.due_at,
        state=state,
        token=Token("t"),
        channel_id=one.schedule.channel_id,
        ts=None,
        reason=None,
    )
