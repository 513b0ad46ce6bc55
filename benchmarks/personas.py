"""How well a team's own personas are recognised by what they are like, and what other threshold would do.

``personas.toml`` holds personas as a team would write them, each standing for the people of one domain and shipped
persona in the corpus. A team hears from one domain, so what counts is whom a persona is found in there: prints, for
each threshold, the share of the messages found that are of the persona, the share of the persona's messages found, and
the share found of messages of all other domains, which it says nothing of. Texts that name the role of their shipped
persona keep it, whatever they are like.

    python benchmarks/personas.py
"""

import json
import sys
import tomllib
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))  # run as a script: the project lies one folder up

import numpy as np

from classifiers.corpus import CORPUS
from classifiers.model_file import Model, load_model
from classifiers.portraits import LIKE_FROM, Wording, pieces_of, portray
from classifiers.roles import shipped_roles
from classifiers.scoring import score_texts
from classifiers.vocabulary import Persona, PersonaEntry
from classifiers.voicing import Scores

KEPT_APART = {"slack_pastes", "feature_boards", "hard_cases"}
"""Files by which whole models are compared; no number of this benchmark is chosen on them."""
THRESHOLDS = (0.0, 0.06, 0.08, 0.09, 0.1, 0.11, 0.12, 0.15, 0.2)


def read_messages() -> list[dict[str, str]]:
    """Read the messages that hold problems, with their domains, which ``classifiers.corpus`` leaves out."""
    paths = [path for path in sorted(CORPUS.glob("*.jsonl")) if path.stem not in KEPT_APART]
    lines = [line for path in paths for line in path.read_text(encoding="utf-8").split("\n") if line.strip()]
    return [row for row in map(json.loads, lines) if row["side"] != "neither"]


def first_scores(texts: list[str], model: Model) -> list[Scores]:
    """Score the beginning of each text."""
    scored = [score_texts([text], model.encoder, model.heads)[0] for text in texts]
    return [stretches[0][1] for stretches in scored]


def said_personas(scored: list[Scores], model: Model) -> list[str]:
    """Name the shipped persona that the encoder says of each text."""
    _, _, personas = model.layout.split(np.stack([scores.whole for scores in scored]))
    return [model.layout.personas[place] for place in personas.argmax(axis=1)]


def main() -> None:
    """Measure every threshold and print it, the one in use marked."""
    model, rows = load_model(), read_messages()
    scored = first_scores([row["text"] for row in rows], model)
    heard = [(Wording.of(row["text"], model.heads), scores.embedding) for row, scores in zip(rows, scored, strict=True)]
    said = np.array(said_personas(scored, model))
    named = [{persona for _, persona in shipped_roles().find(row["text"])} for row in rows]
    stays = np.array([each in roles for each, roles in zip(said, named, strict=True)])
    domains, personas = (np.array([row[key] for row in rows]) for key in ("domain", "persona"))
    likeness, wanted, nearby, kin_right = [], [], [], 0
    tables = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))["persona"]
    for table in tables:
        domain, kin = table.pop("domain"), table.pop("kin")
        entry = PersonaEntry(Persona(table["name"]), **table | {"examples": tuple(table["examples"])})
        portrait = portray(entry, first_scores(pieces_of(entry), model), model.heads, model.layout)
        kin_right += portrait.kin == kin
        likeness.append(np.where((said == portrait.kin) & ~stays, [portrait.likeness(*each) for each in heard], -1))
        wanted.append((domains == domain) & (personas == kin))
        nearby.append(domains == domain)
    alike, own, near = (np.concatenate(each) for each in (likeness, wanted, nearby))
    print(f"kin found for {kin_right} of {len(tables)} personas; without any likeness {own[near].mean():.2f} are right")
    for threshold in THRESHOLDS:
        found = alike >= threshold
        right = (found & own).sum()
        print(
            f"from {threshold:.2f}{' *' if threshold == LIKE_FROM else '  '} right {right / (found & near).sum():.2f}, "
            f"found {right / own.sum():.2f}, of other domains {found[~near].mean():.3f}"
        )


if __name__ == "__main__":
    main()
