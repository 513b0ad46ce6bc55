"""The history's frozen values: what comes in, what is known, what is claimed. Rows never leave this package."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from classifiers.vocabulary import UNKNOWN_PERSONA, FeedbackSide, Insight, Labels, Persona, feedback_side
from storage.beside import NOTHING_SAID, SaidBeside
from storage.ids import ChannelId, FeedbackId, InsightId, Origin, PostId, TeamId, Token, Ts, UserId
from storage.vocabulary import (
    AnswerMode,
    ChannelKind,
    FeedbackState,
    PostKind,
    PostState,
    Source,
    Standing,
    Verdict,
    Voice,
    Watch,
)


@dataclass(frozen=True, slots=True)
class Workspace:
    """Know a workspace, and who the bot is in it."""

    team_id: TeamId
    name: str
    url: str | None = None
    bot_id: str | None = None
    bot_user_id: UserId | None = None
    enterprise_id: str | None = None


@dataclass(frozen=True, slots=True)
class Channel:
    """Know a channel as the bot last met it."""

    team_id: TeamId
    channel_id: ChannelId
    name: str | None
    kind: ChannelKind
    watch: Watch
    answer: AnswerMode
    decided_by: UserId | None
    read_through: Ts | None
    keep_threads: bool = True
    """Whether replies are taken in."""
    counted_elsewhere: bool = False
    """Whether what is said here counts elsewhere although the channel is not public."""
    chosen_since: Ts | None = None
    """From when on the channel is watched with ``all``."""


@dataclass(frozen=True, slots=True)
class NewFeedback:
    """Hold what came in, before the history knows it."""

    team_id: TeamId
    origin: Origin
    text: str
    said_at: datetime
    source: Source
    voice: Voice
    channel_id: ChannelId | None = None
    channel_kind: ChannelKind = ChannelKind.PUBLIC
    ts: Ts | None = None
    thread_ts: Ts | None = None
    reporter: UserId | None = None
    reporter_name: str | None = None
    permalink: str | None = None
    account: str | None = None
    event_id: str | None = None
    edited_ts: Ts | None = None
    """Of the edit whose words these are; None for words as they were first said."""
    counts_as: Origin | None = None
    """What it is a copy of: the origin of the message that was forwarded; None for itself."""
    original_ts: Ts | None = None
    original_channel_id: ChannelId | None = None
    original_permalink: str | None = None
    author: UserId | None = None
    author_name: str | None = None
    """Who wrote the words, where that is not the reporter; an app's post has the name it was posted under."""
    person: str | None = None
    context: str | None = None
    """Words set aside, not classified."""
    note: str | None = None
    saved_by: UserId | None = None
    app: str | None = None
    """The bot id, else the app id, of what posted it; None for a person."""
    outside: bool | None = None
    """Whether its reporter belongs to another organisation or is a guest; None where Slack did not tell."""


@dataclass(frozen=True, slots=True)
class Place:
    """Name a message of Slack: where it stands, or stood, and when it was said."""

    team_id: TeamId
    channel_id: ChannelId
    ts: Ts
    said_at: datetime
    channel_kind: ChannelKind


