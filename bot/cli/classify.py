"""``ballast classify``: say which problems a text holds, for people or, line by line, for programs."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from bot.choosing import LOCAL, choose_classifier
from bot.feedback_lines import STANDARD_INPUT, is_no_text, read_lines, read_whole, text_of_line
from bot.settings import load_settings
from classifiers.local import MOST_INSIGHTS
from classifiers.protocol import Classifier, Context
from classifiers.taxonomy import Taxonomy, load_taxonomy
from classifiers.vocabulary import UNKNOWN_PERSONA, Classification, Insight, Provenance

BATCH = 32
"""Texts that are classified at once; their lines are written before the next batch is read."""

CLASSIFIER_HELP = "Who labels: local, llm or local-then-llm."

_ONLY_SUREST = f"Only the {MOST_INSIGHTS} surest problems of a text are given; hand it over in parts to see the rest."


class OutputFormat(StrEnum):
    """Name the two ways to answer: text for people, one JSON object a line for programs."""

    TEXT = "text"
    JSONL = "jsonl"


def classify_command(
    source: Annotated[
        str, typer.Argument(metavar="[TEXT|FILE|-]", help="Words, a file that exists, or - for standard input.")
    ] = STANDARD_INPUT,
    *,
    classifier: Annotated[str, typer.Option(help=CLASSIFIER_HELP)] = LOCAL,
    output: Annotated[
        OutputFormat,
        typer.Option("--format", help="text reads the whole input as one message; jsonl reads each line as one."),
    ] = OutputFormat.TEXT,
) -> None:
    """Find the customer problems and user problems in feedback."""
    settings = load_settings(os.environ, Path(".env"))
    chosen = choose_classifier(classifier, settings)
    context = Context(taxonomy=load_taxonomy(), may_spend=lambda: settings.llm_daily_tokens != 0)
    if output is OutputFormat.JSONL:
        _write_lines(chosen, context, read_lines(source))
    else:
        text = read_whole(source)
        _print(text, chosen.classify([text], context)[0], context.taxonomy)


def json_line(text: str, classification: Classification) -> str:
    """Return one line of JSON for a text; all of it is ASCII, so that nothing in the text can end the line."""
    return json.dumps(fields_of(text, classification), ensure_ascii=True)


def fields_of(text: str, classification: Classification) -> dict[str, Any]:
    """Return what is told of a text to a program."""
    provenance = classification.provenance
    return {
        "text": text,
        "side": classification.side.value,
        "persona": classification.persona,
        "insights": [_insight_fields(insight) for insight in classification.insights],
        "classifier": provenance.classifier,
        "model": provenance.model,
    }


def printable(text: str) -> str:
    """Return a text that any terminal can show: control characters and lone surrogates become U+FFFD."""
    return "".join(char if char.isprintable() or char in "\n\t" else "\ufffd" for char in text)


def _insight_fields(insight: Insight) -> dict[str, Any]:
    return {
        "quote": insight.evidence.quote,
        "start": insight.evidence.start,
        "end": insight.evidence.end,
        "side": insight.labels.side.value,
        "theme": insight.labels.theme,
        "persona": insight.labels.persona,
        "persona_stated": insight.remarks.persona_stated,
        "confidence": round(insight.confidence, 4),
        "unsure": insight.unsure,
    }


def _write_lines(classifier: Classifier, context: Context, lines: Iterable[str]) -> None:
    cut = odd = 0
    for batch in _batches(iter(lines)):
        texts = list(map(text_of_line, batch))
        found = classifier.classify(texts, context)
        sys.stdout.write("".join(f"{line}\n" for line in map(json_line, texts, found)))
        sys.stdout.flush()
        cut += sum(map(_is_cut, found))
        odd += sum(map(is_no_text, batch))
    if cut:
        sys.stderr.write(f"{cut:,} {'text' if cut == 1 else 'texts'} cut short. {_ONLY_SUREST}\n")
    if odd:
        told = "line looks like an object but holds" if odd == 1 else "lines look like objects but hold"
        sys.stderr.write(f"{odd:,} {told} no “text” that can be read: the whole line was taken as somebody's words.\n")


def _batches(texts: Iterator[str]) -> Iterator[list[str]]:
    while batch := list(islice(texts, BATCH)):
        yield batch


def _print(text: str, classification: Classification, taxonomy: Taxonomy) -> None:
    console = Console(highlight=False)
    if not classification.insights:
        console.print(Text("No problem found: neither a customer problem nor a user problem.", style="bold"))
    for insight in classification.insights:
        console.print(_told(insight, taxonomy))
    if _is_cut(classification):
        console.print(Text(_ONLY_SUREST, style="bold"))
    provenance = classification.provenance
    console.print(Text(_who_read(len(text), provenance), style="dim"))


def _is_cut(classification: Classification) -> bool:
    """Tell whether a text may hold more problems than it was given."""
    return classification.provenance.classifier == LOCAL and len(classification.insights) == MOST_INSIGHTS


def _who_read(characters: int, provenance: Provenance) -> str:
    told = f"{characters} characters read by {provenance.classifier}, {provenance.model}"
    if provenance.fallback:
        told += ", because the language model did not answer"
    tokens = provenance.usage.tokens_in + provenance.usage.tokens_out
    cost = "" if provenance.usage.cost is None else f", at a cost of {provenance.usage.cost:.4f}"
    return f"{told}; {tokens:,} tokens{cost}" if tokens else told


def _told(insight: Insight, taxonomy: Taxonomy) -> Text:
    labels = insight.labels
    side, theme, persona = taxonomy.sides[labels.side], taxonomy.themes[labels.theme], taxonomy.personas[labels.persona]
    certainty = f"{insight.confidence:.0%} sure" + (", for a person to decide" if insight.unsure else "")
    return Text.assemble(
        (side.name, "bold cyan" if labels.side == "customer" else "bold green"),
        (f" · {side.gloss}\n", "dim"),
        f"  {printable(theme.name)}, {certainty} · {printable(persona.name)}{_stated(insight)}\n",
        (f"  “{printable(insight.evidence.quote)}”\n", "italic"),
    )


def _stated(insight: Insight) -> str:
    """Say where the persona is from; of one that is unknown, or where the classifier does not tell, nothing."""
    stated = insight.remarks.persona_stated
    if stated is None or insight.labels.persona == UNKNOWN_PERSONA:
        return ""
    return " (named in the text)" if stated else " (typical of the need)"
