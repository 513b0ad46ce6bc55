import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest
import slackblocks as sb
from hypothesis import HealthCheck, given, settings

from bot.digest import Digest, Quote
from bot.sandbox.blocks.surfaces import check_message
from bot.views.digest_blocks import FALL_BACK, Level, build_blocks
from classifiers.taxonomy import load_taxonomy
from tests.bot.digest_examples import all_failed, digests, empty_week, full_week, make_quote, one_insight

TAXONOMY = load_taxonomy()
EXAMPLES = [full_week(), empty_week(), one_insight(), all_failed()]


@pytest.mark.parametrize("level", Level)
@pytest.mark.parametrize("digest", EXAMPLES)
def test_independent_types_accept_every_level(digest: Digest, level: Level) -> None:
    blocks = build_blocks(digest, TAXONOMY, block_id="digest:7", level=level)
    assert reread(blocks) == blocks
    assert check_message(blocks) == []


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(digests())
def test_limits_hold_and_nothing_is_unescaped_whatever_was_heard(digest: Digest) -> None:
    for level in Level:
        blocks = build_blocks(digest, TAXONOMY, block_id="digest:7", level=level)
        assert reread(blocks) == blocks
        assert check_message(blocks) == []
        assert len(blocks) <= 16
        for text in texts(blocks):
            assert unescaped(text) == []


def test_first_block_carries_the_block_id() -> None:
    blocks = build_blocks(full_week(), TAXONOMY, block_id="digest:7")
    assert [block.get("block_id") for block in blocks] == ["digest:7"] + [None] * (len(blocks) - 1)


@pytest.mark.parametrize("block_id", ["", "x" * 256])
def test_a_block_id_that_slack_would_refuse_is_refused_here(block_id: str) -> None:
    with pytest.raises(ValueError, match="block id"):
        build_blocks(full_week(), TAXONOMY, block_id=block_id)


def test_levels_fall_back_from_chart_to_table_to_text() -> None:
    kinds = {level: {block["type"] for block in at_level(level)} for level in Level}
    assert kinds[Level.CHART] >= {"data_visualization", "table"}
    assert "table" in kinds[Level.TABLE]
    assert "data_visualization" not in kinds[Level.TABLE]
    assert kinds[Level.TEXT] == {"header", "section", "context"}
    assert FALL_BACK == {Level.CHART: Level.TABLE, Level.TABLE: Level.TEXT, Level.TEXT: None}


@pytest.mark.parametrize("level", Level)
def test_every_level_says_the_numbers_of_themes_and_weeks(level: Level) -> None:
    said = str(at_level(level))
    for fact in ("Compliance", "Fewer steps", "11", "+4", "33"):
        assert fact in said


def test_a_side_always_stands_with_its_meaning() -> None:
    said = "\n".join(texts(at_level(Level.CHART)))
    assert "*Customer problem · for those who buy, approve or govern*: 14 from 9 accounts" in said
    assert "*User problem · for those who work in it*: 31 from 17 accounts" in said


def test_a_quote_has_its_words_voice_account_day_and_link() -> None:
    said = "\n".join(texts(at_level(Level.TEXT)))
    assert (
        "> “I copy every reading by hand from one tab into the other”\n> First-hand, Fernhill Estates, 18 Nov · "
        "<https://example.slack.com/archives/C1/p1|Open the message>"
    ) in said


@pytest.mark.parametrize("link", ["javascript:alert(1)", "https://a|b", "https://x>y", "https://", "http://[bad", "  "])
def test_a_link_that_is_no_web_address_is_left_out(link: str) -> None:
    digest = one_insight()
    said = make_quote(permalink=link)
    blocks = build_blocks(_with_quote(digest, said), TAXONOMY, block_id="b")
    assert "Open the message" not in str(blocks)


def _with_quote(digest: Digest, said: Quote) -> Digest:
    return replace(digest, quotes={**digest.quotes, said.side: (said,)})


def at_level(level: Level) -> Sequence[Mapping[str, Any]]:
    return build_blocks(full_week(), TAXONOMY, block_id="digest:7", level=level)


def texts(node: Any) -> list[str]:
    """Collect every string that a reader could see."""
    if isinstance(node, Mapping):
        own = [node["text"]] if isinstance(node.get("text"), str) else []
        return own + [text for value in node.values() for text in texts(value)]
    return [text for value in node for text in texts(value)] if isinstance(node, list) else []


def unescaped(text: str) -> list[str]:
    """List the notation left in a text, apart from our own link and our own quote marks at the start of a line."""
    ours = re.sub(r"<https?://[^<>|]+\|Open the message>", "", text)
    ours = re.sub(r"^> ", "", ours, flags=re.MULTILINE)
    return re.findall(r"[<>]|&(?!amp;|lt;|gt;)|@(?:channel|here|everyone)\b", ours)


def reread(blocks: Sequence[Mapping[str, Any]]) -> list[Any]:
    """Build the blocks again with slackblocks, which refuses what Slack would, and give what it would send."""
    message = sb.Message(channel="C1", text="x", blocks=[_block(block) for block in blocks])
    sent: list[Any] = message.to_dict()["blocks"]
    for ours, theirs in zip(blocks, sent, strict=True):
        if "block_id" not in ours:
            theirs.pop("block_id", None)
        if ours["type"] == "header":
            theirs["text"].setdefault("emoji", False)  # slackblocks leaves out what is false
    return sent


def _block(block: Mapping[str, Any]) -> Any:
    match block["type"]:
        case "header":
            return sb.HeaderBlock(sb.Text.from_dict(block["text"]), block_id=block.get("block_id"))
        case "section":
            return sb.SectionBlock(sb.Text.from_dict(block["text"]))
        case "context":
            return sb.ContextBlock([sb.Text.from_dict(element) for element in block["elements"]])
        case "table":
            columns = [sb.ColumnSettings(**column) for column in block["column_settings"]]
            return sb.TableBlock([[sb.RawText(cell["text"]) for cell in row] for row in block["rows"]], columns)
        case "data_visualization":
            return sb.DataVisualizationBlock(block["title"], _chart(block["chart"]))
        case other:
            raise AssertionError(other)


def _chart(chart: Mapping[str, Any]) -> Any:
    series = [
        sb.DataSeries(one["name"], [sb.DataPoint(point["label"], point["value"]) for point in one["data"]])
        for one in chart["series"]
    ]
    return sb.LineChart(series, sb.AxisConfig(**chart["axis_config"]))
