"""What an export holds: one sheet a kind of thing, each column with what it means. The README of an export is this."""

from __future__ import annotations

from sqlalchemy import case, select

from storage.rows import (
    AccountNameRow,
    AccountRow,
    AppRow,
    ChangeRow,
    ChannelRow,
    ClassificationRow,
    DutyRow,
    FeedbackRow,
    InsightRow,
    ProposalRow,
    ReviewRow,
    ScheduleRow,
    SettingRow,
    TeamPersonaRow,
)
from storage.sheet import Field, Sheet
from storage.vocabulary import Chosen

_IS_ABOUT_PERSON = ChangeRow.name.in_((Chosen.OWNER.value, Chosen.REVIEWER.value))

FEEDBACK = Sheet(
    "feedback",
    "one message that was shared",
    (
        Field("feedback_id", "its number, by which the other files name it", FeedbackRow.feedback_id),
        Field("origin", "where it came from; no two are the same", FeedbackRow.origin),
        Field("source", "which way it came in", FeedbackRow.source),
        Field("voice", "how close the words are to the one who has the problem", FeedbackRow.voice),
        Field("said_at", "when it was said", FeedbackRow.said_at),
        Field("captured_at", "when it came in", FeedbackRow.captured_at),
        Field("channel_id", "the channel; null for imports", FeedbackRow.channel_id),
        Field("channel_kind", "who could be in the channel when it came in", FeedbackRow.channel_kind),
        Field("ts", "Slack's time of the message", FeedbackRow.ts),
        Field("thread_ts", "Slack's time of the thread's first message", FeedbackRow.thread_ts),
        Field("text", "the words, verbatim; empty once erased", FeedbackRow.text, is_words=True),
        Field("context", "words that stood beside it and were not classified", FeedbackRow.context, is_words=True),
        Field("note", "what the one who saved it wrote beside it", FeedbackRow.note, is_words=True),
        Field("person", "whose need it is by name, as somebody typed it", FeedbackRow.person, is_words=True),
        Field("permalink", "the link to the message", FeedbackRow.permalink, is_words=True),
        Field("original_ts", "Slack's time of the message that was forwarded", FeedbackRow.original_ts),
        Field("original_channel_id", "its channel", FeedbackRow.original_channel_id, is_words=True),
        Field("original_permalink", "the link to it", FeedbackRow.original_permalink, is_words=True),
        Field("account", "the customer company", FeedbackRow.account),
        Field("app", "the app or bot that posted it", FeedbackRow.app),
        Field("state", "where it stands: waiting, classified, failed or erased", FeedbackRow.state),
        Field("words_erased_at", "when its words were erased", FeedbackRow.words_erased_at),
        Field("erased_why", "why: time, deleted or forgotten", FeedbackRow.erased_why),
        Field("same_as", "the message that it repeats, which counts for both", FeedbackRow.same_as),
        Field("reporter", "who shared it", FeedbackRow.reporter, is_person=True),
        Field("reporter_name", "their name, where Slack gave it", FeedbackRow.reporter_name, is_person=True),
        Field("author", "who wrote the words, where that is another", FeedbackRow.author, is_person=True),
        Field("author_name", "their name", FeedbackRow.author_name, is_person=True),
        Field("saved_by", "who saved it by hand", FeedbackRow.saved_by, is_person=True),
        Field("stated_side", "what somebody said of it when they saved it", FeedbackRow.stated_side),
        Field("stated_theme", "what somebody said of it when they saved it", FeedbackRow.stated_theme),
        Field("stated_persona", "what somebody said of it when they saved it", FeedbackRow.stated_persona),
        Field("stated_by", "who said so", FeedbackRow.stated_by, is_person=True),
        Field("stated_decides", "whether they could decide labels when they said it", FeedbackRow.stated_decides),
    ),
    (FeedbackRow.feedback_id,),
    of_feedback=FeedbackRow.feedback_id,
)
PROBLEMS = Sheet(
    "problems",
    "one problem that was found in a message, also by readings that hold no more",
    (
        Field("insight_id", "its number", InsightRow.insight_id),
        Field("feedback_id", "the message", InsightRow.feedback_id),
        Field("classification_id", "the reading that found it", InsightRow.classification_id),
        Field("quote", "its words, exactly as in the text; empty once erased", InsightRow.quote, is_words=True),
        Field("quote_start", "where they begin in the text, counted in characters from 0", InsightRow.quote_start),
        Field("quote_end", "where they end", InsightRow.quote_end),
        Field("side", "what holds now: customer or user", InsightRow.current_side),
        Field("theme", "what holds now", InsightRow.current_theme),
        Field("persona", "what holds now", InsightRow.current_persona),
        Field("standing", "sure, unsure or rejected, as it holds now", InsightRow.current_standing),
        Field("said_side", "what the classifier said", InsightRow.side),
        Field("said_theme", "what the classifier said", InsightRow.theme),
        Field("said_persona", "what the classifier said", InsightRow.persona),
        Field(
            "persona_stated",
            "whether the text names the role of said_persona; false where it is only typical of the need",
            InsightRow.persona_stated,
        ),
        Field("confidence", "how sure the classifier was of side, theme and quote, from 0 to 1", InsightRow.confidence),
        Field("account", "the customer company that the text names", InsightRow.account),
        Field("rationale", "why, as a language model put it", InsightRow.rationale, is_words=True),
        Field("stake", "what is at stake", InsightRow.stake),
        Field("stake_quote", "the words that say so", InsightRow.stake_quote, is_words=True),
    ),
    (InsightRow.insight_id,),
    of_feedback=InsightRow.feedback_id,
)
READINGS = Sheet(
    "readings",
    "one reading of a message by a classifier, also one that found nothing",
    (
        Field("classification_id", "its number", ClassificationRow.classification_id),
        Field("feedback_id", "the message", ClassificationRow.feedback_id),
        Field("classifier", "who read it; “person” for a problem that a person added", ClassificationRow.classifier),
        Field("model", "with which model", ClassificationRow.model),
        Field("prompt_version", "with which prompt", ClassificationRow.prompt_version),
        Field("taxonomy_version", "by which taxonomy", ClassificationRow.taxonomy_version),
        Field("created_at", "when", ClassificationRow.created_at),
        Field("tokens_in", "tokens sent to a language model", ClassificationRow.tokens_in),
        Field("tokens_out", "tokens received from it", ClassificationRow.tokens_out),
    ),
    (ClassificationRow.classification_id,),
    of_feedback=ClassificationRow.feedback_id,
)
REVIEWS = Sheet(
    "reviews",
    "one verdict of a person on a problem or a message",
    (
        Field("review_id", "its number", ReviewRow.review_id),
        Field("feedback_id", "the message", ReviewRow.feedback_id),
        Field("insight_id", "the problem; null for a verdict on the whole message", ReviewRow.insight_id),
        Field("verdict", "confirmed, corrected, rejected or added", ReviewRow.verdict),
        Field("reviewed_at", "when", ReviewRow.reviewed_at),
        Field("before_side", "what held before", ReviewRow.before_side),
        Field("before_theme", "what held before", ReviewRow.before_theme),
        Field("before_persona", "what held before", ReviewRow.before_persona),
        Field("after_side", "what has held since", ReviewRow.after_side),
        Field("after_theme", "what has held since", ReviewRow.after_theme),
        Field("after_persona", "what has held since", ReviewRow.after_persona),
        Field("reviewer", "who decided", ReviewRow.reviewer, is_person=True),
    ),
    (ReviewRow.review_id,),
    of_feedback=ReviewRow.feedback_id,
)
PROPOSALS = Sheet(
    "proposals",
    "what somebody who does not decide proposed for a problem",
    (
        Field("proposal_id", "its number", ProposalRow.proposal_id),
        Field("insight_id", "the problem", ProposalRow.insight_id),
        Field("verdict", "confirmed, corrected or rejected", ProposalRow.verdict),
        Field("proposed_at", "when", ProposalRow.proposed_at),
        Field("side", "the side proposed", ProposalRow.side),
        Field("theme", "the theme proposed", ProposalRow.theme),
        Field("persona", "the persona proposed", ProposalRow.persona),
        Field("proposer", "who proposed it", ProposalRow.proposer, is_person=True),
    ),
    (ProposalRow.proposal_id,),
    of_feedback=select(InsightRow.feedback_id).where(InsightRow.insight_id == ProposalRow.insight_id).scalar_subquery(),
)
CHANNELS = Sheet(
    "channels",
    "one channel that the bot has met",
    (
        Field("channel_id", "its id", ChannelRow.channel_id),
        Field("name", "its name", ChannelRow.name, is_words=True),
        Field("kind", "public, private, shared with another organisation, or direct", ChannelRow.kind),
        Field("watch", "what is taken in: all, request or off", ChannelRow.watch),
        Field("answer", "how the bot answers: reaction, card or silent", ChannelRow.answer),
        Field("keep_threads", "whether replies are taken in; null is yes", ChannelRow.keep_threads),
        Field(
            "counted_elsewhere",
            "whether it counts elsewhere though not public; null is no",
            ChannelRow.counted_elsewhere,
        ),
        Field("decided_at", "when somebody chose what is taken in", ChannelRow.decided_at),
        Field("decided_by", "who", ChannelRow.decided_by, is_person=True),
    ),
    (ChannelRow.channel_id,),
)
SETTINGS = Sheet(
    "settings",
    "one setting of the workspace that differs from its default",
    (
        Field("name", "which", SettingRow.name),
        Field("value", "what was chosen, as JSON", SettingRow.value),
    ),
    (SettingRow.name,),
)
APPS = Sheet(
    "apps",
    "one app or bot that posted in a watched channel",
    (
        Field("app", "its id", AppRow.app),
        Field("name", "its name", AppRow.name),
        Field("allowed", "whether its posts are taken in", AppRow.allowed),
        Field("first_seen_at", "when it was first seen", AppRow.first_seen_at),
        Field("decided_at", "when somebody decided", AppRow.decided_at),
        Field("decided_by", "who", AppRow.decided_by, is_person=True),
    ),
    (AppRow.app,),
)
CHANGES = Sheet(
    "changes",
    "one change of a choice",
    (
        Field("change_id", "its number", ChangeRow.change_id),
        Field("changed_at", "when", ChangeRow.changed_at),
        Field("channel_id", "the channel; null for the whole workspace", ChangeRow.channel_id),
        Field("name", "what was changed", ChangeRow.name),
        Field("before", "what held before", case((_IS_ABOUT_PERSON, None), else_=ChangeRow.before)),
        Field("after", "what holds since", case((_IS_ABOUT_PERSON, None), else_=ChangeRow.after)),
        Field("named", "who was named as owner or reviewer", case((_IS_ABOUT_PERSON, ChangeRow.after)), is_person=True),
        Field("unnamed", "who is so no longer", case((_IS_ABOUT_PERSON, ChangeRow.before)), is_person=True),
        Field("changed_by", "who", ChangeRow.changed_by, is_person=True),
    ),
    (ChangeRow.change_id,),
)
ACCOUNTS = Sheet(
    "accounts",
    "one customer company on the list",
    (
        Field("account_id", "its number", AccountRow.account_id),
        Field("name", "its name", AccountRow.name),
        Field("plan", "its plan", AccountRow.plan),
        Field("revenue_band", "its revenue band", AccountRow.revenue_band),
        Field("charter", "whether it is a charter customer", AccountRow.charter),
    ),
    (AccountRow.account_id,),
)
ACCOUNT_NAMES = Sheet(
    "account_names",
    "one further name of a customer company",
    (
        Field("account_id", "the company", AccountNameRow.account_id),
        Field("kind", "alias or e-mail domain", AccountNameRow.kind),
        Field("name", "the name, in small letters", AccountNameRow.folded),
    ),
    (AccountNameRow.kind, AccountNameRow.folded),
)
PERSONAS = Sheet(
    "personas",
    "one persona that the team added",
    (
        Field("key", "its name in the other files", TeamPersonaRow.key),
        Field("name", "its name for people", TeamPersonaRow.name),
        Field("gloss", "in a few words", TeamPersonaRow.gloss),
        Field("definition", "what makes it", TeamPersonaRow.definition),
        Field("motivations", "what drives it", TeamPersonaRow.motivations),
        Field("pains", "what hurts it", TeamPersonaRow.pains),
        Field("success", "when it is content", TeamPersonaRow.success),
        Field("aliases", "further names, one a line", TeamPersonaRow.aliases),
        Field("examples", "examples, one a line", TeamPersonaRow.examples),
    ),
    (TeamPersonaRow.key,),
)
SCHEDULES = Sheet(
    "schedules",
    "the weekly digest of one channel",
    (
        Field("channel_id", "the channel", ScheduleRow.channel_id),
        Field("weekday", "the day, 0 is Monday", ScheduleRow.weekday),
        Field("hour", "the hour", ScheduleRow.hour),
        Field("minute", "the minute", ScheduleRow.minute),
        Field("zone", "in this zone", ScheduleRow.zone),
        Field("paused", "whether it is paused", ScheduleRow.paused),
        Field("owner", "who set it", ScheduleRow.owner, is_person=True),
    ),
    (ScheduleRow.channel_id,),
)
DUTIES = Sheet(
    "duties",
    "one person who was named owner or reviewer",
    (
        Field("user_id", "who", DutyRow.user_id, is_person=True),
        Field("duty", "owner or reviewer", DutyRow.duty),
        Field("named_by", "by whom", DutyRow.named_by, is_person=True),
        Field("named_at", "when", DutyRow.named_at),
    ),
    (DutyRow.user_id, DutyRow.duty),
    is_about_people=True,
)

SHEETS = (
    FEEDBACK,
    PROBLEMS,
    READINGS,
    REVIEWS,
    PROPOSALS,
    CHANNELS,
    SETTINGS,
    APPS,
    CHANGES,
    ACCOUNTS,
    ACCOUNT_NAMES,
    PERSONAS,
    SCHEDULES,
    DUTIES,
)
