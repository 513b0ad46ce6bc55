from datetime import datetime, timedelta

from bot.parts import Store
from storage.ids import Ts
from storage.threads import ThreadMark
from storage.vocabulary import ChannelKind, Watch
from tests.factories import CHANNEL, LATER, NOW, OTHER_TEAM, OWNER, TEAM, make_feedback, make_ts

ROOT, OTHER_ROOT = make_ts(1), make_ts(2)
A_WEEK_AGO = NOW - timedelta(days=7)


def test_a_thread_with_an_unknown_reply_is_due_until_it_is_read_whole(store: Store) -> None:
    watch(store)
    store.threads.note_shown(TEAM, CHANNEL, {ROOT: NOW})
    (thread,) = due(store)
    store.threads.come_up(thread, make_ts(3))
    assert due(store)[0].read_through == make_ts(3)

    store.threads.finish(thread, NOW, LATER)
    assert due(store) == []
    store.threads.note_shown(TEAM, CHANNEL, {ROOT: NOW})
    assert due(store) == []
    store.threads.note_shown(TEAM, CHANNEL, {ROOT: NOW + timedelta(minutes=1)})
    assert [one.thread_ts for one in due(store)] == [ROOT]


def test_a_reply_that_capture_kept_is_not_read_again_but_its_thread_is_known(store: Store) -> None:
    watch(store)
    store.intake.take_in(make_feedback(thread_ts=ROOT, said_at=NOW), NOW)
    store.intake.take_in(make_feedback(said_at=NOW), NOW)

    store.threads.note_kept(TEAM, A_WEEK_AGO)
    store.threads.note_shown(TEAM, CHANNEL, {ROOT: NOW})

    assert due(store) == []
    assert [one.thread_ts for one in due(store, read_before=LATER)] == [ROOT]


def test_only_active_threads_of_watched_channels_are_due_the_longest_unread_first(store: Store) -> None:
    watch(store)
    store.threads.note_shown(TEAM, CHANNEL, {ROOT: NOW, OTHER_ROOT: NOW, make_ts(3): A_WEEK_AGO - timedelta(days=8)})
    (first, second) = due(store)
    store.threads.finish(first, NOW, NOW)

    assert [one.thread_ts for one in due(store, read_before=LATER)] == [second.thread_ts, first.thread_ts]
    assert store.threads.due(OTHER_TEAM, active_since=A_WEEK_AGO, read_before=LATER) == []
    store.workspaces.set_watch(TEAM, CHANNEL, Watch.OFF, OWNER, NOW, make_ts(9))
    assert due(store, read_before=LATER) == []


def watch(store: Store) -> None:
    store.workspaces.meet_channel(TEAM, CHANNEL, "feedback", ChannelKind.PUBLIC)
    store.workspaces.set_watch(TEAM, CHANNEL, Watch.ALL, OWNER, NOW, Ts("1.000000"))


def due(store: Store, *, read_before: datetime = A_WEEK_AGO) -> list[ThreadMark]:
    return list(store.threads.due(TEAM, active_since=A_WEEK_AGO - timedelta(days=7), read_before=read_before))
