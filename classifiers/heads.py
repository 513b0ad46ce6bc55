"""Fit the n-gram heads of the local model on the corpus, on all of it or without some files. Needs scikit-learn."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression

from classifiers.corpus import Message
from classifiers.features import BUCKETS, featurise, weigh
from classifiers.lessons import NO_PROBLEM, Lesson, persona_lessons, side_lessons, theme_lessons
from classifiers.linear import Floats, Heads, Layout

Progress = Callable[[str], None]
"""Receives a sentence whenever a step is done."""

STEPS = 40
"""Steps after which the solver stops, on purpose before it has converged: that keeps training to minutes."""

STRENGTH = {"side": 10.0, "theme": 5.0, "persona": 5.0}
"""Inverse regularisation of each head; for the side 10 and 30 held out alike on three files, and 3 worse."""


class Trainer:
    """Fit heads on part of the corpus, with the features of every text computed once."""

    def __init__(self, messages: Sequence[Message], layout: Layout) -> None:
        """Compute the features of every lesson."""
        self._layout = layout
        self._rarity = rarity([message.text for message in messages])
        classes = {
            "side": (layout.sides, side_lessons),
            "theme": ((*layout.themes, NO_PROBLEM), theme_lessons),
            "persona": (layout.personas, persona_lessons),
        }
        self._heads = {
            name: (names, _prepared(make(messages), names, self._rarity)) for name, (names, make) in classes.items()
        }

    def fit(self, *, without: Collection[str] = ()) -> Heads:
        """Fit every head, on all files or without some."""
        fitted = [
            _fit(prepared, len(names), STRENGTH[head], without) for head, (names, prepared) in self._heads.items()
        ]
        weights = np.concatenate([weights for weights, _ in fitted], axis=1)
        bias = np.concatenate([bias for _, bias in fitted])
        return Heads(self._rarity, weights, bias)


@dataclass(frozen=True, slots=True)
class _Prepared:
    features: csr_matrix
    labels: NDArray[np.int64]
    weights: NDArray[np.float64]
    files: NDArray[np.str_]


def rarity(texts: Sequence[str]) -> Floats:
    """Return how rare each column is among the texts: 1 for one that all have, more for rarer ones."""
    having = np.zeros(BUCKETS)
    for text in texts:
        having[featurise(text).columns] += 1
    return (np.log((1 + len(texts)) / (1 + having)) + 1).astype(np.float32)


def _prepared(lessons: Iterable[Lesson], names: Sequence[str], rare: Floats) -> _Prepared:
    learnt = list(lessons)
    features = [featurise(lesson.text) for lesson in learnt]
    starts = np.cumsum([0, *(len(each.columns) for each in features)])
    values = np.concatenate([weigh(each, rare) for each in features])
    columns = np.concatenate([each.columns for each in features])
    places = {name: place for place, name in enumerate(names)}
    return _Prepared(
        csr_matrix((values, columns, starts), shape=(len(learnt), BUCKETS)),
        np.array([places[lesson.label] for lesson in learnt]),
        np.array([lesson.weight for lesson in learnt]),
        np.array([lesson.file for lesson in learnt]),
    )


def _fit(prepared: _Prepared, width: int, strength: float, without: Collection[str]) -> tuple[Floats, Floats]:
    kept = ~np.isin(prepared.files, list(without))
    solver = LogisticRegression(C=strength, max_iter=STEPS, tol=1e-3)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # stopping early is meant, see STEPS
        solver.fit(prepared.features[kept], prepared.labels[kept], sample_weight=prepared.weights[kept])
    weights, bias = np.zeros((BUCKETS, width)), np.full(width, -20.0)
    weights[:, solver.classes_], bias[solver.classes_] = solver.coef_.T, solver.intercept_
    return weights.astype(np.float32), bias.astype(np.float32)
