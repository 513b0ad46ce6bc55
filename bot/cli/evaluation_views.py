"""What ``ballast evaluate`` shows: figures, tables, the difference of two classifiers, and the misses for reading."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from bot.cli.classify import printable
from bot.cli.listing import Listing
from classifiers.comparing import Difference
from classifiers.evaluation import InsightReport, PersonaReport, Report
from classifiers.misses import Miss
from classifiers.statistics import Rate, Score

LONGEST = 600
"""Characters of a text that a miss shows; the rest is left out, and said so."""

_NO_BASE = "–"
"""A figure that nothing was counted for: neither good nor bad."""
_DRAWN = "Intervals: 95%, Wilson for a share, paired bootstrap over texts for a difference."


def show_report(report: Report) -> Group:
    """Show every figure of a report; holds nobody's words."""
    side = report.side
    told = f"side      accuracy {side.accuracy}, macro-F1 {side.macro_f1:.3f}, kappa {side.kappa:.3f}"
    parts: list[RenderableType] = [Text(f"{report.texts} texts"), Text(told)]
    if report.persona:
        parts += [Text(line) for line in _persona_lines(report.persona)]
    if report.theme:
        macro = _figure(report.theme.macro_f1, len(report.theme.themes))
        parts.append(Text(f"theme     {_score_words(report.theme.micro)}, macro-F1 {macro}"))
    if report.insight:
        parts += [Text(line) for line in _insight_lines(report.insight)]
    parts.append(_confusion_table("Sides: expected down, found across", side.confusion, side.sides))
    if report.persona:
        title = "Personas: expected down, found across"
        parts.append(_confusion_table(title, report.persona.confusion, report.persona.personas))
    if report.theme and report.theme.themes:
        parts.append(_theme_table(report.theme.themes))
    if report.insight and report.insight.calibration:
        parts.append(_calibration_table(report.insight))
    return Group(*parts)


def show_differences(first: str, second: str, differences: Sequence[Difference]) -> Group:
    """Show two classifiers side by side; one is ahead where the interval leaves out zero."""
    heads = ("", "texts", "first", "second", "gain", "95% interval", "ahead")
    title = f"Second, {second}, against first, {first}"
    table = Listing(heads, [_difference_row(each) for each in differences], title, figures=True)
    return Group(table, Text(_DRAWN, style="dim"))


def show_misses(misses: Sequence[Miss]) -> Group:
    """Show the misses with their texts, the worst first: for the terminal of who has the file, never for a log."""
    return Group(*(line for number, miss in enumerate(misses, 1) for line in _miss_lines(number, miss)))


def _difference_row(each: Difference) -> tuple[str, ...]:
    gain = each.second - each.first
    ahead = "neither" if not each.certain else "second" if gain > 0 else "first"
    interval = f"{each.low:+.3f} to {each.high:+.3f}"
    return each.figure, str(each.texts), f"{each.first:.3f}", f"{each.second:.3f}", f"{gain:+.3f}", interval, ahead


def _persona_lines(persona: PersonaReport) -> Iterator[str]:
    yield f"persona   accuracy {persona.accuracy}{_beside(persona.baseline)}, kappa {persona.kappa:.3f}"
    if persona.trivial:
        yield f"          commonest persona of the theme that was found: {persona.trivial}"
    if persona.stated.total:
        told = f"{persona.stated}{_beside(persona.stated_baseline)}"
        yield f"          where the text names the role ({persona.stated.total}) {told}"


def _beside(baseline: Rate | None) -> str:
    return f"; commonest persona of the right theme {baseline}" if baseline else ""


def _insight_lines(insight: InsightReport) -> Iterator[str]:
    sides = insight.sure_sides if insight.sure_sides.total else _NO_BASE
    yield f"insight   {_score_words(insight.score)}; without the unsure ones {_score_words(insight.sure)}"
    yield f"          sure ones whose side a problem of the text has {sides}"
    yield f"          calibration error {_figure(insight.calibration_error, len(insight.calibration))}"


def _score_words(score: Score) -> str:
    precision, recall, f1 = _score_figures(score)
    return f"precision {precision}, recall {recall}, F1 {f1}"


def _score_figures(score: Score) -> tuple[str, str, str]:
    return (
        _figure(score.precision, score.found),
        _figure(score.recall, score.expected),
        _figure(score.f1, score.found + score.expected),
    )


def _figure(value: float, base: int) -> str:
    return f"{value:.3f}" if base else _NO_BASE


def _confusion_table(title: str, table: Mapping[str, Mapping[str, int]], scores: Mapping[str, Score]) -> Table:
    shown = Table(title=title)
    shown.add_column("", overflow="fold")
    for label in (*table, "recall"):
        shown.add_column(label, justify="right", overflow="fold")
    for expected, row in table.items():
        score = scores.get(expected)
        recall = _figure(score.recall, score.expected) if score else _NO_BASE
        shown.add_row(expected, *(str(count) for count in row.values()), recall)
    return shown


def _theme_table(themes: Mapping[str, Score]) -> Listing:
    heads = ("", "expected", "precision", "recall", "F1")
    rows = [(theme, str(one.expected), *_score_figures(one)) for theme, one in themes.items()]
    return Listing(heads, rows, "Themes of a text", figures=True)


def _calibration_table(insight: InsightReport) -> Listing:
    heads = ("insights", "mean confidence", "share right")
    rows = [
        (str(each.total), f"{each.confidence:.3f}", f"{each.right / each.total:.3f}") for each in insight.calibration
    ]
    return Listing(heads, rows, "Confidence of insights, and how many of them were right", figures=True)


def _miss_lines(number: int, miss: Miss) -> Iterator[Text]:
    expected, found = miss.expected, miss.found
    yield Text(f"\n{number}. expected {expected.side.value}, found {found.side.value}", style="bold")
    text = printable(expected.text)
    yield Text(text if len(text) <= LONGEST else f"{text[:LONGEST]} … ({len(text) - LONGEST} characters more)")
    for passage in expected.passages or ():
        yield Text(f"   expected {passage.theme}: “{printable(expected.text[slice(*passage.span)])}”", style="dim")
    if expected.passages is None and expected.themes:
        yield Text(f"   expected {', '.join(sorted(expected.themes))}", style="dim")
    for each in found.insights:
        told = f"{each.labels.theme}, {each.confidence:.0%} sure: “{printable(each.evidence.quote)}”"
        yield Text(f"   found {told}", style="dim")
