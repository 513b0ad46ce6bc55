"""A Bolt app that is as small as the tests of commands, presses and modals allow, and what it shows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from slack_bolt import Ack, App, Respond
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

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


@pytest.fixture
def bot(slack: SlackStandIn, feedback: str) -> Iterator[TinyBot]:
    tiny = TinyBot(slack)
    handler = SocketModeHandler(tiny.app, slack.identity.app_token, web_client=WebClient(base_url=slack.url))
    # What happened before the app was there is of no interest here.
    slack.socket_mode.deliveries.clear()
    with connected(slack, handler.client):
        yield tiny
    tiny.app.listener_runner.listener_executor.shutdown()
