"""What people say on the days that the sandbox plays: feedback of both sides, and chatter among it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Line:
    """Hold one message: who says it and how long after the one before."""

    who: str
    text: str
    after: timedelta


def _line(minutes: int, who: str, text: str) -> Line:
    return Line(who, text, timedelta(minutes=minutes))


THURSDAY = (
    _line(
        4,
        "max",
        "Call with Halden Clinics: their auditor wants to see who changed a dosage and when. No log, no renewal.",
    ),
    _line(11, "olivia", "Morning all, the projector in the big room is fixed."),
    _line(
        25, "max", "A nurse at Halden showed me: it takes nine clicks to enter one blood pressure, forty times a shift."
    ),
    _line(38, "gina", "Support ticket from Brightwater: the order list takes 20 seconds to open every single morning."),
    _line(
        52,
        "max",
        "The CFO of Norrland asks what they got for 180,000 a year. She pays for 400 seats, 90 people log in.",
    ),
    _line(9, "gina", "Anyone up for lunch at the Thai place?"),
    _line(75, "max", "Brightwater's security team will not sign without single sign-on and their own encryption keys."),
)
FRIDAY = (
    _line(0, "gina", "App review: “I lose what I typed whenever the train goes into a tunnel. Third time this week.”"),
    _line(17, "max", "Norrland again: procurement wants one invoice for all twelve sites instead of twelve."),
    _line(31, "olivia", "Reminder: the release notes are due at noon."),
    _line(
        44, "gina", "A planner at Brightwater cannot find the undo, so she copies every order into a spreadsheet first."
    ),
    _line(63, "max", "Halden's IT lead has to invite 300 people one by one. He asks for import from their directory."),
)
"""Twelve messages, three of them chatter."""
