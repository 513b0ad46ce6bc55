from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.reading_dates import Evidence, Order, parse_date, parse_either

NOW = datetime(2026, 11, 20, tzinfo=UTC)
MARCH_3 = datetime(2026, 3, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    "cell",
    [
        "2026-03-03", "2026-3-3", "2026/03/03", "20260303", "2026-03-03T00:00:00Z", "2026-03-03 00:00:00.000 UTC",
        "2026-03-03T02:00:00+02:00", "2026-03-03 00:00:00+00", "2026-03-03 00:00:00 UTC+00:00",
        "Tue Mar 03 2026 01:00:00 GMT+0100 (Central European Standard Time)",
        "03/03/2026", "3.3.2026", "03-03-26", "03/03/2026 00:00", "03/03/2026, 12:00 AM",
        "Mar 3, 2026", "March 3rd, 2026", "Tue, 3 Mar 2026 00:00:00 +0000", "3 March 2026", "3-Mar-2026",
        "03/Mar/26 12:00 AM", "3-Mar-26",
        "3. März 2026", "3 mars 2026", "3 de marzo de 2026", "1772496000", "1772496000000", "46084", "46084.0",
    ],
)  # fmt: skip
def test_one_day_in_every_way_of_writing_it(cell: str) -> None:
    assert parse_date(cell, Order.DAY_FIRST) == MARCH_3


@pytest.mark.parametrize(
    "cell", ["", "soon", "12345", "31/02/2026", "2026-13-01", "1/1/0001", "99/99/9999", "call 3", "7"]
)
def test_what_is_no_date_is_none(cell: str) -> None:
    assert parse_either(cell, Order.DAY_FIRST) is None


def test_a_time_without_an_offset_is_of_the_zone() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    assert parse_date("2026-07-01 12:00", Order.DAY_FIRST, berlin) == datetime(2026, 7, 1, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("cells", "order"),
    [
        (["03/04/2026", "31/04/2026", "13/04/2026"], Order.DAY_FIRST),
        (["03/04/2026", "04/13/2026"], Order.MONTH_FIRST),
        (["13/04/2026", "14/04/2026", "04/15/2026"], Order.DAY_FIRST),
        (["10/11/2026", "11/12/2026"], Order.MONTH_FIRST),  # day first would put one into December
        (["10/01/2026", "10/02/2026", "10/03/2026"], Order.MONTH_FIRST),  # three days running, not three months
        (["01/10/2026", "02/10/2026", "03/10/2026"], Order.DAY_FIRST),
        (["05/05/2026"], Order.DAY_FIRST),
    ],
)
def test_the_whole_column_decides_whether_the_day_comes_first(cells: list[str], order: Order) -> None:
    evidence = Evidence(NOW)
    for cell in cells:
        evidence.take(cell)
    assert evidence.order() is order


def test_a_cell_that_fits_only_the_other_order_is_read_in_it() -> None:
    assert parse_either("04/15/2026", Order.DAY_FIRST) == datetime(2026, 4, 15, tzinfo=UTC)


def test_the_reason_is_told_only_where_the_order_matters() -> None:
    evidence = Evidence(NOW)
    evidence.take("2026-04-03")
    assert evidence.reason() is None
    evidence.take("03/04/2026")
    assert evidence.reason() == "no row is certain, and the dates make the most sense that way"
    evidence.take("31/03/2026")
    assert evidence.reason() == "1 row fits only that way"
