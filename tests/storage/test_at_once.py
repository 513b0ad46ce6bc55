"""A verdict, and what else happens to its message at the same moment: both end well.

On PostgreSQL alone: SQLite has one writer at a time.
"""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from time import monotonic, sleep
from typing import Any

import pytest
from sqlalchemy import event, text

from bot.parts import Store
from storage.database import Database
from storage.forgetting import Forgetting
from storage.held import Target
from storage.ids import FeedbackId
from storage.records import Decision
from storage.stated import Stated
from storage.vocabulary import Verdict, Whose
from tests.factories import (
    EARLIER,
    NOW,
    OWNER,
    PERSON,
    TEAM,
    USER_LABELS,
    make_classification,
    make_decision,
    make_evidence,
    make_workspace,
)
from tests.storage.settled import capture
from tests.storage_fixtures import make_store

pytestmark = pytest.mark.postgres
ANOTHER = ("another", "model")
PATIENCE_SECONDS = 10


@pytest.fixture
def store(postgres_database: Database) -> Store:
    store = make_store(postgres_database)
    store.workspaces.remember(make_workspace(), NOW)
    return store


def test_message_is_forgotten_beside_a_verdict_on_it(store: Store, postgres_database: Database) -> None:
    feedback_id, insight_id = capture(store)
    forgetting = Forgetting(postgres_database)

    decide_beside(
        postgres_database,
        store,
        make_decision(insight_id),
        lambda: forgetting.forget(Target(TEAM, Whose.REPORTER, PERSON), by=OWNER, at=NOW),
    )

    assert (store.history.feedback(TEAM, feedback_id).text, verdicts(store, feedback_id)) == ("", [])


def test_message_is_read_again_beside_a_verdict_on_it_which_outlasts_that(
    store: Store, postgres_database: Database
) -> None:
    feedback_id, insight_id = capture(store)
    (reading,) = store.readings.again(TEAM, since=EARLIER, not_by=ANOTHER)

    decide_beside(
        postgres_database,
        store,
        make_decision(insight_id),
        lambda: store.readings.replace(reading, make_classification(), taxonomy_version="1", at=NOW),
    )

    assert store.readings.again(TEAM, since=EARLIER, not_by=("local", "test-1")) == []
    (kept,) = store.history.feedback(TEAM, feedback_id).insights
    assert (kept.insight_id, kept.reviews) == (insight_id, 1)


def test_message_is_saved_with_labels_beside_a_verdict_on_it_which_stands(
    store: Store, postgres_database: Database
) -> None:
    feedback_id, insight_id = capture(store)
    stated = Stated(PERSON, decides=True, side=USER_LABELS.side, theme=USER_LABELS.theme)

    decide_beside(
        postgres_database,
        store,
        make_decision(insight_id),
        lambda: store.stating.add(TEAM, feedback_id, stated, NOW),
    )

    assert verdicts(store, feedback_id) == [Verdict.CONFIRMED]
    assert store.stating.is_saved_by_hand(TEAM, store.history.feedback(TEAM, feedback_id).origin)


def test_passage_is_added_while_a_verdict_on_its_message_is_written(store: Store, postgres_database: Database) -> None:
    feedback_id, _ = capture(store)
    evidence = make_evidence("The export takes far too many clicks")

    with postgres_database.engine.connect() as other:
        # As a review does that is written and not yet committed.
        other.execute(text("SELECT feedback_id FROM feedback FOR KEY SHARE"))
        store.reviews.add(TEAM, feedback_id, USER_LABELS, evidence, OWNER, NOW)

    assert verdicts(store, feedback_id) == [Verdict.ADDED]


def decide_beside(database: Database, store: Store, decision: Decision, other: Callable[[], object]) -> None:
    """Decide, and begin the other when the insight is held and the review not yet written."""
    begun: list[Future[object]] = []
    with ThreadPoolExecutor(1) as pool:

        @event.listens_for(database.engine, "before_cursor_execute")
        def begin(_connection: object, _cursor: object, statement: str, *_rest: Any) -> None:
            if statement.startswith("INSERT INTO reviews") and not begun:
                begun.append(pool.submit(other))
                until_it_waits(database, begun[0])

        try:
            store.reviews.decide(decision)
        finally:
            event.remove(database.engine, "before_cursor_execute", begin)
    begun[0].result()


def until_it_waits(database: Database, other: Future[object]) -> None:
    give_up_at = monotonic() + PATIENCE_SECONDS
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        while not other.done() and monotonic() < give_up_at:
            if connection.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")):
                return
            sleep(0.01)


def verdicts(store: Store, feedback_id: FeedbackId) -> list[Verdict]:
    return [review.verdict for review in store.reviews.of_feedback(TEAM, feedback_id)]
