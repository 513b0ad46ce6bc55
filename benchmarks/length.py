"""Whether the time to read a text grows with its length and not with its square, also for texts made to be awkward.

Splitting into passages, and the local classifier as a whole, each read a text and one eight times as long, in the same
run. Prints the worst ratio of the two over all texts: 8 is linear, 64 would be the square.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

sys.path.insert(0, str(Path(__file__).parents[1]))  # run as a script: the project lies one folder up

from classifiers.local import LocalClassifier
from classifiers.protocol import Context
from classifiers.segments import split_segments
from classifiers.taxonomy import load_taxonomy

LONGER = 8
SHORT = 20_000
PIECES = ("a. ", "\n", "....", "x", " ", "-", ">", "*_", "<", "Hi,\n", "ab;  ", "The page is slow. ")


def best_of_three(read: Callable[[str], object], text: str) -> float:
    """Return the least seconds of three tries: the one that the rest of the machine disturbed least."""
    seconds = []
    for _ in range(3):
        started = perf_counter()
        read(text)
        seconds.append(perf_counter() - started)
    return min(seconds)


def worst_ratio(read: Callable[[str], object]) -> float:
    """Return the largest ratio of the long text's time to the short one's."""
    texts = [piece * (SHORT // len(piece)) for piece in PIECES]
    return max(best_of_three(read, text * LONGER) / best_of_three(read, text) for text in texts)


def main() -> None:
    """Measure both and print their ratios."""
    local, context = LocalClassifier.load(), Context(load_taxonomy())
    print(f"splitting into passages, {LONGER} times the length: {worst_ratio(split_segments):.1f} times the time")
    whole = worst_ratio(lambda text: local.classify([text], context))
    print(f"classifying locally, {LONGER} times the length: {whole:.1f} times the time")


if __name__ == "__main__":
    main()
