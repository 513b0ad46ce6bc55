"""The people of the stand-in's workspace and what ``users.info`` says about them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from bot.sandbox.identity import Identity


class Role(StrEnum):
    """Say what a person may do in the workspace."""

    OWNER = "owner"
    ADMIN = "admin"
    MEMBER = "member"
    GUEST = "guest"
    STRANGER = "stranger"
    """A member of another organisation, met in a shared channel."""
    APP = "app"


@dataclass(frozen=True, slots=True)
class Person:
    """Hold one account: a human being or the app's bot user."""

    user_id: str
    handle: str
    real_name: str
    role: Role
    team_id: str
    zone: str = "Europe/Berlin"

    def as_slack(self, *, at: datetime, is_met: bool = False) -> dict[str, Any]:
        """Render the user object of ``users.info``; the zone's offset is the one in force at ``at``.

        Slack calls nobody a stranger whom the app meets in a channel, of whatever organisation they are.
        """
        governs = self.role in {Role.OWNER, Role.ADMIN}
        offset = at.astimezone(ZoneInfo(self.zone)).utcoffset()
        user: dict[str, Any] = {
            "id": self.user_id,
            "team_id": self.team_id,
            "name": self.handle,
            "deleted": False,
            "real_name": self.real_name,
            "tz": self.zone,
            "tz_label": self.zone,
            "tz_offset": int(offset.total_seconds()) if offset is not None else 0,
            "profile": {"real_name": self.real_name, "display_name": self.handle, "team": self.team_id},
            "is_bot": self.role is Role.APP,
            "is_app_user": False,
            "updated": int(datetime(2026, 1, 5, tzinfo=UTC).timestamp()),
        }
        if self.role is Role.STRANGER:
            return user | {"is_stranger": not is_met}
        return user | {
            "is_admin": governs,
            "is_owner": self.role is Role.OWNER,
            "is_primary_owner": self.role is Role.OWNER,
            "is_restricted": self.role is Role.GUEST,
            "is_ultra_restricted": False,
        }


def bot_person(identity: Identity) -> Person:
    """Make the app's own bot user."""
    return Person(
        user_id=identity.bot_user_id,
        handle=identity.bot_name,
        real_name=identity.bot_name.capitalize(),
        role=Role.APP,
        team_id=identity.team_id,
        zone="UTC",
    )
