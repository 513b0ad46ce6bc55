"""Where a row stands: a message of the own workspace, a page of another product, an address."""

import json
from pathlib import Path

import pytest

from bot.keeping import TERMINAL
from bot.mappings import parse_map
from bot.parts import Store
from storage.database import Database
from storage.ids import ChannelId, Ts, slack_origin
from storage.vocabulary import ChannelKind
from tests.bot.importing.files import do, plan_of, write
from tests.factories import NOW, TEAM


def test_a_message_of_the_workspace_is_the_one_that_was_captured(
    database: Database, store: Store, tmp_path: Path
) -> None:
    link = "https://acme.example/archives/C0SECRET/p1790000001000100"
    path = write(tmp_path / "a.csv", [("1", "2026-11-02", "Acme", "Ann", "It is slow", link)])
    kinds = {ChannelId("C0SECRET"): ChannelKind.PRIVATE}
    plan = plan_of(path, team_id=TEAM, workspace_url="https://acme.example/", kinds=kinds)

    do(database, plan)

    feedback = store.history.by_origin(TEAM, slack_origin(ChannelId("C0SECRET"), Ts("1790000001.000100")))
    assert feedback is not None
    assert feedback.channel_kind is ChannelKind.PRIVATE


@pytest.mark.parametrize(
    ("met", "kind"),
    [
        (None, ChannelKind.PRIVATE),
        (ChannelKind.PUBLIC, ChannelKind.PUBLIC),
        (ChannelKind.PRIVATE, ChannelKind.PRIVATE),
        (ChannelKind.SHARED, ChannelKind.PRIVATE),
    ],
)
def test_a_message_of_a_channel_that_nobody_met_is_closed_until_the_channel_is_met_as_public(
    database: Database, store: Store, tmp_path: Path, met: ChannelKind | None, kind: ChannelKind
) -> None:
    link = "https://acme.example/archives/GSECRET1/p1790000001000100"
    path = write(tmp_path / "a.csv", [("1", "2026-11-02", "Acme", "Ann", "It is slow", link)])
    do(database, plan_of(path, team_id=TEAM, workspace_url="https://acme.example/"))

    if met is not None:
        store.workspaces.meet_channel(TEAM, ChannelId("GSECRET1"), "secret", met)

    feedback = store.history.by_origin(TEAM, slack_origin(ChannelId("GSECRET1"), Ts("1790000001.000100")))
    assert feedback is not None
    assert feedback.channel_kind is kind


def test_a_ticket_leads_to_its_page_and_not_to_its_address_for_programs(
    database: Database, terminal: Store, tmp_path: Path
) -> None:
    links = "https://acme.zendesk.example/api/v2/tickets/7.json", "https://x.example/api/v2/notes/7.json"
    told = [(str(number), "2026-11-02", "Acme", "Ann", "It is slow", link) for number, link in enumerate(links)]
    do(database, plan_of(write(tmp_path / "a.csv", told)))

    claims = terminal.queue.claim(TERMINAL, limit=2, lease=NOW - NOW, at=NOW)
    kept = [terminal.history.feedback(TERMINAL, claim.feedback_id).permalink for claim in claims]
    assert kept == ["https://acme.zendesk.example/agent/tickets/7", links[1]]


def test_an_address_tells_the_account_and_is_kept_nowhere(database: Database, terminal: Store, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    author = {"name": "Ann", "email": "ann@globex.example"}
    path.write_text(json.dumps({"body": "It is slow", "created_at": 1790000001, "source": {"author": author}}))
    columns = parse_map("text=body,date=created_at,author=source.author.name,email=source.author.email")
    plan = plan_of(path, columns, account_of=lambda address: address.rpartition("@")[2])

    do(database, plan)

    (claim,) = terminal.queue.claim(TERMINAL, limit=1, lease=NOW - NOW, at=NOW)
    assert terminal.history.feedback(TERMINAL, claim.feedback_id).account == "globex.example"
    clues = terminal.placing.clues(TERMINAL, claim.feedback_id)
    assert "ann@" not in repr(clues)
