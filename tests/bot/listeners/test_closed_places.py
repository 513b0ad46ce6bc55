"""What was said in a closed channel shows nowhere else, and who said something shows nowhere at all."""

import json

import pytest
from sqlalchemy import update

from bot.commands.command import Asked, Reply
from bot.commands.table import COMMANDS, answer
from bot.errors import BallastError
from storage.choice_log import Choosing
from storage.choices import Wanted
from storage.ids import ChannelId, UserId
from storage.records import Feedback
from storage.rows import FeedbackRow
from storage.vocabulary import ChannelKind
from tests.bot.listeners.conftest import Office

WORDS = ("Auditors want", "changed a figure", "approve button", "five clicks", "/archives/")
LINES = {
    "persona": "persona technical_gatekeeper",
    "theme": "theme compliance",
    "account": "account Halden",
    "search": "search auditors",
    "digest": "digest preview",
    "forget": "forget name Auditors",
    "settings": "settings log",
}
"""What is typed where the name alone asks for nothing."""


def said_there(office: Office, kind: ChannelKind) -> Feedback:
    channel = {ChannelKind.PRIVATE: office.people.sales_private, ChannelKind.SHARED: office.people.acme_shared}[kind]
    office.slack.people.invite_bot(channel, by=office.people.olivia)
    office.slack.until_settled()
    feedback = office.read(channel, kind)
    team = office.bot.workspace.team_id
    assert office.bot.store.placing.place(team, [(feedback.feedback_id, "Halden")])
    return feedback


def reply_to(office: Office, line: str) -> Reply:
    """Ask as the workspace's owner, a member of every channel, in a public channel."""
    owner = office.bot.parts.slack.person(UserId(office.people.olivia.user_id))
    here = ChannelId(office.people.feedback.channel_id)
    try:
        return answer(office.bot.parts, Asked(office.bot.workspace.team_id, here, owner, line))
    except BallastError as error:
        return Reply(str(error))


def sent_elsewhere(office: Office, closed: str) -> str:
    """Everything that Slack was asked to show, but for what stands in the channel itself."""
    return json.dumps(
        [call.arguments for call in office.slack.calls() if call.arguments.get("channel") != closed], default=str
    )


@pytest.mark.parametrize(
    ("kind", "counted"), [(ChannelKind.PRIVATE, False), (ChannelKind.PRIVATE, True), (ChannelKind.SHARED, True)]
)
def test_no_sub_command_shows_the_words_or_the_link_elsewhere(office: Office, kind: ChannelKind, counted: bool) -> None:
    feedback = said_there(office, kind)
    assert feedback.channel_id is not None
    choosing = Choosing(feedback.team_id, feedback.channel_id, UserId("U1"), office.bot.parts.clock())
    office.bot.store.choices.choose(choosing, Wanted(counted_elsewhere=counted), tell=lambda _: ())

    replies = {command.name: reply_to(office, LINES.get(command.name, command.name)) for command in COMMANDS}

    shown = {name: reply.text + json.dumps(list(reply.blocks)) for name, reply in replies.items()}
    assert [(name, words) for name, told in shown.items() for words in WORDS if words in told] == []
    assert not any(words in sent_elsewhere(office, feedback.channel_id) for words in WORDS)
    assert ("Said in a channel that is not public" in replies["theme"].text) is counted
    assert ("1 customer problem" in replies["balance"].text) is counted
    assert ("Halden" in replies["persona"].text) is counted


def test_no_sub_command_names_who_shared_or_wrote_or_saved_something(office: Office) -> None:
    feedback = office.read()
    people = {"reporter": "U0REPORTER", "author": "U0AUTHOR", "saved_by": "U0SAVER", "author_name": "Ada Author"}
    with office.database.writing() as session:
        mine = update(FeedbackRow).where(FeedbackRow.feedback_id == feedback.feedback_id)
        session.execute(mine.values(**people, reporter_name="Rita Reporter", person="Petra Person"))

    replies = {command.name: reply_to(office, LINES.get(command.name, command.name)) for command in COMMANDS}

    assert "changed a figure" in replies["theme"].text + json.dumps(list(replies["theme"].blocks))
    shown = sent_elsewhere(office, "") + json.dumps([[one.text, list(one.blocks)] for one in replies.values()])
    assert not [name for name in (*people.values(), "Rita Reporter", "Petra Person") if name in shown]
