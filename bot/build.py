"""The composition root: the one place that makes the parts and ties them together. Nothing here asks Slack."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from random import SystemRandom
from threading import Event

from slack_bolt import App
from slack_sdk import WebClient

from bot.authorize import build_authorize
from bot.capture import Capture
from bot.choosing import Reader, choose_reader
from bot.connection import Connection
from bot.contexts import TeamContexts, Unbooked, book_all
from bot.deliver import Poster
from bot.errors import SettingsError
from bot.fetching import Fetcher
from bot.guests import Guests
from bot.leaving import Deleter
from bot.lifecycle import Ballast, Facts
from bot.listeners import register
from bot.loop import Bell, Loop
from bot.parts import Clock, Parts, Store
from bot.picking import Picker
from bot.places import database_address, database_place, model_host, words_go_to
from bot.placing import Placer
from bot.publish import Publisher
from bot.reach.reader import SlackReader
from bot.retention import Retention
from bot.scheduler import Scheduler
from bot.settings import Settings
from bot.slack import SlackPort
from bot.slack_client import build_client
from bot.worker import Worker
from classifiers.protocol import Classifier, Context
from classifiers.taxonomy import load_taxonomy
from storage.accounts import Accounts
from storage.amending import Amending
from storage.backfills import Backfills
from storage.choices import Choices
from storage.database import Database, open_database
from storage.drafts import Drafts
from storage.erasing import Erasing
from storage.exporting import Exporting
from storage.fetches import Fetches
from storage.forgetting import Forgetting
from storage.history import History
from storage.ids import TeamId, UserId
from storage.intake import Intake
from storage.leaving import Leaving
from storage.marks import Marks
from storage.outsiders import Outsiders
from storage.personas import Personas
from storage.placing import Placing
from storage.posts import Posts
from storage.queue import Queue
from storage.readings import Readings
from storage.reviews import Reviews
from storage.scenes import Scenes
from storage.schedules import Schedules
from storage.schema import check_schema, upgrade
from storage.shown import Shown
from storage.stated import Stating
from storage.threads import Threads
from storage.workspaces import Workspaces

LISTENERS = 16
"""Threads for listeners; with Bolt's five, a few slow ones keep commands from being acknowledged in time."""


def utc_now() -> datetime:
    """Tell the time: the clock of everything that is not a test."""
    return datetime.now(UTC)


def open_history(settings: Settings) -> Database:
    """Open the database that the settings name, with its schema up to date.

    The embedded one upgrades itself. PostgreSQL may be shared by processes of another version, so there
    only its age is checked. Raises SchemaError with the command that mends it.
    """
    address = database_address(settings)
    database = open_database(address)
    try:
        if address.startswith("sqlite"):
            upgrade(database)
        else:
            check_schema(database)
    except BaseException:
        database.close()
        raise
    return database


def build_store(database: Database) -> Store:
    """Make the history's parts over one database."""
    return Store(
        workspaces=Workspaces(database),
        leaving=Leaving(database),
        intake=Intake(database),
        amending=Amending(database),
        queue=Queue(database),
        readings=Readings(database),
        reviews=Reviews(database),
        posts=Posts(database),
        history=History(database),
        schedules=Schedules(database),
        choices=Choices(database),
        scenes=Scenes(database),
        personas=Personas(database),
        accounts=Accounts(database),
        placing=Placing(database),
        outsiders=Outsiders(database),
        fetches=Fetches(database),
        drafts=Drafts(database),
        stating=Stating(database),
        marks=Marks(database),
        threads=Threads(database),
        backfills=Backfills(database),
        forgetting=Forgetting(database),
        exporting=Exporting(database),
        shown=Shown(database),
    )


def build_reading(
    store: Store, reader: Reader, settings: Settings, team_id: TeamId, unbooked: Unbooked = book_all
) -> Context:
    """Make the context in which a command of the terminal reads a team's feedback."""
    taxonomy = load_taxonomy().with_personas(store.personas.of(team_id))
    contexts = TeamContexts(
        store, lambda _: taxonomy, utc_now, settings.timezone, reader.embed, settings.llm_daily_tokens
    )
    return contexts.of(team_id, unbooked)


def build_terminal_parts(settings: Settings, database: Database) -> Parts:
    """Make the parts for a command of the terminal that asks Slack; nobody is woken there. Raises SettingsError."""
    if settings.slack_bot_token is None:
        message = "This asks Slack and needs SLACK_BOT_TOKEN and SLACK_APP_TOKEN; set both."
        raise SettingsError(message)
    client = build_client(settings.slack_bot_token.get_secret_value(), settings.slack_api_url)
    return _build_parts(settings, build_store(database), SlackPort(client), utc_now, (Bell(), Bell()))


