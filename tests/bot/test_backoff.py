from datetime import timedelta

import pytest

from bot.backoff import Backoff

BACKOFF = Backoff(first_seconds=2, ceiling_seconds=60, tries=6)


@pytest.mark.parametrize(
    ("attempts", "chance", "seconds"),
    [(1, 1.0, 2), (1, 0.0, 1), (2, 1.0, 4), (3, 0.5, 6), (6, 1.0, 60), (6, 0.0, 30), (5000, 1.0, 60)],
)
def test_a_wait_doubles_up_to_its_ceiling_and_draws_from_its_upper_half(
    attempts: int, chance: float, seconds: float
) -> None:
    assert BACKOFF.wait(attempts, chance=chance).total_seconds() == seconds


def test_a_wait_is_never_shorter_than_the_other_side_asked_for() -> None:
    assert BACKOFF.wait(1, chance=0.0, at_least_seconds=90).total_seconds() == 90


def test_one_that_is_to_last_a_day_waits_that_long_however_the_waits_are_drawn() -> None:
    lasting = Backoff.lasting(timedelta(days=1), first_seconds=5, ceiling_seconds=1800)
    shortest = [lasting.wait(attempts, chance=0.0) for attempts in range(1, lasting.tries)]

    assert sum(shortest, timedelta()) >= timedelta(days=1) > sum(shortest[:-1], timedelta())
    assert lasting.wait(lasting.tries, chance=1.0) == timedelta(minutes=30)


def test_the_last_try_is_the_sixth() -> None:
    assert [BACKOFF.is_spent(attempts) for attempts in (1, 5, 6, 7)] == [False, False, True, True]
