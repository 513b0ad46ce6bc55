"""Digests that a team could have had, for the tests of the views, and a strategy for those it could not imagine."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from bot.balance import Balance, Interval, Lean, SideCount
from bot.digest import Awaiting, Digest, PersonaLine, Quote, ThemeLine, WeekPoint
from bot.period import Period
from classifiers.vocabulary import Persona, Side, Theme
from storage.vocabulary import Voice

MONDAY = datetime(2026, 11, 16, tzinfo=UTC)
WEEK = timedelta(days=7)
THIS_WEEK = Period(start=MONDAY, end=MONDAY + WEEK, name="16–22 Nov 2026", zone="UTC")
CUSTOMER_THEMES = ("compliance", "cost", "security", "admin_control", "reporting", "integration")
USER_THEMES = ("fewer_steps", "speed", "ease_of_use", "simplicity", "capability", "mobility")

NOTHING_AWAITS = Awaiting(unsure=0, waiting=0, failed=0)
TOO_FEW = Lean(toward=None, norm=None, departure=None, missing="3 more weeks with feedback before this period")
USUAL = Lean(toward=None, norm=0.28, departure=0.03, missing=None)


def week_period(start: datetime) -> Period:
    end = start + WEEK - timedelta(days=1)
    return Period(start=start, end=start + WEEK, name=f"{start.day} {start:%b}–{end.day} {end:%b %Y}", zone="UTC")


def trend(pairs: list[tuple[int, int]]) -> tuple[WeekPoint, ...]:
    first = MONDAY - WEEK * (len(pairs) - 1)
    return tuple(WeekPoint(week_period(first + WEEK * n), customer, user) for n, (customer, user) in enumerate(pairs))


def make_quote(side: Side = Side.USER, **changes: object) -> Quote:
    quote = Quote(
        side=side,
        theme=Theme("fewer_steps" if side is Side.USER else "compliance"),
        persona=Persona("daily_practitioner" if side is Side.USER else "technical_gatekeeper"),
        words="I copy every reading by hand from one tab into the other" if side is Side.USER else "no audit log",
        voice=Voice.FIRST_HAND,
        said_at=MONDAY + timedelta(days=2, hours=9),
        account="Fernhill Estates",
        permalink="https://example.slack.com/archives/C1/p1",
    )
    return replace(quote, **changes)  # type: ignore[arg-type]  # the caller names fields of Quote


def full_week() -> Digest:
    """An ordinary week of a busy team: everything that a digest can show is there."""
    return Digest(
        period=THIS_WEEK,
        messages=62,
        balance=Balance(
            sides={Side.CUSTOMER: SideCount(14, 9), Side.USER: SideCount(31, 17)},
            customer_share=Interval(share=14 / 45, low=0.195, high=0.457),
            lean=USUAL,
        ),
        trend=trend(
            [
                (5, 14),
                (8, 17),
                (6, 22),
                (9, 20),
                (11, 24),
                (7, 21),
                (10, 26),
                (12, 22),
                (9, 28),
                (13, 25),
                (11, 33),
                (14, 31),
            ]
        ),
        themes={
            Side.CUSTOMER: tuple(
                ThemeLine(Theme(key), Side.CUSTOMER, n, by, accounts)
                for key, n, by, accounts in [
                    ("compliance", 5, 3, 4),
                    ("cost", 4, -1, 4),
                    ("admin_control", 3, 0, 2),
                    ("continuity", 2, 2, 1),
                ]
            ),
            Side.USER: tuple(
                ThemeLine(Theme(key), Side.USER, n, by, accounts)
                for key, n, by, accounts in [
                    ("fewer_steps", 11, 4, 8),
                    ("speed", 8, 2, 6),
                    ("mobility", 6, -2, 4),
                    ("ease_of_use", 4, None, 3),
                    ("capability", 2, 1, 2),
                ]
            ),
        },
        bugs=ThemeLine(Theme("reliability"), Side.USER, 6, 2, 5),
        personas=(
            PersonaLine(Persona("daily_practitioner"), 24, 0, 24),
            PersonaLine(Persona("technical_gatekeeper"), 8, 8, 0),
            PersonaLine(Persona("economic_buyer"), 6, 5, 1),
            PersonaLine(Persona("administrator"), 4, 1, 3),
            PersonaLine(Persona("unknown"), 3, 0, 3),
        ),
        quotes={
            Side.CUSTOMER: (
                make_quote(
                    Side.CUSTOMER,
                    words="our auditor wants to see who changed a reading and when, "
                    "and all we can show is the last value",
                ),
                make_quote(
                    Side.CUSTOMER,
                    words="forty seats, eleven people",
                    theme=Theme("cost"),
                    voice=Voice.RELAYED,
                    account=None,
                    permalink=None,
                ),
            ),
            Side.USER: (
                make_quote(),
                make_quote(
                    words="The list takes so long that I make tea", theme=Theme("speed"), account="Kelso & Daughters"
                ),
            ),
        },
        awaiting=Awaiting(unsure=3, waiting=2, failed=1),
        warnings=("Only one account was heard about continuity.",),
    )


def empty_week() -> Digest:
    """A week in which nobody shared anything."""
    return Digest(
        period=THIS_WEEK,
        messages=0,
        balance=Balance(
            sides={Side.CUSTOMER: SideCount(0, 0), Side.USER: SideCount(0, 0)}, customer_share=None, lean=TOO_FEW
        ),
        trend=(),
        themes={Side.CUSTOMER: (), Side.USER: ()},
        bugs=None,
        personas=(),
        quotes={Side.CUSTOMER: (), Side.USER: ()},
        awaiting=NOTHING_AWAITS,
        warnings=(),
    )


def one_insight() -> Digest:
    """A team's first week: a single problem, heard in a single message."""
    return replace(
        empty_week(),
        messages=1,
        balance=Balance(
            sides={Side.CUSTOMER: SideCount(0, 0), Side.USER: SideCount(1, 1)},
            customer_share=Interval(share=0.0, low=0.0, high=0.793),
            lean=TOO_FEW,
        ),
        trend=trend([(0, 1)]),
        themes={Side.CUSTOMER: (), Side.USER: (ThemeLine(Theme("fewer_steps"), Side.USER, 1, None, 1),)},
        personas=(PersonaLine(Persona("daily_practitioner"), 1, 0, 1),),
        quotes={Side.CUSTOMER: (), Side.USER: (make_quote(),)},
    )


