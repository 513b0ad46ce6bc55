"""The trained model on disk: weights in ``weights.npz``, everything else and their checksum in ``model.json``."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from classifiers.errors import ModelError
from classifiers.features import BUCKETS
from classifiers.linear import Heads, Layout
from classifiers.reading import SUMMARIES, Decision

MODEL = Path(__file__).parent / "model"
"""Where the shipped model lies."""

FORMAT = 1
"""Raised when features, heads or decision change so that an older file would be read wrongly."""

_RESTORE = "run “make train” in a checkout, or install Ballast again, to restore it"


@dataclass(frozen=True, slots=True)
class Model:
    """Hold a trained model: what its columns mean, its heads, and the decision."""

    version: str
    taxonomy_version: str
    layout: Layout
    commonest_persona: Mapping[str, str]
    """For each theme the persona it most often has in the corpus: the baseline of an evaluation."""
    heads: Heads
    decision: Decision


def save_model(model: Model, folder: Path = MODEL) -> None:
    """Write a model and the checksum that loading verifies. The same model gives the same bytes."""
    packed = io.BytesIO()
    arrays = {name: getattr(model.heads, name).astype(np.float16) for name in ("rarity", "weights", "bias")}
    np.savez_compressed(packed, **arrays)
    facts = {
        "format": FORMAT,
        "version": model.version,
        "taxonomy_version": model.taxonomy_version,
        "sha256": sha256(packed.getvalue()).hexdigest(),
        **asdict(model.layout),
        "commonest_persona": dict(sorted(model.commonest_persona.items())),
        "decision": {
            "side": model.decision.side.tolist(),
            "confidence": model.decision.confidence.tolist(),
            "unsure_below": model.decision.unsure_below,
        },
    }
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "weights.npz").write_bytes(packed.getvalue())
    (folder / "model.json").write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")


def load_model(folder: Path = MODEL) -> Model:
    """Read a model. Raises ModelError, in one sentence that says how to restore it, when a file is not as written."""
    facts, packed = _read(folder)
    if facts.get("format") != FORMAT:
        message = f"the local model is of another version than this Ballast: {_RESTORE}"
        raise ModelError(message)
    if sha256(packed).hexdigest() != facts.get("sha256"):
        message = f"the local model is damaged (its checksum is wrong): {_RESTORE}"
        raise ModelError(message)
    try:
        return _model(facts, np.load(io.BytesIO(packed), allow_pickle=False))
    except (KeyError, TypeError, ValueError) as error:
        message = f"the local model is damaged ({type(error).__name__} while reading it): {_RESTORE}"
        raise ModelError(message) from error


def load_commonest_personas(folder: Path = MODEL) -> dict[str, str]:
    """Read for each theme the commonest persona of the training corpus, without loading the weights."""
    facts, _ = _read(folder)
    return dict(facts.get("commonest_persona", {}))


def _read(folder: Path) -> tuple[dict[str, Any], bytes]:
    try:
        facts = json.loads((folder / "model.json").read_text(encoding="utf-8"))
        packed = (folder / "weights.npz").read_bytes()
    except OSError as error:
        message = f"the local model is missing or cannot be read ({type(error).__name__}): {_RESTORE}"
        raise ModelError(message) from error
    except ValueError as error:
        message = f"the local model is damaged (model.json is no JSON): {_RESTORE}"
        raise ModelError(message) from error
    if not isinstance(facts, dict):
        message = f"the local model is damaged (model.json is no object): {_RESTORE}"
        raise ModelError(message)
    return facts, packed


def _model(facts: Mapping[str, Any], arrays: Mapping[str, NDArray[np.float16]]) -> Model:
    layout = Layout(*(tuple(facts[name]) for name in ("sides", "themes", "personas")))
    shapes = {"rarity": (BUCKETS,), "weights": (BUCKETS, layout.width), "bias": (layout.width,)}
    floats = {name: arrays[name].astype(np.float32) for name in shapes}
    side = np.array(facts["decision"]["side"], dtype=np.float32)
    if any(floats[name].shape != shape for name, shape in shapes.items()) or side.shape != (4, SUMMARIES + 1):
        message = "a weight has the wrong shape"
        raise ValueError(message)
    return Model(
        version=facts["version"],
        taxonomy_version=facts["taxonomy_version"],
        layout=layout,
        commonest_persona=facts["commonest_persona"],
        heads=Heads(**floats),
        decision=Decision(
            side=side,
            confidence=np.array(facts["decision"]["confidence"], dtype=np.float32),
            unsure_below=float(facts["decision"]["unsure_below"]),
        ),
    )
