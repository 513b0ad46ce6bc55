"""A message whose form is open is kept for whoever opened it, and no longer than the form."""

from datetime import timedelta
from typing import Any

from bot.parts import Store
from storage.drafts import KEPT_FOR, Draft
from storage.vocabulary import ChannelKind
from tests.factories import CHANNEL, NOW, OTHER_TEAM, OWNER, PERSON, TEAM, make_ts

TS = make_ts(7)


def draft(**changes: Any) -> Draft:
    fields: dict[str, Any] = {
        "team_id": TEAM,
        "channel_id": CHANNEL,
        "channel_kind": ChannelKind.PRIVATE,
        "ts": TS,
        "made_by": PERSON,
        "message": {"ts": TS, "text": "Zu langsam \ud83d \x00", "files": [{"name": "a"}]},
    }
    return Draft(**(fields | changes))


def test_a_draft_comes_back_as_it_was_kept_to_whoever_made_it(store: Store) -> None:
    draft_id = store.drafts.keep(draft(), NOW)

    assert store.drafts.find(TEAM, draft_id, PERSON) == draft()
    assert store.drafts.find(TEAM, draft_id, OWNER) is None
    assert store.drafts.find(OTHER_TEAM, draft_id, PERSON) is None


def test_a_draft_goes_with_its_form_and_with_its_message(store: Store) -> None:
    closed, deleted = store.drafts.keep(draft(), NOW), store.drafts.keep(draft(), NOW)

    store.drafts.drop(TEAM, closed)
    assert store.drafts.find(TEAM, closed, PERSON) is None
    store.drafts.drop_message(TEAM, CHANNEL, TS)
    assert store.drafts.find(TEAM, deleted, PERSON) is None


def test_a_draft_is_forgotten_after_an_hour(store: Store) -> None:
    old = store.drafts.keep(draft(), NOW)

    store.drafts.drop_old(TEAM, NOW + KEPT_FOR - timedelta(seconds=1))
    assert store.drafts.find(TEAM, old, PERSON) is not None
    store.drafts.drop_old(TEAM, NOW + KEPT_FOR)
    assert store.drafts.find(TEAM, old, PERSON) is None


def test_a_draft_of_an_hour_ago_is_forgotten_when_another_is_kept(store: Store) -> None:
    old = store.drafts.keep(draft(), NOW)

    store.drafts.keep(draft(), NOW + KEPT_FOR - timedelta(seconds=1))
    assert store.drafts.find(TEAM, old, PERSON) is not None
    store.drafts.keep(draft(), NOW + KEPT_FOR)
    assert store.drafts.find(TEAM, old, PERSON) is None
