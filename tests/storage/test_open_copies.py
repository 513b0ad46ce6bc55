"""Of copies the one that everybody may see counts, whichever came first; what people did with the other is kept."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from bot.parts import Store
from classifiers.vocabulary import Insight, Side, Theme
from storage.database import Database
from storage.ids import ChannelId, FeedbackId
from storage.imports import Imports
from storage.records import Feedback, NewFeedback, Place
from storage.stated import Stated
from storage.vocabulary import ChannelKind, Source, Standing, Verdict
from tests.factories import (
    CHANNEL,
    EARLIER,
    LEASE,
    NOW,
    OWNER,
    PRIVATE,
    TEAM,
    TEXT,
    USER_LABELS,
    make_classification,
    make_decision,
    make_feedback,
    make_insight,
    make_labels,
    make_remarks,
    make_ts,
)
from tests.storage.amended import quoted
from tests.storage.asked import ask, heard_ids

TS = make_ts(500)
ORIGINAL = make_feedback(ts=TS)
OPEN = ChannelId("C0OPEN")
CUSTOMER = make_insight()
USER = make_insight("far too many clicks", labels=USER_LABELS)
CORRECTED = make_labels("cost")


def forward(channel_id: ChannelId = PRIVATE, kind: ChannelKind = ChannelKind.PRIVATE, **changes: Any) -> NewFeedback:
    return make_feedback(
        source=Source.FORWARD, channel_id=channel_id, channel_kind=kind, counts_as=ORIGINAL.origin, **changes
    )


def take_in(store: Store, feedback: NewFeedback) -> FeedbackId:
    return store.intake.take_in(feedback, NOW).feedback_id


def read(store: Store, *insights: Insight) -> Feedback:
    """Have the one waiting feedback read."""
    [claimed] = store.queue.claim(TEAM, limit=9, lease=LEASE, at=NOW)
    assert store.queue.save(claimed, make_classification(*insights), taxonomy_version="1", at=NOW)
    return store.history.feedback(TEAM, claimed.feedback_id)


def counted(store: Store, *audiences: ChannelId | None) -> list[int]:
    return [store.history.count(ask(audience=audience, standings=frozenset(Standing))) for audience in audiences]


@pytest.mark.parametrize("is_read_first", [True, False])
@pytest.mark.parametrize("kind", [ChannelKind.PRIVATE, ChannelKind.DIRECT])
def test_public_message_counts_though_a_closed_forward_of_it_came_first(
    store: Store, kind: ChannelKind, *, is_read_first: bool
) -> None:
    take_in(store, forward(kind=kind))
    claimed = [] if is_read_first else store.queue.claim(TEAM, limit=1, lease=LEASE, at=NOW)
    if is_read_first:
        read(store)

    original = take_in(store, ORIGINAL)

    for late in claimed:
        assert not store.queue.save(late, make_classification(), taxonomy_version="1", at=NOW)
    assert read(store).feedback_id == original
    assert counted(store, None, CHANNEL, PRIVATE) == [1, 1, 1]
    assert store.history.backlog(ask()).messages == store.history.backlog(ask(audience=PRIVATE)).messages == 1


def test_verdicts_on_a_closed_forward_hold_for_the_public_message_without_what_was_told_beside_it(
    store: Store,
) -> None:
    held = take_in(store, forward(account="Initech"))
    read(store, CUSTOMER, USER)
    first, second = (insight.insight_id for insight in store.history.feedback(TEAM, held).insights)
    store.reviews.decide(make_decision(first, Verdict.CORRECTED, labels=CORRECTED))
    added = store.reviews.add(TEAM, held, USER_LABELS, make_insight("The export").evidence, OWNER, NOW)

    original = take_in(store, ORIGINAL)
    store.reviews.decide(make_decision(second, Verdict.REJECTED))  # pressed where the old card still stood

    assert len(read(store, CUSTOMER, USER).insights) == 3
    assert set(heard_ids(store)) == set(heard_ids(store, audience=PRIVATE)) == {first, added.insight_id}
    [kept] = [heard for heard in store.history.heard(ask()) if heard.insight_id == first]
    assert (kept.labels, kept.account, kept.channel_id) == (CORRECTED, None, CHANNEL)
    assert store.history.accounts_like(TEAM, "init") == []
    assert [one.verdict for one in store.reviews.of_feedback(TEAM, original)] == ["corrected", "added", "rejected"]
    assert store.reviews.mismatches(TEAM) == []


def test_what_people_judged_of_words_that_only_a_closed_forward_has_stays_in_its_channel(store: Store) -> None:
    before = f"Mind you, Hooli asked too. {TEXT}"
    told = make_remarks(rationale="Hooli asked", account="Hooli")
    take_in(store, forward(text=before))
    feedback = read(store, make_insight("Hooli asked too", before), make_insight(text=before, remarks=told))
    for insight in feedback.insights:
        store.reviews.decide(make_decision(insight.insight_id))
    private, shared = (insight.insight_id for insight in feedback.insights)

    original = take_in(store, ORIGINAL)
    read(store, CUSTOMER, USER)

    assert shared in heard_ids(store)
    assert private not in heard_ids(store)
    assert set(heard_ids(store, audience=PRIVATE)) == {private, *heard_ids(store)}
    assert counted(store, None, PRIVATE) == [2, 3]
    assert store.history.accounts_like(TEAM, "hooli") == []
    assert quoted(store.history.feedback(TEAM, original), shared) == "who changed the figures"
    store.amending.delete(Place(TEAM, CHANNEL, TS, EARLIER, ChannelKind.PUBLIC), NOW, remember=True)
    read(store, make_insight(text=before))
    assert (counted(store, None), private in heard_ids(store, audience=PRIVATE)) == ([0], True)


def test_labels_stated_of_either_are_made_a_verdict_of_the_one_that_counts(store: Store) -> None:
    stated = Stated(by=OWNER, decides=True, side=Side.CUSTOMER, theme=Theme("cost"))
    store.stating.add(TEAM, take_in(store, forward()), stated, NOW)

    take_in(store, ORIGINAL)

    [insight] = read(store).insights
    assert (insight.current.theme, heard_ids(store)) == ("cost", [insight.insight_id])


def test_message_in_a_channel_that_is_closed_later_leaves_counting_to_its_open_forward(store: Store) -> None:
    for channel_id in (CHANNEL, OPEN):
        store.workspaces.meet_channel(TEAM, channel_id, None, ChannelKind.PUBLIC)
    for feedback in (ORIGINAL, forward(), forward(OPEN, ChannelKind.PUBLIC), forward(OPEN, ChannelKind.PUBLIC)):
        take_in(store, feedback)
    read(store)

    store.workspaces.meet_channel(TEAM, CHANNEL, None, ChannelKind.PRIVATE)

    assert read(store).channel_id == OPEN
    assert counted(store, None, CHANNEL, PRIVATE) == [1, 1, 1]
    store.workspaces.meet_channel(TEAM, OPEN, None, ChannelKind.PRIVATE)
    store.workspaces.correct_kind(TEAM, CHANNEL, ChannelKind.PUBLIC)
    assert read(store).channel_id == CHANNEL
    assert counted(store, None, CHANNEL, OPEN) == [1, 1, 1]


def test_open_copy_goes_before_an_earlier_closed_one_once_what_counted_is_deleted(store: Store) -> None:
    for feedback in (ORIGINAL, forward(said_at=EARLIER), forward(OPEN, ChannelKind.PUBLIC, said_at=NOW)):
        take_in(store, feedback)

    store.amending.delete(Place(TEAM, CHANNEL, TS, EARLIER, ChannelKind.PUBLIC), NOW, remember=True)

    assert read(store).channel_id == OPEN


def test_forward_counts_once_the_words_of_its_original_are_edited_away_and_until_they_are_back(store: Store) -> None:
    take_in(store, ORIGINAL)
    read(store)
    store.reviews.decide(make_decision(heard_ids(store)[0]))
    take_in(store, forward())
    place = Place(TEAM, CHANNEL, TS, EARLIER, ChannelKind.PUBLIC)

    store.amending.empty(place, make_ts(600), NOW, remember=True)

    [insight] = read(store).insights
    assert (counted(store, None, PRIVATE), insight.reviews) == ([0, 1], 1)
    store.amending.edit(replace(ORIGINAL, edited_ts=make_ts(700)), NOW)
    read(store)
    assert (counted(store, None, PRIVATE), heard_ids(store)) == ([1, 1], [insight.insight_id])


def test_public_message_that_is_imported_counts_though_a_closed_forward_of_it_came_first(
    store: Store, database: Database
) -> None:
    take_in(store, forward())
    imports = Imports(database)

    standing, _ = imports.take_in(imports.begin(TEAM, "file", NOW), [ORIGINAL, ORIGINAL], NOW, rejected=0)

    read(store)
    assert (standing.new, standing.known, counted(store, None, PRIVATE)) == (1, 1, [1, 1])


@pytest.mark.parametrize("is_known", [True, False])
def test_forward_counts_that_comes_after_its_original_lost_its_words(store: Store, *, is_known: bool) -> None:
    if is_known:
        take_in(store, ORIGINAL)
    store.amending.empty(Place(TEAM, CHANNEL, TS, EARLIER, ChannelKind.PUBLIC), make_ts(600), NOW, remember=True)

    take_in(store, forward(OPEN, ChannelKind.PUBLIC))
    read(store)

    assert counted(store, None) == [1]


def test_copies_that_come_at_the_same_moment_count_once(store: Store) -> None:
    take_in(store, forward())
    read(store)
    arriving = [ORIGINAL, *(forward(OPEN, ChannelKind.PUBLIC) for _ in range(3)), forward()]

    with ThreadPoolExecutor(max_workers=5) as deliveries:
        list(deliveries.map(lambda feedback: take_in(store, feedback), arriving))

    read(store)
    assert counted(store, None, CHANNEL, PRIVATE) == [1, 1, 1]
