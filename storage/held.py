"""What is held of somebody or something that is to be forgotten, and how that is named."""

from __future__ import annotations

from dataclasses import dataclass

from storage.ids import TeamId
from storage.vocabulary import Whose


@dataclass(frozen=True, slots=True)
class Target:
    """Name what is to be forgotten: a person's or channel's id, or a name as people write it."""

    team_id: TeamId
    whose: Whose
    value: str


@dataclass(frozen=True, slots=True)
class Held:
    """Count what is held, or was before it was forgotten."""

    messages: int = 0
    problems: int = 0
    cards: int = 0
    """Cards of ours in Slack, which are removed."""
    deliveries: int = 0
    """Deliveries that could not be read and forms that are open, in which the id or the name stands."""
    notices: int = 0
    accounts: int = 0
    """Entries of the list of accounts."""
    mentions: int = 0
    """Other messages in which the person's id or the account's name stands: they are not reached."""

    @property
    def is_nothing(self) -> bool:
        """Tell whether there is nothing to forget."""
        return not (self.messages or self.deliveries or self.notices or self.accounts)
