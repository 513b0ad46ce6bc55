"""Fine-tune the network on targets, every head at once. Needs the ``train`` extra.

The constants are those that did best with slack_pastes, feature_boards and hard_cases held out, but for the number of
epochs and how texts are put into batches: these were chosen for the time that they take. What was tried and lost is
written in docs/decisions/0019-training.md.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from classifiers.linear import Layout
from classifiers.network import Network, Said
from classifiers.resuming import Run
from classifiers.targets import SILENT, Target

Progress = Callable[[str], None]
"""Receives a sentence whenever a step is done."""

SEED = 1
EPOCHS = 11
BATCH = 32
RATE = 1.3e-4
RATE_OF_HEADS = 1e-3
LAYER_DECAY = 0.9
"""How much slower each layer learns than the one above it."""
WARM_UP = 0.1
SMOOTHING = 0.05
THEME_WEIGHT, TOKEN_WEIGHT, PERSONA_WEIGHT = 1.5, 1.5, 0.5
TOKEN_PERSONA_WEIGHT = 0.45
AVERAGED = 0.995
"""How much of the running average of the weights each step keeps; the average generalises better than the last step."""
_LARGEST_GRADIENT = 1.0
_WEIGHT_DECAY = 0.01
_HALVES = ("avx512_bf16", "amx_bf16", "bf16")
"""What PyTorch calls a processor's own arithmetic with half the digits."""
_BUCKET = 100 * BATCH
"""Texts among which those of like length are put together, so that little of a batch is padding."""


def tune(
    targets: Sequence[Target], layout: Layout, progress: Progress, *, seed: int = SEED, aside: Path | None = None
) -> Network:
    """Train a network; the same targets and seed give the same weights on one machine.

    With a path ``aside`` the training is laid aside there after each epoch, and goes on from what lies there.
    """
    torch.manual_seed(seed)
    draw = random.Random(seed)  # noqa: S311 - an order, not a secret
    run = _start(Network(layout), EPOCHS * len(_batches(targets, draw)), draw)
    done = run.take_up(aside) if aside else 0
    if aside and aside.exists() and not done:
        progress("what was laid aside cannot be read; this network begins anew")
    run.network.train()
    for epoch in range(done + 1, EPOCHS + 1):
        losses = [_learn(run, batch) for batch in _batches(targets, draw)]
        if aside:
            run.lay_aside(aside, epoch)
        progress(f"epoch {epoch} of {EPOCHS}, loss {np.mean(losses):.3f}")
    trained: Network = run.average.module
    return trained.eval()


def _start(network: Network, steps: int, draw: random.Random) -> Run:
    optimiser = torch.optim.AdamW(_groups(network), fused=True)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: _share_of_rate(step, steps))
    average = torch.optim.swa_utils.AveragedModel(network, multi_avg_fn=_average)
    return Run(network, optimiser, schedule, average, draw)


def _learn(run: Run, batch: Sequence[Target]) -> float:
    ids, mask = _padded([target.ids for target in batch], 0), _padded([[1] * len(each.ids) for each in batch], 0)
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=_reckons_with_halves()):
        said = run.network(ids, mask)
    loss = _loss(Said(*(part.float() for part in said)), batch)
    loss.backward()
    torch.nn.utils.clip_grad_norm_(run.network.parameters(), _LARGEST_GRADIENT)
    run.optimiser.step()
    run.schedule.step()
    run.optimiser.zero_grad()
    run.average.update_parameters(run.network)
    return float(loss.detach())


def _reckons_with_halves() -> bool:
    """Tell whether half the digits, which are enough to learn, are faster: elsewhere they take over twice as long."""
    known = torch.cpu.get_capabilities()
    return any(known.get(name) for name in _HALVES)


