"""The breaker as a table of times: what was asked, what came of it, and who may ask next."""

import pytest

from classifiers.breaker import FAILURES, FIRST_REST_SECONDS, LONGEST_REST_SECONDS, Breaker


def open_at(now: float) -> Breaker:
    breaker = Breaker()
    for _ in range(FAILURES):
        breaker = breaker.failed(now)
    return breaker


def may_ask(breaker: Breaker, now: float) -> bool:
    return breaker.admit(now)[1]


def test_a_service_that_never_failed_may_always_be_asked() -> None:
    assert may_ask(Breaker(), 0.0)


def test_fewer_failures_than_the_limit_leave_it_closed() -> None:
    breaker = Breaker()
    for _ in range(FAILURES - 1):
        breaker = breaker.failed(5.0)

    assert may_ask(breaker, 5.0)


def test_an_answer_between_failures_starts_the_count_anew() -> None:
    breaker = Breaker()
    for _ in range(FAILURES * 2):
        breaker = breaker.failed(5.0).answered()

    assert may_ask(breaker, 5.0)


@pytest.mark.parametrize(
    ("after", "may"), [(0.0, False), (FIRST_REST_SECONDS - 0.1, False), (FIRST_REST_SECONDS, True)]
)
def test_after_repeated_failures_it_rests_until_its_time_is_over(after: float, may: bool) -> None:
    assert may_ask(open_at(100.0), 100.0 + after) is may


def test_half_open_it_lets_one_ask_and_keeps_the_others_waiting() -> None:
    now = 100.0 + FIRST_REST_SECONDS

    breaker, first = open_at(100.0).admit(now)

    assert first
    assert not may_ask(breaker, now)


def test_a_trial_of_which_nobody_hears_again_does_not_close_the_way_for_ever() -> None:
    now = 100.0 + FIRST_REST_SECONDS
    breaker, _ = open_at(100.0).admit(now)

    assert may_ask(breaker, now + FIRST_REST_SECONDS)


def test_a_trial_that_is_answered_closes_it() -> None:
    now = 100.0 + FIRST_REST_SECONDS
    breaker, _ = open_at(100.0).admit(now)

    assert may_ask(breaker.answered(), now)


def test_each_failed_trial_doubles_the_rest_up_to_its_ceiling() -> None:
    breaker, now, rests = open_at(0.0), 0.0, []
    for _ in range(8):
        assert breaker.rests_until is not None
        rests.append(breaker.rests_until - now)
        now = breaker.rests_until
        breaker, admitted = breaker.admit(now)
        assert admitted
        breaker = breaker.failed(now)

    assert rests == [30, 60, 120, 240, 480, LONGEST_REST_SECONDS, LONGEST_REST_SECONDS, LONGEST_REST_SECONDS]


def test_it_rests_as_long_as_the_service_asked_for() -> None:
    breaker = Breaker(failures=FAILURES - 1).failed(0.0, asked_seconds=90.0)

    assert [may_ask(breaker, now) for now in (89.0, 90.0)] == [False, True]


def test_it_rests_as_long_as_the_service_asked_for_at_the_first_failure_too() -> None:
    breaker = Breaker().failed(0.0, asked_seconds=90.0)

    assert [may_ask(breaker, now) for now in (89.0, 90.0)] == [False, True]
    after, _ = breaker.admit(90.0)
    assert may_ask(after, 90.0), "it had not failed often enough to let one ask alone"
