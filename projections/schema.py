"""Making, exchanging and dropping the tables of projections; which code made the ones that stand."""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Iterable, Sequence
from types import ModuleType

from sqlalchemy import Column, Index, Integer, MetaData, Table, Text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.schema import CreateIndex, CreateTable
from sqlalchemy.sql import quoted_name

from events.record.sql import Driver, plain_text, upsert_rows
from events.record.tables import BIG
from projections.projection import FULL_TEXT, Projection

projections = Table(
    "projections",
    MetaData(),
    Column("name", Text, primary_key=True),
    Column("fingerprint", Text, nullable=False),
    Column("generation", Integer, nullable=False),
    Column("position", BIG, nullable=False),
    Column("rebuilt_at", BIG, nullable=False),
)
"""One row per projection: what its tables were made by, up to where, and when (microseconds)."""

_MADE = plain_text("SELECT name, fingerprint, generation FROM projections")
_PUT = upsert_rows(projections)
_HAS = plain_text(
    "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?",
    "SELECT 1 FROM pg_catalog.pg_tables WHERE schemaname = current_schema() AND tablename = ?",
)
_TOKENS = """"unicode61 remove_diacritics 0 categories 'L* N* C*'\""""
"""Every sign between spaces is part of a term, those the tokenizer's old tables do not know (C*) included."""
_DIALECTS = {"sqlite": sqlite.dialect(), "postgresql": postgresql.dialect()}  # type: ignore[no-untyped-call]


def fingerprint(projection: Projection, code: Iterable[ModuleType], settings: object) -> str:
    """What a projection's rows are made by: its tables, the code that fills them and the figures it goes by."""
    parts = [str(CreateTable(table)) for table in projection.tables]
    parts += [inspect.getsource(module) for module in code]
    parts.append(repr(settings))
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def made(driver: Driver) -> dict[str, tuple[str, int]]:
    """Projection → fingerprint and generation of the tables that stand; nothing where none were ever made."""
    if not driver.rows(_HAS, (projections.name,)):
        return {}
    return {name: (print_, generation) for name, print_, generation in driver.rows(_MADE)}


def note_made(driver: Driver, name: str, print_: str, generation: int, position: int, at: int) -> None:
    """Writes down that a projection's tables were made up to a position."""
    driver.run(_PUT, [(name, print_, generation, position, at)])


def make_book(driver: Driver) -> None:
    """Makes the table of projections where it is missing."""
    if not driver.rows(_HAS, (projections.name,)):
        make_table(driver, projections)


def make_table(driver: Driver, table: Table) -> None:
    """Makes an empty table without its indexes, in place of one that stands."""
    drop_table(driver, table)
    if driver.engine == "sqlite" and table.info.get(FULL_TEXT):
        driver.say(
            f"CREATE VIRTUAL TABLE \"{table.name}\" USING fts5(words, content='', detail=none, tokenize={_TOKENS})"
        )
        return
    driver.say(str(CreateTable(table).compile(dialect=_DIALECTS[driver.engine])))


def drop_table(driver: Driver, table: Table) -> None:
    """Drops a table where there is one."""
    driver.say(f'DROP TABLE IF EXISTS "{table.name}"')


def make_indexes(driver: Driver, table: Table, generation: int) -> None:
    """Makes a table's indexes. Their names hold the generation, for they outlive the table's side name."""
    if driver.engine == "sqlite" and table.info.get(FULL_TEXT):
        return
    for index in sorted(table.indexes, key=_name):
        base = _name(index)
        index.name = quoted_name(f"{base}_{generation}", None)
        try:
            driver.say(str(CreateIndex(index).compile(dialect=_DIALECTS[driver.engine])))
        finally:
            index.name = quoted_name(base, None)


def exchange(driver: Driver, live: Sequence[Table], side: Sequence[Table]) -> None:
    """Puts side tables in the place of the live ones."""
    for old, new in zip(live, side, strict=True):
        drop_table(driver, old)
        driver.say(f'ALTER TABLE "{new.name}" RENAME TO "{old.name}"')


def _name(index: Index) -> str:
    return str(index.name)
