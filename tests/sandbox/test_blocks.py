from __future__ import annotations

from typing import Any

import pytest

from bot.sandbox.blocks.surfaces import check_message, check_view

Block = dict[str, Any]


def plain(text: str = "words") -> Block:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str = "words") -> Block:
    return {"type": "mrkdwn", "text": text}


def section(**fields: Any) -> Block:
    return {"type": "section", "text": mrkdwn()} | fields


def button(**fields: Any) -> Block:
    return {"type": "button", "action_id": "go", "text": plain()} | fields


def option(value: str = "a") -> Block:
    return {"text": plain(value), "value": value}


def select(**fields: Any) -> Block:
    return {"type": "static_select", "action_id": "pick", "options": [option("a"), option("b")]} | fields


def entry(element: Block, **fields: Any) -> Block:
    return {"type": "input", "label": plain(), "element": element} | fields


def modal(*blocks: Block, **fields: Any) -> Block:
    return {"type": "modal", "title": plain(), "blocks": list(blocks)} | fields


def cells(*texts: str) -> list[Block]:
    return [{"type": "raw_text", "text": text} for text in texts]


def bars(**fields: Any) -> Block:
    points = [{"label": "Mon", "value": 2}, {"label": "Tue", "value": -1}]
    chart = {
        "type": "bar",
        "series": [{"name": "customer", "data": points}],
        "axis_config": {"categories": ["Mon", "Tue"]},
    }
    return {"type": "data_visualization", "title": "The week", "chart": chart | fields}


def pie(value: float = 1, **fields: Any) -> Block:
    chart = {"type": "pie", "segments": [{"label": "customer", "value": value}]}
    return {"type": "data_visualization", "title": "Sides", "chart": chart | fields}


