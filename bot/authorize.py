"""Authorization that asks nobody: what it needs is known from the start or read from the history.

Bolt's own asks Slack (``auth.test``) and, when Slack is throttled, answers 200, so that what came is lost.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from slack_bolt.authorization import AuthorizeResult

from bot.logs import said
from storage.errors import StorageError
from storage.ids import TeamId
from storage.records import Workspace
from storage.workspaces import Workspaces

log = logging.getLogger(__name__)


def build_authorize(workspaces: Workspaces, token: str) -> Callable[..., AuthorizeResult | None]:
    """Make Bolt's ``authorize`` for a bot with one token.

    Rule: a workspace that the history does not know is not served. A history that does not answer is no
    reason to refuse: the person who waits is told so by the listener, in a sentence.
    """

    def authorize(enterprise_id: str | None, team_id: str | None, user_id: str | None) -> AuthorizeResult | None:
        workspace = _find(workspaces, team_id)
        if workspace is None:
            return None
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=team_id,
            user_id=user_id,
            bot_id=workspace.bot_id,
            bot_user_id=workspace.bot_user_id,
            bot_token=token,
        )

    return authorize


def _find(workspaces: Workspaces, team_id: object) -> Workspace | None:
    if not isinstance(team_id, str) or not team_id:  # Bolt hands on whatever stands in a delivery
        return None
    try:
        return workspaces.find(TeamId(team_id))
    except StorageError:
        log.warning("authorized without the history", extra=said("authorize.blind", team=team_id))
        return Workspace(team_id=TeamId(team_id), name="")
