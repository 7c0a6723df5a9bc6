"""Putting many new rows into a table at once, the quickest way each engine has."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Table

from events.record.sql import Driver, Row, Statement, insert_rows

_STATEMENTS: dict[tuple[str, tuple[str, ...]], Statement] = {}
FEW = 8
"""Up to so many rows PostgreSQL takes plain statements; above, COPY."""


def load_rows(driver: Driver, table: Table, rows: Sequence[Row]) -> None:
    """Inserts rows, values in column order. Their keys must be new."""
    if driver.engine == "postgresql" and len(rows) > FEW:
        names = ", ".join(f'"{column.name}"' for column in table.columns)
        with (
            driver.connection.cursor() as cursor,
            cursor.copy(f'COPY "{table.name}" ({names}) FROM STDIN') as copy,
        ):
            for row in rows:
                copy.write_row(row)
    elif rows:
        driver.run(_statement(table), rows)


def _statement(table: Table) -> Statement:
    key = (table.name, tuple(table.columns.keys()))
    found = _STATEMENTS.get(key)
    if found is None:
        found = _STATEMENTS[key] = insert_rows(table)
    return found
