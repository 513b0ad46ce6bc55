"""What corrections are worth: the insights of messages with and without the votes of corrected ones.

A file of the corpus stands for a team: some of its messages, drawn at random, have been corrected by a person, who
knows the corpus's labels; the rest is measured. Prints, for each weight, threshold and number of corrected messages,
the F1 of insights and how often side, theme and persona of an insight are right where it stands on a labelled passage.

The shipped model has learnt from every file, so that with it there is little left to correct: thresholds are chosen
with a model that was trained without the files (``classifiers.teaching`` leaves some out), given by its folder.

    python benchmarks/memory.py [FOLDER FILE …]
"""

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parents[1]))  # run as a script: the project lies one folder up

import numpy as np

from classifiers.corpus import Item, Message, read_corpus
from classifiers.evidence import ENOUGH_OVERLAP, Span, character_iou
from classifiers.expectation import expected_of, matches
from classifiers.local import LocalClassifier
from classifiers.memory import Corrected, Embed, Memory, Voting, vote
from classifiers.model_file import MODEL
from classifiers.protocol import Context
from classifiers.statistics import score
from classifiers.taxonomy import load_taxonomy
from classifiers.vocabulary import Classification, Insight

WEIGHTS = (1.0, 2.0, 3.0)
ALIKE_FROM = (0.4, 0.5, 0.6, 0.7)
CORRECTED = (40, 10_000)
"""Messages that a person has corrected; the last is half of the file."""
DRAWS = 2


@dataclass(frozen=True)
class Read:
    """Hold a message with what a model found in it that has not seen its file."""

    message: Message
    found: Classification


@dataclass
class Counts:
    """Add up what was right."""

    right: int = 0
    found: int = 0
    expected: int = 0
    placed: int = 0
    """Insights that stand on a labelled passage, whatever their labels."""
    sides: int = 0
    themes: int = 0
    personas: int = 0
    changed: int = 0

    def line(self) -> str:
        """Write the figures of one setting."""
        shares = (self.sides / self.placed, self.themes / self.placed, self.personas / self.placed)
        f1 = score(self.right, self.found, self.expected).f1
        return (
            f"F1 {f1:.3f}  side {shares[0]:.3f}  theme {shares[1]:.3f}  persona {shares[2]:.3f}  changed {self.changed}"
        )


@dataclass(frozen=True)
class Team:
    """Hold the messages of a file as a team's, and the embedding by a model that has not seen them."""

    reads: Sequence[Read]
    embed: Embed


def read_files(folder: Path, files: Sequence[str]) -> dict[str, Team]:
    """Classify each file with the model of a folder."""
    classifier, context = LocalClassifier.load(folder), Context(load_taxonomy())
    teams = {}
    for file in files:
        kept = [message for message in read_corpus() if message.file == file and message.items is not None]
        found = classifier.classify([message.text for message in kept], context)
        reads = [Read(message, one) for message, one in zip(kept, found, strict=True)]
        teams[file] = Team(reads, embed_once(classifier.embed))
        sys.stderr.write(f"read {file}, {len(kept)} messages\n")
    return teams


def embed_once(embed: Embed) -> Embed:
    """Embed each text once, however many settings ask for it."""
    row = cache(lambda text: embed([text])[0])
    return lambda texts: np.stack([row(text) for text in texts]) if texts else embed([])


def corrected_of(read: Read) -> Iterator[Corrected]:
    """Correct what was found in a message: the labels of the passage that it stands on, or "no problem"."""
    for insight in read.found.insights:
        item = item_under(insight, read.message)
        yield Corrected(insight.evidence.quote, None if item is None else item.labels)


def item_under(insight: Insight, message: Message) -> Item | None:
    """Find the labelled passage that an insight stands on."""
    best, overlap = None, ENOUGH_OVERLAP
    for item in message.items or ():
        start = message.text.find(item.quote)
        shared = character_iou(Span(start, start + len(item.quote)), Span(insight.evidence.start, insight.evidence.end))
        if shared >= overlap:
            best, overlap = item, shared
    return best


def measure(teams: Mapping[str, Team], voting: Voting, corrected: int) -> Counts:
    """Measure one setting over every file and draw."""
    counts = Counts()
    for (file, team), draw in product(teams.items(), range(DRAWS)):
        shuffled = Random(f"{file} {draw}").sample(team.reads, len(team.reads))  # noqa: S311 - a draw, not a secret
        half = len(shuffled) // 2
        taught = shuffled[: min(corrected, half)]
        memory = Memory([each for one in taught for each in corrected_of(one)], team.embed)
        context = Context(load_taxonomy(), recall=memory.recall)
        for one in shuffled[half:]:
            count(one, [vote(insight, context, voting) for insight in one.found.insights], counts)
    return counts


def count(read: Read, voted: Sequence[Insight | None], counts: Counts) -> None:
    """Add one message's insights to the counts."""
    insights = [insight for insight in voted if insight is not None]
    passages = expected_of(read.message).passages or ()
    counts.right += len(matches(passages, insights))
    counts.found += len(insights)
    counts.expected += len(passages)
    counts.changed += sum(one != other for one, other in zip(voted, read.found.insights, strict=True))
    for insight in insights:
        if item := item_under(insight, read.message):
            counts.placed += 1
            counts.sides += insight.labels.side == item.labels.side
            counts.themes += insight.labels.theme == item.labels.theme
            counts.personas += insight.labels.persona == item.labels.persona


def main() -> None:
    """Measure every setting with the model and on the files named, else with the shipped one on two files."""
    folder, *files = sys.argv[1:] or [str(MODEL), "service_continuity", "plain_asks"]
    teams = read_files(Path(folder), files)
    print("no votes:", measure(teams, Voting(weight=0.0), 0).line())
    for corrected, weight, alike in product(CORRECTED, WEIGHTS, ALIKE_FROM):
        counts = measure(teams, Voting(weight=weight, alike_from=alike), corrected)
        print(f"corrected {corrected:>6}  weight {weight}  alike from {alike}:", counts.line(), flush=True)


if __name__ == "__main__":
    main()
