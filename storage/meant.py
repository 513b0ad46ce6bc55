"""What is meant by what is to be forgotten: which messages, by which names, and which accounts of the list."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from storage.held import Target
from storage.ids import AccountId, ChannelId, FeedbackId, Ts, slack_origin
from storage.lots import AT_ONCE, lots
from storage.naming import Naming
from storage.rows import AccountNameRow, AccountRow, FeedbackRow, InsightRow
from storage.text import fold
from storage.vocabulary import Erasure, Whose


@dataclass(frozen=True, slots=True)
class Meant:
    """Know the messages that are meant, in the order in which they go."""

    forwards: Sequence[FeedbackId]
    """The same words shared elsewhere or by others. They go first: what shows whose they are goes with the rest."""
    own: Sequence[FeedbackId]

    @property
    def all(self) -> Sequence[FeedbackId]:
        """Give them in that order."""
        return [*self.forwards, *self.own]


def still_stands() -> ColumnElement[bool]:
    """Leave out what is erased whole already; where only the time of the words was over, the rest stands."""
    return or_(FeedbackRow.erased_why.is_(None), FeedbackRow.erased_why == Erasure.TIME.value)


def naming_of(session: Session, target: Target) -> Naming:
    """Find an account by all the names it is known by, and everything else by what was given."""
    if target.whose is not Whose.ACCOUNT:
        return Naming([target.value])
    return Naming([target.value, *_known_as(session, target)])


def find_meant(session: Session, target: Target, naming: Naming) -> Meant:
    """Find the messages that are meant.

    Of a person and of a channel these are also the forwards of what was written or said there, wherever they were
    shared; of an account and of a name the copies, for one of them would count next and be found to name it anew.
    """
    match target.whose:
        case Whose.REPORTER:
            return _with_forwards(session, target, or_(*_shared_or_wrote(target)), _forwards_of_person(target))
        case Whose.CHANNEL:
            here = FeedbackRow.channel_id == target.value
            return _with_forwards(session, target, here, _forwards_of_channel(target))
        case Whose.ACCOUNT:
            names = {fold(target.value), *_known_as(session, target)}
            named = select(InsightRow.feedback_id).where(
                InsightRow.team_id == target.team_id, InsightRow.account_folded.in_(names)
            )
            about = or_(FeedbackRow.account_folded.in_(names), FeedbackRow.feedback_id.in_(named))
            return _with_copies(session, target, session.scalars(_standing(target).where(about)).all())
        case Whose.NAME:
            return _with_copies(session, target, sorted(set(_naming_it(session, target, naming))))


def count_mentions(session: Session, target: Target, naming: Naming, meant: Meant) -> int:
    """Count the other messages in which a person's id or an account's name stands."""
    if target.whose not in {Whose.REPORTER, Whose.ACCOUNT}:
        return 0
    return len(set(_naming_it(session, target, naming)).difference(meant.all))


def find_accounts(session: Session, target: Target, naming: Naming) -> Sequence[AccountId]:
    """Find the entries of the list of accounts that go whole."""
    if target.whose not in {Whose.ACCOUNT, Whose.NAME}:
        return []
    listed = session.execute(select(AccountRow.account_id, AccountRow.name).where(AccountRow.team_id == target.team_id))
    if target.whose is Whose.NAME:
        return [account_id for account_id, name in listed if naming.stands_in(name)]
    names = {fold(target.value), *_known_as(session, target)}
    return [account_id for account_id, name in listed if fold(name) in names]


def _known_as(session: Session, target: Target) -> Sequence[str]:
    """List the other names, folded, of the account that bears this one."""
    folded, team = fold(target.value), AccountRow.team_id == target.team_id
    bearing = select(AccountNameRow.account_id).where(
        AccountNameRow.team_id == target.team_id, AccountNameRow.folded == folded
    )
    meant = select(AccountRow.account_id).where(
        team, or_(AccountRow.folded == folded, AccountRow.account_id.in_(bearing))
    )
    names = session.scalars(select(AccountRow.folded).where(team, AccountRow.account_id.in_(meant)))
    called = AccountNameRow.team_id == target.team_id, AccountNameRow.account_id.in_(meant)
    aliases = session.scalars(select(AccountNameRow.folded).where(*called))
    return [*names, *aliases]


def _standing(target: Target) -> Select[FeedbackId]:
    return select(FeedbackRow.feedback_id).where(FeedbackRow.team_id == target.team_id, still_stands())


def _shared_or_wrote(target: Target) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return FeedbackRow.reporter == target.value, FeedbackRow.author == target.value


def _forwards_of_person(target: Target) -> ColumnElement[bool]:
    """Tell the copies of what a person wrote; what they only passed on is somebody else's."""
    passed_on = or_(FeedbackRow.author_name.is_not(None), FeedbackRow.original_channel_id.is_not(None))
    shared, wrote = _shared_or_wrote(target)
    theirs = or_(wrote, and_(shared, FeedbackRow.author.is_(None), ~passed_on))
    origins = select(FeedbackRow.origin).where(FeedbackRow.team_id == target.team_id, theirs)
    return _says_what(target, lambda row: row.counts_as.in_(origins))


