"""A small workspace with everything that the bot has to tell apart: roles of people and kinds of channels."""

from __future__ import annotations

from dataclasses import dataclass

from bot.sandbox.channels import Channel, Kind
from bot.sandbox.people import Person, Role
from bot.sandbox.stand_in import SlackStandIn


@dataclass(frozen=True, slots=True)
class SmallWorkspace:
    """Name the people and channels of the preset."""

    olivia: Person
    """Owns the workspace."""
    max: Person
    """A member."""
    gina: Person
    """A guest."""
    stan: Person
    """A stranger of another organisation, met in #acme-shared."""
    general: Channel
    feedback: Channel
    product: Channel
    sales_private: Channel
    acme_shared: Channel


def furnish(slack: SlackStandIn) -> SmallWorkspace:
    """Add four people and five channels; the app is in none of them yet."""
    olivia = slack.add_person("Olivia Brandt", Role.OWNER, zone="Europe/Berlin")
    maximilian = slack.add_person("Max Okafor", Role.MEMBER, zone="America/New_York")
    gina = slack.add_person("Gina Rossi", Role.GUEST, zone="Europe/Rome")
    stan = slack.add_person("Stan Novak", Role.STRANGER, zone="America/Chicago")
    staff = [olivia, maximilian]
    return SmallWorkspace(
        olivia=olivia,
        max=maximilian,
        gina=gina,
        stan=stan,
        general=slack.add_channel("general", members=staff),
        feedback=slack.add_channel("feedback", members=[*staff, gina]),
        product=slack.add_channel("product", members=staff),
        sales_private=slack.add_channel("sales-private", Kind.PRIVATE, members=staff),
        acme_shared=slack.add_channel("acme-shared", Kind.SHARED, members=[*staff, stan]),
    )
