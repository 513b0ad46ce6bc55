"""What a team chose to take in: which apps, whose words, which replies, and what is too little to keep."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import ColumnElement, Update, and_, or_, select, update
from sqlalchemy.orm import Session

from storage.backfills import cancel_running
from storage.choice_log import ChoiceLog, Choosing, app_name, latest_change
from storage.chosen import KEPT_MONTHS, SAVE_EMOJI, Change, KnownApp, WorkspaceChoices
from storage.database import Database
from storage.errors import NotFoundError, StaleError
from storage.ids import ChannelId, TeamId, Ts, UserId
from storage.owing import write_post
from storage.records import NewPost
from storage.rows import AppRow, OptOutRow, SettingRow
from storage.rules import CaptureRules, rules_of, what_was_chosen
from storage.statements import changed, insert_once, upsert
from storage.vocabulary import AnswerMode, Chosen, Watch
from storage.workspaces import channel_row, lock_workspace, put_answer, put_watch


@dataclass(frozen=True, slots=True)
class Wanted:
    """Hold what somebody wants changed; None and what is not named stays as it is."""

    watch: tuple[Watch, Ts] | None = None
    """The mode, and from when on messages are taken in where it is turned on."""
    answer: AnswerMode | None = None
    keep_threads: bool | None = None
    counted_elsewhere: bool | None = None
    ignored_words: tuple[str, ...] | None = None
    least_length: int | None = None
    save_emoji: str | None = None
    kept_months: int | None = None
    apps: Mapping[str, bool] = field(default_factory=dict)
    """Whether the posts of an app are taken in, by its id."""


Tell = Callable[[Sequence[Change]], Sequence[NewPost]]
"""Makes of changes the notices that are owed for them."""


class Choices:
    """Read what a team chose; always what is committed now, for another process may have changed it."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.log = ChoiceLog(database)

    def of(self, team_id: TeamId, channel_id: ChannelId) -> CaptureRules:
        """Read the rules of a channel, by one statement; a channel that nobody met has the defaults."""
        asked = {"team_id": team_id, "channel_id": channel_id}
        with self._database.asking() as connection:
            return rules_of([(row.kind, row.name, row.value) for row in connection.execute(what_was_chosen(), asked)])

    def of_workspace(self, team_id: TeamId) -> WorkspaceChoices:
        """Read what holds in the whole workspace."""
        with self._database.reading() as session:
            return _of_workspace(session, team_id)

    def choose(self, choosing: Choosing, wanted: Wanted, *, tell: Tell, seen: int | None = None) -> tuple[Change, ...]:
        """Change what differs, log each change and owe its notices, all in one transaction; return the changes.

        ``seen`` is the number of the last change that the person saw: raises StaleError when there are later ones,
        so that nobody takes back unseen what another has chosen. Raises NotFoundError for a channel never met.
        """
        with self._database.writing() as session:
            lock_workspace(session, choosing.team_id)
            if seen is not None and latest_change(session, choosing.team_id) > seen:
                message = "somebody changed the settings meanwhile: open them again to see what holds now"
                raise StaleError(message)
            changes = (*_choose_channel(session, choosing, wanted), *_choose_workspace(session, choosing, wanted))
            for post in tell(changes) if changes else ():
                write_post(session, choosing.team_id, post, choosing.at)
            return changes

    def note_app(self, team_id: TeamId, app: str, name: str | None, at: datetime) -> bool:
        """Note that an app posted in a watched channel; True when it is seen for the first time."""
        with self._database.reading() as session:
            known = session.get(AppRow, (team_id, app))
        if known is not None and name in (None, known.name):
            return False
        values = {"team_id": team_id, "app": app, "name": name, "allowed": False, "first_seen_at": at}
        with self._database.writing() as session:
            if insert_once(session, AppRow, values, returning=AppRow.app) is not None:
                return True
            row = session.get(AppRow, (team_id, app), with_for_update=True)
            if row is not None and name is not None:
                row.name = name
            return False

    def apps(
        self, team_id: TeamId, *, after: tuple[datetime, str] | None = None, limit: int = 20
    ) -> Sequence[KnownApp]:
        """List the apps that have posted, the one seen first last.

        The next page begins after the last one's ``(first_seen_at, app)``.
        """
        wanted = select(AppRow).where(AppRow.team_id == team_id)
        if after is not None:
            at, app = after
            wanted = wanted.where(or_(AppRow.first_seen_at < at, and_(AppRow.first_seen_at == at, AppRow.app > app)))
        with self._database.reading() as session:
            newest = session.scalars(wanted.order_by(AppRow.first_seen_at.desc(), AppRow.app).limit(limit))
            return [_app(row) for row in newest]

    def opt_out(self, team_id: TeamId, user_id: UserId, at: datetime) -> bool:
        """Take in nothing more that a person writes; False when that was so already."""
        values = {"team_id": team_id, "user_id": user_id, "chosen_at": at}
        again = _opt_out(team_id, user_id, OptOutRow.ended_at.is_not(None)).values(chosen_at=at, ended_at=None)
        with self._database.writing() as session:
            new = insert_once(session, OptOutRow, values, returning=OptOutRow.user_id) is not None
            return new or changed(session, again)

    def opt_in(self, team_id: TeamId, user_id: UserId, at: datetime) -> bool:
        """Take in what a person writes from now on as anybody's; False when that was so already."""
        back = _opt_out(team_id, user_id, OptOutRow.ended_at.is_(None)).values(ended_at=at)
        with self._database.writing() as session:
            return changed(session, back)

    def has_opted_out(self, team_id: TeamId, user_id: UserId) -> bool:
        """Tell whether a person wants no part."""
        with self._database.reading() as session:
            row = session.get(OptOutRow, (team_id, user_id))
            return row is not None and row.ended_at is None


