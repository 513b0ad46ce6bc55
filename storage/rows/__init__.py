"""The tables, one typed class each. Importing this package makes the metadata complete."""

from storage.rows.base import Row
from storage.rows.feedback import ClassificationRow, FeedbackRow, InsightRow, UnreadableRow
from storage.rows.post import DigestRow, PostRow, ScheduleRow
from storage.rows.review import ProposalRow, ReviewRow
from storage.rows.workspace import ChannelRow, DutyRow, TeamPersonaRow, WorkspaceRow

__all__ = [
    "ChannelRow",
    "ClassificationRow",
    "DigestRow",
    "DutyRow",
    "FeedbackRow",
    "InsightRow",
    "PostRow",
    "ProposalRow",
    "ReviewRow",
    "Row",
    "ScheduleRow",
    "TeamPersonaRow",
    "UnreadableRow",
    "WorkspaceRow",
]
