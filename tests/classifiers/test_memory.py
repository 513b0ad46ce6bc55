from dataclasses import replace

import numpy as np
import pytest

from classifiers.linear import Floats
from classifiers.local import LocalClassifier
from classifiers.memory import Corrected, Memory, Voting, WithMemory, vote
from classifiers.protocol import Context, Example, recall_nothing
from classifiers.taxonomy import load_taxonomy
from classifiers.vocabulary import Evidence, Insight, Labels, Remarks
from tests.scripted_classifier import ScriptedClassifier

TAXONOMY = load_taxonomy()
SAID = TAXONOMY.labels("compliance", "economic_buyer")
CORRECTED = TAXONOMY.labels("fewer_steps", "daily_practitioner")
OTHER_PERSONA = TAXONOMY.labels("compliance", "administrator")
INSIGHT = Insight(SAID, Evidence("too many clicks", 0, 15), confidence=0.8, unsure=False)
VOTING = Voting(weight=2.0, alike_from=0.5, persona_from=0.5, neighbours=3)


def voted(*examples: tuple[Labels | None, float]) -> Labels | None:
    """Vote on what a classifier said, with corrected passages of these labels and likenesses."""
    recalled = [Example("clicks", labels, likeness) for labels, likeness in examples]
    found = vote(INSIGHT, Context(TAXONOMY, recall=lambda _, limit: recalled[:limit]), VOTING)
    return found and found.labels


@pytest.mark.parametrize(("labels", "told"), [(OTHER_PERSONA, None), (SAID, True)], ids=["another", "the same"])
def test_a_persona_that_was_voted_for_is_not_said_to_be_stated(labels: Labels, told: bool | None) -> None:
    stated = replace(INSIGHT, remarks=Remarks(persona_stated=True))
    found = vote(stated, Context(TAXONOMY, recall=lambda *_: [Example("clicks", labels, 1.0)]), VOTING)
    assert found is not None
    assert (found.labels, found.remarks.persona_stated) == (labels, told)


@pytest.mark.parametrize(
    ("examples", "outcome"),
    [
        ([], SAID),
        ([(CORRECTED, 1.0)], CORRECTED),
        ([(CORRECTED, 0.5)], SAID),
        ([(CORRECTED, 0.74)], SAID),
        ([(CORRECTED, 0.76)], CORRECTED),
        ([(CORRECTED, 0.7), (CORRECTED, 0.7)], CORRECTED),
        ([(CORRECTED, 0.9), (SAID, 0.9)], SAID),
        ([(None, 1.0)], None),
        ([(None, 0.6)], SAID),
        ([(OTHER_PERSONA, 1.0)], OTHER_PERSONA),
        ([(replace(SAID, theme="not_ours"), 1.0)], SAID),  # type: ignore[arg-type]
    ],
    ids=[
        "nothing like it",
        "the very same was corrected",
        "too little like it",
        "not like it enough alone",
        "like it enough alone",
        "two that agree",
        "one for each: the classifier decides",
        "the very same was no problem",
        "no problem, too little like it",
        "another persona of the same theme",
        "a theme that no longer exists",
    ],
)
def test_the_nearest_corrected_passages_vote(
    examples: list[tuple[Labels | None, float]], outcome: Labels | None
) -> None:
    assert voted(*examples) == outcome


def toy_embed(texts: list[str]) -> Floats:
    """Point the words of each text in directions of their own."""
    known = ["clicks", "audit", "price"]
    rows = np.array([[float(word in text) for word in known] for text in texts], dtype=np.float32).reshape(-1, 3)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return rows / np.where(lengths > 0, lengths, 1)


def test_what_is_recalled_is_the_nearest_first_and_no_more_than_asked_for() -> None:
    memory = Memory(
        [Corrected("audit", SAID), Corrected("clicks audit", None), Corrected("clicks", CORRECTED)], toy_embed
    )

    recalled = memory.recall("clicks", 2)

    assert [(one.quote, one.labels) for one in recalled] == [("clicks", CORRECTED), ("clicks audit", None)]
    assert [one.likeness for one in recalled] == pytest.approx([1.0, 2**-0.5])


@pytest.mark.parametrize("limit", [0, 3])
def test_a_team_that_corrected_nothing_recalls_nothing(limit: int) -> None:
    assert Memory([], toy_embed).recall("clicks", limit) == []


def test_provenance_says_when_corrections_changed_something_and_only_then() -> None:
    memory = Memory([Corrected("audit", CORRECTED), Corrected("price", None)], toy_embed)
    classifier = WithMemory(ScriptedClassifier(), VOTING)

    found = classifier.classify(["audit", "price", "clicks"], Context(TAXONOMY, recall=memory.recall))

    assert [each.provenance.memory for each in found] == [True, True, False]
    assert [[one.labels for one in each.insights] for each in found] == [
        [CORRECTED],
        [],
        [TAXONOMY.labels("compliance")],
    ]


def test_the_same_words_get_the_corrected_labels_from_the_shipped_model() -> None:
    local = LocalClassifier.load()
    text = "The auditors keep asking us who changed each figure."
    context = Context(TAXONOMY)
    (said,) = WithMemory(local).classify([text], context)[0].insights
    assert said.labels.theme != "speed"
    wanted = TAXONOMY.labels("speed", "daily_practitioner")
    memory = Memory([Corrected(said.evidence.quote, wanted)], local.embed)

    taught = WithMemory(local).classify([text], replace(context, recall=memory.recall))[0]

    assert [one.labels for one in taught.insights] == [wanted]
    assert context.recall is recall_nothing
