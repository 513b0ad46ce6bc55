"""How the tests of the history ask for what was heard."""

from datetime import datetime, timedelta
from typing import Any

from bot.parts import Store
from storage.history import Query
from storage.ids import ChannelId, InsightId
from tests.factories import NOW, TEAM


def ask(**changes: Any) -> Query:
    period: dict[str, datetime] = {"since": NOW - timedelta(days=90), "until": NOW + timedelta(days=1)}
    return Query(team_id=TEAM, **(period | changes))


def heard_ids(store: Store, audience: ChannelId | None = None, **changes: Any) -> list[InsightId]:
    return [heard.insight_id for heard in store.history.heard(ask(audience=audience, **changes))]
