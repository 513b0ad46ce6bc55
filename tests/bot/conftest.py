import pytest

from bot.sandbox.presets import SmallWorkspace
from bot.sandbox.stand_in import SlackStandIn
from storage.database import Database
from tests.bot.publishing import Desk, make_desk
from tests.hand_clock import HandClock


@pytest.fixture
def desk(slack: SlackStandIn, workspace: SmallWorkspace, slack_clock: HandClock, sqlite_database: Database) -> Desk:
    return make_desk(slack, workspace, slack_clock, sqlite_database)