def _forwards_of_channel(target: Target) -> ColumnElement[bool]:
    begin = slack_origin(ChannelId(target.value), Ts(""))
    said_here = _says_what(target, lambda row: func.substr(row.counts_as, 1, len(begin)) == begin)
    return or_(FeedbackRow.original_channel_id == target.value, said_here)


def _says_what(target: Target, counts: Callable[[type[FeedbackRow]], ColumnElement[bool]]) -> ColumnElement[bool]:
    """Tell what counts as something, and what is linked to that as its copy."""
    holder = aliased(FeedbackRow)
    holders = select(holder.feedback_id).where(holder.team_id == target.team_id, counts(holder))
    return or_(counts(FeedbackRow), FeedbackRow.same_as.in_(holders))


def _with_forwards(session: Session, target: Target, own: ColumnElement[bool], forwards: ColumnElement[bool]) -> Meant:
    its_own = session.scalars(_standing(target).where(own)).all()
    found = session.scalars(_standing(target).where(forwards)).all()
    return Meant(forwards=sorted({*found}.difference(its_own)), own=its_own)


def _with_copies(session: Session, target: Target, found: Sequence[FeedbackId]) -> Meant:
    copies = (session.scalars(_standing(target).where(FeedbackRow.same_as.in_(lot))) for lot in lots(found))
    return Meant(forwards=(), own=sorted({*found, *chain.from_iterable(copies)}))


def _naming_it(session: Session, target: Target, naming: Naming) -> Iterator[FeedbackId]:
    """Read every text of the team: no index knows whole words, and the two databases fold differently."""
    told = (
        FeedbackRow.text,
        FeedbackRow.reporter_name,
        FeedbackRow.author_name,
        FeedbackRow.person,
        FeedbackRow.context,
        FeedbackRow.note,
        FeedbackRow.account,
    )
    wanted = select(FeedbackRow.feedback_id, *told).where(FeedbackRow.team_id == target.team_id, still_stands())
    for feedback_id, *texts in session.execute(wanted, execution_options={"yield_per": AT_ONCE}):
        if naming.stands_in(*texts):
            yield feedback_id
    remarked = (InsightRow.account, InsightRow.rationale, InsightRow.stake_quote)
    remarks = (
        select(InsightRow.feedback_id, *remarked)
        .join(FeedbackRow, FeedbackRow.feedback_id == InsightRow.feedback_id)
        .where(InsightRow.team_id == target.team_id, still_stands(), or_(*(each.is_not(None) for each in remarked)))
    )
    for feedback_id, *texts in session.execute(remarks, execution_options={"yield_per": AT_ONCE}):
        if naming.stands_in(*texts):
            yield feedback_id
