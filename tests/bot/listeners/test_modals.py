import logging
from typing import Any

import pytest

from bot.errors import InputError
from bot.listeners.modals import continue_reading, submit_correction
from bot.presses import Submitted
from bot.views import ids
from storage.ids import UserId
from storage.records import Feedback
from storage.vocabulary import ChannelKind, Standing, Verdict
from tests.bot.listeners.conftest import Office
from tests.bot.listening import holding_the_write_lock


def test_the_shortcut_shows_how_a_message_was_read(office: Office) -> None:
    feedback = office.read()
    view = open_reading(office, "max", feedback)
    shown = str(view["blocks"])
    assert "Ballast found 2 problems" in shown
    assert "Auditors want to see who changed a figure" in shown


def test_the_shortcut_says_when_a_message_was_not_kept(office: Office) -> None:
    ts = office.slack.people.say(office.people.product, office.people.max, "Lunch?")
    office.slack.presses.shortcut("max", office.people.product, ts, ids.READING_OPEN)
    assert "has not kept this message" in str(office.modal_of("max")["blocks"])


def test_the_shortcut_is_refused_to_guests_also_where_the_bot_is_not(office: Office) -> None:
    ts = office.slack.people.say(office.people.acme_shared, office.people.stan, "Hello")
    exchange = office.slack.presses.shortcut("stan", office.people.acme_shared, ts, ids.READING_OPEN)
    answers = office.slack.until(lambda: exchange.responses)
    assert "only full members" in answers[-1]["text"]
    assert not office.slack.modals("stan")


def test_an_owner_corrects_from_the_reading(office: Office) -> None:
    feedback = office.read()
    open_correction(office, "olivia", feedback, 0)
    exchange = office.slack.presses.submit_view("olivia", {ids.CORRECTION_THEME: "security"})
    assert exchange.is_acked
    assert not office.slack.modals("olivia")
    (insight, _) = now(office, feedback).insights
    assert (insight.current.theme, insight.current.persona) == ("security", "technical_gatekeeper")
    assert insight.standing is Standing.SURE


def test_saving_unchanged_labels_confirms_them(office: Office) -> None:
    feedback = office.read()
    open_correction(office, "olivia", feedback, 1)
    office.slack.presses.submit_view("olivia")
    (review,) = office.bot.store.reviews.of_feedback(feedback.team_id, feedback.feedback_id)
    assert review.verdict is Verdict.CONFIRMED


def test_what_a_server_sends_as_nothing_stays_as_it_was_shown(office: Office) -> None:
    (insight, _) = (feedback := office.read()).insights
    assert submit_correction(office.bot.parts, submitted(office, feedback, {ids.CORRECTION_THEME: "security"}))
    corrected = now(office, feedback).insights[0].current
    assert (corrected.theme, corrected.persona) == ("security", insight.current.persona)


def test_a_reading_in_which_nothing_was_chosen_asks_to_choose(office: Office) -> None:
    feedback = office.read()
    with pytest.raises(InputError, match="Choose what"):
        continue_reading(office.bot.parts, submitted(office, feedback, {}))


def test_no_problem_rejects(office: Office) -> None:
    feedback = office.read()
    open_correction(office, "olivia", feedback, 0)
    office.slack.presses.submit_view("olivia", {ids.CORRECTION_VERDICT: ids.NO_PROBLEM})
    assert now(office, feedback).insights[0].standing is Standing.REJECTED


def test_somebody_else_s_correction_is_a_proposal_and_they_are_told(office: Office) -> None:
    feedback = office.read()
    open_correction(office, "max", feedback, 0)
    office.slack.presses.submit_view("max", {ids.CORRECTION_THEME: "security"})
    assert "Noted as your proposal" in str(office.modal_of("max")["blocks"])
    assert now(office, feedback).insights[0].current.theme == "compliance"


def test_a_correction_of_what_changed_meanwhile_says_so_and_keeps_the_input(office: Office) -> None:
    office.ask("olivia", "/ballast reviewer @max")
    feedback = office.read()
    open_correction(office, "max", feedback, 0)
    open_correction(office, "olivia", feedback, 0)
    office.slack.presses.submit_view("olivia", {ids.CORRECTION_THEME: "security"})
    exchange = office.slack.presses.submit_view("max", {ids.CORRECTION_THEME: "reporting"})
    (said,) = exchange.errors.values()
    assert "a colleague was faster" in said
    assert "Security" in said
    assert office.modal_of("max")["callback_id"] == ids.CORRECTION_SUBMIT


def test_a_locked_database_is_said_in_the_modal_and_the_input_is_kept(office: Office) -> None:
    feedback = office.read()
    open_correction(office, "olivia", feedback, 0)
    with holding_the_write_lock(office.database):
        exchange = office.slack.presses.submit_view("olivia", {ids.CORRECTION_THEME: "security"})
    assert set(exchange.errors) == {ids.CORRECTION_VERDICT}
    assert office.modal_of("olivia")["callback_id"] == ids.CORRECTION_SUBMIT


