"""Rules that hold over a whole message, modal or Home tab; the two functions that the Web API asks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.sandbox.blocks.layout import BLOCKS, HOME, MESSAGE, MODAL
from bot.sandbox.blocks.rules import Json, Problem, check_fields, check_string, check_text, items

BLOCKS_OF_MESSAGE = 50
BLOCKS_OF_VIEW = 100
CHARTS_OF_MESSAGE = 2
TABLES_OF_MESSAGE = 1
MARKDOWN_OF_MESSAGE = 12_000
TEXT_OF_MESSAGE = 13_000
"""About what Slack takes before it answers ``msg_blocks_too_long``; tables have limits of their own."""
_FIGURES = frozenset({"table", "data_table", "data_visualization"})


def check_message(blocks: object) -> list[Problem]:
    """List what Slack would refuse in the blocks of a message."""
    problems = list(_check_blocks(blocks, MESSAGE, "/blocks", most=BLOCKS_OF_MESSAGE))
    if isinstance(blocks, Sequence):
        problems.extend(_check_totals([block for block in blocks if isinstance(block, Mapping)]))
    return problems


def check_view(view: object, *, surface: str) -> list[Problem]:
    """List what Slack would refuse in a modal or Home tab."""
    if not isinstance(view, Mapping):
        return [Problem("/view", "must be an object", "wrong_type")]
    return [
        *_check_frame(view, surface),
        *_check_blocks(view.get("blocks"), surface, "/view/blocks", most=BLOCKS_OF_VIEW),
    ]


def _check_frame(view: Json, surface: str) -> Iterator[Problem]:
    at = "/view"
    if view.get("type") != surface:
        yield Problem(f"{at}/type", f"must be {surface}, is {view.get('type')}")
    common = ["blocks", "private_metadata", "callback_id", "external_id"]
    if surface == HOME:
        yield from check_fields(view, at, known=common)
    else:
        known = [*common, "close", "submit", "clear_on_close", "notify_on_close", "submit_disabled"]
        yield from check_fields(view, at, needed=["title"], known=known)
        for name in ("title", "close", "submit"):
            yield from check_text(view, name, at, most=24)
        if not view.get("submit") and any(block.get("type") == "input" for block in items(view, "blocks")):
            yield Problem(at, "missing required field: submit, as there is an input block", "missing_field")
    yield from check_string(view, "private_metadata", at, most=3000)
    yield from check_string(view, "callback_id", at, most=255)
    yield from check_string(view, "external_id", at, most=255)


def _check_blocks(blocks: object, surface: str, at: str, *, most: int) -> Iterator[Problem]:
    if not isinstance(blocks, Sequence) or isinstance(blocks, str):
        yield Problem(at, "must be a list", "wrong_type")
        return
    if len(blocks) > most:
        yield Problem(at, f"must hold at most {most} blocks, holds {len(blocks)}")
    for position, block in enumerate(blocks):
        yield from _check_block(block, surface, f"{at}/{position}")
    yield from _check_unique(blocks, at)


def _check_block(block: object, surface: str, at: str) -> Iterator[Problem]:
    if not isinstance(block, Mapping):
        yield Problem(at, "must be an object", "wrong_type")
        return
    kind = str(block.get("type"))
    if kind not in BLOCKS:
        yield Problem(f"{at}/type", f"unsupported type: {kind}", "unknown_type")
        return
    surfaces, check = BLOCKS[kind]
    if surface not in surfaces:
        yield Problem(f"{at}/type", f"a {kind} block cannot stand in a {surface}", "wrong_surface")
    yield from check_string(block, "block_id", at, most=255)
    yield from check(block, at)
    for child_position, child in enumerate(items(block, "child_blocks")):
        yield from _check_block(child, surface, f"{at}/child_blocks/{child_position}")


def _check_unique(blocks: Sequence[Any], at: str) -> Iterator[Problem]:
    named = [block["block_id"] for block in blocks if isinstance(block, Mapping) and block.get("block_id")]
    for block_id, times in Counter(named).items():
        if times > 1:
            yield Problem(at, f"block_id must be unique, {block_id} stands {times} times")
    for position, block in enumerate(blocks):
        if not isinstance(block, Mapping):
            continue
        actions = Counter(element["action_id"] for element in elements_of(block) if element.get("action_id"))
        for action_id, times in actions.items():
            if times > 1:
                yield Problem(
                    f"{at}/{position}", f"action_id must be unique in a block, {action_id} stands {times} times"
                )


def elements_of(block: Json) -> list[Json]:
    """List the elements of a block that a person can press or fill in."""
    single = [block[name] for name in ("accessory", "element") if isinstance(block.get(name), Mapping)]
    return [*single, *items(block, "elements"), *items(block, "actions")]


def _check_totals(blocks: Sequence[Json]) -> Iterator[Problem]:
    kinds = Counter(block.get("type") for block in blocks)
    if kinds["data_visualization"] > CHARTS_OF_MESSAGE:
        yield Problem("/blocks", f"a message takes {CHARTS_OF_MESSAGE} data_visualization blocks")
    if kinds["table"] > TABLES_OF_MESSAGE:
        yield Problem("/blocks", "only_one_table_allowed: a message takes one table block")
    markdown = sum(len(str(block.get("text"))) for block in blocks if block.get("type") == "markdown")
    if markdown > MARKDOWN_OF_MESSAGE:
        yield Problem("/blocks", f"markdown blocks must be at most {MARKDOWN_OF_MESSAGE} characters together")
    length = sum(_length(block) for block in blocks if block.get("type") not in _FIGURES)
    if length > TEXT_OF_MESSAGE:
        message = f"blocks must be at most {TEXT_OF_MESSAGE} characters together, are {length}"
        yield Problem("/blocks", message, "too_long_together")


def _length(thing: object) -> int:
    if isinstance(thing, Mapping):
        own = len(thing["text"]) if isinstance(thing.get("text"), str) else 0
        return own + sum(_length(value) for value in thing.values() if not isinstance(value, str))
    if isinstance(thing, Sequence) and not isinstance(thing, str):
        return sum(_length(one) for one in thing)
    return 0


__all__ = ["HOME", "MESSAGE", "MODAL", "Problem", "check_message", "check_view", "elements_of"]
