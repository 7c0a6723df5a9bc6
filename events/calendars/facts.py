"""Every fact a calendar's stream may hold, with the name it is stored under."""

from __future__ import annotations

from dataclasses import dataclass

from events.record.codec import Stored
from events.rules.calendar import CalendarDay


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarPublished:
    """放假安排公布: a year's working days; a later publication of the year is a new version in its place."""

    year: int
    version: int
    source: str
    days: tuple[CalendarDay, ...]


FACTS: tuple[Stored, ...] = (Stored(name="calendar-published", type=CalendarPublished),)


def calendar_stream(year: int) -> str:
    """The stream a year's publications are written to."""
    return f"calendar-{year}"
