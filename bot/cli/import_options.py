"""What can be said on the command line of ``ballast import``, each with its help."""

from pathlib import Path
from typing import Annotated

import typer

from bot.mappings import PARTS, Product
from bot.reading_dates import Order
from storage.vocabulary import Voice

_PARTS = ", ".join(PARTS)

File = Annotated[
    Path,
    typer.Argument(
        help="The export: .csv, .tsv, or .jsonl, .ndjson, .json: an object a line, or one list; - for a pipe."
    ),
]
Mapping = Annotated[
    str | None,
    typer.Option("--map", metavar="text=Body,date=Created,…", help=f"Columns of {_PARTS}; most are guessed."),
]
From = Annotated[Product | None, typer.Option("--from", help="Take the columns that this product's exports have.")]
Team = Annotated[str | None, typer.Option(metavar="T…", help="The workspace, where the history has several.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show what would come in, and write nothing.")]
Encoding = Annotated[str | None, typer.Option(metavar="NAME", help="Where the guess is wrong: cp1252, …")]
Delimiter = Annotated[
    str | None, typer.Option(metavar="SIGN", help="Where the guess is wrong: comma, semicolon, tab, bar or a sign.")
]
Dates = Annotated[Order | None, typer.Option(help="How 03/04/2026 is meant, where the guess is wrong.")]
Whose = Annotated[
    Voice | None,
    typer.Option(help="Whose words these are, where no column tells; document: the rows are one list of requirements."),
]
KeysOf = Annotated[
    str | None, typer.Option(metavar="NAME", help="What the keys belong to; the product of --from unless given.")
]
Rejects = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Where rejected rows go; FILE.rejects.csv unless given.")
]
Read = Annotated[bool, typer.Option(help="Read the messages at once, or leave it to a running Ballast.")]
