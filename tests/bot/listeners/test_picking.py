"""Whoever saved a message is offered the picker of its account, once, and what they say is kept."""

from collections.abc import Callable
from typing import Any

import pytest

from bot.keeping import build_reader
from bot.picking import Picker
from bot.placing import Placer
from bot.sandbox.channels import Channel, Message
from bot.sandbox.people import Person
from bot.views import ids
from classifiers.protocol import Context
from storage.accounts import NewAccount
from storage.ids import ChannelId, FeedbackId, Ts, UserId, slack_origin
from storage.placing import Placed
from storage.stated import Stated
from storage.vocabulary import Source
from tests.bot.listeners.conftest import Office
from tests.factories import LEASE, make_classification, make_feedback
from tests.hand_clock import HandClock
from tests.scripted_classifier import QUIET, ScriptedClassifier
from tests.talking_server import TalkingServer, talking_server  # noqa: F401 - a fixture

Save = Callable[..., FeedbackId]


@pytest.fixture
def saved(office: Office) -> Save:
    """Have a message that Max saved and that was read without an account."""

    def save(channel: Channel | None = None, **changes: Any) -> FeedbackId:
        where, store, at = channel or office.people.feedback, office.bot.store, office.bot.parts.clock()
        ts, team = Ts(office.slack.people.say(where, "max", "It is slow.")), office.bot.workspace.team_id
        max_id, origin = UserId(office.people.max.user_id), slack_origin(ChannelId(where.channel_id), ts)
        fields = {"permalink": "https://acme.example/x", "saved_by": max_id, "source": Source.SHORTCUT, **changes}
        new = make_feedback(team_id=team, origin=origin, channel_id=ChannelId(where.channel_id), ts=ts, **fields)
        store.intake.take_in(new, at)
        (claim,) = store.queue.claim(team, limit=1, lease=LEASE, at=at)
        placed = Placed(ask=max_id)
        assert store.queue.save(claim, make_classification(), taxonomy_version="1", at=at, placed=placed)
        return claim.feedback_id

    return save


def know(office: Office, *names: str) -> None:
    accounts = [NewAccount(name, aliases=(f"{name} Group",)) for name in names]
    office.bot.store.accounts.put(office.bot.workspace.team_id, accounts, office.bot.parts.clock())


def placer(office: Office) -> Placer:
    return Placer(office.bot.store.accounts, office.bot.store.placing)


def read(office: Office, text: str, **changes: Any) -> FeedbackId:
    """Have a message taken in and read as a running Ballast reads it."""
    store, clock, team = office.bot.store, office.bot.parts.clock, office.bot.workspace.team_id
    taken = store.intake.take_in(make_feedback(text, team_id=team, **changes), clock())
    context = Context(office.bot.parts.taxonomy)
    build_reader(store, ScriptedClassifier(), lambda _: context, clock, placer(office).place).turn()
    return taken.feedback_id


def offer(office: Office) -> list[Message]:
    """Do all turns that are due; return what Max alone was shown."""
    picker = Picker(office.bot.parts, placer(office), lambda: 1.0, lambda: False)
    while picker.turn() == 0.0:
        pass
    return office.slack.ephemerals("max")


def account_of(office: Office, feedback_id: FeedbackId) -> str | None:
    return office.bot.store.history.feedback(office.bot.workspace.team_id, feedback_id).account


def press(office: Office, shown: Message, action: str, **chosen: Any) -> None:
    assert office.slack.presses.click("max", office.people.feedback, shown["ts"], action, **chosen).is_acked
    office.slack.until_settled()


def test_an_account_is_picked_from_the_list_and_nobody_is_asked_again(office: Office, saved: Save) -> None:
    know(office, "Acme", "Globex")
    feedback_id = saved()
    (shown,) = offer(office)
    assert "<https://acme.example/x|the message that you saved>" in shown["text"]
    globex = str(office.bot.store.accounts.page(office.bot.workspace.team_id)[1].account_id)

    press(office, shown, ids.ACCOUNT_PICK, value=globex)

    office.slack.until(lambda: account_of(office, feedback_id) == "Globex")
    (shown,) = office.slack.until(lambda: [one for one in office.slack.ephemerals("max") if "Noted" in one["text"]])
    assert not shown.get("blocks"), "the picker still stands there"
    assert len(offer(office)) == 1


def test_an_account_that_is_not_listed_is_typed_and_gets_the_list_s_name_where_it_has_one(
    office: Office, saved: Save
) -> None:
    know(office, "Globex")
    first, second = saved(), saved()
    for feedback_id, shown, typed in zip((first, second), offer(office), ("  New  Ltd ", "GLOBEX group"), strict=True):
        press(office, shown, ids.ACCOUNT_OTHER)
        office.slack.until(
            lambda: [one for one in office.slack.modals("max") if one["callback_id"] == ids.ACCOUNT_SUBMIT]
        )
        assert office.slack.presses.submit_view("max", {ids.ACCOUNT_NAME: typed}).is_acked
        assert account_of(office, feedback_id)
    assert (account_of(office, first), account_of(office, second)) == ("New Ltd", "Globex")


