"""What is said to the bot itself: whether it asks for something only, or is something to keep."""

from __future__ import annotations

from bot.port import Message
from bot.shapes.notation import words_of
from storage.records import Workspace

_HELP = frozenset({"help", "hi", "hello", "hey", "ballast"})
_SAVE = frozenset({"save", "keep", "add", "log", "record", "capture", "note", "track", "collect"})
_ARTICLES = {"a", "it", "one", "that", "the", "this"}
_COURTESIES = {"can", "could", "please", "pls", "thank", "thanks", "would", "you"}
_OBJECTS = {"above", "feedback", "here", "me", "message", "post", "root", "thread", "us"}
_BESIDE = frozenset({"and", "as", "for", "to"} | _ARTICLES | _COURTESIES | _OBJECTS)


def mentions_bot(message: Message, workspace: Workspace) -> bool:
    """Tell whether a message names the bot."""
    text, bot = message.get("text"), workspace.bot_user_id
    return isinstance(text, str) and bot is not None and (f"<@{bot}>" in text or f"<@{bot}|" in text)


def only_asks(text: str) -> bool:
    """Tell whether words said to the bot are a request alone, such as "save this, please", and nothing to keep."""
    return set(words_of(text).split()) <= _SAVE | _HELP | _BESIDE


def greets(text: str) -> bool:
    """Tell whether words said to the bot ask for help, or greet, and name nothing that is to be saved."""
    words = set(words_of(text).split())
    return not words.isdisjoint(_HELP) and words <= _HELP | _BESIDE


def is_request(message: Message, workspace: Workspace) -> bool:
    """Tell whether a message mentions the bot and only asks it for something."""
    brings_more = message.get("attachments") or message.get("files")
    return not brings_more and mentions_bot(message, workspace) and only_asks(str(message["text"]))
