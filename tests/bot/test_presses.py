from collections.abc import Callable, Mapping
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.commands.command import read_person
from bot.errors import InputError
from bot.presses import parse_pressed, parse_submitted, parse_typed
from bot.shapes.fields import UnreadablePayloadError
from tests.bot.listening import payload

READERS: dict[str, Callable[[Mapping[str, object]], object]] = {
    "slash_command": parse_typed,
    "block_actions": parse_pressed,
    "message_action": parse_pressed,
    "view_submission": parse_submitted,
}


def test_a_command_tells_who_typed_what_where() -> None:
    typed = parse_typed(payload("slash_command"))
    assert (typed.team_id, typed.user_id, typed.channel_id) == ("T100", "U300", "C200")
    assert typed.words == "owner <@U301|olivia>"


def test_a_button_tells_its_ids_and_the_message_it_stands_in() -> None:
    pressed = parse_pressed(payload("block_actions"))
    assert (pressed.action, pressed.value, pressed.block) == ("insight.confirm", "7:0", "insight:7")
    assert (pressed.channel_id, pressed.message_ts) == ("C200", "1763600010.000400")


def test_a_shortcut_tells_the_message_it_was_used_on() -> None:
    pressed = parse_pressed(payload("message_action"))
    assert (pressed.action, pressed.channel_id, pressed.message_ts) == ("reading.open", "C200", "1763600000.000200")


def test_a_modal_tells_its_note_and_what_was_chosen_and_typed() -> None:
    submitted = parse_submitted(payload("view_submission"))
    assert (submitted.note.subject, submitted.note.channel_id) == ("7:0", "C200")
    assert submitted.inputs == {
        "correction.verdict": "problem",
        "correction.theme": "speed",
        "correction.persona": "",
        "missed.quote": "five clicks",
    }


def test_a_modal_opened_from_another_organisation_belongs_to_where_the_app_is_installed() -> None:
    body = payload("view_submission") | {"team": {"id": "T999"}}
    assert parse_submitted(body).team_id == "T100"


@pytest.mark.parametrize("words", ["<@U301|olivia>", "<@U301>", "remove <@U301>"])
def test_a_person_is_read_as_slack_names_them(words: str) -> None:
    assert read_person(words, "/ballast owner @person") == "U301"


def test_a_person_is_read_also_as_other_servers_write_their_ids() -> None:
    assert read_person("<@U_OLIVIA|olivia>", "/ballast owner @person") == "U_OLIVIA"


@pytest.mark.parametrize(
    ("words", "person"), [("U301", "U301"), ("@U_OLIVIA", "U_OLIVIA"), ("remove W012A3CDE", "W012A3CDE")]
)
def test_a_person_is_read_by_id_where_nobody_is_escaped(words: str, person: str) -> None:
    assert read_person(words, "/ballast owner @person") == person


def test_a_button_tells_its_channel_where_only_its_container_names_it() -> None:
    body = payload("block_actions")
    told = {"container": {"type": "message", "channel_id": "C_GENERAL", "message_ts": "1763600010.000400"}}
    bare = {key: value for key, value in body.items() if key not in {"channel", "message", "trigger_id"}}
    pressed = parse_pressed(bare | told)
    assert (pressed.channel_id, pressed.message_ts, pressed.trigger) == ("C_GENERAL", "1763600010.000400", "")


def test_a_button_tells_its_message_where_there_is_no_container() -> None:
    body = {key: value for key, value in payload("block_actions").items() if key != "container"}
    assert parse_pressed(body) == parse_pressed(payload("block_actions"))


@pytest.mark.parametrize(
    "words", ["UPSELL", "WHO", "U301 U302", "", "@olivia", "olivia", "<@U1> <@U2>", "<#C1|feedback>"]
)
def test_what_names_no_one_person_shows_how_to(words: str) -> None:
    with pytest.raises(InputError, match="/ballast owner @person"):
        read_person(words, "/ballast owner @person")


ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)
FIELDS = [
    "text",
    "user",
    "team",
    "team_id",
    "channel",
    "channel_id",
    "actions",
    "view",
    "message",
    "container",
    "trigger_id",
]


@settings(max_examples=200)
@given(name=st.sampled_from(sorted(READERS)), changes=st.dictionaries(st.sampled_from(FIELDS), ODD, max_size=3))
def test_whatever_comes_is_read_or_refused_with_one_error(name: str, changes: dict[str, object]) -> None:
    body = payload(name) | changes
    with suppress(UnreadablePayloadError):
        assert READERS[name](body)
