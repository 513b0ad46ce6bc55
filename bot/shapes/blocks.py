"""Blocks as plain lines: the words that a reader sees, without the controls to press."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from bot.shapes.fields import mapping_at, mappings_at, text_or_none
from bot.shapes.loose import words_in
from bot.shapes.notation import escaped
from bot.shapes.rich_text import rich_text_lines

Block = Mapping[str, object]

DEEPEST = 6
"""How many layouts may stand in each other; words below that are taken without their layout."""
_CONTROLS = ("actions", "context_actions", "divider")  # a tuple: what stands at "type" may be of any type


def blocks_lines(blocks: Iterable[Block], *, depth: int = 0) -> Iterator[str]:
    """Give the lines of blocks in their order; one of a type that nobody knows gives whatever words it holds."""
    for block in blocks:
        if block.get("type") not in _CONTROLS:
            yield from list(_lines_of(block, depth)) or words_in(block)


def _lines_of(block: Block, depth: int) -> Iterator[str]:
    kind = block.get("type")
    if kind == "container" and depth < DEEPEST:
        inner = [*mappings_at(block, "blocks"), *mappings_at(block, "child_blocks")]
        yield from _texts(block, "title", "subtitle", "description")
        yield from blocks_lines(inner, depth=depth + 1)
    elif isinstance(kind, str) and (lines := _LINES.get(kind)):
        yield from (line for line in lines(block) if line.strip())


def text_of(block: Block, field: str) -> str | None:
    """Return the words of a text object, or of a bare text where an object belongs; None without any."""
    value = block.get(field)
    if isinstance(value, str):
        return value
    if not isinstance(value, Mapping):
        return None
    text = text_or_none(value, "text")
    return escaped(text) if text and value.get("type") == "plain_text" else text


def _texts(block: Block, *fields: str) -> Iterator[str]:
    for field in fields:
        if text := text_of(block, field):
            yield text


def _section_lines(block: Block) -> Iterator[str]:
    yield from _texts(block, "text")
    for entry in mappings_at(block, "fields"):
        yield from _texts({"text": entry}, "text")
    accessory = mapping_at(block, "accessory")
    if accessory.get("type") == "image":
        yield from _image_lines(accessory)


def _context_lines(block: Block) -> Iterator[str]:
    for element in mappings_at(block, "elements"):
        yield from _image_lines(element) if element.get("type") == "image" else _texts({"text": element}, "text")


def _image_lines(block: Block) -> Iterator[str]:
    title, alternative = text_of(block, "title"), text_or_none(block, "alt_text")
    yield from (text for text in (title, escaped(alternative) if alternative else None) if text)


def _video_lines(block: Block) -> Iterator[str]:
    yield from _texts(block, "title", "description")


def _table_lines(block: Block) -> Iterator[str]:
    yield from _texts(block, "caption")
    rows = block.get("rows")
    for row in rows if isinstance(rows, list) else ():
        cells = row if isinstance(row, list) else [row]
        line = [_cell(cell) for cell in cells]
        if any(line):
            yield " | ".join(line)


def _cell(cell: object) -> str:
    if not isinstance(cell, Mapping):
        return escaped(cell) if isinstance(cell, str) else ""
    if cell.get("type") == "rich_text":
        return " ".join(rich_text_lines(cell)).replace("\n", " ")
    text, number = text_or_none(cell, "text"), cell.get("value")
    if text:
        return escaped(text)
    return str(number) if isinstance(number, int | float) else " ".join(words_in(cell))


def _text_lines(block: Block) -> Iterator[str]:
    yield from _texts(block, "text")


_LINES: Mapping[str, Callable[[Block], Iterator[str]]] = {
    "context": _context_lines,
    "data_table": _table_lines,
    "header": _text_lines,
    "image": _image_lines,
    "markdown": _text_lines,
    "rich_text": rich_text_lines,
    "section": _section_lines,
    "table": _table_lines,
    "video": _video_lines,
}
