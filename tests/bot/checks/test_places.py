"""Each watched channel and each named owner is looked up in Slack."""

from __future__ import annotations

import pytest

from bot.checks.diagnosis import Outcome
from bot.sandbox.identity import ALL_SCOPES
from storage.ids import ChannelId, UserId
from storage.vocabulary import ChannelKind, Duty, Watch
from tests.bot.checks.bedside import LONG_AGO, Bedside
from tests.factories import make_ts


def test_a_watched_channel_without_the_bot_fails(bedside: Bedside) -> None:
    bedside.slack.people.remove_bot(bedside.workspace.feedback)

    found = bedside.found("channel #feedback")

    assert found.outcome is Outcome.FAIL
    assert "Invite the bot" in found.remedy


def test_a_watched_channel_that_is_archived_is_told(bedside: Bedside) -> None:
    bedside.slack.people.archive(bedside.workspace.feedback)

    assert bedside.found("channel #feedback").outcome is Outcome.WARN


def test_a_watched_channel_that_is_gone_fails(bedside: Bedside) -> None:
    bedside.slack.fail("conversations.info", times=None, error="channel_not_found")

    assert bedside.found("channel #feedback").outcome is Outcome.FAIL


def test_a_watched_channel_that_became_shared_is_told(bedside: Bedside) -> None:
    shared = ChannelId(bedside.workspace.acme_shared.channel_id)
    bedside.slack.people.invite_bot(bedside.workspace.acme_shared, bedside.workspace.olivia)
    bedside.store.workspaces.meet_channel(bedside.team, shared, "acme-shared", ChannelKind.PUBLIC)
    bedside.store.workspaces.set_watch(bedside.team, shared, Watch.ALL, UserId("U1"), LONG_AGO, make_ts(1))

    found = bedside.found("channel #acme-shared")

    assert found.outcome is Outcome.WARN
    assert "watch all shared" in found.remedy


@pytest.mark.parametrize(
    ("granted", "outcome"), [(ALL_SCOPES, Outcome.OK), (ALL_SCOPES - {"groups:history"}, Outcome.FAIL)]
)
def test_a_watched_private_channel_needs_its_scope(bedside: Bedside, granted: frozenset[str], outcome: Outcome) -> None:
    private = ChannelId(bedside.workspace.sales_private.channel_id)
    bedside.slack.people.invite_bot(bedside.workspace.sales_private, bedside.workspace.olivia)
    bedside.store.workspaces.meet_channel(bedside.team, private, "sales-private", ChannelKind.PRIVATE)
    bedside.store.workspaces.set_watch(bedside.team, private, Watch.ALL, UserId("U1"), LONG_AGO, make_ts(1))

    assert bedside.found("channel #sales-private").outcome is outcome


def test_no_watched_channel_is_told(bedside: Bedside) -> None:
    bedside.store.workspaces.set_watch(bedside.team, bedside.channel, Watch.OFF, UserId("U1"), LONG_AGO, make_ts(1))

    assert bedside.found("channels").outcome is Outcome.WARN


def test_slack_is_not_asked_on_about_channels_once_it_does_not_answer(bedside: Bedside) -> None:
    general = ChannelId(bedside.workspace.general.channel_id)
    bedside.store.workspaces.meet_channel(bedside.team, general, "general", ChannelKind.PUBLIC)
    bedside.store.workspaces.set_watch(bedside.team, general, Watch.ALL, UserId("U1"), LONG_AGO, make_ts(1))
    bedside.slack.throttle("conversations.info", times=None, retry_after_seconds=30)

    found = bedside.found("channels")

    assert found.outcome is Outcome.FAIL
    assert "Slack asks us to wait" in found.sentence
    assert len(bedside.slack.calls("conversations.info")) == 1


def test_a_named_owner_whom_slack_does_not_know_is_told(bedside: Bedside) -> None:
    bedside.store.workspaces.name_duty(bedside.team, UserId("U0GONE"), Duty.OWNER, UserId("U1"), LONG_AGO)

    assert "U0GONE" in bedside.found("owners").sentence