def _loss(said: Said, batch: Sequence[Target]) -> Tensor:
    weights = torch.tensor([target.weight for target in batch])
    sides = torch.tensor([target.side for target in batch])
    side = functional.cross_entropy(said.side, sides, label_smoothing=SMOOTHING, reduction="none")
    shares = torch.from_numpy(np.stack([target.themes for target in batch]))
    theme = -(shares * functional.log_softmax(said.theme, dim=1)).sum(1)
    loss: Tensor = (weights * (side + THEME_WEIGHT * theme)).mean()
    personas = torch.tensor([target.persona for target in batch])
    token_themes = _padded([target.token_themes.tolist() for target in batch], SILENT)
    token_personas = _padded([target.token_personas.tolist() for target in batch], SILENT)
    loss = loss + PERSONA_WEIGHT * _taught(said.persona, personas, smoothing=SMOOTHING)
    loss = loss + TOKEN_WEIGHT * _taught(said.token_theme, token_themes)
    return loss + TOKEN_PERSONA_WEIGHT * _taught(said.token_persona, token_personas)


def _taught(scores: Tensor, labels: Tensor, *, smoothing: float = 0.0) -> Tensor:
    """Return the loss over what teaches; nothing where nothing does."""
    flat, wanted = scores.flatten(end_dim=-2), labels.flatten()
    if not (wanted != SILENT).any():
        return scores.sum() * 0
    return functional.cross_entropy(flat, wanted, ignore_index=SILENT, label_smoothing=smoothing)


def _batches(targets: Sequence[Target], draw: random.Random) -> list[list[Target]]:
    """Deal the targets into batches of like length, in an order of chance."""
    shuffled = list(targets)
    draw.shuffle(shuffled)
    batches = [batch for bucket in _parts(shuffled, _BUCKET) for batch in _by_length(bucket)]
    draw.shuffle(batches)
    return batches


def _by_length(bucket: Sequence[Target]) -> Iterator[list[Target]]:
    yield from (list(part) for part in _parts(sorted(bucket, key=lambda target: len(target.ids)), BATCH))


def _parts(targets: Sequence[Target], size: int) -> Iterator[Sequence[Target]]:
    for start in range(0, len(targets), size):
        yield targets[start : start + size]


def _average(averages: Iterable[Tensor], latest: Iterable[Tensor], steps: Tensor | int) -> None:
    """Move the averages towards the latest weights: far at first, when they hold little but where training started."""
    done = int(steps)
    share = 1 - min(AVERAGED, (1 + done) / (10 + done))
    for average, weights in zip(averages, latest, strict=True):
        average.lerp_(weights, share)


def _padded(rows: Sequence[Sequence[int]], filler: int) -> Tensor:
    longest = max(map(len, rows))
    return torch.tensor([[*row, *[filler] * (longest - len(row))] for row in rows])


def _groups(network: Network) -> list[dict[str, object]]:
    """Give every layer its own rate: the lower, the slower, for the lower know more of language than of feedback."""
    layers = network.encoder.config.num_hidden_layers
    groups: list[dict[str, object]] = []
    for name, parameter in network.named_parameters():
        if not parameter.requires_grad or name.startswith("encoder.pooler"):
            continue
        decay = _WEIGHT_DECAY if parameter.ndim > 1 else 0.0
        groups.append({"params": [parameter], "lr": _rate(name, layers), "weight_decay": decay})
    return groups


def _rate(name: str, layers: int) -> float:
    if name.startswith("encoder.embeddings"):
        return RATE * float(LAYER_DECAY ** (layers + 1))
    if name.startswith("encoder.encoder.layer."):
        return RATE * float(LAYER_DECAY ** (layers - 1 - int(name.split(".")[3])))
    return RATE_OF_HEADS


def _share_of_rate(step: int, steps: int) -> float:
    """Rise to the whole rate over the warm-up, then fall to none along a cosine."""
    return min(1.0, (step + 1) / (WARM_UP * steps)) * 0.5 * (1 + math.cos(math.pi * min(1.0, step / steps)))
