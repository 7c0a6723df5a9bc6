"""What publications come to: one year's tables, and all calendars in place."""

from __future__ import annotations

from dataclasses import replace

from events.calendars.facts import CalendarPublished
from events.calendars.state import Calendars, Published, YearTables
from events.record.envelope import Recorded
from events.rules.calendar import CalendarYear

CATEGORY = "calendar"


def begin(stream: str) -> YearTables:
    """The year of a stream before its first publication."""
    return YearTables(year=int(stream.partition("-")[2]))


def evolve(tables: YearTables, recorded: Recorded) -> YearTables:
    """The year after one more publication."""
    fact = recorded.fact
    assert isinstance(fact, CalendarPublished)
    table = CalendarYear(year=fact.year, version=fact.version, source=fact.source, days=fact.days)
    published = Published(position=recorded.position, table=table)
    return replace(tables, published=(*tables.published, published), version=recorded.version)


def apply(calendars: Calendars, recorded: Recorded) -> None:
    """Folds a publication into the calendars in place; a fact of any other stream changes nothing."""
    if recorded.stream.partition("-")[0] == CATEGORY:
        before = calendars.years.get(int(recorded.stream.partition("-")[2])) or begin(recorded.stream)
        calendars.add(evolve(before, recorded), recorded.position)
