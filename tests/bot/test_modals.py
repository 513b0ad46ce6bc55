from dataclasses import replace
from typing import Any

import pytest

from bot.sandbox.blocks.surfaces import check_message, check_view
from bot.views import ids
from bot.views.greeting import build_choice, build_greeting
from bot.views.modals import build_correction, build_missed, build_not_kept, build_reading
from classifiers.vocabulary import Persona, PersonaEntry, Side, Theme
from storage.beside import SaidBeside
from storage.ids import ChannelId, UserId
from storage.vocabulary import FeedbackState, Watch
from tests.bot.listening import TAXONOMY, problem
from tests.bot.test_card import AT, AUDIT, CLICKS, make_feedback

HERE = ChannelId("C200")
MARY = PersonaEntry(key=Persona("mary"), name="Mary, the CFO", gloss="signs", definition="signs what we buy")


def test_the_correction_begins_with_the_current_labels() -> None:
    (insight,) = make_feedback(AUDIT).insights
    view = build_correction(insight, TAXONOMY, (), HERE)
    assert check_view(view, surface="modal") == []
    assert chosen(view, ids.CORRECTION_THEME) == "compliance"
    assert chosen(view, ids.CORRECTION_PERSONA) == "technical_gatekeeper"
    assert chosen(view, ids.CORRECTION_VERDICT) == ids.IS_PROBLEM


def test_the_correction_offers_every_theme_under_its_side_and_the_teams_own_personas() -> None:
    (insight,) = make_feedback(AUDIT).insights
    view = build_correction(insight, TAXONOMY.with_personas([MARY]), (), HERE)
    groups = element(view, ids.CORRECTION_THEME)["option_groups"]
    assert [len(group["options"]) for group in groups] == [10, 7]
    assert groups[0]["label"]["text"].startswith("Customer problem")
    assert "mary" in {option["value"] for option in element(view, ids.CORRECTION_PERSONA)["options"]}


def test_the_correction_opens_for_labels_that_the_taxonomy_no_longer_has() -> None:
    (insight,) = make_feedback(AUDIT).insights
    gone = replace(insight, current=replace(insight.current, persona=Persona("gone")))
    assert check_view(build_correction(gone, TAXONOMY, (), HERE), surface="modal") == []


def test_the_correction_remembers_what_was_seen_and_where() -> None:
    (insight,) = make_feedback(AUDIT).insights
    note = ids.parse_note(build_correction(insight, TAXONOMY, (), HERE)["private_metadata"])
    assert ids.parse_press(note.subject) == (1, 0)
    assert note.channel_id == HERE


def test_the_reading_shows_each_insight_and_offers_to_change_it() -> None:
    view = build_reading(make_feedback(AUDIT, CLICKS), TAXONOMY, (), HERE)
    assert check_view(view, surface="modal") == []
    values = [option["value"] for option in element(view, ids.READING_NEXT)["options"]]
    assert values == ["1:0", "2:0", ids.ADD_MISSED]


def test_erased_words_can_be_looked_at_no_more_and_changed_by_nobody() -> None:
    feedback = make_feedback(AUDIT)
    (insight,) = (replace(insight, said=None) for insight in feedback.insights)
    view = build_reading(replace(feedback, text="", words_erased_at=AT, insights=(insight,)), TAXONOMY, (), HERE)
    assert check_view(view, surface="modal") == []
    assert "The words of this message were erased." in str(view)
    assert "submit" not in view
    assert "The words of this message were erased." in str(build_correction(insight, TAXONOMY, (), HERE))


@pytest.mark.parametrize("state", [FeedbackState.WAITING, FeedbackState.FAILED, FeedbackState.ERASED])
def test_the_reading_of_what_was_not_read_offers_nothing_to_change(state: FeedbackState) -> None:
    view = build_reading(make_feedback(state=state), TAXONOMY, (), HERE)
    assert check_view(view, surface="modal") == []
    assert "submit" not in view


def test_the_reading_of_a_message_without_problems_offers_to_add_one() -> None:
    view = build_reading(make_feedback(), TAXONOMY, (), HERE)
    assert [option["value"] for option in element(view, ids.READING_NEXT)["options"]] == [ids.ADD_MISSED]


def test_the_reading_shows_what_was_said_when_the_message_was_saved() -> None:
    labels = {"side": Side.USER, "theme": Theme("speed"), "persona": Persona("champion")}
    beside = SaidBeside(note="Asked <twice>.", person="Mary", stated_by=UserId("U7"), **labels)
    view = build_reading(replace(make_feedback(AUDIT), account="Halden", beside=beside), TAXONOMY, (), HERE)
    assert check_view(view, surface="modal") == []
    assert "Account: Halden\nPerson: Mary\nNote: Asked &lt;twice&gt;.\n<@U7> said: User problem, Speed, Champion" in [
        part["text"] for block in view["blocks"] for part in block.get("elements", [])
    ]


def test_the_reading_of_very_many_long_insights_keeps_slacks_limits() -> None:
    long = "w<&> " * 800
    feedback = make_feedback(*[problem(long, long.strip(), "scalability")] * 150)
    assert check_view(build_reading(feedback, TAXONOMY, (), HERE), surface="modal") == []


def test_a_missed_problem_is_asked_for_with_its_words_theme_and_persona() -> None:
    view = build_missed(make_feedback(), TAXONOMY, HERE)
    assert check_view(view, surface="modal") == []
    assert chosen(view, ids.MISSED_PERSONA) == "unknown"


def test_a_message_that_was_not_kept_says_why_and_what_changes_that() -> None:
    view = build_not_kept(HERE, "/ballast")
    assert check_view(view, surface="modal") == []
    assert "/ballast watch all" in str(view)


def test_the_greeting_says_what_is_kept_where_words_go_for_how_long_and_asks() -> None:
    text, blocks = build_greeting(
        "greeting:C1:1.0", words_go_to="Words stay <here>.", kept_months=12, command="/ballast"
    )
    assert check_message(blocks) == []
    for words in ("text of each new message", "Words stay &lt;here&gt;.", "12 months", "until an owner chooses"):
        assert words in text
        assert words in str(blocks)
    assert blocks[0]["block_id"] == "greeting:C1:1.0"
    buttons = next(block for block in blocks if block["type"] == "actions")
    assert [button["action_id"] for button in buttons["elements"]] == ["watch.all", "watch.request", "watch.off"]
    assert ids.greeting_of(buttons["block_id"]) == "greeting:C1:1.0"


def test_the_choice_names_who_chose_what() -> None:
    text, blocks = build_choice("greeting:C1:1.0", Watch.ALL, UserId("U3"), command="/ballast")
    assert check_message(blocks) == []
    assert text.startswith("<@U3> chose: Ballast keeps every new message here.")


def element(view: dict[str, Any], block_id: str) -> dict[str, Any]:
    found: dict[str, Any] = next(block["element"] for block in view["blocks"] if block.get("block_id") == block_id)
    return found


def chosen(view: dict[str, Any], block_id: str) -> str:
    value: str = element(view, block_id)["initial_option"]["value"]
    return value
