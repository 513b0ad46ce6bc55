"""A file's batches: each with how far the file was read, so that a start after a crash goes on there."""

from dataclasses import replace

import pytest

from bot.parts import Store
from storage.database import Database
from storage.errors import NotFoundError, StaleError
from storage.ids import Origin, TeamId
from storage.imports import Imports
from storage.records import NewFeedback
from storage.vocabulary import FeedbackState
from tests.factories import NOW, TEAM, make_feedback


def rows(count: int, begin: int = 0) -> list[NewFeedback]:
    return [
        make_feedback(f"Row {number}", origin=Origin(f"import:{number}"), channel_id=None)
        for number in range(begin, begin + count)
    ]


def test_a_second_start_knows_how_far_the_first_came(database: Database, store: Store) -> None:
    imports = Imports(database)
    standing, _ = imports.take_in(imports.begin(TEAM, "file", NOW), rows(3), NOW, rejected=2)

    again = Imports(database).begin(TEAM, "file", NOW)

    assert again == standing
    assert (again.rows_read, again.new, again.rejected, again.finished_at) == (5, 3, 2, None)
    assert store.queue.counts(TEAM)[FeedbackState.WAITING] == 3
    imports.finish(again, NOW)
    assert imports.begin(TEAM, "file", NOW).finished_at == NOW


def test_what_stands_already_is_known_and_other_words_under_its_key_are_rejected(
    database: Database, store: Store
) -> None:
    imports = Imports(database)
    first, twice, other = rows(1)[0], rows(1)[0], replace(rows(1)[0], text="Row 0, and more")
    begun = imports.begin(TEAM, "file", NOW)

    standing, clashing = imports.take_in(begun, [first, twice, other], NOW, rejected=0)

    assert (standing.new, standing.known, standing.rejected, clashing) == (1, 1, 1, frozenset({2}))
    assert store.queue.counts(TEAM)[FeedbackState.WAITING] == 1
    assert imports.count_known(TEAM, [first, *rows(1, 9)]) == 1


def test_a_file_imported_twice_at_once_is_stored_once(database: Database, store: Store) -> None:
    imports = Imports(database)
    begun = imports.begin(TEAM, "file", NOW)
    imports.take_in(begun, rows(3), NOW, rejected=0)

    with pytest.raises(StaleError, match="another program imports this very file"):
        imports.take_in(begun, rows(3, 3), NOW, rejected=0)

    assert store.queue.counts(TEAM)[FeedbackState.WAITING] == 3, "half of a batch was kept"


def test_nothing_is_imported_into_an_unknown_workspace(database: Database) -> None:
    with pytest.raises(NotFoundError):
        Imports(database).begin(TeamId("T0NOBODY"), "file", NOW)
