from datetime import timedelta

import pytest

from bot.port import Block
from bot.sandbox.channels import Kind
from bot.views import ids
from bot.views.greeting import build_greeting
from bot.views.ids import insight_block_id
from storage.ids import ChannelId
from storage.records import Feedback, StoredInsight
from storage.vocabulary import ChannelKind, PostKind, Standing, Verdict, Watch
from tests.bot.listeners.conftest import Office
from tests.bot.listening import holding_the_write_lock


def test_an_owner_confirms_and_the_card_becomes_due(office: Office) -> None:
    feedback = office.read()
    press(office, "olivia", feedback, 1, ids.INSIGHT_CONFIRM)
    insight = until_reviewed(office, feedback, 1)
    assert insight.standing is Standing.SURE
    assert office.slack.until(lambda: office.bot.woken)


def test_a_reviewer_rejects(office: Office) -> None:
    office.ask("olivia", "/ballast reviewer @max")
    feedback = office.read()
    press(office, "max", feedback, 0, ids.INSIGHT_REJECT)
    assert until_reviewed(office, feedback, 0).standing is Standing.REJECTED


def test_somebody_else_only_proposes(office: Office) -> None:
    feedback = office.read()
    press(office, "max", feedback, 0, ids.INSIGHT_REJECT)
    assert "Noted as your proposal" in office.told("max")
    assert now(office, feedback).insights[0].standing is Standing.SURE


def test_a_guest_decides_and_proposes_nothing(office: Office) -> None:
    feedback = office.read()
    press(office, "gina", feedback, 0, ids.INSIGHT_CONFIRM)
    assert "only full members" in office.told("gina")


def test_pressing_twice_decides_once(office: Office) -> None:
    feedback = office.read()
    ts = office.card_of(feedback)
    for _ in range(2):
        press(office, "olivia", feedback, 0, ids.INSIGHT_CONFIRM, ts=ts)
    until_reviewed(office, feedback, 0)
    office.slack.until_settled()
    reviews = office.bot.store.reviews.of_feedback(feedback.team_id, feedback.feedback_id)
    assert [review.verdict for review in reviews] == [Verdict.CONFIRMED]


def test_a_press_on_an_outdated_card_says_who_changed_what(office: Office) -> None:
    office.ask("olivia", "/ballast reviewer @max")
    feedback = office.read()
    ts = office.card_of(feedback)
    press(office, "olivia", feedback, 0, ids.INSIGHT_REJECT, ts=ts)
    until_reviewed(office, feedback, 0)
    press(office, "max", feedback, 0, ids.INSIGHT_CONFIRM, ts=ts)
    told = office.told("max")
    assert f"<@{office.people.olivia.user_id}> was faster" in told
    assert "not a problem now" in told


def test_correct_opens_the_modal_with_the_current_labels(office: Office) -> None:
    feedback = office.read()
    press(office, "max", feedback, 0, ids.INSIGHT_CORRECT)
    assert office.modal_of("max")["callback_id"] == ids.CORRECTION_SUBMIT


def test_a_locked_database_is_said_to_who_pressed(office: Office) -> None:
    feedback = office.read()
    ts = office.card_of(feedback)
    with holding_the_write_lock(office.database):
        press(office, "olivia", feedback, 0, ids.INSIGHT_CONFIRM, ts=ts)
        assert "database" in office.told("olivia")


def test_words_of_a_private_channel_are_not_shown_by_a_button_elsewhere(office: Office) -> None:
    office.slack.people.invite_bot(office.people.sales_private, by=office.people.olivia)
    feedback = office.read(office.people.sales_private, ChannelKind.PRIVATE)
    elsewhere = office.bot.parts.slack.post(
        ChannelId(office.people.feedback.channel_id), text="A card", blocks=card_blocks(office, feedback)
    )
    office.slack.presses.click(
        "max", office.people.feedback, elsewhere, ids.INSIGHT_CORRECT, block_id=block(feedback, 0)
    )
    assert "shown only there" in office.told("max")
    assert not office.slack.modals("max")


