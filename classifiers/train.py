"""Train the local model: ``python -m classifiers.train`` reproduces the shipped artefact and its card from the corpus.

Needs the ``train`` extra. Every seed is fixed, so the same corpus gives the same model on one machine; another kind of
processor rounds differently, and may give one that differs in the last digits.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from classifiers.corpus import Message, read_corpus
from classifiers.groups import LeaveOut
from classifiers.heads import Progress
from classifiers.model_file import MODEL
from classifiers.network import TOKENS
from classifiers.taxonomy import Taxonomy, load_taxonomy
from classifiers.teaching import Teacher
from classifiers.training import Training, layout_of, make_sure_of_corpus, train, write_training
from classifiers.windowing import in_windows


def train_into(
    folder: Path,
    messages: Sequence[Message],
    taxonomy: Taxonomy,
    progress: Progress,
    *,
    leave_out: LeaveOut = LeaveOut.GROUPS,
    kept: Path | None = None,
) -> Training:
    """Train on all messages, measure with files left out, and write model and card into a folder.

    Texts too long to be read at once are taught in windows. Networks stay in the folder ``kept``, where one is given,
    and are not trained again while they are there. Raises TaxonomyError for a corpus that breaks the codebook.
    """
    make_sure_of_corpus(
        messages, taxonomy
    )  # before windows are cut, in which a wrong quote would stand like a right one
    taught = list(in_windows(messages, TOKENS))
    with _workplace(kept) as workplace:
        teacher = Teacher(taught, layout_of(taxonomy), workplace, progress)
        training = train(taught, taxonomy, teacher.fit, leave_out)
        write_training(training, folder)
    return training


@contextmanager
def _workplace(kept: Path | None) -> Iterator[Path]:
    if kept is None:
        with TemporaryDirectory() as folder:
            yield Path(folder)
    else:
        kept.mkdir(parents=True, exist_ok=True)
        yield kept


def main() -> None:
    """Train on the project's corpus and write model and card."""
    train_into(MODEL, read_corpus(), load_taxonomy(), _tell)


def _tell(sentence: str) -> None:
    sys.stderr.write(f"{sentence}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    main()
