"""A workspace is what its owners chose, and goes with everything in it."""

import pytest
from sqlalchemy import text

from bot.parts import Store
from storage.database import Database
from storage.errors import NotFoundError
from storage.vocabulary import AnswerMode, ChannelKind, Duty, Source, Watch
from tests.factories import (
    CHANNEL,
    LATER,
    NOW,
    OTHER_TEAM,
    OWNER,
    PERSON,
    TEAM,
    make_feedback,
    make_ts,
    make_workspace,
)


def test_remembered_workspace_is_brought_up_to_date(store: Store) -> None:
    renamed = make_workspace(name="Acme Corp", bot_id="B1", bot_user_id="U0BOT", enterprise_id="E1")

    store.workspaces.remember(renamed, LATER)

    assert store.workspaces.find(TEAM) == renamed
    assert store.workspaces.teams() == [TEAM, OTHER_TEAM]


def test_id_of_erased_feedback_is_not_given_out_again(store: Store, database: Database) -> None:
    first = store.intake.take_in(make_feedback(), NOW)
    with database.writing() as session:
        session.execute(text("DELETE FROM feedback"))

    assert store.intake.take_in(make_feedback(), NOW).feedback_id != first.feedback_id


def test_duties_are_given_and_ended_by_workspace(store: Store) -> None:
    assert store.workspaces.name_duty(TEAM, PERSON, Duty.REVIEWER, OWNER, NOW)
    assert not store.workspaces.name_duty(TEAM, PERSON, Duty.REVIEWER, OWNER, LATER)

    assert store.workspaces.has_duty(TEAM, PERSON, Duty.REVIEWER)
    assert not store.workspaces.has_duty(TEAM, PERSON, Duty.OWNER)
    assert not store.workspaces.has_duty(OTHER_TEAM, PERSON, Duty.REVIEWER)
    assert store.workspaces.with_duty(TEAM, Duty.REVIEWER) == [PERSON]
    assert store.workspaces.end_duty(TEAM, PERSON, Duty.REVIEWER, OWNER, LATER)
    assert not store.workspaces.end_duty(TEAM, PERSON, Duty.REVIEWER, OWNER, LATER)
    ended, named = store.choices.log.changes(TEAM)
    assert (named.name, named.before, named.after, named.changed_by) == ("reviewer", None, PERSON, OWNER)
    assert (ended.name, ended.before, ended.after, ended.changed_at) == ("reviewer", PERSON, None, LATER)


def test_channel_that_the_bot_meets_is_not_watched(store: Store) -> None:
    met = store.workspaces.meet_channel(TEAM, CHANNEL, "feedback", ChannelKind.PUBLIC)

    assert (met.watch, met.answer, met.decided_by, met.read_through) == (Watch.OFF, AnswerMode.REACTION, None, None)
    assert store.workspaces.channel(OTHER_TEAM, CHANNEL) is None


@pytest.mark.parametrize(
    ("known", "told", "kept"),
    [
        (ChannelKind.PUBLIC, ChannelKind.PRIVATE, ChannelKind.PRIVATE),
        (ChannelKind.PUBLIC, ChannelKind.SHARED, ChannelKind.SHARED),
        (ChannelKind.PRIVATE, ChannelKind.PUBLIC, ChannelKind.PRIVATE),
        (ChannelKind.SHARED, ChannelKind.PUBLIC, ChannelKind.SHARED),
        (ChannelKind.PRIVATE, ChannelKind.SHARED, ChannelKind.SHARED),
        (ChannelKind.SHARED, ChannelKind.PRIVATE, ChannelKind.SHARED),
    ],
)
def test_channel_never_becomes_more_open_by_itself(
    store: Store, known: ChannelKind, told: ChannelKind, kept: ChannelKind
) -> None:
    store.workspaces.meet_channel(TEAM, CHANNEL, "feedback", known)

    assert store.workspaces.meet_channel(TEAM, CHANNEL, None, told).kind is kept
    assert store.workspaces.channel(TEAM, CHANNEL).name == "feedback"
    store.workspaces.correct_kind(TEAM, CHANNEL, told)
    assert store.workspaces.channel(TEAM, CHANNEL).kind is told


