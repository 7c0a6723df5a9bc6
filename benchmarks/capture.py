"""What the service writes, transaction by transaction, taken down while it writes; and the same written barely."""

from __future__ import annotations

import re
import sqlite3
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import psycopg

from events.record import transacting
from events.record.connections import WRITING
from events.record.sql import Driver, Row, Statement
from projections import writing as many

_WRITTEN = re.compile(r'\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+"?(\w+)', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Said:
    """One statement and the rows it was run with."""

    text: str
    rows: Sequence[Row]
    many: bool
    touched: int


@dataclass(slots=True)
class Taken:
    """The transactions of a run, each a list of writing statements."""

    transactions: list[list[Said]] = field(default_factory=list)

    def rows_by_table(self, since: int) -> Counter[str]:
        """How many rows were written to each table from transaction number ``since`` on."""
        counted: Counter[str] = Counter()
        for said in (said for one in self.transactions[since:] for said in one):
            found = _WRITTEN.match(said.text)
            if found:
                counted[found.group(1)] += said.touched
        return counted


@contextmanager
def taken_down() -> Iterator[Taken]:
    """Takes down what every writer opened inside writes. PostgreSQL's COPY is put off: rows go as the same JSON."""
    taken = Taken()
    now: list[Said] = []

    class Noting(Driver):
        __slots__ = ()

        def run(self, statement: Statement, rows: Sequence[Row]) -> None:
            super().run(statement, rows)
            if rows:
                now.append(Said(statement.compiled(self.engine)[0], rows, True, len(rows)))

        def change(self, statement: Statement, parameters: Row = ()) -> int:
            touched = super().change(statement, parameters)
            now.append(Said(statement.compiled(self.engine)[0], (parameters,), False, touched))
            return touched

        def say(self, sql: str) -> None:
            super().say(sql)
            if sql == "COMMIT" and now:
                taken.transactions.append(now.copy())
            now.clear()

    few = many.FEW
    many.FEW = 10**9
    setattr(transacting, "Driver", Noting)  # noqa: B010 - a name the module imports, not one it offers
    try:
        yield taken
    finally:
        many.FEW = few
        setattr(transacting, "Driver", Driver)  # noqa: B010 - the same


def written_barely(path: str, taken: Taken, since: int) -> float:
    """Seconds bare ``sqlite3`` takes for the transactions from ``since`` on, durably, on a copy of the first state."""
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in WRITING:
        connection.execute(f"PRAGMA {pragma}")
    return _replayed(connection, taken, since, "BEGIN IMMEDIATE")


def written_barely_postgresql(dsn: str, taken: Taken, since: int) -> float:
    """As ``written_barely``, by psycopg."""
    connection: Any = psycopg.connect(
        dsn, autocommit=True, prepare_threshold=None, options="-c synchronous_commit=on"
    )
    return _replayed(connection, taken, since, "BEGIN")


def _replayed(connection: Any, taken: Taken, since: int, begin: str) -> float:
    cursor = connection.cursor()
    try:
        _replay(cursor, taken.transactions[:since], begin)
        started = time.perf_counter()
        _replay(cursor, taken.transactions[since:], begin)
        return time.perf_counter() - started
    finally:
        connection.close()


def _replay(cursor: Any, transactions: Sequence[Sequence[Said]], begin: str) -> None:
    for transaction in transactions:
        cursor.execute(begin)
        for said in transaction:
            if said.many:
                cursor.executemany(said.text, said.rows)
            else:
                cursor.execute(said.text, said.rows[0])
        cursor.execute("COMMIT")
