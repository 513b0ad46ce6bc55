"""Reading again: what a fall-back read is asked once more, and what a person decided is left alone."""

from datetime import timedelta

import pytest

from bot.__main__ import run_program
from bot.checks.history import check_queue
from bot.parts import Store
from bot.reclassifying import PAGE, Again, Outcome, reclassify, retry_failed
from bot.views.card import summary_of
from classifiers.chain import LlmWithFallback
from classifiers.errors import RefusedError, UnavailableError
from classifiers.protocol import Context
from classifiers.taxonomy import load_taxonomy
from classifiers.vocabulary import Usage
from storage.backlog import Backlog
from storage.database import Database
from storage.ids import FeedbackId, TeamId
from storage.vocabulary import FeedbackState
from tests.factories import (
    EARLIER,
    LEASE,
    NOW,
    OTHER_TEAM,
    TEAM,
    USER_LABELS,
    make_classification,
    make_decision,
    make_feedback,
    make_insight,
    make_workspace,
)
from tests.openai_stand_in import OpenAIStandIn, messages_in, openai  # noqa: F401 - a fixture
from tests.scripted_classifier import ScriptedClassifier
from tests.storage_fixtures import make_store

CONTEXT = Context(load_taxonomy())
AGAIN = Again(TEAM, EARLIER)


@pytest.fixture
def store(sqlite_database: Database) -> Store:
    store = make_store(sqlite_database)
    store.workspaces.remember(make_workspace(TEAM), NOW)
    return store


def fallen_back(store: Store, count: int = 1) -> list[FeedbackId]:
    """Let a fall-back read so many messages, and find a user problem in each."""
    ids = [store.intake.take_in(make_feedback(), NOW).feedback_id for _ in range(count)]
    found = make_classification(make_insight(labels=USER_LABELS), fallback=True)
    for claim in store.queue.claim(TEAM, limit=count, lease=LEASE, at=NOW):
        store.queue.save(claim, found, taxonomy_version="1", at=NOW)
    return ids


def run(store: Store, classifier: ScriptedClassifier | LlmWithFallback, *, write: bool = True) -> Outcome:
    return reclassify(store, AGAIN, classifier, CONTEXT, lambda: NOW, write=write, progress=lambda _: None)


def themes(store: Store, feedback_id: FeedbackId) -> list[str]:
    return [insight.current.theme for insight in store.history.feedback(TEAM, feedback_id).insights]


def test_what_a_fall_back_read_is_read_again_and_counted(store: Store) -> None:
    ids = fallen_back(store, PAGE + 1)

    outcome = run(store, ScriptedClassifier())

    assert (outcome.read, outcome.changed, outcome.ended_early) == (PAGE + 1, PAGE + 1, False)
    assert {theme for each in ids for theme in themes(store, each)} == {"compliance"}
    assert run(store, ScriptedClassifier()).read == 0, "it was asked about twice"


def test_a_dry_run_counts_the_changes_and_writes_nothing(store: Store) -> None:
    (feedback_id,) = fallen_back(store)

    outcome = run(store, ScriptedClassifier(), write=False)

    assert (outcome.read, outcome.changed) == (1, 1)
    assert themes(store, feedback_id) == ["fewer_steps"]
    assert store.readings.count_again(TEAM, since=EARLIER) == 1


def test_a_dry_run_asks_the_model_no_more_once_the_day_s_tokens_are_spent(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    sqlite_database: Database,
    store: Store,
    openai: OpenAIStandIn,  # noqa: F811 - the fixture
) -> None:
    fallen_back(store, PAGE + 1)
    with_language_model(monkeypatch, sqlite_database, openai, daily_tokens="1")

    assert run_program(["reclassify", "--since", "2026-11-01", "--dry-run"]) == 0

    assert sum(len(messages_in(request)) for request in openai.requests) == PAGE
    shown = " ".join(capsys.readouterr().out.split())
    assert f"{PAGE} messages read again" in shown
    assert "this ended early. The rest was not looked at." in shown


def test_tokens_for_what_the_model_refused_are_counted_as_spent(store: Store) -> None:
    fallen_back(store)
    refusal = RefusedError("no")
    refusal.usage = Usage(tokens_in=1000)
    model = ScriptedClassifier(name="llm", fails=refusal)
    chain = LlmWithFallback(model, ScriptedClassifier(name="local"), clock=lambda: 0.0, report=lambda _: None)

    assert run(store, chain).unbooked == 1000
    assert run(store, ScriptedClassifier(name="llm")).unbooked == 0


def with_language_model(
    monkeypatch: pytest.MonkeyPatch,
    database: Database,
    model: OpenAIStandIn,
    *,
    classifier: str = "llm",
    daily_tokens: str = "",
) -> None:
    """Set the stand-in up for the commands, and turn it on unless another classifier is named."""
    variables = {
        "DATABASE_URL": str(database.engine.url),
        "BALLAST_CLASSIFIER": classifier,
        "OPENAI_API_KEY": "sk-canary-key",
        "OPENAI_BASE_URL": model.url,
        "BALLAST_LLM_MODEL": "stand-in",
        "BALLAST_LLM_DAILY_TOKENS": daily_tokens,
    }
    for name, value in variables.items():
        monkeypatch.setenv(name, value)


def test_a_problem_that_a_person_decided_on_stays_and_is_counted(store: Store) -> None:
    (feedback_id,) = fallen_back(store)
    (insight,) = store.history.feedback(TEAM, feedback_id).insights
    store.reviews.decide(make_decision(insight.insight_id))

    outcome = run(store, ScriptedClassifier())

    assert outcome.kept == 1
    assert themes(store, feedback_id) == ["fewer_steps"]


