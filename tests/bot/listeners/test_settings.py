"""Settings are seen by everybody, changed by owners, told where they hold, and every change is on record."""

from typing import Any

import pytest

from bot.rendering import render
from bot.views import ids
from storage.chosen import WorkspaceChoices
from storage.ids import ChannelId, Ts, UserId
from storage.records import Channel, Post
from storage.vocabulary import AnswerMode, ChannelKind, Chosen, PostKind, Watch
from tests.bot.listeners.conftest import Office
from tests.factories import LEASE

WORDS, LENGTH, EMOJI, MONTHS, WATCH, ANSWER, THREADS, ELSEWHERE = (
    ids.setting_block(name)
    for name in (
        Chosen.IGNORED_WORDS,
        Chosen.LEAST_LENGTH,
        Chosen.SAVE_EMOJI,
        Chosen.KEPT_MONTHS,
        Chosen.WATCH,
        Chosen.ANSWER,
        Chosen.KEEP_THREADS,
        Chosen.COUNTED_ELSEWHERE,
    )
)


def open_settings(office: Office, who: str, line: str = "/ballast settings") -> dict[str, Any]:
    office.ask(who, line)
    return office.modal_of(who)


def save(office: Office, who: str, **values: str) -> Any:
    return office.slack.presses.submit_view(
        who, {ids.setting_block(Chosen(name)): value for name, value in values.items()}
    )


def here(office: Office) -> Channel:
    channel = office.bot.store.workspaces.channel(
        office.bot.workspace.team_id, ChannelId(office.people.feedback.channel_id)
    )
    assert channel is not None
    return channel


def everywhere(office: Office) -> WorkspaceChoices:
    return office.bot.store.choices.of_workspace(office.bot.workspace.team_id)


def notices(office: Office) -> list[Post]:
    team, at = office.bot.workspace.team_id, office.bot.parts.clock()
    posts = office.bot.store.posts.claim(team, limit=50, lease=LEASE, at=at)
    return [post for post in posts if post.kind is PostKind.NOTICE]


def test_an_owner_changes_the_channel_and_the_channel_is_told_once(office: Office) -> None:
    open_settings(office, "olivia")
    assert save(office, "olivia", watch="all", answer="card", keep_threads="no").is_acked

    assert not office.slack.modals("olivia")
    assert (here(office).watch, here(office).answer, here(office).keep_threads) == (Watch.ALL, AnswerMode.CARD, False)
    [notice] = notices(office)
    assert notice.channel_id == office.people.feedback.channel_id
    assert notice.body is not None
    assert notice.body.startswith(f"<@{office.people.olivia.user_id}> changed Ballast's settings:")
    assert "What is taken in here: nothing → every new message" in notice.body
    assert "Replies here are taken in: yes → no" in notice.body
    shown = render(notice, office.bot.parts)
    assert shown is not None
    assert shown.blocks[0]["block_id"] == notice.key


def test_what_holds_everywhere_is_told_in_every_watched_channel(office: Office) -> None:
    office.bot.watch(office.people.feedback.channel_id)
    office.bot.watch("C0ELSEWHERE")
    office.bot.watch("C0OFF", Watch.OFF)
    open_settings(office, "olivia")
    save(
        office,
        "olivia",
        ignored_words="standup\n  Lunch  menu \nstandup\n",
        least_length="12",
        save_emoji=":wave::skin-tone-3:",
    )

    assert everywhere(office) == WorkspaceChoices(("standup", "Lunch menu"), 12, "wave")
    told = notices(office)
    assert {notice.channel_id for notice in told} == {office.people.feedback.channel_id, "C0ELSEWHERE"}
    assert all("Words to ignore: none → standup, Lunch menu" in str(notice.body) for notice in told)
    rules = office.bot.store.choices.of(office.bot.workspace.team_id, here(office).channel_id)
    assert (rules.ignored_words, rules.least_length) == (("standup", "Lunch menu"), 12)


def test_how_long_words_are_kept_is_chosen_and_told(office: Office) -> None:
    office.bot.watch(office.people.feedback.channel_id)
    open_settings(office, "olivia")
    save(office, "olivia", kept_months="1")

    [notice] = notices(office)
    assert "Months that words are kept: 12 months → 1 month" in str(notice.body)
    assert "Words are kept for 1 month." in office.ask("max", "/ballast status")


