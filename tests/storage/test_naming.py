"""A name is found and masked as a whole word, in any case and form."""

import pytest

from storage.naming import Naming


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("Ann", "planning with Hannah", False),
        ("Ann", "ANN\u2019s wish; anns", True),
        ("Jane Doe", "Jane  Doe", True),
        ("Jane Doe", "Jane and Doe", False),
        ("AT&T", "AT&amp;T called", True),
        ("Zoë", "zoe\u0308 asks", True),
        ("田中", "田中さんが言った", True),
        ("A.B", "axb", False),
        ("ﬁona", "Fiona asks", True),
        ("Jane Doe", "_Jane Doe_ asked for SSO", True),
        ("Jane Doe", "~*_Jane Doe\u2019s_*~ wish", True),
        ("Jane Doe", "*Jane Doe*", True),
        ("Jane Doe", "~Jane Doe~", True),
        ("Jane Doe", "`Jane Doe`", True),
        ("Rich", '{"type": "rich_text", "text": "the_rich"}', False),
    ],
)
def test_a_name_is_a_whole_word_in_any_case_and_form(name: str, text: str, found: bool) -> None:
    assert Naming([name]).stands_in(text) is found


def test_no_name_is_found_nowhere() -> None:
    assert not Naming(["", "  "]).stands_in("anything", "")


@pytest.mark.parametrize(
    ("name", "text", "masked"),
    [
        ("Ann", "Ann, Hannah and ANN\u2019s", "…, Hannah and …"),
        ("Zoë", "With zoe\u0308 and Zoe", "With … and Zoe"),
        ("ﬁona", "Fiona ﬁnds ﬁona", "… ﬁnds …"),
        ("AT&T", "AT&amp;T &amp; us", "… & us"),
        ("AT&T", "R&amp;D", "R&amp;D"),
        ("Acme", "_Acme_ wants SSO", "_…_ wants SSO"),
        ("田中", "田中さんが言った", "…さんが言った"),
        ("가", "그 \u1100\u1161", "…"),
    ],
)
def test_a_name_is_masked_where_it_stands_and_the_rest_stays(name: str, text: str, masked: str) -> None:
    assert Naming([name]).mask(text) == masked
