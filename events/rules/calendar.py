"""Which days are working days: years as the State Council published them, a marked guess for the others."""

from __future__ import annotations

import csv
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.resources import files

from events.refusals import Invalid


class UnreadableCalendar(Invalid):
    """A year's table that cannot be taken as it is; the sentence names the line (422)."""

    code = "unreadable-calendar"


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarDay:
    """One date a notice speaks of: 放假 or 补班, with the festival's name."""

    on: date
    working: bool
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarYear:
    """放假安排 of one year; a date not among ``days`` is a working day from Monday to Friday."""

    year: int
    version: int
    """1 for the first publication of the year in this record, then 2, 3 …"""
    source: str
    """The notices it was taken from."""
    days: tuple[CalendarDay, ...]
    """In order of date, each date once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reckoned:
    """A day counted in working days, with what it was counted by."""

    on: date
    provisional: bool
    """暂定: a year the count ran through is not published."""
    versions: tuple[tuple[int, int], ...]
    """(year, version) of every published year the count ran through, in order."""


class WorkingDays:
    """工作日: an unchanging collection of published years that counts working days.

    A year that is not published is answered provisionally: weekends and the 13 statutory days of the 2024
    amendment, without 调休 and 补假 (domain D.0). The lunar festivals among them are known for 2004–2045; any
    other unpublished year has 元旦, 劳动节 and 国庆节 only.
    """

    __slots__ = ("_published", "_tables")

    def __init__(self, years: Iterable[CalendarYear]) -> None:
        """Of two tables of one year the later in order counts."""
        self._published = {year.year: year for year in years}
        self._tables: dict[int, _Table] = {}

    def published(self, year: int) -> bool:
        """Whether the year's table is known."""
        return year in self._published

    def version_of(self, year: int) -> int | None:
        """The version of the year's table; None while it is not published."""
        published = self._published.get(year)
        return published.version if published else None

    @property
    def editions(self) -> tuple[tuple[int, int], ...]:
        """Each published year with its version: in one record, two with the same ones count alike."""
        return tuple((year, self._published[year].version) for year in sorted(self._published))

    def is_working(self, on: date) -> bool:
        """Whether work is done that day (provisionally so in an unpublished year)."""
        return self._table(on.year).says.get(on, on.weekday() < SATURDAY)

    def nth_working_day_after(self, start: date, n: int) -> Reckoned:
        """第n个工作日: ``start`` itself is not counted; raises ValueError for n below 1."""
        if n < 1:
            raise ValueError(f"n is {n}, expected 1 or more")
        year = start.year
        ordinals = self._table(year).ordinals
        index = bisect_right(ordinals, start.toordinal()) + n - 1
        while index >= len(ordinals):
            index -= len(ordinals)
            year += 1
            ordinals = self._table(year).ordinals
        return self._reckoned(since=start + ONE_DAY, on=date.fromordinal(ordinals[index]))

    def working_days_between(self, after: date, upto: date) -> int:
        """How many working days lie after ``after`` up to and with ``upto``; 0 unless ``upto`` is later."""
        if upto <= after:
            return 0
        whole = sum(len(self._table(year).ordinals) for year in range(after.year, upto.year))
        before = bisect_right(self._table(after.year).ordinals, after.toordinal())
        return whole - before + bisect_right(self._table(upto.year).ordinals, upto.toordinal())

    def with_year(self, year: CalendarYear) -> WorkingDays:
        """The same collection with this year published, in place of an earlier version of it."""
        return WorkingDays((*self._published.values(), year))

    def _reckoned(self, *, since: date, on: date) -> Reckoned:
        years = range(since.year, on.year + 1)
        known = tuple((year, self._published[year].version) for year in years if year in self._published)
        return Reckoned(on=on, provisional=len(known) < len(years), versions=known)

    def _table(self, year: int) -> _Table:
        table = self._tables.get(year)
        if table is None:
            table = self._tables[year] = _tabulate(year, self._published.get(year))
        return table


@dataclass(frozen=True, slots=True, kw_only=True)
class _Table:
    """One year made ready for counting."""

    says: Mapping[date, bool]
    ordinals: tuple[int, ...]
    """Ordinals of the year's working days, ascending."""


def _tabulate(year: int, published: CalendarYear | None) -> _Table:
    if published is None:
        says = dict.fromkeys(statutory_days(year), False)
    else:
        says = {day.on: day.working for day in published.days}
    days = map(date.fromordinal, range(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal() + 1))
    return _Table(
        says=says,
        ordinals=tuple(day.toordinal() for day in days if says.get(day, day.weekday() < SATURDAY)),
    )


def statutory_days(year: int) -> tuple[date, ...]:
    """The 13 days off of 全国年节及纪念日放假办法 (2024 amendment); the 6 fixed ones outside 2004–2045."""
    fixed = tuple(
        date(year, month, day) for month, day in ((1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3))
    )
    festivals = _FESTIVALS.get(year)
    if festivals is None:
        return fixed
    spring, tomb_sweeping, dragon_boat, mid_autumn = festivals
    spring_days = (spring + timedelta(days=offset) for offset in (-1, 0, 1, 2))
    return (*fixed, *spring_days, tomb_sweeping, dragon_boat, mid_autumn)


