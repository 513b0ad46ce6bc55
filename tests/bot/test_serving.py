"""A signal ends the program whichever thread the system hands it to."""

import signal
import threading
import time
from dataclasses import dataclass, field

import pytest

from bot.lifecycle import Announce
from bot.serving import serve

TOO_LATE_SECONDS = 15.0


@dataclass
class Signalled:
    """Stand for a bot to whose starting thread, and no other, the system hands a signal."""

    number: signal.Signals
    stopped: list[float] = field(default_factory=list)

    def start(self, _announce: Announce) -> None:
        signal.pthread_kill(threading.get_ident(), self.number)

    def stop(self) -> bool:
        self.stopped.append(time.monotonic())
        return True


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_that_another_thread_is_given_stops_the_bot_at_once(number: signal.Signals) -> None:
    main = threading.main_thread().ident
    assert main is not None
    handlers = [signal.getsignal(each) for each in (signal.SIGTERM, signal.SIGINT)]
    rescue = threading.Timer(TOO_LATE_SECONDS, signal.pthread_kill, (main, number))
    bot, began = Signalled(number), time.monotonic()
    rescue.start()
    try:
        assert serve(lambda: bot, lambda _line: None)  # type: ignore[arg-type, return-value]  # it starts and stops
    finally:
        rescue.cancel()
        rescue.join()

    (stopped,) = bot.stopped
    assert stopped - began < TOO_LATE_SECONDS
    assert [signal.getsignal(each) for each in (signal.SIGTERM, signal.SIGINT)] == handlers


def test_what_starting_refuses_is_raised_after_everything_was_stopped() -> None:
    class Refusing(Signalled):
        def start(self, _announce: Announce) -> None:
            message = "the token was refused"
            raise RuntimeError(message)

    bot = Refusing(signal.SIGTERM)
    with pytest.raises(RuntimeError, match="refused"):
        serve(lambda: bot, lambda _line: None)  # type: ignore[arg-type, return-value]  # as above
    assert len(bot.stopped) == 1
