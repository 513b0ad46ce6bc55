"""A message that changes after it was said: to take in, edit, read and look at."""

from dataclasses import replace
from datetime import timedelta

from bot.parts import Store
from classifiers.vocabulary import Insight
from storage.database import Database
from storage.history import Query
from storage.ids import Ts
from storage.records import Feedback, NewFeedback, Place, Taken
from storage.rows import FeedbackRow
from storage.vocabulary import ChannelKind, PostState
from tests.factories import (
    CHANNEL,
    EARLIER,
    LEASE,
    NOW,
    TEAM,
    found_nothing,
    make_classification,
    make_feedback,
    make_ts,
)

TS = make_ts(500)
PLACE = Place(TEAM, CHANNEL, TS, EARLIER, ChannelKind.PUBLIC)
EVER = Query(TEAM, since=EARLIER - timedelta(days=1), until=NOW + timedelta(days=1), audience=CHANNEL)
FIRST, SECOND = Ts("9.000000"), Ts("10.000000")
"""Two edits; as text the second would come before the first."""


def take_in(store: Store, text: str) -> NewFeedback:
    feedback = make_feedback(text, ts=TS)
    store.intake.take_in(feedback, NOW)
    return feedback


def forward(number: int) -> NewFeedback:
    """Somebody shares the message at ``PLACE``; a greater number later."""
    at = EARLIER + timedelta(minutes=number)
    original = make_feedback(ts=TS).origin
    return make_feedback(
        "Exports are slow", ts=make_ts(600 + number), counts_as=original, reporter=f"U{number}", said_at=at
    )


def edit(store: Store, feedback: NewFeedback, text: str, edited_ts: Ts | None) -> Taken | None:
    return store.amending.edit(replace(feedback, text=text, edited_ts=edited_ts), NOW)


def read(store: Store, *insights: Insight) -> Feedback:
    """Have the one waiting feedback read."""
    [claimed] = store.queue.claim(TEAM, limit=1, lease=LEASE, at=NOW)
    made = make_classification(*insights) if insights else found_nothing()
    assert store.queue.save(claimed, made, taxonomy_version="1", at=NOW)
    return store.history.feedback(TEAM, claimed.feedback_id)


def quoted(feedback: Feedback, insight_id: object) -> str:
    """What stands in the text where an insight points."""
    [said] = [one.said for one in feedback.insights if one.insight_id == insight_id]
    assert said is not None
    assert feedback.text[said.evidence.start : said.evidence.end] == said.evidence.quote
    return said.evidence.quote


def the_only(store: Store) -> Feedback:
    kept = store.history.by_origin(TEAM, make_feedback(ts=TS).origin)
    assert kept is not None
    return kept


def post(store: Store) -> PostState:
    """Make the card should it be due; return how it was found."""
    claimed = store.posts.claim(TEAM, limit=1, lease=LEASE, at=NOW)
    for each in claimed:
        store.posts.done(each, make_ts(700))
    return PostState.DUE if claimed else PostState.DONE


def rows(database: Database) -> list[FeedbackRow]:
    with database.reading() as session:
        return list(session.query(FeedbackRow).order_by(FeedbackRow.feedback_id))
