"""Counting working days: 调休, provisional years, a year's table as it is imported."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.rules.calendar import (
    CalendarDay,
    CalendarYear,
    UnreadableCalendar,
    WorkingDays,
    read_year,
    shipped_years,
)

SHIPPED = WorkingDays(shipped_years())
NOTHING_PUBLISHED = WorkingDays(())

DAYS = st.dates(min_value=date(1999, 1, 1), max_value=date(2050, 12, 31))


def walked(calendar: WorkingDays, start: date, n: int) -> date:
    """The nth working day after start, found by walking day by day."""
    day = start
    while n:
        day += timedelta(days=1)
        n -= calendar.is_working(day)
    return day


def a_year(year: int = 2027, *, version: int = 1, **days: bool) -> CalendarYear:
    """A published year; ``d0201=True`` says 1 February is worked."""
    return CalendarYear(
        year=year,
        version=version,
        source="国务院办公厅关于2027年部分节假日安排的通知",
        days=tuple(
            CalendarDay(on=date(year, int(name[1:3]), int(name[3:])), working=working, name="春节")
            for name, working in days.items()
        ),
    )


class TestWorkingDays:
    @pytest.mark.parametrize(
        ("day", "working"),
        [
            (date(2008, 2, 2), True),  # Saturday, worked for 春节
            (date(2008, 2, 3), True),
            (date(2008, 2, 6), False),  # 除夕
            (date(2008, 2, 12), False),
            (date(2008, 2, 13), True),
            (date(2025, 1, 26), True),  # Sunday, worked for 春节
            (date(2025, 1, 27), True),
            (date(2025, 1, 28), False),
            (date(2025, 2, 4), False),
            (date(2025, 2, 5), True),
            (date(2025, 2, 8), True),
            (date(2020, 1, 31), False),  # 延长假期
            (date(2020, 2, 3), True),
            (date(2015, 9, 3), False),  # 抗战胜利70周年
            (date(2024, 2, 29), True),
        ],
    )
    def test_follow_the_published_swaps(self, day: date, working: bool) -> None:
        """放假、补班按国务院办公厅公布的安排算：2008年2月2日（星期六）上班，2025年2月4日（星期二）放假。"""
        assert SHIPPED.is_working(day) is working

    @pytest.mark.parametrize(
        ("start", "n", "on"),
        [
            (date(2021, 9, 29), 3, date(2021, 10, 9)),
            (date(2021, 9, 29), 7, date(2021, 10, 14)),
            (date(2021, 9, 29), 30, date(2021, 11, 16)),
            (date(2025, 1, 24), 1, date(2025, 1, 26)),
            (date(2025, 1, 27), 1, date(2025, 2, 5)),
            (date(2008, 2, 1), 4, date(2008, 2, 5)),
            (date(2008, 2, 1), 5, date(2008, 2, 13)),
            (date(2005, 12, 30), 1, date(2005, 12, 31)),
        ],
    )
    def test_count_from_the_day_after_the_start(self, start: date, n: int, on: date) -> None:
        """工作日从次日数起：2021年9月29日起3个工作日到10月9日，国庆假期不算、补班的星期六算。"""
        assert SHIPPED.nth_working_day_after(start, n).on == on

    @given(start=DAYS, n=st.integers(min_value=1, max_value=400))
    def test_count_as_one_would_by_hand(self, start: date, n: int) -> None:
        """第几个工作日，与翻着日历一天一天数的结果一样。"""
        assert SHIPPED.nth_working_day_after(start, n).on == walked(SHIPPED, start, n)

    @given(after=DAYS, length=st.integers(min_value=-40, max_value=900))
    def test_between_two_days_are_each_counted_once(self, after: date, length: int) -> None:
        """两天之间的工作日：前一天不算，后一天算；后一天不晚于前一天时是0。"""
        upto = after + timedelta(days=length)
        days = (after + timedelta(days=offset) for offset in range(1, length + 1))
        assert SHIPPED.working_days_between(after, upto) == sum(map(SHIPPED.is_working, days))

    @given(start=DAYS, n=st.integers(min_value=1, max_value=400))
    def test_counted_and_counted_back_agree(self, start: date, n: int) -> None:
        """数出第n个工作日后，从起算日到那天正好有n个工作日。"""
        assert SHIPPED.working_days_between(start, SHIPPED.nth_working_day_after(start, n).on) == n

    def test_of_none_are_refused(self) -> None:
        """第0个工作日没有意义，不给答案。"""
        with pytest.raises(ValueError, match="expected 1 or more"):
            SHIPPED.nth_working_day_after(date(2025, 1, 1), 0)


class TestProvisional:
    def test_where_the_count_enters_an_unpublished_year(self) -> None:
        """2026年12月下旬起的15个工作日跨进未公布的2027年，标为暂定，并记下所用的2026年表。"""
        reckoned = SHIPPED.nth_working_day_after(date(2026, 12, 21), 15)
        assert reckoned.on.year == 2027
        assert reckoned.provisional
        assert reckoned.versions == ((2026, 1),)

    def test_not_where_the_count_ends_in_a_published_year(self) -> None:
        """整段都在已公布的年份内就不是暂定；跨2025、2026两年时两年的版本都记下。"""
        reckoned = SHIPPED.nth_working_day_after(date(2025, 12, 25), 10)
        assert not reckoned.provisional
        assert reckoned.versions == ((2025, 1), (2026, 1))

    def test_not_because_of_the_start_day_itself(self) -> None:
        """起算日不计在内：12月31日起算的期限只看下一年的表。"""
        assert SHIPPED.nth_working_day_after(date(2025, 12, 31), 3).versions == ((2026, 1),)
        assert SHIPPED.nth_working_day_after(date(2003, 12, 31), 3).provisional is False

    @pytest.mark.parametrize(
        ("day", "working"),
        [
            (date(2027, 1, 1), False),
            (date(2027, 2, 5), False),  # 除夕
            (date(2027, 2, 8), False),  # 初三
            (date(2027, 2, 9), True),
            (date(2027, 2, 13), False),  # a Saturday stays one
            (date(2027, 4, 5), False),
            (date(2027, 5, 1), False),
            (date(2027, 5, 3), True),
            (date(2027, 6, 9), False),
            (date(2027, 9, 15), False),
            (date(2027, 10, 1), False),
            (date(2027, 10, 4), True),
        ],
    )
    def test_years_have_weekends_and_statutory_days(self, day: date, working: bool) -> None:
        """未公布的2027年先按周末加13天法定假日算，不猜调休。"""
        assert SHIPPED.is_working(day) is working

    def test_years_are_known_as_such(self) -> None:
        """哪年公布了、是第几版，随时查得到。"""
        assert SHIPPED.published(2026)
        assert not SHIPPED.published(2027)
        assert SHIPPED.version_of(2008) == 1
        assert SHIPPED.version_of(2003) is None

    def test_years_before_2004_still_get_an_answer(self) -> None:
        """2004年以前的日子按周末和元旦、五一、国庆估算，一律暂定。"""
        reckoned = NOTHING_PUBLISHED.nth_working_day_after(date(1999, 12, 31), 1)
        assert (reckoned.on, reckoned.provisional, reckoned.versions) == (date(2000, 1, 3), True, ())


class TestPublishing:
    def test_a_year_ends_the_provisional_answer(self) -> None:
        """2027年安排公布后，同一期限改按公布的算，不再暂定。"""
        before = SHIPPED.nth_working_day_after(date(2027, 2, 4), 1)
        after = SHIPPED.with_year(a_year(d0205=True)).nth_working_day_after(date(2027, 2, 4), 1)
        assert (before.on, before.provisional) == (date(2027, 2, 9), True)
        assert (after.on, after.provisional, after.versions) == (date(2027, 2, 5), False, ((2027, 1),))

    def test_a_year_again_replaces_the_earlier_version(self) -> None:
        """同一年再次公布（如节前调整），以新版为准，旧的那套日历不变。"""
        first = SHIPPED.with_year(a_year(d0205=True))
        second = first.with_year(a_year(version=2, d0205=False))
        assert (first.version_of(2027), second.version_of(2027)) == (1, 2)
        assert first.is_working(date(2027, 2, 5))
        assert not second.is_working(date(2027, 2, 5))


def rows(text: str) -> csv.DictReader[str]:
    return csv.DictReader(StringIO(text))


def read_2027(text: str) -> CalendarYear:
    return read_year(2027, rows(text), version=1, source="通知")


class TestReadingAYear:
    def test_takes_the_dates_in_order_whatever_the_words(self) -> None:
        """导入的表里，上班可写1、是、班、true，放假可写0、否、休、false，日期可写2027/2/5，次序不限。"""
        year = read_2027(
            "date,working,name\n2027/2/7,休,春节\n2027-02-05,1,春节（补班）\n2027-2-6,FALSE,春节\n"
            "2027-02-08,是,\n2027-02-09,否,春节\n2027-02-10,班,春节\n2027-02-11,true,春节\n2027-02-12,0,春节\n"
        )
        assert [(day.on.day, day.working) for day in year.days] == [
            (5, True), (6, False), (7, False), (8, True), (9, False), (10, True), (11, True), (12, False),
        ]  # fmt: skip
        assert (year.year, year.version, year.source, year.days[0].name) == (2027, 1, "通知", "春节（补班）")

    def test_takes_what_the_api_sends(self) -> None:
        """接口送来的 working 是真假值，同样读得懂。"""
        year = read_year(
            2027, [{"date": "2027-02-05", "working": False, "name": "除夕"}], version=3, source="通知"
        )
        assert year.days == (CalendarDay(on=date(2027, 2, 5), working=False, name="除夕"),)

    @pytest.mark.parametrize(
        ("text", "says"),
        [
            ("date,working,name\n2026-12-31,0,元旦\n", r"第2行的2026-12-31不在2027年；.*2026年的表"),
            ("date,working,name\n2027-01-01,0,元旦\n2027-01-01,1,元旦\n", "第3行的2027-01-01在第2行已经写过"),
            (
                "date,working,name\n2027-01-01,0,元旦\n2027-01-02,休息,元旦\n",
                "第3行的 working 写的是“休息”，应写1",
            ),
            ("date,working,name\n2027-02-29,0,\n", "第2行的 date 写的是“2027-02-29”，应写日历上有的日子"),
            ("date,working,name\n元旦,0,\n", "第2行的 date 写的是“元旦”"),
            (f"date,working,name\n2027-01-01,0,{'元' * 51}\n", "第2行的 name 有51字"),
            ("日期,上班\n2027-01-01,0\n", "第2行的 date 写的是“”"),
            ("date,working,name\n2027-01-01\n", "第2行的 working 写的是“”"),
            ("date,working,name\n", "表里一天也没有"),
            ("", "表里一天也没有"),
        ],
    )
    def test_names_the_line_that_is_wrong(self, text: str, says: str) -> None:
        """表里有错时不导入，并说出是第几行、写了什么、该怎么写。"""
        with pytest.raises(UnreadableCalendar, match=says) as refused:
            read_2027(text)
        assert refused.value.code == "unreadable-calendar"

    def test_refuses_an_absurd_year(self) -> None:
        """年份写成20277之类的，不导入。"""
        with pytest.raises(UnreadableCalendar, match="现为20277"):
            read_year(20277, [], version=1, source="通知")