def test_what_was_imported_of_a_channel_is_opened_only_by_its_first_meeting(store: Store) -> None:
    imported = {"source": Source.IMPORT, "channel_kind": ChannelKind.PRIVATE}
    early = store.intake.take_in(make_feedback(**imported), NOW).feedback_id
    saved = store.intake.take_in(make_feedback(channel_kind=ChannelKind.PRIVATE), NOW).feedback_id
    store.workspaces.meet_channel(TEAM, CHANNEL, "feedback", ChannelKind.PUBLIC)
    store.workspaces.meet_channel(TEAM, CHANNEL, "feedback", ChannelKind.PRIVATE)
    late = store.intake.take_in(make_feedback(**imported), NOW).feedback_id
    store.workspaces.correct_kind(TEAM, CHANNEL, ChannelKind.PUBLIC)
    store.workspaces.meet_channel(TEAM, CHANNEL, "feedback", ChannelKind.PUBLIC)

    kinds = [store.history.feedback(TEAM, each).channel_kind for each in (early, saved, late)]

    assert kinds == [ChannelKind.PUBLIC, ChannelKind.PRIVATE, ChannelKind.PRIVATE]


def test_a_watched_channel_is_noted_as_shared_by_an_owner_s_word_alone(store: Store) -> None:
    workspaces = store.workspaces
    workspaces.meet_channel(TEAM, CHANNEL, "feedback", ChannelKind.PRIVATE)
    workspaces.set_watch(TEAM, CHANNEL, Watch.REQUEST, OWNER, NOW, make_ts(1))

    assert workspaces.meet_channel(TEAM, CHANNEL, None, ChannelKind.SHARED).kind is ChannelKind.PRIVATE
    workspaces.correct_kind(TEAM, CHANNEL, ChannelKind.SHARED)
    assert workspaces.meet_channel(TEAM, CHANNEL, None, ChannelKind.PRIVATE).kind is ChannelKind.SHARED


def test_mark_is_set_when_watching_begins_and_goes_when_it_ends(store: Store) -> None:
    workspaces = store.workspaces
    assert workspaces.meet_channel(TEAM, CHANNEL, "feedback", ChannelKind.PUBLIC).read_through is None
    assert workspaces.set_watch(TEAM, CHANNEL, Watch.ALL, OWNER, NOW, make_ts(5)).read_through == make_ts(5)
    assert workspaces.set_watch(TEAM, CHANNEL, Watch.ALL, OWNER, NOW, make_ts(9)).read_through == make_ts(5)
    assert workspaces.set_watch(TEAM, CHANNEL, Watch.OFF, OWNER, NOW, make_ts(9)).read_through is None


def test_choices_stay_when_a_channel_is_met_again(store: Store) -> None:
    store.workspaces.meet_channel(TEAM, CHANNEL, "feedback", ChannelKind.PUBLIC)
    store.workspaces.set_watch(TEAM, CHANNEL, Watch.REQUEST, OWNER, NOW, make_ts(1))
    store.workspaces.set_answer(TEAM, CHANNEL, AnswerMode.CARD, OWNER, NOW)

    met = store.workspaces.meet_channel(TEAM, CHANNEL, "renamed", ChannelKind.PUBLIC)

    assert (met.name, met.watch, met.answer, met.decided_by) == ("renamed", Watch.REQUEST, AnswerMode.CARD, OWNER)


def test_channel_that_was_never_met_cannot_be_chosen_for(store: Store) -> None:
    with pytest.raises(NotFoundError, match="invite it"):
        store.workspaces.set_answer(TEAM, CHANNEL, AnswerMode.CARD, OWNER, NOW)


def test_channels_are_listed_in_pages(store: Store) -> None:
    for name in "CAB":
        store.workspaces.meet_channel(TEAM, f"C0{name}", None, ChannelKind.PUBLIC)

    assert [each.channel_id for each in store.workspaces.channels(TEAM, limit=2)] == ["C0A", "C0B"]
    assert [each.channel_id for each in store.workspaces.channels(TEAM, after="C0B", limit=2)] == ["C0C"]
