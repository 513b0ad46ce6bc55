"""Rules for interactive elements: buttons, selects, inputs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from bot.sandbox.blocks.options import check_confirmation, check_options
from bot.sandbox.blocks.rules import (
    MARKS,
    Json,
    Problem,
    check_choice,
    check_fields,
    check_string,
    check_text,
    check_whole,
)

Check = Callable[[Json, str], Iterator[Problem]]
PLACEHOLDER_MOST = 150
_PICKED = ["action_id", "placeholder", "confirm", "focus_on_load"]
_TYPED = ["action_id", "placeholder", "initial_value", "dispatch_action_config", "focus_on_load"]
_PEOPLE_AND_PLACES = ["users", "conversations", "channels"]


def check_button(element: Json, at: str) -> Iterator[Problem]:
    """Check a button."""
    known = ["action_id", "url", "value", "style", "confirm", "accessibility_label", "agent_prompt"]
    yield from check_fields(element, at, needed=["text"], known=known)
    yield from check_text(element, "text", at, most=75)
    yield from check_string(element, "value", at, most=2000)
    yield from check_string(element, "url", at, most=3000)
    yield from check_string(element, "accessibility_label", at, most=75)
    yield from check_choice(element, "style", at, ["primary", "danger"])
    yield from check_confirmation(element, at)


def check_select(element: Json, at: str) -> Iterator[Problem]:
    """Check a menu of options that the app gives."""
    known = [*_PICKED, "options", "option_groups", "initial_option", "initial_options", "max_selected_items"]
    yield from check_fields(element, at, known=known)
    yield from check_text(element, "placeholder", at, most=PLACEHOLDER_MOST)
    yield from check_options(element, at, most=100)
    yield from check_confirmation(element, at)


def check_external_select(element: Json, at: str) -> Iterator[Problem]:
    """Check a menu of options that the app is asked for."""
    known = [*_PICKED, "min_query_length", "initial_option", "initial_options", "max_selected_items"]
    yield from check_fields(element, at, known=known)
    yield from check_text(element, "placeholder", at, most=PLACEHOLDER_MOST)
    yield from check_confirmation(element, at)


def check_place_select(element: Json, at: str) -> Iterator[Problem]:
    """Check a menu of people, conversations or channels."""
    chosen = [f"initial_{name[:-1]}" for name in _PEOPLE_AND_PLACES] + [
        f"initial_{name}" for name in _PEOPLE_AND_PLACES
    ]
    known = [
        *_PICKED,
        *chosen,
        "max_selected_items",
        "response_url_enabled",
        "default_to_current_conversation",
        "filter",
    ]
    yield from check_fields(element, at, known=known)
    yield from check_text(element, "placeholder", at, most=PLACEHOLDER_MOST)
    yield from check_confirmation(element, at)


def check_overflow(element: Json, at: str) -> Iterator[Problem]:
    """Check the menu behind three dots."""
    yield from check_fields(element, at, known=["action_id", "options", "confirm"])
    yield from check_options(element, at, most=5)
    yield from check_confirmation(element, at)


def check_choices(element: Json, at: str) -> Iterator[Problem]:
    """Check radio buttons and checkboxes."""
    known = ["action_id", "options", "initial_option", "initial_options", "confirm", "focus_on_load"]
    yield from check_fields(element, at, known=known)
    yield from check_options(element, at, most=10, marks=MARKS)
    yield from check_confirmation(element, at)


def check_typed(element: Json, at: str) -> Iterator[Problem]:
    """Check a field to type in."""
    known = [*_TYPED, "multiline", "min_length", "max_length", "min_lines", "max_lines"]
    known += ["is_decimal_allowed", "min_value", "max_value"]
    yield from check_fields(element, at, known=known)
    yield from check_text(element, "placeholder", at, most=PLACEHOLDER_MOST)
    yield from check_whole(element, "min_length", at, least=0, most=3000)
    yield from check_whole(element, "max_length", at, least=1, most=3000)
    initial, longest = element.get("initial_value"), element.get("max_length") or 3000
    if isinstance(initial, str) and isinstance(longest, int) and len(initial) > longest:
        yield Problem(f"{at}/initial_value", f"must be at most {longest} characters, is {len(initial)}")


def check_date(element: Json, at: str) -> Iterator[Problem]:
    """Check a picker of dates and times."""
    known = [*_PICKED, "initial_date", "initial_time", "initial_date_time", "timezone"]
    yield from check_fields(element, at, known=known)
    yield from check_text(element, "placeholder", at, most=PLACEHOLDER_MOST)
    yield from check_confirmation(element, at)


def check_file_input(element: Json, at: str) -> Iterator[Problem]:
    """Check a field to drop files into."""
    yield from check_fields(element, at, known=["action_id", "filetypes", "max_files"])
    yield from check_whole(element, "max_files", at, least=1, most=10)


def check_icon_button(element: Json, at: str) -> Iterator[Problem]:
    """Check a button that is an icon."""
    known = ["action_id", "value", "confirm", "accessibility_label", "visible_to_user_ids"]
    yield from check_fields(element, at, needed=["icon", "text"], known=known)
    yield from check_text(element, "text", at, most=75)
    yield from check_string(element, "value", at, most=2000)


def check_feedback_buttons(element: Json, at: str) -> Iterator[Problem]:
    """Check a pair of thumbs."""
    yield from check_fields(element, at, needed=["positive_button", "negative_button"], known=["action_id"])
    for name in ("positive_button", "negative_button"):
        button = element.get(name) or {}
        yield from check_fields(button, f"{at}/{name}", needed=["text", "value"], known=["accessibility_label"])
        yield from check_text(button, "text", f"{at}/{name}", most=75)


def check_image_element(element: Json, at: str) -> Iterator[Problem]:
    """Check a small image."""
    yield from check_fields(element, at, needed=["alt_text"], known=["image_url", "slack_file"])
    if bool(element.get("image_url")) == bool(element.get("slack_file")):
        yield Problem(at, "must have image_url or slack_file, and not both")
    yield from check_string(element, "image_url", at, most=3000)
    yield from check_string(element, "alt_text", at, most=2000)


_SELECTS: dict[str, Check] = {
    "static_select": check_select,
    "external_select": check_external_select,
    **{f"{name}_select": check_place_select for name in _PEOPLE_AND_PLACES},
}
_DATES: dict[str, Check] = dict.fromkeys(["datepicker", "timepicker", "datetimepicker"], check_date)
_TYPING = ["plain_text_input", "email_text_input", "url_text_input", "number_input"]

IN_INPUT: Mapping[str, Check] = {
    **_SELECTS,
    **{f"multi_{name}": check for name, check in _SELECTS.items()},
    **_DATES,
    **dict.fromkeys([*_TYPING, "rich_text_input"], check_typed),
    "radio_buttons": check_choices,
    "checkboxes": check_choices,
    "file_input": check_file_input,
}
IN_ACTIONS: Mapping[str, Check] = {
    **_SELECTS,
    **_DATES,
    "button": check_button,
    "overflow": check_overflow,
    "radio_buttons": check_choices,
    "checkboxes": check_choices,
}
IN_SECTION: Mapping[str, Check] = {
    **IN_ACTIONS,
    **{f"multi_{name}": check for name, check in _SELECTS.items()},
    "image": check_image_element,
}
IN_CONTEXT_ACTIONS: Mapping[str, Check] = {"feedback_buttons": check_feedback_buttons, "icon_button": check_icon_button}


def check_element(element: Json, at: str, allowed: Mapping[str, Check]) -> Iterator[Problem]:
    """Check an element where only these kinds may stand."""
    check = allowed.get(str(element.get("type")))
    if check is None:
        yield Problem(f"{at}/type", f"unsupported element here: {element.get('type')}", "unknown_type")
        return
    yield from check_string(element, "action_id", at, most=255)
    yield from check(element, at)
