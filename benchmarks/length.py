"""Whether the time to read a text grows with its length and not with its square, also for texts made to be awkward.

Splitting into passages, masking, and the local classifier as a whole, each read a text and one eight times as long, in
the same run. Prints the worst ratio of the two over all texts: 8 is linear, 64 would be the square.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from time import process_time

sys.path.insert(0, str(Path(__file__).parents[1]))  # run as a script: the project lies one folder up

from classifiers.local import LocalClassifier
from classifiers.masking import mask
from classifiers.protocol import Context
from classifiers.segments import split_segments
from classifiers.taxonomy import load_taxonomy

LONGER = 8
SHORT = 20_000
PIECES = (
    *("a. ", "\n", "....", "x", " ", "-", ">", "*_", "<", "Hi,\n", "ab;  ", "The page is slow. "),
    *("From: a\n", "On a b c d wrote:\n", "Best\n", "1. a ", '"', "This e-mail is\n", "a  12:00\n"),
)
SECRET_LIKE = (
    "1 ",
    "a.",
    "1-",
    "DE12 ",
    "+",
    "(1",
    "a@",
    "http://",
    "-----BEGIN PRIVATE KEY-----",
    "token=",
    "token:",
    "password: a ",
    "eyJ",
)
"""What a secret begins with, so that each place of the text is one to look at."""


def best_of_three(read: Callable[[str], object], text: str) -> float:
    """Return the least seconds of the processor that three tries took, which tells little of what else runs here."""
    seconds = []
    for _ in range(3):
        started = process_time()
        read(text)
        seconds.append(process_time() - started)
    return min(seconds)


def ratio(read: Callable[[str], object], short: str, long: str) -> float:
    """Return how many times the short text's time the long one takes."""
    return best_of_three(read, long) / best_of_three(read, short)


def worst_ratio(read: Callable[[str], object], pieces: tuple[str, ...] = PIECES) -> float:
    """Return the largest ratio of the long text's time to the short one's."""
    texts = [piece * (SHORT // len(piece)) for piece in pieces]
    return max(ratio(read, text, text * LONGER) for text in texts)


def addresses(count: int) -> str:
    """Write so many e-mail addresses, each another: the most placeholders that a text can need."""
    return " ".join(f"{number:07}@example.com" for number in range(count))


def main() -> None:
    """Measure the three and print their ratios."""
    local, context = LocalClassifier.load(), Context(load_taxonomy())
    print(f"splitting into passages, {LONGER} times the length: {worst_ratio(split_segments):.1f} times the time")
    masking = worst_ratio(mask, PIECES + SECRET_LIKE)
    print(f"masking, {LONGER} times the length: {masking:.1f} times the time")
    different = ratio(mask, addresses(SHORT // 20), addresses(SHORT // 20 * LONGER))
    print(f"masking addresses that all differ, {LONGER} times as many: {different:.1f} times the time")
    whole = worst_ratio(lambda text: local.classify([text], context))
    print(f"classifying locally, {LONGER} times the length: {whole:.1f} times the time")


if __name__ == "__main__":
    main()
