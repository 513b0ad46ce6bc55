"""Deliveries as Slack makes them, of every shape: shuffled, some twice, with edits and deletions among them.

Every version of every message has a mark of its own, such as ``mark-17-v2``: whoever finds a mark knows whose words
it has found, and which version of them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

from storage.ids import TeamId

CHANNEL, ELSEWHERE = "C200", "C777"
ALLOWED_APP = "B700"
LONG_AGO = timedelta(days=40)
"""Longer than anything is read again or answered."""
_PAYLOADS = Path(__file__).parents[1] / "payloads"

Body = dict[str, Any]
Message = dict[str, Any]


@dataclass(frozen=True)
class Shape:
    """Know a recorded payload and how words are put into it."""

    recorded: str
    put: Callable[[Message, str], None]
    is_edited: bool = True


def _in_text(message: Message, words: str) -> None:
    message["text"] = words
    message.pop("blocks", None)


def _before_text(message: Message, words: str) -> None:
    message["text"] = f"{words}\n{message['text']}"
    message.pop("blocks", None)


def _in_attachment(message: Message, words: str) -> None:
    shown = message["attachments"][0]
    shown["text"] = shown["fallback"] = words
    shown.pop("message_blocks", None)


def _in_mail(message: Message, words: str) -> None:
    mail = message["files"][0]
    mail["plain_text"] = f"Hello,\r\n\r\n{words}\r\n\r\nKind regards\r\nDana"
    mail["preview_plain_text"] = "Hello,"
    mail["headers"]["message_id"] = f"<{message['ts']}@globex.example>"


def _in_block(message: Message, words: str) -> None:
    message["blocks"][1]["text"]["text"] = words


def _streamed(message: Message, words: str) -> None:
    message |= {"text": words, "bot_id": ALLOWED_APP}
    message.pop("blocks", None)


SHAPES = (
    Shape("message", _in_text),
    Shape("thread_reply", _in_text),
    Shape("forward", _in_attachment),
    Shape("message", _in_text),
    Shape("thread_broadcast", _in_text),
    Shape("file_share", _in_text),
    Shape("mail", _in_mail, is_edited=False),
    Shape("app_post", _in_block),
    Shape("slack_connect", _in_text),
    Shape("requirements", _before_text),
    Shape("forward", _in_attachment),
    Shape("bot_message", _in_attachment),
    Shape("streaming", _streamed, is_edited=False),
    Shape("huddle", _in_text, is_edited=False),
)


class Deliveries:
    """Make so many deliveries of one seed: the same seed makes the same ones."""

    def __init__(self, team_id: TeamId, bot_user: str, *, seed: int, now: datetime) -> None:
        self._team, self._bot_user = team_id, bot_user
        self._chance = Random(seed)  # noqa: S311 - drawn to be drawn again, not to be secret
        self._began = int((now - LONG_AGO).timestamp())
        self._numbers, self._events = count(), count()
        self._plain: list[str] = []

    def make(self, number: int) -> list[Body]:
        """Make ``number`` deliveries in the order in which they arrive."""
        made: list[Body] = []
        while len(made) < number:
            told = list(self._tell(next(self._numbers)))
            made += told
            made += [body for body in told if self._chance.random() < 0.2]
        made = made[:number]
        self._chance.shuffle(made)
        return made

    def _tell(self, number: int) -> Iterator[Body]:
        """Tell the whole life of one message."""
        shape = SHAPES[number % len(SHAPES)]
        message = self._message(shape, number)
        yield self._body(message) if shape.recorded != "streaming" else self._body(message | {"text": "…"})
        if shape.recorded == "streaming":
            yield self._changed(message | {"streaming_state": "completed"})
        edits = self._chance.choice((0, 0, 0, 1, 1, 3)) if shape.is_edited else 0
        for version in range(1, edits + 1):
            message = self._edited(shape, message, number, version)
            yield self._changed(message)
        if self._chance.random() < 0.1:
            yield self._changed(message | {"attachments": [*message.get("attachments", ()), _unfurled()]})
        if self._chance.random() < 0.15:
            yield self._gone(message)

    def _message(self, shape: Shape, number: int) -> Message:
        message = deepcopy(_recorded(shape.recorded)["event"])
        seconds = self._began + 10 * number
        message |= {"channel": CHANNEL, "ts": f"{seconds}.000200", "event_ts": f"{seconds}.000200"}
        if message.get("user", "").startswith("U3"):
            message["user"] = f"U3{number:05d}"
        if "thread_ts" in message:
            message["thread_ts"] = self._chance.choice(self._plain or [f"{seconds - 5}.000200"])
            message.pop("root", None)
        shape.put(message, _words(number, 0))
        if shape.recorded == "forward":
            self._point_back(message, number)
        if shape.recorded == "message":
            self._plain.append(message["ts"])
        return message

    def _point_back(self, message: Message, number: int) -> None:
        """Forward one of a few messages, of this channel or of another, half of them with a comment on top."""
        original = message["attachments"][0]
        few = self._plain[-3:] if number % 2 else []
        ts = self._chance.choice(few or [f"{self._began - 1000 - number // 100}.000100"])
        original |= {"channel_id": CHANNEL if few else ELSEWHERE, "ts": ts}
        original["from_url"] = f"https://acme.slack.com/archives/{original['channel_id']}/p{ts.replace('.', '')}"
        if self._chance.random() < 0.5:
            message["text"] = f"They lose hours on this: {_mark(number, 'c0')}"

    def _edited(self, shape: Shape, message: Message, number: int, version: int) -> Message:
        changed = deepcopy(message)
        if shape.recorded == "forward":
            if changed["text"]:
                changed["text"] = f"They lose whole days on this: {_mark(number, f'c{version}')}"
        elif shape.recorded == "message" and self._chance.random() < 0.1:
            changed["text"] = ""
        elif shape.recorded == "requirements":
            changed["text"] = _words(number, version)
        else:
            shape.put(changed, _words(number, version))
        seconds = message["ts"].split(".")[0]
        # The seconds of edits that follow each other grow from one digit to two: as text they would not.
        return changed | {"edited": {"user": changed.get("user"), "ts": f"{int(seconds) + 4 * version}.000000"}}

    def _changed(self, message: Message) -> Body:
        event_ts = f"{message['ts'].split('.')[0]}.9{next(self._events) % 100_000:05d}"
        inner = {name: value for name, value in message.items() if name not in ("channel", "channel_type", "event_ts")}
        event = {"type": "message", "subtype": "message_changed", "hidden": True, "message": inner, "ts": event_ts}
        return self._body(event | {"channel": CHANNEL, "channel_type": "channel", "event_ts": event_ts})

    def _gone(self, message: Message) -> Body:
        if message["ts"] in self._plain and self._chance.random() < 0.3:
            return self._changed(
                {"type": "message", "subtype": "tombstone", "text": "This message was deleted.", "ts": message["ts"]}
            )
        event_ts = f"{message['ts'].split('.')[0]}.8{next(self._events) % 100_000:05d}"
        event = {"type": "message", "subtype": "message_deleted", "hidden": True, "ts": event_ts}
        place = {"channel": CHANNEL, "channel_type": "channel", "event_ts": event_ts}
        return self._body(event | place | {"deleted_ts": message["ts"], "previous_message": message})

    def _body(self, event: Message) -> Body:
        body = deepcopy(_recorded("message")) | {"event": deepcopy(event)}
        body |= {"team_id": self._team, "event_id": f"Ev{next(self._events):07d}"}
        body["authorizations"][0] |= {"team_id": self._team, "user_id": self._bot_user}
        return body


def _words(number: int, version: int) -> str:
    return f"The export takes far too many clicks: {_mark(number, f'v{version}')}"


def _mark(number: int, version: str) -> str:
    return f"mark-{number}-{version}"


def _unfurled() -> dict[str, Any]:
    return {"is_msg_unfurl": True, "original_url": "https://acme.slack.com/archives/C1/p1", "text": "What was linked."}


@cache
def _recorded(name: str) -> Body:
    body: Body = json.loads((_PAYLOADS / f"{name}.json").read_text(encoding="utf-8"))
    return body
