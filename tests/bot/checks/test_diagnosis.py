"""A check that breaks is a diagnosis too, and nothing that is told can harm."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bot.checks.diagnosis import Diagnosis, Outcome, attempt, ok, worst


def test_a_check_that_breaks_is_a_diagnosis_without_the_values_of_its_error() -> None:
    def break_down() -> Iterator[Diagnosis]:
        yield ok("thing", "Well so far.")
        message = "Quokkasaurus"
        raise ValueError(message)

    told = attempt("thing", break_down)

    assert [each.outcome for each in told] == [Outcome.OK, Outcome.FAIL]
    assert "ValueError" in told[1].sentence
    assert "Quokkasaurus" not in told[1].sentence


def test_a_name_cannot_command_the_terminal() -> None:
    assert "\x1b" not in ok("channel \x1b[2J", "\x1b]0;x\x07").name + ok("x", "\x1b]0;x\x07").sentence


def test_only_a_failure_makes_the_whole_fail() -> None:
    well = ok("a", "Well.")

    assert worst([well, replace(well, outcome=Outcome.SKIPPED)]) is Outcome.OK
    assert worst([well, replace(well, outcome=Outcome.WARN)]) is Outcome.WARN
    assert worst([replace(well, outcome=Outcome.FAIL), replace(well, outcome=Outcome.WARN)]) is Outcome.FAIL
