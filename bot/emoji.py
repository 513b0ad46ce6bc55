"""Names of emoji: Slack knows some of the standard ones by two, tells one with a reaction, and people type either."""

from __future__ import annotations

_SAME = (
    ("+1", "thumbsup"),
    ("-1", "thumbsdown"),
    ("bee", "honeybee"),
    ("boat", "sailboat"),
    ("book", "open_book"),
    ("boom", "collision"),
    ("car", "red_car"),
    ("dolphin", "flipper"),
    ("email", "envelope"),
    ("exclamation", "heavy_exclamation_mark"),
    ("facepunch", "punch"),
    ("feet", "paw_prints"),
    ("hand", "raised_hand"),
    ("hankey", "poop", "shit"),
    ("hocho", "knife"),
    ("izakaya_lantern", "lantern"),
    ("laughing", "satisfied"),
    ("mans_shoe", "shoe"),
    ("memo", "pencil"),
    ("moon", "waxing_gibbous_moon"),
    ("phone", "telephone"),
    ("runner", "running"),
    ("shirt", "tshirt"),
    ("cn", "flag-cn"),
    ("de", "flag-de"),
    ("es", "flag-es"),
    ("fr", "flag-fr"),
    ("gb", "flag-gb", "uk"),
    ("it", "flag-it"),
    ("jp", "flag-jp"),
    ("kr", "flag-kr"),
    ("ru", "flag-ru"),
    ("us", "flag-us"),
)
_FIRST = {name: names[0] for names in _SAME for name in names}


def is_same_emoji(one: str, other: str) -> bool:
    """Tell whether two names are of one emoji, whatever its skin tone; an emoji of a team's own has one name."""
    return _first_name(one) == _first_name(other)


def _first_name(name: str) -> str:
    plain = name.strip(":").partition("::")[0].lower()
    return _FIRST.get(plain, plain)
