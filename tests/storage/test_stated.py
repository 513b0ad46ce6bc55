"""What people say of a message when they save it: kept beside it, and judged by once the message is read."""

from typing import Any

import pytest

from bot.parts import Store
from classifiers.vocabulary import UNKNOWN_PERSONA, Insight, Persona, Side, Theme
from storage.database import Database
from storage.ids import FeedbackId
from storage.records import Feedback
from storage.rows import FeedbackRow, ProposalRow
from storage.stated import Stated
from storage.vocabulary import Standing, Verdict
from tests.factories import (
    LEASE,
    NOW,
    OWNER,
    PERSON,
    TEAM,
    USER_LABELS,
    found_nothing,
    make_classification,
    make_feedback,
    make_insight,
    make_labels,
)

CUSTOMER = make_insight()
USER = make_insight("far too many clicks", labels=USER_LABELS)


def stated(**changes: Any) -> Stated:
    return Stated(**({"by": OWNER, "decides": True} | changes))


def taken_in(store: Store) -> FeedbackId:
    return store.intake.take_in(make_feedback(), NOW).feedback_id


def read(store: Store, feedback_id: FeedbackId, *insights: Insight) -> Feedback:
    (claim,) = store.queue.claim(TEAM, limit=1, lease=LEASE, at=NOW)
    found = make_classification(*insights) if insights else found_nothing()
    assert store.queue.save(claim, found, taxonomy_version="1", at=NOW)
    return store.history.feedback(TEAM, feedback_id)


def verdicts(store: Store, feedback_id: FeedbackId) -> list[Verdict]:
    return [review.verdict for review in store.reviews.of_feedback(TEAM, feedback_id)]


def test_what_is_stated_of_a_copy_makes_no_second_problem_of_it(store: Store) -> None:
    original = make_feedback().origin
    read(store, store.intake.take_in(make_feedback(counts_as=original), NOW).feedback_id, CUSTOMER)
    copy = store.intake.take_in(make_feedback(counts_as=original), NOW).feedback_id
    store.stating.add(TEAM, copy, stated(theme=Theme("speed")), NOW)
    assert store.history.feedback(TEAM, copy).insights == ()


@pytest.mark.parametrize("is_read_first", [False, True])
def test_a_stated_persona_and_theme_correct_the_only_problem_found(store: Store, is_read_first: bool) -> None:
    feedback_id, said = taken_in(store), stated(side=Side.USER, theme=Theme("speed"), persona=Persona("champion"))
    steps = [lambda: store.stating.add(TEAM, feedback_id, said, NOW), lambda: read(store, feedback_id, CUSTOMER)]
    for step in reversed(steps) if is_read_first else steps:
        step()

    (insight,) = store.history.feedback(TEAM, feedback_id).insights
    assert insight.current == make_labels("speed", Side.USER, "champion")
    assert verdicts(store, feedback_id) == [Verdict.CORRECTED]
    assert store.reviews.mismatches(TEAM) == []


def test_saying_what_was_found_anyway_confirms_it(store: Store) -> None:
    feedback_id = taken_in(store)
    store.stating.add(TEAM, feedback_id, stated(side=Side.CUSTOMER), NOW)

    (insight,) = read(store, feedback_id, make_insight(unsure=True)).insights

    assert (insight.standing, verdicts(store, feedback_id)) == (Standing.SURE, [Verdict.CONFIRMED])


def test_of_several_problems_the_one_of_the_stated_side_is_meant(store: Store) -> None:
    feedback_id = taken_in(store)
    store.stating.add(TEAM, feedback_id, stated(side=Side.USER, persona=Persona("champion")), NOW)

    customer, user = read(store, feedback_id, CUSTOMER, USER).insights

    assert customer.current.persona == UNKNOWN_PERSONA
    assert user.current.persona == "champion"