@dataclass(frozen=True, slots=True)
class Taken:
    """Say what became of what came in."""

    feedback_id: FeedbackId
    new: bool
    """False when the origin was known already: a second delivery, or the words of an edit."""
    changed: bool = False
    """Whether it was known and these are other words, of a later edit."""
    erased: bool = False
    """Whether its words are erased: it was deleted or forgotten, or its time is over, and nothing brings it back."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """Hold one waiting feedback under a lease: classify it, then save with this very claim."""

    team_id: TeamId
    feedback_id: FeedbackId
    token: Token
    text: str
    text_version: int
    attempts: int
    """Of this claim, from 1."""
    failure: str | None = None
    """Why it could not be read before; None where no try came to say so."""


@dataclass(frozen=True, slots=True)
class StoredInsight:
    """Know an insight: what the classifier said, and what holds now."""

    insight_id: InsightId
    feedback_id: FeedbackId
    said: Insight | None
    """What the classifier said; None once its words were erased, for without evidence there is no insight."""
    current: Labels
    standing: Standing
    reviews: int
    """How many verdicts it has had; the number that a decision names to show what it had seen."""


@dataclass(frozen=True, slots=True)
class Feedback:
    """Know a feedback with the insights of its current classification, rejected ones among them."""

    feedback_id: FeedbackId
    team_id: TeamId
    origin: Origin
    text: str
    said_at: datetime
    captured_at: datetime
    source: Source
    voice: Voice
    channel_id: ChannelId | None
    channel_kind: ChannelKind
    ts: Ts | None
    thread_ts: Ts | None
    reporter: UserId | None
    permalink: str | None
    account: str | None
    state: FeedbackState
    failure: str | None
    insights: tuple[StoredInsight, ...] = ()
    words_erased_at: datetime | None = None
    """When its words were erased because their time was over: the text is empty, labels and counts stay."""
    beside: SaidBeside = NOTHING_SAID

    @property
    def standing(self) -> tuple[StoredInsight, ...]:
        """List the insights that nobody rejected."""
        return tuple(insight for insight in self.insights if insight.standing is not Standing.REJECTED)

    @property
    def side(self) -> FeedbackSide:
        """Derive the side from the insights that nobody rejected."""
        return feedback_side(insight.current.side for insight in self.standing)

    @property
    def persona(self) -> Persona:
        """Name the persona of the first insight that nobody rejected."""
        return self.standing[0].current.persona if self.standing else UNKNOWN_PERSONA


@dataclass(frozen=True, slots=True)
class Decision:
    """Hold what a person pressed: a verdict on an insight, made on ``seen`` earlier reviews."""

    team_id: TeamId
    insight_id: InsightId
    verdict: Verdict
    by: UserId
    at: datetime
    seen: int
    labels: Labels | None = None
    """The new labels of a correction; None for the other verdicts."""


@dataclass(frozen=True, slots=True)
class Review:
    """Know one verdict of the log. Both labels are None where there was, or is, no problem."""

    insight_id: InsightId | None
    feedback_id: FeedbackId
    number: int
    verdict: Verdict
    reviewer: UserId
    reviewed_at: datetime
    before: Labels | None
    after: Labels | None


@dataclass(frozen=True, slots=True)
class NewPost:
    """Hold what the bot owes a channel, before it is written down. ``key`` is unique in a team."""

    key: str
    kind: PostKind
    channel_id: ChannelId
    expires_at: datetime
    thread_ts: Ts | None = None
    feedback_id: FeedbackId | None = None
    body: str | None = None


@dataclass(frozen=True, slots=True)
class Post:
    """Know a post; one that was claimed carries the token of its claim."""

    post_id: PostId
    team_id: TeamId
    key: str
    kind: PostKind
    channel_id: ChannelId
    thread_ts: Ts | None
    feedback_id: FeedbackId | None
    body: str | None
    revision: int
    revised_at: datetime | None
    """When it was owed, or what it shows last changed; None for one that an earlier Ballast wrote."""
    state: PostState
    attempts: int
    """Of this claim, from 1; above 1 an earlier try may have reached Slack, so look before posting."""
    token: Token | None
    expires_at: datetime
    ts: Ts | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class Heard:
    """Know one insight as the balance and the answers need it: labels, words, place, time, account."""

    insight_id: InsightId
    feedback_id: FeedbackId
    labels: Labels
    standing: Standing
    quote: str
    """Empty once erased, and where it is withheld."""
    confidence: float
    said_at: datetime
    voice: Voice
    account: str | None
    permalink: str | None
    channel_id: ChannelId | None
    channel_kind: ChannelKind
    withheld: bool = False
    """Counted by an owner's leave, though its channel is not public: nobody elsewhere sees its words or its link."""
