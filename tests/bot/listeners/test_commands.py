import logging
import re

import pytest

from bot.commands.table import COMMANDS
from bot.sandbox.channels import Kind
from storage.errors import DatabaseUnavailableError
from storage.ids import ChannelId
from storage.records import Channel
from storage.vocabulary import AnswerMode, ChannelKind, Duty, Watch
from tests.bot.listeners.conftest import Office
from tests.bot.listening import holding_the_write_lock


def test_an_owner_watches_a_channel_and_everybody_there_is_told(office: Office) -> None:
    exchange = office.slack.presses.command(office.people.olivia, office.people.feedback, "/ballast watch all")
    assert channel_of(office).watch is Watch.ALL
    assert channel_of(office).decided_by == office.people.olivia.user_id
    (response,) = exchange.responses
    assert response["response_type"] == "in_channel"
    assert "keeps every new message here" in response["text"]


def test_watching_without_a_mode_watches_all(office: Office) -> None:
    office.ask(office.people.olivia, "/ballast watch")
    assert channel_of(office).watch is Watch.ALL


def test_what_is_said_after_watching_is_kept(office: Office) -> None:
    office.ask(office.people.olivia, "/ballast watch")
    ts = office.slack.people.say(office.people.feedback, office.people.max, "The export is slow.")
    office.slack.until_settled()
    assert office.bot.kept(office.people.feedback.channel_id, ts) is not None


def test_unwatching_keeps_nothing_more_and_needs_no_bot_in_the_channel(office: Office) -> None:
    office.ask(office.people.olivia, "/ballast watch")
    office.slack.people.remove_bot(office.people.feedback)
    assert "keeps nothing here" in office.ask(office.people.olivia, "/ballast unwatch")
    assert channel_of(office).watch is Watch.OFF


def test_who_is_no_owner_is_told_who_decides(office: Office) -> None:
    office.ask(office.people.olivia, "/ballast owner @olivia")
    answer = office.ask(office.people.max, "/ballast watch all")
    assert f"Owners are <@{office.people.olivia.user_id}>, and the admins" in answer
    assert channel_of(office).watch is Watch.OFF


def test_a_named_owner_may_watch_until_removed(office: Office) -> None:
    assert "is an owner now" in office.ask(office.people.olivia, "/ballast owner @max")
    assert "keeps every new message" in office.ask(office.people.max, "/ballast watch all")
    assert "no longer named" in office.ask(office.people.olivia, "/ballast owner remove @max")
    assert "Only an owner" in office.ask(office.people.max, "/ballast unwatch")


def test_the_word_that_removes_may_stand_behind_the_name(office: Office) -> None:
    office.ask(office.people.olivia, "/ballast owner @max")

    assert "no longer named" in office.ask(office.people.olivia, "/ballast owner @max remove")
    assert "Only an owner" in office.ask(office.people.max, "/ballast unwatch")


@pytest.mark.parametrize("words", ["unname @max", "who made @max an owner?", "not @max", "remove @max remove"])
def test_a_name_within_other_words_makes_nobody_an_owner(office: Office, words: str) -> None:
    answer = office.ask(office.people.olivia, f"/ballast owner {words}")

    assert "Nothing changed: type “/ballast owner @person” to name an owner" in answer
    assert "Only an owner" in office.ask(office.people.max, "/ballast watch all")


def test_only_an_owner_names_owners(office: Office) -> None:
    assert "Only an owner" in office.ask(office.people.max, "/ballast owner @max")
    assert not office.bot.store.workspaces.with_duty(office.bot.workspace.team_id, Duty.OWNER)


def test_a_guest_cannot_be_named(office: Office) -> None:
    assert "Only full members" in office.ask(office.people.olivia, "/ballast reviewer @gina")


def test_a_name_that_slack_did_not_resolve_is_asked_for_again(office: Office) -> None:
    assert "Pick the person from the list" in office.ask(office.people.olivia, "/ballast owner @nobody.here")


def test_a_reviewer_is_named_and_listed(office: Office) -> None:
    office.ask(office.people.olivia, "/ballast reviewer @max")
    assert f"Reviewers are <@{office.people.max.user_id}>" in office.ask(office.people.olivia, "/ballast reviewer")


@pytest.mark.parametrize("name", ["gina", "stan"])
@pytest.mark.parametrize("line", ["/ballast help", "/ballast status", "/ballast watch all"])
def test_guests_and_strangers_are_answered_nothing_else(office: Office, name: str, line: str) -> None:
    channel = office.people.feedback if name == "gina" else office.people.acme_shared
    assert "only full members" in office.ask(name, line, channel)


