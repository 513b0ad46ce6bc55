"""What nobody can read is kept raw only where what can be read would come in the same way."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.parts import Store
from bot.reach.taking import Taking
from storage.choice_log import Choosing
from storage.choices import Wanted
from storage.ids import ChannelId, Ts, UserId
from storage.vocabulary import ChannelKind, Watch
from tests.bot.listening import ACME, Listening, make_listening, payload

CHANNEL, TS, AUTHOR, OWNER = ChannelId("C200"), Ts("1763600000.000200"), UserId("U300"), UserId("U1")
APP = {"bot_id": "B77", "subtype": "bot_message"}


@pytest.mark.parametrize(
    "body",
    [
        {"user": AUTHOR},
        {"attachments": [{"is_share": True, "author_id": AUTHOR}], "user": "U301"},
        {"subtype": "message_changed", "message": {"ts": TS, "user": AUTHOR, "text": 7}},
    ],
    ids=["said", "forwarded", "edited"],
)
def test_nothing_of_somebody_who_opted_out_is_kept(bot: Listening, now: datetime, body: dict[str, Any]) -> None:
    bot.watch(CHANNEL)
    bot.store.choices.opt_out(ACME.team_id, AUTHOR, now)

    assert kept_of(bot, odd(**body)) == 0


@pytest.mark.parametrize("mode", [Watch.REQUEST, Watch.OFF])
def test_nothing_is_kept_where_not_every_message_is(bot: Listening, mode: Watch) -> None:
    bot.watch(CHANNEL, mode)

    assert kept_of(bot, odd()) == 0


def test_nothing_is_kept_that_names_no_channel(bot: Listening) -> None:
    bot.watch(CHANNEL)

    assert kept_of(bot, odd() | {"event": "odd"}) == kept_of(bot, odd(channel=["C200"])) == 0


@pytest.mark.parametrize("kind", [ChannelKind.PUBLIC, ChannelKind.SHARED])
def test_of_a_channel_that_is_shared_something_is_kept_once_that_was_confirmed(
    bot: Listening, kind: ChannelKind
) -> None:
    bot.watch(CHANNEL, kind=kind)

    assert kept_of(bot, odd() | {"is_ext_shared_channel": True}) == (kind is ChannelKind.SHARED)


def test_posts_of_an_app_are_kept_from_when_it_is_allowed(bot: Listening, said_at: datetime) -> None:
    bot.watch(CHANNEL)
    assert kept_of(bot, odd(**APP)) == 0

    bot.store.choices.note_app(ACME.team_id, "B77", "Surveys", said_at)
    choosing = Choosing(ACME.team_id, None, OWNER, said_at + timedelta(minutes=1))
    bot.store.choices.choose(choosing, Wanted(apps={"B77": True}), tell=lambda _: ())

    assert kept_of(bot, odd(**APP)) == 0
    assert kept_of(bot, odd(ts="1763700000.000100", **APP)) == 1


@pytest.mark.parametrize("is_back", [False, True])
def test_what_was_said_while_its_author_was_out_stays_out(bot: Listening, said_at: datetime, *, is_back: bool) -> None:
    bot.watch(CHANNEL)
    bot.store.choices.opt_out(ACME.team_id, AUTHOR, said_at - timedelta(days=1))
    if is_back:
        bot.store.choices.opt_in(ACME.team_id, AUTHOR, said_at + timedelta(minutes=5))

    assert kept_of(bot, odd()) == 0
    assert kept_of(bot, odd(ts="1763700000.000100")) == is_back


@pytest.mark.parametrize(("watch", "expected"), [(Watch.ALL, 1), (Watch.REQUEST, 0), (Watch.OFF, 0)])
def test_a_back_fill_keeps_no_more(bot: Listening, now: datetime, watch: Watch, expected: int) -> None:
    bot.watch(CHANNEL, watch)
    bot.store.choices.opt_out(ACME.team_id, AUTHOR, now)

    page = [{"ts": f"1762000000.00000{number}", "user": f"U30{number}", "text": 5} for number in range(2)]
    channel = bot.store.workspaces.channel(ACME.team_id, CHANNEL)
    assert channel is not None
    Taking(bot.parts, is_past=True).take_in(bot.workspace, channel, page, since=Ts("1761000000.000000"))

    assert len(bot.store.intake.unreadable(ACME.team_id)) == expected


def odd(**event: object) -> dict[str, Any]:
    """A delivery of which the text cannot be read."""
    return payload("message", **({"text": ["odd"]} | event))


def kept_of(bot: Listening, body: dict[str, Any]) -> int:
    """How many are kept raw, this one delivered."""
    assert bot.dispatch(body).status == 200
    return len(bot.store.intake.unreadable(ACME.team_id))


@pytest.fixture
def said_at() -> datetime:
    """When the message was said."""
    return datetime.fromisoformat("2025-11-20T00:53:20.000200+00:00")


@pytest.fixture
def bot(store: Store, clock: Callable[[], datetime]) -> Listening:
    return make_listening(store, None, ACME, clock)  # type: ignore[arg-type]  # asks Slack nothing
