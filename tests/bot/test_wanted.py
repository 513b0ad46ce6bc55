"""What a team's choices leave out."""

from typing import Any

import pytest

from bot.wanted import reason_not_wanted
from storage.rules import CaptureRules
from tests.factories import PERSON, make_feedback, make_ts

SAID = make_feedback("The export is slow: WFH today.")
REPLY = make_feedback(thread_ts=make_ts(1))
POST = make_feedback(app="B1", reporter=None)


def test_by_default_people_and_replies_are_taken_in_and_apps_are_not() -> None:
    assert [reason_not_wanted(one, CaptureRules()) for one in (SAID, REPLY)] == [None, None]
    assert reason_not_wanted(POST, CaptureRules()) == "posted by an app that nobody allowed"
    assert reason_not_wanted(POST, CaptureRules(allowed_apps=frozenset({"B1"}))) is None


@pytest.mark.parametrize(
    ("feedback", "rules"),
    [
        (SAID, {"opted_out": frozenset({PERSON})}),
        (make_feedback(reporter="U9", author=PERSON), {"opted_out": frozenset({PERSON})}),
        (REPLY, {"keep_threads": False}),
        (SAID, {"least_length": 40}),
        (SAID, {"ignored_words": ("standup", "wfh")}),
        (make_feedback("Q&amp;A: slow"), {"ignored_words": ("q&a",)}),
        (make_feedback("&lt;&lt;&lt;&amp;"), {"least_length": 5}),
    ],
    ids=[
        "reporter who opted out",
        "author who opted out",
        "threads left out",
        "too short",
        "ignored word",
        "ignored word with a character that Slack escapes",
        "too short but for Slack's escapes",
    ],
)
def test_what_a_team_chose_to_leave_out_is_not_taken_in(feedback: Any, rules: dict[str, Any]) -> None:
    assert reason_not_wanted(feedback, CaptureRules(**rules)) is not None


def test_ignored_word_is_found_as_a_whole_word_only() -> None:
    assert (
        reason_not_wanted(make_feedback("We fly to the standups"), CaptureRules(ignored_words=("standup", " "))) is None
    )


def test_reply_that_went_to_the_channel_too_is_no_matter_of_threads() -> None:
    assert reason_not_wanted(REPLY, CaptureRules(keep_threads=False), is_broadcast=True) is None
