"""Bars of progress at the terminal, with the rate and the time that is left."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.text import Text

from bot.worker import Worker


class _Rate(ProgressColumn):
    """Show how many are done a second."""

    def __init__(self, noun: str) -> None:
        super().__init__()
        self._noun = noun

    def render(self, task: Task) -> Text:
        return Text(f"{task.speed:,.0f} {self._noun}/s" if task.speed else "", style="dim")


@contextmanager
def bar(console: Console, doing: str, total: int, noun: str) -> Iterator[Callable[[int], None]]:
    """Show a bar while the block runs, where a person looks on; give what moves it on."""
    columns = (TextColumn(doing), BarColumn(), MofNCompleteColumn(), _Rate(noun), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("", total=total)
        yield lambda done: progress.advance(task, done)


@contextmanager
def quiet_worker() -> Iterator[None]:
    """Keep the worker's lines out of the terminal: one for each message would bury the bar."""
    log = logging.getLogger(Worker.__module__)
    log.setLevel(logging.WARNING)
    try:
        yield
    finally:
        log.setLevel(logging.NOTSET)
