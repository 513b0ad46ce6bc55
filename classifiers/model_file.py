"""The trained model on disk: a network, its tokenizer, the n-gram heads, and ``model.json`` with everything else.

``model.json`` holds the checksum of each other file, which loading verifies. The network itself is opened when the
first text is read.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from shutil import copyfile
from typing import Any

import numpy as np
from numpy.typing import NDArray

from classifiers.encoder import Encoder
from classifiers.errors import ModelError
from classifiers.features import BUCKETS
from classifiers.grounding import QUOTE_SIGNS
from classifiers.linear import Floats, Heads, Layout
from classifiers.reading import SIDE_SIGNS, SIGNS, THEME_SIGNS, Decision
from classifiers.whose import PERSONA_SIGNS

MODEL = Path(__file__).parent / "model"
"""Where the shipped model lies."""

FORMAT = 5
"""Raised when network, features, heads or decision change so that an older file would be read wrongly."""

FACTS, NETWORK, TOKENS, WEIGHTS = "model.json", "encoder.onnx", "tokenizer.json", "weights.npz"

_RESTORE = "run “make train” in a checkout, or install Ballast again, to restore it"


@dataclass(frozen=True, slots=True)
class Model:
    """Hold a trained model: what its columns mean, its two voices, and the decision."""

    version: str
    taxonomy_version: str
    layout: Layout
    commonest_persona: Mapping[str, str]
    """For each theme the persona it most often has in the corpus: the baseline of an evaluation."""
    heads: Heads
    encoder: Encoder
    decision: Decision


def save_model(model: Model, folder: Path = MODEL) -> None:
    """Write a model and the checksums that loading verifies. The same model gives the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    for source, name in ((model.encoder.network, NETWORK), (model.encoder.tokens, TOKENS)):
        if source.resolve() != (folder / name).resolve():
            copyfile(source, folder / name)
    (folder / WEIGHTS).write_bytes(_packed(model.heads))
    facts = {
        "format": FORMAT,
        "version": model.version,
        "taxonomy_version": model.taxonomy_version,
        "sha256": {name: _checksum(folder / name) for name in (NETWORK, TOKENS, WEIGHTS)},
        **asdict(model.layout),
        "commonest_persona": dict(sorted(model.commonest_persona.items())),
        "decision": {
            "side": model.decision.side.tolist(),
            "theme": model.decision.theme.tolist(),
            "quote": model.decision.quote.tolist(),
            "persona": model.decision.persona.tolist(),
            "confidence": model.decision.confidence.tolist(),
            "unsure_below": model.decision.unsure_below,
        },
    }
    (folder / FACTS).write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")


def load_model(folder: Path = MODEL) -> Model:
    """Read a model. Raises ModelError, in one sentence that says how to restore it, when a file is not as written."""
    facts = _facts(folder)
    if facts.get("format") != FORMAT:
        message = f"the local model is of another version than this Ballast: {_RESTORE}"
        raise ModelError(message)
    try:
        for name in (NETWORK, TOKENS, WEIGHTS):
            _verify(folder / name, facts["sha256"][name])
        return _model(facts, folder)
    except OSError as error:
        message = f"the local model is missing or cannot be read ({type(error).__name__}): {_RESTORE}"
        raise ModelError(message) from error
    except (KeyError, TypeError, ValueError) as error:
        message = f"the local model is damaged ({type(error).__name__} while reading it): {_RESTORE}"
        raise ModelError(message) from error


def load_commonest_personas(folder: Path = MODEL) -> dict[str, str]:
    """Read for each theme the commonest persona of the training corpus, without loading the weights."""
    return dict(_facts(folder).get("commonest_persona", {}))


def _packed(heads: Heads) -> bytes:
    packed = io.BytesIO()
    arrays = {name: getattr(heads, name).astype(np.float16) for name in ("rarity", "weights", "bias")}
    np.savez_compressed(packed, **arrays)
    return packed.getvalue()


def _checksum(path: Path) -> str:
    with path.open("rb") as opened:
        digest = sha256()
        while part := opened.read(1 << 20):
            digest.update(part)
    return digest.hexdigest()


def _verify(path: Path, expected: str) -> None:
    if _checksum(path) != expected:
        message = f"the local model is damaged (the checksum of {path.name} is wrong): {_RESTORE}"
        raise ModelError(message)


def _facts(folder: Path) -> dict[str, Any]:
    try:
        facts = json.loads((folder / FACTS).read_text(encoding="utf-8"))
    except OSError as error:
        message = f"the local model is missing or cannot be read ({type(error).__name__}): {_RESTORE}"
        raise ModelError(message) from error
    except ValueError as error:
        message = f"the local model is damaged ({FACTS} is no JSON): {_RESTORE}"
        raise ModelError(message) from error
    if not isinstance(facts, dict):
        message = f"the local model is damaged ({FACTS} is no object): {_RESTORE}"
        raise ModelError(message)
    return facts


def _model(facts: Mapping[str, Any], folder: Path) -> Model:
    layout = Layout(*(tuple(facts[name]) for name in ("sides", "themes", "personas")))
    decision = facts["decision"]
    return Model(
        version=facts["version"],
        taxonomy_version=facts["taxonomy_version"],
        layout=layout,
        commonest_persona=facts["commonest_persona"],
        heads=_heads(folder / WEIGHTS, layout),
        encoder=Encoder(folder / NETWORK, folder / TOKENS),
        decision=Decision(
            side=_floats(decision["side"], (len(layout.sides), SIDE_SIGNS + 1)),
            theme=_floats(decision["theme"], (THEME_SIGNS + 1,)),
            quote=_floats(decision["quote"], (QUOTE_SIGNS,)),
            persona=_floats(decision["persona"], (len(layout.personas), PERSONA_SIGNS * len(layout.personas) + 1)),
            confidence=_floats(decision["confidence"], (SIGNS + 1,)),
            unsure_below=_share(decision["unsure_below"]),
        ),
    )


def _heads(path: Path, layout: Layout) -> Heads:
    arrays = np.load(path, allow_pickle=False)
    shapes = {"rarity": (BUCKETS,), "weights": (BUCKETS, layout.width), "bias": (layout.width,)}
    return Heads(**{name: _floats(arrays[name], shape) for name, shape in shapes.items()})


def _floats(numbers: NDArray[np.float16] | list[Any], shape: tuple[int, ...]) -> Floats:
    """Read numbers of a shape. Raises ValueError where they have another one."""
    floats = np.array(numbers, dtype=np.float32)
    if floats.shape != shape:
        message = "a weight has the wrong shape"
        raise ValueError(message)
    return floats


def _share(number: Any) -> float:  # noqa: ANN401 - as JSON has it
    """Read a number from 0 to 1. Raises ValueError for any other, NaN too, below which nothing would be unsure."""
    if not 0 <= number <= 1:
        message = "a share is not between 0 and 1"
        raise ValueError(message)
    return float(number)
