"""Questions typed in Slack, answered by the bot over Socket Mode from a real history."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.commands.command import Asked
from bot.commands.table import answer
from bot.sandbox.channels import Channel
from bot.views import ids
from bot.views.answers import PAGE
from classifiers.vocabulary import Insight
from storage.ids import ChannelId, UserId
from storage.records import Decision
from storage.vocabulary import ChannelKind, Verdict
from tests.bot.listeners.by_hand import broken
from tests.bot.listeners.conftest import Office
from tests.bot.listening import problem
from tests.hand_clock import HandClock

AUDIT = "Our auditor wants to see who changed a figure."
CLICKS = "The approve button takes five clicks."


def hear(office: Office, text: str, *problems: Insight, channel: Channel | None = None, **kind: Any) -> None:
    """Have somebody say something in Slack that was kept and read."""
    where = channel or office.people.feedback
    ts = office.slack.people.say(where, office.people.max, text)
    office.bot.read(where.channel_id, ts, text, *problems, **kind)


def hear_both_sides(office: Office) -> None:
    hear(office, AUDIT, problem(AUDIT, AUDIT, "compliance", "technical_gatekeeper"))
    hear(office, CLICKS, problem(CLICKS, CLICKS, "fewer_steps", "daily_practitioner"))


@pytest.mark.parametrize(
    "line",
    [
        "/ballast persona technical gatekeeper",
        "/ballast persona technical-gatekeeper last 7d",
        "/ballast persona security officer this week",
        "/ballast last 7d persona security officer",
        "/ballast security officer persona last 7d",
    ],
)
def test_a_persona_is_found_by_key_name_and_alias_in_any_word_order(office: Office, line: str) -> None:
    hear_both_sides(office)
    answer = office.ask("olivia", line)
    assert "1 problem" in answer
    assert AUDIT in answer
    assert CLICKS not in answer


def test_a_zone_that_only_slack_knows_refuses_no_question(office: Office) -> None:
    office.bot.watch(office.people.feedback.channel_id)  # for the log to tell of
    person = replace(office.bot.parts.slack.person(UserId(office.people.olivia.user_id)), zone="Mars/Olympus_Mons")
    team_id, channel_id = office.bot.workspace.team_id, ChannelId(office.people.feedback.channel_id)
    for line in ("balance last 7d", "theme compliance", "settings log"):
        assert answer(office.bot.parts, Asked(team_id, channel_id, person, line)).text


def test_an_answer_is_for_the_asker_alone_and_names_side_persona_and_day(office: Office) -> None:
    hear_both_sides(office)
    exchange = office.slack.presses.command("olivia", office.people.feedback, "/ballast theme compliance")
    response = office.slack.until(lambda: exchange.responses)[-1]
    assert response["response_type"] == "ephemeral"
    shown = json.dumps(response["blocks"], ensure_ascii=False)
    assert "Customer problem: Compliance" in shown
    assert "Technical gatekeeper · 16 Nov" in shown


def test_a_slip_of_the_keys_is_answered_with_did_you_mean(office: Office) -> None:
    assert "Did you mean “economic buyer”?" in office.ask("olivia", "/ballast persona econmic buyer")
    assert "Did you mean “compliance”?" in office.ask("olivia", "/ballast theme complience")
    assert "Did you mean “last 3 weeks”?" in office.ask("olivia", "/ballast persona cfo last 3 wekks")


@pytest.mark.parametrize("topic", ["persona", "theme", "account", "search"])
def test_a_question_without_a_subject_is_answered_with_an_example(office: Office, topic: str) -> None:
    assert f"Type for example: /ballast {topic} " in office.ask("olivia", f"/ballast {topic}")


@pytest.mark.parametrize("period", ["last 7d", "last 90d", "2024-W10"])
def test_nothing_heard_is_said_with_a_longer_period_to_try(office: Office, period: str) -> None:
    answer = office.ask("olivia", f"/ballast persona economic buyer {period}")
    assert "nothing was heard" in answer
    assert "/ballast persona economic buyer all" in answer
    assert "last 90d" not in answer


def test_nothing_heard_so_far_is_said_without_a_period_to_try(office: Office) -> None:
    answer = office.ask("olivia", "/ballast persona economic buyer all")
    assert answer.endswith("everything so far: nothing was heard.")


def test_the_words_to_try_for_a_longer_period_are_those_that_were_searched(office: Office) -> None:
    assert "/ballast search snake_case name all" in office.ask("olivia", "/ballast search snake_case name last 7d")


def test_words_are_found_whatever_their_case_and_what_is_unsure_is_marked(office: Office) -> None:
    text = "ÄRGER with the export, again."
    hear(office, text, problem(text, text, "reliability", confidence=0.2))
    answer = office.ask("olivia", "/ballast search ärger EXPORT")
    assert "0 problems, and 1 unsure one not counted" in answer
    assert "(unsure, not counted)" in answer


def test_a_correction_changes_the_answer_and_a_rejection_removes_it(office: Office) -> None:
    hear(office, AUDIT, problem(AUDIT, AUDIT, "compliance", "technical_gatekeeper"))
    history, team = office.bot.store.history, office.bot.workspace.team_id
    (insight,) = history.by_origin(team, f"slack:{office.people.feedback.channel_id}:{last_ts(office)}").insights
    decision = Decision(team, insight.insight_id, Verdict.REJECTED, "U0OLIVIA0", office.bot.parts.clock(), seen=0)
    office.bot.store.reviews.decide(decision)
    assert "nothing was heard" in office.ask("olivia", "/ballast theme compliance")


def test_an_unknown_account_is_named_back_with_the_nearest_known(office: Office) -> None:
    assert "No account called “Hooli” has been heard" in office.ask("olivia", "/ballast account Hooli")


def test_more_goes_on_where_the_page_ended_for_another_person_and_days_later(
    office: Office, slack_clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = [f"Approving takes far too many clicks, time {number}." for number in range(PAGE + 3)]
    for text in texts:
        hear(office, text, problem(text, text, "fewer_steps"))
    exchange = office.slack.presses.command("olivia", office.people.feedback, "/ballast theme fewer steps")
    first = office.slack.until(lambda: exchange.responses)[-1]
    button = first["blocks"][-1]["elements"][0]
    assert button["action_id"] == ids.ANSWER_MORE
    assert not any(text in button["value"] for text in texts)
    slack_clock.advance(timedelta(hours=50))
    monkeypatch.setattr(type(office.bot.store.history), "count", broken)  # the sums stand on the first page alone
    carrier = office.bot.parts.slack.post(office.people.feedback.channel_id, text="answer", blocks=first["blocks"])
    office.slack.presses.click("max", office.people.feedback, carrier, ids.ANSWER_MORE)
    rest = office.told("max")
    on_first, on_next = ({text for text in texts if text in page} for page in (first["text"], rest))
    assert len(on_first) == PAGE
    assert on_first | on_next == set(texts)
    assert not on_first & on_next


def test_private_words_are_answered_only_in_their_own_channel(office: Office) -> None:
    closed = office.people.sales_private
    office.bot.watch(closed.channel_id, kind=ChannelKind.PRIVATE)
    hear(office, AUDIT, problem(AUDIT, AUDIT, "compliance"), channel=closed, kind=ChannelKind.PRIVATE)
    assert AUDIT not in office.ask("olivia", "/ballast theme compliance")
    assert AUDIT not in office.ask("olivia", "/ballast search auditor")
    assert AUDIT in office.ask("olivia", "/ballast theme compliance", channel=closed)


@pytest.mark.parametrize("who", ["gina", "stan"])
def test_guests_and_outsiders_are_refused_with_a_sentence(office: Office, who: str) -> None:
    hear_both_sides(office)
    answer = office.ask(who, "/ballast theme compliance", channel=office.people.acme_shared)
    assert "answers only full members" in answer
    assert AUDIT not in answer


def test_quoted_words_cannot_ping_or_link(office: Office) -> None:
    text = "<!channel> the export of <https://evil.example|invoices> is *slow* & <@U0OLIVIA0> knows"
    hear(office, text, problem(text, text, "speed"))
    exchange = office.slack.presses.command("olivia", office.people.feedback, "/ballast theme speed")
    response = office.slack.until(lambda: exchange.responses)[-1]
    everything = json.dumps(response, ensure_ascii=False)
    assert "<!channel>" not in everything
    assert "<@U0OLIVIA0>" not in everything
    assert "evil.example" not in everything


def test_the_balance_counts_both_sides_and_says_what_is_missing_for_a_lean(office: Office) -> None:
    hear_both_sides(office)
    answer = office.ask("olivia", "/ballast balance last 7d")
    assert "1 customer problem and 1 user problem" in answer
    assert "Too few to tell" in answer
    assert "Customer problem · for those who buy, approve or govern" in answer


def last_ts(office: Office) -> str:
    return str(office.slack.messages(office.people.feedback)[-1]["ts"])
