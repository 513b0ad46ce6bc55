"""What every delivery asks is answered in one piece, with nothing of another team or channel in it."""

from bot.parts import Store
from storage.choice_log import Choosing
from storage.choices import Wanted
from storage.ids import ChannelId, TeamId
from storage.records import NewPost
from storage.rules import CaptureRules
from storage.scenes import Scene
from storage.vocabulary import ChannelKind, Watch
from tests.factories import CHANNEL, NOW, OTHER_TEAM, OWNER, PERSON, TEAM, make_ts, make_workspace


def test_scene_says_what_is_said_when_each_part_is_asked_alone(store: Store) -> None:
    settle(store)
    store.choices.opt_out(TEAM, PERSON, NOW)
    store.choices.opt_out(TEAM, OWNER, NOW)

    assert store.scenes.of(TEAM, CHANNEL) == Scene(
        workspace=make_workspace(TEAM),
        channel=store.workspaces.channel(TEAM, CHANNEL),
        rules=CaptureRules(
            allowed_apps=frozenset({"B1"}),
            opted_out=frozenset({PERSON, OWNER}),
            ignored_words=("standup",),
            least_length=20,
            keep_threads=False,
            apps_since={"B1": NOW},
        ),
    )


def test_scene_of_another_team_holds_nothing_of_this_one(store: Store) -> None:
    settle(store)

    assert store.scenes.of(OTHER_TEAM, CHANNEL) == Scene(make_workspace(OTHER_TEAM, name="Other"), None, CaptureRules())


def test_scene_without_a_known_channel_still_has_what_the_workspace_chose(store: Store) -> None:
    settle(store)

    for channel in (None, ChannelId("CUNMET")):
        scene = store.scenes.of(TEAM, channel)

        assert scene is not None
        assert scene.channel is None
        assert scene.rules.ignored_words == ("standup",)
        assert scene.rules.keep_threads


def test_workspace_that_nobody_remembered_has_no_scene(store: Store) -> None:
    assert store.scenes.of(TeamId("TNOBODY"), CHANNEL) is None


def settle(store: Store) -> None:
    store.workspaces.meet_channel(TEAM, CHANNEL, "feedback", ChannelKind.PUBLIC)
    store.choices.note_app(TEAM, "B1", "Zendesk", NOW)
    wanted = Wanted(
        watch=(Watch.ALL, make_ts(1)),
        keep_threads=False,
        ignored_words=("standup",),
        least_length=20,
        apps={"B1": True},
    )
    store.choices.choose(Choosing(TEAM, CHANNEL, OWNER, NOW), wanted, tell=tell_nobody)


def tell_nobody(_changes: object) -> list[NewPost]:
    return []
