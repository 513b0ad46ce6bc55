"""Refuse what is to be forgotten and is known by no such name: nothing kept of a slip says nothing of who was meant."""

from __future__ import annotations

import re

from bot.asking import near_account
from bot.errors import InputError
from storage.held import Target
from storage.history import History
from storage.ids import ChannelId
from storage.vocabulary import Whose

_PERSON_ID = re.compile("[UW][A-Z0-9_]*[0-9_][A-Z0-9_]*")
_CHANNEL_ID = re.compile("[CDG][A-Z0-9_]*[0-9_][A-Z0-9_]*")


def check_id(target: Target) -> None:
    """Raise InputError that says where the id stands, for a person or channel of which nothing is held by a name."""
    value = target.value[:60]
    if target.whose is Whose.REPORTER and not _PERSON_ID.fullmatch(target.value):
        message = f"“{value}” is no person's id. Give it (U…): “Copy member ID” in the menu of their profile."
        raise InputError(message)
    if target.whose is Whose.CHANNEL and not _CHANNEL_ID.fullmatch(target.value):
        message = f"Ballast never met a channel {value}. Give its id (C…), which the channel's details end with."
        raise InputError(message)


def check_account(history: History, target: Target, audience: ChannelId | None) -> None:
    """Raise InputError, "did you mean", for an account of which nothing is held while one that is much alike is."""
    if target.whose is not Whose.ACCOUNT:
        return
    near = near_account(history, target.value, target.team_id, audience)
    if near:
        message = f"No account called “{target.value[:60]}” has been heard. Did you mean “{near[:60]}”?"
        raise InputError(message)
