"""``ballast run`` with a language model turned on, whose endpoint fails in several ways, killed while messages come."""

import json
import sqlite3
from contextlib import closing

from bot.sandbox.presets import SmallWorkspace
from bot.sandbox.stand_in import SlackStandIn
from storage.ids import TeamId
from storage.vocabulary import AnswerMode
from tests.bot.ballast_process import CONNECTED, PATIENCE_SECONDS, BallastProcess, ballast, live_slack, live_workspace  # noqa: F401 - fixtures
from tests.openai_stand_in import OpenAIStandIn, cut_off, damaged, fails, openai, page  # noqa: F401 - a fixture

MAIL = "anna.schmidt@acme.example"
MESSAGES = 12


def test_every_message_is_read_once_whatever_the_model_does_and_the_channel_is_told_once(
    ballast: BallastProcess,  # noqa: F811 - the fixture
    live_slack: SlackStandIn,  # noqa: F811 - the fixture
    live_workspace: SmallWorkspace,  # noqa: F811 - the fixture
    openai: OpenAIStandIn,  # noqa: F811 - the fixture
) -> None:
    store = ballast.watch(live_slack, live_workspace, AnswerMode.CARD)
    openai.once(fails(500), cut_off, damaged, page(), fails(401, code="invalid_api_key"))
    model = {
        "BALLAST_CLASSIFIER": "llm",
        "BALLAST_LLM_MODEL": "stand-in",
        "OPENAI_API_KEY": "sk-made-up-0123456789abcdef",
        "OPENAI_BASE_URL": openai.url,
    }
    for start in range(2):
        process = ballast.start_for(live_slack, **model)
        ballast.until_said(CONNECTED, times=start + 1)
        for number in range(MESSAGES // 2):
            text = f"{start}.{number}: {MAIL} cannot buy it without audit logs for compliance."
            live_slack.people.say(live_workspace.feedback, live_workspace.max, text)
        if start == 0:
            process.kill()
            process.wait()

    live_slack.until(
        lambda: store.queue.counts(TeamId(live_slack.identity.team_id))["classified"] == MESSAGES,
        within_seconds=PATIENCE_SECONDS,
    )
    with closing(sqlite3.connect(ballast.folder / "ballast.db")) as connection:
        rows = connection.execute("SELECT feedback_id, classifier, fallback FROM classifications").fetchall()
    assert len({feedback for feedback, _, _ in rows}) == len(rows) == MESSAGES
    assert {(classifier, bool(fallback)) for _, classifier, fallback in rows} <= {("llm", False), ("local", True)}
    assert openai.requests
    assert MAIL not in json.dumps(openai.requests)
    live_slack.until(lambda: told(live_slack, live_workspace), within_seconds=PATIENCE_SECONDS)
    assert len(told(live_slack, live_workspace)) == 1
    assert "Traceback" not in ballast.output
    assert "sk-made-up" not in ballast.output
    assert MAIL not in ballast.output


def told(slack: SlackStandIn, workspace: SmallWorkspace) -> list[str]:
    """The notices in the channel that say where words go."""
    said = [str(message["text"]) for message in slack.messages(workspace.feedback)]
    return [text for text in said if "uses a language model here. Words are sent to 127.0.0.1" in text]
