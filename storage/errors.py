"""The errors of this package: one tree; database errors are wrapped at its border and never carry a value."""

from __future__ import annotations


class StorageError(Exception):
    """The history could not do what it was asked; the message tells what to do next."""


class DatabaseUnavailableError(StorageError):
    """The database did not answer in time: locked, full, read-only, unreachable. Trying again may help."""


class SchemaError(StorageError):
    """The database's schema is older, newer or damaged; the message says which command mends it."""


class NotFoundError(StorageError):
    """Nothing of this team has that id; it may have been erased."""


class StaleError(StorageError):
    """Somebody was faster: the row changed since it was read. Read it again and decide anew."""
