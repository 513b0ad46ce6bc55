import pytest

from classifiers.local import LocalClassifier
from classifiers.protocol import Context
from classifiers.roles import shipped_roles
from classifiers.taxonomy import load_taxonomy

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
        ("", set()),
    ],
)
def test_named_roles_are_found_and_other_meanings_of_their_words_are_not(text: str, personas: set[str]) -> None:
    assert {persona for _, persona in shipped_roles().find(text)} == personas


def test_each_title_belongs_to_a_persona_of_the_taxonomy() -> None:
    named = shipped_roles().find("CFO, CISO, sysadmin, team lead, nurse")
    assert [persona for _, persona in named] == [key for key in load_taxonomy().personas if key != "unknown"]


@pytest.mark.parametrize(("speaker", "stated"), [("Nurse here.", True), ("Hello.", False)])
def test_persona_says_whether_the_text_names_it(speaker: str, stated: bool) -> None:
    found = LocalClassifier.load().classify([f"{speaker} {SLOW}"], Context(load_taxonomy()))[0].insights
    assert {each.labels.persona for each in found} == {"daily_practitioner"}
    assert {each.remarks.persona_stated for each in found} == {stated}
