"""Options, option groups and confirmation dialogs: what selects, radio buttons, checkboxes and buttons are made of."""

from __future__ import annotations

from collections.abc import Iterator

from bot.sandbox.blocks.rules import (
    MARKS,
    PLAIN,
    Json,
    Problem,
    check_choice,
    check_fields,
    check_list,
    check_string,
    check_text,
    items,
)


def check_options(element: Json, at: str, *, most: int, marks: frozenset[str] = PLAIN) -> Iterator[Problem]:
    """Demand options, or groups of them, and that what is chosen from the start is one of them."""
    groups = items(element, "option_groups")
    if bool(groups) == bool(element.get("options")):
        yield Problem(at, "must have options or option_groups, and not both")
    yield from check_list(element, "options", at, most=most)
    yield from check_list(element, "option_groups", at, most=most)
    for position, option in enumerate(items(element, "options")):
        yield from check_option(option, f"{at}/options/{position}", marks=marks)
    for position, group in enumerate(groups):
        yield from _check_group(group, f"{at}/option_groups/{position}", most=most)
    yield from _check_chosen(element, at)


def check_option(option: Json, at: str, *, marks: frozenset[str] = PLAIN) -> Iterator[Problem]:
    """Demand a text and a value."""
    yield from check_fields(option, at, needed=["text", "value"], known=["description", "url"])
    yield from check_text(option, "text", at, most=75, marks=marks)
    yield from check_text(option, "description", at, most=75, marks=marks)
    yield from check_string(option, "value", at, most=150)
    yield from check_string(option, "url", at, most=3000)


def check_confirmation(element: Json, at: str) -> Iterator[Problem]:
    """Check the dialog that asks "are you sure", where there is one."""
    confirm = element.get("confirm")
    if confirm is None:
        return
    at = f"{at}/confirm"
    yield from check_fields(confirm, at, needed=["title", "text", "confirm", "deny"], known=["style"])
    yield from check_text(confirm, "title", at, most=100)
    yield from check_text(confirm, "text", at, most=300, marks=MARKS)
    yield from check_text(confirm, "confirm", at, most=30)
    yield from check_text(confirm, "deny", at, most=30)
    yield from check_choice(confirm, "style", at, ["primary", "danger"])


def _check_group(group: Json, at: str, *, most: int) -> Iterator[Problem]:
    yield from check_fields(group, at, needed=["label", "options"])
    yield from check_text(group, "label", at, most=75)
    yield from check_list(group, "options", at, most=most)
    for position, option in enumerate(items(group, "options")):
        yield from check_option(option, f"{at}/options/{position}")


def _check_chosen(element: Json, at: str) -> Iterator[Problem]:
    offered = [
        *items(element, "options"),
        *(option for group in items(element, "option_groups") for option in items(group, "options")),
    ]
    first = element.get("initial_option")
    chosen = [*([first] if first is not None else []), *items(element, "initial_options")]
    if any(option not in offered for option in chosen):
        yield Problem(at, "what is chosen from the start must be exactly one of the options")
