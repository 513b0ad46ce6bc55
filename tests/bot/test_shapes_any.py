"""Whatever Slack sends: it is read, ignored for a reason, or refused with the one error; words are never lost."""

from collections import Counter
from collections.abc import Callable, Iterator
from copy import deepcopy
from itertools import count
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.payloads import parse_event, parse_team
from bot.shapes.feedback import parse_message
from bot.shapes.fields import UnreadablePayloadError
from bot.shapes.meanings import Arrival, Ignored, Meaning
from storage.ids import ChannelId
from storage.vocabulary import ChannelKind
from tests.bot.recorded import ACME, PAYLOADS, feedback_of, recorded

Json = dict[str, Any]
Word = Callable[[], str]

EVENTS = sorted(path.stem for path in PAYLOADS.glob("*.json") if '"event_callback"' in path.read_text(encoding="utf-8"))
ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)


def _places(value: object) -> Iterator[tuple[Any, Any]]:
    """Every place in a piece of JSON, as its container and the key or index in it."""
    entries: list[tuple[Any, Any]] = []
    if isinstance(value, dict):
        entries = list(value.items())
    elif isinstance(value, list):
        entries = list(enumerate(value))
    for key, inner in entries:
        yield value, key
        yield from _places(inner)


@st.composite
def bent(draw: st.DrawFn) -> Json:
    """A recorded delivery with a few of its fields replaced, removed, multiplied or buried."""
    body = recorded(draw(st.sampled_from(EVENTS)))
    for _ in range(draw(st.integers(1, 4))):
        places = list(_places(body))
        container, key = draw(st.sampled_from(places))
        match draw(st.sampled_from(["replace", "remove", "repeat", "bury", "swap"])):
            case "replace":
                container[key] = draw(ODD)
            case "remove":
                del container[key]
            case "repeat":
                container[key] = [deepcopy(container[key])] * draw(st.sampled_from([2, 200]))
            case "bury":
                container[key] = {"blocks": [container[key]], "type": draw(st.sampled_from(["container", "new"]))}
            case "swap":
                other, name = draw(st.sampled_from(places))
                container[key] = deepcopy(other[name])
    return body


@settings(max_examples=50, deadline=None)
@given(bent())
def test_a_delivery_around_a_recorded_one_is_read_or_refused_with_the_one_error(body: Json) -> None:
    try:
        parse_team(body)
        assert isinstance(parse_event(body, ACME), Meaning)
    except UnreadablePayloadError:
        pass


@settings(max_examples=30, deadline=None)
@given(bent())
def test_so_is_a_message_of_a_history_page(body: Json) -> None:
    message = body.get("event")
    try:
        meaning = parse_message(
            message if isinstance(message, dict) else {},
            ACME,
            channel_id=ChannelId("C200"),
            channel_kind=ChannelKind.PUBLIC,
        )
    except UnreadablePayloadError:
        return
    assert isinstance(meaning, Ignored) or (isinstance(meaning, Arrival) and meaning.feedback.text.strip())


def _text(word: str, kind: str = "mrkdwn") -> Json:
    return {"type": kind, "text": word}


def _rich(w: Word) -> Json:
    quote = {"type": "rich_text_quote", "elements": [{"type": "text", "text": w()}]}
    entry = {"type": "rich_text_section", "elements": [{"type": "link", "url": "https://x.example", "text": w()}]}
    listed = {"type": "rich_text_list", "style": "ordered", "elements": [entry, entry | {"elements": [{"text": w()}]}]}
    new = {"type": "rich_text_new", "elements": [{"type": "new", "label": w()}]}
    return {"type": "rich_text", "elements": [quote, listed, new]}


