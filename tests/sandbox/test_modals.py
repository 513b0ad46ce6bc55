"""A modal goes round as at Slack: opened by a fresh trigger, filled in, sent, refused, replaced and stacked."""

from __future__ import annotations

from datetime import timedelta

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.sandbox.errors import ImpossibleError
from bot.sandbox.presets import SmallWorkspace
from bot.sandbox.stand_in import SlackStandIn
from tests.hand_clock import HandClock
from tests.sandbox.tiny_bot import DONE, FORM, TinyBot, bot, posted

__all__ = ["bot"]


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
