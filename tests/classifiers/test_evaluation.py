import re

import pytest

from classifiers.evaluation import evaluate
from classifiers.evidence import Span
from classifiers.expectation import Expected, Passage, matches, parse_expected
from classifiers.statistics import (
    calibration_bins,
    calibration_error,
    confusion,
    kappa,
    label_scores,
    macro_f1,
    rate,
    score,
)
from classifiers.taxonomy import load_taxonomy
from classifiers.vocabulary import Classification, Evidence, FeedbackSide, Insight, Persona, Provenance, Side, Theme

TEXT = "x" * 100


@pytest.mark.parametrize(
    ("right", "total", "low", "high"),
    [(8, 10, 0.4902, 0.9433), (0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (50, 100, 0.4038, 0.5962), (0, 0, 0, 0)],
)
def test_interval_is_wilsons(right: int, total: int, low: float, high: float) -> None:
    found = rate(right, total)
    assert (found.low, found.high) == (pytest.approx(low, abs=1e-4), pytest.approx(high, abs=1e-4))


def test_kappa_is_agreement_beyond_chance() -> None:
    pairs = [("a", "a")] * 20 + [("a", "b")] * 5 + [("b", "a")] * 10 + [("b", "b")] * 15
    table = confusion(pairs, ["a", "b"])
    assert table == {"a": {"a": 20, "b": 5}, "b": {"a": 10, "b": 15}}
    assert kappa(table) == pytest.approx((0.7 - 0.5) / 0.5)


def test_kappa_is_one_where_chance_is_certain() -> None:
    assert kappa(confusion([("a", "a")], ["a", "b"])) == 1.0


def test_macro_f1_counts_each_label_the_same() -> None:
    table = confusion([("a", "a")] * 3 + [("a", "b")] + [("b", "b")], ["a", "b", "never"])
    scores = label_scores(table)
    assert (scores["a"].precision, scores["a"].recall) == (1.0, 0.75)
    assert (scores["b"].precision, scores["b"].recall) == (0.5, 1.0)
    assert macro_f1(scores) == pytest.approx((6 / 7 + 2 / 3) / 2)


def test_score_without_a_base_is_zero() -> None:
    empty = score(0, 0, 0)
    assert (empty.precision, empty.recall, empty.f1) == (0, 0, 0)


def test_calibration_error_is_the_gap_between_confidence_and_truth() -> None:
    assert calibration_error([0.9, 0.9, 0.1, 0.1], [True, False, False, False]) == pytest.approx(0.25)
    assert calibration_error([1.0], [True]) == 0
    assert calibration_error([], []) == 0


def test_calibration_is_counted_by_tenths_of_confidence() -> None:
    bins = calibration_bins([0.95, 0.05, 1.0, 0.91], [True, False, True, False])
    assert [(round(each.confidence, 3), each.right, each.total) for each in bins] == [(0.05, 0, 1), (0.953, 2, 3)]


def test_personas_that_the_text_names_are_counted_apart() -> None:
    nurse = Expected("The nurses wait.", FeedbackSide.USER, Persona("daily_practitioner"))
    nobody = Expected("It is slow.", FeedbackSide.USER, Persona("daily_practitioner"))
    said = classification(insight("speed", 0, 3, persona="daily_practitioner"))
    report = evaluate([nurse, nobody, nobody], [said, classification(), said], {})
    assert report.persona is not None
    assert (report.persona.accuracy.right, report.persona.accuracy.total) == (2, 3)
    assert (report.persona.stated.right, report.persona.stated.total) == (1, 1)
    assert report.persona.confusion["daily_practitioner"] == {"daily_practitioner": 2, "unknown": 1}


@pytest.mark.parametrize(
    ("found", "paired"),
    [
        ([("speed", 0, 10)], [(0, 0)]),
        ([("speed", 0, 3)], [(0, 0)]),
        ([("speed", 0, 2)], []),
        ([("speed", 50, 60)], []),
        ([("reliability", 0, 10)], []),
        ([("speed", 0, 5), ("speed", 0, 9)], [(0, 1)]),
    ],
)
def test_insight_matches_where_labels_are_equal_and_quotes_overlap(
    found: list[tuple[str, int, int]], paired: list[tuple[int, int]]
) -> None:
    expected = [Passage(Side.USER, Theme("speed"), Span(0, 10))]
    assert matches(expected, [insight(*each) for each in found]) == paired


def test_one_insight_serves_one_passage() -> None:
    twice = [Passage(Side.USER, Theme("speed"), Span(0, 10)), Passage(Side.USER, Theme("speed"), Span(0, 8))]
    assert matches(twice, [insight("speed", 0, 10)]) == [(0, 0)]


def test_report_of_a_small_table() -> None:
    expected = [
        expectation("user", "unknown", ["speed"], [("speed", 0, 10)]),
        expectation("customer", "economic_buyer", ["cost"], [("cost", 0, 10)]),
        expectation("neither", "unknown", [], []),
        expectation("user", "champion", ["speed"], [("speed", 40, 50)]),
    ]
    found = [
        classification(insight("speed", 0, 10)),
        classification(insight("cost", 0, 8, persona="economic_buyer"), insight("roi", 20, 30)),
        classification(),
        classification(insight("cost", 40, 50, unsure=True)),
    ]
    report = evaluate(expected, found, {Theme("cost"): Persona("economic_buyer"), Theme("speed"): Persona("champion")})
    assert (report.side.accuracy.right, report.side.accuracy.total) == (3, 4)
    assert report.side.sides["user"].recall == 0.5
    assert report.persona is not None
    assert report.persona.baseline is not None
    assert report.persona.trivial is not None
    told = (report.persona.accuracy, report.persona.baseline, report.persona.trivial)
    assert [each.right for each in told] == [3, 3, 2]
    assert report.theme is not None
    assert (report.theme.micro.right, report.theme.micro.found, report.theme.micro.expected) == (2, 4, 3)
    assert report.insight is not None
    assert (report.insight.score.right, report.insight.score.found, report.insight.score.expected) == (2, 4, 3)
    assert (report.insight.sure.right, report.insight.sure.found) == (2, 3)
    assert (report.insight.sure_sides.right, report.insight.sure_sides.total) == (3, 3)


def test_what_a_file_lacks_is_not_reported() -> None:
    report = evaluate([parse_expected({"text": "t", "side": "neither"}, load_taxonomy())], [classification()], {})
    assert (report.persona, report.theme, report.insight) == (None, None, None)


@pytest.mark.parametrize(
    "fields",
    [
        {"text": "t"},
        {"text": "t", "side": "sideways"},
        [],
        {"text": "t", "side": "user", "items": [{"quote": "absent", "side": "user", "theme": "speed"}]},
        {"text": "t", "side": "user", "items": [{}]},
    ],
)
def test_expectation_that_lacks_something_is_refused(fields: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        parse_expected(fields, load_taxonomy())


@pytest.mark.parametrize(
    ("labels", "told"),
    [
        ({"themes": ["speed", "spede"]}, "“spede” is no theme that I know. Did you mean “speed”?"),
        ({"themes": ["fewer steps"]}, "Did you mean “fewer_steps”?"),
        ({"persona": "nobody"}, "“nobody” is no persona that I know. Known are: economic_buyer, "),
        ({"items": [{"quote": "t", "side": "user", "theme": "spede"}]}, "Did you mean “speed”?"),
        ({"items": [{"quote": "t", "side": "user", "theme": "speed", "persona": "champoin"}]}, "“champion”"),
        ({"items": [{"quote": "t", "side": "customer", "theme": "speed"}]}, "side customer and theme speed, which"),
    ],
)
def test_labels_that_nothing_can_meet_are_refused_with_the_nearest(labels: dict[str, object], told: str) -> None:
    with pytest.raises(ValueError, match=re.escape(told)):
        parse_expected({"text": "t", "side": "user", **labels}, load_taxonomy())


@pytest.mark.parametrize(
    ("labels", "told"),
    [
        ({"side": "customer", "items": ["speed"]}, "its side is customer, and by its items it would be user"),
        ({"side": "user", "items": []}, "its side is user, and by its items it would be neither"),
        ({"side": "user", "themes": ["speed", "cost"]}, "its side is user, and by its themes it would be both"),
        ({"side": "user", "themes": ["speed"], "items": ["fewer_steps"]}, "its themes are not those of its items"),
    ],
)
def test_labels_that_contradict_each_other_are_refused(labels: dict[str, object], told: str) -> None:
    named = labels.get("items")
    items = [{"quote": TEXT, "side": "user", "theme": theme} for theme in named] if isinstance(named, list) else None
    with pytest.raises(ValueError, match=f"^{told}$"):
        parse_expected({"text": TEXT, **labels, "items": items}, load_taxonomy())


def insight(theme: str, start: int, end: int, *, persona: str = "unknown", unsure: bool = False) -> Insight:
    labels = load_taxonomy().labels(theme, persona)
    return Insight(labels, Evidence(TEXT[start:end], start, end), confidence=0.5, unsure=unsure)


def classification(*insights: Insight) -> Classification:
    return Classification(insights, Provenance("local", "x"))


def expectation(side: str, persona: str, themes: list[str], items: list[tuple[str, int, int]]) -> Expected:
    sides = load_taxonomy().themes
    return Expected(
        text=TEXT,
        side=FeedbackSide(side),
        persona=Persona(persona),
        themes=frozenset(map(Theme, themes)),
        first_theme=Theme(themes[0]) if themes else None,
        passages=tuple(Passage(sides[Theme(t)].side, Theme(t), Span(start, end)) for t, start, end in items),
    )
