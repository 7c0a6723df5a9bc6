"""The working-day tables published so far, as values one can ask now and as of a position."""

from __future__ import annotations

from dataclasses import dataclass, field

from events.rules.calendar import CalendarYear, WorkingDays


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """One publication and its place in the record."""

    position: int
    table: CalendarYear


@dataclass(frozen=True, slots=True, kw_only=True)
class YearTables:
    """A year's publications, oldest first."""

    year: int
    published: tuple[Published, ...] = ()
    version: int = 0
    """Of the stream."""

    @property
    def standing(self) -> CalendarYear | None:
        """The table in force; None while the year is not published."""
        return self.published[-1].table if self.published else None

    def at(self, position: int) -> CalendarYear | None:
        """The table in force as of a position."""
        known = (p.table for p in reversed(self.published) if p.position <= position)
        return next(known, None)


@dataclass(slots=True, kw_only=True)
class Calendars:
    """Every year's publications. Readers only ask; ``folding.apply`` adds."""

    years: dict[int, YearTables] = field(default_factory=dict)
    position: int = 0
    """Position of the newest publication folded in."""
    _now: WorkingDays | None = None

    def working_days(self, position: int | None = None) -> WorkingDays:
        """The working days as known now, or as of a position. Asked again without a new publication: the same one."""
        if position is not None and position < self.position:
            return WorkingDays([t for y in self._in_order() if (t := y.at(position)) is not None])
        if self._now is None:
            self._now = WorkingDays([t for y in self._in_order() if (t := y.standing) is not None])
        return self._now

    def copy(self) -> Calendars:
        """Another collection of the same publications, to fold more into."""
        return Calendars(years=dict(self.years), position=self.position, _now=self._now)

    def add(self, tables: YearTables, position: int) -> None:
        """Puts a year's publications in place of the earlier ones."""
        self.years[tables.year] = tables
        self.position = max(self.position, position)
        self._now = None

    def _in_order(self) -> list[YearTables]:
        return [self.years[year] for year in sorted(self.years)]