def test_a_button_of_an_older_version_is_answered(office: Office) -> None:
    button = {"type": "button", "text": {"type": "plain_text", "text": "Old"}, "action_id": "old.thing", "value": "1"}
    blocks = [{"type": "actions", "elements": [button]}]
    ts = office.bot.parts.slack.post(ChannelId(office.people.feedback.channel_id), text="Old", blocks=blocks)
    assert office.slack.presses.click("max", office.people.feedback, ts, "old.thing").is_acked
    assert "older version" in office.told("max")


@pytest.mark.parametrize(
    ("action", "mode"), [(ids.WATCH_ALL, Watch.ALL), (ids.WATCH_REQUEST, Watch.REQUEST), (ids.WATCH_OFF, Watch.OFF)]
)
def test_the_greetings_button_sets_the_mode_and_tells_the_channel(office: Office, action: str, mode: Watch) -> None:
    ts = greet(office)
    office.slack.presses.click("olivia", office.people.feedback, ts, action)
    shown = office.slack.until(lambda: chosen_text(office, ts))
    assert shown.startswith(f"<@{office.people.olivia.user_id}> chose")
    channel = office.bot.store.workspaces.channel(
        office.bot.workspace.team_id, ChannelId(office.people.feedback.channel_id)
    )
    assert channel is not None
    assert (channel.watch, channel.decided_by) == (mode, office.people.olivia.user_id)


def test_the_greetings_button_tells_who_may_not_choose_who_may(office: Office) -> None:
    ts = greet(office)
    office.slack.presses.click("max", office.people.feedback, ts, ids.WATCH_ALL)
    assert "Only an owner can decide that" in office.told("max")
    assert not chosen_text(office, ts)


def test_an_invitation_owes_a_greeting_before_it_is_acknowledged(office: Office) -> None:
    private = office.slack.add_channel("board", Kind.PRIVATE, members=[office.people.olivia])
    office.slack.people.invite_bot(private, by=office.people.olivia)
    office.slack.until_settled()
    at = office.bot.parts.clock()
    posts = office.bot.store.posts.claim(office.bot.workspace.team_id, limit=9, lease=timedelta(minutes=1), at=at)
    assert (PostKind.GREETING, private.channel_id) in {(post.kind, post.channel_id) for post in posts}


def greet(office: Office) -> str:
    key = "greeting:C1:1.000000"
    text, blocks = build_greeting(key, words_go_to="Nothing leaves.", kept_months=12, command="/ballast")
    return office.bot.parts.slack.post(ChannelId(office.people.feedback.channel_id), text=text, blocks=blocks)


def chosen_text(office: Office, ts: str) -> str:
    message = next(one for one in office.slack.messages(office.people.feedback) if one["ts"] == ts)
    return str(message["text"]) if "chose" in message["text"] else ""


def block(feedback: Feedback, position: int) -> str:
    return insight_block_id(feedback.insights[position].insight_id)


def card_blocks(office: Office, feedback: Feedback) -> list[Block]:
    ts = office.card_of(feedback)
    assert feedback.ts is not None
    return [
        one
        for message in office.slack.thread(str(feedback.channel_id), feedback.ts)
        if message["ts"] == ts
        for one in message["blocks"]
    ]


def press(office: Office, user: str, feedback: Feedback, position: int, action: str, *, ts: str | None = None) -> None:
    card = ts or office.card_of(feedback)
    exchange = office.slack.presses.click(
        user, str(feedback.channel_id), card, action, block_id=block(feedback, position)
    )
    assert exchange.is_acked


def now(office: Office, feedback: Feedback) -> Feedback:
    return office.bot.store.history.feedback(feedback.team_id, feedback.feedback_id)


def until_reviewed(office: Office, feedback: Feedback, position: int) -> StoredInsight:
    office.slack.until(lambda: now(office, feedback).insights[position].reviews)
    return now(office, feedback).insights[position]