@pytest.mark.parametrize("line", ["/ballast help", "/ballast status", "/ballast theme compliance"])
def test_whom_the_bot_meets_in_a_shared_channel_stays_an_outsider(office: Office, line: str) -> None:
    shared = office.people.acme_shared
    office.slack.people.invite_bot(shared, by=office.people.olivia)

    assert "only full members" in office.ask("stan", line, shared)


@pytest.mark.parametrize("duty", ["owner", "reviewer"])
def test_whom_the_bot_meets_in_a_shared_channel_cannot_be_named(office: Office, duty: str) -> None:
    shared = office.people.acme_shared
    office.slack.people.invite_bot(shared, by=office.people.olivia)

    assert "Only full members" in office.ask(office.people.olivia, f"/ballast {duty} @stan", shared)


def test_a_shared_channel_is_watched_only_when_that_is_confirmed(office: Office) -> None:
    shared = office.people.acme_shared
    office.slack.people.invite_bot(shared, by=office.people.olivia)
    assert "/ballast watch all shared" in office.ask(office.people.olivia, "/ballast watch all", shared)
    assert channel_of(office, shared.channel_id).watch is Watch.OFF
    office.ask(office.people.olivia, "/ballast watch all shared", shared)
    assert channel_of(office, shared.channel_id).watch is Watch.ALL
    ts = office.slack.people.say(shared, office.people.stan, "We need SSO.")
    office.slack.until_settled()
    kept = office.bot.kept(shared.channel_id, ts)
    assert kept is not None
    assert kept.channel_kind is ChannelKind.SHARED


def test_to_confirm_that_the_past_is_read_confirms_no_watch(office: Office) -> None:
    here = office.people.feedback
    office.bot.watch(here.channel_id)
    office.slack.world.channel(here).kind = Kind.SHARED

    refused = office.ask(office.people.olivia, "/ballast backfill 30d shared")

    assert "“/ballast watch all shared” there if it is agreed" in refused
    ts = office.slack.people.say(here, office.people.max, "We need SSO.")
    office.slack.until_settled()
    assert office.bot.kept(here.channel_id, ts) is None
    office.ask(office.people.olivia, "/ballast watch all shared")
    assert "Ballast reads this channel back" in office.ask(office.people.olivia, "/ballast backfill 30d shared")


@pytest.mark.parametrize("line", ["/ballast watch all", "/ballast backfill 30d", "/ballast add We need SSO."])
def test_what_confirms_nothing_keeps_nothing_of_a_channel_that_was_shared_since(office: Office, line: str) -> None:
    here = office.people.feedback
    office.slack.people.invite_bot(here, by=office.people.olivia)
    office.bot.watch(here.channel_id)
    office.slack.world.channel(here).kind = Kind.SHARED

    office.ask(office.people.olivia, line)

    ts = office.slack.people.say(here, office.people.max, "We need SSO.")
    office.slack.until_settled()
    assert office.bot.kept(here.channel_id, ts) is None


def test_a_direct_message_cannot_be_watched(office: Office) -> None:
    direct = office.slack.world.direct_channel(office.people.olivia.user_id)
    assert "Direct messages cannot be watched" in office.ask(office.people.olivia, "/ballast watch all", direct)


@pytest.mark.parametrize("channel", ["product", "sales_private"])
def test_a_channel_without_the_bot_asks_for_an_invitation(office: Office, channel: str) -> None:
    where = getattr(office.people, channel)
    assert "/invite @Ballast" in office.ask(office.people.olivia, "/ballast watch all", where)


def test_watching_learns_the_name_and_kind_that_slack_tells(office: Office) -> None:
    office.slack.people.invite_bot(office.people.sales_private, by=office.people.olivia)
    office.ask(office.people.olivia, "/ballast watch", office.people.sales_private)
    met = channel_of(office, office.people.sales_private.channel_id)
    assert (met.name, met.kind) == ("sales-private", ChannelKind.PRIVATE)


def test_the_answer_mode_is_chosen(office: Office) -> None:
    assert "with a card" in office.ask(office.people.olivia, "/ballast answer card")
    assert "chose: Ballast answers here with a card" in office.slack.messages(office.people.feedback)[-1]["text"]
    assert channel_of(office).answer is AnswerMode.CARD
    assert "/ballast answer silent" in office.ask(office.people.olivia, "/ballast answer loudly")


