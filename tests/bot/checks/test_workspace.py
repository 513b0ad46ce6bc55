"""Whether Slack takes the tokens, grants the scopes and agrees on the time."""

from __future__ import annotations

from datetime import timedelta

import pytest
import yaml

from bot.checks.diagnosis import Outcome
from bot.checks.workspace import wanted_scopes
from bot.cli.manifest import manifest
from bot.sandbox.identity import ALL_SCOPES
from tests.bot.checks.bedside import Bedside


@pytest.mark.parametrize(("method", "name"), [("auth.test", "bot token"), ("apps.connections.open", "app token")])
@pytest.mark.parametrize("code", ["invalid_auth", "token_revoked", "fatal_error"])
def test_a_token_that_slack_does_not_take_fails(bedside: Bedside, method: str, name: str, code: str) -> None:
    bedside.slack.fail(method, times=None, error=code)

    found = bedside.found(name)

    assert found.outcome is Outcome.FAIL
    assert code in found.sentence
    assert found.remedy


def test_an_unreachable_slack_leaves_the_rest_examined(bedside: Bedside) -> None:
    bedside.env["SLACK_API_URL"] = "http://127.0.0.1:9/api/"

    found = {each.name: each.outcome for each in bedside.examined()}

    assert found["bot token"] is Outcome.FAIL
    assert found["database"] is found["queue"] is found["classifier"] is Outcome.OK
    assert "channel #feedback" not in found


@pytest.mark.parametrize(
    ("granted", "outcome", "words"),
    [
        (ALL_SCOPES, Outcome.OK, "Every scope"),
        (ALL_SCOPES - {"groups:read"}, Outcome.WARN, "groups:read"),
        (ALL_SCOPES - {"users:read", "im:write"}, Outcome.FAIL, "im:write, users:read"),
    ],
)
def test_scopes_are_compared_with_the_manifest(
    bedside: Bedside, granted: frozenset[str], outcome: Outcome, words: str
) -> None:
    found = bedside.found("scopes")

    assert (found.outcome, words in found.sentence) == (outcome, True), found


def test_the_scopes_are_read_as_yaml_reads_them() -> None:
    scopes = yaml.safe_load(manifest())["oauth_config"]["scopes"]

    assert wanted_scopes(manifest()) == (frozenset(scopes["bot"]), frozenset(scopes["bot_optional"]))


@pytest.mark.parametrize(
    ("ahead", "outcome", "words"),
    [
        (0, Outcome.OK, "agrees"),
        (50, Outcome.OK, "agrees"),
        (200, Outcome.WARN, "ahead"),
        (-200, Outcome.WARN, "behind"),
    ],
)
def test_a_clock_that_is_off_by_a_minute_is_told(bedside: Bedside, ahead: int, outcome: Outcome, words: str) -> None:
    bedside.ahead = timedelta(seconds=ahead)

    found = bedside.found("clock")

    assert (found.outcome, words in found.sentence) == (outcome, True), found
