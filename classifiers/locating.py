"""Find the words of a model in a text: exactly, or but for blanks and typographic marks. Pure."""

from __future__ import annotations

from classifiers.evidence import Span, find_quote

_PLAIN = {
    **dict.fromkeys("“”„‟«»″", '"'),
    **dict.fromkeys("‘’‚‛‹›′´`", "'"),  # noqa: RUF001  the characters themselves are meant
    **dict.fromkeys("‐‑‒–—―−", "-"),  # noqa: RUF001  as above
    "…": "...",
    "\N{ZERO WIDTH SPACE}": "",
    "\N{WORD JOINER}": "",
    "\N{ZERO WIDTH NO-BREAK SPACE}": "",
    "\N{SOFT HYPHEN}": "",
}
_ENCLOSING = " \"'"


def locate(text: str, words: str) -> Span | None:
    """Return where words of a model stand in a text, or None when they do not.

    Runs of blanks count as one, and typographic quotation marks, dashes and the ellipsis as their plain forms, for
    models retype those. Anything else that differs, be it a letter, is no quotation.
    """
    exact = find_quote(text, words)
    if exact is not None:
        return Span(exact.start, exact.end)
    folded, places = _folded(text)
    wanted = _folded(words)[0].strip()
    for form in (wanted, wanted.strip(_ENCLOSING)):
        at = folded.find(form) if form else -1
        if at >= 0:
            return Span(places[at], places[at + len(form) - 1] + 1)
    return None


def _folded(text: str) -> tuple[str, list[int]]:
    """Return the plain form of a text, and for each of its characters the place of the one it came from."""
    characters: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        plain = " " if character.isspace() else _PLAIN.get(character, character)
        if plain == " " and characters and characters[-1] == " ":
            continue
        characters.extend(plain)
        places.extend([place] * len(plain))
    return "".join(characters), places
