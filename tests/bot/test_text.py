import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.views.text import escape, quote, readable, sentence, shorten, without_mentions

NOTATION = [
    ("<!channel> look", "@channel look"),
    ("<!here|here> look", "here look"),
    ("<!subteam^S1|@support> look", "@support look"),
    ("<@U123> said", "@U123 said"),
    ("<@U123|ann> said", "@ann said"),
    ("see <#C1|general>", "see #general"),
    ("see <https://x.example/a?b=1|the report>", "see the report"),
    ("see <https://x.example>", "see https://x.example"),
    ("<mailto:a@b.example|a@b.example>", "a@b.example"),
    ("a &lt;b&gt; &amp;amp;", "a <b> &amp;"),
    ("<5 clicks and >3 minutes", "<5 clicks and >3 minutes"),
]


@pytest.mark.parametrize(("written", "read"), NOTATION)
def test_notation_is_read_as_people_see_it(written: str, read: str) -> None:
    assert readable(written) == read


@pytest.mark.parametrize("text", ["<!channel>", "&lt;!channel&gt;", "@here", "<!everyone>"])
def test_a_quote_cannot_ping(text: str) -> None:
    assert not re.search(r"<!|@(channel|here|everyone)", quote(text, 100))


@pytest.mark.parametrize("text", ["*all*", "_all_", "~all~", "`all`", "```all```", "**all**", "__all__", "(*all*)"])
def test_a_quote_cannot_format(text: str) -> None:
    assert not set(quote(text, 100)) & set("*_~`")


def test_marks_inside_a_word_stay() -> None:
    assert quote("the field user_id of 2*3", 100) == "the field user_id of 2*3"


def test_a_quote_is_one_line() -> None:
    assert quote("first\n\n> second\tthird", 100) == "first &gt; second third"


def test_a_quote_of_a_typed_entity_stays_text() -> None:
    assert quote("&lt;@U123&gt;", 100) == "&lt;@U123&gt;"


@pytest.mark.parametrize("mention", ["<@U123>", "<@U_OLIVIA>"])
def test_a_sentence_mentions_people_and_repeats_words_without_their_notation(mention: str) -> None:
    assert sentence(f"{mention} decides about <!channel>") == f"{mention} decides about &lt;!channel&gt;"
    assert without_mentions(f"{mention} decides") == "a colleague decides"


def test_shortening_never_cuts_an_escape() -> None:
    assert shorten("abc&lt;def", 6) == "abc…"


def test_shortening_never_cuts_an_entity() -> None:
    assert shorten("abc <https://x.example|label> d", 12) == "abc…"


def test_shortening_counts_code_points() -> None:
    assert shorten("😀" * 5, 5) == "😀" * 5
    assert shorten("😀" * 6, 5) == "😀" * 4 + "…"


@given(st.text(), st.integers(min_value=1, max_value=60))
def test_a_quote_keeps_its_limit_and_holds_no_notation(text: str, limit: int) -> None:
    rendered = quote(text, limit)
    assert len(rendered) <= limit
    assert not set(rendered) & set("<>`")
    assert "&" not in re.sub(r"&(?:amp|lt|gt);", "", rendered)


@given(st.text())
def test_what_was_escaped_is_read_back(text: str) -> None:
    assert readable(escape(text)) == text
