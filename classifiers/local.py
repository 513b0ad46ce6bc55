"""The local classifier: no key, no network; what two models say of a text, read into insights with exact quotes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from time import perf_counter

from classifiers.evidence import Span, evidence_at
from classifiers.linear import Floats
from classifiers.model_file import MODEL, Model, load_model
from classifiers.portraits import Portrait, Wording, pieces_of, portray, with_alike
from classifiers.protocol import Context
from classifiers.reading import Decision, Draft, confidence, draft_insights
from classifiers.roles import AddedRoles, with_stated
from classifiers.scoring import score_texts
from classifiers.taxonomy import Taxonomy, load_taxonomy
from classifiers.vocabulary import Classification, Insight, PersonaEntry, Provenance, Usage
from classifiers.voicing import Frame, Scores
from classifiers.whose import named_in, reach_of
from classifiers.wordless import says_nothing

MOST_TOGETHER, MOST_CHARACTERS = 64, 20_000
"""Texts that are read together, and their characters; a longer text is read alone."""

MOST_INSIGHTS = 100
"""Of one text: a file pasted into a message must not flood the review queue; the surest are kept."""

MOST_PORTRAITS = 1000
"""Portraits of teams' own personas that are kept, so that each is made once and not with every message."""


@dataclass(frozen=True, slots=True)
class _Team:
    """Hold how a team's own personas are recognised: by their names, and by what they are like."""

    roles: AddedRoles
    portraits: Sequence[Portrait]


class LocalClassifier:
    """Classify with the embedded model, as ``classifiers.protocol.Classifier`` promises."""

    name = "local"

    def __init__(self, model: Model) -> None:
        """Take a model that is loaded already; its network is opened when the first text is read."""
        self._model = model
        sides = {theme: entry.side for theme, entry in load_taxonomy().themes.items()}
        self._frame = Frame(model.layout, sides)
        self._portrait = lru_cache(MOST_PORTRAITS)(self._portray)

    @classmethod
    def load(cls, folder: Path = MODEL) -> LocalClassifier:
        """Load the shipped model. Raises ModelError that says how to restore it."""
        return cls(load_model(folder))

    @property
    def model(self) -> str:
        """Name the model and its version."""
        return self._model.version

    @property
    def taxonomy_version(self) -> str:
        """Say which version of the taxonomy the model was trained on."""
        return self._model.taxonomy_version

    def classify(self, texts: Sequence[str], context: Context) -> list[Classification]:
        """Find the problems in each text. Any string will do; time is linear in its length."""
        team = self._team(context.taxonomy)
        return [one for group in _groups(texts) for one in self._classify(group, context.taxonomy, team)]

    def embed(self, texts: Sequence[str]) -> Floats:
        """Embed texts so that what means the same is near; shape (texts, width), rows of length one or zero."""
        return self._model.encoder.embed(texts)

    def _classify(self, texts: Sequence[str], taxonomy: Taxonomy, team: _Team) -> list[Classification]:
        started = perf_counter()
        worded = ["" if says_nothing(text) else text for text in texts]
        scored = score_texts(worded, self._model.encoder, self._model.heads)
        found = [list(self._insights(text, each, taxonomy, team)) for text, each in zip(texts, scored, strict=True)]
        usage = Usage(seconds=(perf_counter() - started) / len(texts))
        provenance = Provenance(self.name, self.model, usage=usage)
        return [Classification(_surest(insights), provenance) for insights in found]

    def _insights(
        self, text: str, scored: Iterable[tuple[Span, Scores]], taxonomy: Taxonomy, team: _Team
    ) -> Iterator[Insight]:
        for span, scores in scored:
            named = named_in(text, scores)
            drafts = draft_insights(text, scores, self._frame, self._model.decision, named)
            found = read_insights(text, drafts, self._model.decision, taxonomy)
            if not found:
                continue
            added = team.roles.applied(text, reach_of(scores), found, named)
            stated = [with_stated(text, each, named) for each in added]
            yield from self._alike(text, span, scores, stated, team.portraits) if team.portraits else stated

    def _alike(
        self, text: str, span: Span, scores: Scores, insights: Iterable[Insight], portraits: Sequence[Portrait]
    ) -> Iterable[Insight]:
        """Give the insights of a stretch with the team's personas that it is like, where it states none."""
        wording = Wording.of(text[span.start : span.end], self._model.heads)
        return with_alike(insights, wording, scores.embedding, portraits)

    def _team(self, taxonomy: Taxonomy) -> _Team:
        """Tell how a team's own personas are recognised: those that the model was not trained on."""
        added = [entry for key, entry in taxonomy.personas.items() if key not in self._model.layout.personas]
        return _Team(AddedRoles(added), [portrait for portrait in map(self._portrait, added) if portrait])

    def _portray(self, entry: PersonaEntry) -> Portrait | None:
        """Read what a team says of its persona; None where that holds no word."""
        scored = score_texts(pieces_of(entry), self._model.encoder, self._model.heads)
        read = [scores for stretches in scored for _, scores in stretches]
        return portray(entry, read, self._model.heads, self._model.layout) if read else None


def _groups(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    """Group texts that are read together, so that memory does not grow with how many are asked about at once."""
    first, characters = 0, 0
    for place, text in enumerate(texts):
        if place > first and (place - first == MOST_TOGETHER or characters + len(text) > MOST_CHARACTERS):
            yield texts[first:place]
            first, characters = place, 0
        characters += len(text)
    if texts:
        yield texts[first:]


def _surest(insights: Iterable[Insight]) -> tuple[Insight, ...]:
    """Keep the surest, in reading order."""
    surest = sorted(insights, key=lambda insight: -insight.confidence)[:MOST_INSIGHTS]
    return tuple(sorted(surest, key=lambda insight: (insight.evidence.start, insight.evidence.end)))


def read_insights(text: str, drafts: Iterable[Draft], decision: Decision, taxonomy: Taxonomy) -> list[Insight]:
    """Make an insight of each draft, in order: labels of the taxonomy, the trimmed quote, its confidence."""
    return [_insight(text, draft, decision, taxonomy) for draft in drafts]


def _insight(text: str, draft: Draft, decision: Decision, taxonomy: Taxonomy) -> Insight:
    sure = confidence(draft.signs, decision)
    return Insight(
        labels=taxonomy.labels(draft.theme, draft.persona),
        evidence=evidence_at(text, draft.span),
        confidence=sure,
        unsure=sure < decision.unsure_below,
    )
