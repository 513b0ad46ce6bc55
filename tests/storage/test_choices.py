"""What owners choose holds at once, is written down with who and when, and is told in the same commit."""

from datetime import timedelta

import pytest

from bot.parts import Store
from storage.choice_log import ChoiceLog, Choosing
from storage.choices import Wanted
from storage.chosen import Change, WorkspaceChoices
from storage.errors import NotFoundError, StaleError
from storage.records import NewPost
from storage.rules import CaptureRules
from storage.vocabulary import AnswerMode, ChannelKind, PostKind, Watch
from tests.factories import CHANNEL, LATER, LEASE, NOW, OTHER_TEAM, OWNER, PERSON, PRIVATE, TEAM, make_ts

HERE = Choosing(TEAM, CHANNEL, OWNER, NOW)


@pytest.fixture
def log(store: Store) -> ChoiceLog:
    store.workspaces.meet_channel(TEAM, CHANNEL, "feedback", ChannelKind.PUBLIC)
    return store.choices.log


def test_what_is_chosen_is_what_capture_reads(store: Store, log: ChoiceLog) -> None:
    assert store.choices.of(TEAM, CHANNEL) == CaptureRules()
    store.choices.note_app(TEAM, "B1", "Zendesk", NOW)

    choose(store, Wanted(keep_threads=False, ignored_words=("standup",), least_length=20, apps={"B1": True}))
    store.choices.opt_out(TEAM, PERSON, NOW)

    assert store.choices.of(TEAM, CHANNEL) == CaptureRules(
        allowed_apps=frozenset({"B1"}),
        opted_out=frozenset({PERSON}),
        ignored_words=("standup",),
        least_length=20,
        keep_threads=False,
        apps_since={"B1": HERE.at},
    )
    assert store.choices.of(OTHER_TEAM, CHANNEL) == CaptureRules()
    assert log.latest(OTHER_TEAM) == 0


def test_each_change_is_written_down_with_who_when_before_and_after(store: Store, log: ChoiceLog) -> None:
    store.choices.note_app(TEAM, "B1", "Zendesk", NOW)
    wanted = Wanted(
        watch=(Watch.ALL, make_ts(1)),
        answer=AnswerMode.CARD,
        counted_elsewhere=True,
        save_emoji="mega",
        apps={"B1": True},
    )

    choose(store, wanted)

    found = log.changes(TEAM)
    assert [(one.name, one.before, one.after, one.channel_id) for one in reversed(found)] == [
        ("watch", "off", "all", CHANNEL),
        ("answer", "reaction", "card", CHANNEL),
        ("counted_elsewhere", "no", "yes", CHANNEL),
        ("save_emoji", "inbox_tray", "mega", None),
        ("app:B1", "ignored", "allowed", None),
    ]
    assert {(one.changed_by, one.changed_at) for one in found} == {(OWNER, NOW)}


def test_what_stays_as_it_is_is_no_change_and_is_not_told(store: Store, log: ChoiceLog) -> None:
    wanted = Wanted(answer=AnswerMode.REACTION, keep_threads=True, ignored_words=(), least_length=0)

    assert choose(store, wanted) == ()
    assert log.latest(TEAM) == 0
    assert store.choices.of_workspace(TEAM) == WorkspaceChoices()
    assert not store.posts.claim(TEAM, limit=5, lease=LEASE, at=NOW)


def test_the_notice_is_owed_with_the_change(store: Store, log: ChoiceLog) -> None:
    choose(store, Wanted(least_length=9))

    [post] = store.posts.claim(TEAM, limit=5, lease=LEASE, at=NOW)
    assert (post.key, post.channel_id) == (f"choice:{log.latest(TEAM)}", CHANNEL)


def test_nobody_takes_back_unseen_what_another_chose(store: Store, log: ChoiceLog) -> None:
    choose(store, Wanted(least_length=9), seen=0)

    with pytest.raises(StaleError, match="meanwhile"):
        choose(store, Wanted(least_length=0), seen=0)
    assert store.choices.of_workspace(TEAM).least_length == 9
    assert choose(store, Wanted(least_length=0), seen=log.latest(TEAM))