def test_while_the_model_is_away_nothing_is_written_and_the_next_run_goes_on(store: Store) -> None:
    ids = fallen_back(store, 2 * PAGE)
    model = ScriptedClassifier(name="llm", fails=UnavailableError("no answer"))
    chain = LlmWithFallback(model, ScriptedClassifier(name="local"), clock=lambda: 0.0, report=lambda _: None)

    outcome = run(store, chain)
    assert (outcome.read, outcome.not_reached, outcome.ended_early) == (0, PAGE, True)
    assert themes(store, ids[0]) == ["fewer_steps"]

    assert run(store, ScriptedClassifier(name="llm")).read == 2 * PAGE


def test_a_run_that_was_cut_off_goes_on_with_what_is_left(store: Store) -> None:
    fallen_back(store, PAGE + 3)

    def cut_off(_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        reclassify(store, AGAIN, ScriptedClassifier(), CONTEXT, lambda: NOW, write=True, progress=cut_off)

    assert run(store, ScriptedClassifier()).read == 3


def test_other_workspaces_are_left_alone(store: Store) -> None:
    store.workspaces.remember(make_workspace(OTHER_TEAM), NOW)
    fallen_back(store)
    elsewhere = Again(OTHER_TEAM, EARLIER - timedelta(days=1))

    outcome = reclassify(
        store, elsewhere, ScriptedClassifier(), CONTEXT, lambda: NOW, write=True, progress=lambda _: None
    )

    assert outcome.read == 0


def test_the_command_says_how_many_labels_would_change_and_that_nothing_leaves(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, sqlite_database: Database, store: Store
) -> None:
    (feedback_id,) = fallen_back(store)
    monkeypatch.setenv("DATABASE_URL", str(sqlite_database.engine.url))

    assert run_program(["reclassify", "--since", "2026-11-01", "--all", "--dry-run"]) == 0

    shown = " ".join(capsys.readouterr().out.split())
    assert "1 messages to read again. Nothing leaves this machine." in shown
    assert "would change" in shown
    assert themes(store, feedback_id) == ["fewer_steps"]


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (["--classifier", "llm"], "no fall-back read anything"),
        (["--all"], "no other classifier or model read anything"),
    ],
)
def test_the_command_says_why_nothing_is_to_be_read_again(
    options: list[str],
    why: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    sqlite_database: Database,
    store: Store,
    openai: OpenAIStandIn,  # noqa: F811 - the fixture
) -> None:
    with_language_model(monkeypatch, sqlite_database, openai, classifier="local")
    assert run_program(["reclassify", "--since", "2026-11-01", *options]) == 0
    assert why in " ".join(capsys.readouterr().out.split())


def test_the_local_classifier_does_not_take_the_mark_of_a_fall_back_away(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, sqlite_database: Database, store: Store
) -> None:
    fallen_back(store)
    monkeypatch.setenv("DATABASE_URL", str(sqlite_database.engine.url))

    assert run_program(["reclassify", "--since", "2026-11-01"]) == 1

    assert "No language model is turned on" in capsys.readouterr().err
    assert store.readings.count_again(TEAM, since=EARLIER) == 1, "the model would never be asked again"


def failed(store: Store, count: int = 1, team: TeamId = TEAM) -> list[FeedbackId]:
    """Let so many messages be given up."""
    ids = [store.intake.take_in(make_feedback(team_id=team), NOW).feedback_id for _ in range(count)]
    for claim in store.queue.claim(team, limit=count, lease=LEASE, at=NOW):
        store.queue.give_up(claim, reason="no model")
    return ids


def test_what_nobody_could_read_waits_again_lot_by_lot_in_its_own_workspace(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.workspaces.remember(make_workspace(OTHER_TEAM), NOW)
    failed(store, 5)
    failed(store, 1, OTHER_TEAM)
    monkeypatch.setattr("bot.reclassifying.LOT", 2)

    assert retry_failed(store, TEAM, NOW) == 5

    assert store.queue.counts(TEAM)[FeedbackState.WAITING] == 5
    assert store.queue.counts(OTHER_TEAM)[FeedbackState.FAILED] == 1


def test_what_nobody_could_read_is_read_by_the_command_that_doctor_and_card_name(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, sqlite_database: Database, store: Store
) -> None:
    (feedback_id,) = failed(store)
    monkeypatch.setenv("DATABASE_URL", str(sqlite_database.engine.url))
    *_, told = check_queue(Backlog(sqlite_database), TEAM, NOW)
    for named in (told.remedy, summary_of(store.history.feedback(TEAM, feedback_id))):
        assert "“ballast reclassify --failed”" in named

    assert run_program(["reclassify", "--failed", "--dry-run"]) == 0
    assert "1 message would be tried again." in capsys.readouterr().out
    assert store.history.feedback(TEAM, feedback_id).state is FeedbackState.FAILED

    assert run_program(["reclassify", "--failed"]) == 0
    assert "1 message that could not be read waits again." in capsys.readouterr().out
    assert store.history.feedback(TEAM, feedback_id).state is FeedbackState.CLASSIFIED
    assert run_program(["reclassify", "--failed"]) == 0
    assert "Nothing to try again" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--since", "yesterday"], "2026-11-01"),
        (["--since", "0001-01-01"], "“0001-01-01” is no day; write it like 2026-11-01."),
        (["--since", "2026-11-01", "--classifier", "llm"], "OPENAI_API_KEY"),
        ([], "--failed"),
        (["--since", "2026-11-01", "--failed"], "leave out --since"),
        (["--since", "9999-01-01"], "9999-01-01 is still to come."),
    ],
)
def test_what_cannot_be_done_is_said_with_what_to_do(
    arguments: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_program(["reclassify", *arguments]) == 1
    assert says in capsys.readouterr().err