def test_status_tells_what_is_kept_where_words_go_and_who_decides(office: Office) -> None:
    office.ask(office.people.olivia, "/ballast watch request")
    status = office.ask(office.people.max, "/ballast status")
    for words in ("only messages that somebody hands over", "Nothing leaves this machine", "12 months", "Owners are"):
        assert words in status
    assert "waiting to be read" in office.ask(office.people.olivia, "/ballast status")


@pytest.mark.parametrize("line", ["/ballast", "/ballast help", "/ballast HELP"])
def test_help_shows_every_command(office: Office, line: str) -> None:
    shown = office.ask(office.people.max, line)
    assert all(f"/ballast {command.name}" in shown for command in COMMANDS)


def test_a_typo_is_met_with_the_nearest_command_and_the_usage(office: Office) -> None:
    answer = office.ask(office.people.max, "/ballast wach <!channel>")
    assert "Did you mean `/ballast watch`?" in answer
    assert "/ballast status" in answer
    assert "<!channel>" not in office.ask(office.people.max, "/ballast <!channel>")


def test_an_unreachable_slack_is_said_in_a_sentence(office: Office) -> None:
    office.slack.fail("users.info", error="internal_error", times=None)
    assert re.search(r"Slack", office.ask(office.people.olivia, "/ballast watch"))


def test_a_slow_slack_is_met_in_time_and_the_answer_follows(office: Office) -> None:
    office.slack.slow("users.info", seconds=2.8)
    exchange = office.slack.presses.command("max", office.people.feedback, "/ballast help")
    assert exchange.is_acked
    assert [one["text"] for one in exchange.responses] == ["One moment …"]
    office.slack.until(lambda: len(exchange.responses) == 2)
    assert "/ballast status" in exchange.responses[1]["text"]


def test_a_locked_database_is_said_in_a_sentence(office: Office) -> None:
    with holding_the_write_lock(office.database):
        assert "database" in office.ask(office.people.olivia, "/ballast owner @max")
    assert not office.bot.store.workspaces.with_duty(office.bot.workspace.team_id, Duty.OWNER)


def test_a_history_that_does_not_answer_is_said_in_a_sentence(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def unreachable(*_: object) -> None:
        message = "the database does not answer: see that it runs, then try again"
        raise DatabaseUnavailableError(message)

    for method in ("find", "channel", "has_duty", "with_duty"):
        monkeypatch.setattr(type(office.bot.store.workspaces), method, unreachable)
    assert "the database does not answer" in office.ask(office.people.max, "/ballast status")
    assert "Type:" in office.ask(office.people.max, "/ballast help")


def test_an_archived_channel_cannot_be_watched(office: Office) -> None:
    office.slack.people.archive(office.people.feedback)
    assert "archived" in office.ask(office.people.olivia, "/ballast watch all")


def test_unwatching_a_channel_that_was_never_met_changes_nothing(office: Office) -> None:
    assert "keeps nothing here already" in office.ask(office.people.olivia, "/ballast unwatch", office.people.product)


def test_status_of_a_channel_that_was_never_met_says_so(office: Office) -> None:
    assert "keeps nothing" in office.ask(office.people.max, "/ballast status", office.people.product)


def test_a_mode_that_does_not_exist_shows_those_that_do(office: Office) -> None:
    assert "/ballast watch request" in office.ask(office.people.olivia, "/ballast watch everything")


def test_removing_who_was_not_named_says_so(office: Office) -> None:
    assert "nothing changed" in office.ask(office.people.olivia, "/ballast owner remove @max")


def test_the_answer_mode_of_a_channel_without_the_bot_asks_for_an_invitation(office: Office) -> None:
    assert "/invite @Ballast" in office.ask(office.people.olivia, "/ballast answer card", office.people.sales_private)


def test_a_bug_is_said_in_a_sentence_and_logged_without_words(
    office: Office, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        message = "canary"
        raise RuntimeError(message)

    monkeypatch.setattr(type(office.bot.store.queue), "counts", broken)
    with caplog.at_level(logging.DEBUG, logger="bot"):
        assert "Something unexpected" in office.ask(office.people.olivia, "/ballast status canary")
    assert "RuntimeError at" in caplog.text
    assert "canary" not in caplog.text


def channel_of(office: Office, channel_id: str | None = None) -> Channel:
    found = office.bot.store.workspaces.channel(
        office.bot.workspace.team_id, ChannelId(channel_id or office.people.feedback.channel_id)
    )
    assert found is not None
    return found
