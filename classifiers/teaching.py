"""Fit both voices, the n-gram heads and the encoder, on parts of one corpus. Needs the ``train`` extra."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from classifiers.corpus import Message
from classifiers.encoder import Encoder
from classifiers.exporting import export
from classifiers.heads import Progress, Trainer
from classifiers.holding_out import Voices
from classifiers.keeping import keep
from classifiers.linear import Layout
from classifiers.network import TOKENS, open_tokenizer
from classifiers.pointing import point
from classifiers.restoring import restore
from classifiers.scoring import readings
from classifiers.targets import Target, targets_of
from classifiers.tuning import tune

_RECIPE = ("dropout", "network", "tuning", "exporting", "restoring")
"""The modules that make a network of what it is taught: after a change to one, none that was kept is of use."""


class Teacher:
    """Fit voices as ``classifiers.holding_out.Fit`` says, with what all fits share prepared once."""

    def __init__(self, messages: Sequence[Message], layout: Layout, workplace: Path, progress: Progress) -> None:
        """Take what to learn from; a network that lies in ``workplace`` already is not trained again."""
        self._messages = [_as_read(message) for message in messages]
        self._layout = layout
        self._workplace = workplace
        self._progress = progress
        self._tokenizer = open_tokenizer()

    @cached_property
    def _trainer(self) -> Trainer:
        return Trainer(self._messages, self._layout)

    def fit(self, name: str, *, without: Collection[str] = ()) -> Voices:
        """Fit both voices, and export the encoder as it will run; its embeddings are restored where it is to ship."""
        heads = self._trainer.fit(without=without)
        taught = [message for message in self._messages if message.file not in without]
        pointed = point(taught, heads, self._layout)
        targets = list(targets_of(taught, self._layout, self._tokenize, pointed))
        shipped = taught if not without else []

        def make(path: Path) -> None:
            aside = path.with_suffix(".pt")
            export(tune(targets, self._layout, lambda said: self._progress(f"{name}: {said}"), aside=aside), path)
            if shipped:
                restore(path, shipped)
            aside.unlink()

        network = keep(self._workplace, _made_of(targets, shipped), make, ending=".onnx")
        self._progress(f"{name}: done")
        return Voices(heads, Encoder(network, TOKENS))

    def _tokenize(self, text: str) -> tuple[Sequence[int], Sequence[tuple[int, int]]]:
        encoding = self._tokenizer.encode(text)
        return encoding.ids, encoding.offsets


def _as_read(message: Message) -> Message:
    """Give a message as the voices read it; whole where labels may belong to a part that is read apart."""
    text, *apart = readings(message.text)
    belongs = all(item.quote in text for item in message.items or ()) and not (apart and message.items is None)
    return replace(message, text=text) if belongs else message


def _made_of(targets: Sequence[Target], shipped: Sequence[Message]) -> Iterator[bytes]:
    """Yield all that a network depends on: what it is taught, what its embeddings are restored by, and the recipe."""
    for target in targets:
        labels = (target.side, target.themes.tolist(), target.persona, target.weight)
        tokens = (list(target.ids), target.token_themes.tolist(), target.token_personas.tolist())
        yield repr((labels, tokens)).encode()
    for message in shipped:
        yield repr((message.text, [item.quote for item in message.items or ()])).encode()
    for module in _RECIPE:
        yield Path(__file__).with_name(f"{module}.py").read_bytes()
