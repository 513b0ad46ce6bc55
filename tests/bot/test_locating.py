"""Words that a person copied from what Slack shows are found in what is kept of the message."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.locating import locate
from bot.views.text import readable


@pytest.mark.parametrize(
    ("copied", "kept", "quote"),
    [
        ("export  FAILS", "The export\nfails.", "export\nfails"),
        ("R&D says <5", "R&amp;D says &lt;5 clicks", "R&amp;D says &lt;5"),
        ("The export fails", "The <https://x.example/e|export> fails.", "The <https://x.example/e|export> fails"),
        ("export", "The <https://x.example/e|slow export> fails", "<https://x.example/e|slow export>"),
        ("https://x.example/a_b is down", "<https://x.example/a_b> is down", "<https://x.example/a_b> is down"),
        ("is not usable", "Export is *not* usable", "is *not* usable"),
        ("no audit log", "There is _no ~audit~ `log`_", "no ~audit~ `log"),
        ("snake_case is not shown", "snake_case is *not* shown", "snake_case is *not* shown"),
        ("@ann says export hangs", "<@U012AB> says export hangs", "<@U012AB> says export hangs"),
        ("@Ann Smith says so", "<@U012AB> says so", "<@U012AB> says so"),
        ("ask @ann, please", "ask <@U012AB>, please", "ask <@U012AB>, please"),
        ("@ann says", "<@U012AB|ann> says", "<@U012AB|ann> says"),
        ("see #sales and @support", "see <#C012AB|> and <!subteam^S1>", "see <#C012AB|> and <!subteam^S1>"),
        ("<@U012AB> says &lt;b&gt;", "<@U012AB> says &lt;b&gt;", "<@U012AB> says &lt;b&gt;"),
        ("ann@x.example is", "<mailto:ann@x.example|ann@x.example> *is*", "<mailto:ann@x.example|ann@x.example> *is"),
    ],
)
def test_what_a_person_copied_is_found_in_the_kept_notation(copied: str, kept: str, quote: str) -> None:
    found = locate(copied, kept)
    assert found is not None
    assert found.quote == kept[found.start : found.end] == quote


@pytest.mark.parametrize("words", ["", "  ", "*", "export works", "ann says", "fails The"])
def test_other_words_are_not_found(words: str) -> None:
    assert locate(words, "The <https://x.example/e|export> *fails*, <@U012AB> says") is None


@given(st.text(st.sampled_from("ab <>|@#!&*_~`;.\n\ue000"), max_size=40), st.data())
def test_evidence_is_what_stands_in_the_text(text: str, data: st.DataObject) -> None:
    shown = readable(text)
    start = data.draw(st.integers(0, len(shown)))
    found = locate(shown[start : data.draw(st.integers(start, len(shown)))], text)
    assert found is None or found.quote == text[found.start : found.end] != ""
