"""What comes in is stored once, whole, and never half."""

from dataclasses import replace

import pytest

from bot.parts import Store
from storage.errors import NotFoundError
from storage.ids import Origin
from storage.vocabulary import FeedbackState
from tests.factories import NOW, OTHER_TEAM, TEAM, make_feedback


def test_feedback_waits_to_be_classified_once_it_is_taken_in(store: Store) -> None:
    taken = store.intake.take_in(make_feedback("The export is slow"), NOW)

    stored = store.history.feedback(TEAM, taken.feedback_id)
    assert taken.new
    assert (stored.text, stored.state, stored.captured_at) == ("The export is slow", FeedbackState.WAITING, NOW)


def test_second_delivery_of_an_origin_changes_nothing(store: Store) -> None:
    feedback = make_feedback("The export is slow")
    first = store.intake.take_in(feedback, NOW)

    second = store.intake.take_in(replace(feedback, text="Something else", event_id="Ev2"), NOW)

    assert (second.feedback_id, second.new) == (first.feedback_id, False)
    assert store.history.feedback(TEAM, first.feedback_id).text == "The export is slow"
    assert store.queue.counts(TEAM)["waiting"] == 1


def test_same_origin_in_two_workspaces_is_two_feedbacks(store: Store) -> None:
    feedback = make_feedback()
    store.intake.take_in(feedback, NOW)

    assert store.intake.take_in(replace(feedback, team_id=OTHER_TEAM), NOW).new


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("before\x00after", "before\ufffdafter"),
        ("half \ud83d of a pair", "half \ufffd of a pair"),
        ("other \ude00 half", "other \ufffd half"),
        ("whole \U0001f600 face", "whole \U0001f600 face"),
        ("", ""),
        ("<!channel> & <@U1> \x07\x1b[31m", "<!channel> & <@U1> \x07\x1b[31m"),
    ],
)
def test_words_are_kept_verbatim_but_for_what_no_database_takes(store: Store, given: str, kept: str) -> None:
    taken = store.intake.take_in(make_feedback(given), NOW)

    assert store.history.feedback(TEAM, taken.feedback_id).text == kept


def test_names_with_unstorable_characters_are_taken_in_too(store: Store) -> None:
    feedback = make_feedback(reporter_name="Zo\ud83d", account="Ac\x00me", permalink="https://x/\x00")

    taken = store.intake.take_in(feedback, NOW)

    assert store.history.feedback(TEAM, taken.feedback_id).account == "Ac\ufffdme"


def test_enormous_message_is_kept_whole(store: Store) -> None:
    taken = store.intake.take_in(make_feedback("so many words " * 100_000), NOW)

    assert len(store.history.feedback(TEAM, taken.feedback_id).text) == 1_400_000


def test_feedback_of_an_unknown_workspace_is_refused_in_a_sentence(store: Store) -> None:
    with pytest.raises(NotFoundError, match="remember the workspace first"):
        store.intake.take_in(make_feedback(team_id="T0NOBODY"), NOW)


def test_unreadable_delivery_is_kept_once_with_its_reason(store: Store) -> None:
    for event_id in ("Ev1", "Ev2"):
        store.intake.keep_unreadable(TEAM, {"text": "\ud83d\x00"}, "no channel in it", event_id, NOW)

    [kept] = store.intake.unreadable(TEAM)
    assert (kept.event_id, kept.reason, kept.received_at) == ("Ev1", "no channel in it", NOW)


def test_delivery_that_json_cannot_hold_is_kept_all_the_same(store: Store) -> None:
    circle: dict[object, object] = {1: "one", "two": 2}
    circle["self"] = circle

    store.intake.keep_unreadable(TEAM, circle, "a circle", None, NOW)

    assert len(store.intake.unreadable(TEAM)) == 1


def test_delivery_of_a_workspace_that_nobody_knows_is_kept(store: Store) -> None:
    store.intake.keep_unreadable("T0NOBODY", [], "what is this", None, NOW)

    assert len(store.intake.unreadable("T0NOBODY")) == 1
    assert store.intake.unreadable(TEAM) == []


def test_a_comment_comes_in_with_a_new_forward_alone(store: Store) -> None:
    forward = make_feedback("The export is slow")
    comment = replace(forward, origin=Origin(f"{forward.origin}#comment"), text="Search is slow, too")

    store.intake.take_in(forward, NOW, comment=comment)
    assert store.queue.counts(TEAM)["waiting"] == 2

    store.intake.take_in(forward, NOW, comment=replace(comment, origin=Origin("slack:C1:1.1#comment")))
    assert store.queue.counts(TEAM)["waiting"] == 2
