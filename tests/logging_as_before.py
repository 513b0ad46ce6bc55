"""A fixture for tests that configure logging: import it, and afterwards all is as before."""

import logging
import sys
import threading
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def logging_as_before() -> Iterator[None]:
    root = logging.getLogger()
    before = (root.handlers[:], root.level, threading.excepthook, sys.unraisablehook)
    yield
    for handler in root.handlers[:]:
        root.removeHandler(handler)
    root.handlers[:], threading.excepthook, sys.unraisablehook = before[0], before[2], before[3]
    root.setLevel(before[1])
