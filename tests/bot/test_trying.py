import csv
import tracemalloc
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.digest import Digest
from bot.keeping import TERMINAL, keep, origin_of
from bot.reading import messages, survey
from bot.reading_columns import Columns
from bot.trying import choose_period, digest_of_file
from classifiers.errors import ModelError, UnavailableError
from classifiers.protocol import Context
from classifiers.taxonomy import load_taxonomy
from classifiers.vocabulary import Classification, Side
from storage.database import Database
from storage.history import History
from storage.intake import Intake
from storage.records import Feedback
from storage.vocabulary import FeedbackState, Source
from storage.workspaces import Workspaces
from tests.scripted_classifier import POISON, QUIET, ScriptedClassifier

NOW = datetime(2026, 11, 20, tzinfo=UTC)
Write = Callable[[list[tuple[str, str, str]]], Path]


def try_out(path: Path, *, weeks: int | None = None, classifier: ScriptedClassifier | None = None) -> Digest:
    surveyed = survey(path, Columns(), now=NOW)
    chosen = choose_period(surveyed, zone="UTC", now=NOW, weeks=weeks)
    reads = classifier or ScriptedClassifier()
    return digest_of_file(surveyed, chosen, reads, Context(load_taxonomy()), now=NOW, progress=lambda _: None)


def weekly(weeks: int, *, last: datetime = datetime(2026, 11, 13, tzinfo=UTC)) -> list[tuple[str, str, str]]:
    days = [last - timedelta(weeks=n) for n in reversed(range(weeks))]
    return [
        (f"{day:%Y-%m-%d}", f"Account {n % 3}", f"The auditor asks again, number {n}") for n, day in enumerate(days)
    ]


def test_a_quarter_is_shown_whole(write: Write) -> None:
    digest = try_out(write(weekly(13)))
    assert digest.period.name == "21 Aug – 13 Nov 2026"
    assert digest.messages == digest.balance.sides[Side.CUSTOMER].problems == 13
    assert digest.balance.sides[Side.CUSTOMER].accounts == 3
    assert [week.customer for week in digest.trend] == [1] * 12


def test_of_years_the_last_twelve_weeks_are_shown_and_those_before_are_the_usual(write: Write) -> None:
    digest = try_out(write(weekly(150)))
    assert digest.messages == 12
    assert digest.period.end == datetime(2026, 11, 14, tzinfo=UTC)
    assert {line.change for line in digest.themes[Side.CUSTOMER]} == {0}


def test_only_what_the_digest_needs_is_classified(write: Write) -> None:
    reads = ScriptedClassifier()
    try_out(write(weekly(150)), classifier=reads)
    assert sum(map(len, reads.asked)) == 24


def test_the_weeks_that_are_asked_for_are_shown(write: Write) -> None:
    assert try_out(write(weekly(13)), weeks=4).messages == 4


def test_one_mistyped_year_does_not_move_the_period(write: Write) -> None:
    digest = try_out(write([*weekly(13), ("2062-11-02", "Acme", "When will it come"), ("2036-01-01", "A", "Or now")]))
    assert digest.period.end <= NOW + timedelta(days=1)
    assert digest.messages == 13
    assert "2 messages dated after this period, not counted." in digest.warnings


def test_a_file_without_dates_is_one_period_and_its_quotes_have_no_day(write: Write) -> None:
    digest = try_out(write([("", "Acme", "The auditor asks for logs"), ("", "Acme", "The auditor asks for more logs")]))
    assert digest.period.name == "all of a.csv"
    assert digest.messages == 2
    assert {quote.said_at for quote in digest.quotes[Side.CUSTOMER]} == {None}


def test_chatter_is_counted_as_a_message_and_as_no_problem(write: Write) -> None:
    digest = try_out(
        write([("2026-11-02", "", f"{QUIET} on this page"), ("2026-11-03", "", "The auditor asks for logs")])
    )
    assert (digest.messages, digest.balance.sides[Side.CUSTOMER].problems) == (2, 1)


def test_a_text_that_cannot_be_classified_is_failed_and_the_rest_is_counted(write: Write) -> None:
    rows = [("2026-11-02", "", f"this is {POISON} for you"), ("2026-11-03", "", "The auditor asks for logs")]
    reads = ScriptedClassifier(poisoned=lambda _: UnavailableError("not now"))
    digest = try_out(write(rows), classifier=reads)
    assert digest.awaiting.failed == 1
    assert digest.balance.sides[Side.CUSTOMER].problems == 1
    assert digest.warnings[0] == "1 message could not be classified."


def test_a_model_that_cannot_be_used_ends_the_try(write: Write) -> None:
    with pytest.raises(ModelError, match="damaged"):
        try_out(write(weekly(3)), classifier=ScriptedClassifier(fails=ModelError("the model is damaged")))


def test_memory_stays_flat_over_many_messages(tmp_path: Path) -> None:
    path = tmp_path / "many.csv"
    path.write_text("date,message\n" + f"2026-11-02,{QUIET} in any of these rooms\n" * 60_000)

    class Forgetful(ScriptedClassifier):
        def classify(self, texts: Sequence[str], context: Context) -> list[Classification]:
            self.asked.clear()
            return super().classify(texts, context)

    tracemalloc.start()
    digest = try_out(path, classifier=Forgetful())
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert digest.messages == 60_000
    assert peak < 8_000_000


def test_kept_messages_are_stored_once_however_often_they_are_imported(write: Write, database: Database) -> None:
    surveyed = survey(write([*weekly(3), ("", "", "The auditor asked on no day")]), Columns(), now=NOW)
    for new, known in ((3, 0), (0, 3)):
        kept = keep(messages(surveyed), Workspaces(database), Intake(database), NOW)
        assert (kept.new, kept.known, kept.undated) == (new, known, 1)
    stored = History(database).by_origin(TERMINAL, origin_of(next(iter(messages(surveyed)))))
    assert isinstance(stored, Feedback)
    assert (stored.source, stored.state, stored.account) == (Source.IMPORT, FeedbackState.WAITING, "Account 0")


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write_rows(rows: list[tuple[str, str, str]]) -> Path:
        path = tmp_path / "a.csv"
        with path.open("w", newline="") as file:
            csv.writer(file).writerows([("date", "account", "message"), *rows])
        return path

    return write_rows