def test_what_was_typed_in_the_settings_cannot_ping_or_link(office: Office) -> None:
    office.bot.watch(office.people.feedback.channel_id)
    open_settings(office, "olivia")
    save(office, "olivia", ignored_words="<!channel> & <https://evil.example|x>")
    [notice] = notices(office)
    assert "<!channel>" not in str(notice.body)
    assert "evil.example|" not in str(notice.body)


def test_saving_what_was_shown_changes_nothing_and_tells_nobody(office: Office) -> None:
    open_settings(office, "olivia")
    save(office, "olivia")
    assert "Nothing was changed" in str(office.modal_of("olivia")["blocks"])
    assert notices(office) == []
    assert "Nobody has changed" in office.ask("olivia", "/ballast settings log")


@pytest.mark.parametrize(
    ("name", "value", "block", "said"),
    [
        ("least_length", "many", LENGTH, "whole number"),
        ("least_length", "99999", LENGTH, "whole number"),
        ("kept_months", "0", MONTHS, "from 1 to 60"),
        ("kept_months", "61", MONTHS, "from 1 to 60"),
        ("save_emoji", "two words", EMOJI, "the emoji's name"),
        ("ignored_words", "x" * 101, WORDS, "at most"),
    ],
)
def test_a_value_that_cannot_be_is_said_where_it_was_typed_and_nothing_is_saved(
    office: Office, name: str, value: str, block: str, said: str
) -> None:
    open_settings(office, "olivia")
    exchange = save(office, "olivia", **{name: value, "answer": "card"})
    assert set(exchange.errors) == {block}
    assert said in exchange.errors[block]
    assert office.modal_of("olivia")["callback_id"] == ids.SETTINGS_SUBMIT
    assert here(office).answer is AnswerMode.REACTION


def test_a_channel_that_cannot_be_watched_is_said_at_that_setting(office: Office) -> None:
    open_settings(office, "olivia")
    office.slack.people.remove_bot(office.people.feedback)
    exchange = save(office, "olivia", watch="all", least_length="7")
    assert set(exchange.errors) == {WATCH}
    assert everywhere(office).least_length == 0


def test_a_shared_channel_is_watched_only_where_the_owner_says_that_it_is_agreed(office: Office) -> None:
    team, channel = office.bot.workspace.team_id, ChannelId(office.people.acme_shared.channel_id)
    office.slack.people.invite_bot(office.people.acme_shared, by=office.people.olivia)
    office.slack.until_settled()
    office.bot.store.workspaces.meet_channel(team, channel, "acme", ChannelKind.SHARED)
    office.ask("olivia", "/ballast settings", office.people.acme_shared)
    field = next(block for block in office.modal_of("olivia")["blocks"] if block.get("block_id") == WATCH)
    assert [one["value"] for one in field["element"]["options"]] == [ids.WATCH_ALL_SHARED, "request", "off"]

    save(office, "olivia", watch=ids.WATCH_ALL_SHARED)

    known = office.bot.store.workspaces.channel(team, channel)
    assert known is not None
    assert known.watch is Watch.ALL


def test_others_read_the_settings_and_who_decides(office: Office) -> None:
    view = open_settings(office, "max")
    assert not view.get("submit")
    assert not [block for block in view["blocks"] if block["type"] == "input"]
    shown = str(view["blocks"])
    assert "Owners are" in shown
    assert all(explained in shown for explained in ("One a line", "0 takes in every length", "app by app"))


def test_who_is_no_owner_any_more_saves_nothing(office: Office) -> None:
    office.ask("olivia", "/ballast owner @max")
    open_settings(office, "max")
    office.ask("olivia", "/ballast owner remove @max")
    exchange = save(office, "max", least_length="7")
    assert "Only an owner" in exchange.errors[WORDS]
    assert everywhere(office).least_length == 0


def test_nobody_takes_back_unseen_what_another_owner_chose(office: Office) -> None:
    office.ask("olivia", "/ballast owner @max")
    open_settings(office, "max")
    open_settings(office, "olivia")
    save(office, "olivia", least_length="7")
    exchange = save(office, "max", answer="card")
    assert "meanwhile" in exchange.errors[WORDS]
    assert (everywhere(office).least_length, here(office).answer) == (7, AnswerMode.REACTION)


def test_counting_elsewhere_is_asked_only_of_channels_that_are_not_public(office: Office) -> None:
    assert ELSEWHERE not in str(open_settings(office, "olivia")["blocks"])
    team = office.bot.workspace.team_id
    office.bot.store.workspaces.correct_kind(team, here(office).channel_id, ChannelKind.PRIVATE)
    open_settings(office, "olivia")
    save(office, "olivia", counted_elsewhere="yes")
    assert here(office).counted_elsewhere


