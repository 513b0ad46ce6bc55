import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.evidence import Span, character_iou, evidence_at, find_quote, trim


def test_quote_is_located_where_it_stands() -> None:
    evidence = find_quote("It is slow. Very slow.", "slow")
    assert (evidence.start, evidence.end, evidence.quote) == (6, 10, "slow")


def test_of_several_places_the_first_is_taken() -> None:
    assert find_quote("so slow, slow, slow", "slow").start == 3


@pytest.mark.parametrize("quote", ["", "  ", "Slow", "it  is"])
def test_words_that_are_not_there_exactly_are_no_evidence(quote: str) -> None:
    assert find_quote("it is slow", quote) is None


@given(st.text(max_size=60), st.data())
def test_every_passage_of_a_text_is_found_again(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    evidence = find_quote(text, text[start:end])
    if text[start:end].strip():
        assert evidence.start <= start
        assert text[evidence.start : evidence.end] == evidence.quote == text[start:end]
    else:
        assert evidence is None


@pytest.mark.parametrize(
    ("one", "other", "share"),
    [
        (Span(0, 10), Span(0, 10), 1.0),
        (Span(0, 10), Span(5, 15), 5 / 15),
        (Span(0, 10), Span(10, 20), 0.0),
        (Span(0, 10), Span(2, 4), 0.2),
        (Span(3, 3), Span(3, 3), 0.0),
    ],
)
def test_overlap_is_the_share_of_characters_in_both(one: Span, other: Span, share: float) -> None:
    assert character_iou(one, other) == pytest.approx(share)
    assert character_iou(other, one) == pytest.approx(share)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("  - it is slow,", "it is slow"),
        ("*_bold words_*", "bold words"),
        ("> quoted; ", "quoted"),
        ("a.b", "a.b"),
        ("&lt;audit&gt; ", "&lt;audit&gt;"),
        ("*Export* is slow", "*Export* is slow"),
        ("it is *slow*", "it is *slow*"),
        ("* one * two", "one * two"),
        ("```it is slow```", "it is slow"),
        ("*.csv files are lost", "*.csv files are lost"),
        ("- .NET crashes", ".NET crashes"),
        ("/remind is late", "/remind is late"),
        ("it is slow :sob: :slightly_frowning_face:", "it is slow"),
        ("the ratio is 3:2:", "the ratio is 3:2"),
        (":sob: the export is down", "the export is down"),
        (":sob: :cry: :sob:", "sob"),
        (":sob:", "sob"),
    ],
)
def test_trimming_leaves_the_words(text: str, words: str) -> None:
    start, end = trim(text, Span(0, len(text)))
    assert text[start:end] == words


def test_blank_span_is_no_evidence() -> None:
    with pytest.raises(ValueError, match="evidence"):
        evidence_at("  * ", Span(0, 4))
