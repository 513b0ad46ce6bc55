"""Rules for tables and charts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.sandbox.blocks.rules import (
    Json,
    Problem,
    check_choice,
    check_fields,
    check_list,
    check_string,
    check_whole,
    items,
)

TABLE_CHARACTERS = 10_000
DATA_TABLE_CHARACTERS = 20_000
_LABEL = 20


def check_table(block: Json, at: str) -> Iterator[Problem]:
    """Check a plain table: 100 rows, 20 columns, 10,000 characters."""
    yield from check_fields(block, at, needed=["rows"], known=["block_id", "column_settings"])
    yield from check_list(block, "rows", at, most=100)
    yield from check_list(block, "column_settings", at, most=20)
    yield from _check_rows(block, at, kinds=("raw_text", "raw_number", "rich_text"), most=TABLE_CHARACTERS)
    for position, column in enumerate(items(block, "column_settings")):
        where = f"{at}/column_settings/{position}"
        yield from check_fields(column, where, known=["align", "is_wrapped"])
        yield from check_choice(column, "align", where, ["left", "center", "right"])


def check_data_table(block: Json, at: str) -> Iterator[Problem]:
    """Check a sortable table: a caption, a first row of headings, rows of one length."""
    known = ["block_id", "page_size", "row_header_column_index"]
    yield from check_fields(block, at, needed=["caption", "rows"], known=known)
    yield from check_list(block, "rows", at, least=2, most=201)
    yield from check_whole(block, "page_size", at, least=1, most=100)
    yield from check_whole(block, "row_header_column_index", at, least=0, most=19)
    yield from _check_rows(block, at, kinds=("raw_text", "raw_number", "rich_text"), most=DATA_TABLE_CHARACTERS)
    widths = {len(row) for row in _rows(block)}
    if len(widths) > 1:
        yield Problem(f"{at}/rows", "every row must have as many cells as the first")


def check_chart(block: Json, at: str) -> Iterator[Problem]:
    """Check a chart: a pie of segments, or series of points over categories."""
    yield from check_fields(block, at, needed=["title", "chart"], known=["block_id"])
    yield from check_string(block, "title", at, most=50)
    chart = block.get("chart") or {}
    at = f"{at}/chart"
    yield from check_choice(chart, "type", at, ["bar", "line", "area", "pie"])
    if chart.get("type") == "pie":
        yield from _check_pie(chart, at)
    else:
        yield from _check_series(chart, at)


def _check_pie(chart: Json, at: str) -> Iterator[Problem]:
    yield from check_fields(chart, at, needed=["segments"])
    yield from check_list(chart, "segments", at, most=12)
    for position, segment in enumerate(items(chart, "segments")):
        where = f"{at}/segments/{position}"
        yield from check_fields(segment, where, needed=["label"], known=["value"])
        yield from check_string(segment, "label", where, most=_LABEL)
        if not _is_number(segment.get("value")) or segment["value"] <= 0:
            yield Problem(f"{where}/value", "must be a number above 0")


def _check_series(chart: Json, at: str) -> Iterator[Problem]:
    yield from check_fields(chart, at, needed=["type", "series", "axis_config"])
    axis = chart.get("axis_config") or {}
    yield from check_fields(axis, f"{at}/axis_config", needed=["categories"], known=["x_label", "y_label"])
    yield from check_list(axis, "categories", f"{at}/axis_config", most=20)
    for name in ("x_label", "y_label"):
        yield from check_string(axis, name, f"{at}/axis_config", most=50)
    categories = [str(category) for category in axis.get("categories") or []]
    if any(len(category) > _LABEL for category in categories) or len(set(categories)) != len(categories):
        yield Problem(f"{at}/axis_config/categories", f"must be different and at most {_LABEL} characters each")
    yield from check_list(chart, "series", at, most=12)
    names = [series.get("name") for series in items(chart, "series")]
    if len(set(names)) != len(names):
        yield Problem(f"{at}/series", "names of series must be unique")
    for position, series in enumerate(items(chart, "series")):
        yield from _check_points(series, f"{at}/series/{position}", categories)


def _check_points(series: Json, at: str, categories: Sequence[str]) -> Iterator[Problem]:
    yield from check_fields(series, at, needed=["name", "data"])
    yield from check_string(series, "name", at, most=_LABEL)
    yield from check_list(series, "data", at, most=20)
    points = items(series, "data")
    if sorted(str(point.get("label")) for point in points) != sorted(categories):
        yield Problem(f"{at}/data", "must have exactly one point for each category")
    for position, point in enumerate(points):
        where = f"{at}/data/{position}"
        yield from check_fields(point, where, needed=["label"], known=["value"])
        yield from check_string(point, "label", where, most=_LABEL)
        if not _is_number(point.get("value")):
            yield Problem(f"{where}/value", "must be a number")


def _check_rows(block: Json, at: str, *, kinds: Sequence[str], most: int) -> Iterator[Problem]:
    length = 0
    for position, row in enumerate(_rows(block)):
        if not 1 <= len(row) <= 20:  # noqa: PLR2004 - Slack's limit, named in the message
            yield Problem(f"{at}/rows/{position}", f"must hold 1 to 20 cells, holds {len(row)}")
        for column, cell in enumerate(row):
            where = f"{at}/rows/{position}/{column}"
            yield from check_choice(cell, "type", where, kinds)
            if cell.get("type") == "raw_text":
                yield from check_fields(cell, where, needed=["text"])
            length += len(str(cell.get("text", "")))
    if length > most:
        yield Problem(f"{at}/rows", f"must be at most {most} characters together, is {length}")


def _rows(block: Json) -> list[list[Json]]:
    rows = block.get("rows")
    if not isinstance(rows, list):
        return []
    return [[cell for cell in row if isinstance(cell, dict)] for row in rows if isinstance(row, list)]


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
