"""Saving by hand: whatever the way in, one row a message, and what somebody said of it kept beside it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.accounts import listed_name
from bot.errors import InputError
from bot.parts import Parts
from bot.placing import Placer
from bot.port import PersonFacts
from bot.rights import may_review
from bot.savable import Where, must_not_have_opted_out
from bot.shapes.meanings import Arrival
from bot.shapes.voice import is_document
from classifiers.vocabulary import Persona, Theme
from storage.ids import FeedbackId, Origin, TeamId, UserId, typed_origin
from storage.records import NewFeedback
from storage.stated import Stated
from storage.vocabulary import ChannelKind, Source, Voice, more_closed

LONGEST_TEXT = 40_000
"""As much as one message of Slack holds."""
_GONE = (
    "Nothing was saved: this message was deleted in Slack, its words were erased, or an edit took them away. "
    "What was deleted or erased does not come back."
)


@dataclass(frozen=True, slots=True)
class Beside:
    """Hold what somebody says of what they save, as they typed and chose it; empty where they do not know."""

    note: str = ""
    account: str = ""
    person: str = ""
    persona: str = ""
    side: str = ""
    theme: str = ""


NOTHING_BESIDE = Beside()


class LabelsError(InputError):
    """A theme and a side contradict each other; the message says how."""


@dataclass(frozen=True, slots=True)
class Saved:
    """Say what became of it."""

    feedback_id: FeedbackId
    new: bool
    """False when it was kept already, with the very words."""
    kind: ChannelKind
    """Who can see its words."""
    has_files: bool = False
    """Whether files came with it, of which only the names and previews are kept."""


def save(
    parts: Parts, where: Where, arrival: Arrival, person: PersonFacts, source: Source, beside: Beside = NOTHING_BESIDE
) -> Saved:
    """Save a message that was read; a second time only what is said beside it is added.

    Raises LabelsError for labels that contradict each other, InputError for words that are gone.
    """
    stated = _stated(parts, where.team_id, person, beside)
    where = _met(parts, where)
    feedback = _by_hand(arrival.feedback, where, person.user_id, source)
    comment = arrival.comment and _by_hand(arrival.comment, where, person.user_id, source)
    taken = parts.store.intake.take_in(feedback, parts.clock(), comment=comment)
    return _keep_beside(parts, where, stated, taken.feedback_id, new=taken.new or taken.changed)


def save_typed(
    parts: Parts, where: Where, text: str, person: PersonFacts, *, key: str, beside: Beside = NOTHING_BESIDE
) -> Saved:
    """Save what somebody typed for Ballast alone; ``key`` names it, so that it comes in once.

    Raises InputError for no words or too many and as ``save`` does, NotAllowedError for who opted out.
    """
    if not text.strip() or len(text) > LONGEST_TEXT:
        message = f"Write what you heard, in at most {LONGEST_TEXT:,} characters."
        raise InputError(message)
    stated = _stated(parts, where.team_id, person, beside)
    where = _met(parts, where)
    feedback = NewFeedback(
        team_id=where.team_id,
        origin=typed_origin(key),
        text=text,
        said_at=parts.clock(),
        source=Source.COMMAND,
        voice=Voice.DOCUMENT if is_document(text) else Voice.RELAYED,
        channel_id=where.channel_id,
        channel_kind=where.kind,
        reporter=person.user_id,
    )
    must_not_have_opted_out(parts, feedback)
    taken = parts.store.intake.take_in(replace(feedback, saved_by=person.user_id), parts.clock())
    return _keep_beside(parts, where, stated, taken.feedback_id, new=taken.new)


def must_not_be_gone(parts: Parts, team_id: TeamId, origin: Origin) -> None:
    """Raise InputError for a message that was deleted or whose words were erased, before a form is filled in."""
    kept = parts.store.history.by_origin(team_id, origin)
    if kept is not None and kept.words_erased_at is not None:
        raise InputError(_GONE)


def find_saved(parts: Parts, where: Where, origin: Origin, person: PersonFacts) -> Saved | None:
    """Note who saves what is kept already; None when it is not kept. Raises InputError for words that were erased."""
    kept = parts.store.history.by_origin(where.team_id, origin)
    if kept is None or not (kept.text or kept.words_erased_at):
        return None
    stated = Stated(person.user_id, decides=False)
    return _keep_beside(parts, replace(where, kind=kept.channel_kind), stated, kept.feedback_id, new=False)


def _met(parts: Parts, where: Where) -> Where:
    """Know the channel from now on, so that edits and deletions of what is saved there are followed."""
    known = parts.store.workspaces.meet_channel(where.team_id, where.channel_id, where.name, where.kind)
    return replace(where, kind=more_closed(known.kind, where.kind))


def _keep_beside(parts: Parts, where: Where, stated: Stated, feedback_id: FeedbackId, *, new: bool) -> Saved:
    if not parts.store.stating.add(where.team_id, feedback_id, stated, parts.clock()):
        raise InputError(_GONE)
    parts.wake()
    return Saved(feedback_id, new=new, kind=where.kind)


def _by_hand(feedback: NewFeedback, where: Where, by: UserId, source: Source) -> NewFeedback:
    """Note the way in, unless the shape tells more: a forward is one whoever saves it."""
    way = source if feedback.source is Source.CHANNEL else feedback.source
    return replace(feedback, source=way, channel_kind=where.kind, saved_by=by)


def _stated(parts: Parts, team_id: TeamId, person: PersonFacts, beside: Beside) -> Stated:
    taxonomy = parts.taxonomy_of(team_id)
    theme = taxonomy.themes.get(Theme(beside.theme))
    side = next((key for key in taxonomy.sides if key == beside.side), None)
    if theme is not None and side is not None and theme.side is not side:
        message = f"“{theme.name}” is a {taxonomy.sides[theme.side].name.lower()}. Choose another theme or side."
        raise LabelsError(message)
    return Stated(
        by=person.user_id,
        decides=may_review(parts, team_id, person),
        side=theme.side if theme else side,
        theme=theme.key if theme else None,
        persona=Persona(beside.persona) if beside.persona in taxonomy.personas else None,
        note=beside.note.strip() or None,
        account=_account(parts, team_id, beside.account),
        person=beside.person.strip() or None,
    )


def _account(parts: Parts, team_id: TeamId, typed: str) -> str | None:
    """Name the account as the team's list does, where the list knows it."""
    name = " ".join(typed.split())
    return listed_name(Placer(parts.store.accounts, parts.store.placing).book(team_id), name) if name else None
