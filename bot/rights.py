"""Who may do what: outsiders nothing, owners everything, reviewers labels; and which words are seen where."""

from __future__ import annotations

from bot.errors import NotAllowedError, SlackError
from bot.parts import Parts
from bot.port import PersonFacts
from bot.views.labels import mention
from storage.ids import ChannelId, TeamId, UserId
from storage.records import Feedback
from storage.vocabulary import ChannelKind, Duty

_NAMED_IN_A_SENTENCE = 5
_UNSEEN = frozenset({"user_not_found", "user_not_visible", "users_not_found"})
_MEMBERS_ONLY = "Ballast answers only full members of this workspace, not guests or people of other organisations."


def admit(parts: Parts, user_id: UserId) -> PersonFacts:
    """Ask Slack who somebody is. Raises NotAllowedError for guests, other organisations' members and bots.

    Whom Slack does not show to Ballast is one of another organisation, or gone.
    """
    try:
        person = parts.slack.person(user_id)
    except SlackError as error:
        if error.code not in _UNSEEN:
            raise
        raise NotAllowedError(_MEMBERS_ONLY) from error
    if person.is_outsider or person.is_bot:
        raise NotAllowedError(_MEMBERS_ONLY)
    return person


def is_owner(parts: Parts, team_id: TeamId, person: PersonFacts) -> bool:
    """Tell whether a person decides for the workspace: its admins, the configured ones, and whom they named."""
    if person.governs or person.user_id in parts.appointed:
        return True
    return parts.store.workspaces.has_duty(team_id, person.user_id, Duty.OWNER)


def may_review(parts: Parts, team_id: TeamId, person: PersonFacts) -> bool:
    """Tell whether a person decides labels: owners and named reviewers."""
    if is_owner(parts, team_id, person):
        return True
    return parts.store.workspaces.has_duty(team_id, person.user_id, Duty.REVIEWER)


def must_own(parts: Parts, team_id: TeamId, person: PersonFacts) -> None:
    """Raise NotAllowedError, naming who decides, unless the person is an owner."""
    if not is_owner(parts, team_id, person):
        message = f"Only an owner can decide that. {who_decides(parts, team_id)}"
        raise NotAllowedError(message)


def who_decides(parts: Parts, team_id: TeamId) -> str:
    """Name the owners in a sentence."""
    named = sorted(parts.appointed | set(parts.store.workspaces.with_duty(team_id, Duty.OWNER)))
    shown = ", ".join(mention(user_id) for user_id in named[:_NAMED_IN_A_SENTENCE])
    if not shown:
        return "Owners are the admins of this workspace and people whom they name."
    rest = f" and {len(named) - _NAMED_IN_A_SENTENCE} more" if len(named) > _NAMED_IN_A_SENTENCE else ""
    return f"Owners are {shown}{rest}, and the admins of this workspace."


def must_see(parts: Parts, feedback: Feedback, channel_id: ChannelId) -> None:
    """Raise NotAllowedError when words of a channel that is not public would be shown in another channel.

    Not public is a channel that was not when the words were captured, or is not now.
    """
    if feedback.channel_id == channel_id:
        return
    known = feedback.channel_id and parts.store.workspaces.channel(feedback.team_id, feedback.channel_id)
    if feedback.channel_kind is not ChannelKind.PUBLIC or (known and known.kind is not ChannelKind.PUBLIC):
        message = "These words come from a channel that is not public, and are shown only there."
        raise NotAllowedError(message)
