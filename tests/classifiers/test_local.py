import json
import subprocess
import sys
from pathlib import Path
from shutil import copytree

import numpy as np
import pytest

from classifiers.errors import ModelError
from classifiers.local import LocalClassifier
from classifiers.model_file import FACTS, MODEL, NETWORK, TOKENS, WEIGHTS, load_commonest_personas, load_model, sealed
from classifiers.protocol import Context
from classifiers.taxonomy import load_taxonomy
from classifiers.vocabulary import Insight, Persona, PersonaEntry

AUDIT = "Our auditor asked for a log of who changed which price and when."
SLOW = "The search page takes 20 seconds to load every time."
FILES = (NETWORK, TOKENS, WEIGHTS)


def test_quote_is_the_passage_that_voices_the_problem(local: LocalClassifier) -> None:
    text = f"Hi team,\n{SLOW}\nBest regards,\nAnna"
    assert [each.evidence.quote for each in read(local, text)] == [SLOW]


def test_problem_at_the_end_of_a_text_of_forty_thousand_characters_is_found(local: LocalClassifier) -> None:
    chatter = "See you all at the station at nine, bring a coat. "
    found = read(local, chatter * ((40_000 - len(AUDIT)) // len(chatter)) + AUDIT)
    assert any(AUDIT in each.evidence.quote for each in found)


@pytest.mark.parametrize("sentences", [3, 8])
def test_problem_is_found_in_one_sentence_among_much_chatter(local: LocalClassifier, sentences: int) -> None:
    found = read(local, "See you all at the station at nine, bring a coat. " * sentences + AUDIT)
    assert [each.labels.theme for each in found] == ["compliance"]


def test_problem_is_found_behind_chatter_that_fills_more_than_a_window(local: LocalClassifier) -> None:
    found = read(local, "See you all at the station at nine, bring a coat. " * 40 + AUDIT)
    assert AUDIT in [each.evidence.quote for each in found if each.labels.theme == "compliance"]


@pytest.mark.parametrize("text", ["<https://example.com/a|a page>", "```for (;;) { x += 1 }```", ":tada:", "a"])
def test_text_in_which_nobody_says_anything_holds_no_problem(local: LocalClassifier, text: str) -> None:
    assert read(local, text) == ()


@pytest.mark.parametrize(
    "around",
    [
        "Good morning everyone, hope you are well.\n\n{}",
        "{}\n\nKind regards,\nJane Doe\nChief Information Security Officer\nMegabank",
        "{}\n\nBest,\nJulia\n\nThis e-mail is confidential and intended only for the addressee. Please delete it.",
        "---------- Forwarded message ---------\nFrom: Elena Ruiz <elena@clinic.example>\nDate: Mon, 2 Feb 2026\n\n{}",
        "{}\n\nOn Tue, 3 Mar 2026, Support wrote:\n> Hi Julia, thanks for your patience.\n> Regards, Sam",
    ],
    ids=["greeting", "signature", "notice", "passed on", "answer"],
)
@pytest.mark.parametrize("said", [AUDIT, SLOW], ids=["customer", "user"])
def test_what_mail_puts_around_a_problem_changes_nothing_of_it(local: LocalClassifier, around: str, said: str) -> None:
    told = [
        [(each.labels, each.evidence.quote, each.confidence) for each in read(local, text)]
        for text in (around.format(said), said)
    ]
    assert told[0] == told[1]


def test_a_mail_and_what_it_answers_are_read_apart(local: LocalClassifier) -> None:
    found = read(local, f"{AUDIT}\n\nOn Tue, 3 Mar 2026, Julia wrote:\n> {SLOW}\n> Regards, Julia")
    assert [(each.labels.side, each.evidence.quote) for each in found] == [("customer", AUDIT), ("user", SLOW)]


def test_the_messages_of_a_copied_chat_are_read_apart(local: LocalClassifier) -> None:
    found = read(local, f"Kim Lee  12:04 PM\n{SLOW}\nRaj Patel  12:05 PM\n{AUDIT}\nAnn  12:06 PM\nsame here")
    assert [(each.labels.side, each.evidence.quote) for each in found] == [("user", SLOW), ("customer", AUDIT)]


TRACE = """Traceback (most recent call last):
  File "export.py", line 42, in run
    rows = fetch(month)
TimeoutError: no answer"""
LOG = "2026-11-02 12:00:01 ERROR export worker: no answer\n2026-11-02 12:00:05 WARN retry"


@pytest.mark.parametrize(
    "code",
    [f"```\n{TRACE}\n```", TRACE, f"```{LOG}```", '```json\n{"error": "E_TIMEOUT", "path": "/x"}\n```'],
    ids=["fenced trace", "trace", "log", "json"],
)
def test_code_below_a_problem_changes_nothing_of_it(local: LocalClassifier, code: str) -> None:
    assert read(local, f"{AUDIT}\n\n{code}") == read(local, AUDIT)


def test_words_that_are_quoted_as_code_are_read(local: LocalClassifier) -> None:
    assert [each.evidence.quote for each in read(local, f"From the site:\n```\n{SLOW}\n```")] == [SLOW]


def test_unsure_is_what_lies_below_the_threshold_of_the_model(local: LocalClassifier) -> None:
    texts = [AUDIT, SLOW, "Hm, the thing with the numbers again.", "numbers"]
    threshold = load_model().decision.unsure_below
    insights = [each for text in texts for each in read(local, text)]
    assert insights
    assert all(each.unsure == (each.confidence < threshold) for each in insights)


@pytest.mark.parametrize("words", ["mary", "Mary, the CFO", "chief of numbers"])
def test_team_persona_that_the_text_names_decides(local: LocalClassifier, words: str) -> None:
    found = read(local, f"{SLOW} That is what {words} says.", mary())
    assert {each.labels.persona for each in found} == {"mary"}
    assert all(each.remarks.persona_stated for each in found)


def test_team_persona_inside_another_word_is_not_named(local: LocalClassifier) -> None:
    assert "mary" not in {each.labels.persona for each in read(local, f"{SLOW} A summary is gone.", mary())}


def test_nearest_of_two_named_team_personas_decides(local: LocalClassifier) -> None:
    ken = PersonaEntry(Persona("ken"), name="Ken", gloss="g", definition="D.")
    text = f"Ken sends his greetings from the beach. Mary says: {SLOW}"
    assert {each.labels.persona for each in read(local, text, mary(), ken)} == {"mary"}


@pytest.mark.parametrize(
    ("text", "personas"),
    [
        (f"Mary asks about the price. The nurses say: {SLOW}", {"daily_practitioner"}),
        (f"Mary, our finance director, says: {SLOW}", {"mary"}),
        (f"The finance director (Mary) says: {SLOW}", {"mary"}),
    ],
    ids=["another speaks", "what she is", "who that is"],
)
def test_a_team_persona_is_not_given_what_a_nearer_role_says(
    local: LocalClassifier, text: str, personas: set[str]
) -> None:
    assert {each.labels.persona for each in read(local, text, mary())} == personas


def test_a_pasted_file_gives_its_surest_problems_and_no_flood_of_them(
    local: LocalClassifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "\n\n".join(f"{number}: {SLOW}" for number in range(80))
    everything = read(local, text)
    monkeypatch.setattr("classifiers.local.MOST_INSIGHTS", 3)
    found = read(local, text)
    assert len(everything) > len(found) == 3
    assert [each.evidence.start for each in found] == sorted(each.evidence.start for each in found)
    assert min(each.confidence for each in found) >= max(each.confidence for each in everything if each not in found)


@pytest.mark.parametrize("name", [FACTS, *FILES])
def test_missing_file_says_how_to_restore_it(model_folder: Path, name: str) -> None:
    (model_folder / name).unlink()
    with pytest.raises(ModelError, match=r"missing.*make train"):
        load_model(model_folder)


@pytest.mark.parametrize("name", FILES)
def test_one_changed_byte_is_noticed(model_folder: Path, name: str) -> None:
    content = bytearray((model_folder / name).read_bytes())
    content[len(content) // 2] ^= 1
    (model_folder / name).write_bytes(content)
    with pytest.raises(ModelError, match=rf"checksum of {name}.*make train"):
        load_model(model_folder)


@pytest.mark.parametrize(
    ("change", "reason"),
    [({"format": 99}, "another version"), ({"themes": ["speed"]}, "damaged"), ({"decision": {}}, "damaged")],
)
def test_facts_that_do_not_fit_the_weights_are_refused(
    model_folder: Path, change: dict[str, object], reason: str
) -> None:
    path = model_folder / "model.json"
    path.write_text(json.dumps(sealed({**json.loads(path.read_text()), **change})))
    with pytest.raises(ModelError, match=rf"{reason}.*make train"):
        load_model(model_folder)


def test_facts_that_were_altered_are_refused_for_labels_would_change_places(model_folder: Path) -> None:
    path = model_folder / "model.json"
    facts = json.loads(path.read_text())
    path.write_text(json.dumps({**facts, "themes": facts["themes"][::-1]}))
    with pytest.raises(ModelError, match=r"checksum of model.json.*make train"):
        load_model(model_folder)
    with pytest.raises(ModelError, match=r"checksum of model.json.*make train"):
        load_commonest_personas(model_folder)


@pytest.mark.parametrize("weights", ["side", "confidence"])
def test_a_weight_that_is_no_number_is_refused(model_folder: Path, weights: str) -> None:
    path = model_folder / "model.json"
    facts = json.loads(path.read_text())
    numbers = np.full_like(facts["decision"][weights], np.nan).tolist()
    path.write_text(json.dumps(sealed({**facts, "decision": {**facts["decision"], weights: numbers}})))
    with pytest.raises(ModelError, match=r"damaged.*make train"):
        load_model(model_folder)


def test_a_network_that_was_replaced_before_it_was_opened_is_not_read(model_folder: Path) -> None:
    model = load_model(model_folder)
    (model_folder / NETWORK).write_bytes((model_folder / NETWORK).read_bytes() + b"x")
    with pytest.raises(ModelError, match="start Ballast again"):
        model.encoder.read([SLOW])


@pytest.mark.parametrize("share", [float("nan"), float("inf"), -0.1, 1.1, "0.5", None])
def test_a_threshold_that_is_no_share_is_refused_for_it_would_make_nothing_or_all_unsure(
    model_folder: Path, share: object
) -> None:
    path = model_folder / "model.json"
    facts = json.loads(path.read_text())
    path.write_text(json.dumps(sealed({**facts, "decision": {**facts["decision"], "unsure_below": share}})))
    with pytest.raises(ModelError, match=r"damaged.*make train"):
        load_model(model_folder)


@pytest.mark.parametrize("text", ["", "{", "[1]", "[" * 100_000])
def test_facts_that_are_no_object_are_refused(model_folder: Path, text: str) -> None:
    (model_folder / "model.json").write_text(text)
    with pytest.raises(ModelError, match=r"damaged.*make train"):
        load_model(model_folder)


def test_importing_loads_no_model_and_running_needs_nothing_of_what_training_needs() -> None:
    code = (
        "import sys; from classifiers import local;"
        "print(sorted({'onnxruntime', 'tokenizers'} & set(sys.modules)));"
        "local.LocalClassifier.load().embed(['The page is slow.']);"
        "print(sorted({'sklearn', 'scipy', 'torch', 'transformers', 'onnx'} & set(sys.modules)))"
    )
    ran = subprocess.run([sys.executable, "-c", code], cwd=MODEL.parents[1], capture_output=True, text=True, check=True)
    assert ran.stdout.split("\n")[:2] == ["[]", "[]"]


def read(local: LocalClassifier, text: str, *personas: PersonaEntry) -> tuple[Insight, ...]:
    context = Context(taxonomy=load_taxonomy().with_personas(personas))
    return local.classify([text], context)[0].insights


def mary() -> PersonaEntry:
    return PersonaEntry(Persona("mary"), "Mary, the CFO", "signs", "Signs.", aliases=("chief of numbers",))


@pytest.fixture(scope="module")
def local() -> LocalClassifier:
    return LocalClassifier.load()


@pytest.fixture
def model_folder(tmp_path: Path) -> Path:
    return copytree(MODEL, tmp_path / "model")
