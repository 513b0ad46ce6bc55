"""Each thing that Ballast needs is found well or not, in a sentence, and nothing that is broken hides the rest."""

from __future__ import annotations

import json

import pytest

from bot.__main__ import run_program
from bot.checks.diagnosis import Outcome
from tests.bot.checks.bedside import Bedside, dumped

TOKENS = ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN")


def test_a_ballast_that_is_set_up_is_well_in_every_check(bedside: Bedside) -> None:
    bedside.schedule()

    found = bedside.examined()

    assert {each.name: each.sentence for each in found if each.outcome in {Outcome.FAIL, Outcome.WARN}} == {}
    assert {
        "settings",
        "classifier",
        "words",
        "zone",
        "bot token",
        "app token",
        "scopes",
        "clock",
        "delayed events",
        "connections",
        "data folder",
        "database",
        "channel #feedback",
        "owners",
        "digest in #feedback",
        "queue",
        "deliveries",
        "answers",
        "labels",
    } == {each.name for each in found}


def test_looking_changes_nothing(bedside: Bedside) -> None:
    before = dumped(bedside.folder / "ballast.db")

    bedside.examined()

    assert dumped(bedside.folder / "ballast.db") == before
    assert {call.method for call in bedside.slack.calls()} == {
        "auth.test",
        "apps.connections.open",
        "conversations.info",
    }
    assert len(bedside.slack.calls("apps.connections.open")) == 1


def test_without_tokens_the_command_ends_well(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_program(["doctor"]) == 0
    assert "the sandbox needs neither" in capsys.readouterr().out


def test_the_command_fails_when_a_check_does_and_prints_no_token(
    bedside: Bedside, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in (bedside.env | {"OPENAI_API_KEY": "sk-canary-key"}).items():
        monkeypatch.setenv(name, value)
    assert run_program(["doctor"]) == 0
    bedside.slack.revoke_token()

    assert run_program(["doctor"]) == 1

    told = "".join(capsys.readouterr())
    assert "fail     bot token: Slack refused the token at auth.test: token_revoked." in told
    assert "Traceback" not in told
    assert [secret for secret in ("sk-canary-key", *(bedside.env[token] for token in TOKENS)) if secret in told] == []


def test_json_has_one_object_for_each_check(
    bedside: Bedside, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in bedside.env.items():
        monkeypatch.setenv(name, value)
    bedside.slack.people.remove_bot(bedside.workspace.feedback)

    assert run_program(["doctor", "--json"]) == 1

    told = json.loads(capsys.readouterr().out)
    assert told["outcome"] == "fail"
    assert {tuple(check) for check in told["checks"]} == {("name", "outcome", "sentence", "remedy")}
    assert [check["name"] for check in told["checks"] if check["outcome"] == "fail"] == ["channel #feedback"]
