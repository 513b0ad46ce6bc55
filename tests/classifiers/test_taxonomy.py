from collections import Counter

import pytest

from classifiers.errors import TaxonomyError
from classifiers.taxonomy import Taxonomy, load_taxonomy, parse_taxonomy
from classifiers.vocabulary import Persona, PersonaEntry, Side

CODEBOOK = {
    Side.CUSTOMER: "cost roi security compliance reporting admin_control integration scalability continuity service",
    Side.USER: "ease_of_use fewer_steps speed simplicity reliability capability mobility",
}


@pytest.mark.parametrize("side", list(Side))
def test_themes_of_each_side_are_those_of_the_codebook(taxonomy: Taxonomy, side: Side) -> None:
    assert [key for key, entry in taxonomy.themes.items() if entry.side is side] == CODEBOOK[side].split()


def test_every_entry_says_what_a_person_needs_to_know(taxonomy: Taxonomy) -> None:
    for entry in (*taxonomy.themes.values(), *taxonomy.personas.values()):
        assert entry.name
        assert entry.gloss
        assert entry.definition.endswith(".")
        assert 2 <= len(entry.examples) <= 4
        assert entry.aliases


@pytest.mark.parametrize("kind", ["themes", "personas"])
def test_no_words_mean_two_entries_of_a_kind(taxonomy: Taxonomy, kind: str) -> None:
    entries = getattr(taxonomy, kind).values()
    words = Counter(word for entry in entries for word in {w.casefold() for w in (entry.name, *entry.aliases)})
    assert [word for word, count in words.items() if count > 1] == []


@pytest.mark.parametrize(
    ("words", "persona"),
    [
        ("cfo", "economic_buyer"),
        ("CFOs", "economic_buyer"),
        ("the buyer", "economic_buyer"),
        ("security officer", "technical_gatekeeper"),
        ("IT", "technical_gatekeeper"),
        ("admin", "administrator"),
        ("End-Users", "daily_practitioner"),
        ("practitioner", "daily_practitioner"),
        ("daily_practitioner", "daily_practitioner"),
    ],
)
def test_people_find_a_persona_by_the_word_they_use(taxonomy: Taxonomy, words: str, persona: str) -> None:
    assert taxonomy.find_persona(words).key == persona


@pytest.mark.parametrize(
    ("words", "theme"), [("SSO", "security"), ("audit logs", "compliance"), ("bugs", "reliability")]
)
def test_people_find_a_theme_by_the_word_they_use(taxonomy: Taxonomy, words: str, theme: str) -> None:
    assert taxonomy.find_theme(words).key == theme


def test_misspelt_persona_is_answered_with_the_nearest(taxonomy: Taxonomy) -> None:
    with pytest.raises(TaxonomyError, match="Did you mean “administrator”"):
        taxonomy.find_persona("adminstrator")


def test_words_near_to_nothing_are_answered_with_what_is_known(taxonomy: Taxonomy) -> None:
    with pytest.raises(TaxonomyError, match=r"Known are: Economic buyer, .*Daily practitioner"):
        taxonomy.find_persona("xyzzy")


def test_theme_sets_the_side(taxonomy: Taxonomy) -> None:
    assert taxonomy.labels("speed").side is Side.USER
    assert taxonomy.labels("cost", "champion").side is Side.CUSTOMER


@pytest.mark.parametrize(("theme", "persona"), [("sped", "unknown"), ("speed", "cleaner")])
def test_labels_outside_the_taxonomy_are_refused(taxonomy: Taxonomy, theme: str, persona: str) -> None:
    with pytest.raises(TaxonomyError):
        taxonomy.labels(theme, persona)


def test_team_persona_is_found_beside_the_shipped_ones(taxonomy: Taxonomy) -> None:
    mary = PersonaEntry(Persona("mary"), name="Mary, the CFO", gloss="signs", definition="Signs.", aliases=("mary",))
    extended = taxonomy.with_personas([mary])
    assert extended.find_persona("Mary").key == "mary"
    assert extended.find_persona("cfo").key == "economic_buyer"
    assert "mary" not in taxonomy.personas


@pytest.mark.parametrize(
    "text",
    [
        "not toml at all =",
        "version = '1'",
        "version = '1'\n[side.customer]\nname = 'C'\ngloss = 'g'\n[theme.speed]\nside = 'sideways'\n[persona]",
        "version = '1'\n[side]\n[theme]\n[persona.a]\nname = 'A'",
    ],
)
def test_taxonomy_that_breaks_a_rule_is_refused_with_what_to_mend(text: str) -> None:
    with pytest.raises(TaxonomyError, match="cannot be read"):
        parse_taxonomy(text)


def test_two_entries_with_one_alias_are_refused() -> None:
    entry = "name = '{0}'\ngloss = 'g'\ndefinition = 'd.'\naliases = ['boss']\n"
    text = "version = '1'\n[side]\n[theme]\n[persona.a]\n" + entry.format("A") + "[persona.b]\n" + entry.format("B")
    with pytest.raises(TaxonomyError, match="“boss”"):
        parse_taxonomy(text)


@pytest.fixture
def taxonomy() -> Taxonomy:
    return load_taxonomy()
