"""A comment on a forward is feedback of its own only where a problem is found in it."""

from dataclasses import replace

from bot.parts import Store
from storage.errors import NotFoundError
from storage.ids import FeedbackId, comment_origin
from storage.vocabulary import FeedbackState
from tests.factories import LEASE, NOW, TEAM, found_nothing, make_classification, make_feedback


def test_a_comment_without_a_problem_goes_and_its_forward_stays(store: Store) -> None:
    forward = make_feedback("The export is slow", context="From our call with Globex")
    comment = replace(forward, origin=comment_origin(forward.origin), text="From our call with Globex")
    taken = store.intake.take_in(forward, NOW, comment=comment)

    claims = store.queue.claim(TEAM, limit=5, lease=LEASE, at=NOW)
    for claim in claims:
        assert store.queue.save(claim, found_nothing(), taxonomy_version="1", at=NOW)

    kept = [claim.feedback_id for claim in claims if _state(store, claim.feedback_id) is FeedbackState.CLASSIFIED]
    assert (len(claims), kept) == (2, [taken.feedback_id])
    assert not store.intake.take_in(forward, NOW, comment=comment).new
    assert store.queue.counts(TEAM)["waiting"] == 0


def test_a_comment_with_a_problem_stays(store: Store) -> None:
    forward = make_feedback("The export is slow")
    comment = replace(forward, origin=comment_origin(forward.origin), text="Our auditor wants to see who changed")
    store.intake.take_in(forward, NOW, comment=comment)

    for claim in store.queue.claim(TEAM, limit=5, lease=LEASE, at=NOW):
        assert store.queue.save(claim, make_classification(), taxonomy_version="1", at=NOW)
        assert _state(store, claim.feedback_id) is FeedbackState.CLASSIFIED


def _state(store: Store, feedback_id: FeedbackId) -> FeedbackState | None:
    try:
        return store.history.feedback(TEAM, feedback_id).state
    except NotFoundError:
        return None
