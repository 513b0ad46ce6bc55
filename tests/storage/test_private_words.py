"""Words of a channel that is not public stay in it; an owner may have them counted elsewhere, and no more than that."""

import pytest
from sqlalchemy import update

from bot.parts import Store
from storage.database import Database
from storage.ids import ChannelId
from storage.rows import ChannelRow
from storage.vocabulary import ChannelKind
from tests.factories import CHANNEL, EARLIER, LEASE, PRIVATE, TEAM
from tests.storage.asked import ask, heard_ids
from tests.storage.settled import capture


@pytest.mark.parametrize("kind", [ChannelKind.PRIVATE, ChannelKind.SHARED, ChannelKind.DIRECT])
def test_words_of_a_channel_that_is_not_public_stay_in_it(store: Store, kind: ChannelKind) -> None:
    _, secret = capture(store, channel_id=PRIVATE, channel_kind=kind)
    _, public = capture(store)

    assert heard_ids(store) == [public]
    assert heard_ids(store, audience=CHANNEL) == [public]
    assert set(heard_ids(store, audience=PRIVATE)) == {public, secret}
    assert store.history.count(ask()) == 1
    assert [heard.insight_id for heard in store.history.each_heard(ask(audience=CHANNEL))] == [public]


def test_words_of_a_channel_that_became_private_stay_in_it_from_then_on(store: Store) -> None:
    capture(store)
    store.workspaces.meet_channel(TEAM, CHANNEL, "feedback", ChannelKind.PRIVATE)

    assert heard_ids(store) == []
    assert len(heard_ids(store, audience=CHANNEL)) == 1


def test_words_of_a_channel_that_was_private_when_they_were_said_stay_in_it(store: Store) -> None:
    capture(store, channel_id=PRIVATE, channel_kind=ChannelKind.PRIVATE)
    store.workspaces.meet_channel(TEAM, PRIVATE, "now open", ChannelKind.PUBLIC)

    assert heard_ids(store) == []


def test_imported_words_are_public(store: Store) -> None:
    capture(store, channel_id=None, ts=None)

    assert len(heard_ids(store)) == 1


def test_a_channel_that_counts_elsewhere_gives_labels_and_account_but_no_words_and_no_link(
    store: Store, database: Database
) -> None:
    where = {"channel_id": PRIVATE, "channel_kind": ChannelKind.PRIVATE}
    capture(store, account="Acme", permalink="https://acme.example/1", **where)
    count_elsewhere(store, database)

    [heard] = store.history.heard(ask(audience=CHANNEL))
    assert (heard.withheld, heard.quote, heard.permalink) == (True, "", None)
    assert (heard.labels.theme, heard.account) == ("compliance", "Acme")
    assert list(store.history.each_heard(ask())) == [heard]
    assert store.history.count(ask(account="acme")) == store.history.backlog(ask()).messages == 1
    assert store.history.accounts_like(TEAM, "acm") == ["Acme"]
    [within] = store.history.heard(ask(audience=PRIVATE))
    assert (within.withheld, within.quote, within.permalink) == (
        False,
        "who changed the figures",
        "https://acme.example/1",
    )


def test_a_search_elsewhere_does_not_tell_whether_words_of_a_channel_that_is_counted_there_occur(
    store: Store, database: Database
) -> None:
    capture(store, channel_id=PRIVATE, channel_kind=ChannelKind.PRIVATE)
    count_elsewhere(store, database)

    assert store.history.count(ask(words="auditor", audience=CHANNEL)) == 0
    assert store.history.count(ask(words="auditor", audience=PRIVATE)) == 1


def test_only_the_channel_that_an_owner_chose_counts_elsewhere(store: Store, database: Database) -> None:
    capture(store, channel_id=ChannelId("C0OTHER"), channel_kind=ChannelKind.PRIVATE)
    count_elsewhere(store, database)

    assert heard_ids(store) == []


def test_private_words_show_in_no_figure_and_no_name_elsewhere(store: Store) -> None:
    capture(store, channel_id=PRIVATE, channel_kind=ChannelKind.PRIVATE, account="Initech", said_at=EARLIER - LEASE)
    capture(store, said_at=EARLIER)

    assert store.history.backlog(ask()).messages == 1
    assert store.history.first_said_at(ask()) == EARLIER
    assert store.history.first_said_at(ask(audience=PRIVATE)) == EARLIER - LEASE
    assert store.history.accounts_like(TEAM, "init") == []
    assert store.history.accounts_like(TEAM, "init", audience=PRIVATE) == ["Initech"]


def count_elsewhere(store: Store, database: Database) -> None:
    store.workspaces.meet_channel(TEAM, PRIVATE, "secret", ChannelKind.PRIVATE)
    with database.writing() as session:
        session.execute(update(ChannelRow).where(ChannelRow.channel_id == PRIVATE).values(counted_elsewhere=True))
