"""Who is calling, and how Socket Mode begins: ``auth.test``, ``apps.connections.open``."""

from __future__ import annotations

from bot.sandbox.web_api.call import Answer, Call, Method, Workspace


def auth_test(workspace: Workspace, _call: Call) -> Answer:
    """Tell whose token it is."""
    identity = workspace.world.identity
    return {
        "url": f"https://{identity.team_domain}.slack.com/",
        "team": identity.team_name,
        "user": identity.bot_name,
        "team_id": identity.team_id,
        "user_id": identity.bot_user_id,
        "bot_id": identity.bot_id,
        "is_enterprise_install": False,
    }


def connections_open(workspace: Workspace, _call: Call) -> Answer:
    """Make the address of one WebSocket connection."""
    ticket = workspace.socket_mode.issue_ticket()
    return {"url": f"ws://{workspace.host}/link/?ticket={ticket}&app_id={workspace.world.identity.app_id}"}


METHODS = (
    Method("auth.test", auth_test),
    Method("apps.connections.open", connections_open, token="app"),  # noqa: S106 - the kind of token
)
