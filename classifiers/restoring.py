"""Give a tuned network's embeddings back what tuning took. Needs the ``train`` extra.

Tuning moves texts of one theme together, and so hides which of them mean the same; most in the last layer. A linear map
of that layer and of an earlier one, which changes less, gives back most of what the network said before it was tuned.
The larger part of the embedding is that; the smaller is the tuned network's own, which is less taken in by words that
texts merely share.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from transformers import AutoModel

from classifiers.corpus import Message
from classifiers.encoder import Encoder
from classifiers.linear import Floats
from classifiers.network import START, TOKENS, open_tokenizer

LAYERS = (4, 6)
"""Of six: the layers whose means over the tokens are mapped. Either alone did worse, all from the third no better."""

RESTORED_SHARE = 0.8
"""How much of the cosine is what was restored."""

STRENGTH = 300.0
"""How strongly large weights of the map are held back."""

EVERY = 4
"""Of messages and quotes, one of so many is learnt from."""


def restore(path: Path, messages: Sequence[Message]) -> None:
    """Write into a network's file, in place of its embedding, one that is near for what means the same as well."""
    model = onnx.load(str(path))
    pooled = _pool(model.graph)
    texts = sorted({text for message in messages for text in _said_in(message)}, key=lambda text: (len(text), text))
    taught = [text for text in texts[::EVERY] if any(map(str.isalnum, text))]
    weights, bias = _fit(_read(model, pooled, taught), _before_tuning(taught))
    _append(model.graph, pooled, weights, bias)
    onnx.checker.check_model(model)
    onnx.save(model, str(path))


def _said_in(message: Message) -> list[str]:
    return [message.text, *(item.quote for item in message.items or ())]


def _pool(graph: onnx.GraphProto) -> str:
    """Add the means over the tokens of the chosen layers; return their name, of a tensor of shape (texts, width)."""
    norms = [node for node in graph.node if node.op_type == "LayerNormalization"]  # one of the words, two a layer
    states = [norms[2 * layer].output[0] for layer in LAYERS]
    graph.initializer.append(numpy_helper.from_array(np.array([1], dtype=np.int64), "restore_tokens"))
    graph.initializer.append(numpy_helper.from_array(np.array([2], dtype=np.int64), "restore_last"))
    graph.node.extend(
        [
            helper.make_node("Concat", states, ["restore_states"], axis=2),
            helper.make_node("Cast", ["attention_mask"], ["restore_mask"], to=TensorProto.FLOAT),
            helper.make_node("Unsqueeze", ["restore_mask", "restore_last"], ["restore_present"]),
            helper.make_node("Mul", ["restore_states", "restore_present"], ["restore_kept"]),
            helper.make_node("ReduceSum", ["restore_kept", "restore_tokens"], ["restore_sum"], keepdims=0),
            helper.make_node("ReduceSum", ["restore_present", "restore_tokens"], ["restore_count"], keepdims=0),
            helper.make_node("Div", ["restore_sum", "restore_count"], ["restore_pooled"]),
        ]
    )
    return "restore_pooled"


def _read(model: onnx.ModelProto, pooled: str, texts: Sequence[str]) -> Floats:
    """Return what the network as it runs says in the tensor ``pooled``: of each text its first window."""
    shown = onnx.ModelProto()
    shown.CopyFrom(model)
    _rename_embedding(shown.graph)
    shown.graph.node.append(helper.make_node("Identity", [pooled], ["embedding"]))
    with TemporaryDirectory() as folder:
        path = Path(folder) / "shown.onnx"
        onnx.save(shown, str(path))
        read: Floats = np.stack([windows[0].embedding for windows in Encoder(path, TOKENS).read(texts)])
    return read


def _before_tuning(texts: Sequence[str]) -> Floats:
    """Embed texts with the weights that tuning starts from; rows of length one."""
    network, tokenizer = AutoModel.from_pretrained(START).eval(), open_tokenizer()
    rows = []
    with torch.no_grad():
        for text in texts:
            ids = torch.tensor([tokenizer.encode(text).ids])
            states = network(input_ids=ids, attention_mask=torch.ones_like(ids)).last_hidden_state
            rows.append(states[0].mean(0).numpy())
    return _to_length(np.stack(rows))


def _fit(states: Floats, wanted: Floats) -> tuple[Floats, Floats]:
    """Fit the map by ridge regression, on states that are scaled to one spread; return its weights and constants."""
    centre, spread, middle = states.mean(axis=0), states.std(axis=0) + 1e-6, wanted.mean(axis=0)
    scaled = ((states - centre) / spread).astype(np.float64)
    held = scaled.T @ scaled + STRENGTH * np.eye(scaled.shape[1])
    weights = np.linalg.solve(held, scaled.T @ (wanted - middle)) / spread[:, None]
    return weights.astype(np.float32), (middle - centre @ weights).astype(np.float32)


def _append(graph: onnx.GraphProto, pooled: str, weights: Floats, bias: Floats) -> None:
    """Add the map, and put both halves together under the name that the embedding had."""
    tuned = _rename_embedding(graph)
    shares = {"restore_share": RESTORED_SHARE, "restore_rest": 1 - RESTORED_SHARE}
    numbers = {"restore_weights": weights, "restore_bias": bias}
    numbers |= {name: np.array(np.sqrt(share), dtype=np.float32) for name, share in shares.items()}
    graph.initializer.extend(numpy_helper.from_array(number, name) for name, number in numbers.items())
    graph.node.extend(
        [
            helper.make_node("Gemm", [pooled, "restore_weights", "restore_bias"], ["restore_mapped"]),
            helper.make_node("Mul", ["restore_mapped", "restore_mapped"], ["restore_squares"]),
            helper.make_node("ReduceSum", ["restore_squares", "restore_tokens"], ["restore_square"]),
            helper.make_node("Sqrt", ["restore_square"], ["restore_length"]),
            helper.make_node("Div", ["restore_mapped", "restore_length"], ["restore_unit"]),
            helper.make_node("Mul", ["restore_unit", "restore_share"], ["restore_half"]),
            helper.make_node("Mul", [tuned, "restore_rest"], ["restore_other_half"]),
            helper.make_node("Concat", ["restore_half", "restore_other_half"], ["embedding"], axis=1),
        ]
    )
    output = next(each for each in graph.output if each.name == "embedding")
    output.type.tensor_type.shape.dim[1].dim_value = 2 * len(bias)


def _rename_embedding(graph: onnx.GraphProto) -> str:
    """Give the embedding that a graph computes another name, so that a new one can take its place."""
    node = next(node for node in graph.node if "embedding" in node.output)
    node.output[:] = ["tuned_embedding" if name == "embedding" else name for name in node.output]
    return "tuned_embedding"


def _to_length(rows: Floats) -> Floats:
    scaled: Floats = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return scaled
