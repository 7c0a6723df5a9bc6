"""The published working days, kept in memory and asked as of now or of any position."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass

from events.calendars.folding import apply
from events.calendars.state import Calendars
from events.record.sql import plain_text
from events.record.store import Store
from events.rules.calendar import WorkingDays
from projections.directory import A_MOMENT

_LAST = plain_text(
    "SELECT max(last_position) FROM streams WHERE stream >= 'calendar-' AND stream < 'calendar.'"
)
_STREAMS = plain_text(
    "SELECT stream FROM streams WHERE stream >= 'calendar-' AND stream < 'calendar.' ORDER BY stream"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    position: int
    calendars: Calendars


class CalendarReader:
    """Gives the calendars; looks each time whether a newer year was published, by one cheap question."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._known: _Known | None = None
        self._looked_at = float("-inf")
        self.checked = 0
        """Position of the newest publication whose limits were recomputed; this process's memory only."""

    def calendars(self) -> Calendars:
        """Every published year with its versions, as of now."""
        looked_at = time.monotonic()
        with self._store.database.reader() as driver:
            last = int(driver.rows(_LAST)[0][0] or 0)
        self._looked_at = looked_at
        known = self._known
        if known is not None and known.position == last:
            return known.calendars
        with self._lock:
            if self._known is None or self._known.position != last:
                self._known = _Known(position=last, calendars=self._read(last))
            return self._known.calendars

    def now(self) -> WorkingDays:
        """The working days as published now."""
        return self.calendars().working_days()

    def recent(self) -> WorkingDays:
        """The working days as last looked at, where that was a moment ago; for decisions, which look again on a no."""
        known = self._known
        if known is not None and time.monotonic() - self._looked_at < A_MOMENT:
            return known.calendars.working_days()
        return self.now()

    def at(self, position: int | None) -> WorkingDays:
        """The working days as published up to a position (None: now)."""
        return self.now() if position is None else self.calendars().working_days(position)

    def _read(self, last: int) -> Calendars:
        calendars = Calendars()
        with self._store.database.reader() as driver:
            for (stream,) in driver.rows(_STREAMS):
                for recorded in self._store.stream_on(driver, stream, up_to=last):
                    apply(calendars, recorded)
        return calendars
