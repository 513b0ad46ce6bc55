"""What a check says: how one thing is, in a sentence, and what to do where it is not well. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.failure import describe


class Outcome(StrEnum):
    """How one thing is; only ``FAIL`` makes the whole fail."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"
    SKIPPED = "skipped"
    """Not looked at, or not to be seen from outside; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Say of one thing how it is. Holds no token and no customer's words; names come from Slack and are cleaned."""

    name: str
    outcome: Outcome
    sentence: str
    remedy: str = ""
    """What to do; empty only where there is nothing to do."""

    def of(self, whose: str) -> Diagnosis:
        """Say whose it is, where there are several of a kind."""
        return replace(self, name=f"{self.name} ({whose})")


def ok(name: str, sentence: str) -> Diagnosis:
    """Say that it is well."""
    return Diagnosis(_clean(name), Outcome.OK, _clean(sentence))


def warn(name: str, sentence: str, remedy: str) -> Diagnosis:
    """Say that Ballast works, but not as somebody may expect."""
    return Diagnosis(_clean(name), Outcome.WARN, _clean(sentence), _clean(remedy))


def fail(name: str, sentence: str, remedy: str) -> Diagnosis:
    """Say that something that was set up does not work."""
    return Diagnosis(_clean(name), Outcome.FAIL, _clean(sentence), _clean(remedy))


def skipped(name: str, sentence: str, remedy: str = "") -> Diagnosis:
    """Say why it was not looked at."""
    return Diagnosis(_clean(name), Outcome.SKIPPED, _clean(sentence), _clean(remedy))


def attempt(name: str, check: Callable[[], Diagnosis | Iterable[Diagnosis]]) -> list[Diagnosis]:
    """Do a check; whatever it raises becomes a diagnosis of its own, so that the other checks go on."""
    found: list[Diagnosis] = []
    try:
        made = check()
        found.extend([made] if isinstance(made, Diagnosis) else made)
    except Exception as error:  # noqa: BLE001 - a broken thing must not hide the state of the others
        sentence = f"This could not be checked: {describe(error)}"
        found.append(fail(name, sentence, "Mend what the sentence names, then look again."))
    return found


def worst(diagnoses: Iterable[Diagnosis]) -> Outcome:
    """Return what the whole is: failed when one fails, else with warnings, else well."""
    found = {each.outcome for each in diagnoses}
    return next((outcome for outcome in (Outcome.FAIL, Outcome.WARN) if outcome in found), Outcome.OK)


def _clean(words: str) -> str:
    """Replace what a terminal would obey: names of channels and workspaces are other people's."""
    return "".join(mark if mark.isprintable() else "�" for mark in words)