def test_apps_that_posted_are_listed_by_name_and_allowed_one_by_one(office: Office) -> None:
    team, at = office.bot.workspace.team_id, office.bot.parts.clock()
    for app, name in (("B1", "Zendesk"), ("B2", None)):
        office.bot.store.choices.note_app(team, app, name, at)
    view = open_settings(office, "olivia")
    labels = [block["label"]["text"] for block in view["blocks"] if block["type"] == "input"]
    assert {"Zendesk", "B2"} <= set(labels)

    office.slack.presses.submit_view("olivia", {ids.app_block("B1"): "allowed"})

    assert office.bot.store.choices.of(team, here(office).channel_id).allowed_apps == {"B1"}
    assert "App or bot “Zendesk”: ignored → allowed" in office.ask("olivia", "/ballast settings log")


def test_more_apps_than_fit_are_on_the_next_page(office: Office) -> None:
    team, at = office.bot.workspace.team_id, office.bot.parts.clock()
    for number in range(45):
        office.bot.store.choices.note_app(team, f"B{number:02}", f"App {number:02}", at)
    assert "App 44" not in str(open_settings(office, "olivia")["blocks"])
    assert "App 44" in str(open_settings(office, "olivia", "/ballast settings apps 2")["blocks"])


def test_the_log_says_who_changed_what_and_goes_on(office: Office) -> None:
    for length in range(1, 13):
        open_settings(office, "olivia")
        save(office, "olivia", least_length=str(length))
    newest = office.ask("olivia", "/ballast settings log")
    assert f"<@{office.people.olivia.user_id}> · everywhere · Least length: 11 characters → 12 characters" in newest
    shown = office.slack.ephemerals("olivia")[-1]
    office.slack.presses.click("olivia", office.people.feedback, shown["ts"], ids.LOG_MORE)
    older = office.slack.until(
        lambda: [one for one in office.slack.ephemerals("olivia") if "0 characters → 1 " in one["text"]]
    )
    assert older


def test_who_was_named_to_decide_is_told_and_on_record(office: Office) -> None:
    office.ask("olivia", "/ballast reviewer @max")
    olivia, max_ = (f"<@{one.user_id}>" for one in (office.people.olivia, office.people.max))
    told = office.slack.messages(office.people.feedback)[-1]["text"]
    assert told.startswith(f"{olivia} chose: {max_} is a reviewer now.")
    assert f"{olivia} · everywhere · Reviewer: none → {max_}" in office.ask("olivia", "/ballast settings log")


def test_what_was_changed_in_another_channel_is_in_the_log_of_owners_alone(office: Office) -> None:
    team, at = office.bot.workspace.team_id, office.bot.parts.clock()
    office.bot.store.workspaces.meet_channel(team, ChannelId("C0SECRET"), "secret", ChannelKind.PRIVATE)
    office.bot.store.workspaces.set_watch(team, ChannelId("C0SECRET"), Watch.ALL, UserId("U1"), at, Ts("1.0"))
    assert "C0SECRET" in office.ask("olivia", "/ballast settings log")
    assert "Nobody has changed" in office.ask("max", "/ballast settings log")


def test_a_person_keeps_their_messages_out_and_lets_them_in_again(office: Office) -> None:
    team, max_ = office.bot.workspace.team_id, UserId(office.people.max.user_id)
    assert "is taken in where a channel is watched" in office.ask("max", "/ballast me")
    off = office.ask("max", "/ballast me off")
    assert "not taken in" in off
    assert "12 months" in off
    assert f"`/ballast forget reporter` <@{max_}>" in off
    assert office.bot.store.choices.of(team, here(office).channel_id).opted_out == {max_}
    assert "not taken in" in office.ask("max", "/ballast me")
    assert "is taken in where" in office.ask("max", "/ballast me on")
    assert office.bot.store.choices.of(team, here(office).channel_id).opted_out == frozenset()
    assert notices(office) == []  # whether a person takes part is nobody else's business


def test_words_that_mean_nothing_are_answered_with_what_to_type(office: Office) -> None:
    assert "Type /ballast settings" in office.ask("olivia", "/ballast settings wrong")
    assert "Type /ballast me" in office.ask("olivia", "/ballast me maybe")
