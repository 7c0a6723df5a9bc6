"""Reported shares held against the numbers beside them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.rules.shares import Agreement, agreement


class TestAgreement:
    @pytest.mark.parametrize(
        ("percent", "quantity", "found"),
        [
            (75, "24/32", Agreement.AGREES),
            (75, "24／32户", Agreement.AGREES),
            (80, "1,200 / 1,500 吨", Agreement.AGREES),
            (67, "2/3", Agreement.ROUNDED),
            (66, "2/3", Agreement.ROUNDED),
            (68, "2/3", Agreement.DIFFERS),
            (100, "31/32", Agreement.DIFFERS),
            (100, "３１/３２", Agreement.DIFFERS),
            (0, "0/0", None),
            (50, "清运1200吨", None),
            (50, "2024/10/12 完成", None),
            (50, 1200, None),
            (None, "24/32", None),
        ],
    )
    def test_judges(self, percent: int | None, quantity: str | int, found: Agreement | None) -> None:
        """自报比例与“完成/总数”比：相等是一致，差不到一个百分点是取整差异，再多就是不一致；没写总数不判。"""
        assert agreement(percent, quantity) is found

    @given(st.integers(0, 500), st.integers(1, 500))
    def test_every_way_of_rounding_is_rounding(self, done: int, whole: int) -> None:
        """怎样取整都不算不一致。"""
        for percent in {100 * done // whole, -(-100 * done // whole), round(100 * done / whole)}:
            assert agreement(percent, f"{done}/{whole}") in (Agreement.AGREES, Agreement.ROUNDED)
