"""The encoder: a small network that reads a text token by token. The one module that runs it and knows its tokens.

Every window of every text goes through the network alone. Where the network reckons in whole numbers it fits their
scale to what it is given, so a text that shared a batch would get another answer beside other texts; on one thread a
batch would save little (see docs/decisions/0017-encoder.md).
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from classifiers.checksums import checksum
from classifiers.errors import ModelError
from classifiers.evidence import Span
from classifiers.linear import Floats

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Encoding, Tokenizer

WINDOW = 256
"""Tokens that the network reads at once, its two marks of beginning and end among them."""

CONTEXT = 32
"""Tokens of the neighbouring windows that are read along, so that nothing is read at the edge alone."""

_OUTPUTS = ("text", "tokens", "embedding")
_MARKS = 2
_INNER = WINDOW - _MARKS
_OWN = _INNER - 2 * CONTEXT
_STOPS = frozenset(".!?…。！？")  # noqa: RUF001  full-width stops are meant
_SURROGATES = dict.fromkeys(range(0xD800, 0xE000), "\N{REPLACEMENT CHARACTER}")

Places = NDArray[np.int64]
"""Where tokens stand in their text: shape (tokens, 2), half-open, in code points."""


@dataclass(frozen=True, slots=True)
class Window:
    """Hold what the network says of a stretch of a text; the stretches of a text share no token and leave none out."""

    text: Floats
    """Shape (width,): scores of the stretch as a whole."""
    tokens: Floats
    """Shape (tokens, width of a token): scores of each token of the stretch."""
    places: Places
    embedding: Floats
    """Shape (width of an embedding,), of length one."""

    @property
    def span(self) -> Span:
        """Say where the stretch stands in its text."""
        return Span(int(self.places[0, 0]), int(self.places[-1, 1]))


class Encoder:
    """Read texts with a network; the files are opened at the first use, from any thread."""

    def __init__(self, network: Path, tokens: Path, checksums: Mapping[str, str] | None = None) -> None:
        """Take where the network (ONNX) and its tokenizer (JSON) lie, and by their names what they must sum up to.

        They are verified when they are opened: by then a new training may have put others in their places.
        """
        self.network, self.tokens = network, tokens
        self._checksums = checksums or {}
        self._opening = Lock()
        self._opened: _Opened | None = None

    def read(self, texts: Sequence[str]) -> list[list[Window]]:
        """Read each text, whatever its length; one without a token has no window. Time is linear in the length.

        Raises ModelError when the files cannot be opened.
        """
        if not texts:
            return []
        opened = self._open()
        encodings = opened.tokenizer.encode_batch([_readable(text) for text in texts], add_special_tokens=False)
        parted = [list(opened.parted(text, encoding)) for text, encoding in zip(texts, encodings, strict=True)]
        # Nothing stands between two runs of the network: whatever did would have to be fetched into the caches again.
        said = iter([opened.session.run(_OUTPUTS, stretch.inputs) for own in parted for stretch in own])
        return [[stretch.heard(*next(said)) for stretch in own] for own in parted]

    def embed(self, texts: Sequence[str]) -> Floats:
        """Embed texts so that what is alike is near: rows of length one, or zero for a text without a token.

        Shape (texts, width). Raises as ``read``.
        """
        rows = np.zeros((len(texts), self._open().width), dtype=np.float32)
        for row, windows in zip(rows, self.read(texts), strict=True):
            if windows:
                row[:] = _mean(windows)
        return rows

    def _open(self) -> _Opened:
        with self._opening:
            if self._opened is None:
                self._opened = _opened(self.network, self.tokens, self._checksums)
            return self._opened


def windows_of(texts: Sequence[str], tokens: Path) -> list[list[Span]]:
    """Say which stretches of each text are read at once, with a tokenizer alone; a text without a token has none."""
    encodings = _open_tokenizer(tokens).encode_batch([_readable(text) for text in texts], add_special_tokens=False)
    return [list(_spans(*each)) for each in zip(texts, encodings, strict=True)]


def _spans(text: str, encoding: Encoding) -> Iterator[Span]:
    places = np.array(encoding.offsets, dtype=np.int64)
    for first, last in _stretches(text, places):
        yield Span(int(places[first, 0]), int(places[last - 1, 1]))


@dataclass(frozen=True, slots=True)
class _Opened:
    session: InferenceSession
    tokenizer: Tokenizer
    marks: tuple[int, int]
    width: int
    """Of an embedding."""

    def parted(self, text: str, encoding: Encoding) -> Iterator[_Stretch]:
        start_mark, end_mark = self.marks
        ids, places = encoding.ids, np.array(encoding.offsets, dtype=np.int64)
        for first, last in _stretches(text, places):
            start, end = _with_context(first, last, len(ids))
            marked = np.array([[start_mark, *ids[start:end], end_mark]], dtype=np.int64)
            inputs = {"input_ids": marked, "attention_mask": np.ones_like(marked)}
            yield _Stretch(inputs, slice(1 + first - start, 1 + last - start), places[first:last])


@dataclass(frozen=True, slots=True)
class _Stretch:
    inputs: dict[str, NDArray[np.int64]]
    """What the network is given: the stretch with its context, between two marks."""
    own: slice
    """Which of these tokens are the stretch's."""
    places: Places

    def heard(self, text: Floats, tokens: Floats, embedding: Floats) -> Window:
        return Window(text[0], tokens[0, self.own], self.places, embedding[0])


