"""The n-grams of a text: the same in every version that reads the same artefact, and beside whatever other text."""

from zlib import crc32

import numpy as np
import pytest

from classifiers.features import featurise, featurise_all
from tests.classifiers.odd_texts import ODD_TEXTS

TEXTS = [*ODD_TEXTS.values(), "a", " a ", "a b", "I can't, 24/7!", "É ß İ ŉ", "<https://example.com|the page> is slow"]


def test_the_columns_are_those_that_the_shipped_weights_were_trained_for() -> None:
    features = featurise("a b")
    assert features.columns.tolist() == [
        *(1583, 21675, 22224, 23763, 39853, 44996, 45327, 48707, 53335, 61433, 61736),
    ]
    assert features.counts.tolist() == [1.0] * 11


def test_pairs_of_words_are_hashed_as_one_text_with_a_blank() -> None:
    expected = {crc32(gram) % (1 << 16) for gram in (b"^ slow", b"slow page", b"page $")}
    assert expected <= set(featurise("slow page").columns.tolist())


def test_a_text_has_the_same_n_grams_beside_others_as_alone() -> None:
    for text, beside in zip(TEXTS, featurise_all(TEXTS), strict=True):
        alone = featurise(text)
        assert np.array_equal(beside.columns, alone.columns)
        assert np.array_equal(beside.counts, alone.counts)


@pytest.mark.parametrize("text", ["", " "])
def test_no_texts_have_no_features_and_a_text_without_words_has_only_its_ends(text: str) -> None:
    assert featurise_all([]) == []
    assert set(featurise(text).columns.tolist()) >= {crc32(b"^ $") % (1 << 16)}
