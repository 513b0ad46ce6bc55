"""What is owed for one message that was read, and what stands of it in Slack."""

from __future__ import annotations

from sqlalchemy import select

from bot.sandbox.channels import Message
from storage.ids import Ts
from storage.rows.post import PostRow
from storage.vocabulary import AnswerMode, PostState
from tests.bot.running import Running


def hear_in_card_mode(running: Running) -> Ts:
    running.answer(AnswerMode.CARD)
    feedback_id, ts = running.hear()
    running.feedback_ids.append(feedback_id)
    return ts


def work_and_deliver(running: Running) -> None:
    running.work()
    running.deliver()


def cards(running: Running, ts: Ts) -> list[Message]:
    return running.slack.thread(running.workspace.feedback, ts)


def state_of(running: Running, key: str) -> PostState:
    with running.database.reading() as session:
        return session.scalars(select(PostRow.state).where(PostRow.key == key)).one()
