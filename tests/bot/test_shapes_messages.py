"""Each shape in which a message of Slack comes (one file in tests/payloads), and what is kept of it."""

from dataclasses import replace
from typing import Any

import pytest

from bot.payloads import parse_event
from bot.shapes.fields import UnreadablePayloadError
from bot.shapes.meanings import Arrival, Deleted, Edited, Ignored
from bot.shapes.notation import CUT, MOST_CHARACTERS
from storage.vocabulary import ChannelKind, Source, Voice
from tests.bot.recorded import ACME, arrived, feedback_of, recorded


def forward(comment: str, **changes: object) -> Arrival:
    share: dict[str, Any] = recorded("forward")["event"]["attachments"][0]
    return arrived("forward", text=comment, attachments=[share | changes])


def test_an_apps_post_is_rendered_as_readers_see_it_and_each_word_once() -> None:
    feedback = feedback_of("app_post")
    assert feedback.text == (
        "New review: Solid, but the audit log is missing\n"
        "*Dislikes*\n"
        "Nobody can see who changed a price &amp; when.\n"
        "*Company size:* 1,001-5,000\n"
        "*Role:* Controller\n"
        "Three of five stars\n"
        "Posted on a review site\n"
        "Verified buyer"
    )
    assert (feedback.source, feedback.voice) == (Source.APP, Voice.FIRST_HAND)
    assert (feedback.app, feedback.author_name, feedback.reporter) == ("B700", "Review Radar", None)


def test_a_classic_bots_attachment_is_rendered_with_its_fields() -> None:
    feedback = feedback_of("bot_message")
    assert feedback.text == (
        "A ticket was tagged feedback\n"
        "Ticket 4711: Export stops at 10,000 rows\n"
        "We have to export every month by hand, in five parts.\n"
        "Plan: Enterprise\n"
        "Priority: High"
    )
    assert feedback.context == "From: Dana Okafor, Globex"
    assert (feedback.app, feedback.author_name) == ("B701", "Support Desk")


def test_a_bot_without_an_id_still_counts_as_an_app() -> None:
    assert feedback_of("bot_message", bot_id=None).app == "unnamed"


def test_a_fallback_speaks_only_when_nothing_else_does() -> None:
    assert feedback_of("bot_message", attachments=[{"fallback": "The export fails"}]).text == "The export fails"
    nothing = [{"fallback": "[no preview available]", "footer": "Sent by a robot"}]
    assert isinstance(parse_event(recorded("bot_message", attachments=nothing), ACME), Ignored)


def test_a_summary_in_the_text_adds_only_what_the_layout_lacks() -> None:
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "The export is slow"}}]
    assert feedback_of("app_post", text="Anna wrote:\nThe export is slow", blocks=blocks).text == (
        "Anna wrote:\nThe export is slow"
    )
    assert feedback_of("app_post", text="The export is…", blocks=blocks).text == "The export is slow"
    assert feedback_of("app_post", text="Row 7\nThe export is slow", blocks=[*blocks, *blocks]).text == (
        "Row 7\nThe export is slow\nThe export is slow"
    )


def test_a_post_that_is_still_being_written_waits() -> None:
    assert isinstance(parse_event(recorded("streaming"), ACME), Ignored)
    assert feedback_of("streaming", streaming_state="completed").text == "Three customers ask for"


def test_everything_that_blocks_hold_is_rendered() -> None:
    assert feedback_of("laid_out").text == (
        "What <@U555> told me in <#C777> :point_down:\n"
        "1. Reports need nine clicks\n"
        "2. See <https://docs.example/a?b=1&c=2|their notes>\n"
        "    • worse on a phone\n"
        "&gt; Prices &lt; 100 are rounded\n"
        "error 42\n"
        "Team | Hours lost\n"
        "Billing | 12\n"
        "Where they get lost\n"
        "A screen with nine tabs\n"
        "The menu hides the exit"
    )


def test_of_a_forward_the_originals_words_author_time_and_place_are_kept() -> None:
    feedback = feedback_of("forward")
    assert feedback.text == "I spend every Friday copying figures from one screen to the next."
    assert (feedback.source, feedback.voice) == (Source.FORWARD, Voice.FIRST_HAND)
    assert (feedback.reporter, feedback.author, feedback.author_name) == ("U300", "U555", "Ines Duarte")
    assert (feedback.original_channel_id, feedback.original_ts) == ("C777", "1763500000.000100")
    assert feedback.original_permalink == "https://acme.slack.com/archives/C777/p1763500000000100"
    assert feedback.counts_as == "slack:C777:1763500000.000100"
    assert feedback.origin == "slack:C200:1763600290.000200"


