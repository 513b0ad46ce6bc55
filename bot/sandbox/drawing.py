"""Blocks as a person would see them, drawn for a terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from rich import box
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.rule import Rule
from rich.table import Column, Table
from rich.text import Text

from bot.sandbox.blocks.rules import items
from bot.sandbox.notation import Namer, plain, styled
from bot.sandbox.payloads import initially

Block = Mapping[str, Any]
BAR_WIDTH = 24
_BAR = "█"


def draw_blocks(blocks: Iterable[Block], name: Namer) -> RenderableType:
    """Draw a message's or modal's blocks one below the other."""
    return Group(*(draw_block(block, name) for block in blocks))


def draw_block(block: Block, name: Namer) -> RenderableType:
    """Draw one block; of a kind that has no picture here, say what it is."""
    draw = _PICTURES.get(str(block.get("type")))
    return Text(f"[{block.get('type')}]", style="dim") if draw is None else draw(block, name)


def draw_modal(view: Block, name: Namer) -> RenderableType:
    """Draw a modal as a window."""
    title = _text(view.get("title"), name)
    buttons = [_button(view[which], name) for which in ("close", "submit") if view.get(which)]
    body = Group(draw_blocks(items(view, "blocks"), name), Text("  ").join(buttons))
    return Panel(body, title=title, box=box.ROUNDED, width=88, padding=(1, 2))


def _text(text: Any, name: Namer) -> Text:  # noqa: ANN401 - a text object or nothing
    if not isinstance(text, Mapping):
        return Text()
    words = str(text.get("text", ""))
    return styled(words, name) if text.get("type") == "mrkdwn" else Text(plain(words, name))


def _section(block: Block, name: Namer) -> RenderableType:
    parts: list[RenderableType] = [_text(block["text"], name)] if block.get("text") else []
    fields = items(block, "fields")
    if fields:
        grid = Table.grid(padding=(0, 3))
        for start in range(0, len(fields), 2):
            grid.add_row(*(_text(field, name) for field in fields[start : start + 2]))
        parts.append(grid)
    if isinstance(block.get("accessory"), Mapping):
        parts.append(_element(block["accessory"], name))
    return Group(*parts)


def _header(block: Block, name: Namer) -> RenderableType:
    text = _text(block["text"], name)
    text.stylize("bold underline")
    return text


def _context(block: Block, name: Namer) -> RenderableType:
    text = Text("  ").join(_text(element, name) for element in items(block, "elements"))
    text.stylize("dim")
    return text


def _actions(block: Block, name: Namer) -> RenderableType:
    return Text("  ").join(_element(element, name) for element in items(block, "elements"))


def _input(block: Block, name: Namer) -> RenderableType:
    label = _text(block["label"], name)
    label.stylize("bold")
    parts = [label, _element(block["element"], name)]
    if block.get("hint"):
        hint = _text(block["hint"], name)
        hint.stylize("dim")
        parts.append(hint)
    return Padding(Group(*parts), (1, 0, 0, 0))


def _element(element: Block, name: Namer) -> Text:
    kind = str(element["type"])
    if kind == "button":
        return _button(element["text"], name)
    chosen = initially(element)
    if kind in {"radio_buttons", "checkboxes"}:
        marks = (("(•) " if option["value"] == chosen else "( ) ", option) for option in items(element, "options"))
        return Text("\n").join(Text(mark).append_text(_text(option["text"], name)) for mark, option in marks)
    shown = next((_text(one["text"], name) for one in _options(element) if one["value"] == chosen), None)
    return Text.assemble("[ ", shown or str(chosen or " "), " ▾ ]" if kind.endswith("select") else " ]")


def _button(text: Block, name: Namer) -> Text:
    label = _text(text, name)
    return Text.assemble(Text(" "), label, Text(" "), style="reverse")


def _options(element: Block) -> list[Block]:
    grouped = (option for group in items(element, "option_groups") for option in items(group, "options"))
    return [*items(element, "options"), *grouped]


def _divider(_block: Block, _name: Namer) -> RenderableType:
    return Rule(style="dim")


def _rich_text(block: Block, name: Namer) -> RenderableType:
    return Text(plain(_words(block), name))


def _table(block: Block, name: Namer) -> RenderableType:
    rows = [[plain(_words(cell), name) for cell in row] for row in block["rows"]]
    heads = (Column(head, overflow="fold") for head in rows[0])
    table = Table(*heads, title=block.get("caption"), box=box.SIMPLE_HEAD, title_justify="left")
    for row in rows[1:]:
        table.add_row(*row)
    return table


def _chart(block: Block, name: Namer) -> RenderableType:
    chart = block["chart"]
    if chart["type"] == "pie":
        bars = [(segment["label"], segment["value"]) for segment in chart["segments"]]
    else:
        bars = [
            (f"{point['label']} · {series['name']}", point["value"])
            for series in chart["series"]
            for point in series["data"]
        ]
    most = max((value for _, value in bars), default=0) or 1
    grid = Table.grid(padding=(0, 1))
    for label, value in bars:
        grid.add_row(plain(label, name), Text(_BAR * round(BAR_WIDTH * max(value, 0) / most)), f"{value:g}")
    return Group(Text(plain(block["title"], name), style="bold"), grid)


def _markdown(block: Block, name: Namer) -> RenderableType:
    return Text(plain(str(block["text"]), name))


def _words(thing: Any) -> str:  # noqa: ANN401 - any part of a block
    if isinstance(thing, Mapping):
        own = thing.get("text")
        return own if isinstance(own, str) else "".join(_words(value) for value in thing.values())
    return "".join(_words(one) for one in thing) if isinstance(thing, list) else ""


_PICTURES: Mapping[str, Callable[[Block, Namer], RenderableType]] = {
    "section": _section,
    "header": _header,
    "context": _context,
    "actions": _actions,
    "input": _input,
    "divider": _divider,
    "rich_text": _rich_text,
    "table": _table,
    "data_table": _table,
    "data_visualization": _chart,
    "markdown": _markdown,
}
