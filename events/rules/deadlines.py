"""时限: reads a limit as people write it, reckons its last day, and says how late a day is."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import assert_never

from events.refusals import Invalid
from events.rules.calendar import Reckoned, WorkingDays
from events.vocabulary import Light, Stage, Starts


class UnreadableLimit(Invalid):
    """A 时限 in none of the known forms, or with an absurd number or date (422)."""

    code = "unreadable-limit"


class DueBeforeStart(Invalid):
    """The last day would lie before the day the clock starts (422)."""

    code = "due-before-start"


class LimitUnit(StrEnum):
    """What a limit is counted in, or which day it names."""

    CALENDAR_DAYS = "calendar_days"
    WORKING_DAYS = "working_days"
    MONTHS = "months"
    ON_DATE = "on_date"
    MONTH_END = "month_end"
    YEAR_END = "year_end"
    IMMEDIATE = "immediate"


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeLimit:
    """时限 as read, before it is tied to a start day."""

    text: str
    """As typed."""
    unit: LimitUnit
    amount: int = 0
    """Days, working days or months; 1 for 立行立改; 0 where a day is named."""
    year: int | None = None
    """None: of the start's year, or for a bare month and day the first on or after the start."""
    month: int | None = None
    """None in a month's end: of the start's month (本月底前)."""
    day: int = 0
    """0 where no day is named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """The last day of a limit, inclusive until 24:00, with what it was reckoned by."""

    due_on: date
    provisional: bool
    """暂定: counted through a year whose working days are not published."""
    calendar_versions: tuple[tuple[int, int], ...]
    """(year, version) of every published calendar used; empty where no working days were counted."""
    in_working_days: bool
    words: str
    """How it was counted, for people: “自交办次日起20个工作日内，含末日24:00”."""


def read_limit(text: str) -> TimeLimit:
    """Reads a limit written as in the contract's "Time limits"; blanks and full-width forms change nothing.

    An opening 于, 在, 应于, 务必于 and a closing 完成, 办结, 整改到位 are skipped. Raises UnreadableLimit.
    """
    plain = _BLANK.sub("", text.translate(_HALF_WIDTH))
    core = _SURROUNDED.fullmatch(plain) if len(text) <= LONGEST_TEXT else None
    if core is not None:
        for form, read in _FORMS:
            if match := form.fullmatch(core["core"]):
                return read(text, match)
    raise UnreadableLimit(
        f"时限“{_shortened(text)}”读不懂，请写成这样之一：7日内、15个工作日内、两个月内、2008年6月30日前、6月30日前、"
        "2008.6.30、6月底前、年底前、立行立改、立即；中文数字读到六十，更大的请用阿拉伯数字。"
    )


def reckon(limit: TimeLimit, *, start: date, calendar: WorkingDays, starts: Starts = Starts.ASSIGNED) -> Due:
    """The last day of ``limit`` for a clock started on ``start``, a day that is itself never counted.

    A last day on a rest day stays where it is. ``starts`` only chooses the words. Raises DueBeforeStart, and
    UnreadableLimit for a day more than 50 years on.
    """
    reckoned = _last_day(limit, start, calendar)
    due_on = checked_due_on(reckoned.on, start=start)
    return Due(
        due_on=due_on,
        provisional=reckoned.provisional,
        calendar_versions=reckoned.versions,
        in_working_days=limit.unit in _IN_WORKING_DAYS,
        words=_WORDS[limit.unit].format(start=_START_WORDS[starts], amount=limit.amount, due=due_on),
    )


def checked_due_on(due_on: date, *, start: date) -> date:
    """``due_on`` itself, where a clock started on ``start`` can have it; the start day is allowed.

    Raises DueBeforeStart for an earlier day, UnreadableLimit for one more than 50 years on.
    """
    if due_on < start:
        raise DueBeforeStart(f"期限{due_on}早于起算日{start}，请改为起算日当天或以后的日子。")
    if due_on > _months_on(start, FURTHEST_MONTHS):
        raise UnreadableLimit(f"期限{due_on}离起算日{start}超过五十年，请核对年份或数目。")
    return due_on


def moved_by_calendar_days(due_on: date, days: int) -> date:
    """``due_on`` put off by so many calendar days; raises ValueError for days below 0."""
    if days < 0:
        raise ValueError(f"days is {days}, expected 0 or more")
    return due_on + timedelta(days=days)


def moved_by_working_days(due_on: date, days: int, calendar: WorkingDays) -> Reckoned:
    """``due_on`` put off by so many working days, itself for 0; raises ValueError for days below 0."""
    if days == 0:
        return Reckoned(on=due_on, provisional=False, versions=())
    return calendar.nth_working_day_after(due_on, days)


def days_late(due_on: date, judged_on: date) -> int:
    """逾期天数: calendar days from the last day to the day judged, 0 if none."""
    return max(0, (judged_on - due_on).days)


def working_days_late(due_on: date, judged_on: date, calendar: WorkingDays) -> int:
    """逾期工作日数: working days after the last day up to and including the day judged, 0 if none."""
    return calendar.working_days_between(due_on, judged_on)


def light(*, stage: Stage, due_on: date | None, judged_on: date, today: date, calendar: WorkingDays) -> Light:
    """The lamp beside a limit (contract: HTTP): red when late, yellow in the last 3 working days, else green.

    ``judged_on`` is the day lateness is judged on: ``today``, or the day of the standing completion report.
    No lamp while suspended or once ended; green while there is no due day.
    """
    if stage is Stage.SUSPENDED or stage.ended:
        return Light.NONE
    if due_on is None:
        return Light.GREEN
    if days_late(due_on, judged_on) > 0:
        return Light.RED
    if today <= due_on and calendar.working_days_between(today, due_on) <= YELLOW_WORKING_DAYS:
        return Light.YELLOW
    return Light.GREEN


def _last_day(limit: TimeLimit, start: date, calendar: WorkingDays) -> Reckoned:
    year = limit.year or start.year
    month = limit.month or start.month
    match limit.unit:
        case LimitUnit.WORKING_DAYS | LimitUnit.IMMEDIATE:
            return calendar.nth_working_day_after(start, limit.amount)
        case LimitUnit.CALENDAR_DAYS:
            on = start + timedelta(days=limit.amount)
        case LimitUnit.MONTHS:
            on = _months_on(start, limit.amount)
        case LimitUnit.MONTH_END:
            on = date(year, month, monthrange(year, month)[1])
        case LimitUnit.YEAR_END:
            on = date(year, 12, 31)
        case LimitUnit.ON_DATE:
            on = date(year, month, limit.day) if limit.year else _first_on_or_after(start, month, limit.day)
        case _:
            assert_never(limit.unit)
    return Reckoned(on=on, provisional=False, versions=())


def _months_on(start: date, months: int) -> date:
    years, month = divmod(start.month - 1 + months, 12)
    year, month = start.year + years, month + 1
    return date(year, month, min(start.day, monthrange(year, month)[1]))


def _first_on_or_after(start: date, month: int, day: int) -> date:
    year = start.year if (month, day) >= (start.month, start.day) else start.year + 1
    while day > monthrange(year, month)[1]:  # 2月29日 waits for a leap year
        year += 1
    return date(year, month, day)


def _read_counted(text: str, match: re.Match[str]) -> TimeLimit:
    amount = _number(match["amount"])
    if not 1 <= amount <= MOST:
        raise UnreadableLimit(f"时限“{_shortened(text)}”的数目不合情理，请写1到{MOST}之间的数。")
    return TimeLimit(text=text, unit=_COUNTED_UNITS[match["unit"]], amount=amount)


def _read_day(text: str, match: re.Match[str]) -> TimeLimit:
    year, month, day = _year(text, match), _number(match["month"]), _number(match["day"])
    longest = monthrange(year or A_LEAP_YEAR, month)[1] if 1 <= month <= 12 else 0
    if not 1 <= day <= longest:
        raise UnreadableLimit(f"时限“{_shortened(text)}”中的日子日历上没有，请核对月份和日期。")
    return TimeLimit(text=text, unit=LimitUnit.ON_DATE, year=year, month=month, day=day)


def _read_month_end(text: str, match: re.Match[str]) -> TimeLimit:
    month = _number(match["month"]) if match["month"] else None
    if month is not None and not 1 <= month <= 12:
        raise UnreadableLimit(f"时限“{_shortened(text)}”中的月份不对，请写1到12月。")
    return TimeLimit(text=text, unit=LimitUnit.MONTH_END, year=_year(text, match), month=month)


def _read_year_end(text: str, match: re.Match[str]) -> TimeLimit:
    return TimeLimit(text=text, unit=LimitUnit.YEAR_END, year=_year(text, match))


def _read_immediate(text: str, _match: re.Match[str]) -> TimeLimit:
    return TimeLimit(text=text, unit=LimitUnit.IMMEDIATE, amount=1)


def _year(text: str, match: re.Match[str]) -> int | None:
    year = int(match["year"]) if match["year"] else None
    if year is not None and year < EARLIEST_YEAR:
        raise UnreadableLimit(f"时限“{_shortened(text)}”的年份早于{EARLIEST_YEAR}年，请核对。")
    return year


def _number(written: str) -> int:
    return 2 if written == "两" else NUMERALS.get(written) or int(written)


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST_TEXT else text[:LONGEST_TEXT] + "…"


def _numerals() -> dict[str, int]:
    """一 to 六十."""
    ones = ("", *"一二三四五六七八九")
    tens = ("", "十", *(f"{one}十" for one in ones[2:6]))
    below_sixty = {ten + one: 10 * t + o for t, ten in enumerate(tens) for o, one in enumerate(ones) if t + o}
    return {**below_sixty, "六十": 60}


NUMERALS = _numerals()
MOST = 3650
"""The largest amount taken for meant."""
EARLIEST_YEAR = 1949
FURTHEST_MONTHS = 50 * 12
YELLOW_WORKING_DAYS = 3
LONGEST_TEXT = 40
A_LEAP_YEAR = 2000

_START_WORDS = {Starts.ASSIGNED: "自交办次日起", Starts.ACKNOWLEDGED: "自签收次日起"}
_WORDS = {
    LimitUnit.CALENDAR_DAYS: "{start}{amount}日内，含末日24:00",
    LimitUnit.WORKING_DAYS: "{start}{amount}个工作日内，含末日24:00",
    LimitUnit.MONTHS: "{start}{amount}个月内，含末日24:00",
    LimitUnit.ON_DATE: "{due.year}年{due.month}月{due.day}日前，含当日24:00",
    LimitUnit.MONTH_END: "{due.year}年{due.month}月底前，含末日24:00",
    LimitUnit.YEAR_END: "{due.year}年年底前，含末日24:00",
    LimitUnit.IMMEDIATE: "立行立改，{start}第1个工作日内，含当日24:00",
}
_IN_WORKING_DAYS = frozenset({LimitUnit.WORKING_DAYS, LimitUnit.IMMEDIATE})
_COUNTED_UNITS = {
    "日": LimitUnit.CALENDAR_DAYS,
    "天": LimitUnit.CALENDAR_DAYS,
    "个自然日": LimitUnit.CALENDAR_DAYS,
    "个工作日": LimitUnit.WORKING_DAYS,
    "个月": LimitUnit.MONTHS,
}

_HALF_WIDTH: dict[int, int | str] = {0x3000: " ", **{wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)}}
_BLANK = re.compile(r"(?<![0-9])\s+|\s+(?![0-9])")  # not between two digits: “1 5日内” stays unreadable
_SURROUNDED = re.compile(r"(?:(?:应|务必)?[于在])?(?P<core>.+?)(?:完成|办结|整改到位)?")
_NUMBER = f"(?:[0-9]+|{'|'.join(sorted(NUMERALS, key=len, reverse=True))})"
_YEAR = r"(?P<year>[0-9]{4})"
_MONTH = rf"(?P<month>{_NUMBER})月"
_FORMS: tuple[tuple[re.Pattern[str], Callable[[str, re.Match[str]], TimeLimit]], ...] = tuple(
    (re.compile(form), read)
    for form, read in (
        (rf"(?P<amount>两|{_NUMBER})(?P<unit>{'|'.join(_COUNTED_UNITS)})内", _read_counted),
        (rf"(?:{_YEAR}年)?{_MONTH}(?P<day>{_NUMBER})日前?", _read_day),
        (rf"{_YEAR}(?P<mark>[./-])(?P<month>[0-9]{{1,2}})(?P=mark)(?P<day>[0-9]{{1,2}})前?", _read_day),
        (rf"(?:本?月|(?:{_YEAR}年)?{_MONTH})底前", _read_month_end),
        (rf"(?:{_YEAR}年?)?年底前", _read_year_end),
        (r"立行立改|立即", _read_immediate),
    )
)
