"""What the tests start does not outlive them."""

import signal
import subprocess
import sys

import psutil
import pytest

from tests.ending import end_process, lives

STUBBORN = """
import signal, subprocess, sys, time
for each in (signal.SIGINT, signal.SIGQUIT, signal.SIGTERM):
    signal.signal(each, signal.SIG_IGN)
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
print(child.pid, flush=True)
time.sleep(600)
"""
POLITE = """
import time
print(0, flush=True)
time.sleep(600)
"""


def test_one_that_ends_when_asked_is_not_killed() -> None:
    with subprocess.Popen([sys.executable, "-c", POLITE], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdout is not None
        process.stdout.readline()
        end_process(process.pid, politely=((signal.SIGTERM, 30.0),))
        assert process.wait(5) == -signal.SIGTERM


def test_one_that_will_not_end_is_killed_with_its_children() -> None:
    with subprocess.Popen([sys.executable, "-c", STUBBORN], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        child = psutil.Process(int(process.stdout.readline()))
        end_process(process.pid, politely=((signal.SIGINT, 0.1), (signal.SIGQUIT, 0.1)))
        assert process.wait(5) == -signal.SIGKILL
    assert not lives(child)


def test_one_that_has_ended_already_is_no_fault() -> None:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait(30)
    end_process(process.pid)
    with pytest.raises(psutil.NoSuchProcess):
        psutil.Process(process.pid)
