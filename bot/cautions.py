"""Say in plain sentences what a reader of a digest should not overlook before acting on it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.balance import Tally, account_key
from bot.digest import Awaiting
from bot.period import Period, day_of, name_of_days
from classifiers.vocabulary import Side
from storage.records import Heard
from storage.vocabulary import Voice

_ENOUGH_TO_DOMINATE = 5
"""Below so many problems, one account's being most of them says nothing."""

_LIST = "A list of your customers tells more of them: “ballast accounts import FILE”."


@dataclass(slots=True)
class Soundness:
    """Count, while problems pass, on whom they rest."""

    first_hand: int = 0
    by_account: Counter[str] = field(default_factory=Counter)

    def take(self, heard: Heard) -> None:
        """Note the voice and the account of one problem."""
        self.first_hand += heard.voice is Voice.FIRST_HAND
        account = account_key(heard.account)
        if account:
            self.by_account[account] += 1


def cautions(
    heard: Tally, soundness: Soundness, awaiting: Awaiting, period: Period, *, now: datetime
) -> tuple[str, ...]:
    """Return the sentences that hold for what was heard in a period, the gravest first; often none."""
    return (
        *_of_the_period(period, now),
        *_of_the_backlog(awaiting, heard.total),
        *_of_the_sides(heard),
        *_of_the_accounts(heard, soundness),
        *_of_the_voices(heard, soundness),
    )


def _of_the_period(period: Period, now: datetime) -> Iterator[str]:
    if period.end - now > timedelta(days=1):
        last = day_of(period.end - timedelta(microseconds=1), period.zone)
        yield f"The period runs until {name_of_days(last, last)}; this is what was heard so far."


def _of_the_backlog(awaiting: Awaiting, total: int) -> Iterator[str]:
    if awaiting.unsure * 2 > total:
        problems = "problem is" if awaiting.unsure == 1 else "problems are"
        yield f"{awaiting.unsure} {problems} unsure, against {total} in the balance: decide them to be surer."


def _of_the_sides(heard: Tally) -> Iterator[str]:
    for side in Side:
        if heard.total and not heard.problems[side]:
            yield f"Nothing was heard from the {side.value} side."
        if len(heard.accounts[side]) == 1 and not heard.unnamed[side]:
            yield f"Only one account was heard on the {side.value} side."


def _of_the_accounts(heard: Tally, soundness: Soundness) -> Iterator[str]:
    most = max(soundness.by_account.values(), default=0)
    unnamed = sum(heard.unnamed.values())
    if heard.total >= _ENOUGH_TO_DOMINATE and heard.total > most > heard.total / 2:
        yield f"One account voiced {most} of the {heard.total} problems."
    if unnamed * 2 > heard.total:
        problems = "any problem" if unnamed == heard.total else f"{unnamed} of {heard.total} problems"
        yield f"Ballast could not tell the account of {problems}, so more may have spoken than are counted. {_LIST}"


def _of_the_voices(heard: Tally, soundness: Soundness) -> Iterator[str]:
    if heard.total and not soundness.first_hand:
        yield "Nobody spoke first-hand: colleagues or documents passed everything on."
