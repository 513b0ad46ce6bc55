"""What an endpoint of Chat Completions sends back, read without trust. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

CHARACTERS_A_TOKEN = 4
"""What a token is reckoned as where a server does not count: a budget must not depend on its politeness."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Hold what the model said, or why it said nothing usable, and the tokens that were counted."""

    said: str
    problem: str | None
    tokens_in: int
    tokens_out: int


def parse_completion(body: object, characters_in: int) -> Answer | None:
    """Read a completion; None when the body is none at all, so that the other side is no such API."""
    if not isinstance(body, dict) or not isinstance(choices := body.get("choices"), list):
        return None
    said, problem = _first_choice(choices)
    usage = body.get("usage")
    counts = usage if isinstance(usage, dict) else {}
    return Answer(
        said=said,
        problem=problem,
        tokens_in=_count(counts.get("prompt_tokens"), characters_in),
        tokens_out=_count(counts.get("completion_tokens"), len(said)),
    )


def _first_choice(choices: list[Any]) -> tuple[str, str | None]:
    choice = choices[0] if choices and isinstance(choices[0], dict) else {}
    message = choice.get("message")
    fields = message if isinstance(message, dict) else {}
    content = fields.get("content")
    said = content if isinstance(content, str) else ""
    return said, _problem(choices, choice, fields, said)


def _problem(choices: list[Any], choice: dict[str, Any], fields: dict[str, Any], said: str) -> str | None:
    if not choices:
        return "it holds no choice"
    if fields.get("refusal"):
        return "the model declined to answer"
    if choice.get("finish_reason") == "length":
        return "it was cut off; give fewer insights and shorter rationales"
    if choice.get("finish_reason") == "content_filter":
        return "a filter of the endpoint held it back"
    return None if said.strip() else "it is empty"


def _count(given: object, characters: int) -> int:
    if isinstance(given, int) and given >= 0:
        return given
    return -(-characters // CHARACTERS_A_TOKEN)
