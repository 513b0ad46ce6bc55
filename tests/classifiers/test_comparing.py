from classifiers.comparing import compare
from classifiers.expectation import Expected
from classifiers.misses import worst_misses
from classifiers.taxonomy import load_taxonomy
from classifiers.vocabulary import Classification, Evidence, FeedbackSide, Insight, Provenance

NONE = Classification((), Provenance("none", "x"))
USER = [Expected("a slow page", FeedbackSide.USER) for _ in range(60)]


def found(theme: str, confidence: float = 0.5) -> Classification:
    labels = load_taxonomy().labels(theme)
    return Classification((Insight(labels, Evidence("a", 0, 1), confidence, unsure=False),), Provenance("local", "x"))


def test_a_clear_difference_has_an_interval_beyond_zero_and_the_same_one_each_time() -> None:
    first = [found("speed") if number % 2 else NONE for number in range(60)]
    second = [found("speed") if number % 6 else NONE for number in range(60)]
    (difference,) = compare(USER, first, second)
    assert (round(difference.first, 3), round(difference.second, 3)) == (0.5, 0.833)
    assert 0 < difference.low < 1 / 3 < difference.high
    assert difference.certain
    assert [difference] == compare(USER, first, second)


def test_what_both_get_wrong_alike_widens_no_interval() -> None:
    alike = [found("speed") if number % 2 else NONE for number in range(60)]
    better_once = [found("speed"), *alike[1:]]
    (difference,) = compare(USER, alike, better_once)
    assert not difference.certain
    assert (difference.low, difference.high) == (0, difference.high)
    assert difference.high <= 4 / 60


def test_a_figure_that_nothing_is_expected_of_is_left_out_and_not_told_as_zero() -> None:
    chatter = [Expected("see you at nine", FeedbackSide.NEITHER, themes=frozenset(), passages=()) for _ in range(9)]
    differences = compare(chatter, [NONE] * 9, [found("speed")] * 9)
    assert [each.figure for each in differences] == ["side accuracy"]


def test_worst_miss_is_a_wrong_side_that_was_sure() -> None:
    answers = [found("speed", 0.9), found("cost", 0.4), found("cost", 0.8), NONE]
    worst = worst_misses(USER[:4], answers, limit=2)
    assert [miss.found for miss in worst] == [answers[2], answers[1]]
