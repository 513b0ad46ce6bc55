"""Guests are marked, though no event says who is one; and nothing waits for Slack to tell."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.errors import SlackUnavailableError
from bot.guests import KNOWN_FOR, Guests
from bot.placing import Placer
from bot.port import PersonFacts
from bot.sandbox.people import Person
from bot.sandbox.presets import SmallWorkspace
from bot.sandbox.stand_in import SlackStandIn
from storage.database import Database
from storage.ids import FeedbackId, TeamId, UserId
from storage.rows import FeedbackRow
from storage.vocabulary import Voice
from tests.bot.running import Running, make_running
from tests.factories import make_feedback
from tests.hand_clock import HandClock
from tests.slack_stand_in import slack, slack_clock, workspace  # noqa: F401 - fixtures


@pytest.fixture
def running(
    slack: SlackStandIn,  # noqa: F811 - the fixture
    workspace: SmallWorkspace,  # noqa: F811 - the fixture
    slack_clock: HandClock,  # noqa: F811 - the fixture
    database: Database,
) -> Running:
    return make_running(slack, workspace, slack_clock, database)


@pytest.fixture
def guests(running: Running) -> Guests:
    return make_guests(running)


def test_what_a_guest_typed_is_marked_and_first_hand(running: Running, guests: Guests) -> None:
    by_guest, by_member = [read(running, guests, person) for person in guest_and_member(running)]
    assert marks(running, by_guest) == (None, Voice.RELAYED)

    ask(guests)

    assert marks(running, by_guest) == (True, Voice.FIRST_HAND)
    assert marks(running, by_member) == (False, Voice.RELAYED)


def test_no_reading_waits_for_slack_and_who_is_known_is_marked_by_it(
    running: Running,
    guests: Guests,
    slack: SlackStandIn,  # noqa: F811 - the fixture
) -> None:
    gina = running.workspace.gina
    read(running, guests, gina)
    assert slack.calls("users.info") == [], "a lease ran while Slack was asked"

    ask(guests)

    assert marks(running, read(running, guests, gina)) == (True, Voice.FIRST_HAND)
    assert len(slack.calls("users.info")) == 1


def test_slack_is_asked_once_a_person_and_again_the_next_day(
    running: Running,
    guests: Guests,
    slack: SlackStandIn,  # noqa: F811 - the fixture
) -> None:
    for days in (0, 0, 1):
        running.clock.advance(days * KNOWN_FOR)
        read(running, guests, running.workspace.gina)
        read(running, guests, running.workspace.gina)
        ask(guests)

    assert len(slack.calls("users.info")) == 2


def test_messages_are_marked_once_slack_answers_also_by_another_process(
    running: Running,
    guests: Guests,
    slack: SlackStandIn,  # noqa: F811 - the fixture
) -> None:
    slack.fail("users.info", times=None, error="internal_error", status=500)
    by_guest, by_member = [read(running, guests, person) for person in guest_and_member(running)]
    ask(guests)
    assert marks(running, by_guest) == marks(running, by_member) == (None, Voice.RELAYED)
    slack.faults.clear()

    ask(make_guests(running))

    assert marks(running, by_guest) == (True, Voice.FIRST_HAND)
    assert marks(running, by_member) == (False, Voice.RELAYED)


def test_slack_rests_for_a_minute_from_the_end_of_a_call_that_failed(running: Running, guests: Guests) -> None:
    def hang(person: UserId) -> PersonFacts:
        running.clock.advance(timedelta(seconds=20))
        raise SlackUnavailableError(person)

    read(running, guests, running.workspace.gina)
    guests.person = hang

    assert guests.turn() == 60
    running.clock.advance(timedelta(seconds=59))
    assert guests.turn() == 1


def test_one_of_whom_slack_cannot_tell_holds_up_nobody_else(running: Running, guests: Guests) -> None:
    by_guest, by_member = [read(running, guests, person) for person in guest_and_member(running)]
    of, gina = guests.person, running.workspace.gina.user_id
    guests.person = fail_for(gina, of)

    for _ in range(3):
        ask(guests)
        running.clock.advance(timedelta(minutes=1))

    assert marks(running, by_guest) == (None, Voice.RELAYED)
    assert marks(running, by_member) == (False, Voice.RELAYED)


def test_what_slack_told_of_one_workspace_is_told_of_no_other(running: Running, guests: Guests) -> None:
    read(running, guests, running.workspace.gina)
    ask(guests)

    gina = UserId(running.workspace.gina.user_id)
    assert guests.is_guest(running.team, gina) is True
    assert guests.is_guest(TeamId("T0OTHER"), gina) is None


def test_a_guests_words_stay_first_hand_when_they_are_edited(running: Running, guests: Guests) -> None:
    by_guest = read(running, guests, running.workspace.gina)
    ask(guests)
    known = running.feedback(by_guest)
    edited = make_feedback("Too slow.", team_id=running.team, origin=known.origin, edited_ts="1763000009.000000")

    running.parts.store.amending.edit(edited, running.clock())
    work(running, guests)

    assert marks(running, by_guest) == (True, Voice.FIRST_HAND)


def make_guests(running: Running) -> Guests:
    guests = Guests(running.parts.slack.person, running.parts.store.outsiders, running.clock, running.stopping.is_set)
    guests.team_id = running.team
    return guests


def fail_for(user_id: str, of: Callable[[UserId], PersonFacts]) -> Callable[[UserId], PersonFacts]:
    def person(asked: UserId) -> PersonFacts:
        if asked == user_id:
            raise SlackUnavailableError(asked)
        return of(asked)

    return person


def guest_and_member(running: Running) -> tuple[Person, Person]:
    return running.workspace.gina, running.workspace.max


def read(running: Running, guests: Guests, person: Person) -> FeedbackId:
    """Have a message taken in and read as a running Ballast reads it."""
    new = make_feedback(team_id=running.team, reporter=UserId(person.user_id))
    taken = running.parts.store.intake.take_in(new, running.clock())
    work(running, guests)
    return taken.feedback_id


def work(running: Running, guests: Guests) -> None:
    store = running.parts.store
    placer = Placer(store.accounts, store.placing, is_guest=guests.is_guest)
    replace(running.worker, place=placer.place).turn()
    running.clock.advance(timedelta(seconds=1))


def ask(guests: Guests) -> None:
    """Ask until nobody is to be asked about now."""
    while guests.turn() == 0.0:
        pass


def marks(running: Running, feedback_id: FeedbackId) -> tuple[bool | None, Voice]:
    with running.database.reading() as session:
        row = session.get_one(FeedbackRow, feedback_id)
        return row.outside, row.voice
