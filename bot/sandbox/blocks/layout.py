"""Rules for the blocks themselves, charts and tables apart."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from bot.sandbox.blocks.elements import (
    IN_ACTIONS,
    IN_CONTEXT_ACTIONS,
    IN_INPUT,
    IN_SECTION,
    check_button,
    check_element,
    check_image_element,
)
from bot.sandbox.blocks.figures import check_chart, check_data_table, check_table
from bot.sandbox.blocks.rules import (
    MARKS,
    Json,
    Problem,
    check_choice,
    check_fields,
    check_list,
    check_string,
    check_text,
    check_text_object,
    check_whole,
    items,
)

Check = Callable[[Json, str], Iterator[Problem]]


def check_section(block: Json, at: str) -> Iterator[Problem]:
    """Check a section: text, fields or both, and one element beside them."""
    yield from check_fields(block, at, known=["block_id", "text", "fields", "accessory", "expand"])
    if not (block.get("text") or block.get("fields")):
        yield Problem(at, "missing required field: text or fields", "missing_field")
    yield from check_text(block, "text", at, most=3000, marks=MARKS)
    yield from check_list(block, "fields", at, most=10)
    for position, field in enumerate(items(block, "fields")):
        yield from check_text_object(field, f"{at}/fields/{position}", most=2000)
    if block.get("accessory") is not None:
        yield from check_element(block["accessory"], f"{at}/accessory", IN_SECTION)


def check_header(block: Json, at: str) -> Iterator[Problem]:
    """Check a header."""
    yield from check_fields(block, at, needed=["text"], known=["block_id", "level"])
    yield from check_text(block, "text", at, most=150)
    yield from check_whole(block, "level", at, least=1, most=4)


def check_context(block: Json, at: str) -> Iterator[Problem]:
    """Check a line of small texts and images."""
    yield from check_fields(block, at, needed=["elements"], known=["block_id"])
    yield from check_list(block, "elements", at, most=10)
    for position, element in enumerate(items(block, "elements")):
        where = f"{at}/elements/{position}"
        if element.get("type") == "image":
            yield from check_image_element(element, where)
        else:
            yield from check_text_object(element, where, most=3000)


def check_actions(block: Json, at: str) -> Iterator[Problem]:
    """Check a row of elements."""
    yield from check_fields(block, at, needed=["elements"], known=["block_id"])
    yield from check_list(block, "elements", at, most=25)
    for position, element in enumerate(items(block, "elements")):
        yield from check_element(element, f"{at}/elements/{position}", IN_ACTIONS)


def check_context_actions(block: Json, at: str) -> Iterator[Problem]:
    """Check the row under a message of an assistant."""
    yield from check_fields(block, at, needed=["elements"], known=["block_id"])
    yield from check_list(block, "elements", at, most=5)
    for position, element in enumerate(items(block, "elements")):
        yield from check_element(element, f"{at}/elements/{position}", IN_CONTEXT_ACTIONS)


def check_divider(block: Json, at: str) -> Iterator[Problem]:
    """Check a line."""
    yield from check_fields(block, at, known=["block_id"])


def check_image(block: Json, at: str) -> Iterator[Problem]:
    """Check a large image."""
    yield from check_fields(block, at, needed=["alt_text"], known=["block_id", "image_url", "slack_file", "title"])
    if bool(block.get("image_url")) == bool(block.get("slack_file")):
        yield Problem(at, "must have image_url or slack_file, and not both")
    yield from check_string(block, "image_url", at, most=3000)
    yield from check_string(block, "alt_text", at, most=2000)
    yield from check_text(block, "title", at, most=2000)


def check_input(block: Json, at: str) -> Iterator[Problem]:
    """Check a labelled field."""
    known = ["block_id", "hint", "optional", "dispatch_action"]
    yield from check_fields(block, at, needed=["label", "element"], known=known)
    yield from check_text(block, "label", at, most=2000)
    yield from check_text(block, "hint", at, most=2000)
    if isinstance(block.get("element"), Mapping):
        yield from check_element(block["element"], f"{at}/element", IN_INPUT)


def check_markdown(block: Json, at: str) -> Iterator[Problem]:
    """Check a block of real Markdown."""
    yield from check_fields(block, at, needed=["text"], known=["block_id"])
    yield from check_string(block, "text", at, most=12_000)


def check_rich_text(block: Json, at: str) -> Iterator[Problem]:
    """Check the frame of rich text."""
    yield from check_fields(block, at, needed=["elements"], known=["block_id"])
    allowed = ["rich_text_section", "rich_text_list", "rich_text_quote", "rich_text_preformatted"]
    for position, element in enumerate(items(block, "elements")):
        yield from check_choice(element, "type", f"{at}/elements/{position}", allowed)


def check_alert(block: Json, at: str) -> Iterator[Problem]:
    """Check a notice in a modal."""
    yield from check_fields(block, at, needed=["text"], known=["block_id", "level"])
    yield from check_text(block, "text", at, most=200, marks=MARKS)
    yield from check_choice(block, "level", at, ["default", "info", "warning", "error", "success"])


def check_card(block: Json, at: str) -> Iterator[Problem]:
    """Check a card."""
    texts = {"title": 150, "subtitle": 150, "body": 200, "subtext": 200}
    known = ["block_id", *texts, "hero_image", "icon", "actions", "slack_icon"]
    yield from check_fields(block, at, known=known)
    for name, most in texts.items():
        yield from check_text(block, name, at, most=most, marks=MARKS)
    yield from check_list(block, "actions", at, most=3)
    for position, element in enumerate(items(block, "actions")):
        yield from check_button(element, f"{at}/actions/{position}")


def check_carousel(block: Json, at: str) -> Iterator[Problem]:
    """Check a row of cards."""
    yield from check_fields(block, at, needed=["elements"], known=["block_id"])
    yield from check_list(block, "elements", at, most=10)
    for position, card in enumerate(items(block, "elements")):
        yield from check_card(card, f"{at}/elements/{position}")


def check_container(block: Json, at: str) -> Iterator[Problem]:
    """Check a frame around other blocks."""
    known = ["block_id", "title", "subtitle", "width", "is_collapsible", "default_collapsed", "icon"]
    yield from check_fields(block, at, needed=["child_blocks"], known=known)
    yield from check_text(block, "title", at, most=150, marks=MARKS)
    yield from check_text(block, "subtitle", at, most=150, marks=MARKS)
    yield from check_list(block, "child_blocks", at, most=10)


MESSAGE, MODAL, HOME = "message", "modal", "home"
EVERYWHERE = frozenset({MESSAGE, MODAL, HOME})
ON_MESSAGES = frozenset({MESSAGE})
ON_MESSAGES_AND_HOME = frozenset({MESSAGE, HOME})

BLOCKS: Mapping[str, tuple[frozenset[str], Check]] = {
    "section": (EVERYWHERE, check_section),
    "header": (EVERYWHERE, check_header),
    "context": (EVERYWHERE, check_context),
    "divider": (EVERYWHERE, check_divider),
    "image": (EVERYWHERE, check_image),
    "actions": (EVERYWHERE, check_actions),
    "rich_text": (EVERYWHERE, check_rich_text),
    "input": (EVERYWHERE, check_input),
    "card": (EVERYWHERE, check_card),
    "carousel": (ON_MESSAGES_AND_HOME, check_carousel),
    "table": (ON_MESSAGES_AND_HOME, check_table),
    "data_table": (ON_MESSAGES_AND_HOME, check_data_table),
    # Some report that Home takes charts too; the documentation says messages alone.
    "data_visualization": (ON_MESSAGES, check_chart),
    "markdown": (ON_MESSAGES, check_markdown),
    "container": (ON_MESSAGES, check_container),
    "context_actions": (ON_MESSAGES, check_context_actions),
    "alert": (frozenset({MODAL}), check_alert),
}
"""Where each kind may stand, and its own rules. Kinds that Ballast has no use for (video, plan …) are refused."""
