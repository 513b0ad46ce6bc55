"""Owners have something forgotten in Slack after they saw how much it is; nobody else does."""

from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from bot.views import ids
from storage.choice_log import Choosing
from storage.choices import Wanted
from storage.ids import ChannelId, FeedbackId, UserId
from storage.records import Feedback
from storage.vocabulary import ChannelKind
from tests.bot.listeners.conftest import Office
from tests.bot.listening import holding_the_write_lock
from tests.factories import make_feedback, make_persona
from tests.storage.forgotten import rows_with

CONFIRMED = {ids.FORGET_CONFIRM: ids.ERASE}


@pytest.fixture
def jane(office: Office) -> FeedbackId:
    """A message that Jane shared, of which nothing was read yet."""
    team, at = office.bot.workspace.team_id, office.bot.parts.clock()
    new = make_feedback("Jane Doe needs an export.", team_id=team, reporter=UserId("U0JANE"), account="Acme")
    return office.bot.store.intake.take_in(new, at).feedback_id


def kept(office: Office, feedback_id: FeedbackId) -> Feedback:
    return office.bot.store.history.feedback(office.bot.workspace.team_id, feedback_id)


def open_form(office: Office, line: str, who: str = "olivia") -> dict[str, Any]:
    office.ask(who, line)
    return office.modal_of(who)


@pytest.mark.parametrize(
    "words",
    ["reporter <@U0JANE|jane>", "reporter U0JANE", "account “acme”", "name Jane Doe", "channel <#C0FEEDBACK|x>"],
)
def test_an_owner_sees_how_much_it_is_and_erases_it(office: Office, jane: FeedbackId, words: str) -> None:
    view = open_form(office, f"/ballast forget {words}")
    assert "1 message: words, names, links and account" in str(view["blocks"])

    assert office.slack.presses.submit_view("olivia", CONFIRMED).is_acked

    assert "Erased:" in str(office.modal_of("olivia")["blocks"])
    assert (kept(office, jane).text, kept(office, jane).reporter, kept(office, jane).account) == ("", None, None)


def test_what_somebody_only_saved_is_shown_and_their_note_erased(office: Office) -> None:
    team, at = office.bot.workspace.team_id, office.bot.parts.clock()
    new = make_feedback(team_id=team, saved_by=UserId("U0SAVER12"), note="I met their CTO")
    saved = office.bot.store.intake.take_in(new, at).feedback_id

    shown = str(open_form(office, "/ballast forget reporter <@U0SAVER12|sam>")["blocks"])
    assert "1 message of other people: the words stay" in shown
    assert office.slack.presses.submit_view("olivia", CONFIRMED).is_acked

    assert "Erased:" in str(office.modal_of("olivia")["blocks"])
    assert kept(office, saved).text
    assert [rows_with(office.database, each, team) for each in ("U0SAVER12", "CTO")] == [0, 0]


def test_nothing_is_erased_without_the_confirmation(office: Office, jane: FeedbackId) -> None:
    open_form(office, "/ballast forget name Jane Doe")
    office.slack.presses.submit_view("olivia")
    assert "Nothing was erased" in str(office.modal_of("olivia")["blocks"])
    assert kept(office, jane).text


def test_a_name_changed_in_the_form_is_counted_again_before_it_is_erased(office: Office, jane: FeedbackId) -> None:
    team, at = office.bot.workspace.team_id, office.bot.parts.clock()
    for _ in range(2):
        office.bot.store.intake.take_in(make_feedback("John asks again.", team_id=team), at)
    open_form(office, "/ballast forget name Jane Doe")

    office.slack.presses.submit_view("olivia", {**CONFIRMED, ids.FORGET_NAME: "John"})

    shown = str(office.modal_of("olivia")["blocks"])
    assert "not what was counted before" in shown
    assert "2 messages" in shown
    assert kept(office, jane).text


def test_a_name_in_the_team_s_own_texts_is_shown_and_masked(office: Office) -> None:
    team, at = office.bot.workspace.team_id, office.bot.parts.clock()
    office.bot.store.personas.add(team, make_persona(), UserId("U0OLIVIA"), at)
    choosing = Choosing(team, None, UserId("U0OLIVIA"), at)
    office.bot.store.choices.choose(choosing, Wanted(ignored_words=("Mary", "lunch")), tell=lambda _: ())
    shown = str(open_form(office, "/ballast forget name Mary")["blocks"])
    assert "1 persona: of your own, in whose texts it is masked" in shown
    assert "1 word to ignore: messages that hold it are kept again" in shown
    assert "1 change of words to ignore: masked in the log" in shown

    office.slack.presses.submit_view("olivia", CONFIRMED)

    assert "Erased:" in str(office.modal_of("olivia")["blocks"])
    assert [one.name for one in office.bot.store.personas.of(team)] == ["…, the CFO"]
    newest, first = office.ask("olivia", "/ballast settings log").splitlines()
    assert f"<@{office.people.olivia.user_id}>" in newest
    assert newest.endswith("Words to ignore: …, lunch → lunch")
    assert first.endswith("Words to ignore: none → …, lunch")


