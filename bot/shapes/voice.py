"""How close words are to the one who has the problem, as far as their shape tells."""

from __future__ import annotations

import re

_ITEM = re.compile(
    r"[ \t]{0,16}(?:[-*•◦▪–—][ \t]|\(?\d{1,3}(?:\.\d{1,3}){0,3}[.):]?[ \t]|[A-Z]{1,4}-?\d{1,4}[.:)]?[ \t])|.* \| "
)
_DEMANDS = re.compile(
    r"\b(?:must|shall|should|required?|requirement|mandatory|needs? to|has to|able to|supports?|provides?|allows?"
    r"|muss|müssen|soll|sollen|sollte|unterstützt|doit|doivent|prend en charge|debe|deben|deve|devem|dovrà)\b",
    re.IGNORECASE,
)
_TITLE = re.compile(
    r"\b(?:RFPs?|RFIs?|RFQs?|request for (?:proposals?|information|quotations?)|tender"
    r"|requirements?|(?:security|vendor|supplier) questionnaire|ausschreibung|anforderungs\w*|lastenheft|pflichtenheft"
    r"|appel d'offres|cahier des charges|licitación|pliego|capitolato)\b",
    re.IGNORECASE,
)
_TITLE_WITHIN = 300
_ITEMS_WITH_TITLE = 4
_ITEMS_WITHOUT_TITLE = 8
_SHARE_THAT_DEMANDS = 0.5


def is_document(text: str) -> bool:
    """Tell whether a text is a list of requirements: such a list is one document, however many lines it has.

    With a title that says so, four items are enough; without one eight, of which at least half demand something.
    """
    items = [line for line in text.splitlines() if _ITEM.match(line)]
    if len(items) < _ITEMS_WITH_TITLE:
        return False
    if _TITLE.search(text[:_TITLE_WITHIN]):
        return True
    demanding = sum(_DEMANDS.search(item) is not None for item in items)
    return len(items) >= _ITEMS_WITHOUT_TITLE and demanding >= _SHARE_THAT_DEMANDS * len(items)
