"""Who the app is in the stand-in's workspace: ids, tokens and granted scopes."""

from __future__ import annotations

from dataclasses import dataclass

ALL_SCOPES = frozenset(
    {
        "app_mentions:read",
        "channels:history",
        "channels:read",
        "chat:write",
        "commands",
        "files:read",
        "files:write",
        "groups:history",
        "groups:read",
        "im:history",
        "im:read",
        "im:write",
        "reactions:read",
        "reactions:write",
        "users:read",
    }
)


@dataclass(frozen=True, slots=True)
class Identity:
    """Name the workspace and the one app that is installed in it."""

    team_id: str = "T0NORTHWIND"
    team_name: str = "Northwind Software"
    team_domain: str = "northwind"
    other_team_id: str = "T0ACMECORP"
    """The organisation that strangers in shared channels come from."""
    app_id: str = "A0BALLAST"
    bot_id: str = "B0BALLAST"
    bot_user_id: str = "U0BALLAST"
    bot_name: str = "ballast"
    bot_token: str = "xoxb-1-sandbox"  # noqa: S105 - a token that opens only the stand-in
    app_token: str = "xapp-1-A0BALLAST-1-sandbox"  # noqa: S105 - as above
    scopes: frozenset[str] = ALL_SCOPES
