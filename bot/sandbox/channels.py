"""Channels and their messages. A message is kept in the form in which Slack sends it: a JSON object keyed by ``ts``."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

Message = dict[str, Any]


class Kind(StrEnum):
    """Say who can see a channel."""

    PUBLIC = "public"
    PRIVATE = "private"
    SHARED = "shared"
    """Public here and shared with another organisation."""
    DIRECT = "direct"


CHANNEL_TYPES = {Kind.PUBLIC: "channel", Kind.PRIVATE: "group", Kind.SHARED: "channel", Kind.DIRECT: "im"}
"""What a message event calls each kind in ``channel_type``."""


@dataclass(slots=True)
class Channel:
    """Hold one conversation: who is in it and what was said, oldest first."""

    channel_id: str
    name: str
    kind: Kind
    creator: str
    created_at: int
    members: list[str] = field(default_factory=list)
    is_archived: bool = False
    messages: dict[str, Message] = field(default_factory=dict)

    @property
    def is_hidden(self) -> bool:
        """Tell whether those who are not in it cannot know of it."""
        return self.kind in {Kind.PRIVATE, Kind.DIRECT}

    def roots(self) -> list[Message]:
        """List what stands in the channel itself: no replies, unless they were sent to the channel too."""
        return [message for message in self.messages.values() if is_in_channel(message)]

    def thread(self, root_ts: str) -> list[Message]:
        """List a thread, its root first."""
        return [message for ts, message in self.messages.items() if root_ts in {ts, message.get("thread_ts")}]

    def as_slack(self, *, for_user: str) -> dict[str, Any]:
        """Render the channel object of ``conversations.info`` as ``for_user`` sees it."""
        if self.kind is Kind.DIRECT:
            other = next((member for member in self.members if member != for_user), for_user)
            return {
                "id": self.channel_id,
                "created": self.created_at,
                "is_im": True,
                "is_archived": False,
                "user": other,
            }
        is_shared = self.kind is Kind.SHARED
        return {
            "id": self.channel_id,
            "name": self.name,
            "name_normalized": self.name,
            "created": self.created_at,
            "creator": self.creator,
            "is_channel": self.kind is not Kind.PRIVATE,
            "is_group": False,
            "is_im": False,
            "is_mpim": False,
            "is_private": self.kind is Kind.PRIVATE,
            "is_archived": self.is_archived,
            "is_general": self.name == "general",
            "is_shared": is_shared,
            "is_ext_shared": is_shared,
            "is_org_shared": False,
            "is_member": for_user in self.members,
            "topic": {"value": "", "creator": "", "last_set": 0},
            "purpose": {"value": "", "creator": "", "last_set": 0},
            "num_members": len(self.members),
        }


def is_in_channel(message: Message) -> bool:
    """Tell a message of the channel from a reply that stands only in its thread."""
    return message.get("thread_ts", message["ts"]) == message["ts"] or message.get("subtype") == "thread_broadcast"
