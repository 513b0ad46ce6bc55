"""The trained model on disk: a network, its tokenizer, the n-gram heads, and ``model.json`` with everything else.

``model.json`` holds the checksum of each file, its own facts among them, which loading verifies. The network itself
is opened, and verified once more, when the first text is read.
"""

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

from classifiers.checksums import checksum
from classifiers.encoder import Encoder
from classifiers.errors import ModelError
from classifiers.features import BUCKETS
from classifiers.grounding import QUOTE_SIGNS
from classifiers.linear import Floats, Heads, Layout
from classifiers.reading import SIDE_SIGNS, SIGNS, THEME_SIGNS, Decision
from classifiers.whose import PERSONA_SIGNS

MODEL = Path(__file__).parent / "model"
"""Where the shipped model lies."""

FORMAT = 6
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
    """Write a model and the checksums that loading verifies. The same model gives the same bytes.

    Each file takes the place of an older one when it is whole, the facts last: what breaks off leaves no model that
    would be loaded. Raises ModelError where the folder cannot be written to.
    """
    try:
        _save(model, folder)
    except OSError as error:
        message = f"the model could not be written to “{folder}” ({error.strerror}): make room there, then train again"
        raise ModelError(message) from error


def sealed(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Add the checksum of the facts themselves, whatever the order and blanks that they are written with."""
    return {**facts, "sha256": {**facts["sha256"], FACTS: _seal(facts)}}


def _seal(facts: Mapping[str, Any]) -> str:
    digests = facts.get("sha256")
    others = {name: digest for name, digest in digests.items() if name != FACTS} if isinstance(digests, dict) else None
    return sha256(json.dumps({**facts, "sha256": others}, sort_keys=True).encode()).hexdigest()


def _save(model: Model, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for source, name in ((model.encoder.network, NETWORK), (model.encoder.tokens, TOKENS)):
        if source.resolve() != (folder / name).resolve():
            _put(source.read_bytes(), folder / name)
    _put(_packed(model.heads), folder / WEIGHTS)
    facts = {
        "format": FORMAT,
        "version": model.version,
        "taxonomy_version": model.taxonomy_version,
        "sha256": {name: checksum(folder / name) for name in (NETWORK, TOKENS, WEIGHTS)},
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
    _put(f"{json.dumps(sealed(facts), indent=2)}\n".encode(), folder / FACTS)


def _put(content: bytes, path: Path) -> None:
    unfinished = path.with_name(f"unfinished-{path.name}")
    unfinished.write_bytes(content)
    unfinished.replace(path)


def load_model(folder: Path = MODEL) -> Model:
    """Read a model. Raises ModelError, in one sentence that says how to restore it, when a file is not as written."""
    facts = _facts(folder)
    try:
        for name in (NETWORK, TOKENS, WEIGHTS):
            _verify(name, checksum(folder / name), facts["sha256"][name])
        return _model(facts, folder)
    except OSError as error:
        message = f"the local model is missing or cannot be read ({type(error).__name__}): {_RESTORE}"
        raise ModelError(message) from error
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        message = f"the local model is damaged ({type(error).__name__} while reading it): {_RESTORE}"
        raise ModelError(message) from error


def load_commonest_personas(folder: Path = MODEL) -> dict[str, str]:
    """Read for each theme the commonest persona of the training corpus, without loading the weights.

    Raises as ``load_model`` for facts that are not as written.
    """
    return dict(_facts(folder)["commonest_persona"])


def _packed(heads: Heads) -> bytes:
    packed = io.BytesIO()
    arrays = {name: getattr(heads, name).astype(np.float16) for name in ("rarity", "weights", "bias")}
    np.savez_compressed(packed, **arrays)
    return packed.getvalue()


def _verify(name: str, found: str, expected: str) -> None:
    if found != expected:
        message = f"the local model is damaged (the checksum of {name} is wrong): {_RESTORE}"
        raise ModelError(message)


def _facts(folder: Path) -> dict[str, Any]:
    try:
        facts = json.loads((folder / FACTS).read_text(encoding="utf-8"))
    except OSError as error:
        message = f"the local model is missing or cannot be read ({type(error).__name__}): {_RESTORE}"
        raise ModelError(message) from error
    except (ValueError, RecursionError) as error:
        message = f"the local model is damaged ({FACTS} is no JSON): {_RESTORE}"
        raise ModelError(message) from error
    if not isinstance(facts, dict):
        message = f"the local model is damaged ({FACTS} is no object): {_RESTORE}"
        raise ModelError(message)
    if facts.get("format") != FORMAT:
        message = f"the local model is of another version than this Ballast: {_RESTORE}"
        raise ModelError(message)
    digests = facts.get("sha256")
    _verify(FACTS, _seal(facts), digests[FACTS] if isinstance(digests, dict) and FACTS in digests else "")
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
        encoder=Encoder(folder / NETWORK, folder / TOKENS, {name: facts["sha256"][name] for name in (NETWORK, TOKENS)}),
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
    """Read numbers of a shape. Raises ValueError where they have another one, or are no numbers."""
    floats = np.array(numbers, dtype=np.float32)
    if floats.shape != shape or not np.isfinite(floats).all():
        message = "a weight has the wrong shape, or is no number"
        raise ValueError(message)
    return floats


def _share(number: Any) -> float:  # noqa: ANN401 - as JSON has it
    """Read a number from 0 to 1. Raises ValueError for any other, NaN too, below which nothing would be unsure."""
    if not 0 <= number <= 1:
        message = "a share is not between 0 and 1"
        raise ValueError(message)
    return float(number)
