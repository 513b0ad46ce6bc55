"""Odd replies, and what becomes of each: insights that hold, or an error with its reason."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.errors import ReplyError
from classifiers.locating import locate
from classifiers.reply import AT_ODDS, LONGEST_RATIONALE, MOST_INSIGHTS, parse_reply
from classifiers.schema import CERTAINTIES
from classifiers.taxonomy import Taxonomy, load_taxonomy
from classifiers.vocabulary import Insight, Stake
from tests.openai_stand_in import insight

TEXT = "Larkfield’s auditor  wants “proof” of who changed\neach figure – or they won't renew. The page is slow."
PROOF = "Larkfield’s auditor  wants “proof”"


def test_reply_without_insights_is_an_answer(taxonomy: Taxonomy) -> None:
    assert parse_reply('{"messages": [{"id": "m1", "insights": []}]}', {"m1": TEXT}, taxonomy) == {"m1": ()}


def test_only_message_may_go_without_its_id(taxonomy: Taxonomy) -> None:
    said = json.dumps({"messages": [{"insights": [insight(PROOF)]}]})
    assert len(parse_reply(said, {"m1": TEXT}, taxonomy)["m1"]) == 1


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("", "not one whole JSON object"),
        ("No problems here.", "not one whole JSON object"),
        ('{"messages": [', "not one whole JSON object"),
        ("[1, 2]", "not one whole JSON object"),
        ('{"a": 1} {"b": 2}', "not one whole JSON object"),
        ("{" * 100_000 + "}" * 100_000, "not one whole JSON object"),
        ('{"a":' * 100_000 + "1" + "}" * 100_000, "not one whole JSON object"),
        ("{}", "the reply lacks the list “messages”"),
        ('{"messages": {"m1": []}}', "the reply lacks the list “messages”"),
        ('{"messages": []}', "each of the 1 ids that were given exactly once"),
        ('{"messages": [[]]}', "entry 1 of “messages” is no object"),
        ('{"messages": [{"id": "m1"}]}', "m1 lacks the list “insights”"),
        ('{"messages": [{"id": "m1", "insights": null}]}', "m1 lacks the list “insights”"),
        ('{"messages": [{"id": "m1", "insights": ["slow"]}]}', "insight 1 of m1 is no object"),
        ('{"messages": [{"id": "m7", "insights": []}]}', "exactly once"),
        ('{"messages": [{"id": "m1", "insights": []}, {"id": "m1", "insights": []}]}', "exactly once"),
    ],
)
def test_reply_of_another_form_is_refused_with_its_reason(taxonomy: Taxonomy, said: str, reason: str) -> None:
    with pytest.raises(ReplyError, match=reason):
        parse_reply(said, {"m1": TEXT}, taxonomy)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"theme": "Compliance"}, "theme"),
        ({"theme": "customer"}, "theme"),
        ({"theme": None}, "theme"),
        ({"theme": ["compliance"]}, "theme"),
        ({"persona": "CFO"}, "persona"),
        ({"side": "neither"}, "side"),
        ({"certainty": 0.9}, "certainty"),
        ({"quote": "the auditor demands proof"}, "quote"),
        ({"quote": "larkfield’s auditor"}, "quote"),
        ({"quote": "Larkfield’s auditor … each figure"}, "quote"),
        ({"quote": " \n"}, "quote"),
        ({"quote": "–"}, "quote"),
        ({"quote": None}, "quote"),
        ({"quote": 7}, "quote"),
    ],
    ids=str,
)
def test_insight_that_does_not_hold_is_refused_by_its_place(
    taxonomy: Taxonomy, changes: dict[str, Any], reason: str
) -> None:
    with pytest.raises(ReplyError, match=rf"{reason}.*insight 2 of m1|insight 2 of m1.*{reason}"):
        read(taxonomy, insight(PROOF), {**insight(PROOF), **changes})


@pytest.mark.parametrize("field", ["quote", "side", "theme", "persona", "certainty"])
def test_insight_without_a_label_or_quote_is_refused(taxonomy: Taxonomy, field: str) -> None:
    lacking = {name: value for name, value in insight(PROOF).items() if name != field}
    with pytest.raises(ReplyError, match=field):
        read(taxonomy, lacking)


def test_reason_never_repeats_what_was_said(taxonomy: Taxonomy) -> None:
    with pytest.raises(ReplyError) as caught:
        read(taxonomy, insight("a secret of Larkfield", theme="a secret"))
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("said", "stands"),
    [
        (PROOF, PROOF),
        ('Larkfield\'s auditor wants "proof"', PROOF),
        ("“Larkfield's auditor wants “proof” of who”", "Larkfield’s auditor  wants “proof” of who"),
        ("who changed each figure - or they won’t renew", "who changed\neach figure – or they won't renew"),
        ("  The page is slow. ", "The page is slow."),
        ("The\u200b page is slow", "The page is slow"),
    ],
)
def test_quote_is_found_but_for_blanks_and_typographic_marks(taxonomy: Taxonomy, said: str, stands: str) -> None:
    evidence = read(taxonomy, insight(said))[0].evidence
    assert evidence.quote == stands
    assert TEXT[evidence.start : evidence.end] == stands


@given(st.text(alphabet=st.sampled_from("ab “”’'\"-–…\n\u200b\t.é"), max_size=40), st.data())
def test_every_stretch_of_a_text_is_found_in_it(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    words = text[start : data.draw(st.integers(start, len(text)))]
    found = locate(text, words)
    if words.strip():
        assert found is not None
        assert text[found.start : found.end] == words


def test_insight_that_is_given_twice_is_one(taxonomy: Taxonomy) -> None:
    assert len(read(taxonomy, insight(PROOF), insight(PROOF, rationale="Again."))) == 1


def test_one_quote_may_carry_two_problems(taxonomy: Taxonomy) -> None:
    both = read(taxonomy, insight(PROOF), insight(PROOF, side="user", theme="speed"))
    assert [one.labels.theme for one in both] == ["compliance", "speed"]


def test_insights_come_in_reading_order(taxonomy: Taxonomy) -> None:
    found = read(taxonomy, insight("The page is slow", side="user", theme="speed"), insight(PROOF))
    assert [one.labels.theme for one in found] == ["compliance", "speed"]


def test_too_many_insights_are_refused(taxonomy: Taxonomy) -> None:
    with pytest.raises(ReplyError, match=f"m1 has {MOST_INSIGHTS + 1} insights"):
        read(taxonomy, *[insight(PROOF)] * (MOST_INSIGHTS + 1))


@pytest.mark.parametrize("certainty", CERTAINTIES)
def test_only_a_guess_is_unsure(taxonomy: Taxonomy, certainty: str) -> None:
    found = read(taxonomy, insight(PROOF, certainty=certainty))[0]
    assert (found.confidence, found.unsure) == (CERTAINTIES[certainty], certainty == "guess")


def test_side_at_odds_with_its_theme_is_unsure(taxonomy: Taxonomy) -> None:
    found = read(taxonomy, insight(PROOF, side="user"))[0]
    assert (found.labels.side, found.confidence, found.unsure) == ("customer", AT_ODDS, True)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("Larkfield", "Larkfield"),
        ("Larkfield's", "Larkfield’s"),
        ("Northgate", None),
        ("", None),
        (None, None),
        (3, None),
    ],
)
def test_account_is_kept_only_where_the_text_names_it(taxonomy: Taxonomy, given: Any, kept: str | None) -> None:
    assert read(taxonomy, insight(PROOF, account=given))[0].remarks.account == kept


@pytest.mark.parametrize(
    ("stake", "words", "kept"),
    [
        ("renewal", "they won’t renew", (Stake.RENEWAL, "they won't renew")),
        ("renewal", "they will leave", (Stake.NONE, None)),
        ("renewal", None, (Stake.NONE, None)),
        ("none", "they won't renew", (Stake.NONE, None)),
        ("bankruptcy", "they won't renew", (Stake.NONE, None)),
        (["renewal"], "they won't renew", (Stake.NONE, None)),
    ],
)
def test_stake_is_kept_only_with_the_words_that_say_it(
    taxonomy: Taxonomy, stake: Any, words: str | None, kept: tuple[Stake, str | None]
) -> None:
    remarks = read(taxonomy, insight(PROOF, stake=stake, stake_quote=words))[0].remarks
    assert (remarks.stake, remarks.stake_quote) == kept


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("The auditor wants proof.", "The auditor wants proof."),
        ("The auditor\n wants  proof. And more. And more.", "The auditor wants proof."),
        ("Version 2.5 lacks proof. Yes.", "Version 2.5 lacks proof."),
        ("x" * (LONGEST_RATIONALE + 1), None),
        ("See https://evil.test/now", None),
        ("See evil.com now", None),
        ("![x](http://evil.test/p.png)", None),
        ("[click](//evil)", None),
        ("<!channel> wants proof", None),
        ("Ask @here", None),
        ("Write to mailto:x", None),
        ("Run `rm`", None),
        ("Ask <@U123>", None),
        ("", None),
        ("\u202e\u2066", None),
        (None, None),
        (["a"], None),
    ],
)
def test_rationale_is_one_short_sentence_that_leads_nowhere(taxonomy: Taxonomy, given: Any, kept: str | None) -> None:
    assert read(taxonomy, insight(PROOF, rationale=given))[0].remarks.rationale == kept


@pytest.mark.parametrize(("given", "kept"), [(True, True), (False, False), (None, None), ("yes", None)])
def test_stated_persona_is_a_yes_or_no(taxonomy: Taxonomy, given: Any, kept: bool | None) -> None:
    assert read(taxonomy, insight(PROOF, persona_stated=given))[0].remarks.persona_stated is kept


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(st.sampled_from(["messages", "id", "insights", "quote", "theme"]) | st.text(), inner)
        ),
    )
)
def test_any_json_is_read_or_refused(value: object) -> None:
    try:
        found = parse_reply(json.dumps(value), {"m1": TEXT}, load_taxonomy())
    except ReplyError:
        return
    assert found == {"m1": ()}


def read(taxonomy: Taxonomy, *insights: dict[str, Any]) -> tuple[Insight, ...]:
    said = json.dumps({"messages": [{"id": "m1", "insights": list(insights)}]})
    return parse_reply(said, {"m1": TEXT}, taxonomy)["m1"]


@pytest.fixture(scope="module")
def taxonomy() -> Taxonomy:
    return load_taxonomy()
