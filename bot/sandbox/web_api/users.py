"""People: ``users.*``."""

from __future__ import annotations

from bot.sandbox.errors import RefusedCallError
from bot.sandbox.web_api.call import Answer, Call, Method, Workspace
from bot.sandbox.web_api.paging import page_of

_READ = frozenset({"users:read"})


def information(workspace: Workspace, call: Call) -> Answer:
    """Tell who a person is."""
    world = workspace.world
    person = world.people.get(call.text("user"))
    if person is None:
        code = "user_not_found"
        raise RefusedCallError(code)
    return {"user": person.as_slack(at=world.clock(), is_met=world.is_met(person))}


def list_people(workspace: Workspace, call: Call) -> Answer:
    """Page through the people of this workspace; strangers are not among them."""
    world = workspace.world
    ours = [person for person in world.people.values() if person.team_id == world.identity.team_id]
    page, cursor = page_of(ours, call, default=100)
    now = world.clock()
    people = [person.as_slack(at=now) for person in page]
    return {"members": people, "cache_ts": int(now.timestamp()), "response_metadata": {"next_cursor": cursor}}


METHODS = (Method("users.info", information, _READ), Method("users.list", list_people, _READ))
