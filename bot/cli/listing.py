"""Rows for the terminal, however narrow it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.measure import Measurement
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

_WIDEST = 100_000
"""Characters a line that no row needs, to measure what the rows need."""


@dataclass(frozen=True, slots=True)
class Listing:
    """Show a table where the terminal has room for each word, else the rows one below the other; no word is cut.

    ``figures`` sets the cells below a head to the right, and a row that does not fit as a table on one line.
    """

    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    title: str | None = None
    figures: bool = False

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Choose by the longest words, for the width that there is."""
        table = self._table()
        needed = Measurement.get(console, options.update(width=_WIDEST), table).minimum
        if needed <= options.max_width:
            yield table
        else:
            yield from self._lines()

    def _table(self) -> Table:
        table = Table(title=self.title)
        for head in self.heads:
            table.add_column(Text(head), overflow="fold", justify="right" if self.figures and head else "left")
        for row in self.rows:
            table.add_row(*map(Text, row))
        return table

    def _lines(self) -> Iterator[RenderableType]:
        if self.title:
            yield Text(f"{self.title}:", style="italic")
        for row in self.rows:
            first, *others = [
                f"{head}: {cell}" if head else cell for head, cell in zip(self.heads, row, strict=True) if cell
            ]
            if self.figures:
                yield Text(", ".join([first, *others]))
            else:
                yield Text(first)
                yield Padding(Text("\n".join(others)), (0, 0, 0, 2), expand=False)
