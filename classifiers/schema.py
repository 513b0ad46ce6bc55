"""The JSON schema of a reply, made of a taxonomy, in the subset that strict structured output allows. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from classifiers.taxonomy import Taxonomy
from classifiers.vocabulary import Side, Stake

NAME = "insights"
CERTAINTIES = {"certain": 0.95, "likely": 0.8, "guess": 0.5}
"""What a model may say about how sure it is, and the confidence that it stands for.

Words, because models place themselves among a few words better than on a scale of numbers. The numbers are no
measurement: they order insights, and only ``guess`` is under ``UNSURE_BELOW``.
"""
UNSURE_BELOW = 0.7

FIELDS = (
    "quote",
    "rationale",
    "side",
    "theme",
    "persona",
    "persona_stated",
    "account",
    "stake",
    "stake_quote",
    "certainty",
)
"""The fields of an insight, in the order in which they are written: the quote is found first, the labels follow."""

Schema = dict[str, Any]


def build_schema(taxonomy: Taxonomy) -> Schema:
    """Make the schema of a reply whose labels are this taxonomy's, a team's own personas among them."""
    kinds = {
        "side": _one_of(side.value for side in Side),
        "theme": _one_of(taxonomy.themes),
        "persona": _one_of(taxonomy.personas),
        "persona_stated": {"type": "boolean"},
        "account": {"type": ["string", "null"]},
        "stake": _one_of(stake.value for stake in Stake),
        "stake_quote": {"type": ["string", "null"]},
        "certainty": _one_of(CERTAINTIES),
    }
    insight = _record({name: kinds.get(name, {"type": "string"}) for name in FIELDS})
    message = _record({"id": {"type": "string"}, "insights": {"type": "array", "items": insight}})
    return _record({"messages": {"type": "array", "items": message}})


def _record(properties: Schema) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _one_of(keys: Iterable[str]) -> Schema:
    return {"type": "string", "enum": list(keys)}
