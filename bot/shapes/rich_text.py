"""Rich text, as Slack's own editor makes it, written as the text that Slack would send beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.shapes.fields import id_or_none, mappings_at, text_or_none
from bot.shapes.loose import words_in
from bot.shapes.notation import escaped

_INDENT = "    "


def rich_text_lines(block: Mapping[str, object]) -> Iterator[str]:
    """Give the lines of a rich text block: lists with their bullets and numbers, quotes with their marks."""
    for element in mappings_at(block, "elements"):
        match element.get("type"):
            case "rich_text_list":
                yield from _list_lines(element)
            case "rich_text_quote":
                yield from (f"&gt; {line}" for line in inline(element).splitlines())
            case _:
                yield inline(element)


def inline(element: Mapping[str, object]) -> str:
    """Join the words, links, people and emoji of one section."""
    if not isinstance(element.get("elements"), list):
        return _piece(element)
    return "".join(_piece(piece) for piece in mappings_at(element, "elements"))


def _list_lines(element: Mapping[str, object]) -> Iterator[str]:
    depth, first = element.get("indent"), element.get("offset")
    margin = _INDENT * min(depth, 8) if isinstance(depth, int) else ""
    start = first + 1 if isinstance(first, int) else 1
    is_numbered = element.get("style") == "ordered"
    for number, entry in enumerate(mappings_at(element, "elements"), start):
        words = inline(entry)
        if words.strip():
            yield f"{margin}{f'{number}.' if is_numbered else '•'} {words}"


def _piece(piece: Mapping[str, object]) -> str:
    match piece.get("type"):
        case "text":
            text = piece.get("text")
            return escaped(text) if isinstance(text, str) else ""
        case "link":
            return _link(piece)
        case "emoji":
            return f":{name}:" if (name := text_or_none(piece, "name")) else ""
        case "broadcast":
            return f"<!{reach}>" if (reach := id_or_none(piece, "range")) else ""
        case "date":
            return escaped(text_or_none(piece, "fallback") or "")
    return _named(piece) or " ".join(words_in(piece))


def _named(piece: Mapping[str, object]) -> str | None:
    for field, sign in (("user_id", "@"), ("channel_id", "#"), ("usergroup_id", "!subteam^")):
        if named := id_or_none(piece, field):
            return f"<{sign}{named}>"
    return None


def _link(piece: Mapping[str, object]) -> str:
    address, label = text_or_none(piece, "url"), text_or_none(piece, "text")
    if not address or not set(address).isdisjoint("<>|"):
        return escaped(label or address or "")
    return f"<{address}|{escaped(label)}>" if label else f"<{address}>"
