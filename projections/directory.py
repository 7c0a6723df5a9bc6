"""The directory kept in memory: where its facts lie in the record, and readers that look for newer ones."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict

from sqlalchemy import Column, MetaData, Table

from events.directory.folding import CATEGORIES, apply
from events.directory.state import Directory
from events.record.sql import Driver, plain_text
from events.record.store import COLUMNS, Store
from events.record.tables import BIG
from projections.loading import load_rows
from projections.projection import Followed, Projection


def tables(suffix: str = "") -> tuple[Table]:
    """One row per fact of a unit, a person or a user."""
    position = Column("position", BIG, primary_key=True, autoincrement=False)
    return (Table(f"directory_facts{suffix}", MetaData(), position),)


(directory_facts,) = tables()
STREAMS = tuple(f"{category}-" for category in CATEGORIES)
KEPT = 4
"""How many past directories are kept at hand."""
A_MOMENT = 0.1
"""Seconds."""

_LAST = plain_text("SELECT max(position) FROM directory_facts")
_LAST_UP_TO = plain_text("SELECT max(position) FROM directory_facts WHERE position <= ?")
_BETWEEN = plain_text(
    f"SELECT {', '.join(f'e.{name}' for name in COLUMNS.split(', '))} FROM directory_facts d"
    " JOIN events e ON e.position = d.position WHERE d.position > ? AND d.position <= ? ORDER BY d.position"
)


def projection(suffix: str = "") -> Projection:
    """The places of the directory's facts on their own table."""
    (table,) = tables(suffix)

    def apply_places(driver: Driver, followed: Followed) -> None:
        load_rows(driver, table, [(r.position,) for r in followed.recorded if r.stream.startswith(STREAMS)])

    return Projection(name="directory", tables=(table,), apply=apply_places)


class DirectoryReader:
    """Gives the directory. One handed out is never changed: newer facts are folded into a copy."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._now = Directory()
        self._looked_at = float("-inf")
        self._past: OrderedDict[int, Directory] = OrderedDict()

    def now(self) -> Directory:
        """The directory with everything committed so far; costs one cheap question when nothing is new."""
        looked_at = time.monotonic()
        with self._store.database.reader() as driver:
            last = _last(driver)
            self._looked_at = looked_at
            if last == self._now.position:
                return self._now
            with self._lock:
                if last > self._now.position:
                    self._now = self._folded(driver, self._now, last)
                return self._now

    def recent(self) -> Directory:
        """The directory as last looked at, where that was a moment ago; for decisions, which look again on a no.

        This process calls ``now`` after each of its own changes; only another process's may be missed for a moment.
        """
        if time.monotonic() - self._looked_at < A_MOMENT:
            return self._now
        return self.now()

    def at(self, position: int | None) -> Directory:
        """The directory as recorded up to a position (None: now)."""
        current = self.now()
        if position is None or position >= current.position:
            return current
        with self._lock, self._store.database.reader() as driver:
            last = int(driver.rows(_LAST_UP_TO, (position,))[0][0] or 0)
            found = self._past.pop(last, None) or self._folded(driver, Directory(), last)
            self._past[last] = found
            while len(self._past) > KEPT:
                self._past.popitem(last=False)
            return found

    def _folded(self, driver: Driver, base: Directory, upto: int) -> Directory:
        directory = Directory(
            units=dict(base.units),
            people=dict(base.people),
            users=dict(base.users),
            stand_ins=dict(base.stand_ins),
            position=base.position,
        )
        for recorded in self._store.recorded(driver.rows(_BETWEEN, (base.position, upto))):
            apply(directory, recorded)
        return directory


def _last(driver: Driver) -> int:
    return int(driver.rows(_LAST)[0][0] or 0)
