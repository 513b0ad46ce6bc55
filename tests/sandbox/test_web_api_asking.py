"""What the app asks for it gets as Slack tells it, page by page, and never from where it is not."""

from __future__ import annotations

import pytest
from slack_sdk import WebClient

from bot.sandbox.presets import SmallWorkspace
from bot.sandbox.stand_in import SlackStandIn
from tests.sandbox.refused import refusal


def test_a_permalink_leads_to_the_reply_in_its_thread(slack: SlackStandIn, web: WebClient, feedback: str) -> None:
    root = slack.people.say("#feedback", "max", "root")
    reply = slack.people.say("#feedback", "max", "reply", thread=root)
    link = web.chat_getPermalink(channel=feedback, message_ts=reply)["permalink"]
    assert link == (
        f"https://northwind.slack.com/archives/{feedback}/p{reply.replace('.', '')}?thread_ts={root}&cid={feedback}"
    )
    assert refusal(web.chat_getPermalink, channel=feedback, message_ts="1.000001")["error"] == "message_not_found"


def test_people_are_told_with_their_roles_and_zones(web: WebClient, workspace: SmallWorkspace) -> None:
    people = {name: web.users_info(user=name)["user"] for name in ("U0OLIVIA0", "U0MAX0000", "U0GINA000", "U0STAN000")}
    assert people["U0OLIVIA0"]["is_owner"] is True
    assert people["U0OLIVIA0"]["tz"] == "Europe/Berlin"
    assert people["U0OLIVIA0"]["tz_offset"] == 3600
    assert people["U0MAX0000"]["is_admin"] is False
    assert people["U0GINA000"]["is_restricted"] is True
    assert people["U0STAN000"]["is_stranger"] is True
    assert people["U0STAN000"]["team_id"] != "T0NORTHWIND"
    assert refusal(web.users_info, user="U0NOBODY0")["error"] == "user_not_found"


def test_nobody_is_called_a_stranger_who_shares_a_channel_with_the_app(
    web: WebClient, slack: SlackStandIn, workspace: SmallWorkspace
) -> None:
    slack.people.invite_bot(workspace.acme_shared, workspace.olivia)

    stan = web.users_info(user=workspace.stan.user_id)["user"]

    assert (stan["is_stranger"], stan["team_id"]) == (False, slack.identity.other_team_id)


def test_strangers_are_not_listed_among_the_people(web: WebClient, workspace: SmallWorkspace) -> None:
    pages = [page["members"] for page in web.users_list(limit=2)]
    assert [len(page) for page in pages] == [2, 2]
    assert [person["name"] for page in pages for person in page] == ["ballast", "olivia", "max", "gina"]


@pytest.mark.parametrize(
    ("channel", "expected"),
    [
        ("C0FEEDBACK", {"is_private": False, "is_ext_shared": False, "is_member": True}),
        ("C0PRODUCT0", {"is_private": False, "is_ext_shared": False, "is_member": False}),
        ("C0ACMESHARED", {"is_private": False, "is_ext_shared": True, "is_member": False}),
    ],
)
def test_a_channel_is_told_with_its_kind(
    web: WebClient, feedback: str, channel: str, expected: dict[str, bool]
) -> None:
    told = web.conversations_info(channel=channel)["channel"]
    assert {name: told[name] for name in expected} == expected


def test_a_private_channel_is_known_to_its_members_only(
    slack: SlackStandIn, web: WebClient, workspace: SmallWorkspace
) -> None:
    private = workspace.sales_private.channel_id
    assert refusal(web.conversations_info, channel=private)["error"] == "channel_not_found"
    slack.people.invite_bot(workspace.sales_private, workspace.olivia)
    assert web.conversations_info(channel=private)["channel"]["is_private"] is True


def test_channels_are_listed_by_type(slack: SlackStandIn, web: WebClient, feedback: str) -> None:
    slack.people.invite_bot("#sales-private", "olivia")
    slack.people.archive("#general")
    public = web.conversations_list(exclude_archived=True)["channels"]
    assert [channel["name"] for channel in public] == ["feedback", "product", "acme-shared"]
    private = web.conversations_list(types="private_channel")["channels"]
    assert [channel["name"] for channel in private] == ["sales-private"]
    joined = web.users_conversations(types="public_channel,private_channel")["channels"]
    assert [channel["name"] for channel in joined] == ["feedback", "sales-private"]


def test_members_of_a_channel_are_listed(web: WebClient, feedback: str) -> None:
    assert web.conversations_members(channel=feedback)["members"] == [
        "U0OLIVIA0",
        "U0MAX0000",
        "U0GINA000",
        "U0BALLAST",
    ]


def test_history_pages_backwards_without_a_gap(slack: SlackStandIn, web: WebClient, feedback: str) -> None:
    said = [slack.people.say("#feedback", "max", f"message {number}") for number in range(5)]
    oldest = said[0]
    answers = web.conversations_history(channel=feedback, limit=2, oldest=oldest, inclusive=True)
    pages = [(page["has_more"], [message["ts"] for message in page["messages"]]) for page in answers]
    assert [has_more for has_more, _ in pages] == [True, True, False]
    assert [len(page) for _, page in pages] == [2, 2, 1]
    assert [ts for _, page in pages for ts in page] == said[::-1]


@pytest.mark.parametrize(("inclusive", "expected"), [("false", [1]), ("true", [0, 1, 2])])
def test_bounds_of_history_count_only_when_inclusive(
    slack: SlackStandIn, web: WebClient, feedback: str, inclusive: str, expected: list[int]
) -> None:
    said = [slack.people.say("#feedback", "max", f"message {number}") for number in range(3)]
    bounds = {"channel": feedback, "oldest": said[0], "latest": said[2], "inclusive": inclusive}
    page = web.api_call("conversations.history", data=bounds)
    assert [said.index(message["ts"]) for message in page["messages"]][::-1] == expected


def test_history_needs_membership_and_a_known_cursor(web: WebClient, feedback: str) -> None:
    assert refusal(web.conversations_history, channel="C0PRODUCT0")["error"] == "not_in_channel"
    assert refusal(web.conversations_history, channel=feedback, cursor="page two")["error"] == "invalid_cursor"
    assert refusal(web.conversations_history, channel=feedback, limit="many")["error"] == "invalid_arguments"


def test_replies_begin_with_the_root(slack: SlackStandIn, web: WebClient, feedback: str) -> None:
    root = slack.people.say("#feedback", "max", "root")
    replies = [slack.people.say("#feedback", "olivia", f"reply {number}", thread=root) for number in range(3)]
    answers = web.conversations_replies(channel=feedback, ts=root, limit=3)
    assert [message["ts"] for page in answers for message in page["messages"]] == [root, *replies]
    assert refusal(web.conversations_replies, channel=feedback, ts="1.000001")["error"] == "thread_not_found"


def test_a_file_is_told_by_its_id(slack: SlackStandIn, web: WebClient) -> None:
    slack.world.files["F0MAIL"] = {"id": "F0MAIL", "filetype": "email", "plain_text": "the words"}
    assert web.files_info(file="F0MAIL")["file"]["plain_text"] == "the words"
    assert refusal(web.files_info, file="F0GONE")["error"] == "file_not_found"
