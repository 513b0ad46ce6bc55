"""The settings of a workspace and its channels: shown to everybody, changed by owners, told where they hold."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.announcing import announce_in
from bot.errors import InputError
from bot.parts import Parts
from bot.port import PersonFacts
from bot.reach.telling import Telling
from bot.rights import must_own
from bot.setting_rules import emoji
from bot.shapes.times import write_ts
from bot.views import ids
from bot.views.settings import MOST_APPS, Shown
from bot.views.settings_words import told
from bot.watching import check_watch
from storage.choice_log import Choosing
from storage.choices import Wanted
from storage.chosen import KEPT_MONTHS, SAVE_EMOJI, Change, KnownApp
from storage.ids import ChannelId, TeamId
from storage.records import NewPost
from storage.vocabulary import AnswerMode, Chosen, PostKind, Watch

_TOLD_WITHIN = timedelta(days=7)
_PAGE = 100
_MOST_WORDS = 100
_LONGEST_WORD = 100
_LONGEST_LEAST = 5000
MOST_MONTHS = 60


class SettingError(InputError):
    """What was entered for one setting cannot be; the message says what can."""

    def __init__(self, name: Chosen, message: str) -> None:
        """Keep which setting it is, so that the form can show it there."""
        super().__init__(message)
        self.block_id = ids.setting_block(name)


@dataclass(frozen=True, slots=True)
class Entered:
    """Hold what an owner submitted: the inputs of the form by block, on the changes that they had seen."""

    channel_id: ChannelId
    seen: int
    inputs: Mapping[str, str]


def show(parts: Parts, team_id: TeamId, channel_id: ChannelId, *, page: int = 1) -> Shown:
    """Read every setting as it is now, with one page of the apps that have posted."""
    choices = parts.store.choices
    seen = choices.log.latest(team_id)  # first: what changes after it was read must not pass as seen
    apps = _apps_of_page(parts, team_id, page)
    return Shown(
        channel_id=channel_id,
        channel=parts.store.workspaces.channel(team_id, channel_id),
        workspace=choices.of_workspace(team_id),
        apps=apps[:MOST_APPS],
        more_apps=len(apps) > MOST_APPS,
        seen=seen,
    )


def change(parts: Parts, team_id: TeamId, entered: Entered, person: PersonFacts) -> Sequence[Change]:
    """Change what an owner entered differently, log it, and tell the channels that it concerns.

    Raises NotAllowedError for who is no owner, SettingError for a value that cannot be, InputError for a channel
    that cannot be watched so, StaleError when somebody else changed something since the form was opened.
    """
    must_own(parts, team_id, person)
    now = parts.clock()
    wanted = _wanted(entered, since=now)
    known = parts.store.workspaces.channel(team_id, entered.channel_id)
    if wanted.watch is not None and (known is None or wanted.watch[0] is not known.watch):
        shared = entered.inputs.get(ids.setting_block(Chosen.WATCH)) == ids.WATCH_ALL_SHARED
        _check(parts, team_id, entered.channel_id, wanted.watch[0], shared_confirmed=shared)
    choosing = Choosing(team_id, entered.channel_id, person.user_id, now)

    def tell(changes: Sequence[Change]) -> Sequence[NewPost]:
        return list(_notices(parts, team_id, changes, now))

    changes = parts.store.choices.choose(choosing, wanted, tell=tell, seen=entered.seen)
    for one in (one for one in changes if one.name == Chosen.WATCH):
        if one.after == Watch.OFF:
            Telling(parts).end_with_watch(team_id, entered.channel_id, now)
        else:
            announce_in(parts, team_id, entered.channel_id)
    if changes:
        parts.wake()
    return changes


def app_names(parts: Parts, team_id: TeamId) -> Mapping[str, str]:
    """Name the apps that have posted, by id; an app without a name by its id."""
    return {app.app: app.name or app.app for app in _apps(parts, team_id)}


def _check(parts: Parts, team_id: TeamId, channel_id: ChannelId, mode: Watch, *, shared_confirmed: bool) -> None:
    try:
        check_watch(parts, team_id, channel_id, mode, shared_confirmed=shared_confirmed)
    except InputError as error:
        raise SettingError(Chosen.WATCH, str(error)) from error


def _wanted(entered: Entered, *, since: datetime) -> Wanted:
    """Read the form. What it did not hold, or came without a value though one must be chosen, stays as it is."""

    def given(name: Chosen) -> str | None:
        return entered.inputs.get(ids.setting_block(name))

    mode = (given(Chosen.WATCH) or "").partition(" ")[0]
    answer, threads, counted = given(Chosen.ANSWER), given(Chosen.KEEP_THREADS), given(Chosen.COUNTED_ELSEWHERE)
    words, length, save = given(Chosen.IGNORED_WORDS), given(Chosen.LEAST_LENGTH), given(Chosen.SAVE_EMOJI)
    kept = given(Chosen.KEPT_MONTHS)
    apps = {
        app: value == "allowed" for block, value in entered.inputs.items() if value and (app := ids.app_of_block(block))
    }
    return Wanted(
        watch=(Watch(mode), write_ts(since)) if mode else None,
        answer=AnswerMode(answer) if answer else None,
        keep_threads=threads == "yes" if threads else None,
        counted_elsewhere=counted == "yes" if counted else None,
        ignored_words=None if words is None else _words(words),
        least_length=None if length is None else _length(length),
        save_emoji=None if save is None else _emoji(save),
        kept_months=None if kept is None else _months(kept),
        apps=apps,
    )


def _words(typed: str) -> tuple[str, ...]:
    words = tuple(dict.fromkeys(" ".join(line.split()) for line in typed.splitlines() if line.strip()))
    if len(words) > _MOST_WORDS or any(len(word) > _LONGEST_WORD for word in words):
        message = f"Write at most {_MOST_WORDS} lines, each of at most {_LONGEST_WORD} characters."
        raise SettingError(Chosen.IGNORED_WORDS, message)
    return words


def _length(typed: str) -> int:
    if not typed.strip():
        return 0
    if not re.fullmatch(r"[0-9]{1,5}", typed.strip()) or int(typed) > _LONGEST_LEAST:
        message = f"Write a whole number from 0 to {_LONGEST_LEAST}."
        raise SettingError(Chosen.LEAST_LENGTH, message)
    return int(typed)


def _months(typed: str) -> int:
    """Read how long words are kept; without an end is no answer that people can be given."""
    if not typed.strip():
        return KEPT_MONTHS
    if not re.fullmatch(r"[0-9]{1,2}", typed.strip()) or not 1 <= int(typed) <= MOST_MONTHS:
        message = f"Write a whole number of months from 1 to {MOST_MONTHS}."
        raise SettingError(Chosen.KEPT_MONTHS, message)
    return int(typed)


def _emoji(typed: str) -> str:
    try:
        return emoji(typed.strip().partition("::")[0]) if typed.strip() else SAVE_EMOJI  # in every skin tone
    except ValueError as error:
        message = "Write the emoji's name as Slack shows it between colons, such as inbox_tray."
        raise SettingError(Chosen.SAVE_EMOJI, message) from error


def _notices(parts: Parts, team_id: TeamId, changes: Sequence[Change], now: datetime) -> Iterator[NewPost]:
    """Tell each channel what holds there: its own changes, and in every watched one those of the workspace."""
    apps, by = app_names(parts, team_id), changes[-1].changed_by
    own = {one.channel_id for one in changes if one.channel_id}
    everywhere = any(one.channel_id is None for one in changes)
    for channel_id in own | (set(_watched(parts, team_id)) if everywhere else set()):
        here = [one for one in changes if one.channel_id in (None, channel_id)]
        yield NewPost(
            key=f"choice:{changes[-1].change_id}:{channel_id}",
            kind=PostKind.NOTICE,
            channel_id=channel_id,
            expires_at=now + _TOLD_WITHIN,
            body=told(here, by, apps),
        )


def _watched(parts: Parts, team_id: TeamId) -> Iterator[ChannelId]:
    after: ChannelId | None = None
    while page := parts.store.workspaces.channels(team_id, after=after, limit=_PAGE):
        yield from (channel.channel_id for channel in page if channel.watch is not Watch.OFF)
        after = page[-1].channel_id


def _apps_of_page(parts: Parts, team_id: TeamId, page: int) -> Sequence[KnownApp]:
    """Give the apps of one page of the form, and one more where there is a next page."""
    found: list[KnownApp] = []
    for number, app in enumerate(_apps(parts, team_id)):
        if number > page * MOST_APPS:
            break
        if number >= (page - 1) * MOST_APPS:
            found.append(app)
    return found


def _apps(parts: Parts, team_id: TeamId) -> Iterator[KnownApp]:
    after: tuple[datetime, str] | None = None
    while page := parts.store.choices.apps(team_id, after=after, limit=_PAGE):
        yield from page
        after = (page[-1].first_seen_at, page[-1].app)
