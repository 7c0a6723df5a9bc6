"""Comparing the live projections with ones built anew from the record, row by row; nothing live is changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Integer, LargeBinary, MetaData, Table

from events.record.connections import Database
from events.record.sql import Driver, Row, plain_text
from events.record.store import read_head
from events.record.writer import Writer
from events.refusals import Unavailable
from projections.following import Following
from projections.projection import FULL_TEXT, Projection
from projections.rebuilding import build, catch_up, drop, follow_on

SIDE = "__check"
SHOWN = 5
"""Differences named per table."""
ATTEMPTS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One row that is not as the record has it."""

    projection: str
    table: str
    key: tuple[Any, ...]
    kept: Mapping[str, Any] | None
    """The live row; None where it is missing."""
    built: Mapping[str, Any] | None
    """The row the record gives; None where there should be none."""

    def __str__(self) -> str:
        if not self.table:
            return f"{self.projection}：不是由本版程序建的，先运行 duban rebuild {self.projection}"
        where = f"{self.projection} 表 {self.table} 键 {self.key}"
        if self.kept is None or self.built is None:
            return f"{where}：{'缺一行' if self.kept is None else '多一行'}"
        odd = (f"{n} 是 {v!r}，应为 {self.built[n]!r}" for n, v in self.kept.items() if v != self.built[n])
        return f"{where}：{'；'.join(odd)}"


def compare(following: Following, names: Sequence[str], writer: Writer | None = None) -> list[Difference]:
    """The first differences of each table (of all projections where none is named); empty where all is right.

    Both sides are read at one position. Under writes that never pause, the last attempt runs inside ``writer``.
    Raises UnknownProjection, and Unavailable where there is no ``writer``.
    """
    wanted = tuple(names) or following.names
    stale = set(following.stale()) & set(wanted)
    sound = tuple(name for name in wanted if name not in stale)
    found = [
        Difference(projection=name, table="", key=(), kept=None, built=None)
        for name in wanted
        if name in stale
    ]
    side, live = following.made_on(SIDE, sound), following.made_on("", sound)
    try:
        found += _compare(following, live, side, build(following, side, SIDE), writer)
    finally:
        drop(following, side)
    return found


def _compare(
    following: Following,
    live: Sequence[Projection],
    side: Sequence[Projection],
    position: int,
    writer: Writer | None,
) -> list[Difference]:
    database = following.store.database
    for _ in range(ATTEMPTS):
        position = catch_up(following, side, position)
        with database.transaction() as driver:
            position = follow_on(driver, following, side, position)
        with _snapshot(database) as driver:
            if read_head(driver).position == position:
                return list(_differences(driver, live, side))
    if writer is None:
        raise Unavailable("记录一直在写入，来不及比对；请在清闲时再试。")
    found: list[Difference] = []

    def work(driver: Driver) -> None:
        follow_on(driver, following, side, position)
        found.extend(_differences(driver, live, side))

    writer.do(work)
    return found


@contextmanager
def _snapshot(database: Database) -> Iterator[Driver]:
    with database.reader() as driver:
        driver.say("BEGIN" if driver.engine == "sqlite" else "BEGIN ISOLATION LEVEL REPEATABLE READ")
        try:
            yield driver
        finally:
            driver.say("ROLLBACK")


def _differences(
    driver: Driver, live: Sequence[Projection], side: Sequence[Projection]
) -> Iterator[Difference]:
    for kept, built in zip(live, side, strict=True):
        for one, other in zip(_readable(driver, kept), _readable(driver, built), strict=True):
            yield from _rows_that_differ(driver, kept, one, other)


def _readable(driver: Driver, of: Projection) -> Iterator[Table]:
    """The tables as they can be read: of SQLite's full text, what it keeps of each document (key, sizes)."""
    for table in of.tables:
        if driver.engine == "sqlite" and table.info.get(FULL_TEXT):
            sizes = (Column("id", Integer, primary_key=True), Column("sz", LargeBinary))
            yield Table(f"{table.name}_docsize", MetaData(), *sizes)
        else:
            yield table


def _rows_that_differ(driver: Driver, of: Projection, kept: Table, built: Table) -> Iterator[Difference]:
    only_kept = _differing(driver, kept, built, of.meant)
    only_built = _differing(driver, built, kept, of.meant)
    for key in sorted({*only_kept, *only_built})[:SHOWN]:
        yield Difference(
            projection=of.name, table=kept.name, key=key, kept=only_kept.get(key), built=only_built.get(key)
        )


def _differing(driver: Driver, one: Table, other: Table, meant: str) -> dict[Row, dict[str, Any]]:
    """Rows of one table that the other does not hold in the very same way, by key."""
    columns = [column.name for column in one.columns]
    keys = [column.name for column in one.primary_key.columns]
    same_key = " AND ".join(f'other."{key}" = one."{key}"' for key in keys)
    unlike = "IS NOT" if driver.engine == "sqlite" else "IS DISTINCT FROM"
    differs = " OR ".join(f'one."{name}" {unlike} other."{name}"' for name in columns)
    listed, ordered = (", ".join(f'one."{name}"' for name in names) for names in (columns, keys))
    statement = plain_text(
        f'SELECT {listed} FROM "{one.name}" one LEFT JOIN "{other.name}" other ON {same_key}'
        f" WHERE ({differs}){f' AND one.{meant}' if meant else ''} ORDER BY {ordered} LIMIT {SHOWN}"
    )
    found = (dict(zip(columns, row, strict=True)) for row in driver.rows(statement))
    return {tuple(row[key] for key in keys): row for row in found}
