"""From a request to Slack's answer: token, scope, ordered faults, the method itself, and the call that is kept."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC
from email.utils import format_datetime
from typing import Any

from bot.sandbox.errors import ImpossibleError, RefusedCallError
from bot.sandbox.web_api import auth, chat, conversations, files, reactions, surfaces, users
from bot.sandbox.web_api.call import Answer, Call, Method, Workspace

METHODS: Mapping[str, Method] = {
    method.name: method
    for family in (auth, chat, conversations, files, reactions, surfaces, users)
    for method in family.METHODS
}


@dataclass(slots=True)
class WebApi:
    """Answer calls; keep them for whoever wants to see what the app asked for."""

    workspace: Workspace
    calls: list[Call] = field(default_factory=list)
    is_revoked: bool = False

    def keep(self, name: str, arguments: Mapping[str, Any]) -> Call:
        """Note that a call came, without its token."""
        given = {argument: value for argument, value in arguments.items() if argument != "token"}
        world = self.workspace.world
        call = Call(name, given, world.clock())
        with world.changed:
            self.calls.append(call)
            world.changed.notify_all()
        return call

    def answer(self, name: str, arguments: Mapping[str, Any], *, bearer: str) -> tuple[str, dict[str, str]]:
        """Do the call and return its JSON and headers, rendered before anything else can change the world."""
        token = bearer or str(arguments.get("token", ""))
        world = self.workspace.world
        call = self.keep(name, arguments)
        with world.changed:
            try:
                answer = self._do(call, token)
            except RefusedCallError as refusal:
                answer = {"ok": False, "error": refusal.code, **refusal.details}
            world.changed.notify_all()
            rendered = json.dumps(answer)
        return rendered, self._headers(name, token)

    def _do(self, call: Call, token: str) -> Answer:
        method = METHODS.get(call.method)
        if method is None:
            code = "unknown_method"
            raise RefusedCallError(code, req_method=call.method)
        self._admit(method, token)
        try:
            return {"ok": True} | method.act(self.workspace, call)
        except ImpossibleError:
            code = "message_not_found"
            raise RefusedCallError(code) from None

    def _admit(self, method: Method, token: str) -> None:
        identity = self.workspace.world.identity
        if method.token == "none":  # noqa: S105 - the kind of token
            return
        if not token:
            code = "not_authed"
            raise RefusedCallError(code)
        if self.is_revoked:
            code = "token_revoked"
            raise RefusedCallError(code)
        if token not in {identity.bot_token, identity.app_token}:
            code = "invalid_auth"
            raise RefusedCallError(code)
        wanted = identity.app_token if method.token == "app" else identity.bot_token  # noqa: S105 - the kind of token
        if token != wanted:
            code = "not_allowed_token_type"
            raise RefusedCallError(code)
        if method.scopes and not method.scopes & identity.scopes:
            code = "missing_scope"
            provided = ",".join(sorted(identity.scopes))
            raise RefusedCallError(code, needed=",".join(sorted(method.scopes)), provided=provided)

    def _headers(self, name: str, token: str) -> dict[str, str]:
        identity = self.workspace.world.identity
        date = {"date": format_datetime(self.workspace.world.clock().astimezone(UTC), usegmt=True)}
        if token != identity.bot_token:
            return date
        accepted = METHODS[name].scopes if name in METHODS else frozenset()
        return date | {
            "x-oauth-scopes": ",".join(sorted(identity.scopes)),
            "x-accepted-oauth-scopes": ",".join(sorted(accepted)),
        }