BLOCKS: list[Callable[[Word], Json]] = [
    lambda w: {"type": "section", "text": _text(w()), "fields": [_text(w()), _text(w(), "plain_text")]},
    lambda w: {"type": "section", "text": _text(w()), "accessory": {"type": "image", "alt_text": w()}},
    lambda w: {"type": "header", "text": _text(w(), "plain_text"), "level": 2},
    lambda w: {"type": "header", "label": {"words": _text(w())}},
    lambda w: {"type": "context", "elements": [_text(w()), {"type": "image", "alt_text": w()}]},
    lambda w: {"type": "markdown", "text": f"# {w()}\n* {w()}"},
    lambda w: {"type": "table", "rows": [[_text(w(), "raw_text"), None], [_rich(w)]]},
    lambda w: {"type": "data_table", "caption": w(), "rows": [[_text(w(), "raw_text")]]},
    lambda w: {"type": "image", "title": _text(w(), "plain_text"), "alt_text": w()},
    lambda w: {"type": "video", "title": _text(w(), "plain_text"), "description": _text(w(), "plain_text")},
    lambda w: {"type": "container", "title": _text(w()), "blocks": [{"type": "header", "text": _text(w())}]},
    lambda w: {"type": "card", "title": _text(w()), "body": _text(w(), "plain_text")},
    lambda w: {"type": "not made yet", "inside": [{"caption": w()}, {"mood": f"{w()} {w()}"}]},
    lambda w: {"text": _text(w())},
    _rich,
]
ATTACHMENTS: list[Callable[[Word], Json]] = [
    lambda w: {"pretext": w(), "title": w(), "text": w(), "footer": "by a robot"},
    lambda w: {"fields": [{"title": w(), "value": w()}, {"value": w()}], "author_name": w()},
    lambda w: {"fallback": w()},
    lambda w: {"fallback": "[no preview available]", "blocks": [{"type": "header", "text": _text(w())}]},
    lambda w: {"message_blocks": [{"message": {"blocks": [_rich(w)]}}]},
    lambda w: {"text": w(), "attachments": [{"text": w()}]},
    lambda w: {"something_new": {"text": w()}},
]


@settings(max_examples=50, deadline=None)
@given(
    blocks=st.lists(st.sampled_from(BLOCKS), max_size=6),
    attachments=st.lists(st.sampled_from(ATTACHMENTS), max_size=4),
    is_summed_up=st.booleans(),
)
def test_each_word_of_an_apps_post_is_kept_and_only_once(
    blocks: list[Callable[[Word], Json]], attachments: list[Callable[[Word], Json]], *, is_summed_up: bool
) -> None:
    numbers = count(1)
    said: list[str] = []

    def word() -> str:
        said.append(f"word{next(numbers)}x")
        return said[-1]

    layout = {"blocks": [make(word) for make in blocks], "attachments": [make(word) for make in attachments]}
    text = "\n".join(said) if is_summed_up and said else "opening"
    feedback = feedback_of("app_post", text=text, **layout)
    kept = Counter(f"{feedback.text} {feedback.context}".replace("|", " ").replace(">", " ").split())
    shown = {word: kept[word] or kept[f"{word}:"] for word in said}
    assert shown == dict.fromkeys(said, 1)


@settings(max_examples=50, deadline=None)
@given(st.text(min_size=1, max_size=60))
def test_what_a_person_typed_is_kept_to_the_letter(text: str) -> None:
    assert feedback_of("message", text=f"{text}.").text == f"{text}."


LINES = st.sampled_from(
    [
        "{}",
        "> {}",
        "- {}",
        "-- ",
        "",
        "Thanks,",
        "On Monday {} wrote:",
        "From: {}",
        "Subject: {}",
        "To: {}",
        "____________",
    ]
) | st.sampled_from(["---------- Forwarded message ---------", "Begin forwarded message:", "Date: {}"])


@settings(max_examples=50, deadline=None)
@given(st.lists(LINES, max_size=14), st.sampled_from(["Fwd: ", ""]))
def test_each_word_of_an_email_is_kept(lines: list[str], prefix: str) -> None:
    body = "\n".join(line.format(f"word{number}x") for number, line in enumerate(lines))
    file: Json = recorded("mail")["event"]["files"][0]
    feedback = feedback_of("mail", files=[file | {"plain_text": body, "subject": f"{prefix}missing"}])
    kept = f"{feedback.text} {feedback.context}".split()
    said = [f"word{number}x" for number, line in enumerate(lines) if "{}" in line]
    assert set(said) <= set(kept)
