from dataclasses import replace

import pytest

from classifiers.evidence import Span
from classifiers.local import LocalClassifier
from classifiers.protocol import Context
from classifiers.roles import AddedRoles, NamedRoles, shipped_roles, with_stated
from classifiers.taxonomy import load_taxonomy
from classifiers.vocabulary import Evidence, Insight, Labels, Persona, PersonaEntry, Remarks, Side, Theme

SLOW = "The search page takes 20 seconds to load every time."


@pytest.mark.parametrize(
    ("text", "personas"),
    [
        ("Our CFO will not renew.", {"economic_buyer"}),
        ("Two auditors and the nurses complained.", {"technical_gatekeeper", "daily_practitioner"}),
        ("IT blocked the rollout.", {"technical_gatekeeper"}),
        ("Legal says no.", {"technical_gatekeeper"}),
        ("Unser Betriebsrat will das sehen, die Pflegekräfte auch.", {"technical_gatekeeper", "daily_practitioner"}),
        ("L'infirmière attend, la DAF aussi.", {"daily_practitioner", "economic_buyer"}),
        ("It has a board with a legal notice, and security settings.", set()),
        ("The administration page is agentless.", set()),
        ("The AI assistant is wrong, the printer driver crashes, no tables in the editor.", set()),
        ("The editor wants tables. Drivers wait.", {"daily_practitioner"}),
        ("", set()),
    ],
)
def test_named_roles_are_found_and_other_meanings_of_their_words_are_not(text: str, personas: set[str]) -> None:
    assert {persona for _, persona in shipped_roles().find(text)} == personas


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("(Ex-)Admin", "An (ex-)admin told us so."),
        ("@ops", "That is what @ops says"),
        ("C++ developer", "C++ developers wait for it"),
        ("Team C++", "Says team C++."),
        ("Herr Strauß", "herr strauß wartet"),
        ("Head of Ops", "our head of\n ops waits"),
        ("[ops", "an [ops says"),
        ("R&D (Berlin)", "R&D (Berlin) waits"),
    ],
)
def test_names_with_signs_and_odd_letters_are_found_as_they_stand(name: str, text: str) -> None:
    assert [persona for _, persona in NamedRoles({name: Persona("x")}).find(text)] == ["x"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("@ops", "ops and me@ops"),
        ("(Ex-)Admin", "The admin"),
        (".*", "anything, .*"),
        (" ", "a b"),
        ("C++", "c, C++17"),
    ],
)
def test_names_with_signs_are_found_nowhere_else(name: str, text: str) -> None:
    assert not list(NamedRoles({name: Persona("x")}).find(text))


@pytest.mark.parametrize(
    ("name", "text", "is_found"),
    [
        ("Bill, the controller", "Bill asks for it: every page is slow.", True),
        ("Bill, the controller", "Bill's month ends late, for every page is slow.", True),
        ("Bill, the controller", "I open two bills a month and every page is slow.", False),
        ("Bill, the controller", "The bill is late, for every page is slow.", False),
        ("Will, our CFO", "I will not wait, every page is slow.", False),
        ("Mary, the CFO", "ask mary: every page is slow.", True),
        ("Mary, the CFO", "MARY waits: every page is slow.", True),
        ("Nurse, night shift", "The nurses wait, for every page is slow.", True),
        ("CFO, the one in Lyon", "the cfo waits, for every page is slow.", True),
        ("Sam, the dispatcher", "Hi Sam,\nevery page is slow.", False),
        ("Sam, the dispatcher", "Hello Kim and Sam, every page is slow.", False),
        ("Sam, the dispatcher", "every page is slow. Thanks Sam!", False),
        ("Sam, the dispatcher", "@Sam every page is slow.", False),
        ("Sam, the dispatcher", "From: Kim\nTo: Sam <sam@x.example>\n\nevery page is slow.", False),
        ("Sam, the dispatcher", "Hi Kim, Sam says that every page is slow.", True),
        ("PM", "Our PM says that every page is slow.", True),
        ("PM", "From 3 pm on every page is slow.", False),
        ("PM", "At 12:04 PM every page is slow.", False),
        ("OR", "Two or three times a day every page is slow.", False),
    ],
)
def test_a_person_s_name_is_told_from_a_word_like_it(name: str, text: str, is_found: bool) -> None:
    start = text.index("every page is slow")
    quote = Evidence(quote="every page is slow", start=start, end=start + 18)
    insight = Insight(Labels(Side.USER, Theme("speed"), Persona("unknown")), quote, 0.9, unsure=False)
    added = AddedRoles([PersonaEntry(Persona("own"), name=name, gloss="…", definition="—")])
    (read,) = added.applied(text, Span(0, len(text)), [insight], [])
    assert (read.labels.persona == "own") is is_found


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Our admin waits.", 1),
        ("The admin page is slow.", 0),
        ("The trainer mode crashes.", 0),
        ("The date picker is broken.", 0),
        ("Our pickers wait.", 1),
        ("Hi admins, every page is slow.", 0),
        ("Hi, our admins wait.", 1),
    ],
)
def test_a_title_names_no_thing_and_nobody_who_is_greeted(text: str, count: int) -> None:
    assert len(list(shipped_roles().find(text))) == count


def test_each_title_belongs_to_a_persona_of_the_taxonomy() -> None:
    named = shipped_roles().find("CFO, CISO, sysadmin, team lead, nurse")
    assert [persona for _, persona in named] == [key for key in load_taxonomy().personas if key != "unknown"]


@pytest.mark.parametrize(("speaker", "stated"), [("Nurse here.", True), ("Hello.", False)])
def test_persona_says_whether_the_text_names_it(speaker: str, stated: bool) -> None:
    found = LocalClassifier.load().classify([f"{speaker} {SLOW}"], Context(load_taxonomy()))[0].insights
    assert {each.labels.persona for each in found} == {"daily_practitioner"}
    assert {each.remarks.persona_stated for each in found} == {stated}


@pytest.mark.parametrize(("persona", "stated"), [("daily_practitioner", True), ("technical_gatekeeper", False)])
def test_what_the_sentence_of_a_quote_names_counts_before_the_rest(persona: str, stated: bool) -> None:
    text = f"The nurses say: {SLOW} Our auditor wants a log of who changed what."
    found = LocalClassifier.load().classify([SLOW], Context(load_taxonomy()))[0].insights[0]
    start = text.index(SLOW)
    insight = replace(
        found,
        labels=replace(found.labels, persona=Persona(persona)),
        evidence=replace(found.evidence, start=start, end=start + len(SLOW)),
        remarks=Remarks(),
    )
    assert with_stated(text, insight, list(shipped_roles().find(text))).remarks.persona_stated is stated
