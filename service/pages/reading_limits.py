"""Limits as people type them in a form: words, a date, or a bare month and day."""

from __future__ import annotations

import re
from datetime import date

from events.rules.calendar import WorkingDays
from events.rules.deadlines import UnreadableLimit, read_limit, reckon


def limit_fields(typed: str, starts: str) -> dict[str, str]:
    """A limit as typed in the fields of a command: a date, or words."""
    if not typed:
        return {}
    more = {"starts": starts} if starts else {}
    if _ISO_DAY.fullmatch(typed):
        year, month, day = typed.split("-")
        return {"due_on": f"{year}-{month:0>2}-{day:0>2}", **more}
    if bare := _BARE_DAY.fullmatch(typed):
        return {"time_limit": f"{bare[1]}月{bare[2]}日前", **more}
    return {"time_limit": typed, **more}


def limit_text(typed: str) -> str:
    """A limit as it is read: dates in the forms a field takes become words."""
    read = limit_fields(typed.strip(), "")
    return read.get("time_limit") or read.get("due_on", "")


def day_of(typed: str, *, today: date, calendar: WorkingDays) -> date:
    """A day as typed: a date, or words counted from today. Raises UnreadableLimit, DueBeforeStart."""
    if _ISO_DAY.fullmatch(typed.strip()):
        try:
            return date.fromisoformat(limit_text(typed))
        except ValueError:
            raise UnreadableLimit(f"没有 {typed.strip()} 这一天；核对月和日再写。") from None
    return reckon(read_limit(limit_text(typed)), start=today, calendar=calendar).due_on


_ISO_DAY = re.compile(r"\d{4}-\d{1,2}-\d{1,2}")
_BARE_DAY = re.compile(r"(\d{1,2})[./-](\d{1,2})")
