"""What is kept of the messages that Slack shows."""

from bot.parts import Store
from storage.ids import ChannelId
from storage.records import Place
from storage.vocabulary import ChannelKind, Source
from tests.factories import CHANNEL, NOW, TEAM, make_feedback, make_ts


def test_newest_that_was_kept_by_watching_is_neither_saved_by_hand_nor_said_elsewhere(store: Store) -> None:
    assert store.shown.newest_watched(TEAM, CHANNEL) is None
    for number, channel, source in (
        (1, CHANNEL, Source.CHANNEL),
        (2, CHANNEL, Source.FORWARD),
        (3, CHANNEL, Source.REACTION),
        (4, ChannelId("C0OTHER"), Source.CHANNEL),
    ):
        store.intake.take_in(make_feedback(ts=make_ts(number), channel_id=channel, source=source), NOW)
    assert store.shown.newest_watched(TEAM, CHANNEL) == make_ts(2)

    store.amending.delete(Place(TEAM, CHANNEL, make_ts(2), NOW, ChannelKind.PUBLIC), NOW, remember=True)

    assert store.shown.newest_watched(TEAM, CHANNEL) == make_ts(2), "what was deleted since was kept all the same"
