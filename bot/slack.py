"""The port to Slack over the Web API: what the bot asks, sent and read leniently, every failure one of ours."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from slack_sdk import WebClient
from slack_sdk.web import SlackResponse

from bot.errors import ChannelGoneError, SlackError
from bot.port import Block, ChannelFacts, Message, Page, PersonFacts, View
from bot.slack_errors import FAILURES, wrapped
from bot.slack_reading import (
    BEFORE,
    EVENT_TYPE,
    carries_key,
    channel_facts,
    mapping,
    next_cursor,
    person_facts,
    standing_at,
    time_named,
    workspace_of,
)
from storage.ids import ChannelId, Ts, UserId
from storage.records import Workspace

_PAGE = 200
_SEARCHED_PAGES = 10
_ROOT_AND_REPLY = 2
"""Slack gives a thread's root beside what is asked for of its replies."""
_OPEN = "apps.connections.open"


class SlackPort:
    """Ask Slack for what ``bot.port.Slack`` promises. Safe to call from several threads at once."""

    def __init__(self, client: WebClient) -> None:
        self._client = client
        self._workspace: Workspace | None = None
        self._scopes: frozenset[str] | None = None
        self._answered_at: datetime | None = None

    def identify(self) -> Workspace:
        """Ask who the bot is."""
        workspace = workspace_of(self._ask("auth.test", self._client.auth_test))
        if workspace is None:
            message = "Slack did not say which workspace the token belongs to; check SLACK_API_URL."
            raise SlackError(message, code="no_team")
        self._workspace = workspace
        return workspace

    def post(
        self,
        channel: ChannelId,
        *,
        text: str,
        blocks: Sequence[Block] | None = None,
        thread: Ts | None = None,
        key: str | None = None,
    ) -> Ts:
        """Post a message and return its time; ``key`` lets ``find_own`` find it even without blocks."""
        name = key or next((str(block["block_id"]) for block in blocks or () if block.get("block_id")), None)
        reply = self._ask(
            "chat.postMessage",
            self._client.chat_postMessage,
            channel=channel,
            text=text,
            unfurl_links=False,
            unfurl_media=False,
            **_given(
                blocks=blocks and [dict(block) for block in blocks],
                thread_ts=thread,
                metadata=name and {"event_type": EVENT_TYPE, "event_payload": {"key": name}},
            ),
        )
        if not reply.get("ts"):
            message = "Slack took the message but did not say where it stands."
            raise SlackError(message, code="no_ts")
        return Ts(str(reply["ts"]))

    def post_only_to(
        self,
        channel: ChannelId,
        person: UserId,
        *,
        text: str,
        blocks: Sequence[Block] | None = None,
        thread: Ts | None = None,
    ) -> None:
        """Post what only one person sees."""
        shown = _given(blocks=blocks and [dict(block) for block in blocks], thread_ts=thread)
        self._ask(
            "chat.postEphemeral", self._client.chat_postEphemeral, channel=channel, user=person, text=text, **shown
        )

    def update(self, channel: ChannelId, ts: Ts, *, text: str, blocks: Sequence[Block] | None = None) -> None:
        """Replace what our message says."""
        shown = [dict(block) for block in blocks or ()]  # an empty list takes earlier blocks away
        self._ask("chat.update", self._client.chat_update, channel=channel, ts=ts, text=text, blocks=shown)

    def send_file(self, channel: ChannelId, file: Path, *, text: str) -> None:
        """Send a file with a sentence: its address is asked for, its content sent there, and the file shared."""
        given = {"channel": channel, "file": str(file), "filename": file.name, "initial_comment": text}
        self._ask("files.getUploadURLExternal", self._client.files_upload_v2, **given)

    def delete(self, channel: ChannelId, ts: Ts) -> None:
        """Delete our message; being gone already is success."""
        try:
            self._ask("chat.delete", self._client.chat_delete, channel=channel, ts=ts)
        except SlackError as error:
            if error.code != "message_not_found":
                raise

    def react(self, channel: ChannelId, ts: Ts, emoji: str) -> None:
        """Add a reaction; having added it already is success."""
        try:
            self._ask("reactions.add", self._client.reactions_add, channel=channel, timestamp=ts, name=emoji)
        except SlackError as error:
            if error.code != "already_reacted":
                raise

    def find_own(
        self, channel: ChannelId, block_id: str, *, thread: Ts | None = None, since: Ts | None = None
    ) -> Ts | None:
        """Find our own message by its key, page by page, in a thread or in the channel since ``since``."""
        cursor: str | None = None
        for _ in range(_SEARCHED_PAGES):
            page = self._read(channel, thread=thread, oldest=since, cursor=cursor)
            for message in page.messages:
                if message.get("ts") and carries_key(message, block_id):
                    return Ts(str(message["ts"]))
            cursor = page.cursor
            if cursor is None:
                return None
        return None

    def history(
        self, channel: ChannelId, *, oldest: Ts, latest: Ts, cursor: str | None = None, limit: int = _PAGE
    ) -> Page:
        """Read the root messages between two times, both included, newest first."""
        return self._read(channel, oldest=oldest, latest=latest, cursor=cursor, limit=limit)

    def replies(
        self,
        channel: ChannelId,
        thread: Ts,
        *,
        oldest: Ts | None = None,
        latest: Ts | None = None,
        cursor: str | None = None,
        limit: int = _PAGE,
    ) -> Page:
        """Read a thread between two times, both included, oldest first and with its root."""
        return self._read(channel, thread=thread, oldest=oldest, latest=latest, cursor=cursor, limit=limit)

    def message(self, channel: ChannelId, ts: Ts, *, thread: Ts | None = None) -> Message | None:
        """Read one message: as a root, then as a reply, for which any message of its thread names the thread."""
        if thread is None or thread == ts:
            found = standing_at(ts, self.history(channel, oldest=ts, latest=ts, limit=1))
            if found is not None:
                return found
        try:
            return standing_at(ts, self.replies(channel, thread or ts, oldest=ts, latest=ts, limit=_ROOT_AND_REPLY))
        except ChannelGoneError as error:
            if error.code != "thread_not_found":
                raise
            return None

    def channel(self, channel: ChannelId) -> ChannelFacts:
        """Ask about a channel."""
        return channel_facts(channel, self._ask_if_known("conversations.info", channel=channel))

    def person(self, person: UserId) -> PersonFacts:
        """Ask about a person."""
        reply = self._ask_if_known("users.info", user=person)
        if not mapping(reply.get("user")).get("team_id"):
            return person_facts(person, reply)  # without a team there is nothing to compare with ours
        return person_facts(person, reply, self._workspace or self.identify())

    def direct_channel(self, person: UserId) -> ChannelId:
        """Open (or find) the direct message with a person."""
        reply = self._ask_if_known("conversations.open", users=person)
        return ChannelId(str(mapping(reply.get("channel")).get("id") or person))

    def open_view(self, trigger: str, view: View) -> None:
        """Open a modal; a trigger is good for three seconds and for once."""
        self._ask("views.open", self._client.views_open, trigger_id=trigger, view=dict(view))

    def granted_scopes(self) -> frozenset[str] | None:
        """Tell the scopes that the last answer named in its header."""
        return self._scopes

    def answered_at(self) -> datetime | None:
        """Tell Slack's time at its last answer, to the second."""
        return self._answered_at

    def check_app_token(self, app_token: str) -> None:
        """Ask for a Socket Mode address and let it run out unused; its headers tell of the app token and are left."""
        try:
            self._client.apps_connections_open(app_token=app_token)
        except FAILURES as error:
            raise wrapped(_OPEN, error) from error

    def _read(
        self,
        channel: ChannelId,
        *,
        thread: Ts | None = None,
        oldest: Ts | None = None,
        latest: Ts | None = None,
        cursor: str | None = None,
        limit: int = _PAGE,
    ) -> Page:
        if cursor is not None and cursor.startswith(BEFORE):
            latest, cursor = Ts(cursor.removeprefix(BEFORE)), None
        asked = _given(oldest=oldest, latest=latest, cursor=cursor, ts=thread)
        method, call = (
            ("conversations.replies", self._client.conversations_replies)
            if thread
            else ("conversations.history", self._client.conversations_history)
        )
        reply = self._ask(
            method, call, channel=channel, limit=limit, inclusive=True, include_all_metadata=True, **asked
        )
        messages = tuple(message for message in reply.get("messages") or () if isinstance(message, dict))
        return Page(messages=messages, cursor=next_cursor(reply, messages, latest))

    def _ask_if_known(self, method: str, **arguments: str) -> Mapping[str, Any]:
        """Ask what we can do without: a server that lacks the method has told nothing."""
        calls: Mapping[str, Callable[..., SlackResponse]] = {
            "conversations.info": self._client.conversations_info,
            "conversations.open": self._client.conversations_open,
            "users.info": self._client.users_info,
        }
        try:
            return self._ask(method, calls[method], **arguments)
        except SlackError as error:
            if error.code != "unknown_method":
                raise
            return {}

    def _ask(self, method: str, call: Callable[..., SlackResponse], **arguments: Any) -> Mapping[str, Any]:  # noqa: ANN401 - what a method takes differs
        try:
            response = call(**arguments)
        except FAILURES as error:
            raise wrapped(method, error) from error
        self._note_headers(response.headers)
        return mapping(response.data)

    def _note_headers(self, headers: Mapping[str, Any]) -> None:
        for name, value in headers.items():
            if name.lower() == "x-oauth-scopes":
                self._scopes = frozenset(scope.strip() for scope in str(value).split(",") if scope.strip())
            if name.lower() == "date":
                self._answered_at = time_named(str(value)) or self._answered_at


def _given(**arguments: object) -> dict[str, Any]:
    return {name: value for name, value in arguments.items() if value is not None}