def test_place_and_time_of_the_original_may_stand_in_its_link_alone() -> None:
    assert forward("", channel_id=None, ts=None).feedback.counts_as == "slack:C777:1763500000.000100"
    assert forward("", channel_id=None, ts=None, from_url="https://acme.slack.com/").feedback.counts_as is None


def test_a_comment_on_a_forward_is_context() -> None:
    arrival = forward("From Globex, FYI")
    assert arrival.feedback.context == "From Globex, FYI"
    assert "Globex" not in arrival.feedback.text
    assert arrival.comment is None


def test_a_comment_long_enough_for_a_problem_of_its_own_comes_along_as_a_colleagues_words() -> None:
    comment = forward("Also, our own support team cannot search by invoice number.").comment
    assert comment is not None
    assert comment.text == "Also, our own support team cannot search by invoice number."
    assert comment.origin == "slack:C200:1763600290.000200#comment"
    assert (comment.source, comment.voice, comment.author, comment.counts_as) == (
        Source.CHANNEL,
        Voice.RELAYED,
        None,
        None,
    )


def test_a_forward_of_a_picture_is_what_was_said_about_it() -> None:
    feedback = forward("They never find the exit.", text="", message_blocks=[], fallback="").feedback
    assert (feedback.text, feedback.source) == ("They never find the exit.", Source.CHANNEL)


def test_files_of_the_original_come_with_a_forward() -> None:
    files = [{"id": "F1", "name": "screens.pdf", "title": "screens"}]
    assert forward("", files=files).feedback.context == "screens.pdf"
    alone = forward("", files=files, text="", message_blocks=[], fallback="[no preview available]").feedback
    assert (alone.text, alone.context) == ("screens.pdf", None)


def test_a_forwarded_email_speaks_for_its_sender_and_counts_with_the_email() -> None:
    emails = recorded("mail")["event"]["files"]
    feedback = forward("FYI", files=emails, text="", message_blocks=[], fallback="", author_id="USLACKBOT").feedback
    assert feedback.text == feedback_of("mail").text
    assert (feedback.source, feedback.author, feedback.author_name) == (
        Source.FORWARD,
        None,
        "Dana Okafor <dana@globex.example>",
    )
    assert feedback.counts_as == feedback_of("mail").counts_as
    assert (feedback.original_channel_id, feedback.original_ts) == ("C777", "1763500000.000100")
    assert (feedback.context or "").startswith("FYI\n\nSubject: ")


def test_two_messages_forwarded_at_once_stand_for_neither_alone() -> None:
    share: dict[str, Any] = recorded("forward")["event"]["attachments"][0]
    other = share | {"ts": "1763500001.000100", "text": "And I never find the search.", "message_blocks": []}
    feedback = feedback_of("forward", attachments=[share, other])
    assert feedback.text.endswith("one screen to the next.\n\nAnd I never find the search.")
    assert feedback.counts_as is None


def test_a_pasted_link_is_no_forward_and_what_it_shows_is_not_said_here() -> None:
    meaning = parse_event(recorded("permalink_unfurled"), ACME)
    assert isinstance(meaning, Edited)
    assert isinstance(meaning.now, Arrival)
    assert meaning.edited_ts is None
    feedback = meaning.now.feedback
    assert (feedback.text, feedback.context, feedback.author) == (
        "What do we do about <https://acme.slack.com/archives/C777/p1763500000000100>?",
        None,
        None,
    )
    assert feedback.origin == "slack:C200:1763600300.000200"


def test_a_file_speaks_by_its_name_and_preview() -> None:
    words = "interview-globex.txt\nShe said: I click through nine screens to close one case."
    assert feedback_of("file_share").text == words
    beside = feedback_of("file_share", text="My notes are attached.")
    assert (beside.text, beside.context) == ("My notes are attached.", words)


