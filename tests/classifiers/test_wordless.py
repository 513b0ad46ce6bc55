import pytest

from classifiers.corpus import read_corpus
from classifiers.vocabulary import FeedbackSide
from classifiers.wordless import says_nothing, without_code

FENCE = "```"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "https://example.com/slow",
        "<https://example.com/a|a page> <https://example.com/b>",
        "<mailto:a@example.com|a@example.com>",
        "<@U123> <!channel> <#C123|slow>",
        ":tada: :+1:",
        "e\u0301",
        "a, b, c",
        "+1",
        "same here",
        "+1, me too!",
        "This ↑↑↑",
        "for (;;) { x += 1 }",
        f"{FENCE}\ndef f(x):\n    return x + 1\n\nprint(f(2))\n{FENCE}",
        "`SELECT * FROM users WHERE id = 1;`",
    ],
)
def test_links_mentions_emoji_code_letters_alone_and_agreement_say_nothing(text: str) -> None:
    assert says_nothing(text)


@pytest.mark.parametrize(
    "text",
    [
        "slow :((((",
        "this is slow",
        "same here, the export drops rows",
        "slow",
        "慢",
        "no :( [again] (!)",
        "<https://example.com/a|a page> is slow",
        f"{FENCE}Hi, we cannot renew (see the mail below) because the price went up again.{FENCE}",
        "The API returns {} instead of {id: 5}",
        "| Reports | too slow (20 s) | $40 wasted |",
        "Our invoice doubled $$$ :( =/",
        "Search takes forever :( [20 s] =(",
        "| page | seconds |\n|---|---|\n| search is slow | 20 |",
    ],
)
def test_words_beside_them_say_something(text: str) -> None:
    assert not says_nothing(text)


def test_every_problem_of_the_corpus_says_something() -> None:
    problems = [message.text for message in read_corpus() if message.side is not FeedbackSide.NEITHER]
    assert [text for text in problems if says_nothing(text)] == []


def test_a_fence_of_blanks_is_read_in_a_time_that_grows_with_its_length() -> None:
    # Where every blank was tried with every other one, a million of them took hours.
    blanks = " " * 1_000_000
    assert without_code(f"hi\n```\ntotal:{blanks}12 seats\n```") == f"hi\n```\ntotal:{blanks}12 seats\n```"
    assert without_code(f"{'Error.' * 200_000}\nfoo") == f"{'Error.' * 200_000}\nfoo"
