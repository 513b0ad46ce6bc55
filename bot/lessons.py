"""Make messages to train on of what people judged: whole feedback where every passage was judged, else the passages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bot.parts import Store
from classifiers.corpus import REVIEWS, Item, Message
from classifiers.taxonomy import Taxonomy
from classifiers.vocabulary import UNKNOWN_PERSONA, Labels, feedback_side
from storage.ids import FeedbackId, TeamId
from storage.taught import Judged, Taught

PAGE = 200


def read_lessons(store: Store, team_id: TeamId, taxonomy: Taxonomy) -> list[Message]:
    """Read everything that a team's people judged, oldest first."""
    return list(lessons_of(_pages(store, team_id), taxonomy))


def lessons_of(judged: Iterable[Judged], taxonomy: Taxonomy) -> Iterator[Message]:
    """Make messages of judged feedback.

    A theme that the taxonomy no longer has leaves its feedback out; a persona that a team added is trained as
    unknown, for its name and description find it without training.
    """
    number = 0
    for each in judged:
        if any(one.labels and one.labels.theme not in taxonomy.themes for one in each.passages):
            continue
        for text, passages in [(each.text, each.passages)] if each.whole else _apart(each.passages):
            number += 1
            yield _message(text, passages, taxonomy, number)


def _pages(store: Store, team_id: TeamId) -> Iterator[Judged]:
    after = FeedbackId(0)
    while page := store.reviews.judged(team_id, after=after, limit=PAGE):
        yield from page
        after = page[-1].feedback_id


def _apart(passages: Iterable[Taught]) -> list[tuple[str, tuple[Taught, ...]]]:
    return [(one.quote, (one,)) for one in passages]


def _message(text: str, passages: Iterable[Taught], taxonomy: Taxonomy, number: int) -> Message:
    items = tuple(Item(one.quote, _known(one.labels, taxonomy)) for one in passages if one.labels is not None)
    return Message(
        text=text,
        side=feedback_side(item.labels.side for item in items),
        themes=tuple(item.labels.theme for item in items),
        persona=items[0].labels.persona if items else UNKNOWN_PERSONA,
        items=items,
        file=REVIEWS,
        line=number,
    )


def _known(labels: Labels, taxonomy: Taxonomy) -> Labels:
    return taxonomy.labels(labels.theme, labels.persona if labels.persona in taxonomy.personas else UNKNOWN_PERSONA)
