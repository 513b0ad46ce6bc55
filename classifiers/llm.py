"""The language-model classifier: masks, asks, checks and puts back. Prompt, call and reply are modules of their own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from threading import Lock
from time import perf_counter

from classifiers.batches import Piece, grouped, pieces_of, sendable, shares
from classifiers.completion import Answer
from classifiers.endpoint import Endpoint, Prices
from classifiers.errors import ClassifierError, ReplyError
from classifiers.evidence import Span, evidence_at
from classifiers.llm_call import ModelCall
from classifiers.masking import Masked, mask, mask_persona, unmasked
from classifiers.prompt import Prompt, Turn, build_again, build_turns, load_prompt
from classifiers.protocol import Context, Example
from classifiers.reply import Found, parse_reply
from classifiers.schema import Schema, build_schema
from classifiers.taxonomy import Taxonomy
from classifiers.vocabulary import Classification, Insight, Provenance, Remarks, Stake, Usage

__all__ = ["Endpoint", "LlmClassifier", "Prices"]

EXAMPLES_A_TEXT = 4
MOST_EXAMPLES = 8
"""How many corrected examples one request carries at most, whatever it holds."""


@dataclass(slots=True)
class _Bill:
    """Add up what one call of ``classify`` bought, over its threads, so that a failure can say what it cost."""

    usage: Usage = field(default_factory=Usage)
    lock: Lock = field(default_factory=Lock)

    def add(self, usage: Usage) -> Usage:
        with self.lock:
            self.usage += usage
        return usage


@dataclass(frozen=True, slots=True)
class _Job:
    """Hold what all requests of one call of ``classify`` share."""

    taxonomy: Taxonomy
    told: Taxonomy
    """The taxonomy as the model is told it: what a team wrote about its personas may hold private things too."""
    schema: Schema
    examples: Sequence[Sequence[Example]]
    """The corrected examples nearest to each text, masked."""
    bill: _Bill


@dataclass(frozen=True, slots=True)
class _Read:
    """Hold what was found in one piece of what was sent, and its share of the cost."""

    piece: Piece
    insights: tuple[Insight, ...]
    usage: Usage


class LlmClassifier:
    """Classify by asking a language model, as ``classifiers.protocol.Classifier`` promises.

    Raises UnavailableError, RefusedError or ReplyError; whatever was paid for by then is the error's ``usage``.
    """

    name = "llm"

    def __init__(self, endpoint: Endpoint, prompt: Prompt | None = None) -> None:
        """Take an endpoint; nothing is connected before the first text."""
        self._endpoint = endpoint
        self._prompt = prompt or load_prompt()
        self._call = ModelCall(endpoint)

    @property
    def model(self) -> str:
        """Name the model, as its endpoint knows it."""
        return self._endpoint.model

    @property
    def host(self) -> str:
        """Name the host to which words go."""
        return self._endpoint.host

    def close(self) -> None:
        """Close the connections."""
        self._call.close()

    def classify(self, texts: Sequence[str], context: Context) -> list[Classification]:
        """Find the problems in each text; several short texts are one request, several requests go side by side."""
        masked = [self._masked(text) for text in texts]
        groups = grouped(pieces_of(sendable(text.text) for text in masked))
        job = _Job(
            taxonomy=context.taxonomy,
            told=self._told(context.taxonomy),
            schema=build_schema(context.taxonomy),
            examples=[self._examples(text, context) for text in texts],
            bill=_Bill(),
        )
        try:
            reads = self._read_all(groups, job)
        except ClassifierError as error:
            error.usage = job.bill.usage
            raise
        return [self._classification(place, text, masked[place], reads) for place, text in enumerate(texts)]

    def _masked(self, text: str) -> Masked:
        return mask(text) if self._endpoint.mask else unmasked(text)

    def _told(self, taxonomy: Taxonomy) -> Taxonomy:
        return (
            taxonomy.with_personas(map(mask_persona, taxonomy.personas.values())) if self._endpoint.mask else taxonomy
        )

    def _examples(self, text: str, context: Context) -> list[Example]:
        """Recall the nearest corrected examples whose labels still exist; they are a customer's words as well."""
        known = [example for example in context.recall(text, EXAMPLES_A_TEXT) if _is_of(context.taxonomy, example)]
        return [replace(example, quote=sendable(self._masked(example.quote).text)) for example in known]

    def _read_all(self, groups: Sequence[Sequence[Piece]], job: _Job) -> list[_Read]:
        if len(groups) <= 1:
            return [read for group in groups for read in self._read(group, job)]
        with ThreadPoolExecutor(min(self._endpoint.concurrency, len(groups))) as threads:
            answers = threads.map(lambda group: self._read(group, job), groups)
            return [read for reads in answers for read in reads]

    def _read(self, group: Sequence[Piece], job: _Job) -> list[_Read]:
        """Read a group together; when the answer is unusable, each of several alone, and a single one once more."""
        turns = build_turns(self._prompt, job.told, _named(group), _nearest(group, job))
        try:
            answer, usage = self._ask(turns, job)
        except ReplyError:
            if len(group) == 1:
                raise
            return self._read_alone(group, Usage(), job)
        try:
            return _shared(group, self._parsed(answer, group, job), usage)
        except ReplyError as error:
            again = build_again(self._prompt, answer.said, str(error))
        if len(group) == 1:
            return self._read_again(group, [*turns, *again], usage, job)
        return self._read_alone(group, usage, job)

    def _read_alone(self, group: Sequence[Piece], spent: Usage, job: _Job) -> list[_Read]:
        """Read each of a group by itself; what was spent on all of them is shared among them."""
        alone = [self._read([piece], job)[0] for piece in group]
        wasted = _split(spent, group)
        return [replace(read, usage=read.usage + waste) for read, waste in zip(alone, wasted, strict=True)]

    def _read_again(self, group: Sequence[Piece], turns: Sequence[Turn], spent: Usage, job: _Job) -> list[_Read]:
        answer, usage = self._ask(turns, job)
        return _shared(group, self._parsed(answer, group, job), spent + usage)

    def _ask(self, turns: Sequence[Turn], job: _Job) -> tuple[Answer, Usage]:
        started = perf_counter()
        answer = self._call.ask(turns, job.schema)
        prices = self._endpoint.prices
        usage = Usage(
            tokens_in=answer.tokens_in,
            tokens_out=answer.tokens_out,
            cost=prices.cost(answer.tokens_in, answer.tokens_out) if prices else None,
            seconds=perf_counter() - started,
        )
        return answer, job.bill.add(usage)

    def _parsed(self, answer: Answer, group: Sequence[Piece], job: _Job) -> Found:
        if answer.problem is not None:
            raise ReplyError(answer.problem)
        return parse_reply(answer.said, _named(group), job.taxonomy)

    def _classification(self, place: int, text: str, masked: Masked, reads: Sequence[_Read]) -> Classification:
        own = [read for read in reads if read.piece.text == place]
        found = {(insight.labels, insight.evidence): insight for insight in _restored(text, masked, own)}
        ordered = sorted(found.values(), key=lambda insight: insight.evidence.start)
        usage = sum((read.usage for read in own), start=Usage())
        return Classification(tuple(ordered), Provenance(self.name, self.model, self._prompt.version, usage=usage))


