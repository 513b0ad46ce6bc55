from pathlib import Path

import pytest

from bot.places import database_address, database_place, words_go_to
from bot.settings import load_settings


def test_without_an_address_the_database_is_a_file_in_the_data_directory(tmp_path: Path) -> None:
    settings = load_settings({"BALLAST_DATA_DIR": str(tmp_path)})

    assert database_address(settings) == f"sqlite:///{tmp_path}/ballast.db"
    assert database_place(settings) == f"SQLite, {tmp_path}/ballast.db"


def test_the_place_of_a_database_is_told_without_its_password() -> None:
    settings = load_settings({"DATABASE_URL": "postgresql://ballast:secret@db.example:5432/feedback"})

    assert database_place(settings) == "PostgreSQL, feedback at db.example"


@pytest.mark.parametrize(
    ("classifier", "base", "sentence"),
    [
        ("local", "", "Nothing leaves this machine: Ballast reads the words itself."),
        ("llm", "", "Words are sent to api.openai.com, where a language model reads them."),
        ("llm", "https://models.example/v1", "Words are sent to models.example, where a language model reads them."),
        (
            "local-then-llm",
            "",
            "Ballast reads the words itself; those that it is unsure of are sent to api.openai.com.",
        ),
    ],
)
def test_people_are_told_where_words_go(classifier: str, base: str, sentence: str) -> None:
    settings = load_settings({"BALLAST_CLASSIFIER": classifier, "OPENAI_BASE_URL": base, "OPENAI_API_KEY": "sk-1"})

    assert words_go_to(settings) == sentence