def test_who_does_not_know_is_left_alone(office: Office, saved: Save) -> None:
    feedback_id = saved()
    (shown,) = offer(office)
    press(office, shown, ids.ACCOUNT_UNKNOWN)
    office.slack.until(lambda: "stays open" in office.told("max"))
    assert (account_of(office, feedback_id), len(offer(office))) == (None, 1)


def test_where_ballast_is_no_member_the_picker_comes_as_a_direct_message(office: Office, saved: Save) -> None:
    saved(office.people.sales_private)
    assert offer(office) == []
    (call,) = office.slack.calls("chat.postMessage")
    assert (call.arguments["channel"][0], "Which account" in call.arguments["text"]) == ("D", True)


def test_a_long_list_is_searched_as_one_types(office: Office, saved: Save) -> None:
    know(office, *(f"Account {number:03}" for number in range(101)), "Globex")
    saved()
    (shown,) = offer(office)
    assert "external_select" in str(shown["blocks"])

    typed = {"type": "block_suggestion", "action_id": ids.ACCOUNT_PICK, "value": "glob", "block_id": "account:1"}
    people = {"user": {"id": office.people.max.user_id}, "team": {"id": office.bot.workspace.team_id}}
    answer = office.bot.dispatch({**typed, **people})

    assert answer.status == 200
    assert "Globex" in str(answer.body)
    assert "Account" not in str(answer.body)


def pressed(office: Office, person: Person, shown: Message, feedback_id: FeedbackId) -> dict[str, Any]:
    """Make the delivery of somebody's choice of the first account."""
    team, acme = office.bot.workspace.team_id, office.bot.store.accounts.page(office.bot.workspace.team_id)[0]
    return {
        "type": "block_actions",
        "user": {"id": person.user_id},
        "team": {"id": team},
        "channel": {"id": office.people.feedback.channel_id},
        "container": {"message_ts": shown["ts"]},
        "actions": [
            {
                "type": "static_select",
                "action_id": ids.ACCOUNT_PICK,
                "block_id": f"account:{feedback_id}",
                "selected_option": {"value": str(acme.account_id)},
            }
        ],
    }


@pytest.mark.parametrize("status", [404, 429, 500])
def test_an_answer_that_slack_refuses_at_its_address_reaches_the_person_all_the_same(
    office: Office,
    saved: Save,
    talking_server: TalkingServer,  # noqa: F811 - the fixture
    caplog: pytest.LogCaptureFixture,
    status: int,
) -> None:
    know(office, "Acme")
    feedback_id = saved()
    (shown,) = offer(office)
    talking_server.answer(status, b"used_url")

    office.bot.dispatch(pressed(office, office.people.max, shown, feedback_id) | {"response_url": talking_server.url})

    office.slack.until(lambda: "Noted: this is about Acme." in office.told("max"))
    assert f"an answer did not reach Slack: answered with HTTP {status}" in caplog.text


def test_only_the_one_who_was_asked_answers(office: Office, saved: Save) -> None:
    know(office, "Acme")
    feedback_id = saved()
    (shown,) = offer(office)

    office.bot.dispatch(pressed(office, office.people.olivia, shown, feedback_id))

    assert "Only the one who saved" in office.told("olivia")
    assert account_of(office, feedback_id) is None


@pytest.mark.parametrize(("failures", "offers"), [(2, 1), (3, 0)])
def test_slack_that_does_not_answer_is_asked_three_times(
    office: Office, saved: Save, slack_clock: HandClock, failures: int, offers: int
) -> None:
    saved()
    office.slack.fail("chat.postEphemeral", status=503, times=failures)
    for _ in range(4):
        offer(office)
        slack_clock.advance(LEASE * 15)
    assert len(office.slack.ephemerals("max")) == offers


def test_who_saved_it_is_asked_where_a_problem_was_found_and_nothing_tells_the_account(office: Office) -> None:
    know(office, "Globex")
    max_id = UserId(office.people.max.user_id)
    for text in ("Globex finds it slow.", QUIET, "Somebody finds it slow."):
        feedback_id = read(office, text, saved_by=max_id)
    read(office, "Nobody saved this by hand.")

    (shown,) = offer(office)

    assert f"account:{feedback_id}" in str(shown["blocks"])


def test_who_saves_what_was_read_before_is_asked_too_unless_their_note_tells(office: Office) -> None:
    know(office, "Globex")
    max_id, team = UserId(office.people.max.user_id), office.bot.workspace.team_id
    unknown, told = read(office, "Too slow."), read(office, "Slow too.")
    for feedback_id, note in ((unknown, None), (told, "It was Globex")):
        stated = Stated(max_id, decides=False, note=note)
        assert office.bot.store.stating.add(team, feedback_id, stated, office.bot.parts.clock())

    (shown,) = offer(office)

    assert f"account:{unknown}" in str(shown["blocks"])
    assert account_of(office, told) == "Globex"


def test_an_account_told_meanwhile_leaves_nothing_to_ask(office: Office, saved: Save) -> None:
    team, feedback_id = office.bot.workspace.team_id, saved()
    office.bot.store.placing.place(team, [(feedback_id, "Acme")])
    assert offer(office) == []
