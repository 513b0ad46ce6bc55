"""Saving by hand where the words come along: the shortcut with its form, and a command."""

from __future__ import annotations

import pytest

from bot.views import ids
from storage.accounts import NewAccount
from storage.ids import ChannelId, Ts
from storage.records import Place
from storage.vocabulary import ChannelKind, Source, Watch
from tests.bot.listeners.by_hand import (
    EMOJI,
    WORDS,
    fetch,
    id_of,
    kept,
    open_form,
    row_of,
    rows,
    say,
    waiting,
)
from tests.bot.listeners.conftest import Office
from tests.bot.listening import holding_the_write_lock


def test_the_shortcut_saves_where_the_bot_is_not_and_what_was_said_beside_it(office: Office) -> None:
    ts = office.slack.people.say(office.people.product, office.people.olivia, WORDS)
    said = {
        ids.SAVE_NOTE: "Renewal in May.",
        ids.SAVE_ACCOUNT: " halden  energi ",
        ids.SAVE_PERSON: "Mary",
        ids.SAVE_PERSONA: "economic_buyer",
        ids.SAVE_THEME: "compliance",
    }
    listed = NewAccount("Halden", aliases=("Halden Energi",))
    office.bot.store.accounts.put(office.bot.workspace.team_id, [listed], office.bot.parts.clock())
    form = open_form(office, "max", office.people.product, ts)
    assert WORDS in str(form["blocks"])
    office.slack.presses.submit_view("max", said)
    assert "Saved as feedback." in str(office.modal_of("max")["blocks"])

    row = row_of(office, office.people.product, ts)
    assert (row.text, row.source, row.reporter, row.saved_by) == (
        WORDS,
        Source.SHORTCUT,
        id_of(office.people.olivia),
        id_of(office.people.max),
    )
    assert (row.note, row.account, row.person) == ("Renewal in May.", "Halden", "Mary")
    assert (row.stated_side, row.stated_theme, row.stated_persona) == ("customer", "compliance", "economic_buyer")


def test_a_message_that_is_watched_and_saved_is_one_row(office: Office) -> None:
    office.bot.watch(office.people.feedback.channel_id)
    ts = say(office, WORDS)
    open_form(office, "max", office.people.feedback, ts)
    office.slack.presses.submit_view("max", {ids.SAVE_NOTE: "Asked twice."})
    office.slack.people.react(office.people.feedback, office.people.olivia, ts, EMOJI)
    fetch(office)

    assert "kept already" in office.told("olivia")
    assert (row_of(office, office.people.feedback, ts).note, waiting(office)) == ("Asked twice.", 1)


def test_a_private_channel_where_the_bot_is_not_stays_private(office: Office) -> None:
    ts = office.slack.people.say(office.people.sales_private, office.people.olivia, WORDS)
    open_form(office, "max", office.people.sales_private, ts)
    office.slack.presses.submit_view("max")

    assert "its words and link are shown only here" in str(office.modal_of("max")["blocks"])
    assert kept(office, office.people.sales_private, ts).channel_kind is ChannelKind.PRIVATE


def test_labels_that_contradict_each_other_are_said_in_the_form(office: Office) -> None:
    ts = say(office, WORDS)
    open_form(office, "max", office.people.feedback, ts)
    exchange = office.slack.presses.submit_view("max", {ids.SAVE_SIDE: "user", ids.SAVE_THEME: "compliance"})

    assert exchange.errors == {ids.SAVE_THEME: "“Compliance” is a customer problem. Choose another theme or side."}
    assert office.bot.kept(office.people.feedback.channel_id, ts) is None


def test_a_form_on_a_locked_database_says_so_and_saves_when_sent_again(office: Office) -> None:
    ts = say(office, WORDS)
    open_form(office, "max", office.people.feedback, ts)
    with holding_the_write_lock(office.database):
        assert office.slack.presses.submit_view("max").errors.keys() == {ids.SAVE_NOTE}
    office.slack.presses.submit_view("max")

    assert kept(office, office.people.feedback, ts).text == WORDS