def _restored(text: str, masked: Masked, reads: Sequence[_Read]) -> Iterator[Insight]:
    """Put each insight back where it stands in the text, with the words that were hidden."""
    for read in reads:
        for insight in read.insights:
            at = insight.evidence
            span = masked.original_span(Span(read.piece.start + at.start, read.piece.start + at.end))
            remarks = _restored_remarks(text, masked, insight.remarks)
            yield replace(insight, evidence=evidence_at(text, span), remarks=remarks)


def _restored_remarks(text: str, masked: Masked, said: Remarks) -> Remarks:
    """Put hidden words back; words with a character that could not be sent are not the text's, and are left out."""
    own = [masked.restored(words) if words else None for words in (said.account, said.stake_quote)]
    account, stake_quote = (words if words and words in text else None for words in own)
    return replace(said, account=account, stake_quote=stake_quote, stake=said.stake if stake_quote else Stake.NONE)


def _named(group: Sequence[Piece]) -> dict[str, str]:
    return {f"m{number}": piece.words for number, piece in enumerate(group, start=1)}


def _nearest(group: Sequence[Piece], job: _Job) -> list[Example]:
    """Choose the examples of a request: the likest of those of its messages, each once."""
    best: dict[str, Example] = {}
    for example in (example for piece in group for example in job.examples[piece.text]):
        if example.quote not in best or example.likeness > best[example.quote].likeness:
            best[example.quote] = example
    return sorted(best.values(), key=lambda example: -example.likeness)[:MOST_EXAMPLES]


def _is_of(taxonomy: Taxonomy, example: Example) -> bool:
    labels = example.labels
    return labels is None or (labels.theme in taxonomy.themes and labels.persona in taxonomy.personas)


def _shared(group: Sequence[Piece], found: Mapping[str, tuple[Insight, ...]], usage: Usage) -> list[_Read]:
    parts = zip(group, found.values(), _split(usage, group), strict=True)
    return [_Read(piece, insights, part) for piece, insights, part in parts]


def _split(usage: Usage, group: Sequence[Piece]) -> list[Usage]:
    """Attribute the usage of a request to its messages, by their lengths; the parts add up to the whole."""
    weights = [len(piece.words) for piece in group]
    whole = sum(weights)
    tokens = zip(shares(usage.tokens_in, weights), shares(usage.tokens_out, weights), weights, strict=True)
    return [
        Usage(
            tokens_in=tokens_in,
            tokens_out=tokens_out,
            cost=None if usage.cost is None else usage.cost * weight / whole,
            seconds=usage.seconds * weight / whole,
        )
        for tokens_in, tokens_out, weight in tokens
    ]
