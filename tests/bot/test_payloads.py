import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.payloads import parse_event, parse_team
from bot.shapes.fields import UnreadablePayloadError
from bot.shapes.meanings import Arrival, BotInvited, HandedOver, Ignored, Meaning
from bot.shapes.times import read_ts, write_ts
from storage.ids import Ts
from storage.vocabulary import ChannelKind
from tests.bot.recorded import ACME, recorded


def test_a_plain_message_arrives_verbatim() -> None:
    meaning = parse_event(recorded("message", text="  a &lt;b&gt; <@U5>\n"), ACME)
    assert isinstance(meaning, Arrival)
    feedback = meaning.feedback
    assert feedback.text == "  a &lt;b&gt; <@U5>\n"
    assert feedback.origin == "slack:C200:1763600000.000200"
    assert feedback.said_at == read_ts(Ts("1763600000.000200"))
    assert feedback.permalink == "https://acme.slack.com/archives/C200/p1763600000000200"
    assert (feedback.reporter, feedback.channel_kind) == ("U300", ChannelKind.PUBLIC)


@pytest.mark.parametrize(
    "changes",
    [
        {"subtype": "channel_join"},
        {"subtype": "me_message"},
        {"subtype": "huddle_thread"},
        {"subtype": "something new"},
        {"subtype": "ephemeral"},
        {"is_ephemeral": True},
        {"bot_id": "B900"},
        {"user": "U900"},
        {"user": "USLACKBOT"},
        {"text": " \n", "blocks": []},
        {"text": None, "blocks": [{"type": "divider"}]},
        {"text": "", "blocks": [], "subtype": "file_share", "files": [{"id": "F1", "file_access": "check_file_info"}]},
        {"type": "reaction_added"},
    ],
)
def test_what_nobody_said_here_is_ignored(changes: dict[str, object]) -> None:
    assert isinstance(parse_event(recorded("message", **changes), ACME), Ignored)


def test_the_root_of_a_thread_arrives() -> None:
    assert isinstance(parse_event(recorded("message", thread_ts="1763600000.000200"), ACME), Arrival)


@pytest.mark.parametrize(
    ("channel_type", "kind"),
    [
        ("channel", ChannelKind.PUBLIC),
        ("group", ChannelKind.PRIVATE),
        ("mpim", ChannelKind.DIRECT),
        ("something new", ChannelKind.PRIVATE),
    ],
)
def test_the_channel_type_tells_the_kind(channel_type: str, kind: ChannelKind) -> None:
    meaning = parse_event(recorded("message", channel_type=channel_type), ACME)
    assert isinstance(meaning, Arrival)
    assert meaning.feedback.channel_kind is kind


def test_a_channel_of_two_organisations_is_shared() -> None:
    meaning = parse_event(recorded("message") | {"is_ext_shared_channel": True}, ACME)
    assert isinstance(meaning, Arrival)
    assert meaning.feedback.channel_kind is ChannelKind.SHARED


@pytest.mark.parametrize(
    "changes",
    [
        {"text": 7},
        {"ts": "now"},
        {"ts": None},
        {"channel": {"id": "C1"}},
        {"user": None},
        {"type": None},
        {"subtype": ["file_share"]},
        {"streaming_state": 7},
    ],
)
def test_a_message_without_what_it_must_have_is_unreadable(changes: dict[str, object]) -> None:
    with pytest.raises(UnreadablePayloadError):
        parse_event(recorded("message", **changes), ACME)


def test_the_error_never_quotes_the_message() -> None:
    with pytest.raises(UnreadablePayloadError) as caught:
        parse_event(recorded("message", text=["canary"], ts="1763600000.000200"), ACME)
    assert "canary" not in str(caught.value)


def test_the_bot_joining_is_an_invitation() -> None:
    meaning = parse_event(recorded("member_joined_channel"), ACME)
    assert isinstance(meaning, BotInvited)
    assert (meaning.channel_id, meaning.channel_kind, meaning.ts) == ("C200", ChannelKind.PUBLIC, "1763600100.000300")


def test_somebody_else_joining_is_ignored() -> None:
    assert isinstance(parse_event(recorded("member_joined_channel", user="U300"), ACME), Ignored)


def test_the_first_authorization_names_the_team() -> None:
    body = recorded("message") | {"team_id": "T555", "authorizations": [{"team_id": "T100"}]}
    assert parse_team(body) == "T100"
    assert parse_team(body | {"authorizations": []}) == "T555"


def test_a_message_time_survives_reading_and_writing() -> None:
    assert write_ts(read_ts(Ts("1763600000.000200"))) == "1763600000.000200"


ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner, max_size=2),
    max_leaves=4,
)
FIELDS = st.sampled_from(["type", "subtype", "user", "text", "ts", "thread_ts", "channel", "channel_type", "event_ts"])


@settings(max_examples=300)
@given(
    name=st.sampled_from(["message", "member_joined_channel"]),
    inside=st.dictionaries(FIELDS, ODD, max_size=3),
    outside=st.dictionaries(st.sampled_from(["team_id", "authorizations", "event", "event_id"]), ODD, max_size=2),
    gone=st.sets(FIELDS, max_size=2),
)
def test_whatever_comes_is_read_or_refused_with_one_error(
    name: str, inside: dict[str, object], outside: dict[str, object], gone: set[str]
) -> None:
    body = recorded(name, **inside)
    body["event"] = {field: value for field, value in body["event"].items() if field not in gone}
    body |= outside
    try:
        parse_team(body)
        assert isinstance(parse_event(body, ACME), Meaning)
    except UnreadablePayloadError:
        pass


def test_a_direct_message_a_reaction_and_a_mention_hand_a_message_over() -> None:
    direct, reaction, mention = (
        parse_event(recorded(name), ACME) for name in ("direct_message", "reaction_added", "app_mention")
    )

    assert isinstance(direct, HandedOver)
    assert isinstance(reaction, HandedOver)
    assert isinstance(mention, HandedOver)
    assert (direct.ts, direct.by, direct.channel_kind) == ("1763600000.000200", "U300", ChannelKind.DIRECT)
    assert (reaction.ts, reaction.by, reaction.emoji) == ("1763600000.000200", "U300", "inbox_tray")
    assert (mention.ts, mention.thread_ts, mention.message) == ("1763600000.000200", "1763600000.000200", None)


@pytest.mark.parametrize("text", ["<@U900>", "<@U900> Save this, please!", "<@U900|ballast> help", "can you <@U900>?"])
def test_what_only_asks_the_bot_for_something_is_no_feedback(text: str) -> None:
    assert isinstance(parse_event(recorded("message", text=text), ACME), Ignored)


@pytest.mark.parametrize("text", ["<@U900> the export is slow", "<@U901> save this", "save this, please"])
def test_what_says_more_or_is_said_to_others_is_read_like_any_message(text: str) -> None:
    assert isinstance(parse_event(recorded("message", text=text), ACME), Arrival)