def build_ballast(settings: Settings, *, clock: Clock = utc_now, classifier: Classifier | None = None) -> Ballast:
    """Make a bot that is ready to start; with no ``classifier`` given, the one that the settings name.

    Raises SettingsError, StorageError or ClassifierError.
    """
    if settings.slack_bot_token is None or settings.slack_app_token is None:
        message = "Ballast needs SLACK_BOT_TOKEN and SLACK_APP_TOKEN; without both, run “ballast sandbox”."
        raise SettingsError(message)
    reader = Reader(classifier) if classifier else choose_reader(settings.classifier, settings)
    token, app_token = settings.slack_bot_token.get_secret_value(), settings.slack_app_token.get_secret_value()
    client = build_client(token, settings.slack_api_url)
    database = open_history(settings)
    bell, reading_bell, stopping = Bell(), Bell(), Event()
    parts = _build_parts(settings, build_store(database), SlackPort(client), clock, (bell, reading_bell))
    executor = ThreadPoolExecutor(LISTENERS, thread_name_prefix="listener")
    machines = _build_machines(settings, parts, reader, (bell, reading_bell), stopping)
    capture = Capture(parts.store, parts.clock, parts.wake, command=parts.command, wake_fetcher=machines.fetching.wake)
    app = _build_app(parts, capture, client, token, executor)
    return Ballast(
        parts=parts,
        facts=_facts(settings, reader.classifier),
        database=database,
        connection=Connection(
            app,
            client,
            app_token,
            keep_unreadable=capture.keep_unreadable,
            on_hello=machines.slack_reader.call,
        ),
        worker=machines.worker,
        loops=machines.loops,
        scheduler=machines.scheduler,
        slack_reader=machines.slack_reader,
        guests=machines.guests,
        deleter=machines.deleter,
        publisher=Publisher(parts, stopping.is_set),
        retention=Retention(Erasing(database), parts.store.choices, parts.clock, stopping.is_set),
        executor=executor,
        stopping=stopping,
    )


@dataclass(frozen=True, slots=True)
class _Machines:
    worker: Worker
    loops: tuple[Loop, ...]
    fetching: Loop
    scheduler: Scheduler
    slack_reader: SlackReader
    guests: Guests
    deleter: Deleter


def _build_machines(
    settings: Settings, parts: Parts, reader: Reader, bells: tuple[Bell, Bell], stopping: Event
) -> _Machines:
    chance = SystemRandom().random
    poster = Poster(parts=parts, emoji=settings.emoji, chance=chance, is_stopping=stopping.is_set)
    posting = Loop("poster", poster.turn, stopping)
    guests = Guests(parts.slack.person, parts.store.outsiders, parts.clock, stopping.is_set)
    placer = Placer(parts.store.accounts, parts.store.placing, settings.own_domains, guests.is_guest)
    asking = Loop("picker", Picker(parts, placer, chance, stopping.is_set).turn, stopping)
    worker = Worker(
        store=parts.store,
        classifier=reader.classifier,
        context_of=TeamContexts(
            parts.store, parts.taxonomy_of, parts.clock, parts.default_zone, reader.embed, settings.llm_daily_tokens
        ).of,
        clock=parts.clock,
        chance=chance,
        is_stopping=stopping.is_set,
        wake_poster=lambda: _wake_all(posting, asking),
        place=placer.place,
    )
    working = Loop("worker", worker.turn, stopping)
    slack_reader = SlackReader(parts, chance, stopping.is_set)
    reading = Loop("reader", slack_reader.turn, stopping)
    fetching = Loop("fetcher", Fetcher(parts, chance, stopping.is_set).turn, stopping)
    marking = Loop("marker of guests", guests.turn, stopping)
    deleter = Deleter(parts.store.leaving, stopping.is_set)
    deleting = Loop("deleter", deleter.turn, stopping)
    bell, reading_bell = bells
    bell.add(working.wake)
    bell.add(posting.wake)
    bell.add(asking.wake)
    reading_bell.add(reading.wake)
    loops = (working, posting, reading, asking, fetching, marking, deleting)
    return _Machines(worker, loops, fetching, Scheduler(stopping), slack_reader, guests, deleter)


def _wake_all(*loops: Loop) -> None:
    for loop in loops:
        loop.wake()


def _build_parts(settings: Settings, store: Store, slack: SlackPort, clock: Clock, bells: tuple[Bell, Bell]) -> Parts:
    bell, reading_bell = bells
    return Parts(
        store=store,
        slack=slack,
        clock=clock,
        taxonomy=load_taxonomy(),
        appointed=frozenset(UserId(owner) for owner in settings.owners),
        default_zone=settings.timezone,
        command=settings.command,
        words_go_to=words_go_to(settings),
        wake=bell.ring,
        wake_reader=reading_bell.ring,
        model_host=model_host(settings),
    )


def _build_app(parts: Parts, capture: Capture, client: WebClient, token: str, executor: ThreadPoolExecutor) -> App:
    app = App(
        name="ballast",
        logger=logging.getLogger("slack_bolt"),  # else each of Bolt's loggers takes the root's level
        client=client,
        before_authorize=capture.handle_delivery,
        authorize=build_authorize(parts.store.workspaces, token),  # type: ignore[arg-type]  # Bolt takes None too
        token_verification_enabled=False,
        attaching_conversation_kwargs_enabled=False,
        listener_executor=executor,
    )
    register(app, parts)
    return app


def _facts(settings: Settings, classifier: Classifier) -> Facts:
    unused = settings.openai_api_key is not None and settings.classifier == "local"
    return Facts(
        database=database_place(settings),
        classifier=f"{classifier.name} ({classifier.model})",
        key_is_unused=unused,
    )
