"""Putting many new rows into a table at once."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Table

from events.record.sql import Driver, Row
from projections.writing import Insert

_INSERTS: dict[tuple[str, tuple[str, ...]], Insert] = {}


def load_rows(driver: Driver, table: Table, rows: Sequence[Row]) -> None:
    """Inserts rows, values in column order. Their keys must be new."""
    if not rows:
        return
    key = (table.name, tuple(table.columns.keys()))
    insert = _INSERTS.get(key)
    if insert is None:
        insert = _INSERTS[key] = Insert(table)
    insert.run(driver, rows)
