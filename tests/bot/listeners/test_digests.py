"""``/ballast digest`` typed in Slack, answered by the bot over Socket Mode."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest

from bot.publish import Publisher
from bot.sandbox.channels import Kind
from bot.views.ids import DIGEST_POST
from storage.ids import ChannelId
from storage.scheduled import DigestClaim, Schedule
from storage.vocabulary import ChannelKind
from tests.bot.listeners.conftest import Office
from tests.hand_clock import HandClock

LAST_WEEK = "9–15 Nov 2026 (week 46)"


def test_a_digest_is_set_in_the_zone_of_the_one_who_sets_it(office: Office) -> None:
    answer = office.ask("olivia", "/ballast digest here")
    assert "Mondays at 9:00, in your zone by Slack (Europe/Berlin)" in answer
    assert "The next one comes on 23 Nov 2026" in answer
    schedule = schedule_of(office)
    assert schedule
    assert (schedule.weekday, schedule.hour, schedule.minute, schedule.zone) == (0, 9, 0, "Europe/Berlin")


def test_a_named_day_time_and_zone_are_taken(office: Office) -> None:
    answer = office.ask("olivia", "/ballast digest here thursday 16:30 America/New_York")
    assert "Thursdays at 16:30, in the zone you named (America/New_York)" in answer
    assert "The next one comes on 19 Nov 2026" in answer


def test_no_second_digest_of_the_same_days_is_promised_when_its_hour_is_moved(
    office: Office, slack_clock: HandClock
) -> None:
    office.ask("olivia", "/ballast digest here monday 9:00 UTC")
    slack_clock.advance(timedelta(days=7))
    publish(office)
    in_an_hour = office.bot.parts.clock() + timedelta(hours=1)
    answer = office.ask("olivia", f"/ballast digest here monday {in_an_hour.hour}:{in_an_hour.minute:02} UTC")
    assert "The next one comes on 30 Nov 2026" in answer
    slack_clock.advance(timedelta(hours=2))
    publish(office)
    assert len(claims_of(office)) == 1


def test_who_changes_a_digest_reads_how_many_come_to_them_alone_still(office: Office, slack_clock: HandClock) -> None:
    olivia = f"<@{office.people.olivia.user_id}> alone"
    assert f"the first two go to {olivia}" in office.ask("olivia", "/ballast digest here monday 9:00 UTC")
    slack_clock.advance(timedelta(days=7))
    publish(office)
    assert f"; it goes to {olivia}" in office.ask("olivia", "/ballast digest here monday 8:00 UTC")
    slack_clock.advance(timedelta(days=7))
    publish(office)
    answer = office.ask("olivia", "/ballast digest here tuesday 8:00 UTC")
    assert "; it is posted here without being shown to anybody first" in answer
    slack_clock.advance(timedelta(days=8))
    before = len(office.slack.messages(office.people.feedback))
    publish(office)
    assert len(office.slack.messages(office.people.feedback)) == before + 1


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("/ballast digest", "for example “/ballast digest here monday 9:00 Europe/Berlin”"),
        ("/ballast digest tomorrow", "for example “/ballast digest here monday 9:00 Europe/Berlin”"),
        ("/ballast digest here 25:00", "is no time of day"),
        ("/ballast digest here Europe/Berln", "Did you mean Europe/Berlin?"),
        ("/ballast digest pause", "No digest is set in this channel"),
        ("/ballast digest resume", "No digest is set in this channel"),
    ],
)
def test_what_cannot_be_done_is_answered_with_what_can(office: Office, line: str, sentence: str) -> None:
    assert sentence in office.ask("olivia", line)
    assert schedule_of(office) is None


@pytest.mark.parametrize("action", ["here", "now", "pause", "resume"])
def test_only_an_owner_decides_about_digests(office: Office, action: str) -> None:
    assert "Only an owner" in office.ask("max", f"/ballast digest {action}")
    assert schedule_of(office) is None


def test_no_digest_is_set_where_ballast_cannot_post(office: Office) -> None:
    office.slack.people.remove_bot(office.people.feedback)
    assert "Ballast is not in this channel" in office.ask("olivia", "/ballast digest here")
    assert schedule_of(office) is None


@pytest.mark.parametrize("action", ["here", "now"])
def test_no_digest_is_set_or_posted_in_a_channel_shared_with_another_organisation(office: Office, action: str) -> None:
    shared = office.people.acme_shared
    office.slack.people.invite_bot(shared, by=office.people.olivia)
    office.slack.until_settled()
    before = len(office.slack.messages(shared))
    answer = office.ask("olivia", f"/ballast digest {action}", shared)
    assert "quotes from all public channels. Choose an internal channel" in answer
    assert office.bot.store.schedules.of_team(office.bot.workspace.team_id) == []
    assert [one["text"] for one in office.slack.messages(shared)[before:] if LAST_WEEK in one["text"]] == []


def test_a_digest_is_not_resumed_in_a_channel_that_was_shared_since(office: Office) -> None:
    office.ask("olivia", "/ballast digest here")
    office.ask("olivia", "/ballast digest pause")
    office.slack.world.channel(office.people.feedback).kind = Kind.SHARED
    assert "Choose an internal channel" in office.ask("olivia", "/ballast digest resume")
    schedule = schedule_of(office)
    assert schedule
    assert schedule.paused


def test_a_preview_in_a_shared_channel_is_seen_by_the_one_who_asks_alone(office: Office) -> None:
    shared = office.people.acme_shared
    office.slack.people.invite_bot(shared, by=office.people.olivia)
    assert "Only you see it" in office.ask("olivia", "/ballast digest preview", shared)
    assert not any(LAST_WEEK in one["text"] for one in office.slack.messages(shared))


def test_pausing_and_resuming_are_told_to_the_channel(office: Office) -> None:
    office.ask("olivia", "/ballast digest here")
    assert "paused the digest here" in office.ask("olivia", "/ballast digest pause")
    schedule = schedule_of(office)
    assert schedule
    assert schedule.paused
    assert "resumed the digest here: Mondays at 9:00" in office.ask("olivia", "/ballast digest resume")
    schedule = schedule_of(office)
    assert schedule
    assert not schedule.paused
    newest, *_, first = office.ask("max", "/ballast settings log").splitlines()
    assert f"<@{office.people.olivia.user_id}>" in newest
    assert newest.endswith(f"Weekly digest: monday 9:00 {schedule.zone}, paused → monday 9:00 {schedule.zone}")
    assert first.endswith(f"Weekly digest: none → monday 9:00 {schedule.zone}")


def test_a_preview_is_seen_by_the_one_who_asks_alone_and_takes_no_claim(office: Office) -> None:
    office.ask("olivia", "/ballast digest here")
    before = len(office.slack.messages(office.people.feedback))
    assert "Only you see it" in office.ask("olivia", "/ballast digest preview")
    assert any(LAST_WEEK in shown["text"] for shown in office.slack.ephemerals("olivia"))
    assert digests_in(office, before) == []
    assert claims_of(office) == []


def test_now_posts_in_the_channel_and_takes_no_claim(office: Office) -> None:
    office.ask("olivia", "/ballast digest here")
    before = len(office.slack.messages(office.people.feedback))
    assert "Posted" in office.ask("olivia", "/ballast digest now")
    assert len(digests_in(office, before)) == 1
    assert claims_of(office) == []


def test_now_says_posted_where_only_slacks_answer_was_lost(office: Office) -> None:
    before = len(office.slack.messages(office.people.feedback))
    lose_the_answer(office)
    assert "Posted." in office.ask("olivia", "/ballast digest now")
    assert len(digests_in(office, before)) == 1


def test_now_asks_to_look_first_where_slack_does_not_say_what_it_took(office: Office) -> None:
    before = len(office.slack.messages(office.people.feedback))
    lose_the_answer(office)
    office.slack.fail("conversations.history", error="service_unavailable", status=503)
    assert "may stand here already: look before you ask" in office.ask("olivia", "/ballast digest now")
    assert len(digests_in(office, before)) == 1


def test_now_can_be_asked_again_where_slack_took_nothing(office: Office) -> None:
    before = len(office.slack.messages(office.people.feedback))
    office.slack.fail("chat.postMessage", error="service_unavailable", status=503)
    assert "Please try again in a minute" in office.ask("olivia", "/ballast digest now")
    assert digests_in(office, before) == []


def test_blocks_that_slack_refuses_are_shown_plainer(office: Office) -> None:
    office.slack.fail("chat.postEphemeral", error="invalid_blocks", times=3)
    office.ask("olivia", "/ballast digest preview")
    (shown,) = [shown for shown in office.slack.ephemerals("olivia") if LAST_WEEK in shown["text"]]
    assert not shown.get("blocks")


def test_a_private_channels_words_are_in_its_own_preview_alone(office: Office, slack_clock: HandClock) -> None:
    private = office.people.sales_private
    office.slack.people.invite_bot(private, office.people.olivia)
    office.read(private, ChannelKind.PRIVATE)
    slack_clock.advance(timedelta(days=7))
    office.ask("olivia", "/ballast digest preview", office.people.feedback)
    assert "who changed a figure" not in str(office.slack.ephemerals("olivia"))
    office.ask("olivia", "/ballast digest preview", private)
    assert "who changed a figure" in str(office.slack.ephemerals("olivia"))


def test_the_first_digest_of_a_schedule_is_posted_by_a_press(office: Office, slack_clock: HandClock) -> None:
    office.ask("olivia", "/ballast digest here")
    slack_clock.advance(timedelta(days=7))
    publish(office)
    direct = office.slack.world.direct_channel(office.people.olivia.user_id)
    (offered,) = office.slack.messages(direct)
    before = len(office.slack.messages(office.people.feedback))
    office.slack.presses.click("olivia", direct, offered["ts"], DIGEST_POST)
    office.slack.until(lambda: len(office.slack.messages(office.people.feedback)) > before)
    assert "16–22 Nov 2026" in office.slack.messages(office.people.feedback)[-1]["text"]


def lose_the_answer(office: Office) -> None:
    office.bot.app.client.timeout = 1
    office.slack.lose_answer("chat.postMessage")


def publish(office: Office) -> None:
    Publisher(office.bot.parts, is_stopping=lambda: False).tick(office.bot.workspace.team_id)


def schedule_of(office: Office) -> Schedule | None:
    channel = ChannelId(office.people.feedback.channel_id)
    return office.bot.store.schedules.of_channel(office.bot.workspace.team_id, channel)


def claims_of(office: Office) -> Sequence[DigestClaim]:
    schedule = schedule_of(office)
    assert schedule
    return office.bot.store.schedules.digests(schedule.team_id, schedule.schedule_id)


def digests_in(office: Office, before: int) -> list[str]:
    return [one["text"] for one in office.slack.messages(office.people.feedback)[before:] if LAST_WEEK in one["text"]]
