"""Sub-commands that name who decides: owners for everything, reviewers for labels."""

from __future__ import annotations

from bot.commands.command import Asked, Command, Reply, read_person, words_beside_person
from bot.errors import InputError
from bot.parts import Parts
from bot.rights import must_own, who_decides
from bot.views.labels import mention
from storage.ids import UserId
from storage.vocabulary import Duty

_REMOVE = "remove"
_DUTIES = {Duty.OWNER: "an owner", Duty.REVIEWER: "a reviewer"}
_POWERS = {
    Duty.OWNER: "They choose what is watched, name people and decide labels.",
    Duty.REVIEWER: "They decide labels.",
}


def answer_owner(parts: Parts, asked: Asked) -> Reply:
    """Name an owner or remove one; without a person, tell who the owners are."""
    return _answer(parts, asked, Duty.OWNER)


def answer_reviewer(parts: Parts, asked: Asked) -> Reply:
    """Name a reviewer or remove one; without a person, tell who the reviewers are."""
    return _answer(parts, asked, Duty.REVIEWER)


def _answer(parts: Parts, asked: Asked, duty: Duty) -> Reply:
    if not asked.words.strip():
        return Reply(_who(parts, asked, duty))
    must_own(parts, asked.team_id, asked.person)
    named = read_person(asked.words, f"{parts.command} {duty.value} @person")
    beside = words_beside_person(asked.words).lower()
    if beside == _REMOVE:
        return _remove(parts, asked, duty, named)
    if beside:
        message = (
            f"Nothing changed: type “{parts.command} {duty.value} @person” to name {_DUTIES[duty]}, or "
            f"“{parts.command} {duty.value} {_REMOVE} @person”, and nothing else."
        )
        raise InputError(message)
    return _name(parts, asked, duty, named)


def _name(parts: Parts, asked: Asked, duty: Duty, named: UserId) -> Reply:
    facts = parts.slack.person(named)
    if facts.is_outsider or facts.is_bot:
        message = "Only full members of this workspace can decide here, not guests, apps or people from elsewhere."
        raise InputError(message)
    workspaces = parts.store.workspaces
    new = workspaces.name_duty(asked.team_id, named, duty, asked.person.user_id, parts.clock())
    if not new:
        return Reply(f"{mention(named)} is {_DUTIES[duty]} already. {_POWERS[duty]}")
    by = mention(asked.person.user_id)
    return Reply(f"{by} chose: {mention(named)} is {_DUTIES[duty]} now. {_POWERS[duty]}", to_channel=True)


def _remove(parts: Parts, asked: Asked, duty: Duty, named: UserId) -> Reply:
    by = asked.person.user_id
    if not parts.store.workspaces.end_duty(asked.team_id, named, duty, by, parts.clock()):
        return Reply(f"{mention(named)} was not named as {_DUTIES[duty]}, so nothing changed.")
    ended = f"{mention(by)} chose: {mention(named)} is no longer named as {_DUTIES[duty]}."
    return Reply(f"{ended} Admins of the workspace always decide.", to_channel=True)


def _who(parts: Parts, asked: Asked, duty: Duty) -> str:
    owners = who_decides(parts, asked.team_id)
    if duty is Duty.OWNER:
        return owners
    named = ", ".join(mention(user) for user in parts.store.workspaces.with_duty(asked.team_id, duty))
    return f"Reviewers are {named}. {owners}" if named else f"No reviewer is named. {owners}"


PEOPLE_COMMANDS = (
    Command("owner", "owner [@person | remove @person]", "name who decides for this workspace", answer_owner),
    Command("reviewer", "reviewer [@person | remove @person]", "name who decides labels", answer_reviewer),
)
