"""Whom to ask for an account: written with what was read, handed out once."""

from datetime import timedelta

import pytest

from bot.parts import Store
from storage.database import Database
from storage.ids import FeedbackId
from storage.placing import Placed, Placing
from tests.factories import LEASE, NOW, PERSON, TEAM, make_classification, make_feedback


@pytest.fixture
def asked(store: Store) -> FeedbackId:
    store.intake.take_in(make_feedback(), NOW)
    (claim,) = store.queue.claim(TEAM, limit=1, lease=LEASE, at=NOW)
    placed = Placed(ask=PERSON)
    assert store.queue.save(claim, make_classification(), taxonomy_version="1", at=NOW, placed=placed)
    return claim.feedback_id


def test_an_offer_is_handed_out_once_whoever_asks_for_it(database: Database, store: Store, asked: FeedbackId) -> None:
    assert store.placing.teams_to_ask(NOW) == [TEAM]

    (offer,) = store.placing.claim_asked(TEAM, at=NOW)

    assert (offer.feedback_id, offer.asked, offer.attempts) == (asked, PERSON, 1)
    assert Placing(database).claim_asked(TEAM, at=NOW + timedelta(days=1)) == []
    assert store.placing.seconds_until_next(NOW) is None
    assert store.placing.was_asked(TEAM, asked, PERSON)


def test_an_offer_that_slack_did_not_take_comes_again_later_and_not_for_ever(store: Store, asked: FeedbackId) -> None:
    for attempt in (1, 2):
        (offer,) = store.placing.claim_asked(TEAM, at=NOW + attempt * LEASE)
        assert store.placing.put_off(offer, until=NOW + (attempt + 1) * LEASE)
        assert store.placing.claim_asked(TEAM, at=NOW + attempt * LEASE) == []
    (offer,) = store.placing.claim_asked(TEAM, at=NOW + 3 * LEASE)
    assert not store.placing.put_off(offer, until=NOW)
    assert store.placing.teams_to_ask(NOW + timedelta(days=1)) == []


def test_nobody_is_asked_for_what_has_an_account_by_now(store: Store, asked: FeedbackId) -> None:
    assert store.placing.place(TEAM, [(asked, "Acme"), (asked, "Acme")]) == 1
    assert store.placing.claim_asked(TEAM, at=NOW) == []
