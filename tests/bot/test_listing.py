"""What stands in tables at the terminal keeps its words, however narrow the terminal is."""

import io
import re
from pathlib import Path

import pytest
from rich.console import Console, RenderableType

from bot.__main__ import run_program
from bot.checks.diagnosis import fail
from bot.cli.doctor import show
from bot.cli.evaluation_views import show_differences
from bot.cli.listing import Listing
from bot.sandbox.drawing import draw_block
from classifiers.comparing import Difference

HEADS = ("name", "domains", "revenue band")
ROWS = [("Globex Corporation", "globex-international.example; globex.example", "1-5M"), ("[b]Initech", "", "")]
WORDS = {"Globex", "Corporation", "globex-international.example;", "globex.example", "1-5M", "[b]Initech"}


def printed(shown: RenderableType, width: int) -> str:
    console = Console(file=io.StringIO(), width=width)
    console.print(shown)
    return console.file.getvalue()


def words(text: str) -> set[str]:
    return set(re.sub(r"[─-╿]", " ", text).split())


@pytest.mark.parametrize("width", [32, 47, 80])
def test_each_word_is_whole_where_the_terminal_is_no_narrower_than_a_word(width: int) -> None:
    assert words(printed(Listing(HEADS, ROWS), width)) >= WORDS


def test_rows_are_a_table_where_their_words_have_room() -> None:
    assert "│ Globex Corporation │" in printed(Listing(HEADS, ROWS), 80)
    assert [line.rstrip() for line in printed(Listing(HEADS, ROWS), 47).splitlines()] == [
        "name: Globex Corporation",
        "  domains: globex-international.example;",
        "  globex.example",
        "  revenue band: 1-5M",
        "name: [b]Initech",
    ]


def test_a_difference_says_which_is_ahead_on_a_narrow_terminal() -> None:
    shown = show_differences("local", "llm", [Difference("side accuracy", 40, 0.9, 0.8, -0.2, 0.0)])

    assert "side accuracy, texts: 40, first: 0.900, second: 0.800, gain: -0.100, 95% interval: -0.200 to +0.000, " in (
        " ".join(printed(shown, 47).split())
    )
    assert words(printed(shown, 47)) >= {"ahead:", "neither"}


def test_the_doctor_loses_no_part_of_a_long_path() -> None:
    path = "/srv/" + "folder-of-the-history/" * 4
    console = Console(file=io.StringIO(), width=47, force_terminal=True, no_color=True)

    show(console, [fail("database", f"{path}: cannot be written to.", "Name another folder.")])

    assert f"{path}:cannotbewrittento.→Nameanotherfolder." in re.sub(r"\x1b\[\d+m|\s", "", console.file.getvalue())


def test_a_table_in_the_sandbox_loses_no_part_of_a_long_name() -> None:
    rows = [[{"text": "Account"}], [{"text": "globex-international-holdings.example"}]]

    drawn = printed(draw_block({"type": "table", "rows": rows}, str), 20)

    assert "globex-international-holdings.example" in "".join(drawn.split())


def test_accounts_are_listed_with_their_whole_domains(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BALLAST_DATA_DIR", str(tmp_path / "kept"))
    file = tmp_path / "accounts.csv"
    file.write_text("name,domains,aliases,plan\nGlobex,a-very-long-name-of-a-company.example,Glo;Globex,Enterprise\n")
    assert run_program(["accounts", "import", str(file)]) == 0
    assert run_program(["accounts", "list"]) == 0

    assert "a-very-long-name-of-a-company.example" in words(capsys.readouterr().out)