def test_a_missed_problem_is_added_with_the_words_that_were_copied(office: Office) -> None:
    feedback = office.read()
    open_missed(office, "olivia", feedback)
    values = {ids.MISSED_QUOTE: "five  clicks", ids.MISSED_THEME: "speed", ids.MISSED_PERSONA: "daily_practitioner"}
    assert not office.slack.presses.submit_view("olivia", values).errors
    added = now(office, feedback).insights[-1]
    assert (added.said.evidence.quote, added.current.theme) == ("five clicks", "speed")


def test_a_missed_problem_is_added_with_words_as_slack_shows_them(office: Office) -> None:
    text = "<@U012AB> says that the <https://x.example/e|export> is *not* usable"
    ts = office.slack.people.say(office.people.feedback, office.people.max, text)
    feedback = office.bot.read(office.people.feedback.channel_id, ts, text)
    open_missed(office, "olivia", feedback)
    values = {ids.MISSED_QUOTE: "@Ann Smith says that the export is not usable", ids.MISSED_THEME: "speed"}
    assert not office.slack.presses.submit_view("olivia", {**values, ids.MISSED_PERSONA: "unknown"}).errors
    (added,) = now(office, feedback).insights
    assert added.said.evidence.quote == text


@pytest.mark.parametrize(("user", "words"), [("olivia", "not in the message"), ("max", "five clicks")])
def test_a_missed_problem_that_cannot_be_added_says_why(office: Office, user: str, words: str) -> None:
    feedback = office.read()
    open_missed(office, user, feedback)
    values = {ids.MISSED_QUOTE: words, ids.MISSED_THEME: "speed", ids.MISSED_PERSONA: "unknown"}
    exchange = office.slack.presses.submit_view(user, values)
    assert set(exchange.errors) == {ids.MISSED_QUOTE}
    assert len(now(office, feedback).insights) == 2


def test_what_was_typed_stays_out_of_the_log(office: Office, caplog: pytest.LogCaptureFixture) -> None:
    feedback = office.read()
    open_missed(office, "olivia", feedback)
    values = {ids.MISSED_QUOTE: "canary", ids.MISSED_THEME: "speed", ids.MISSED_PERSONA: "unknown"}
    with caplog.at_level(logging.DEBUG, logger="bot"):
        assert office.slack.presses.submit_view("olivia", values).errors
    assert "listener.refused" in {getattr(record, "action", "") for record in caplog.records}
    assert "canary" not in caplog.text


def test_a_slow_modal_keeps_its_input_and_says_that_it_may_be_saved(office: Office) -> None:
    feedback = office.read()
    open_correction(office, "olivia", feedback, 0)
    office.slack.slow("users.info", seconds=2.8)
    exchange = office.slack.presses.submit_view("olivia", {ids.CORRECTION_THEME: "security"})
    assert "may already be saved" in exchange.errors[ids.CORRECTION_VERDICT]
    office.slack.until(lambda: now(office, feedback).insights[0].reviews)


def test_words_of_a_private_channel_are_shown_in_that_channel(office: Office) -> None:
    office.slack.people.invite_bot(office.people.sales_private, by=office.people.olivia)
    feedback = office.read(office.people.sales_private, ChannelKind.PRIVATE)
    open_correction(office, "max", feedback, 0)
    assert "Auditors" in str(office.modal_of("max")["blocks"])


def test_a_form_of_an_older_version_is_answered(office: Office) -> None:
    feedback = office.read()
    exchange = office.slack.presses.shortcut("max", str(feedback.channel_id), str(feedback.ts), "old.shortcut")
    assert exchange.is_acked
    assert "another version" in office.told("max")


def submitted(office: Office, feedback: Feedback, inputs: dict[str, str]) -> Submitted:
    """Make what Olivia submitted on the first problem, with inputs as another server may send them."""
    assert feedback.channel_id is not None
    first = feedback.insights[0]
    note = ids.Note(ids.press_value(first.insight_id, first.reviews), feedback.channel_id)
    return Submitted(feedback.team_id, UserId(office.people.olivia.user_id), note, inputs)


def open_reading(office: Office, user: str, feedback: Feedback) -> dict[str, Any]:
    exchange = office.slack.presses.shortcut(user, str(feedback.channel_id), str(feedback.ts), ids.READING_OPEN)
    assert exchange.is_acked
    return office.modal_of(user)


def open_correction(office: Office, user: str, feedback: Feedback, position: int) -> None:
    open_reading(office, user, feedback)
    insight = feedback.insights[position]
    value = ids.press_value(insight.insight_id, insight.reviews)
    office.slack.presses.submit_view(user, {ids.READING_NEXT: value})
    assert office.modal_of(user)["callback_id"] == ids.CORRECTION_SUBMIT


def open_missed(office: Office, user: str, feedback: Feedback) -> None:
    open_reading(office, user, feedback)
    office.slack.presses.submit_view(user, {ids.READING_NEXT: ids.ADD_MISSED})
    assert office.modal_of(user)["callback_id"] == ids.MISSED_SUBMIT


def now(office: Office, feedback: Feedback) -> Feedback:
    return office.bot.store.history.feedback(feedback.team_id, feedback.feedback_id)
