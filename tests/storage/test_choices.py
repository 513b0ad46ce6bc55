"""What a team chose to take in, read as capture needs it."""

import json

from bot.parts import Store
from storage.choices import IGNORED_WORDS, LEAST_LENGTH, CaptureRules
from storage.database import Database
from storage.rows import AppRow, OptOutRow, SettingRow
from storage.vocabulary import ChannelKind
from tests.factories import CHANNEL, NOW, OTHER_TEAM, PERSON, TEAM


def test_where_nobody_chose_anything_the_defaults_hold(store: Store) -> None:
    assert store.choices.of(TEAM, CHANNEL) == CaptureRules()


def test_what_one_team_chose_is_read_whole_and_holds_for_no_other(store: Store, database: Database) -> None:
    store.workspaces.meet_channel(TEAM, CHANNEL, "feedback", ChannelKind.PUBLIC)
    with database.writing() as session:
        session.add_all(
            [
                AppRow(team_id=TEAM, app="A1", allowed=True, first_seen_at=NOW),
                AppRow(team_id=TEAM, app="A2", allowed=False, first_seen_at=NOW),
                OptOutRow(team_id=TEAM, user_id=PERSON, chosen_at=NOW),
                SettingRow(team_id=TEAM, name=IGNORED_WORDS, value=json.dumps(["standup", "wfh"])),
                SettingRow(team_id=TEAM, name=LEAST_LENGTH, value="12"),
            ]
        )

    assert store.choices.of(TEAM, CHANNEL) == CaptureRules(
        allowed_apps=frozenset({"A1"}), opted_out=frozenset({PERSON}), ignored_words=("standup", "wfh"), least_length=12
    )
    assert store.choices.of(OTHER_TEAM, CHANNEL) == CaptureRules()
