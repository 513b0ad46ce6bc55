"""What the bot owes is made once, in time, and again only when what it shows changed."""

from datetime import datetime, timedelta

import pytest

from bot.parts import Store
from storage.ids import FeedbackId
from storage.records import Post
from storage.vocabulary import PostKind, PostState
from tests.factories import CHANNEL, LATER, LEASE, NOW, OTHER_TEAM, TEAM, make_feedback, make_post, make_ts

PAST_LEASE = NOW + LEASE
OURS = make_ts(5)


def test_post_is_owed_once_a_key(store: Store) -> None:
    assert store.posts.owe(TEAM, make_post("greeting:1"), NOW)
    assert not store.posts.owe(TEAM, make_post("greeting:1", body="again"), NOW)
    assert store.posts.owe(OTHER_TEAM, make_post("greeting:1"), NOW)


def test_posts_of_another_workspace_are_not_handed_out(store: Store) -> None:
    store.posts.owe(OTHER_TEAM, make_post("greeting:1"), NOW)
    store.posts.owe(TEAM, make_post("greeting:2"), NOW)

    claimed = store.posts.claim(TEAM, limit=5, lease=LEASE, at=NOW)

    assert [post.key for post in claimed] == ["greeting:2"]
    assert store.posts.teams_due(NOW) == [OTHER_TEAM]


def test_claimed_post_carries_all_that_is_needed_to_make_it(store: Store) -> None:
    store.posts.owe(TEAM, make_post("n:1", kind=PostKind.NOTICE, thread_ts=make_ts(1), body="Hello"), NOW)

    [post] = store.posts.claim(TEAM, limit=5, lease=LEASE, at=NOW)

    assert (post.key, post.kind, post.channel_id, post.thread_ts) == ("n:1", PostKind.NOTICE, CHANNEL, make_ts(1))
    assert (post.body, post.attempts, post.state, post.expires_at) == ("Hello", 1, PostState.DUE, LATER)


def test_post_is_held_while_the_lease_lasts_and_handed_out_again_after(store: Store) -> None:
    claim_card(store)

    assert store.posts.claim(TEAM, limit=5, lease=LEASE, at=NOW) == []
    [again] = store.posts.claim(TEAM, limit=5, lease=LEASE, at=PAST_LEASE)
    assert again.attempts == 2


def test_done_post_is_not_handed_out_again(store: Store) -> None:
    post = claim_card(store)

    assert store.posts.done(post, OURS)

    assert store.posts.claim(TEAM, limit=5, lease=LEASE, at=PAST_LEASE) == []
    assert card(store, post).ts == OURS


def test_post_that_came_too_late_is_dropped(store: Store) -> None:
    post = claim_card(store)

    assert store.posts.claim(TEAM, limit=5, lease=LEASE, at=LATER) == []

    assert (card(store, post).state, card(store, post).reason) == (PostState.DROPPED, "it was not made in time")


def test_post_whose_message_stands_already_is_not_dropped_for_being_late(store: Store) -> None:
    store.posts.note_ts(claim_card(store), OURS)

    [late] = store.posts.claim(TEAM, limit=5, lease=LEASE, at=LATER)
    assert late.ts == OURS


def test_post_that_somebody_is_making_is_not_dropped_under_them(store: Store) -> None:
    store.posts.owe(TEAM, make_post(feedback_id=feedback(store)), NOW)
    [post] = store.posts.claim(TEAM, limit=1, lease=timedelta(hours=2), at=NOW)

    store.posts.claim(TEAM, limit=5, lease=LEASE, at=LATER)

    assert store.posts.done(post, OURS)


def test_revision_of_a_made_card_makes_it_due_at_once_and_does_not_expire(store: Store) -> None:
    post = claim_card(store)
    store.posts.done(post, OURS)

    revise(store, post, at=LATER + LEASE)

    [again] = store.posts.claim(TEAM, limit=5, lease=LEASE, at=LATER + LEASE)
    assert (again.ts, again.revision, again.attempts) == (OURS, 2, 1)


def test_card_that_changed_while_it_was_made_is_due_as_soon_as_it_is_done(store: Store) -> None:
    post = claim_card(store)
    revise(store, post, at=NOW + LEASE / 4)
    assert store.posts.claim(TEAM, limit=5, lease=LEASE, at=NOW + LEASE / 2) == []

    assert store.posts.done(post, OURS)

    [again] = store.posts.claim(TEAM, limit=5, lease=LEASE, at=NOW + LEASE / 2)
    assert (again.ts, again.revision) == (OURS, 2)
    assert store.posts.done(again, OURS)
    assert card(store, post).state is PostState.DONE


@pytest.mark.parametrize("state", [PostState.DROPPED, PostState.FAILED])
def test_card_without_a_message_is_not_revived_by_a_revision(store: Store, state: PostState) -> None:
    post = claim_card(store)
    if state is PostState.DROPPED:
        store.posts.drop(post, reason="channel is silent")
    else:
        store.posts.give_up(post, reason="channel is gone")

    revise(store, post, at=NOW)

    assert (card(store, post).state, card(store, post).revision) == (state, 1)


def test_put_off_post_waits_until_then(store: Store) -> None:
    post = claim_card(store)

    assert store.posts.put_off(post, reason="ratelimited", until=NOW + timedelta(seconds=30))

    assert store.posts.seconds_until_next(NOW) == 30
    assert card(store, post).reason == "ratelimited"


def test_released_post_is_free_at_once_and_its_attempt_uncounted(store: Store) -> None:
    assert store.posts.release(claim_card(store), at=NOW)

    [again] = store.posts.claim(TEAM, limit=5, lease=LEASE, at=NOW)
    assert again.attempts == 1


def test_lost_claim_changes_nothing(store: Store) -> None:
    late = claim_card(store)
    store.posts.claim(TEAM, limit=5, lease=LEASE, at=PAST_LEASE)

    assert not store.posts.done(late, OURS)
    assert not store.posts.note_ts(late, OURS)
    assert not store.posts.drop(late, reason="late")
    assert card(store, late).state is PostState.DUE


def test_workspaces_are_due_longest_first(store: Store) -> None:
    assert store.posts.teams_due(NOW) == []
    assert store.posts.seconds_until_next(NOW) is None
    store.posts.owe(TEAM, make_post(), NOW)
    store.posts.owe(OTHER_TEAM, make_post(), NOW - LEASE)

    assert store.posts.teams_due(NOW) == [OTHER_TEAM, TEAM]
    assert store.posts.seconds_until_next(NOW) == 0


def feedback(store: Store) -> FeedbackId:
    return store.intake.take_in(make_feedback(), NOW).feedback_id


def claim_card(store: Store) -> Post:
    store.posts.owe(TEAM, make_post(feedback_id=feedback(store)), NOW)
    [post] = store.posts.claim(TEAM, limit=1, lease=LEASE, at=NOW)
    return post


def card(store: Store, post: Post) -> Post:
    assert post.feedback_id is not None
    found = store.posts.card(TEAM, post.feedback_id)
    assert found is not None
    return found


def revise(store: Store, post: Post, at: datetime) -> None:
    assert post.feedback_id is not None
    store.posts.revise(TEAM, post.feedback_id, at)
