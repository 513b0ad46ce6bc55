import pytest

from classifiers.local import LocalClassifier
from classifiers.protocol import Context
from classifiers.taxonomy import load_taxonomy
from classifiers.vocabulary import Persona, PersonaEntry

NORA = PersonaEntry(
    Persona("nora"),
    name="Nora",
    gloss="charts at the bedside",
    definition="Cares for patients on the ward and documents vitals, medication and handovers on every shift.",
    examples=("The medication screen makes me confirm each dose three times.",),
)
SAM = PersonaEntry(
    Persona("sam"),
    name="Sam",
    gloss="sells on the road",
    definition="Calls leads, updates deals and writes offers between two meetings.",
    examples=("Logging one call takes seven fields.",),
)
DOSE = "I have to confirm every dose of medication on three screens before the ward round."
CALL = "It takes me seven fields to log a single call with a lead."
SLOW = "The search page takes 20 seconds to load every time."
PRICE = "Our CFO says that the price of the medication module for each ward is too high to renew."


@pytest.mark.parametrize(
    ("text", "persona"),
    [(DOSE, "nora"), (CALL, "sam"), (SLOW, "daily_practitioner"), (PRICE, "economic_buyer")],
    ids=["like the one", "like the other", "like neither", "about her work, not her need"],
)
def test_a_team_persona_is_recognised_by_what_it_is_like(local: LocalClassifier, text: str, persona: str) -> None:
    assert personas(local, text, NORA, SAM) == {persona: text == PRICE}


def test_a_team_persona_that_the_text_names_is_nearer_than_one_that_it_is_like(local: LocalClassifier) -> None:
    assert personas(local, f"Sam writes: {DOSE}", NORA, SAM) == {"sam": True}


@pytest.mark.parametrize(
    ("speaker", "found"), [("Our nurse says: ", {"daily_practitioner": True}), ("", {"nora": False})]
)
def test_a_shipped_role_that_the_text_names_is_nearer_than_a_persona_that_it_is_like(
    local: LocalClassifier, speaker: str, found: dict[str, bool]
) -> None:
    assert personas(local, f"{speaker}{DOSE}", NORA, SAM) == found


def test_a_persona_of_which_nothing_is_said_in_words_is_recognised_by_its_name_alone(local: LocalClassifier) -> None:
    silent = PersonaEntry(Persona("x"), name="🦉", gloss="…", definition="—")
    assert personas(local, DOSE, silent) == {"daily_practitioner": False}


def personas(local: LocalClassifier, text: str, *added: PersonaEntry) -> dict[str, bool | None]:
    """Return the personas of what is found in a text, each with whether the text states it."""
    context = Context(load_taxonomy().with_personas(added))
    insights = local.classify([text], context)[0].insights
    return {insight.labels.persona: insight.remarks.persona_stated for insight in insights}


@pytest.fixture(scope="module")
def local() -> LocalClassifier:
    return LocalClassifier.load()
