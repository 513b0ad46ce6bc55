"""The tables, one typed class each. Importing this package makes the metadata complete."""

from storage.rows.account import AccountAskedRow, AccountNameRow, AccountRow, ImportRow
from storage.rows.base import Row
from storage.rows.choice import AppRow, ChangeRow, OptOutRow, SettingRow
from storage.rows.draft import DraftRow
from storage.rows.feedback import ClassificationRow, FeedbackRow, InsightRow, UnreadableRow
from storage.rows.post import DigestRow, PostRow, ScheduleRow
from storage.rows.reach import BackfillRow, FetchRow, ThreadRow
from storage.rows.review import ProposalRow, ReviewRow
from storage.rows.workspace import ChannelRow, DutyRow, TeamPersonaRow, WorkspaceRow

__all__ = [
    "AccountAskedRow",
    "AccountNameRow",
    "AccountRow",
    "AppRow",
    "BackfillRow",
    "ChangeRow",
    "ChannelRow",
    "ClassificationRow",
    "DigestRow",
    "DraftRow",
    "DutyRow",
    "FeedbackRow",
    "FetchRow",
    "ImportRow",
    "InsightRow",
    "OptOutRow",
    "PostRow",
    "ProposalRow",
    "ReviewRow",
    "Row",
    "ScheduleRow",
    "SettingRow",
    "TeamPersonaRow",
    "ThreadRow",
    "UnreadableRow",
    "WorkspaceRow",
]