def read_year(
    year: int, rows: Iterable[Mapping[str, object]], *, version: int, source: str, first_line: int = 2
) -> CalendarYear:
    """A year's table from rows of ``date``, ``working`` and ``name``, as a CSV file or the API gives them.

    Only the dates the notice speaks of are needed; ``first_line`` is the line of the first row (2 below a
    header). Raises UnreadableCalendar.
    """
    if year not in YEARS:
        raise UnreadableCalendar(f"年份应在{YEARS.start}到{YEARS.stop - 1}之间，现为{year}，请核对。")
    lines: dict[date, int] = {}
    days: list[CalendarDay] = []
    for line, row in enumerate(rows, first_line):
        day = _read_day(year, row, line)
        if day.on in lines:
            raise UnreadableCalendar(
                f"第{line}行的{day.on}在第{lines[day.on]}行已经写过，每天只写一行，请删去一行。"
            )
        lines[day.on] = line
        days.append(day)
    if not days:
        raise UnreadableCalendar("表里一天也没有，请在表头 date,working,name 之下逐行写上放假和补班的日子。")
    return CalendarYear(
        year=year, version=version, source=source, days=tuple(sorted(days, key=lambda day: day.on))
    )


def _read_day(year: int, row: Mapping[str, object], line: int) -> CalendarDay:
    written = {
        column: str(value if (value := row.get(column)) is not None else "").strip() for column in COLUMNS
    }
    on = _read_date(written["date"], line)
    if on.year != year:
        raise UnreadableCalendar(
            f"第{line}行的{on}不在{year}年；跨年的日子属于{on.year}年的表，请移到那张表里重新导入。"
        )
    working = WORKING_WORDS.get(written["working"].lower())
    if working is None:
        raise UnreadableCalendar(
            f"第{line}行的 working 写的是“{written['working']}”，应写1（上班）或0（放假），也可写班、休。"
        )
    if len(written["name"]) > LONGEST_NAME:
        raise UnreadableCalendar(
            f"第{line}行的 name 有{len(written['name'])}字，超过{LONGEST_NAME}字，只写节日名，如 国庆节。"
        )
    return CalendarDay(on=on, working=working, name=written["name"])


LONGEST_NAME = 50


def _read_date(written: str, line: int) -> date:
    try:
        if match := _DATE.fullmatch(written):
            return date(*map(int, match.groups()))
    except ValueError:
        pass
    raise UnreadableCalendar(f"第{line}行的 date 写的是“{written}”，应写日历上有的日子，如 2025-01-01。")


def shipped_years() -> tuple[CalendarYear, ...]:
    """The years that come with the service, from 2004; reads package data, so the wiring calls it once."""
    return tuple(
        read_year(int(row["year"]), _shipped_rows(f"{row['year']}.csv"), version=1, source=row["source"])
        for row in _shipped_rows("sources.csv")
    )


def _shipped_rows(name: str) -> Iterator[dict[str, str]]:
    text = (files("events.rules") / "working_days" / name).read_text(encoding="utf-8")
    return csv.DictReader(text.splitlines())


SATURDAY = 5
"""``date.weekday()`` of the first day of the weekend."""
ONE_DAY = timedelta(days=1)
YEARS = range(1949, 2101)
"""The years a table may be of."""
COLUMNS = ("date", "working", "name")
WORKING_WORDS = {
    "1": True, "true": True, "是": True, "班": True,
    "0": False, "false": False, "否": False, "休": False,
}  # fmt: skip
_DATE = re.compile(
    r"([0-9]{4})[-/]([0-9]{1,2})[-/]([0-9]{1,2})"
)  # spreadsheets rewrite 2025-01-01 as 2025/1/1

_FESTIVAL_TABLE = """
    2004 0122 0404 0622 0928   2005 0209 0405 0611 0918   2006 0129 0405 0531 1006
    2007 0218 0405 0619 0925   2008 0207 0404 0608 0914   2009 0126 0404 0528 1003
    2010 0214 0405 0616 0922   2011 0203 0405 0606 0912   2012 0123 0404 0623 0930
    2013 0210 0404 0612 0919   2014 0131 0405 0602 0908   2015 0219 0405 0620 0927
    2016 0208 0404 0609 0915   2017 0128 0404 0530 1004   2018 0216 0405 0618 0924
    2019 0205 0405 0607 0913   2020 0125 0404 0625 1001   2021 0212 0404 0614 0921
    2022 0201 0405 0603 0910   2023 0122 0405 0622 0929   2024 0210 0404 0610 0917
    2025 0129 0404 0531 1006   2026 0217 0405 0619 0925   2027 0206 0405 0609 0915
    2028 0126 0404 0528 1003   2029 0213 0404 0616 0922   2030 0203 0405 0605 0912
    2031 0123 0405 0624 1001   2032 0211 0404 0612 0919   2033 0131 0404 0601 0908
    2034 0219 0405 0620 0927   2035 0208 0405 0610 0916   2036 0128 0404 0530 1004
    2037 0215 0404 0618 0924   2038 0204 0405 0607 0913   2039 0124 0405 0527 1002
    2040 0212 0404 0614 0920   2041 0201 0404 0603 0910   2042 0122 0404 0622 0928
    2043 0210 0405 0611 0917   2044 0130 0404 0531 1005   2045 0217 0404 0619 0925
"""
"""Year, then month and day of 春节（初一）, 清明, 端午 and 中秋; the lunar year is not computed here."""


def _read_festivals(table: str) -> dict[int, tuple[date, ...]]:
    words = table.split()
    rows = (words[at : at + 5] for at in range(0, len(words), 5))
    return {
        int(year): tuple(date(int(year), int(day[:2]), int(day[2:])) for day in days) for year, *days in rows
    }


_FESTIVALS = _read_festivals(_FESTIVAL_TABLE)
