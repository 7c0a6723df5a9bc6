"""台账: where every matter stands, one row in force per matter, and every row that was in force before.

A row is valid from the position of the fact that made it; the fact that replaces it moves it to ``register_past``.
The rows valid at a position are therefore those of ``register`` with ``from_position`` up to it and those of
``register_past`` on either side of it, and one question serves today and any yesterday. Long texts are kept apart
(``projections.particulars``), so that a superseded row stays small.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Column, Index, MetaData, PrimaryKeyConstraint, Table, text

from events.record.sql import Driver, Row, Statement, plain_text
from events.record.tables import BIG
from projections.changes import Life
from projections.loading import load_rows
from projections.projection import Followed, Projection
from projections.register_columns import COLUMNS, changed_columns, next_row, row_of, shown_columns
from projections.writing import Many, change


def tables(suffix: str = "") -> tuple[Table, Table]:
    """The rows in force, and those superseded."""
    current = Table(f"register{suffix}", MetaData(), *shown_columns(), PrimaryKeyConstraint("id"), **_ROOM)
    c = current.c
    Index("ix_register_number", c.number_key)
    Index("ix_register_stage", c.stage, c.number_key)
    Index("ix_register_lead_unit", c.lead_unit, c.number_key)
    _partial("ix_register_open", current, "open = 1", "number_key")
    _partial("ix_register_running", current, "running = 1", "due_on", "number_key")
    _partial("ix_register_provisional", current, "provisional = 1", "number_key")
    _partial("ix_register_look_back", current, "look_back_on IS NOT NULL", "look_back_on", "number_key")
    to_position = Column("to_position", BIG, primary_key=True, autoincrement=False)
    past = Table(f"register_past{suffix}", MetaData(), *shown_columns(), to_position)
    return current, past


def _partial(name: str, table: Table, condition: str, *columns: str) -> None:
    only = text(condition)
    Index(name, *(table.c[column] for column in columns), sqlite_where=only, postgresql_where=only)


_ROOM: dict[str, Any] = {"postgresql_with": {"fillfactor": 70}}
"""Room in each page for a row's next version, which then needs no new entry in any index."""

register, register_past = tables()


def projection(suffix: str = "") -> Projection:
    """The register on its own tables."""
    current, past = tables(suffix)
    supersede = _supersede(current, past)
    rewrites: dict[tuple[int, ...], Many] = {}

    def apply(driver: Driver, followed: Followed) -> None:
        standing = [life for life in followed.lives if life[0].before is not None]
        if standing:
            first = [(life[0].after.id, life[0].recorded.position) for life in standing]
            driver.change(supersede, (json.dumps(first),))
        new, gone = _versions(followed.lives)
        load_rows(driver, past, gone)
        load_rows(driver, current, new)
        rewrite(driver, standing)

    def rewrite(driver: Driver, standing: Sequence[Life]) -> None:
        """Only the columns that may have changed, so that only their indexes are touched."""
        groups: dict[tuple[int, ...], list[Row]] = {}
        for life in standing:
            last = life[-1]
            columns = changed_columns(_changed(life))
            values = [of(last.after) for of in columns.readers]
            groups.setdefault(columns.indices, []).append((*values, last.recorded.position, last.after.id))
        for indices, rows in groups.items():
            if indices not in rewrites:
                names = (*(COLUMNS[index] for index in indices), "from_position")
                rewrites[indices] = change(current, names, ("id",))
            rewrites[indices].run(driver, rows)

    return Projection(name="register", tables=(current, past), apply=apply)


def _versions(lives: Sequence[Life]) -> tuple[list[Row], list[Row]]:
    """Rows of matters that begin here, and rows superseded by a later fact of the same batch."""
    new: list[Row] = []
    gone: list[Row] = []
    for life in lives:
        first = life[0]
        if len(life) == 1 and first.before is not None:
            continue
        row = row_of(first.after, first.recorded.position)
        for later in life[1:]:
            position = later.recorded.position
            gone.append((*row, position))
            row = next_row(row, later.after, later.changed, position)
        if first.before is None:
            new.append(row)
    return new, gone


def _changed(life: Life) -> frozenset[str]:
    if len(life) == 1:
        return life[0].changed
    return frozenset[str]().union(*(one.changed for one in life))


def _supersede(current: Table, past: Table) -> Statement:
    """Copies the rows in force of some matters to the past, each with the position that ends it."""
    copy = (
        f"INSERT INTO {past.name} ({', '.join(COLUMNS)}, to_position)"
        f" SELECT {', '.join(f'r.{name}' for name in COLUMNS)}, s.to_position FROM"
    )
    return plain_text(
        f"{copy} (SELECT json_extract(value, '$[0]') AS id, json_extract(value, '$[1]') AS to_position"
        f" FROM json_each(?)) s JOIN {current.name} r ON r.id = s.id",
        f"{copy} (SELECT value->>0 AS id, (value->>1)::bigint AS to_position FROM json_array_elements(?::json)) s"
        f" JOIN {current.name} r ON r.id = s.id",
    )
