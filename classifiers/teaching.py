"""Fit both voices, the n-gram heads and the encoder, on parts of one corpus. Needs the ``train`` extra."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cached_property
from pathlib import Path

from classifiers.corpus import Message
from classifiers.encoder import Encoder
from classifiers.exporting import export
from classifiers.heads import Progress, Trainer
from classifiers.holding_out import Voices
from classifiers.linear import Layout
from classifiers.network import TOKENS, open_tokenizer
from classifiers.pointing import point
from classifiers.restoring import restore
from classifiers.targets import targets_of
from classifiers.tuning import tune


class Teacher:
    """Fit voices as ``classifiers.holding_out.Fit`` says, with what all fits share prepared once."""

    def __init__(self, messages: Sequence[Message], layout: Layout, workplace: Path, progress: Progress) -> None:
        """Take what to learn from; networks are written to ``workplace`` and stay there as long as they are used."""
        self._messages = messages
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
        network = tune(targets, self._layout, lambda said: self._progress(f"{name}: {said}"))
        path = self._workplace / f"{name.replace(' ', '-')}.onnx"
        export(network, path)
        if not without:
            restore(path, taught)
        return Voices(heads, Encoder(path, TOKENS))

    def _tokenize(self, text: str) -> tuple[Sequence[int], Sequence[tuple[int, int]]]:
        encoding = self._tokenizer.encode(text)
        return encoding.ids, encoding.offsets
