"""The personas of a team: as they were added, few, and gone without taking a label along."""

from __future__ import annotations

import pytest

from bot.parts import Store
from classifiers.vocabulary import Persona
from storage.ids import TeamId
from storage.records import Feedback
from storage.vocabulary import Verdict
from tests.factories import (
    LEASE,
    NOW,
    OTHER_TEAM,
    OWNER,
    TEAM,
    make_classification,
    make_decision,
    make_feedback,
    make_insight,
    make_labels,
    make_persona,
)

MARY = make_persona(aliases=("mary", "our cfo"), examples=("What does it cost?",), motivations="margin")


def test_persona_of_a_team_comes_back_as_it_was_added_and_is_not_overwritten(store: Store) -> None:
    assert store.personas.add(TEAM, MARY, OWNER, NOW)
    assert not store.personas.add(TEAM, make_persona(name="new"), OWNER, NOW)

    assert store.personas.of(TEAM) == [MARY]
    assert store.personas.of(OTHER_TEAM) == []


def test_a_team_has_no_more_personas_than_a_list_can_show(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.personas.MOST", 2)

    added = [store.personas.add(TEAM, make_persona(key), OWNER, NOW) for key in ("ann", "bob", "cem")]

    assert added == [True, True, False]
    assert store.personas.add(OTHER_TEAM, make_persona(), OWNER, NOW)
    assert [each.key for each in store.personas.of(TEAM)] == ["ann", "bob"]


def read_with_mary(store: Store, team: TeamId) -> Feedback:
    """Add Mary, and find two problems of hers and another in one message."""
    store.personas.add(team, MARY, OWNER, NOW)
    taken = store.intake.take_in(make_feedback(team_id=team), NOW)
    [claim] = store.queue.claim(team, limit=1, lease=LEASE, at=NOW)
    hers = make_labels(persona="mary")
    found = make_insight("wants", labels=hers), make_insight(labels=hers), make_insight("too many clicks")
    store.queue.save(claim, make_classification(*found), taxonomy_version="1", at=NOW)
    return store.history.feedback(team, taken.feedback_id)


def test_a_persona_that_is_removed_leaves_its_label_on_what_was_found(store: Store) -> None:
    (kept, _) = (read_with_mary(store, team) for team in (TEAM, OTHER_TEAM))
    store.reviews.decide(make_decision(kept.insights[1].insight_id, Verdict.REJECTED))

    assert store.personas.remove(TEAM, Persona("mary")) == 1

    assert store.personas.remove(TEAM, Persona("mary")) is None
    assert store.history.feedback(TEAM, kept.feedback_id).insights[0].current.persona == "mary"
    assert store.personas.of(OTHER_TEAM) == [MARY]
