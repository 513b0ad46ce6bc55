"""Guests are marked, though no event says who is one; and nothing waits for Slack to tell."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.guests import KNOWN_FOR, Guests
from bot.placing import Placer
from bot.sandbox.people import Person
from bot.sandbox.presets import SmallWorkspace
from bot.sandbox.stand_in import SlackStandIn
from storage.database import Database
from storage.ids import FeedbackId, UserId
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
    return Guests(running.parts.slack.person, running.clock)


def test_what_a_guest_typed_is_marked_and_first_hand(running: Running, guests: Guests) -> None:
    people = running.workspace.gina, running.workspace.max
    by_guest, by_member = [read(running, guests, person) for person in people]

    assert marks(running, by_guest) == (True, Voice.FIRST_HAND)
    assert marks(running, by_member) == (False, Voice.RELAYED)


def test_slack_is_asked_once_a_person_and_again_the_next_day(
    running: Running,
    guests: Guests,
    slack: SlackStandIn,  # noqa: F811 - the fixture
) -> None:
    gina = UserId(running.workspace.gina.user_id)
    for _ in range(3):
        assert guests.is_guest(gina) is True
    asked = len(slack.calls("users.info"))
    running.clock.advance(KNOWN_FOR)
    guests.is_guest(gina)

    assert (asked, len(slack.calls("users.info"))) == (1, 2)


def test_reading_goes_on_unmarked_while_slack_does_not_answer(
    running: Running,
    guests: Guests,
    slack: SlackStandIn,  # noqa: F811 - the fixture
) -> None:
    slack.fail("users.info", times=None, error="internal_error", status=500)
    by_guest, by_member = [read(running, guests, each) for each in (running.workspace.gina, running.workspace.max)]

    assert marks(running, by_guest) == marks(running, by_member) == (None, Voice.RELAYED)
    assert guests.is_guest(UserId(running.workspace.stan.user_id)) is None
    assert guests.known == {}, "asked again once Slack answers"


def read(running: Running, guests: Guests, person: Person) -> FeedbackId:
    """Have a message taken in and read as a running Ballast reads it."""
    store, reporter = running.parts.store, UserId(person.user_id)
    taken = store.intake.take_in(make_feedback(team_id=running.team, reporter=reporter), running.clock())
    placer = Placer(store.accounts, store.placing, is_guest=guests.is_guest)
    replace(running.worker, place=placer.place).turn()
    running.clock.advance(timedelta(seconds=1))
    return taken.feedback_id


def marks(running: Running, feedback_id: FeedbackId) -> tuple[bool | None, Voice]:
    with running.database.reading() as session:
        row = session.get_one(FeedbackRow, feedback_id)
        return row.outside, row.voice
