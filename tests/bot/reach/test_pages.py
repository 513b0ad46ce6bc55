"""However a server pages, a walk gives every message once it is whole, and never claims what it has not read."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import SlackError
from bot.port import Message, Page
from bot.reach.pages import Walk, walk_channel, walk_thread
from bot.reach.times import order
from storage.ids import ChannelId, Ts

CHANNEL = ChannelId("C1")
OLDEST, LATEST = Ts("1000.000000"), Ts("2000.000000")


@dataclass
class Server:
    """Page as Slack does, or worse."""

    times: Sequence[Ts]
    size: int = 3
    heeds_bounds: bool = True
    arrange: Callable[[list[Ts], int], list[Ts]] = lambda listed, _size: listed
    """Puts what is listed in another order."""
    repeats: bool = False
    fails_at: frozenset[int] = frozenset()
    runs_out_at: frozenset[int] = frozenset()
    asked: int = 0
    given: list[Ts] = field(default_factory=list)

    def history(
        self, channel: ChannelId, *, oldest: Ts, latest: Ts, cursor: str | None = None, limit: int = 200
    ) -> Page:
        within = [ts for ts in self.times if not self.heeds_bounds or order(oldest) <= order(ts) <= order(latest)]
        return self._page(sorted(within, key=order, reverse=True), cursor)

    def replies(
        self,
        channel: ChannelId,
        thread: Ts,
        *,
        oldest: Ts | None = None,
        latest: Ts | None = None,
        cursor: str | None = None,
        limit: int = 200,
    ) -> Page:
        within = [ts for ts in self.times if not self.heeds_bounds or order(ts) >= order(oldest or thread)]
        return self._page(sorted(within, key=order), cursor)

    def _page(self, listed: list[Ts], cursor: str | None) -> Page:
        self.asked += 1
        if self.asked in self.fails_at:
            message = "it failed"
            raise SlackError(message, code="fatal_error")
        if cursor and self.asked in self.runs_out_at:
            message = "the cursor ran out"
            raise SlackError(message, code="invalid_cursor")
        start = int(cursor or 0)
        if self.repeats and start and self.asked % 3 == 0:
            start = max(0, start - self.size)
        listed = self.arrange(listed, self.size)
        end = start + self.size
        page = listed[start:end]
        self.given += page
        return Page([{"ts": ts} for ts in page], str(end) if end < len(listed) else None)


def upside_down(listed: list[Ts], _size: int) -> list[Ts]:
    """Begin with the other end, as a server that gives messages as it has them."""
    return listed[::-1]


def pages_upside_down(listed: list[Ts], size: int) -> list[Ts]:
    """Give the pages in their order and each of them the other way round."""
    return [ts for start in range(0, len(listed), size) for ts in reversed(listed[start : start + size])]


def walked(begin_at: Callable[[Ts], Walk], begin: Ts, *, within: tuple[Ts, Ts], times: Sequence[Ts]) -> set[Ts]:
    """Walk to the end past every failure, and check after each page that what is claimed was read."""
    seen: set[Ts] = set()
    walk, is_last = begin_at(begin), False
    for _ in range(200):
        try:
            read = walk.read()
        except SlackError as error:
            if error.code == "no_progress":
                walk = begin_at(walk.come_to)  # at a later turn
            continue  # asked for again, at the same place
        seen |= {Ts(str(message["ts"])) for message in read.messages}
        low, high = sorted((begin, walk.come_to), key=order)
        claimed = {ts for ts in times if ts != begin and max(order(low), order(within[0])) <= order(ts) <= order(high)}
        assert claimed <= seen
        if read.is_last:
            is_last = True
            break
    assert is_last
    return seen


def read_to_the_end(walk: Walk) -> None:
    while not walk.read().is_last:
        pass


@settings(max_examples=50)
@given(
    times=st.sets(st.integers(900, 2100), max_size=40),
    size=st.integers(2, 7),
    heeds_bounds=st.booleans(),
    arrange=st.sampled_from([upside_down, pages_upside_down, lambda listed, _size: listed]),
    repeats=st.booleans(),
    fails_at=st.frozensets(st.integers(1, 12), max_size=3),
    runs_out_at=st.frozensets(st.integers(1, 12), max_size=3),
)
def test_a_channel_is_read_whole_whatever_its_server_does(times: set[int], size: int, **quirks: object) -> None:
    stamps = [Ts(f"{second}.000100") for second in times]
    server = Server(stamps, size, **quirks)  # type: ignore[arg-type]  # what is drawn has the fields' types

    def begin_at(latest: Ts) -> Walk:
        return walk_channel(server, CHANNEL, oldest=OLDEST, latest=latest)  # type: ignore[arg-type]  # all that it asks

    until_the_latest = [ts for ts in stamps if order(ts) <= order(LATEST)]
    seen = walked(begin_at, LATEST, within=(OLDEST, LATEST), times=until_the_latest)

    assert {ts for ts in stamps if order(OLDEST) <= order(ts) <= order(LATEST)} <= seen


@pytest.mark.parametrize("heeds_bounds", [True, False])
def test_a_thread_is_read_whole_and_from_where_it_was_left(heeds_bounds: bool) -> None:
    stamps = [Ts(f"{second}.000100") for second in range(1000, 1020)]
    server = Server(stamps, heeds_bounds=heeds_bounds)
    walk = walk_thread(server, CHANNEL, stamps[0], begin=stamps[12])  # type: ignore[arg-type]  # all that it asks

    seen = walked(lambda _begin: walk, walk.come_to, within=(stamps[12], stamps[-1]), times=stamps)

    assert set(stamps[12:]) <= seen
    assert walk.come_to == stamps[-1]


def test_a_server_that_ignores_the_oldest_time_is_not_read_to_the_first_message_of_the_channel() -> None:
    server = Server([Ts(f"{second}.000100") for second in range(100, 1500)], 50, heeds_bounds=False)
    walk = walk_channel(server, CHANNEL, oldest=Ts("1400.000000"), latest=LATEST)  # type: ignore[arg-type]  # as above

    read_to_the_end(walk)

    assert server.asked <= 4


def test_a_server_that_gives_the_same_page_for_ever_is_left() -> None:
    class Stuck(Server):
        def _page(self, listed: list[Ts], cursor: str | None) -> Page:
            self.asked += 1
            return Page([self.message(listed[0])], "again")

        def message(self, ts: Ts) -> Message:
            return {"ts": ts}

    server = Stuck([Ts("1500.000100")])
    walk = walk_channel(server, CHANNEL, oldest=OLDEST, latest=LATEST)  # type: ignore[arg-type]  # as above
    with pytest.raises(SlackError, match="the same messages again and again"):
        read_to_the_end(walk)
    assert server.asked < 20


def test_a_page_tells_where_what_it_does_not_show_is_gone() -> None:
    stamps = [Ts(f"{second}.000100") for second in range(1500, 1505)]
    walk = walk_channel(Server(stamps), CHANNEL, oldest=OLDEST, latest=LATEST)  # type: ignore[arg-type]  # as above

    first, second = walk.read().shown_whole, walk.read().shown_whole

    assert first is not None
    assert (first.after, first.before) == (stamps[2], LATEST)
    assert second is not None
    assert (second.after, second.before) == (OLDEST, stamps[2])


def test_a_page_in_no_order_tells_of_nothing_that_is_gone() -> None:
    stamps = [Ts(f"{second}.000100") for second in range(1500, 1520)]
    walk = walk_channel(Server(stamps, arrange=pages_upside_down), CHANNEL, oldest=OLDEST, latest=LATEST)  # type: ignore[arg-type]  # as above

    read = walk.read()

    assert read.shown_whole is None
    assert walk.come_to == LATEST
