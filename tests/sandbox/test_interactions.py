from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from slack_bolt import Ack, App, Respond
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.sandbox.clock import HandClock
from bot.sandbox.deliveries import Outcome
from bot.sandbox.errors import ImpossibleError
from bot.sandbox.presets import SmallWorkspace
from bot.sandbox.stand_in import SlackStandIn
from tests.slack_stand_in import connected

FORM = {
    "type": "modal",
    "callback_id": "form",
    "title": {"type": "plain_text", "text": "A form"},
    "submit": {"type": "plain_text", "text": "Send"},
    "private_metadata": "kept",
    "blocks": [
        {
            "type": "input",
            "block_id": "name",
            "label": {"type": "plain_text", "text": "Name"},
            "element": {"type": "plain_text_input", "action_id": "typed"},
        },
        {
            "type": "input",
            "block_id": "side",
            "label": {"type": "plain_text", "text": "Side"},
            "element": {
                "type": "static_select",
                "action_id": "chosen",
                "options": [
                    {"text": {"type": "plain_text", "text": side}, "value": side} for side in ("customer", "user")
                ],
                "initial_option": {"text": {"type": "plain_text", "text": "user"}, "value": "user"},
            },
        },
    ],
}
BUTTONS = [
    {
        "type": "actions",
        "block_id": "row",
        "elements": [
            {
                "type": "button",
                "action_id": name,
                "value": f"value of {name}",
                "text": {"type": "plain_text", "text": name},
            }
            for name in ("open", "replace", "delete", "whisper")
        ],
    }
]
DONE = {
    "type": "modal",
    "title": {"type": "plain_text", "text": "Done"},
    "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "Thank you."}}],
}


class TinyBot:
    """Be a real Bolt app that keeps what it was sent, and answers a modal with ``verdict``."""

    def __init__(self, slack: SlackStandIn) -> None:
        self.bodies: list[dict[str, Any]] = []
        self.verdict: dict[str, Any] = {}
        self.client = WebClient(token=slack.identity.bot_token, base_url=slack.url)
        self.app = App(client=self.client)
        self.app.command("/ballast")(self.handle_command)
        for name in ("open", "replace", "delete", "whisper"):
            self.app.action(name)(self.handle_press)
        self.app.shortcut("reading.open")(self.handle_press)
        self.app.view("form")(self.handle_form)
        self.app.view_closed("form")(self.handle_press)
        self.app.event("app_home_opened")(self.handle_home)

    def handle_command(self, ack: Ack, respond: Respond, body: dict[str, Any]) -> None:
        self.bodies.append(body)
        match body["text"]:
            case "mute":
                return
            case "loud":
                ack(text="for all", response_type="in_channel")
            case "often":
                ack()
                for number in range(6):
                    respond(f"answer {number}")
            case text:
                ack(text=f"you said {text}", blocks=BUTTONS)

    def handle_press(self, ack: Ack, respond: Respond, body: dict[str, Any]) -> None:
        ack()
        self.bodies.append(body)
        match body.get("actions", [{}])[0].get("action_id", "open"):
            case "replace":
                respond(text="replaced", replace_original=True)
            case "delete":
                respond(delete_original=True)
            case "whisper":
                respond("psst")
            case _ if body["type"] != "view_closed":
                self.client.views_open(trigger_id=body["trigger_id"], view=FORM)

    def handle_form(self, ack: Ack, body: dict[str, Any]) -> None:
        self.bodies.append(body)
        ack(**self.verdict)

    def handle_home(self, event: dict[str, Any]) -> None:
        text = {"type": "mrkdwn", "text": f"Hello <@{event['user']}>"}
        self.client.views_publish(
            user_id=event["user"], view={"type": "home", "blocks": [{"type": "section", "text": text}]}
        )


def posted(slack: SlackStandIn, bot: TinyBot) -> str:
    return str(bot.client.chat_postMessage(channel="C0FEEDBACK", text="press", blocks=BUTTONS)["ts"])


def post_to(url: str, body: dict[str, Any]) -> int:
    address = urlsplit(url)
    connection = http.client.HTTPConnection(address.netloc, timeout=5)
    try:
        connection.request("POST", address.path, json.dumps(body), {"Content-Type": "application/json"})
        return connection.getresponse().status
    finally:
        connection.close()


def test_a_command_is_answered_with_its_acknowledgement(slack: SlackStandIn, bot: TinyBot) -> None:
    exchange = slack.presses.command("max", "#feedback", "/ballast owner @olivia in #product")
    assert exchange.responses[0]["text"] == "you said owner <@U0OLIVIA0|olivia> in <#C0PRODUCT0|product>"
    assert [message["text"] for message in slack.ephemerals("max")] == [exchange.responses[0]["text"]]
    body = bot.bodies[0]
    assert (body["command"], body["channel_name"], body["user_id"]) == ("/ballast", "feedback", "U0MAX0000")


