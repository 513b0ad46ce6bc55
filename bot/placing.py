"""Placing what was read: its account by the surest clue, and who is to be asked where it stays unknown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from bot.accounts import Book, make_book, recognise
from classifiers.vocabulary import Classification
from storage.accounts import Accounts, AccountsStamp
from storage.ids import FeedbackId, TeamId, UserId
from storage.placing import UNPLACED, Clues, Placed, Placing
from storage.records import Claimed

_PAGE = 200


@dataclass(frozen=True, slots=True)
class Placer:
    """Place feedback; a team's book is kept until its list has changed."""

    accounts: Accounts
    placing: Placing
    own: frozenset[str] = frozenset()
    """The team's own domains."""
    is_guest: Callable[[TeamId, UserId], bool | None] | None = None
    """Tells who is from outside as far as that is known, without asking Slack; None where nobody asks it."""
    books: dict[TeamId, tuple[AccountsStamp, Book]] = field(default_factory=dict)

    def place(self, claim: Claimed, found: Classification) -> Placed:
        """Tell the account of what was read, or whom to ask: the one who saved it by hand. And who is from outside.

        Nobody is asked about what holds no problem, nor where its words name an account that is not on the list.
        """
        clues = self.placing.clues(claim.team_id, claim.feedback_id)
        if clues is None:
            return UNPLACED
        outside, ask_outside = self._outside(claim.team_id, clues)
        return replace(self._place(claim, clues, found), outside=outside, ask_outside=ask_outside)

    def _outside(self, team_id: TeamId, clues: Clues) -> tuple[bool | None, bool]:
        """Tell whether the reporter is from outside, and whether that is to be asked."""
        if clues.outside:
            # What was told before stands: a stranger of a shared channel may not be shown to the bot. It is written
            # again, for an edit brings the words back as a colleague's.
            return True, False
        if clues.reporter is None or self.is_guest is None:
            return None, False
        told = self.is_guest(team_id, clues.reporter)
        return told, told is None

    def _place(self, claim: Claimed, clues: Clues, found: Classification) -> Placed:
        read = [insight.remarks.account for insight in found.insights]
        account = recognise(self.book(claim.team_id), clues, read)
        if account is not None:
            return Placed(account=account)
        return Placed(ask=clues.saved_by if found.insights and not any(read) else None)

    def book(self, team_id: TeamId) -> Book:
        """Give the team's book."""
        stamp = self.accounts.stamp(team_id)
        known = self.books.get(team_id)
        if known is None or known[0] != stamp:
            known = stamp, make_book(self.accounts.each(team_id), self.own)
            self.books[team_id] = known
        return known[1]

    def place_again(self, team_id: TeamId) -> int:
        """Place all feedback whose words stand by the list as it is now; return how many got an account or another."""
        book, placed = self.book(team_id), 0
        after: FeedbackId | None = None
        while page := self.placing.page(team_id, after=after, limit=_PAGE):
            found = ((clues, recognise(book, clues)) for clues in page)
            other = [(clues.feedback_id, account) for clues, account in found if account and account != clues.account]
            placed += self.placing.place(team_id, other)
            after = page[-1].feedback_id
        return placed
