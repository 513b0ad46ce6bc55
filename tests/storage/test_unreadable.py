"""What nobody could read goes with its message, or when its time is over; what only tells of that message stays."""

import json
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.parts import Store
from storage.amending import Amending
from storage.database import Database, open_database
from storage.drafts import Draft
from storage.erasing import Erasing
from storage.ids import ChannelId, Ts
from storage.intake import Intake
from storage.records import Place
from storage.schema import upgrade
from storage.vocabulary import ChannelKind
from tests.factories import CHANNEL, EARLIER, NOW, PERSON, TEAM, make_ts, make_workspace
from tests.storage_fixtures import make_store

CARRIED = Path(__file__).parents[2] / "storage" / "migrations"
TS, ELSEWHERE = make_ts(500), ChannelId("C0ELSEWHERE")
PLACE = Place(TEAM, CHANNEL, TS, EARLIER, ChannelKind.PUBLIC)


def test_a_deletion_takes_what_was_kept_raw_of_that_message_alone(store: Store) -> None:
    keep(store, "the message", CHANNEL, TS)
    keep(store, "a page that did not name its channel", None, TS)
    keep(store, "at the same time elsewhere", ELSEWHERE, TS)
    keep(store, f'forwarded, "channel": "{CHANNEL}", "ts": "{TS}"', ELSEWHERE, make_ts(501))
    keep(store, "nobody can tell when", CHANNEL, None)

    store.amending.delete(PLACE, NOW, remember=False)

    left = {kept.reason for kept in store.intake.unreadable(TEAM)}
    assert {reason.partition(",")[0] for reason in left} == {
        "at the same time elsewhere",
        "forwarded",
        "nobody can tell when",
    }


def test_its_time_is_over_by_when_it_was_said_where_that_is_told(store: Store, database: Database) -> None:
    old, young = (Ts(f"{(NOW - timedelta(days=days)).timestamp():.6f}") for days in (400, 10))
    keep(store, "said long ago, read today", CHANNEL, old)
    keep(store, "said lately", CHANNEL, young)
    keep(store, "nobody can tell when", CHANNEL, None)

    Erasing(database).erase_words(TEAM, NOW - timedelta(days=365), at=NOW)

    assert {kept.reason for kept in store.intake.unreadable(TEAM)} == {"said lately", "nobody can tell when"}


def test_no_byte_of_a_delivery_or_a_draft_outlives_its_message_and_the_next_emptying_of_the_log(
    sqlite_database: Database,
) -> None:
    store, file = make_store(sqlite_database), Path(sqlite_database.engine.url.database or "")
    store.workspaces.remember(make_workspace(), NOW)

    def is_held() -> bool:
        sqlite_database.empty_log()
        return any(b"Qwertzuiop" in each.read_bytes() for each in file.parent.glob(file.name + "*"))

    keep(store, "Qwertzuiop " * 400, CHANNEL, TS)
    assert is_held()
    store.amending.delete(PLACE, NOW, remember=False)
    assert not is_held()

    store.drafts.keep(Draft(TEAM, CHANNEL, ChannelKind.PUBLIC, TS, PERSON, {"text": "Qwertzuiop " * 400}), NOW)
    assert is_held()
    store.drafts.drop_message(TEAM, CHANNEL, TS)
    assert not is_held()


def test_what_was_kept_before_places_were_goes_with_its_message_too(before: Database) -> None:
    message = {"channel": CHANNEL, "ts": TS, "text": 5}
    quoting = {"channel": ELSEWHERE, "ts": make_ts(501), "attachments": [{"channel_id": CHANNEL, "ts": TS}]}
    edit = {"channel": CHANNEL, "ts": make_ts(502), "message": {"ts": TS, "text": 5}}
    odd = {"channel": "C\0", "ts": "nan"}
    kept: dict[str, object] = {"page": {"ts": TS, "text": 5}, "no object": "odd", "event": {"event": "odd"}}
    elsewhere = message | {"channel": ELSEWHERE}
    events = {"message": message, "quoting": quoting, "edit": edit, "odd": odd, "elsewhere": elsewhere}
    kept |= {name: {"event": event} for name, event in events.items()}
    insert = text(
        "INSERT INTO unreadable (team_id, fingerprint, reason, payload, received_at) "
        "VALUES (:team, :reason, :reason, :payload, '2026-01-05 09:00:00')"
    )
    with before.engine.begin() as connection:
        for reason, payload in kept.items():
            connection.execute(insert, {"team": TEAM, "reason": reason, "payload": json.dumps(payload)})

    assert upgrade(before).before == "0011"
    Amending(before).delete(PLACE, NOW, remember=False)

    left = {one.reason for one in Intake(before).unreadable(TEAM)}
    assert left == {"quoting", "odd", "no object", "event", "elsewhere"}


def keep(store: Store, reason: str, channel_id: ChannelId | None, ts: Ts | None) -> None:
    store.intake.keep_unreadable(TEAM, {"text": [reason]}, reason, None, NOW, channel_id=channel_id, ts=ts)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def before(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database as it was before places were kept."""
    on_sqlite = request.param == "sqlite"
    url = f"sqlite:///{tmp_path / 'before'}.db" if on_sqlite else request.getfixturevalue("make_postgres")()
    steps = tmp_path / "before"
    shutil.copytree(CARRIED, steps, ignore=shutil.ignore_patterns("__pycache__", "001[2-9]_*"))
    opened = open_database(url)
    upgrade(opened, migrations=str(steps))
    yield opened
    opened.close()
