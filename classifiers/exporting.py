"""Write a trained network as the file that runs: ONNX, its weights in whole numbers. Needs the ``train`` extra."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import torch

from classifiers.encoder import load_runtime
from classifiers.network import Exported, Network

_OPSET = 18


def export(network: Network, path: Path) -> None:
    """Write a network with its weights packed into eight bits each, a quarter of the size."""
    with TemporaryDirectory() as folder:
        full = Path(folder) / "full.onnx"
        _export_full(network, full)
        _pack(full, path)


def _pack(full: Path, path: Path) -> None:
    load_runtime()
    from onnxruntime.quantization import QuantType, quantize_dynamic  # noqa: PLC0415 - not before its telemetry is off

    quantize_dynamic(full, path, weight_type=QuantType.QInt8, per_channel=True, reduce_range=False)


def _export_full(network: Network, path: Path) -> None:
    # Attention step by step: the packing of weights, and what restores embeddings, know these nodes.
    network.encoder.set_attn_implementation("eager")
    ids = torch.ones((2, 8), dtype=torch.int64)
    free = {0: "texts", 1: "tokens"}
    torch.onnx.export(
        Exported(network).eval(),
        (ids, ids.clone()),
        str(path),
        input_names=["input_ids", "attention_mask"],
        output_names=["text", "tokens", "embedding"],
        dynamic_axes={
            "input_ids": free,
            "attention_mask": free,
            "text": {0: "texts"},
            "tokens": free,
            "embedding": {0: "texts"},
        },
        opset_version=_OPSET,
        dynamo=False,
    )
