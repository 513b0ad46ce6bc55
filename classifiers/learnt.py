"""Tell which texts the shipped model has learnt from: how it does on them says nothing of how it does on others."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from classifiers.corpus import CORPUS, read_corpus
from classifiers.errors import TaxonomyError


def count_learnt(texts: Iterable[str], corpus: Path = CORPUS) -> int | None:
    """Count the texts that stand in the corpus, whatever their blanks and case; None where there is none to read.

    A checkout of the project has it, an installed package has not; one that is being edited may be broken.
    """
    try:
        messages = read_corpus(corpus)
    except TaxonomyError:
        return None
    learnt = {_plain(message.text) for message in messages}
    return sum(_plain(text) in learnt for text in texts)


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()