def test_a_table_pasted_beside_typed_words_is_context() -> None:
    table = {"type": "table", "rows": [[{"type": "raw_text", "text": "nine clicks"}]]}
    attached = feedback_of("message", attachments=[{"fallback": "[no preview available]", "blocks": [table]}])
    assert (attached.text, attached.context) == ("Our auditors want to see who changed a figure.", "nine clicks")


def test_a_reply_names_its_root_also_when_it_was_sent_to_the_channel() -> None:
    reply, broadcast = arrived("thread_reply"), arrived("thread_broadcast")
    assert [one.feedback.thread_ts for one in (reply, broadcast)] == ["1763600000.000200"] * 2
    assert [one.is_broadcast for one in (reply, broadcast)] == [False, True]
    assert broadcast.feedback.text == "We cannot prove who approved an invoice."


def test_who_is_not_of_this_workspace_is_outside() -> None:
    feedback = feedback_of("slack_connect")
    assert (feedback.outside, feedback.channel_kind) == (True, ChannelKind.SHARED)
    assert feedback_of("message").outside is False
    assert feedback_of("message", user_profile={"is_restricted": True}).outside is True
    assert feedback_of("message", team=None).outside is None


def test_what_somebody_outside_types_is_first_hand_and_a_colleagues_words_are_relayed() -> None:
    assert feedback_of("slack_connect").voice is Voice.FIRST_HAND
    assert feedback_of("message").voice is Voice.RELAYED


def test_a_sister_workspace_is_not_outside_unless_the_channel_is_shared() -> None:
    acme = replace(ACME, enterprise_id="E100")
    for name, outside in (("message", False), ("slack_connect", True)):
        meaning = parse_event(recorded(name, team="T888"), acme)
        assert isinstance(meaning, Arrival)
        assert meaning.feedback.outside is outside


def test_a_list_of_requirements_is_a_document() -> None:
    assert feedback_of("requirements").voice is Voice.DOCUMENT
    assert feedback_of("message", text="- The export must be faster\n- Thanks!").voice is Voice.RELAYED
    wishes = "\n".join(f"{number}. The solution shall keep record {number}." for number in range(1, 9))
    assert feedback_of("message", text=wishes).voice is Voice.DOCUMENT


def test_an_edit_brings_the_words_as_they_are_now_and_when() -> None:
    meaning = parse_event(recorded("message_changed"), ACME)
    assert isinstance(meaning, Edited)
    assert isinstance(meaning.now, Arrival)
    assert (meaning.ts, meaning.edited_ts) == ("1763600000.000200", "1763600320.000000")
    assert meaning.now.feedback.text == "The export is slow, and it stops at noon."
    assert meaning.now.feedback.edited_ts == "1763600320.000000"


@pytest.mark.parametrize("name", ["message_deleted", "tombstone"])
def test_a_message_that_is_gone_is_named(name: str) -> None:
    meaning = parse_event(recorded(name), ACME)
    assert isinstance(meaning, Deleted)
    assert (meaning.channel_id, meaning.ts) == ("C200", "1763600000.000200")


def test_a_message_that_is_gone_may_be_named_by_what_it_was_alone() -> None:
    meaning = parse_event(recorded("message_deleted", deleted_ts=None), ACME)
    assert isinstance(meaning, Deleted)
    assert meaning.ts == "1763600000.000200"


def test_a_huddle_is_noise() -> None:
    assert isinstance(parse_event(recorded("huddle"), ACME), Ignored)


def test_ten_thousand_attachments_are_cut_and_the_context_says_so() -> None:
    attachments = [{"title": f"Ticket {number}", "text": "The export is slow"} for number in range(10_000)]
    feedback = feedback_of("bot_message", attachments=attachments)
    assert len(feedback.text) <= MOST_CHARACTERS
    assert feedback.text.startswith("Ticket 0\nThe export is slow\nTicket 1\n")
    assert (feedback.context or "").startswith(CUT)


def test_what_a_person_typed_is_never_cut() -> None:
    text = "The export is slow. " * 4000
    assert feedback_of("message", text=text).text == text


@pytest.mark.parametrize("field", ["blocks", "attachments", "files"])
def test_words_where_they_cannot_be_read_are_not_taken_for_none(field: str) -> None:
    odd = {"text": "", "blocks": [], field: ["The export is slow"]}
    with pytest.raises(UnreadablePayloadError):
        parse_event(recorded("message", **odd), ACME)
