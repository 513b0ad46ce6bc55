"""Where things are: the database, and where words go, for the program and in sentences for people."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from bot.settings import Settings

_DATABASE_FILE = "ballast.db"
_OPENAI = "https://api.openai.com/v1/"


def database_address(settings: Settings) -> str:
    """Give the database's address: ``DATABASE_URL``, else a SQLite file in the data directory."""
    if settings.database_url is not None:
        return settings.database_url.get_secret_value()
    return f"sqlite:///{settings.data_dir.expanduser().absolute() / _DATABASE_FILE}"


def database_file(settings: Settings) -> Path | None:
    """Give the file of a SQLite database; None for one in memory and for PostgreSQL."""
    scheme, _, rest = database_address(settings).partition("://")
    path = rest.partition("?")[0].removeprefix("/")
    return Path(path).absolute() if scheme.startswith("sqlite") and path not in {"", ":memory:"} else None


def database_place(settings: Settings) -> str:
    """Say where the database is, without user and password."""
    address = database_address(settings)
    parts = urlsplit(address)
    if parts.scheme.startswith("sqlite"):
        return f"SQLite, {address.partition('///')[2] or 'in memory'}"
    return f"PostgreSQL, {parts.path.lstrip('/') or 'the default database'} at {parts.hostname or 'the local socket'}"


def words_go_to(settings: Settings) -> str:
    """Say in a sentence where the words of messages are sent."""
    host = _host(settings)
    match settings.classifier:
        case "llm":
            return f"Words are sent to {host}, where a language model reads them."
        case "local-then-llm":
            return f"Ballast reads the words itself; those that it is unsure of are sent to {host}."
        case _:
            return "Nothing leaves this machine: Ballast reads the words itself."


def model_host(settings: Settings) -> str | None:
    """Name the host to which words are sent; None where the classifier is local, whatever else is configured."""
    return None if settings.classifier == "local" else _host(settings)


def _host(settings: Settings) -> str:
    return urlsplit(settings.openai_base_url or _OPENAI).hostname or ""