def _opt_out(team_id: TeamId, user_id: UserId, so_far: ColumnElement[bool]) -> Update:
    return update(OptOutRow).where(OptOutRow.team_id == team_id, OptOutRow.user_id == user_id, so_far)


def _choose_channel(session: Session, choosing: Choosing, wanted: Wanted) -> list[Change]:
    asked = (wanted.watch, wanted.answer, wanted.keep_threads, wanted.counted_elsewhere)
    if choosing.channel_id is None or all(value is None for value in asked):
        return []
    row = channel_row(session, choosing.team_id, choosing.channel_id)
    changes: list[Change | None] = []
    if wanted.watch is not None:
        turned = put_watch(session, row, *wanted.watch, choosing)
        if turned is not None and row.watch is Watch.OFF:
            cancel_running(session, choosing.team_id, choosing.channel_id, choosing.at)
        changes.append(turned)
    if wanted.answer is not None:
        changes.append(put_answer(session, row, wanted.answer, choosing))
    if wanted.keep_threads is not None:
        before, row.keep_threads = row.keep_threads is not False, wanted.keep_threads
        changes.append(choosing.append(session, Chosen.KEEP_THREADS, _yes(before), _yes(wanted.keep_threads)))
    if wanted.counted_elsewhere is not None:
        before, row.counted_elsewhere = row.counted_elsewhere is True, wanted.counted_elsewhere
        changes.append(choosing.append(session, Chosen.COUNTED_ELSEWHERE, _yes(before), _yes(wanted.counted_elsewhere)))
    return [change for change in changes if change is not None]


def _choose_workspace(session: Session, choosing: Choosing, wanted: Wanted) -> list[Change]:
    everywhere, before = replace(choosing, channel_id=None), _of_workspace(session, choosing.team_id)
    changes: list[Change | None] = []
    if wanted.ignored_words is not None:
        words = "\n".join(before.ignored_words) or None, "\n".join(wanted.ignored_words) or None
        _put(session, choosing.team_id, Chosen.IGNORED_WORDS, list(wanted.ignored_words))
        changes.append(everywhere.append(session, Chosen.IGNORED_WORDS, *words))
    if wanted.least_length is not None:
        _put(session, choosing.team_id, Chosen.LEAST_LENGTH, wanted.least_length)
        lengths = str(before.least_length), str(wanted.least_length)
        changes.append(everywhere.append(session, Chosen.LEAST_LENGTH, *lengths))
    if wanted.save_emoji is not None:
        _put(session, choosing.team_id, Chosen.SAVE_EMOJI, wanted.save_emoji)
        changes.append(everywhere.append(session, Chosen.SAVE_EMOJI, before.save_emoji, wanted.save_emoji))
    if wanted.kept_months is not None:
        _put(session, choosing.team_id, Chosen.KEPT_MONTHS, wanted.kept_months)
        months = str(before.kept_months), str(wanted.kept_months)
        changes.append(everywhere.append(session, Chosen.KEPT_MONTHS, *months))
    changes += [_choose_app(session, everywhere, app, allowed=allowed) for app, allowed in wanted.apps.items()]
    return [change for change in changes if change is not None]


def _choose_app(session: Session, choosing: Choosing, app: str, *, allowed: bool) -> Change | None:
    """Allow or ignore an app. Raises NotFoundError for one that never posted."""
    row = session.get(AppRow, (choosing.team_id, app), with_for_update=True)
    if row is None:
        message = "that app has not posted in a watched channel yet, so there is nothing to decide"
        raise NotFoundError(message)
    before = row.allowed
    if before is allowed:
        return None
    row.allowed, row.decided_by, row.decided_at = allowed, choosing.by, choosing.at
    said = {True: "allowed", False: "ignored"}
    return choosing.append(session, app_name(app), said[before], said[allowed])


def _put(session: Session, team_id: TeamId, name: Chosen, value: object) -> None:
    values = {"team_id": team_id, "name": name.value, "value": json.dumps(value)}
    upsert(session, SettingRow, values, keys=("team_id", "name"))


def _of_workspace(session: Session, team_id: TeamId) -> WorkspaceChoices:
    rows = session.execute(select(SettingRow.name, SettingRow.value).where(SettingRow.team_id == team_id))
    chosen = {name: json.loads(value) for name, value in rows}
    return WorkspaceChoices(
        ignored_words=tuple(chosen.get(Chosen.IGNORED_WORDS, ())),
        least_length=chosen.get(Chosen.LEAST_LENGTH, 0),
        save_emoji=chosen.get(Chosen.SAVE_EMOJI, SAVE_EMOJI),
        kept_months=chosen.get(Chosen.KEPT_MONTHS, KEPT_MONTHS),
    )


def _app(row: AppRow) -> KnownApp:
    return KnownApp(row.app, row.name, row.allowed, row.first_seen_at, row.decided_by)


def _yes(value: bool) -> str:  # noqa: FBT001 - the value itself
    return "yes" if value else "no"
