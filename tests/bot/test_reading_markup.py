import pytest

from bot.reading_markup import without_markup


def test_html_becomes_the_words_that_a_browser_shows() -> None:
    cell = (
        '<div class="note">\n<p>We need R&amp;D&nbsp;reports,<br/>not\nexports.</p>\n'
        "<ul><li>seen by <b>Jo</b></li>\n</ul>\n<style>p {color: red}</style></div>"
    )
    assert without_markup(cell) == "We need R&D reports,\nnot exports.\n- seen by Jo"


@pytest.mark.parametrize("cell", ["", "it takes <10 minutes & > 5 clicks", "List<String> is slow", "a &lt; b", "<3"])
def test_words_with_angle_brackets_stay_as_they_are(cell: str) -> None:
    assert without_markup(cell) == cell


def test_a_cell_of_tags_alone_holds_no_words() -> None:
    assert without_markup("<p>&nbsp;</p><br>") == ""


def test_html_that_is_cut_off_keeps_its_words() -> None:
    assert without_markup("<p>Too many <b>clicks <a href='x").startswith("Too many clicks")
