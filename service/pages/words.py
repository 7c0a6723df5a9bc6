"""How days, moments, counts and sizes are written for people."""

from __future__ import annotations

import re
from datetime import date, datetime

from events.vocabulary import BEIJING
from service import lights

WEEKDAYS = "一二三四五六日"
KIB = 1024


short_day = lights.short_day


def full_day(day: date, today: date) -> str:
    """“6月30日（周一）”; with the year where it is not this one."""
    return f"{short_day(day, today)}（周{WEEKDAYS[day.weekday()]}）"


def long_day(day: date) -> str:
    """“2025年6月25日 周三”, for the masthead."""
    return f"{day.year}年{day.month}月{day.day}日 周{WEEKDAYS[day.weekday()]}"


def beijing(moment: datetime) -> datetime:
    """The same moment on Beijing's clock."""
    return moment.astimezone(BEIJING)


def hour(moment: datetime) -> str:
    """“08:05”."""
    return f"{beijing(moment):%H:%M}"


def day_and_hour(moment: datetime, today: date) -> str:
    """“6月24日 17:10”."""
    return f"{short_day(beijing(moment).date(), today)} {hour(moment)}"


def whole_moment(moment: datetime) -> str:
    """“2008年6月25日 周三 09:40”."""
    return f"{long_day(beijing(moment).date())} {hour(moment)}"


def for_input(moment: datetime) -> str:
    """A moment as a datetime-local field holds it."""
    return f"{beijing(moment):%Y-%m-%dT%H:%M}"


def place_in_record(position: int) -> str:
    """“第 47,920 位”."""
    return f"第 {position:,} 位"


def file_size(size: int) -> str:
    """“1.2 MB”, “12 KB”."""
    if size >= KIB * KIB:
        return f"{size / (KIB * KIB):.1f} MB"
    return f"{max(1, round(size / KIB))} KB"


def stored_number(text: str) -> str:
    """The number as the record keeps it, where the text is one as people write it; else the text."""
    written = _OFFICIAL.fullmatch(text.strip())
    return f"{written['year']}-{written['serial']:0>5}{written['part']}" if written else text


_OFFICIAL = re.compile(
    r"[^\d〔〕]{0,12}〔(?P<year>\d{4})〕\s*第?(?P<serial>\d{1,7})(?P<part>(?:-\d{1,3})*)号?"
)


def joined(*parts: str | None) -> str:
    """Meta parts in one line, empty ones left out."""
    return " · ".join(part for part in parts if part)