def test_a_message_deleted_or_changed_while_its_form_is_open_is_not_saved_as_it_was(office: Office) -> None:
    for change in (
        lambda ts: office.slack.people.delete(office.people.feedback, "max", ts),
        lambda ts: office.slack.people.edit(office.people.feedback, "max", ts, "Never mind."),
    ):
        ts = say(office, WORDS)
        open_form(office, "max", office.people.feedback, ts)
        change(ts)
        office.slack.until_settled()
        assert "Open the form again" in office.slack.presses.submit_view("max").errors[ids.SAVE_NOTE]
        assert office.bot.kept(office.people.feedback.channel_id, ts) is None


def test_what_was_erased_is_refused_before_a_form_is_filled_in(office: Office) -> None:
    office.bot.watch(office.people.feedback.channel_id)
    ts, at = Ts(say(office, WORDS)), office.bot.parts.clock()
    channel = ChannelId(office.people.feedback.channel_id)
    place = Place(office.bot.workspace.team_id, channel, ts, at, ChannelKind.PUBLIC)
    assert office.bot.store.amending.delete(place, at, remember=False)
    office.slack.presses.shortcut("olivia", office.people.feedback, ts, ids.SAVE_OPEN)

    assert "does not come back" in office.told("olivia")
    assert not office.slack.modals("olivia")


def test_a_form_that_is_closed_leaves_nothing_behind(office: Office) -> None:
    ts = say(office, WORDS)
    open_form(office, "max", office.people.feedback, ts)
    office.slack.presses.close_view("max")
    office.slack.until_settled()

    team, channel = office.bot.workspace.team_id, ChannelId(office.people.feedback.channel_id)
    assert office.slack.until(lambda: office.bot.store.drafts.of_message(team, channel, Ts(ts)) is None)


@pytest.mark.parametrize("way", ["shortcut", "reaction"])
def test_what_somebody_said_who_opted_out_is_not_saved_by_others(office: Office, way: str) -> None:
    office.bot.watch(office.people.feedback.channel_id, Watch.REQUEST)
    office.bot.store.choices.opt_out(office.bot.workspace.team_id, id_of(office.people.max), office.bot.parts.clock())
    ts = say(office, WORDS)
    if way == "shortcut":
        office.slack.presses.shortcut("olivia", office.people.feedback, ts, ids.SAVE_OPEN)
    else:
        office.slack.people.react(office.people.feedback, office.people.olivia, ts, EMOJI)
        fetch(office)

    assert "keeps their messages out of Ballast" in office.told("olivia")
    assert office.bot.kept(office.people.feedback.channel_id, ts) is None


def test_where_an_owner_chose_to_keep_nothing_no_message_is_saved(office: Office) -> None:
    office.bot.watch(office.people.feedback.channel_id, Watch.OFF)
    ts = say(office, WORDS)
    office.slack.presses.shortcut("olivia", office.people.feedback, ts, ids.SAVE_OPEN)

    assert "watch request" in office.told("olivia")
    assert not office.slack.modals("olivia")


def test_add_saves_what_was_typed_as_it_was_typed(office: Office) -> None:
    assert office.ask("max", "/ballast add Two things:\n  no audit logs\n  no SSO") == "Saved as feedback."

    (row,) = rows(office)
    assert (row.text, row.source, row.reporter) == (
        "Two things:\n  no audit logs\n  no SSO",
        Source.COMMAND,
        id_of(office.people.max),
    )
    assert row.channel_id == office.people.feedback.channel_id


def test_add_without_words_opens_a_form_and_a_private_channel_keeps_it_private(office: Office) -> None:
    office.ask("max", "/ballast add", office.people.sales_private)
    words = "It says <error> & stops."
    exchange = office.slack.presses.submit_view("max", {ids.ADD_TEXT: words, ids.SAVE_ACCOUNT: "Halden"})
    assert not exchange.errors

    (row,) = rows(office)
    assert (row.account, row.channel_kind) == ("Halden", ChannelKind.PRIVATE)
    assert row.text == "It says &lt;error&gt; &amp; stops.", "kept as Slack writes what is typed in a channel"


def test_add_is_refused_to_who_opted_out_and_says_what_lets_them_in(office: Office) -> None:
    office.ask("max", "/ballast me off")

    assert "/ballast me on" in office.ask("max", f"/ballast add {WORDS}")
    assert rows(office) == []
