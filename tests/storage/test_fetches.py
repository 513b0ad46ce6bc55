"""What people ask to save: written down once, fetched by one, settled for good or until somebody asks again."""

from dataclasses import replace
from typing import Any

from bot.parts import Store
from storage.fetches import NewFetch
from storage.ids import Ts
from storage.vocabulary import Source
from tests.factories import CHANNEL, EARLIER, LATER, LEASE, NOW, OTHER_TEAM, OWNER, PERSON, TEAM


def wanted(**changes: Any) -> NewFetch:
    fields: dict[str, Any] = {
        "team_id": TEAM,
        "channel_id": CHANNEL,
        "ts": Ts("1790000001.000100"),
        "thread_ts": None,
        "source": Source.REACTION,
        "asked_by": PERSON,
        "asked_at": EARLIER,
    }
    return NewFetch(**(fields | changes))


def test_one_asking_delivered_twice_is_fetched_once(store: Store) -> None:
    assert store.fetches.ask(wanted(), NOW)
    assert not store.fetches.ask(wanted(), NOW)

    (fetch,) = store.fetches.claim(TEAM, limit=5, lease=LEASE, at=NOW)

    assert (fetch.ts, fetch.source, fetch.asked_by, fetch.attempts) == ("1790000001.000100", "reaction", PERSON, 1)
    assert store.fetches.claim(TEAM, limit=5, lease=LEASE, at=NOW) == []
    assert store.fetches.teams_due(NOW) == []


def test_what_another_workspace_asked_to_save_is_not_handed_out(store: Store) -> None:
    store.fetches.ask(wanted(team_id=OTHER_TEAM), NOW)
    store.fetches.ask(wanted(asked_by=OWNER), NOW)

    claimed = store.fetches.claim(TEAM, limit=5, lease=LEASE, at=NOW)

    assert [(fetch.team_id, fetch.asked_by) for fetch in claimed] == [(TEAM, OWNER)]
    assert store.fetches.teams_due(NOW) == [OTHER_TEAM]


def test_whose_lease_ran_out_settles_nothing_any_more(store: Store) -> None:
    store.fetches.ask(wanted(), NOW)
    (late,) = store.fetches.claim(TEAM, limit=1, lease=LEASE, at=NOW)
    (fetch,) = store.fetches.claim(TEAM, limit=1, lease=LEASE, at=NOW + LEASE)

    assert (store.fetches.holds(late), store.fetches.holds(fetch)) == (False, True)
    assert not store.fetches.give_up(late, reason="too late")
    assert fetch.attempts == 2
    assert store.fetches.done(fetch)
    assert store.fetches.counts(TEAM) == {"due": 0, "done": 1, "given_up": 0}


def test_a_claim_without_a_token_settles_nothing_though_nobody_holds_the_message(store: Store) -> None:
    store.fetches.ask(wanted(), NOW)
    (fetch,) = store.fetches.claim(TEAM, limit=1, lease=LEASE, at=NOW)
    store.fetches.release(fetch, at=NOW)

    assert not store.fetches.done(replace(fetch, token=None))

    assert store.fetches.is_due(TEAM, CHANNEL, fetch.ts)


def test_what_was_given_up_is_due_again_when_somebody_asks_later(store: Store) -> None:
    store.fetches.ask(wanted(), NOW)
    (fetch,) = store.fetches.claim(TEAM, limit=1, lease=LEASE, at=NOW)
    store.fetches.give_up(fetch, reason="Ballast is not in this channel.")

    assert not store.fetches.ask(wanted(), NOW)
    assert store.fetches.ask(wanted(asked_at=LATER), LATER)

    (again,) = store.fetches.claim(TEAM, limit=1, lease=LEASE, at=LATER)
    assert (again.attempts, again.asked_by) == (1, PERSON)


def test_each_person_who_asks_for_a_message_is_answered(store: Store) -> None:
    assert store.fetches.ask(wanted(), NOW)
    assert store.fetches.ask(wanted(asked_by=OWNER), NOW)

    claimed = store.fetches.claim(TEAM, limit=5, lease=LEASE, at=NOW)
    assert {fetch.asked_by for fetch in claimed} == {PERSON, OWNER}
    assert store.fetches.is_due(TEAM, CHANNEL, Ts("1790000001.000100"))


def test_a_pause_holds_for_everything_of_one_workspace(store: Store) -> None:
    for number in range(2):
        store.fetches.ask(wanted(ts=Ts(f"179000000{number}.000100")), NOW)
    store.fetches.ask(wanted(team_id=OTHER_TEAM), NOW)

    store.fetches.pause(TEAM, until=LATER)

    assert store.fetches.teams_due(NOW) == [OTHER_TEAM]
    assert store.fetches.teams_due(LATER) == [OTHER_TEAM, TEAM]


def test_what_is_put_off_says_when_it_is_due(store: Store) -> None:
    store.fetches.ask(wanted(), NOW)
    (fetch,) = store.fetches.claim(TEAM, limit=1, lease=LEASE, at=NOW)

    assert store.fetches.put_off(fetch, reason="Slack asks us to wait.", until=LATER)

    assert store.fetches.seconds_until_next(NOW) == (LATER - NOW).total_seconds()
    assert not store.fetches.release(fetch, at=NOW)
