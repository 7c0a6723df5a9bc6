"""The shipped years are what the State Council published: compared day by day with two independent tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta

import chinese_calendar
import holidays
import pytest

from events.rules.calendar import WorkingDays, shipped_years, statutory_days

SHIPPED = WorkingDays(shipped_years())
FIRST, LAST = 2004, 2026
PUBLIC_HOLIDAYS = holidays.country_holidays("CN", years=range(FIRST, LAST + 1))

MISSED_BY_CHINESE_CALENDAR = {
    # 国办发明电〔2005〕35号: “将12月31日（星期六）…公休日调至1月2日…，12月31日（星期六）上班”.
    date(2005, 12, 31): True,
}


def every_day(first_year: int, last_year: int) -> Iterator[date]:
    day = date(first_year, 1, 1)
    while day.year <= last_year:
        yield day
        day += timedelta(days=1)


def differences(oracle: Callable[[date], bool]) -> dict[date, bool]:
    """Days the oracle answers otherwise, with our answer."""
    return {
        day: SHIPPED.is_working(day)
        for day in every_day(FIRST, LAST)
        if SHIPPED.is_working(day) != oracle(day)
    }


class TestShippedYears:
    def test_agree_with_chinesecalendar_but_for_one_day_it_missed(self) -> None:
        """2004至2026年每一天是否上班，与 chinesecalendar 逐日相同；只有它漏了2005年12月31日的补班。"""
        assert differences(chinese_calendar.is_workday) == MISSED_BY_CHINESE_CALENDAR

    def test_agree_with_holidays(self) -> None:
        """2004至2026年每一天是否上班，与 holidays 逐日相同，没有例外。"""
        assert differences(PUBLIC_HOLIDAYS.is_working_day) == {}

    def test_are_complete_and_say_where_they_come_from(self) -> None:
        """随产品带的每一年都写明依据的国务院办公厅通知，年份从2004到2026一年不缺。"""
        years = shipped_years()
        assert [year.year for year in years] == list(range(FIRST, LAST + 1))
        assert all(
            year.source.startswith(f"国务院办公厅关于{year.year}年部分节假日安排的通知") for year in years
        )
        assert {year.version for year in years} == {1}

    def test_name_every_day_off_and_every_swapped_day(self) -> None:
        """表里的每一天都有名字，补班的日子名字里写着补班。"""
        for year in shipped_years():
            assert all(day.name and day.working == ("补班" in day.name) for day in year.days)

    def test_name_the_statutory_days(self) -> None:
        """2025年起的13天法定假日，在2025和2026年的表里都放假。"""
        for year in (2025, 2026):
            listed = {day.on for each in shipped_years() if each.year == year for day in each.days}
            assert set(statutory_days(year)) <= listed
            assert not any(SHIPPED.is_working(day) for day in statutory_days(year))


class TestStatutoryDays:
    @pytest.mark.parametrize("year", range(FIRST, 2046))
    def test_fall_on_the_lunar_festivals(self, year: int) -> None:
        """2004至2045年的除夕、春节、清明、端午、中秋日期，与农历换算一致。"""
        guessed = holidays.country_holidays("CN", years=year, observed=False, language="zh_CN")
        festivals = {
            day
            for day, name in guessed.items()
            if day.year == year and "休息日" not in name and "延长" not in name
        }
        assert festivals - set(statutory_days(year)) <= {date(year, 5, 3), date(2015, 9, 3)}

    def test_are_thirteen_where_the_lunar_year_is_known(self) -> None:
        """农历日期已知的年份有13天法定假日（中秋与国庆重合的年份少一天），其余年份只认元旦、五一、国庆6天。"""
        assert len(statutory_days(2027)) == 13
        assert len(set(statutory_days(2031))) == 12
        assert len(statutory_days(2003)) == len(statutory_days(2046)) == 6