@pytest.mark.parametrize(
    ("said", "found"),
    [
        (stated(persona=Persona("champion")), (CUSTOMER, USER)),  # which of the two is meant?
        (stated(side=Side.USER), (CUSTOMER,)),  # of the other side, and what it is about was not said
        (stated(side=Side.USER), ()),
        (stated(theme=Theme("speed"), side=Side.USER, decides=False), ()),
        (stated(note="Asked twice."), (CUSTOMER,)),
    ],
)
def test_what_cannot_be_told_to_be_meant_decides_nothing(
    store: Store, said: Stated, found: tuple[Insight, ...]
) -> None:
    feedback_id = taken_in(store)
    assert store.stating.add(TEAM, feedback_id, said, NOW)

    read(store, feedback_id, *found)

    assert verdicts(store, feedback_id) == []


def test_a_message_in_which_nothing_was_found_is_the_problem_that_was_stated(store: Store) -> None:
    feedback_id = taken_in(store)
    store.stating.add(TEAM, feedback_id, stated(side=Side.CUSTOMER, theme=Theme("compliance")), NOW)

    feedback = read(store, feedback_id)

    (insight,) = feedback.insights
    assert insight.said is not None
    assert (insight.said.evidence.quote, insight.current) == (feedback.text, make_labels("compliance"))
    assert verdicts(store, feedback_id) == [Verdict.ADDED]


def test_what_somebody_states_who_may_not_decide_is_a_proposal(store: Store, database: Database) -> None:
    feedback_id = taken_in(store)
    store.stating.add(TEAM, feedback_id, stated(by=PERSON, decides=False, persona=Persona("champion")), NOW)

    (insight,) = read(store, feedback_id, CUSTOMER).insights

    assert (insight.current.persona, insight.reviews) == (UNKNOWN_PERSONA, 0)
    with database.reading() as session:
        proposal = session.query(ProposalRow).one()
        assert (proposal.proposer, proposal.persona) == (PERSON, "champion")


@pytest.mark.parametrize("is_read_first", [True, False])
def test_who_may_decide_goes_before_who_may_not(store: Store, *, is_read_first: bool) -> None:
    feedback_id = taken_in(store)
    if is_read_first:
        read(store, feedback_id, CUSTOMER)
    store.stating.add(TEAM, feedback_id, stated(by=PERSON, decides=False, persona=Persona("champion")), NOW)
    store.stating.add(TEAM, feedback_id, stated(persona=Persona("administrator")), NOW)
    if not is_read_first:
        read(store, feedback_id, CUSTOMER)

    assert verdicts(store, feedback_id) == [Verdict.CORRECTED]
    (insight,) = store.history.feedback(TEAM, feedback_id).insights
    assert insight.current.persona == "administrator"


def test_what_people_have_judged_is_left_alone(store: Store) -> None:
    feedback_id = taken_in(store)
    store.stating.add(TEAM, feedback_id, stated(persona=Persona("champion")), NOW)
    read(store, feedback_id, CUSTOMER)

    store.stating.add(TEAM, feedback_id, stated(persona=Persona("administrator")), NOW)

    assert verdicts(store, feedback_id) == [Verdict.CORRECTED]


def test_a_second_person_adds_a_note_and_fills_only_what_is_empty(store: Store, database: Database) -> None:
    feedback_id = taken_in(store)
    store.stating.add(TEAM, feedback_id, stated(note="Asked twice.", account="Halden"), NOW)
    for _ in range(2):
        store.stating.add(TEAM, feedback_id, stated(note="Renewal\nin May.", account="Other", person="Mary"), NOW)

    with database.reading() as session:
        row = session.get_one(FeedbackRow, feedback_id)
        assert (row.note, row.account, row.account_folded, row.person) == (
            "Asked twice.\nRenewal\nin May.",
            "Halden",
            "halden",
            "Mary",
        )


def test_beside_words_that_are_gone_nothing_is_kept(store: Store, database: Database) -> None:
    feedback_id = taken_in(store)
    with database.writing() as session:
        session.get_one(FeedbackRow, feedback_id).text = ""

    assert not store.stating.add(TEAM, feedback_id, stated(note="Asked twice."), NOW)
    assert not store.stating.add(TEAM, FeedbackId(999), stated(note="Asked twice."), NOW)
