"""The page that a works council signs names every table, every column with a person in it, and the true terms."""

import re
import typing
from datetime import timedelta
from pathlib import Path

import pytest

from bot import team_settings
from bot.lifecycle import ERASED_EVERY, FORMS_LET_GO_EVERY, LOG_EMPTIED_EVERY
from bot.views.settings_words import EXPLAINED
from storage.chosen import WorkspaceChoices
from storage.drafts import KEPT_FOR
from storage.ids import UserId
from storage.rows import Row
from storage.vocabulary import Chosen

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs/privacy.md").read_text(encoding="utf-8")
NAMES = {
    "feedback.reporter_name",
    "feedback.author_name",
    "feedback.person",
    "changes.before",
    "changes.after",
}
"""Columns in which a person stands by another type than an id."""


def section(title: str) -> str:
    return PAGE.partition(f"# {title}\n")[2].partition("\n#")[0]


def test_every_table_is_on_the_page_with_how_long_it_is_kept() -> None:
    rows = re.findall(r"^\| (`.+?`) \| .+ \| .+ \|$", section("What is kept, and how long"), flags=re.MULTILINE)
    told = [name for row in rows for name in re.findall(r"`(\w+)`", row)]

    assert sorted(told) == sorted(Row.metadata.tables)


def test_every_column_in_which_a_person_stands_is_on_the_page() -> None:
    told = set(re.findall(r"`(\w+\.\w+)`", section("Where a person is named")))

    assert told == NAMES | {
        f"{mapper.class_.__tablename__}.{name}"
        for mapper in Row.registry.mappers
        for name, hint in typing.get_type_hints(mapper.class_).items()
        if any(UserId in typing.get_args(each) or each is UserId for each in typing.get_args(hint))
    }


def test_the_months_the_hour_and_the_forms_are_those_of_the_code() -> None:
    kept = section("What is kept, and how long")

    assert f"kept for {WorkspaceChoices().kept_months} months" in kept
    assert f"(1 to {team_settings.MOST_MONTHS})" in kept
    assert timedelta(hours=1) == ERASED_EVERY
    assert "within the hour" in kept
    assert timedelta(minutes=1) == LOG_EMPTIED_EVERY
    assert "within a minute or two" in " ".join(kept.split())
    assert timedelta(hours=1, minutes=1) == KEPT_FOR + FORMS_LET_GO_EVERY
    assert "at most an hour and a minute" in kept


@pytest.mark.parametrize("path", sorted(set(re.findall(r"`(tests/[\w/.]+\.py)`", PAGE))))
def test_each_test_that_the_page_names_is_there(path: str) -> None:
    assert (ROOT / path).is_file()


def test_every_setting_is_explained() -> None:
    assert EXPLAINED.keys() == set(Chosen)
    assert all(EXPLAINED.values())
