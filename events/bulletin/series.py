"""通报系列: which bulletins there are, which period each one speaks of, and on which day its draft is due."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from events.vocabulary import BEIJING, Labelled


class Every(Labelled):
    """How often a series appears (M120 to M125, M146)."""

    DAY = "day", "每日"
    WEEK = "week", "每周"
    MONTH = "month", "每月"
    QUARTER = "quarter", "每季"
    HALF_YEAR = "half_year", "每半年"
    YEAR = "year", "每年"
    AD_HOC = "ad_hoc", "一督查一通报"


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One series of bulletins as configured (``[bulletins.<series>]``)."""

    id: str
    name: str
    """As people call it: 月通报."""
    every: Every
    enabled: bool = True
    """Whether the clock drafts it."""
    day: int = 1
    """The draft's day: of the month after the period, or of the week after it (1 is Monday)."""
    since: date | None = None
    """No period that ends before this day is drafted by the clock."""
    title: str = "关于{period}督办事项办理情况的通报"
    """``{period}`` stands for the period in words."""
    template: str = "standard"
    """Which wording the draft is written in."""
    rates_from: str = "year"
    """Rates count matters first assigned since the year began, or in the ``period`` itself."""
    fast: int = 3
    """How many places of a class the fast list names."""
    slow: int = 3
    ranking_basis: str = ""
    """By whose decision units are ranked; empty: no ranking and no fast and slow lists."""
    standing_approval: str = ""
    """By whose standing approval units are named; empty: every naming is approved by itself."""
    open_note: str = "此件公开发布"
    """附注; empty: none."""
    acknowledge_within_working_days: int = 2
    """After so many working days without receipt a unit is reminded."""
    remind_every_working_days: int = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """From the first to the last day, both included."""

    first: date
    last: date

    def overlaps(self, other: Period) -> bool:
        """Whether a day lies in both."""
        return self.first <= other.last and other.first <= self.last


@dataclass(frozen=True, slots=True, kw_only=True)
class AsOf:
    """数据定格: facts up to ``position`` count, and lateness is judged ``at`` this moment."""

    position: int
    at: datetime


def ends_at(period: Period) -> datetime:
    """The last moment of a period."""
    return datetime.combine(period.last, time.max, tzinfo=BEIJING)


def period_of(every: Every, day: date) -> Period:
    """The regular period a day lies in. Raises ValueError for a series without regular periods."""
    match every:
        case Every.DAY:
            return Period(first=day, last=day)
        case Every.WEEK:
            monday = day - timedelta(days=day.weekday())
            return Period(first=monday, last=monday + timedelta(days=6))
        case Every.MONTH | Every.QUARTER | Every.HALF_YEAR | Every.YEAR:
            months = MONTHS[every]
            first = date(day.year, (day.month - 1) // months * months + 1, 1)
            return Period(first=first, last=_months_on(first, months) - timedelta(days=1))
        case Every.AD_HOC:
            raise ValueError("an ad hoc series has no regular periods")


def period_before(every: Every, day: date) -> Period:
    """The last regular period that ended before a day."""
    return period_of(every, period_of(every, day).first - timedelta(days=1))


def due_on(series: Series, period: Period) -> date:
    """The day a period's draft is due: the next day, the n-th of the week after, or of the month after.

    A month without that day has it on its last.
    """
    next_day = period.last + timedelta(days=1)
    match series.every:
        case Every.DAY | Every.AD_HOC:
            return next_day
        case Every.WEEK:
            return next_day + timedelta(days=series.day - 1)
        case Every.MONTH | Every.QUARTER | Every.HALF_YEAR | Every.YEAR:
            last = _months_on(next_day, 1) - timedelta(days=1)
            return min(next_day + timedelta(days=series.day - 1), last)


def due_periods(series: Series, begins: date, today: date) -> Iterator[Period]:
    """The regular periods whose drafts are due by ``today``, the oldest first.

    ``begins`` is the day of the record's first matter: a period before it has nothing to speak of.
    """
    if not series.enabled or series.every is Every.AD_HOC:
        return
    begins = max(begins, series.since) if series.since is not None else begins
    period = period_of(series.every, begins)
    while due_on(series, period) <= today:
        yield period
        period = period_of(series.every, period.last + timedelta(days=1))


def in_words(every: Every, period: Period) -> str:
    """A period as a title says it: 2026年6月份; days where it is no regular one."""
    if every is Every.AD_HOC or period != period_of(every, period.first):
        return _days_in_words(period)
    first = period.first
    match every:
        case Every.DAY:
            return _day(first)
        case Every.WEEK:
            year, week, _ = first.isocalendar()
            return f"{year}年第{week}周"
        case Every.MONTH:
            return f"{first.year}年{first.month}月份"
        case Every.QUARTER:
            return f"{first.year}年第{'一二三四'[(first.month - 1) // 3]}季度"
        case Every.HALF_YEAR:
            return f"{first.year}年{'上' if first.month == 1 else '下'}半年"
        case Every.YEAR:
            return f"{first.year}年度"


def _days_in_words(period: Period) -> str:
    first, last = period.first, period.last
    if first == last:
        return _day(first)
    if first.year != last.year:
        return f"{_day(first)}至{_day(last)}"
    until = f"{last.day}日" if first.month == last.month else f"{last.month}月{last.day}日"
    return f"{_day(first)}至{until}"


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _months_on(first: date, months: int) -> date:
    """The first of the month so many months on."""
    years, month = divmod(first.month - 1 + months, 12)
    return date(first.year + years, month + 1, 1)


MONTHS = {Every.MONTH: 1, Every.QUARTER: 3, Every.HALF_YEAR: 6, Every.YEAR: 12}

PRESETS: Mapping[str, Series] = {
    series.id: series
    for series in (
        Series(id="daily", name="日通报", every=Every.DAY, enabled=False),
        Series(id="weekly", name="周通报", every=Every.WEEK),
        Series(id="monthly", name="月通报", every=Every.MONTH, day=5),
        Series(id="quarterly", name="季通报", every=Every.QUARTER, day=10),
        Series(id="half_year", name="半年通报", every=Every.HALF_YEAR, day=15),
        Series(id="yearly", name="年通报", every=Every.YEAR, day=20),
        Series(
            id="ad_hoc",
            name="督查通报",
            every=Every.AD_HOC,
            title="关于{subject}的通报",
            rates_from="period",
        ),
    )
}
"""The series there are without configuration."""
