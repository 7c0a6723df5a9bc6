"""Writing many rows at once, the quickest way each engine has: SQLite row by row, PostgreSQL in one statement."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql

from events.record.sql import (
    Driver,
    Row,
    Statement,
    add_to_rows,
    delete_where,
    insert_rows,
    plain_text,
    set_where,
    upsert_rows,
)

FEW = 300
"""Up to so many new rows PostgreSQL is handed as JSON; above, by COPY."""


class Many:
    """One way of writing rows to a table. PostgreSQL is handed all rows as one JSON text."""

    __slots__ = ("_each", "_names", "_together")

    def __init__(self, each: Statement, together: str, names: Sequence[str]) -> None:
        self._each = each
        self._together = plain_text(together)
        self._names = tuple(names)

    def run(self, driver: Driver, rows: Sequence[Row]) -> None:
        """Writes the rows; nothing for none. No two rows have the same key."""
        if not rows:
            return
        if driver.engine == "sqlite":
            driver.run(self._each, rows)
        else:
            driver.change(self._together, (_as_json(self._names, rows),))


class Insert:
    """Adds whole rows, values in column order; their keys are new."""

    __slots__ = ("_copy", "_many")

    def __init__(self, table: Table) -> None:
        names = [column.name for column in table.columns]
        self._many = Many(insert_rows(table), _inserting(table), names)
        self._copy = f"COPY {table.name} ({_listed(names)}) FROM STDIN"

    def run(self, driver: Driver, rows: Sequence[Row]) -> None:
        """Writes the rows; nothing for none."""
        if driver.engine == "sqlite" or len(rows) <= FEW:
            self._many.run(driver, rows)
            return
        with driver.connection.cursor() as cursor, cursor.copy(self._copy) as copy:
            for row in rows:
                copy.write_row(row)


def upsert(table: Table) -> Many:
    """Adds whole rows, values in column order, or puts them in place of those with the same key."""
    names = [column.name for column in table.columns]
    keys = [column.name for column in table.primary_key.columns]
    changed = ", ".join(f'"{name}" = excluded."{name}"' for name in names if name not in keys)
    together = f"{_inserting(table)} ON CONFLICT ({_listed(keys)}) DO UPDATE SET {changed}"
    return Many(upsert_rows(table), together, names)


def add_up(table: Table, counter: str) -> Many:
    """Adds whole rows; where the key exists, ``counter`` grows by the given value."""
    names = [column.name for column in table.columns]
    keys = [column.name for column in table.primary_key.columns]
    grown = f'"{counter}" = {table.name}."{counter}" + excluded."{counter}"'
    together = f"{_inserting(table)} ON CONFLICT ({_listed(keys)}) DO UPDATE SET {grown}"
    return Many(add_to_rows(table, counter), together, names)


def change(table: Table, values: Sequence[str], keys: Sequence[str]) -> Many:
    """Sets ``values`` where ``keys`` equal; each row gives first the values, then the keys.

    A column that is both is given twice: the new value, then the one to find.
    """
    new = [f"new_{name}" for name in values]
    columns = {**{f"new_{n}": n for n in values}, **{name: name for name in keys}}
    sets = ", ".join(f'"{name}" = x.new_{name}' for name in values)
    where = " AND ".join(f'{table.name}."{name}" = x."{name}"' for name in keys)
    together = f"UPDATE {table.name} SET {sets} FROM {_recordset(table, columns)} WHERE {where}"
    return Many(set_where(table, values, keys), together, (*new, *keys))


def remove(table: Table, keys: Sequence[str]) -> Many:
    """Deletes where ``keys`` equal."""
    where = " AND ".join(f'{table.name}."{name}" = x."{name}"' for name in keys)
    together = f"DELETE FROM {table.name} USING {_recordset(table, {k: k for k in keys})} WHERE {where}"
    return Many(delete_where(table, keys), together, keys)


def _inserting(table: Table) -> str:
    names = [column.name for column in table.columns]
    recordset = _recordset(table, {name: name for name in names})
    return f"INSERT INTO {table.name} ({_listed(names)}) SELECT {_listed(names)} FROM {recordset}"


def _recordset(table: Table, columns: dict[str, str]) -> str:
    typed = ", ".join(f'"{name}" {_type_of(table, column)}' for name, column in columns.items())
    return f"json_to_recordset(?::json) AS x({typed})"


def _type_of(table: Table, column: str) -> str:
    return str(table.c[column].type.compile(dialect=_POSTGRESQL))


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _as_json(names: tuple[str, ...], rows: Sequence[Row]) -> str:
    objects: list[dict[str, Any]] = [dict(zip(names, row, strict=True)) for row in rows]
    return json.dumps(objects, ensure_ascii=False)


_POSTGRESQL: Any = postgresql.dialect()  # type: ignore[no-untyped-call]