def _opened(network: Path, tokens: Path, checksums: Mapping[str, str]) -> _Opened:
    """Open both files. The vendors are imported here, so that importing this package loads neither."""
    try:
        session = open_session(network) if _are_as_loaded((network, tokens), checksums) else None
        tokenizer = _open_tokenizer(tokens)
    except Exception as error:  # the vendors raise dozens of kinds, some of them bare exceptions
        message = f"the local model cannot be opened ({type(error).__name__}): install Ballast again to restore it"
        raise ModelError(message) from error
    if session is None:
        message = "the local model has changed since it was loaded: start Ballast again"
        raise ModelError(message)
    start, end = (tokenizer.token_to_id(mark) for mark in ("[CLS]", "[SEP]"))
    if start is None or end is None:
        message = "the local model cannot be opened (its tokenizer lacks a mark): install Ballast again to restore it"
        raise ModelError(message)
    return _Opened(session, tokenizer, (start, end), session.get_outputs()[2].shape[1])


def _are_as_loaded(paths: Sequence[Path], checksums: Mapping[str, str]) -> bool:
    return all(checksum(path) == checksums[path.name] for path in paths if path.name in checksums)


def _open_tokenizer(tokens: Path) -> Tokenizer:
    from tokenizers import Tokenizer  # noqa: PLC0415 - as above

    tokenizer = Tokenizer.from_file(str(tokens))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    tokenizer.encode_special_tokens = True  # "[SEP]" in somebody's text is five characters and no mark
    return tokenizer


def load_runtime() -> Any:  # noqa: ANN401 - the vendor ships no types
    """Import onnxruntime with its telemetry turned off; nothing else may import it first.

    Since version 1.29 it tells its maker of every model that it opens, and leaves an id of the machine in the home
    directory, unless this stands in the environment when it is imported.
    """
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    import onnxruntime  # noqa: PLC0415 - as said above

    return onnxruntime


def open_session(network: Path) -> InferenceSession:
    """Open a network on one thread that does not spin, so that acknowledgements keep a core. Raises as the vendor."""
    runtime = load_runtime()
    options = runtime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.execution_mode = runtime.ExecutionMode.ORT_SEQUENTIAL
    options.log_severity_level = 3
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return runtime.InferenceSession(str(network), options, providers=["CPUExecutionProvider"])


def _readable(text: str) -> str:
    """Replace halves of characters, which the tokenizer refuses, one for one, so that places stay."""
    return text.translate(_SURROGATES) if not text.isascii() else text


def _stretches(text: str, places: Places) -> Iterator[tuple[int, int]]:
    """Part the tokens into stretches that fit a window with their context, cut between sentences where it can be."""
    first, count = 0, len(places)
    while count - first > (_INNER if first == 0 else _INNER - CONTEXT):
        last = _cut(text, places, first + _OWN)
        yield first, last
        first = last
    if count > first:
        yield first, count


def _cut(text: str, places: Places, latest: int) -> int:
    """Return the last token, of the last third before ``latest``, that begins a sentence or line, else a word.

    In one word, as long as that, it is ``latest``.
    """
    last_third = range(latest, latest - _OWN // 3, -1)
    for token in last_third:
        end, start = int(places[token - 1, 1]), int(places[token, 0])
        is_stop = text[end - 1] in _STOPS and (start > end or not text[end - 1].isascii())  # no stop: "Node.js"
        if is_stop or "\n" in text[end:start]:
            return token
    return next((token for token in last_third if places[token, 0] > places[token - 1, 1]), latest)


def _with_context(first: int, last: int, count: int) -> tuple[int, int]:
    """Widen a stretch by the context, as far as there are tokens on either side."""
    return max(0, first - CONTEXT), min(count, last + CONTEXT)


def _mean(windows: Sequence[Window]) -> Floats:
    """Return the embedding of a whole text: the mean over its windows, by their tokens, to length one."""
    total = np.sum([len(window.tokens) * window.embedding for window in windows], axis=0)
    mean: Floats = (total / (np.linalg.norm(total) or 1)).astype(np.float32)
    return mean
