from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.lines import SegmentKind
from classifiers.segments import LONGEST_SEGMENT, split_segments

PIECES = st.sampled_from(
    [
        "Slow. ",
        "Dr. Who waits; ",
        "- bullet\n",
        "> quoted\n",
        "Hi,\n",
        "Regards,\n",
        "\r\n",
        "\u2028",
        "。",
        "é",
        "\ud800",
        "?!",
    ]
)


@pytest.mark.parametrize(
    ("text", "passages"),
    [
        ("It is slow. I wait.", ["It is slow.", "I wait."]),
        ("Dr. Okafor waits, e.g. for J. Smith.", ["Dr. Okafor waits, e.g. for J. Smith."]),
        ('She said "too slow." Then she left.', ['She said "too slow."', "Then she left."]),
        ("- one\n• two\n3. three", ["one", "two", "three"]),
        ("> quoted words\nmine", ["quoted words", "mine"]),
        ("fine; slow", ["fine;", "slow"]),
        (
            "R&amp;D &amp; sales wait &gt; 20 s; &lt;now&gt; they leave",
            ["R&amp;D &amp; sales wait &gt; 20 s;", "&lt;now&gt; they leave"],
        ),
        ("version 3.14 broke", ["version 3.14 broke"]),
        (
            "<https://x.example/T-1|Search is slow. Rows get lost> waits. So do I.",
            ["<https://x.example/T-1|Search is slow. Rows get lost> waits.", "So do I."],
        ),
        ("遅い。待つ。", ["遅い。", "待つ。"]),
        ("", []),
        (":) 123 …", []),
    ],
)
def test_text_is_split_where_a_reader_pauses(text: str, passages: list[str]) -> None:
    assert [text[s.span.start : s.span.end].strip() for s in split_segments(text)] == passages


def test_greeting_and_signature_cannot_voice_a_problem() -> None:
    text = "Hello Ines,\nthe export is gone.\nBest regards,\nJerzy\nHead of Operations"
    kinds = [segment.kind for segment in split_segments(text)]
    assert kinds[0] is SegmentKind.GREETING
    assert kinds[1] is SegmentKind.SENTENCE
    assert set(kinds[2:]) == {SegmentKind.SIGNATURE}


@pytest.mark.parametrize("line", ["Sent from my iPhone", "Get Outlook for iOS", "Gesendet von meinem Telefon"])
def test_what_a_telephone_adds_cannot_voice_a_problem(line: str) -> None:
    kinds = [segment.kind for segment in split_segments(f"The export is gone.\n\n{line}")]
    assert kinds == [SegmentKind.SENTENCE, SegmentKind.SIGNATURE]


def test_thanks_in_the_middle_of_a_thread_ends_nothing() -> None:
    text = "Thanks\n" * 2 + "the export has been gone for three whole weeks and nobody at all can tell me why it is"
    assert split_segments(text)[-1].speaks


@given(st.lists(PIECES | st.text(max_size=20), max_size=30).map("".join))
def test_every_letter_stands_in_exactly_one_segment(text: str) -> None:
    segments = split_segments(text)
    spans = [segment.span for segment in segments]
    assert all(0 <= span.start < span.end <= len(text) for span in spans)
    assert all(one.end <= other.start for one, other in pairwise(spans))
    covered = {place for start, end in spans for place in range(start, end)}
    assert [text[p] for p in range(len(text)) if text[p].isalpha() and p not in covered] == []


def test_passage_without_a_pause_is_cut_not_lost() -> None:
    spans = [segment.span for segment in split_segments("x" * 5000)]
    assert sum(span.end - span.start for span in spans) == 5000
    assert max(span.end - span.start for span in spans) <= 2 * LONGEST_SEGMENT
