import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import HealthCheck, given, settings

from bot.digest import Digest
from bot.views.digest_html import GENERATOR, build_html
from bot.views.digest_json import build_json
from classifiers.taxonomy import load_taxonomy
from classifiers.vocabulary import Side
from tests.bot.digest_examples import all_failed, digests, empty_week, full_week, leaning, one_insight

TAXONOMY = load_taxonomy()
EXAMPLES = [full_week(), empty_week(), one_insight(), all_failed(), leaning(Side.USER)]
VOID = {"meta", "br", "hr", "img", "link", "input"}


class Page(HTMLParser):
    """Read a page and keep what a browser would act on: open tags, attributes, text."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str, str]] = []
        self.words: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)


@pytest.mark.parametrize("digest", EXAMPLES)
def test_every_element_is_closed_and_nothing_is_fetched(digest: Digest) -> None:
    assert_self_contained(build_html(digest, TAXONOMY))


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(digests())
def test_no_words_can_become_markup_whatever_was_heard(digest: Digest) -> None:
    assert_self_contained(build_html(digest, TAXONOMY))


def test_the_page_says_what_the_digest_says() -> None:
    words = " ".join(Page(build_html(full_week(), TAXONOMY)).words)
    for fact in ("You heard 14 customer problems and 31 user problems", "for those who buy, approve or govern"):
        assert fact in words
    for fact in ("Kelso & Daughters", "Compliance", "Daily practitioner", "3 unsure problems", "Bugs"):
        assert fact in words


def test_one_problem_is_one_problem() -> None:
    assert "1 problem from 1 account" in "".join(Page(build_html(one_insight(), TAXONOMY)).words)


def test_a_side_without_words_to_show_has_no_heading_for_them() -> None:
    erased = replace(full_week(), quotes={Side.CUSTOMER: (), Side.USER: full_week().quotes[Side.USER]})
    assert build_html(full_week(), TAXONOMY).count("<h3>In their words</h3><blockquote>") == 2
    assert build_html(erased, TAXONOMY).count("<h3>In their words</h3>") == 1


def test_each_chart_has_a_title_and_its_numbers_in_words() -> None:
    html = build_html(full_week(), TAXONOMY)
    assert html.count("<svg ") == html.count('role="img"') == 2
    described = re.findall(r"<desc [^>]*>([^<]+)</desc>", html)
    assert "16 Nov: 14 customer, 31 user." in described[1]
    assert "Customers 31\u00a0% (20–46\u00a0%), users the rest. Usually customers are 28\u00a0%." in described[0]


def test_the_balance_is_drawn_whole_on_a_phone_too() -> None:
    html = build_html(full_week(), TAXONOMY)
    balance, trend = re.findall(r"<svg .*?</svg>", html)
    places = [end for pair in re.findall(r'-bar" x="([\d.]+)%" y="\d+" width="([\d.]+)%"', balance) for end in pair]
    assert list(map(float, places)) == pytest.approx([0, 100 * 14 / 45, 100 * 14 / 45, 100 * 31 / 45], abs=0.1)
    assert "viewBox" not in balance
    assert "viewBox" in trend
    assert re.findall(r"([^{}\n]+) \{ min-width", html) == ["  .charts svg[viewBox]"]


def test_the_policy_allows_this_style_alone() -> None:
    policy = next(value for _, name, value in Page(build_html(full_week(), TAXONOMY)).attributes if name == "content")
    assert policy.startswith("default-src 'none'; style-src 'sha256-")


def test_an_empty_week_draws_no_chart_and_no_table() -> None:
    page = Page(build_html(empty_week(), TAXONOMY))
    assert not page.tags & {"svg", "table", "blockquote"}
    assert "Nothing was shared in this period." in "".join(page.words)


def test_light_dark_and_print_each_have_their_rules() -> None:
    html = build_html(full_week(), TAXONOMY)
    assert GENERATOR in html
    assert "prefers-color-scheme: dark" in html
    assert "@media print" in html


def test_json_keeps_its_keys() -> None:
    said = json.loads(build_json(full_week(), TAXONOMY))
    assert list(said) == [
        "format", "version", "period", "headline", "messages", "balance", "trend", "themes", "bugs", "personas",
        "quotes", "awaiting", "warnings", "over_budget",
    ]  # fmt: skip
    assert said["period"]["start"] == "2026-11-16T00:00:00Z"
    assert said["balance"]["customer"] == {"problems": 14, "accounts": 9, "unnamed": 0}
    assert said["balance"]["lean"] == {"toward": None, "norm": 0.28, "departure": 0.03, "missing": None}
    assert said["themes"]["user"][0] == {
        "theme": "fewer_steps", "name": "Fewer steps", "problems": 11, "change": 4, "accounts": 8,
    }  # fmt: skip
    assert said["quotes"]["user"][1]["account"] == "Kelso & Daughters"
    assert said["awaiting"] == {"unsure": 3, "waiting": 2, "failed": 1}


@pytest.mark.parametrize("digest", EXAMPLES)
def test_json_of_any_week_is_ascii_and_can_be_read_back(digest: Digest) -> None:
    text = build_json(digest, TAXONOMY)
    assert text.isascii()
    assert json.loads(text)["messages"] == digest.messages


def assert_self_contained(html: str) -> None:
    page = Page(html)
    assert page.open == []
    assert not page.tags & {"script", "img", "iframe", "link", "object", "form", "base", "image", "use"}
    assert not [name for _, name, _ in page.attributes if name.startswith("on") or name in {"src", "style", "srcset"}]
    links = [value for tag, name, value in page.attributes if name == "href" and tag == "a"]
    assert all(link.startswith(("https://", "http://")) for link in links)
    style = html[html.index("<style>") : html.index("</style>")]
    assert "url(" not in style
    assert "@import" not in style
