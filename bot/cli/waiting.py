"""Reading at the terminal what waits to be read."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console
from rich.markup import escape

from bot.build import build_reading, utc_now
from bot.choosing import Reader
from bot.cli.progress import bar, quiet_worker
from bot.keeping import build_reader
from bot.parts import Store
from bot.places import words_go_to
from bot.placing import Placer
from bot.settings import Settings
from storage.ids import TeamId
from storage.vocabulary import FeedbackState


def read_waiting(store: Store, reader: Reader, settings: Settings, team_id: TeamId, console: Console) -> None:
    """Read what waits; a start that is cut off here goes on at the next import, or in a running Ballast."""
    waiting = store.queue.counts(team_id)[FeedbackState.WAITING]
    context = build_reading(store, reader, settings, team_id)
    placer = Placer(store.accounts, store.placing, settings.own_domains)
    worker = build_reader(store, reader.classifier, lambda _: context, utc_now, placer.place)
    say(console, [words_go_to(settings)], style="dim")
    with quiet_worker(), bar(console, "Reading", waiting, "messages") as advance:
        for number in worker.work_off(team_id):
            advance(number)
    left = store.queue.counts(team_id)[FeedbackState.WAITING]
    rest = f" {left:,} wait: they are tried again by “ballast run”, or at the next import." if left else ""
    say(console, [f"Read.{rest} See a week of it with ballast digest --team {team_id}."])


def say(console: Console, sentences: Iterable[str], *, style: str | None = None) -> None:
    """Print sentences that may hold other people's words, each on its own line however long it is."""
    for sentence in sentences:
        console.print(escape(sentence), style=style, soft_wrap=True)