def test_an_answer_in_channel_is_seen_by_all(slack: SlackStandIn, bot: TinyBot) -> None:
    slack.presses.command("max", "#feedback", "/ballast loud")
    assert slack.messages("#feedback")[-1]["text"] == "for all"
    assert slack.ephemerals("max") == []


def test_a_command_without_acknowledgement_is_not_sent_again(slack: SlackStandIn, bot: TinyBot) -> None:
    exchange = slack.presses.command("max", "#feedback", "/ballast mute")
    assert exchange.is_acked is False
    assert exchange.delivery.outcome is Outcome.LOST
    assert exchange.delivery.attempts == 1


def test_a_response_url_takes_five_answers(slack: SlackStandIn, bot: TinyBot) -> None:
    exchange = slack.presses.command("max", "#feedback", "/ballast often")
    slack.until(lambda: len(exchange.responses) == 5)
    assert post_to(bot.bodies[0]["response_url"], {"text": "once more"}) == 404
    assert len(slack.ephemerals("max")) == 5


def test_a_response_url_ends_after_half_an_hour(slack: SlackStandIn, bot: TinyBot, slack_clock: HandClock) -> None:
    slack.presses.command("max", "#feedback", "/ballast hello")
    slack_clock.advance(timedelta(minutes=31))
    assert post_to(bot.bodies[0]["response_url"], {"text": "late"}) == 404


def test_a_press_tells_what_where_and_by_whom(slack: SlackStandIn, bot: TinyBot) -> None:
    ts = posted(slack, bot)
    slack.presses.click("max", "#feedback", ts, "open")
    slack.until(lambda: slack.modals("max"))
    body = bot.bodies[0]
    assert body["type"] == "block_actions"
    assert body["user"]["id"] == "U0MAX0000"
    assert body["container"] == {
        "type": "message",
        "message_ts": ts,
        "channel_id": "C0FEEDBACK",
        "is_ephemeral": False,
    }
    assert body["actions"][0]["value"] == "value of open"
    assert body["actions"][0]["block_id"] == "row"
    assert body["message"]["text"] == "press"


def test_a_press_can_replace_delete_and_whisper(slack: SlackStandIn, bot: TinyBot) -> None:
    ts = posted(slack, bot)
    slack.presses.click("max", "#feedback", ts, "whisper")
    slack.until(lambda: slack.ephemerals("max"))
    slack.presses.click("max", "#feedback", ts, "replace")
    slack.until(lambda: slack.messages("#feedback")[-1]["text"] == "replaced")
    other = posted(slack, bot)
    slack.presses.click("max", "#feedback", other, "delete")
    slack.until(lambda: other not in [message["ts"] for message in slack.messages("#feedback")])


def test_an_ephemeral_message_can_be_pressed_and_replaced(slack: SlackStandIn, bot: TinyBot) -> None:
    slack.presses.command("max", "#feedback", "/ballast hello")
    [shown] = slack.ephemerals("max")
    slack.presses.click("max", "#feedback", shown["ts"], "replace")
    slack.until(lambda: [message["text"] for message in slack.ephemerals("max")] == ["replaced"])
    assert bot.bodies[-1]["container"]["is_ephemeral"] is True


def test_a_button_that_is_not_there_cannot_be_pressed(slack: SlackStandIn, bot: TinyBot) -> None:
    with pytest.raises(ImpossibleError, match="there are: open, replace, delete, whisper"):
        slack.presses.click("max", "#feedback", posted(slack, bot), "explode")


def test_a_modal_goes_round(slack: SlackStandIn, bot: TinyBot) -> None:
    slack.presses.click("max", "#feedback", posted(slack, bot), "open")
    slack.until(lambda: slack.modals("max"))
    exchange = slack.presses.submit_view("max", {"typed": "Ada"})
    assert exchange.is_acked
    assert slack.modals("max") == []
    body = bot.bodies[-1]
    assert body["type"] == "view_submission"
    assert body["view"]["private_metadata"] == "kept"
    values = body["view"]["state"]["values"]
    assert values["name"]["typed"] == {"type": "plain_text_input", "value": "Ada"}
    assert values["side"]["chosen"]["selected_option"]["value"] == "user"


def test_a_modal_with_errors_stays_open(slack: SlackStandIn, bot: TinyBot) -> None:
    bot.verdict = {"response_action": "errors", "errors": {"name": "Too short."}}
    slack.presses.click("max", "#feedback", posted(slack, bot), "open")
    slack.until(lambda: slack.modals("max"))
    exchange = slack.presses.submit_view("max", {"name": "A", "side": "customer"})
    assert exchange.errors == {"name": "Too short."}
    assert len(slack.modals("max")) == 1