def test_more_of_the_team_s_own_texts_than_was_shown_is_shown_again(office: Office) -> None:
    team, at = office.bot.workspace.team_id, office.bot.parts.clock()
    office.bot.store.personas.add(team, make_persona(), UserId("U0OLIVIA"), at)
    open_form(office, "/ballast forget name Mary")
    office.bot.store.personas.add(team, make_persona("mary2"), UserId("U0OLIVIA"), at)

    office.slack.presses.submit_view("olivia", CONFIRMED)

    assert "not what was counted before" in str(office.modal_of("olivia")["blocks"])
    assert {one.name for one in office.bot.store.personas.of(team)} == {"Mary, the CFO"}


@pytest.mark.parametrize("words", ["#nowhere", "tomorrow", "<#C0FEEDBACK|a> <#C0OTHER|b>"])
def test_what_is_not_one_channel_is_not_taken_for_the_channel_one_is_in(office: Office, words: str) -> None:
    office.read()
    assert "Pick one channel" in office.ask("olivia", f"/ballast forget channel {words}")
    assert not office.slack.modals("olivia")
    assert "1 message: words, names" in str(open_form(office, "/ballast forget channel")["blocks"])


def test_what_is_not_kept_is_said_and_no_form_opens(office: Office) -> None:
    assert office.ask("olivia", "/ballast forget name Nobody Known") == "Nothing is kept of it."
    assert not office.slack.modals("olivia")


def test_only_owners_forget_and_export(office: Office, jane: FeedbackId) -> None:
    assert "Only an owner" in office.ask("max", "/ballast forget name Jane Doe")
    assert "Only an owner" in office.ask("max", "/ballast export")
    office.ask("olivia", "/ballast owner @max")
    open_form(office, "/ballast forget name Jane Doe", "max")
    office.ask("olivia", "/ballast owner remove @max")
    exchange = office.slack.presses.submit_view("max", CONFIRMED)
    assert "Only an owner" in exchange.errors[ids.FORGET_CONFIRM]
    assert kept(office, jane).text


def test_a_locked_database_is_said_in_the_form_and_nothing_is_lost(office: Office, jane: FeedbackId) -> None:
    open_form(office, "/ballast forget reporter U0JANE")
    with holding_the_write_lock(office.database):
        exchange = office.slack.presses.submit_view("olivia", CONFIRMED)
    assert set(exchange.errors) == {ids.FORGET_CONFIRM}
    assert kept(office, jane).text


def test_words_of_a_channel_that_became_private_are_shown_on_no_form_elsewhere(office: Office) -> None:
    feedback = office.read()
    team = office.bot.workspace.team_id
    assert feedback.channel_id is not None
    office.bot.store.workspaces.correct_kind(team, feedback.channel_id, ChannelKind.PRIVATE)
    told = office.ask("olivia", "/ballast search auditors", office.people.product)
    assert "nothing was heard" in told


def test_an_owner_is_sent_everything_but_what_closed_channels_hold(office: Office, jane: FeedbackId) -> None:
    closed = {"channel_id": ChannelId("C0CLOSED"), "channel_kind": ChannelKind.PRIVATE}
    new = make_feedback("Auditors want it.", team_id=office.bot.workspace.team_id, **closed)
    office.bot.store.intake.take_in(new, office.bot.parts.clock())

    assert "in your direct messages" in office.ask("olivia", "/ballast export")

    told, files = sent(office)
    assert "Messages: 1. Problems in them: 0." in told
    assert "Left out, from channels that are not public: 1." in told
    assert "Jane Doe needs an export." in files["feedback.jsonl"]
    assert "U0JANE" not in "".join(files.values())
    assert "Auditors want" not in "".join(files.values())
    assert "| feedback_id |" in files["README.md"]


def test_an_owner_may_have_the_reporters_too(office: Office, jane: FeedbackId) -> None:
    office.ask("olivia", "/ballast export with-reporters")
    assert "U0JANE" in sent(office)[1]["feedback.jsonl"]


@pytest.mark.parametrize("code", ["missing_scope", "unknown_method"])
def test_where_slack_takes_no_file_an_owner_is_told_how_it_comes_out(office: Office, code: str) -> None:
    office.slack.fail("files.getUploadURLExternal", error=code)
    told = office.ask("olivia", "/ballast export")
    assert "`ballast export FOLDER`" in told
    assert "files:write" in told


def sent(office: Office) -> tuple[str, dict[str, str]]:
    """Return what was said with the file that an owner was sent, and the texts that it holds by name."""
    world = office.slack.world
    [content] = world.uploads.values()
    direct = office.bot.parts.slack.direct_channel(UserId(office.people.olivia.user_id))
    told = office.slack.messages(direct)[-1]
    assert told["files"][0]["name"] == "ballast-export-2026-11-16.zip"
    with ZipFile(BytesIO(content)) as archive:
        return told["text"], {Path(name).name: archive.read(name).decode() for name in archive.namelist()}


@pytest.mark.parametrize("words", ["", "everything", "name", "account “”", "reporter"])
def test_what_to_forget_must_be_named(office: Office, words: str) -> None:
    answer = office.ask("olivia", f"/ballast forget {words}")
    assert any(hint in answer for hint in ("Type /ballast forget", "Write the name", "Name one person"))
    assert not office.slack.modals("olivia")
