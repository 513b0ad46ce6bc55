"""What the README shows is what Ballast does, word for word."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from bot.views.labels import confidence_words, side_words, theme_words
from classifiers.local import LocalClassifier
from classifiers.model_file import MODEL
from classifiers.protocol import Context
from classifiers.taxonomy import load_taxonomy
from classifiers.training import FIGURES

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
MESSAGE = " ".join(re.findall(r"^> (.+)$", README, flags=re.MULTILINE))


def shown(beginning: str) -> list[str]:
    """Give the lines of the one shown output that begins so."""
    blocks = re.findall(r"^```text\n(.*?)^```$", README, flags=re.MULTILINE | re.DOTALL)
    return next(block for block in blocks if block.startswith(beginning)).splitlines()


def test_the_card_shows_what_the_classifier_finds_in_the_message() -> None:
    taxonomy = load_taxonomy()
    insights = LocalClassifier.load().classify([MESSAGE], Context(taxonomy))[0].insights
    lines = [line.partition("   ")[0] for line in shown("Ballast found")]

    expected = [f"Ballast found {len(insights)} problems"]
    for insight in insights:
        labels = [side_words(insight.labels, taxonomy), theme_words(insight.labels, taxonomy)]
        expected += ["", *labels, f"│ {insight.evidence.quote}", confidence_words(insight.confidence)]
    assert lines == expected


def test_what_the_classifier_cannot_do_yet_is_what_its_training_measured() -> None:
    overall = json.loads((MODEL / FIGURES).read_text(encoding="utf-8"))["overall"]
    insight = overall["insight"]["score"]
    measured = [overall["side"]["accuracy"]["value"], insight["recall"], insight["precision"]]
    measured.append(overall["persona"]["accuracy"]["value"])

    told = re.search(
        r"named the side right for .*?\.  ?Whose need it is it tells for \d+ of 100", " ".join(README.split())
    )

    assert told
    assert re.findall(r"(\d+) (?:messages )?of 100", told[0]) == [f"{each:.0%}".rstrip("%") for each in measured]


@pytest.fixture
def sample_digest(tmp_path: Path) -> list[str]:
    """What ``ballast try`` prints of its sample."""
    command = [sys.executable, "-m", "bot", "try", "--out", str(tmp_path / "page.html")]
    printed = subprocess.run(command, capture_output=True, check=True, text=True, timeout=120)
    return [line.rstrip() for line in printed.stdout.splitlines()]


def test_the_digest_is_the_one_of_the_sample(sample_digest: list[str]) -> None:
    lines = [line for line in shown("Ballast digest") if line.strip() != "…"]

    assert [line for line in lines if line not in sample_digest] == []
