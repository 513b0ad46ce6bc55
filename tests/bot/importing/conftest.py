"""A history at the terminal, into which files are imported."""

from __future__ import annotations

import pytest

from bot.keeping import remember_terminal
from bot.parts import Store
from tests.factories import NOW


@pytest.fixture
def terminal(store: Store) -> Store:
    remember_terminal(store.workspaces, NOW)
    return store
