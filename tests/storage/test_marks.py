from bot.parts import Store
from storage.marks import ReadMarks
from storage.vocabulary import ChannelKind, Watch
from tests.factories import CHANNEL, NOW, OWNER, TEAM, make_ts


def test_a_reading_that_was_cut_off_stands_with_its_end_and_how_far_down_it_came(store: Store) -> None:
    watch(store)
    begun = store.marks.begin(marks(store), make_ts(50))
    assert begun is not None
    store.marks.come_down(begun, make_ts(30))
    store.marks.come_down(begun, make_ts(40))

    assert store.marks.begin(marks(store), make_ts(90)) == marks(store)
    assert (marks(store).reading_to, marks(store).down_to) == (make_ts(50), make_ts(30))
    assert marks(store).read_through == make_ts(5)


def test_the_mark_moves_over_what_was_read_whole_and_never_back(store: Store) -> None:
    watch(store)
    for through in (make_ts(48), make_ts(20)):
        begun = store.marks.begin(marks(store), make_ts(50))
        assert begun is not None
        store.marks.finish(begun, through)

    assert marks(store).read_through == make_ts(48)
    assert marks(store).reading_to is None


def test_a_channel_chosen_anew_knows_nothing_of_the_reading_before(store: Store) -> None:
    watch(store)
    begun = store.marks.begin(marks(store), make_ts(50))
    assert begun is not None
    store.workspaces.set_watch(TEAM, CHANNEL, Watch.OFF, OWNER, NOW, make_ts(60))
    assert store.marks.watched(TEAM) == []
    assert store.marks.begin(begun, make_ts(70)) is None

    store.workspaces.set_watch(TEAM, CHANNEL, Watch.ALL, OWNER, NOW, make_ts(60))
    store.marks.come_down(begun, make_ts(10))
    store.marks.finish(begun, make_ts(99))

    assert marks(store) == ReadMarks(TEAM, CHANNEL, make_ts(60), chosen_since=make_ts(60))


def test_the_last_days_are_noted_as_read_again_only_at_their_end(store: Store) -> None:
    watch(store)
    store.marks.come_down_again(marks(store), make_ts(30))
    assert (marks(store).again_down_to, marks(store).reread_at) == (make_ts(30), None)

    store.marks.finish_again(marks(store), NOW)
    assert (marks(store).again_down_to, marks(store).reread_at) == (None, NOW)


def watch(store: Store) -> None:
    store.workspaces.meet_channel(TEAM, CHANNEL, "feedback", ChannelKind.PUBLIC)
    store.workspaces.set_watch(TEAM, CHANNEL, Watch.ALL, OWNER, NOW, make_ts(5))


def marks(store: Store) -> ReadMarks:
    (found,) = store.marks.watched(TEAM)
    return found
