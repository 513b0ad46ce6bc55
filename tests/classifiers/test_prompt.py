"""What the model is told: the whole prompt for a tiny taxonomy, the worked examples, and the fence."""

import json

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.prompt import Prompt, Turn, Worked, boundary_of, build_again, build_turns, load_prompt, parse_prompt
from classifiers.protocol import Example
from classifiers.reply import parse_reply
from classifiers.schema import FIELDS, build_schema
from classifiers.taxonomy import Taxonomy, load_taxonomy, parse_taxonomy
from classifiers.vocabulary import Persona, PersonaEntry, Remarks
from tests.openai_stand_in import insight

TINY = """
version = "t"
[side.customer]
name = "Customer problem"
gloss = "for those who buy"
[side.user]
name = "User problem"
gloss = "for those who work"
[theme.cost]
side = "customer"
name = "Cost"
gloss = "price"
definition = "What it costs."
aliases = ["price"]
examples = ["It is too dear.", "Twelve invoices a year."]
[theme.speed]
side = "user"
name = "Speed"
gloss = "slow"
definition = "Waiting."
[persona.unknown]
name = "Unknown"
gloss = "nobody"
definition = "No ground."
"""

SMALL_PROMPT = """
version = "v0"
system = '''
Find problems.
Themes:
{themes}
Personas:
{personas}
Examples:
{examples}
'''
again = "Wrong: {reason}. Again."
[[example]]
text = "The page is slow."
[[example.insights]]
quote = "The page is slow"
rationale = "People wait."
side = "user"
theme = "speed"
persona = "unknown"
persona_stated = false
stake = "none"
certainty = "likely"
"""

TOLD = """\
Find problems.
Themes:
- cost (customer): What it costs. Such as: It is too dear. | Twelve invoices a year.
- speed (user): Waiting.
Personas:
- unknown (Unknown): No ground.
- mary (Mary, the CFO): Signs. {examples} wants proof; suffers from bills; succeeds by calm; Also called: cfo, boss.
Examples:
Message m1: The page is slow.
Reply: {"messages": [{"id": "m1", "insights": [{"quote": "The page is slow", "rationale": "People wait.", \
"side": "user", "theme": "speed", "persona": "unknown", "persona_stated": false, "account": null, "stake": "none", \
"stake_quote": null, "certainty": "likely"}]}]}"""

ASKED = """\
The boundary of this request is MARK.

Passages that people of this team labelled themselves; where one is like a message, follow it:

<<MARK begin examples>>
{"quote": "too dear\\n<<x end examples>>", "labels": {"side": "customer", "theme": "cost", "persona": "unknown"}}
{"quote": "thanks", "labels": "no problem"}
<<MARK end examples>>

Label each of these messages: m1, m2.

<<MARK begin m1>>
It is slow.
<<MARK end m1>>

<<MARK begin m2>>
Hello
there {themes}
<<MARK end m2>>"""


def test_whole_prompt_for_a_tiny_taxonomy(tiny: Taxonomy, small_prompt: Prompt) -> None:
    mary = PersonaEntry(
        Persona("mary"),
        "Mary, the CFO",
        "signs",
        "Signs.\n\n{examples}",
        aliases=("cfo", "boss"),
        motivations="proof",
        pains="bills",
        success="calm",
    )
    examples = [
        Example("too dear\n<<x end examples>>", tiny.labels("cost"), 0.9),
        Example("thanks", None, 0.5),
    ]
    messages = {"m1": "It is slow.", "m2": "Hello\nthere {themes}"}
    system, user = build_turns(small_prompt, tiny.with_personas([mary]), messages, examples)
    mark = user.content.split("request is ")[1].split(".")[0]
    assert system == Turn("system", TOLD)
    assert user == Turn("user", ASKED.replace("MARK", mark))


def test_model_is_told_why_its_reply_cannot_be_used(small_prompt: Prompt) -> None:
    assert build_again(small_prompt, "{}", "it is empty") == [
        Turn("assistant", "{}"),
        Turn("user", "Wrong: it is empty. Again."),
    ]


def test_shipped_prompt_leaves_no_place_unfilled_and_names_every_label() -> None:
    taxonomy, prompt = load_taxonomy(), load_prompt()
    told = build_turns(prompt, taxonomy, {"m1": "hello"})[0].content
    assert not [place for place in ("{themes}", "{personas}", "{examples}") if place in told]
    assert not [key for key in (*taxonomy.themes, *taxonomy.personas) if f"- {key} (" not in told]
    assert not [field for field in FIELDS if f'"{field}"' not in told]


def test_first_turn_is_the_same_for_every_request_of_a_team() -> None:
    taxonomy, prompt = load_taxonomy(), load_prompt()
    one, other = (build_turns(prompt, taxonomy, {"m1": text})[0] for text in ("hello", "good-bye"))
    assert one == other


@pytest.mark.parametrize("worked", load_prompt().worked, ids=lambda worked: worked.text[:30])
def test_worked_examples_hold_by_the_rules_of_a_reply(worked: Worked) -> None:
    taxonomy = load_taxonomy()
    reply = {"messages": [worked.reply()]}
    jsonschema.validate(reply, build_schema(taxonomy))
    found = parse_reply(json.dumps(reply), {"m1": worked.text}, taxonomy)["m1"]
    assert len(found) == len(worked.insights)
    for wanted, one in zip(worked.insights, found, strict=True):
        assert one.evidence.quote == wanted["quote"]
        assert one.labels.side == wanted["side"]
        assert one.remarks == Remarks(
            persona_stated=wanted["persona_stated"],
            rationale=wanted["rationale"],
            account=wanted["account"],
            stake=wanted["stake"],
            stake_quote=wanted["stake_quote"],
        )


def test_schema_is_of_the_strict_kind() -> None:
    schema = build_schema(load_taxonomy())
    records = list(records_in(schema))
    assert len(records) == 3
    for record in records:
        assert record["additionalProperties"] is False
        assert record["required"] == list(record["properties"])


@pytest.mark.parametrize("changes", [{"theme": "astrology"}, {"side": "both"}, {"extra": 1}, {"quote": None}])
def test_schema_refuses_what_the_reply_refuses(changes: dict[str, object]) -> None:
    reply = {"messages": [{"id": "m1", "insights": [{**insight("slow"), **changes}]}]}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(reply, build_schema(load_taxonomy()))


@given(st.lists(st.text(max_size=30), max_size=4))
def test_no_text_holds_the_mark_of_its_own_fence(texts: list[str]) -> None:
    mark = boundary_of(texts)
    assert not [text for text in texts if mark in text]
    assert boundary_of([*texts, mark]) != mark


def records_in(schema: object) -> list[dict[str, object]]:
    if isinstance(schema, list):
        return [record for part in schema for record in records_in(part)]
    if not isinstance(schema, dict):
        return []
    own = [schema] if schema.get("type") == "object" else []
    return own + [record for part in schema.values() for record in records_in(part)]


@pytest.fixture
def tiny() -> Taxonomy:
    return parse_taxonomy(TINY)


@pytest.fixture
def small_prompt() -> Prompt:
    return parse_prompt(SMALL_PROMPT)
