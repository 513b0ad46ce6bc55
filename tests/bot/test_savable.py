"""What of a message that somebody hands over is set aside raw, where nobody can read it."""

from collections.abc import Callable
from datetime import datetime

import pytest

from bot.errors import InputError
from bot.parts import Store
from bot.savable import Where, read_message
from storage.ids import ChannelId, UserId
from storage.vocabulary import ChannelKind, Watch
from tests.bot.listening import ACME, Listening, make_listening

CHANNEL = ChannelId("C200")
ODD = {"ts": "1763600000.000200", "user": "U300", "text": 5}


@pytest.mark.parametrize(("watch", "expected"), [(Watch.REQUEST, 1), (Watch.OFF, 0), (None, 0)])
def test_only_a_channel_of_which_something_is_kept_has_it_set_aside(
    bot: Listening, watch: Watch | None, expected: int
) -> None:
    if watch is not None:
        bot.watch(CHANNEL, watch)

    assert set_aside(bot) == expected


def test_nothing_of_somebody_who_opted_out_is_set_aside(bot: Listening, now: datetime) -> None:
    bot.watch(CHANNEL, Watch.REQUEST)
    bot.store.choices.opt_out(ACME.team_id, UserId("U300"), now)

    assert set_aside(bot) == 0


def test_what_a_deleted_root_leaves_behind_is_told_as_deleted(bot: Listening) -> None:
    tombstone = {"ts": "1763600000.000200", "subtype": "tombstone", "text": "This message was deleted."}
    with pytest.raises(InputError, match="this message was deleted in Slack"):
        read_message(bot.parts, Where(ACME.team_id, CHANNEL, ChannelKind.PUBLIC), tombstone)


def set_aside(bot: Listening) -> int:
    """Hand over what nobody can read; return how much of it is kept."""
    with pytest.raises(InputError, match="cannot read this message yet"):
        read_message(bot.parts, Where(ACME.team_id, CHANNEL, ChannelKind.PUBLIC), ODD)
    return len(bot.store.intake.unreadable(ACME.team_id))


@pytest.fixture
def bot(store: Store, clock: Callable[[], datetime]) -> Listening:
    return make_listening(store, None, ACME, clock)  # type: ignore[arg-type]  # asks Slack nothing
