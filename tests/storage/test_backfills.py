from dataclasses import replace
from datetime import datetime, timedelta

from bot.parts import Store
from storage.past import Backfill
from storage.vocabulary import BackfillState
from tests.factories import CHANNEL, LATER, LEASE, NOW, OTHER_TEAM, OWNER, PRIVATE, TEAM, make_ts


def test_one_back_fill_of_a_channel_runs_at_a_time(store: Store) -> None:
    first = ask(store)
    assert store.backfills.ask(TEAM, CHANNEL, oldest=make_ts(2), latest=make_ts(9), by=OWNER, at=NOW) is None
    assert store.backfills.ask(TEAM, PRIVATE, oldest=make_ts(2), latest=make_ts(9), by=OWNER, at=NOW) is not None

    assert store.backfills.cancel(TEAM, first.backfill_id, at=NOW) is not None
    assert store.backfills.cancel(TEAM, first.backfill_id, at=NOW) is None
    assert ask(store).backfill_id != first.backfill_id


def test_a_claim_that_ran_out_is_taken_over_where_it_was_cut_off(store: Store) -> None:
    ask(store)
    held = claim(store)
    assert held is not None
    held = store.backfills.come_down(held, down_to=make_ts(50), seen=40, new=30, lease=LEASE, at=NOW)
    assert held is not None
    assert claim(store) is None
    assert store.backfills.seconds_until_next(TEAM, NOW) == LEASE.total_seconds()

    taken_over = claim(store, LATER)

    assert taken_over is not None
    assert (taken_over.down_to, taken_over.seen, taken_over.new) == (make_ts(50), 40, 30)
    assert store.backfills.come_down(held, down_to=make_ts(40), seen=1, new=1, lease=LEASE, at=LATER) is None
    assert not store.backfills.finish(held, at=LATER)
    assert store.backfills.finish(taken_over, at=LATER)
    assert newest(store).state is BackfillState.DONE
    assert claim(store, LATER + LEASE) is None


def test_whoever_reads_learns_at_the_next_page_that_it_was_cancelled(store: Store) -> None:
    ask(store)
    held = claim(store)
    assert held is not None
    assert store.backfills.cancel(OTHER_TEAM, held.backfill_id, at=NOW) is None
    store.backfills.cancel(TEAM, held.backfill_id, at=NOW)

    assert store.backfills.come_down(held, down_to=make_ts(50), seen=1, new=1, lease=LEASE, at=NOW) is None
    assert not store.backfills.finish(held, at=NOW)
    assert newest(store).state is BackfillState.CANCELLED


def test_what_is_given_back_can_be_claimed_at_once_and_what_is_given_up_says_why(store: Store) -> None:
    ask(store)
    held = claim(store)
    assert held is not None
    store.backfills.hold(held, until=NOW + timedelta(minutes=5))
    store.backfills.note_told(held, make_ts(77))
    assert claim(store, NOW + LEASE) is None
    store.backfills.release(held, at=NOW)

    again = store.backfills.claim(TEAM, lease=LEASE, at=NOW, channel_id=CHANNEL)

    assert again is not None
    assert again.told_ts == make_ts(77)
    assert store.backfills.claim(TEAM, lease=LEASE, at=LATER, channel_id=PRIVATE) is None
    store.backfills.give_up(again, reason="the bot was removed", at=NOW)
    assert (newest(store).state, newest(store).reason) == (BackfillState.FAILED, "the bot was removed")


def test_who_holds_no_claim_or_belongs_to_another_team_changes_nothing(store: Store) -> None:
    asked = ask(store)
    assert not store.backfills.finish(asked, at=NOW)
    store.backfills.give_up(newest(store), reason="nobody claimed it", at=NOW)
    held = claim(store)
    assert held is not None

    assert not store.backfills.finish(replace(held, team_id=OTHER_TEAM), at=NOW)

    assert newest(store).state is BackfillState.RUNNING
    assert store.backfills.finish(held, at=NOW)


def ask(store: Store) -> Backfill:
    asked = store.backfills.ask(TEAM, CHANNEL, oldest=make_ts(1), latest=make_ts(99), by=OWNER, at=NOW)
    assert asked is not None
    return asked


def claim(store: Store, at: datetime = NOW) -> Backfill | None:
    return store.backfills.claim(TEAM, lease=LEASE, at=at)


def newest(store: Store) -> Backfill:
    found = store.backfills.of_channel(TEAM, CHANNEL)
    assert found is not None
    return found
