import logging
from typing import Any

import pytest

from storage.vocabulary import Watch
from tests.bot.listeners.conftest import Office
from tests.bot.listening import holding_the_write_lock


@pytest.mark.parametrize(("status", "error"), [(429, "ratelimited"), (500, "internal_error")])
def test_a_message_is_kept_and_a_command_answered_while_slack_refuses_to_say_who_we_are(
    office: Office, status: int, error: str
) -> None:
    office.bot.watch(office.people.feedback.channel_id)
    office.slack.fail("auth.test", times=None, error=error, status=status, retry_after_seconds=30)
    ts = office.slack.people.say(office.people.feedback, office.people.max, "The export is slow.")
    office.slack.until_settled()
    assert office.bot.kept(office.people.feedback.channel_id, ts) is not None
    assert "Type:" in office.ask("max", "/ballast help")


def test_what_could_not_be_committed_is_delivered_again_and_kept_once(office: Office) -> None:
    office.bot.watch(office.people.feedback.channel_id)
    with holding_the_write_lock(office.database):
        ts = office.slack.people.say(office.people.feedback, office.people.max, "The export is slow.")
        first = office.slack.until(lambda: office.slack.deliveries("events_api"))[-1]
        office.slack.until(lambda: first.attempts > 1, within_seconds=20)
    office.slack.until_settled(within_seconds=20)
    assert first.answer is None
    assert office.bot.kept(office.people.feedback.channel_id, ts) is not None
    assert office.bot.woken == ["woken"]


def test_what_is_delivered_twice_is_kept_once(office: Office) -> None:
    office.bot.watch(office.people.feedback.channel_id)
    office.slack.people.say(office.people.feedback, office.people.max, "The export is slow.")
    office.slack.until_settled()
    office.slack.deliver_again(office.slack.deliveries("events_api")[-1].envelope_id)
    office.slack.until_settled()
    assert office.bot.woken == ["woken"]


def test_edits_replies_reactions_and_renames_are_acknowledged(office: Office) -> None:
    feedback, owner = office.people.feedback, office.people.max
    office.bot.watch(feedback.channel_id, Watch.ALL)
    ts = office.slack.people.say(feedback, owner, "The export is slow.")
    office.slack.people.edit(feedback, owner, ts, "The export is very slow.")
    office.slack.people.say(feedback, owner, "Yes.", thread=ts)
    office.slack.people.react(feedback, owner, ts, "eyes")
    office.slack.people.delete(feedback, owner, ts)
    office.slack.people.rename(feedback, "voices")
    office.slack.people.open_home(owner)
    office.slack.people.archive(feedback)
    office.slack.until_settled()
    assert {delivery.outcome.value for delivery in office.slack.deliveries("events_api")} == {"acked"}


@pytest.mark.parametrize(
    "event",
    [
        {"type": "message", "channel": "C0FEEDBACK", "text": ["canary"]},
        {"type": "message"},
        {"type": "message", "user": 7, "text": "canary"},
        {"type": "tokens_revoked", "tokens": {"bot": ["U0BALLAST"]}},
        {"type": "app_uninstalled"},
        {"type": "something_new", "text": "canary"},
    ],
)
def test_odd_events_are_acknowledged_and_their_words_stay_out_of_the_log(
    office: Office, event: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    office.bot.watch(office.people.feedback.channel_id)
    with caplog.at_level(logging.DEBUG, logger="bot"):
        delivery = office.slack.people.send_event(event)
        office.slack.until_settled()
    assert delivery is not None
    assert delivery.outcome.value == "acked"
    assert "canary" not in caplog.text


@pytest.mark.parametrize(("event", "kept"), [({"type": "message", "user": 7}, 1), (None, 0), (5, 0), ("message", 0)])
def test_a_delivery_at_which_bolt_stumbles_is_acknowledged_and_kept_raw_where_it_names_a_watched_channel(
    office: Office, event: object, kept: int
) -> None:
    channel_id = office.people.feedback.channel_id
    office.bot.watch(channel_id)
    delivery = office.slack.people.send_event({**event, "channel": channel_id} if isinstance(event, dict) else event)
    office.slack.until_settled()
    assert delivery is not None
    assert delivery.outcome.value == "acked"
    assert len(office.bot.store.intake.unreadable(office.bot.workspace.team_id)) == kept


def test_a_broadcast_in_feedback_is_kept_verbatim_and_never_pings(office: Office) -> None:
    office.bot.watch(office.people.feedback.channel_id)
    ts = office.slack.people.say(office.people.feedback, office.people.max, "<!channel> the export is slow")
    office.slack.until_settled()
    kept = office.bot.kept(office.people.feedback.channel_id, ts)
    assert kept is not None
    assert kept.text == "<!channel> the export is slow"
    assert "<!channel>" not in str(office.slack.calls("chat.postMessage"))
