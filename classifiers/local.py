"""The local classifier: no key, no network; scores of a linear model, read into insights with exact quotes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from time import perf_counter

from classifiers.embedding import embed_texts
from classifiers.evidence import cover, evidence_at
from classifiers.linear import Floats, Heads
from classifiers.model_file import MODEL, Model, load_model
from classifiers.protocol import Context
from classifiers.reading import Decision, Draft, Frame, Scores, confidence, draft_insights
from classifiers.roles import AddedRoles, shipped_roles, with_stated
from classifiers.segments import Segment, split_segments, split_windows
from classifiers.taxonomy import Taxonomy, load_taxonomy
from classifiers.vocabulary import Classification, Insight, Provenance, Usage

MOST_INSIGHTS = 100
"""Of one text: a file pasted into a message must not flood the review queue; the surest are kept."""


class LocalClassifier:
    """Classify with the embedded model, as ``classifiers.protocol.Classifier`` promises. Holds no state but it."""

    name = "local"

    def __init__(self, model: Model) -> None:
        """Take a model that is loaded already."""
        self._model = model
        sides = {theme: entry.side for theme, entry in load_taxonomy().themes.items()}
        self._frame = Frame(model.layout, sides)

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
        roles = AddedRoles(context.taxonomy, self._model.layout.personas)
        return [self._classify(text, context.taxonomy, roles) for text in texts]

    def embed(self, texts: Sequence[str]) -> Floats:
        """Embed texts so that what is alike is near; shape (texts, width), rows of length one."""
        return embed_texts(texts, self._model.heads, self._model.layout)

    def _classify(self, text: str, taxonomy: Taxonomy, roles: AddedRoles) -> Classification:
        started = perf_counter()
        surest = sorted(self._insights(text, taxonomy, roles), key=lambda insight: -insight.confidence)[:MOST_INSIGHTS]
        insights = tuple(sorted(surest, key=lambda insight: (insight.evidence.start, insight.evidence.end)))
        usage = Usage(seconds=perf_counter() - started)
        return Classification(insights, Provenance(self.name, self.model, usage=usage))

    def _insights(self, text: str, taxonomy: Taxonomy, roles: AddedRoles) -> Iterator[Insight]:
        for window in split_windows(split_segments(text)):
            scores = score_window(self._model.heads, text, window)
            drafts = draft_insights(scores, self._frame, self._model.decision)
            found = read_insights(text, drafts, self._model.decision, taxonomy)
            span = cover(segment.span for segment in window)
            named = {persona for _, persona in shipped_roles().find(text, span)}
            yield from (with_stated(insight, named) for insight in roles.applied(text, span, found))


def score_window(heads: Heads, text: str, window: Sequence[Segment]) -> Scores:
    """Score a run of segments as one whole, and each that can voice a problem (all of them when none can)."""
    speaking = [segment for segment in window if segment.speaks] or window
    spans = [segment.span for segment in speaking]
    whole = cover(segment.span for segment in window)
    scores = heads.score([text[start:end] for start, end in (whole, *spans)])
    return Scores(scores[0], scores[1:], spans)


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
