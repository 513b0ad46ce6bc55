"""The stand-in as one object: start it, act as people, look at what the app did, order faults.

``with SlackStandIn() as slack:`` gives ``slack.url`` for ``SLACK_API_URL`` and everything below.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from copy import deepcopy
from types import TracebackType
from typing import Any, Self, TypeVar

from bot.sandbox.acting import People
from bot.sandbox.channels import Channel, Kind, Message
from bot.sandbox.clock import Clock, wall_clock
from bot.sandbox.control import Control
from bot.sandbox.deliveries import Delivery, Outcome
from bot.sandbox.errors import ImpossibleError
from bot.sandbox.faults import Fault, Faults
from bot.sandbox.happenings import Happenings
from bot.sandbox.identity import Identity
from bot.sandbox.interactions import Loans
from bot.sandbox.people import Person, Role
from bot.sandbox.pressing import Presses
from bot.sandbox.routes import Routes
from bot.sandbox.server import ServerThread
from bot.sandbox.socket_mode import Pace, SocketMode
from bot.sandbox.views import View, Views
from bot.sandbox.web_api.answering import WebApi
from bot.sandbox.web_api.call import Call, Workspace
from bot.sandbox.world import World

T = TypeVar("T")


class SlackStandIn:
    """Be Slack for one app on a loopback port that the operating system chooses.

    ``people`` and ``presses`` act; the methods here look and order faults. The world is empty at first: add people and
    channels, or use a preset of ``bot.sandbox.presets``.
    """

    def __init__(
        self, *, identity: Identity | None = None, clock: Clock = wall_clock, pace: Pace | None = None
    ) -> None:
        self.identity = identity or Identity()
        self.world = World(identity=self.identity, clock=clock)
        self.faults = Faults()
        self.socket_mode = SocketMode(self.world, self.faults, pace or Pace())
        self._server = ServerThread()
        self._closing = asyncio.Event()
        happenings = Happenings(self.world, self.socket_mode.deliver)
        self.workspace = Workspace(
            self.world, happenings, Loans(self.world), Views(self.world), self.socket_mode, self._server.host
        )
        self.api = WebApi(self.workspace)
        self.people = People(self.workspace)
        self.presses = Presses(self.workspace)

    @property
    def url(self) -> str:
        """Return the base address of the Web API, the value of ``SLACK_API_URL``."""
        return f"http://{self._server.host}/api/"

    def __enter__(self) -> Self:
        """Begin to serve."""
        routes = [*Control(self).routes(), *Routes(self.api, self.faults, self._closing).all()]
        self.socket_mode.start(self._server.start(routes, before_close=self._closing))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop serving; connections are closed and what was on its way is given up."""
        self.socket_mode.stop()
        self._server.stop()

    def add_person(self, name: str, role: Role = Role.MEMBER, *, zone: str = "Europe/Berlin") -> Person:
        """Let a person join the workspace."""
        return self.world.add_person(name, role, zone=zone)

    def add_channel(self, name: str, kind: Kind = Kind.PUBLIC, *, members: list[Person]) -> Channel:
        """Make a channel; its first member created it."""
        return self.world.add_channel(name, kind, members)

    def messages(self, channel: str | Channel) -> list[Message]:
        """List what stands in a channel, oldest first, without the replies in threads."""
        with self.world.changed:
            return deepcopy(self.world.channel(channel).roots())

    def thread(self, channel: str | Channel, ts: str) -> list[Message]:
        """List the replies in a thread, oldest first, without its root."""
        with self.world.changed:
            return deepcopy([one for one in self.world.channel(channel).thread(ts) if one["ts"] != ts])

    def ephemerals(self, user: str | Person) -> list[Message]:
        """List what only this person was shown, oldest first."""
        user_id = self.world.person(user).user_id
        with self.world.changed:
            return deepcopy([one.message for one in self.world.ephemerals if one.user_id == user_id])

    def modals(self, user: str | Person) -> list[View]:
        """List a person's open modals, the visible one last."""
        user_id = self.world.person(user).user_id
        with self.world.changed:
            return deepcopy([shown.body for shown in self.workspace.views.stack(user_id)])

    def home(self, user: str | Person) -> View | None:
        """Return a person's Home tab, if the app published one."""
        user_id = self.world.person(user).user_id
        with self.world.changed:
            shown = self.workspace.views.homes.get(user_id)
            return None if shown is None else deepcopy(shown.body)

    def calls(self, method: str | None = None) -> list[Call]:
        """List the Web API calls that the app made, without their tokens."""
        with self.world.changed:
            return [call for call in self.api.calls if method in {None, call.method}]

    def deliveries(self, kind: str | None = None) -> list[Delivery]:
        """List what was sent to the app: ``events_api``, ``slash_commands``, ``interactive``."""
        with self.world.changed:
            return [one for one in self.socket_mode.deliveries if kind in {None, one.kind}]

    def until(self, condition: Callable[[], T], *, within_seconds: float = 5.0) -> T:
        """Wait until ``condition`` gives something true, and return it."""
        return self.world.until(condition, within_seconds=within_seconds)

    def until_connected(self, connections: int = 1, *, within_seconds: float = 5.0) -> None:
        """Wait until the app has so many connections."""
        self.until(lambda: len(self.socket_mode.connections) >= connections, within_seconds=within_seconds)

    def until_settled(self, *, within_seconds: float = 5.0) -> None:
        """Wait until nothing is on its way to the app any more."""
        self.until(
            lambda: all(one.outcome is not Outcome.WAITING for one in self.socket_mode.deliveries),
            within_seconds=within_seconds,
        )

    def fail(
        self,
        method: str,
        *,
        times: int | None = 1,
        error: str = "internal_error",
        status: int = 200,
        retry_after_seconds: int | None = None,
    ) -> None:
        """Let the next calls of a method fail with a Slack code and an HTTP status."""
        self.faults.order(Fault(method, times, error, status, retry_after_seconds))

    def throttle(self, method: str, *, times: int | None = 1, retry_after_seconds: int = 1) -> None:
        """Answer the next calls with 429 and ``Retry-After``."""
        self.fail(method, times=times, error="ratelimited", status=429, retry_after_seconds=retry_after_seconds)

    def slow(self, method: str, *, seconds: float, times: int | None = 1) -> None:
        """Keep the next answers back for a while; the call is done after that."""
        self.faults.order(Fault(method, times, delay_seconds=seconds))

    def lose_answer(self, method: str, *, times: int | None = 1) -> None:
        """Do the next calls, but never answer them: the client runs into its time-out."""
        self.faults.order(Fault(method, times, loses_answer=True))

    def lose_acks(self, times: int = 1) -> None:
        """Overhear the next acknowledgements, so that events are delivered again."""
        self.faults.lose_acks(times)

    def refresh_connections(self, reason: str = "refresh_requested") -> None:
        """Tell the app to open its connections anew: ``warning``, ``refresh_requested`` or ``link_disabled``."""
        self.socket_mode.announce_disconnect(reason)

    def drop_connections(self, address: str | None = None) -> None:
        """Close every connection, or the one that was opened at this address, without a warning."""
        self.socket_mode.drop(address)

    def revoke_token(self) -> None:
        """Refuse every call from now on with ``token_revoked``."""
        self.api.is_revoked = True

    def deliver_again(self, envelope_id: str) -> Delivery:
        """Deliver the same payload a second time, as Slack does when an acknowledgement was late."""
        with self.world.changed:
            for one in self.socket_mode.deliveries:
                if one.envelope_id == envelope_id:
                    return self.socket_mode.deliver(one.kind, one.payload, is_retried=one.is_retried)
        message = f"nothing was delivered as {envelope_id}"
        raise ImpossibleError(message)

    def uninstall(self) -> None:
        """Uninstall the app: its tokens are revoked and it is told, in no certain order."""
        self.people.send_event({"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [self.identity.bot_user_id]}})
        self.people.send_event({"type": "app_uninstalled"})
        self.revoke_token()

    def snapshot(self) -> dict[str, Any]:
        """Return everything that can be seen, as JSON."""
        with self.world.changed:
            return deepcopy(
                {
                    "people": [
                        person.as_slack(at=self.world.clock(), is_met=self.world.is_met(person))
                        for person in self.world.people.values()
                    ],
                    "channels": [
                        channel.as_slack(for_user=self.identity.bot_user_id)
                        | {"messages": list(channel.messages.values())}
                        for channel in self.world.channels.values()
                    ],
                    "connections": len(self.socket_mode.connections),
                }
            )
