"""搬家: the whole record and its letters and accounts from one database into another, checked by the chain."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from sqlalchemy import Connection, Table, select

from events.record.connections import Database, begin, open_database
from events.record.sql import Driver, delete_where, plain_text
from events.record.store import Store, read_head
from events.record.verifying import Verified, verify
from events.refusals import Conflict, Invalid
from service.alone import only_server
from service.runtime import CODEC, open_runtime
from service.settings import DatabaseSettings, Settings
from service.storage.migrating import METADATA, migrate, migrated

PAGE = 5_000
"""Rows read and written at a time; bounds memory whatever the size of the record."""
_ANY = plain_text("SELECT 1 FROM log_head")

Progress = Callable[[str, int], None]
"""Called with a table's name and how many of its rows are over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """What went over: how many facts, and the root over them on both sides."""

    facts: int
    root: bytes
    rows: int


def move(settings: Settings, to_url: str, progress: Progress) -> Moved:
    """Copies every stored table to an empty database, verifies the chain there and builds the read models.

    The source is not changed and takes no commands meanwhile. Nothing is left half done: a target that was not
    finished holds no record and can be moved to again. Raises Invalid for an address that is no database, or a record
    that is broken; Conflict where the target has a record, or a server runs on the source.
    """
    target_settings = replace(settings, database=DatabaseSettings(url=to_url))
    source = open_database(settings.database_url)
    target = _opened(target_settings.database_url)
    try:
        with only_server(settings):
            moved = _copy(source, target, progress)
    finally:
        source.close()
        target.close()
    _build(target_settings)
    return moved


def _opened(url: str) -> Database:
    try:
        return open_database(url)
    except ValueError as error:
        raise Invalid(f"{error}；搬到的地方写成 postgresql://用户@主机/库。", code="bad-url") from error


def _copy(source: Database, target: Database, progress: Progress) -> Moved:
    if not migrated(source):
        raise Invalid("这里没有记录，或版本不同；先运行 duban init 或 duban upgrade。", code="no-record")
    migrate(target)
    with target.reader() as driver:
        if driver.rows(_ANY):
            raise Conflict("要搬去的数据库里已经有一份记录；换一个空的数据库再搬。", code="record-there")
    with _standing_still(source) as reading:
        before = read_head(reading)
        tables = [table for metadata in METADATA for table in metadata.sorted_tables]
        rows = _copy_tables(source, target, tables, progress)
    found = verify(Store(target, CODEC))
    _same_end(found, before.position)
    return Moved(facts=found.facts, root=found.root, rows=rows)


def _same_end(found: Verified, position: int) -> None:
    if found.broken is not None or found.facts != position:
        broken = found.broken
        where = (
            f"第 {broken.position} 位：{broken.what}"
            if broken
            else f"应有 {position} 条，只有 {found.facts} 条"
        )
        raise Invalid(
            f"搬过去的记录与原来的不一致（{where}）；先在原处运行 duban verify 查明，再换一个空的数据库重搬。",
            code="bad-move",
        )


@contextmanager
def _standing_still(source: Database) -> Iterator[Driver]:
    """Holds the head, so that no process appends while rows are read; nothing is written."""
    with source.writing.connect() as connection:
        driver = Driver(source.kind, connection.connection.driver_connection)
        driver.say(begin(source.kind))
        if source.kind == "postgresql":
            driver.say("SET LOCAL idle_in_transaction_session_timeout = 0")
            driver.say("SELECT 1 FROM log_head FOR UPDATE")
        try:
            yield driver
        finally:
            driver.say("ROLLBACK")


def _copy_tables(source: Database, target: Database, tables: list[Table], progress: Progress) -> int:
    """All in one transaction: either everything is over, or nothing."""
    with source.reading.connect() as reading, target.transaction() as driver:
        return sum(_copy_table(reading, driver, table, progress) for table in tables)


def _copy_table(reading: Connection, driver: Driver, table: Table, progress: Progress) -> int:
    # A migration may have put a first row there (the access log's head); what stood at the source takes its place.
    driver.change(delete_where(table, ()))
    found = reading.execution_options(yield_per=PAGE).execute(select(table))
    done = 0
    for page in found.partitions(PAGE):
        driver.copy_in(table, [tuple(row) for row in page])
        done += len(page)
        progress(table.name, done)
    return done


def _build(settings: Settings) -> None:
    """Opening makes what read models are missing; then they are compared with the record once."""
    runtime = open_runtime(settings)
    try:
        differences = runtime.projections.compare((), runtime.writer)
    finally:
        runtime.close()
    if differences:
        raise Invalid(
            f"搬过去以后重建的看板、台账与记录不一致：{differences[0]}；运行 duban rebuild 再核对。",
            code="bad-move",
        )
