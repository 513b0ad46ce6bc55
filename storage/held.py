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
class OwnWords:
    """Count where a name stands in what the team wrote and named itself."""

    personas: int = 0
    names: int = 0
    """Further names and domains of accounts that stay on the list."""
    ignored: int = 0
    """Words to ignore, as they are set now."""
    logged: int = 0
    """Changes of these, in the log."""
    places: int = 0
    """Names of channels and apps."""

    @property
    def total(self) -> int:
        """Count all of them."""
        return self.personas + self.names + self.ignored + self.logged + self.places


NO_WORDS = OwnWords()


@dataclass(frozen=True, slots=True)
class Held:
    """Count what is held, or was before it was forgotten."""

    messages: int = 0
    forwards: int = 0
    """Of these, the ones in which the same words were shared elsewhere or by others."""
    problems: int = 0
    cards: int = 0
    """Cards of ours in Slack, which are removed."""
    deliveries: int = 0
    """Deliveries that could not be read and forms that are open, in which the id or the name stands."""
    notices: int = 0
    saved: int = 0
    """Further messages, whose words stay: a person's id as who saved them goes, and the note beside them."""
    requests: int = 0
    """Messages that somebody asked to be saved."""
    accounts: int = 0
    """Entries of the list of accounts."""
    own_words: OwnWords = NO_WORDS
    mentions: int = 0
    """Other messages in which the person's id or the account's name stands: they are not reached."""
    unreached_words: int = 0
    """What the team wrote or named itself in which the account's name stands: it is not reached either."""

    @property
    def is_nothing(self) -> bool:
        """Tell whether there is nothing to forget."""
        beside = self.deliveries or self.notices or self.saved or self.requests
        return not (self.messages or beside or self.accounts or self.own_words.total)

    @property
    def extent(self) -> str:
        """Tell what was shown from what is held later, in a word that a form can carry."""
        return f"{self.messages}-{self.saved}-{self.accounts}-{self.own_words.total}"