def test_a_channel_never_met_and_an_app_never_seen_cannot_be_chosen_for(store: Store, log: ChoiceLog) -> None:
    elsewhere = Choosing(TEAM, PRIVATE, OWNER, NOW)
    with pytest.raises(NotFoundError):
        store.choices.choose(elsewhere, Wanted(keep_threads=False, least_length=5), tell=tell)
    with pytest.raises(NotFoundError):
        choose(store, Wanted(least_length=5, apps={"B404": True}))
    assert log.latest(TEAM) == 0


def test_watching_by_command_is_written_down_too(store: Store, log: ChoiceLog) -> None:
    store.workspaces.set_watch(TEAM, CHANNEL, Watch.ALL, OWNER, NOW, make_ts(1))
    store.workspaces.set_watch(TEAM, CHANNEL, Watch.ALL, OWNER, NOW, make_ts(2))
    store.workspaces.set_answer(TEAM, CHANNEL, AnswerMode.SILENT, OWNER, NOW)

    assert [(one.name, one.after) for one in log.changes(TEAM)] == [("answer", "silent"), ("watch", "all")]


def test_the_log_is_read_page_by_page_and_by_channel(store: Store, log: ChoiceLog) -> None:
    store.workspaces.meet_channel(TEAM, PRIVATE, "secret", ChannelKind.PRIVATE)
    for length in range(1, 4):
        choose(store, Wanted(least_length=length))
    store.choices.choose(Choosing(TEAM, PRIVATE, OWNER, NOW), Wanted(keep_threads=False), tell=tell)

    assert [one.channel_id for one in log.changes(TEAM, channel_id=CHANNEL)] == [None, None, None]
    first = log.changes(TEAM, limit=2)
    assert [one.name for one in first] == ["keep_threads", "least_length"]
    assert [one.after for one in log.changes(TEAM, before=first[-1].change_id, limit=2)] == ["2", "1"]


def test_an_app_is_noted_once_with_its_newest_name_and_ignored_until_allowed(store: Store) -> None:
    assert store.choices.note_app(TEAM, "B1", None, NOW)
    assert not store.choices.note_app(TEAM, "B1", "Zendesk", LATER)
    assert store.choices.note_app(TEAM, "B2", "Jira", LATER)

    newest, oldest = store.choices.apps(TEAM)
    assert (newest.app, oldest.app, oldest.name, oldest.first_seen_at) == ("B2", "B1", "Zendesk", NOW)
    assert (oldest.allowed, oldest.decided_by) == (False, None)
    assert [one.app for one in store.choices.apps(TEAM, after=(LATER, "B2"))] == ["B1"]
    assert store.choices.of(TEAM, CHANNEL).allowed_apps == frozenset()


def test_a_person_may_leave_and_come_back(store: Store) -> None:
    assert store.choices.opt_out(TEAM, PERSON, NOW)
    assert not store.choices.opt_out(TEAM, PERSON, NOW + timedelta(days=1))
    assert store.choices.has_opted_out(TEAM, PERSON)
    assert not store.choices.has_opted_out(OTHER_TEAM, PERSON)
    assert store.choices.opt_in(TEAM, PERSON, LATER)
    assert not store.choices.opt_in(TEAM, PERSON, LATER + timedelta(days=1))
    assert store.choices.of(TEAM, CHANNEL).people_since == {PERSON: LATER}
    assert not store.choices.has_opted_out(TEAM, PERSON)


def test_a_person_who_came_back_may_leave_again(store: Store) -> None:
    store.choices.opt_out(TEAM, PERSON, NOW)
    store.choices.opt_in(TEAM, PERSON, LATER)

    assert store.choices.opt_out(TEAM, PERSON, LATER)
    assert store.choices.has_opted_out(TEAM, PERSON)
    rules = store.choices.of(TEAM, CHANNEL)
    assert (rules.opted_out, rules.people_since) == (frozenset({PERSON}), {})


def choose(store: Store, wanted: Wanted, *, seen: int | None = None) -> tuple[Change, ...]:
    return store.choices.choose(HERE, wanted, tell=tell, seen=seen)


def tell(changes: object) -> list[NewPost]:
    assert isinstance(changes, tuple)
    return [NewPost(f"choice:{changes[-1].change_id}", PostKind.NOTICE, CHANNEL, LATER, body="changed")]