GOOD = [
    section(),
    section(fields=[plain(), mrkdwn()], accessory=button()),
    section(accessory=select(option_groups=[{"label": plain(), "options": [option()]}], options=None)),
    {"type": "header", "text": plain("x" * 150), "level": 2},
    {"type": "divider"},
    {"type": "context", "elements": [mrkdwn()] * 10},
    {"type": "actions", "elements": [button(value="1:2", style="primary"), select()]},
    {"type": "markdown", "text": "# Hello"},
    {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": []}]},
    {"type": "image", "image_url": "https://example.com/a.png", "alt_text": "a chart"},
    {"type": "table", "rows": [cells("Side", "Heard"), cells("customer", "3")], "column_settings": [{"align": "left"}]},
    {"type": "data_table", "caption": "Sides", "rows": [cells("Side", "Heard"), cells("customer", "3")]},
    {"type": "container", "title": plain(), "child_blocks": [section()]},
    {"type": "card", "title": plain(), "actions": [button()]},
    bars(),
    pie(),
]
BAD = [
    ({"type": "hologram"}, "/blocks/0/type", "unsupported type"),
    ({"type": "section"}, "/blocks/0", "text or fields"),
    (section(text=mrkdwn("")), "/blocks/0/text", "missing required field: text"),
    (section(text=mrkdwn("x" * 3001)), "/blocks/0/text/text", "at most 3000"),
    (section(text="words"), "/blocks/0/text", "text object"),
    (section(text={"type": "html", "text": "x"}), "/blocks/0/text/type", "mrkdwn or plain_text"),
    (section(colour="red"), "/blocks/0/colour", "unknown field"),
    (section(block_id="x" * 256), "/blocks/0/block_id", "at most 255"),
    (section(fields=[mrkdwn()] * 11), "/blocks/0/fields", "1 to 10"),
    (section(fields=[mrkdwn("x" * 2001)]), "/blocks/0/fields/0/text", "at most 2000"),
    (section(accessory={"type": "plain_text_input"}), "/blocks/0/accessory/type", "unsupported element"),
    ({"type": "header", "text": mrkdwn()}, "/blocks/0/text/type", "plain_text"),
    ({"type": "header", "text": plain("x" * 151)}, "/blocks/0/text/text", "at most 150"),
    ({"type": "context", "elements": []}, "/blocks/0", "missing required field: elements"),
    ({"type": "context", "elements": [mrkdwn()] * 11}, "/blocks/0/elements", "1 to 10"),
    ({"type": "actions", "elements": [button(action_id=str(n)) for n in range(26)]}, "/blocks/0/elements", "1 to 25"),
    ({"type": "actions", "elements": [button(), button()]}, "/blocks/0", "action_id must be unique"),
    ({"type": "actions", "elements": [button(text=plain("x" * 76))]}, "/blocks/0/elements/0/text/text", "at most 75"),
    ({"type": "actions", "elements": [button(value="x" * 2001)]}, "/blocks/0/elements/0/value", "at most 2000"),
    ({"type": "actions", "elements": [button(style="pink")]}, "/blocks/0/elements/0/style", "one of primary, danger"),
    ({"type": "actions", "elements": [button(action_id="x" * 256)]}, "/blocks/0/elements/0/action_id", "at most 255"),
    ({"type": "actions", "elements": [select(options=[option()] * 101)]}, "/blocks/0/elements/0/options", "1 to 100"),
    (
        {"type": "actions", "elements": [select(initial_option=option("c"))]},
        "/blocks/0/elements/0",
        "exactly one of the options",
    ),
    (
        {"type": "actions", "elements": [select(options=[{"text": plain("x" * 76), "value": "a"}])]},
        "/blocks/0/elements/0/options/0/text/text",
        "at most 75",
    ),
    (
        {"type": "actions", "elements": [{"type": "overflow", "action_id": "o", "options": [option()] * 6}]},
        "/blocks/0/elements/0/options",
        "1 to 5",
    ),
    ({"type": "image", "image_url": "https://example.com/a.png"}, "/blocks/0", "alt_text"),
    ({"type": "markdown", "text": "x" * 12_001}, "/blocks/0/text", "at most 12000"),
    ({"type": "alert", "text": mrkdwn()}, "/blocks/0/type", "cannot stand in a message"),
    ({"type": "table", "rows": [cells("a")] * 101}, "/blocks/0/rows", "1 to 100"),
    ({"type": "table", "rows": [cells(*["a"] * 21)]}, "/blocks/0/rows/0", "1 to 20 cells"),
    ({"type": "table", "rows": [cells("x" * 10_001)]}, "/blocks/0/rows", "at most 10000 characters"),
    ({"type": "table", "rows": [[{"type": "mrkdwn", "text": "x"}]]}, "/blocks/0/rows/0/0/type", "raw_text"),
    ({"type": "data_table", "rows": [cells("a"), cells("b")]}, "/blocks/0", "caption"),
    ({"type": "data_table", "caption": "c", "rows": [cells("a")]}, "/blocks/0/rows", "2 to 201"),
    ({"type": "data_table", "caption": "c", "rows": [cells("a", "b"), cells("c")]}, "/blocks/0/rows", "as many cells"),
    (
        {"type": "data_table", "caption": "c", "rows": [cells("a"), cells("b")], "page_size": 0},
        "/blocks/0/page_size",
        "1 to 100",
    ),
    (bars() | {"title": "x" * 51}, "/blocks/0/title", "at most 50"),
    (bars(type="radar"), "/blocks/0/chart/type", "bar, line, area, pie"),
    (bars(axis_config={"categories": ["Mon"]}), "/blocks/0/chart/series/0/data", "exactly one point"),
    (bars(axis_config={"categories": ["Mon", "Mon"]}), "/blocks/0/chart/axis_config/categories", "different"),
    (
        bars(series=[{"name": "x" * 21, "data": [{"label": "Mon", "value": 1}, {"label": "Tue", "value": 1}]}]),
        "/blocks/0/chart/series/0/name",
        "at most 20",
    ),
    (bars(series=[]), "/blocks/0/chart", "missing required field: series"),
    (pie(0), "/blocks/0/chart/segments/0/value", "above 0"),
    (pie(segments=[{"label": "x", "value": 1}] * 13), "/blocks/0/chart/segments", "1 to 12"),
    ({"type": "container", "child_blocks": [{"type": "section"}]}, "/blocks/0/child_blocks/0", "text or fields"),
]


@pytest.mark.parametrize("block", GOOD, ids=lambda block: str(block["type"]))
def test_good_blocks_pass(block: Block) -> None:
    assert check_message([block]) == []


@pytest.mark.parametrize(("block", "pointer", "said"), BAD)
def test_a_bad_block_is_refused_with_its_place(block: Block, pointer: str, said: str) -> None:
    problems = check_message([block])
    assert any(problem.pointer == pointer and said in problem.message for problem in problems), problems


@pytest.mark.parametrize(
    ("blocks", "said"),
    [
        ([{"type": "divider"}] * 51, "at most 50 blocks"),
        ([section(block_id="twin"), section(block_id="twin")], "block_id must be unique"),
        ([bars(), bars(), pie()], "2 data_visualization"),
        ([{"type": "table", "rows": [cells("a")]}] * 2, "one table"),
        ([{"type": "markdown", "text": "x" * 6001}] * 2, "12000 characters together"),
        ([section(text=mrkdwn("x" * 2700))] * 5, "13000 characters together"),
        ("words", "must be a list"),
        (["words"], "must be an object"),
    ],
)
def test_a_message_is_checked_as_a_whole(blocks: object, said: str) -> None:
    assert any(said in problem.message for problem in check_message(blocks)), check_message(blocks)


@pytest.mark.parametrize(
    "view",
    [
        modal(section()),
        modal(entry(select()), submit=plain("Save")),
        modal(entry({"type": "plain_text_input", "action_id": "t", "multiline": True}), submit=plain("Save")),
        modal({"type": "alert", "text": mrkdwn(), "level": "warning"}),
        modal(*[{"type": "divider"}] * 100),
    ],
)
def test_good_modals_pass(view: Block) -> None:
    assert check_view(view, surface="modal") == []


@pytest.mark.parametrize(
    ("view", "said"),
    [
        ({"type": "modal", "blocks": []}, "missing required field: title"),
        (modal(title=plain("x" * 25)), "at most 24"),
        (modal(title=mrkdwn()), "must be plain_text"),
        (modal(submit=plain("x" * 25)), "at most 24"),
        (modal(entry(select())), "submit, as there is an input block"),
        (modal(entry({"type": "hologram"}), submit=plain()), "unsupported element"),
        (modal(entry(select(), label=mrkdwn()), submit=plain()), "must be plain_text"),
        (modal(private_metadata="x" * 3001), "at most 3000"),
        (modal(callback_id="x" * 256), "at most 255"),
        (modal(*[{"type": "divider"}] * 101), "at most 100 blocks"),
        (modal(bars()), "cannot stand in a modal"),
        (modal(colour="red"), "unknown field: colour"),
        ({"type": "home", "blocks": []}, "must be modal"),
        ("words", "must be an object"),
    ],
)
def test_a_bad_modal_is_refused(view: object, said: str) -> None:
    problems = check_view(view, surface="modal")
    assert any(said in problem.message for problem in problems), problems


def test_home_has_no_title_and_takes_tables() -> None:
    assert check_view({"type": "home", "blocks": [GOOD[10]]}, surface="home") == []
    [problem] = check_view({"type": "home", "title": plain(), "blocks": []}, surface="home")
    assert problem.pointer == "/view/title"