@pytest.mark.parametrize(("action", "titles"), [("update", ["Done"]), ("push", ["A form", "Done"]), ("clear", [])])
def test_a_modal_follows_the_response_action(slack: SlackStandIn, bot: TinyBot, action: str, titles: list[str]) -> None:
    bot.verdict = {"response_action": action} | ({} if action == "clear" else {"view": DONE})
    slack.presses.click("max", "#feedback", posted(slack, bot), "open")
    slack.until(lambda: slack.modals("max"))
    slack.presses.submit_view("max", {"typed": "Ada"})
    assert [view["title"]["text"] for view in slack.modals("max")] == titles


def test_a_modal_that_slack_would_refuse_is_refused(slack: SlackStandIn, bot: TinyBot) -> None:
    bot.verdict = {"response_action": "update", "view": {"type": "modal", "blocks": []}}
    slack.presses.click("max", "#feedback", posted(slack, bot), "open")
    slack.until(lambda: slack.modals("max"))
    exchange = slack.presses.submit_view("max", {"typed": "Ada"})
    assert exchange.delivery.refusal == "invalid_arguments"


def test_an_empty_required_field_cannot_be_submitted(slack: SlackStandIn, bot: TinyBot) -> None:
    slack.presses.click("max", "#feedback", posted(slack, bot), "open")
    slack.until(lambda: slack.modals("max"))
    with pytest.raises(ImpossibleError, match="name must be filled in"):
        slack.presses.submit_view("max")


def test_a_shortcut_works_where_the_app_is_not(slack: SlackStandIn, bot: TinyBot) -> None:
    ts = slack.people.say("#product", "max", "something")
    slack.presses.shortcut("max", "#product", ts, "reading.open")
    slack.until(lambda: slack.modals("max"))
    body = bot.bodies[-1]
    assert (body["type"], body["message_ts"], body["message"]["text"]) == ("message_action", ts, "something")
    assert body["channel"] == {"id": "C0PRODUCT0", "name": "product"}


def test_the_home_tab_is_published_when_it_is_opened(slack: SlackStandIn, bot: TinyBot) -> None:
    slack.people.open_home("max")
    home = slack.until(lambda: slack.home("max"))
    assert home["blocks"][0]["text"]["text"] == "Hello <@U0MAX0000>"


def test_a_trigger_opens_one_modal_and_only_at_once(
    slack: SlackStandIn, web: WebClient, workspace: SmallWorkspace, slack_clock: HandClock
) -> None:
    def refusal(trigger: str) -> str:
        with pytest.raises(SlackApiError) as caught:
            web.views_open(trigger_id=trigger, view=FORM)
        return str(caught.value.response["error"])

    loans = slack.workspace.loans
    used = loans.issue_trigger("U0MAX0000")
    web.views_open(trigger_id=used, view=FORM)
    late = loans.issue_trigger("U0MAX0000")
    slack_clock.advance(timedelta(seconds=4))
    assert [refusal(trigger) for trigger in (used, late, "made up")] == [
        "expired_trigger_id",
        "expired_trigger_id",
        "invalid_trigger_id",
    ]
    twice = loans.issue_trigger("U0MAX0000")
    web.views_open(trigger_id=twice, view=FORM)
    assert refusal(twice) == "exchanged_trigger_id"


def test_at_most_three_modals_are_stacked(slack: SlackStandIn, web: WebClient, workspace: SmallWorkspace) -> None:
    loans = slack.workspace.loans
    web.views_open(trigger_id=loans.issue_trigger("U0MAX0000"), view=FORM)
    for _ in range(2):
        web.views_push(trigger_id=loans.issue_trigger("U0MAX0000"), view=FORM)
    with pytest.raises(SlackApiError, match="push_limit_reached"):
        web.views_push(trigger_id=loans.issue_trigger("U0MAX0000"), view=FORM)


def test_an_open_modal_is_updated_by_its_id(slack: SlackStandIn, web: WebClient, workspace: SmallWorkspace) -> None:
    trigger = slack.workspace.loans.issue_trigger("U0MAX0000")
    view = web.views_open(trigger_id=trigger, view=FORM)["view"]
    web.views_update(view_id=view["id"], hash=view["hash"], view=DONE)
    assert [shown["title"]["text"] for shown in slack.modals("max")] == ["Done"]
    with pytest.raises(SlackApiError, match="hash_conflict"):
        web.views_update(view_id=view["id"], hash=view["hash"], view=FORM)
    with pytest.raises(SlackApiError, match="not_found"):
        web.views_update(view_id="V0", view=DONE)


@pytest.fixture
def bot(slack: SlackStandIn, feedback: str) -> Iterator[TinyBot]:
    tiny = TinyBot(slack)
    handler = SocketModeHandler(tiny.app, slack.identity.app_token, web_client=WebClient(base_url=slack.url))
    # What happened before the app was there is of no interest here.
    slack.socket_mode.deliveries.clear()
    with connected(slack, handler.client):
        yield tiny
    tiny.app.listener_runner.listener_executor.shutdown()