def all_failed() -> Digest:
    """A week in which the classifier never answered."""
    return replace(empty_week(), messages=12, awaiting=Awaiting(unsure=0, waiting=0, failed=12))


def leaning(toward: Side) -> Digest:
    """The ordinary week, with one side heard more than usual."""
    norm = 0.18 if toward is Side.CUSTOMER else 0.52
    week = full_week()
    lean = Lean(toward=toward, norm=norm, departure=14 / 45 - norm, missing=None)
    return replace(week, balance=replace(week.balance, lean=lean))


_numbers = st.integers(0, 10**7)
_nasty = st.text(
    st.sampled_from("a <>&*_~`|@!#\n\t\x00\x1b\u202e\"'é漢😀:/-"), min_size=1, max_size=40
) | st.sampled_from(
    [
        "<!channel> <@U123> & <https://evil.example|click>",
        "@channel *bold*",
        "</style><script>alert(1)</script>",
        "]]> --> <img src=x onerror=y>",
        "x" * 5000,
        "&amp;" * 900,
        "<" * 3000,
        "\ud800 lone",
    ]
)
_links = st.none() | _nasty | st.sampled_from(["javascript:alert(1)", "https://ok.example/p?a=1&b=2", "http://[bad"])


@st.composite
def digests(draw: st.DrawFn) -> Digest:
    """Draw a digest that a hostile or enormous history could give."""
    sides = {side: SideCount(draw(_numbers), draw(_numbers)) for side in Side}
    shares = sorted(draw(st.tuples(*[st.floats(0, 1)] * 3)))
    lean = draw(st.sampled_from([TOO_FEW, USUAL, *(leaning(side).balance.lean for side in Side)]))
    heard = any(count.problems for count in sides.values())
    return Digest(
        period=replace(THIS_WEEK, name=draw(st.sampled_from([THIS_WEEK.name, "31 Aug 2026 – 22 Nov 2026"]) | _nasty)),
        messages=draw(_numbers),
        balance=Balance(sides, Interval(shares[1], shares[0], shares[2]) if heard else None, lean),
        trend=trend(draw(st.lists(st.tuples(_numbers, _numbers), max_size=30))),
        themes={
            side: tuple(
                ThemeLine(Theme(key), side, draw(_numbers), draw(st.none() | st.integers(-999, 999)), draw(_numbers))
                for key in draw(st.lists(st.sampled_from(keys) | _nasty, max_size=12))
            )
            for side, keys in ((Side.CUSTOMER, CUSTOMER_THEMES), (Side.USER, USER_THEMES))
        },
        bugs=draw(st.none() | st.just(ThemeLine(Theme("reliability"), Side.USER, 6, 2, 5))),
        personas=tuple(
            PersonaLine(Persona(key), draw(_numbers), draw(_numbers), draw(_numbers))
            for key in draw(st.lists(st.sampled_from(["champion", "unknown"]) | _nasty, max_size=30))
        ),
        quotes={
            side: tuple(
                make_quote(side, words=words, account=account, permalink=link)
                for words, account, link in draw(st.lists(st.tuples(_nasty, st.none() | _nasty, _links), max_size=8))
            )
            for side in Side
        },
        awaiting=Awaiting(draw(_numbers), draw(_numbers), draw(_numbers)),
        warnings=tuple(draw(st.lists(_nasty, max_size=30))),
    )
