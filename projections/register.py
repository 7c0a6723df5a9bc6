"""台账: where every matter stands, one row in force per matter, and every row that was in force before.

A row is valid from the position of the fact that made it; the fact that replaces it moves it to ``register_past``.
The rows valid at a position are therefore those of ``register`` with ``from_position`` up to it and those of
``register_past`` on either side of it, and one question serves today and any yesterday. Long texts are kept apart
(``projections.particulars``), so that a superseded row stays small. A fact that shows in no column (a reminder said,
a piece of evidence) leaves the row as it is: a matter's version is asked of the record itself.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Index,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    func,
    literal_column,
    text,
)

from events.record.sql import Driver, Row, Statement, plain_text
from events.record.tables import BIG
from events.rules.ladder import OWED_BY_OFFICE
from events.vocabulary import Stage
from projections.changes import Life
from projections.loading import load_rows
from projections.projection import Followed, Projection
from projections.register_columns import (
    COLUMNS,
    next_values,
    places,
    rewrite,
    stored,
    table_columns,
    values_of,
)
from projections.writing import Many, change

UNSIGNED_ONLY = f"stage = '{Stage.ASSIGNED.value}'"
AWAITING_ONLY = f"stage IN ({', '.join(repr(stage.value) for stage in sorted(OWED_BY_OFFICE))})"
"""Conditions of partial indexes, and of the lists read by them."""


NO_DUE_DAY = "9999-12-31"
"""What stands for no due day where rows are sorted by it: they come last."""


def or_lacking(column: ColumnElement[Any], lacking: str) -> ColumnElement[Any]:
    """A column with a day in the place of NULL, in the very words of its index."""
    return func.coalesce(column, literal_column(f"'{lacking}'", Text()))


def tables(suffix: str = "") -> tuple[Table, Table]:
    """The rows in force, and those superseded."""
    current = Table(f"register{suffix}", MetaData(), *table_columns(), PrimaryKeyConstraint("id"), **_ROOM)
    c = current.c
    Index("ix_register_number", c.number_key)
    Index("ix_register_stage", c.stage, c.number_key)
    Index("ix_register_lead_unit", c.lead_unit, c.number_key)
    _partial("ix_register_open", current, "open = 1", "number_key")
    open_only = text("open = 1")
    due = or_lacking(c.due_on, NO_DUE_DAY)
    Index("ix_register_open_due", due, c.number_key, sqlite_where=open_only, postgresql_where=open_only)
    _partial("ix_register_source", current, "open = 1", "source", "kind", "number_key")
    _partial("ix_register_approval", current, "awaits_approval = 1", "number_key")
    _partial("ix_register_handler", current, "open = 1", "handler", "number_key")
    _partial("ix_register_running", current, "running = 1", "stage", "due_on", "number_key")
    _partial("ix_register_unit_due", current, "running = 1", "lead_unit", "due_on", "number_key")
    _partial("ix_register_unsigned", current, UNSIGNED_ONLY, "stage", "assigned_on", "number_key")
    _partial("ix_register_awaiting", current, AWAITING_ONLY, "stage", "reported_on", "number_key")
    _partial("ix_register_provisional", current, "provisional = 1", "number_key")
    _partial("ix_register_look_back", current, "look_back_on IS NOT NULL", "look_back_on", "number_key")
    _partial("ix_register_extension", current, "extension_until IS NOT NULL", "due_on", "number_key")
    _partial("ix_register_support", current, "support_pending = 1", "support_due_on", "number_key")
    _partial("ix_register_supports", current, "supports > 0", "number_key")
    to_position = Column("to_position", BIG, primary_key=True, autoincrement=False)
    past = Table(f"register_past{suffix}", MetaData(), *table_columns(), to_position)
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
    rewrites: dict[tuple[str, ...], Many] = {}

    def apply(driver: Driver, followed: Followed) -> None:
        found = _found(followed.lives)
        if found.superseded:
            driver.change(supersede, (json.dumps(found.superseded),))
        load_rows(driver, past, found.gone)
        load_rows(driver, current, found.new)
        for names, rows in found.changed.items():
            if names not in rewrites:
                rewrites[names] = change(current, (*names, "from_position"), ("id",))
            rewrites[names].run(driver, rows)

    return Projection(name="register", tables=(current, past), apply=apply)


@dataclass(slots=True)
class _Found:
    """What a batch comes to."""

    superseded: list[tuple[str, int]] = field(default_factory=list)
    """Matters whose row in force ends, each with the position that ends it."""
    gone: list[Row] = field(default_factory=list)
    """Rows that began and ended in this batch."""
    new: list[Row] = field(default_factory=list)
    """First rows of matters."""
    changed: dict[tuple[str, ...], list[Row]] = field(default_factory=dict)
    """Columns that may have changed → their values, position and matter. Only their indexes are touched."""


def _found(lives: Sequence[Life]) -> _Found:
    found = _Found()
    for life in lives:
        shown = [one for one in life if one.before is None or places(one.changed)]
        if shown and shown[0].before is None:
            found.new.append(_run_through(shown, found.gone))
        elif shown:
            found.superseded.append((shown[0].after.id, shown[0].recorded.position))
            _change(shown, found)
    return found


def _change(shown: Life, found: _Found) -> None:
    """The row in force moves on to the last of these changes; those between leave a row behind."""
    last = shown[-1]
    here = places(last.changed)
    if len(shown) > 1:
        _run_through(shown, found.gone)
        here = tuple(sorted({place for one in shown for place in places(one.changed)}))
    columns = rewrite(here)
    row = (*columns.values(last.after), last.recorded.position, last.after.id)
    found.changed.setdefault(columns.names, []).append(row)


def _run_through(shown: Life, gone: list[Row]) -> Row:
    """The row after the last of these changes; those before it are added to ``gone``."""
    position, values = shown[0].recorded.position, values_of(shown[0].after)
    for later in shown[1:]:
        ends = later.recorded.position
        gone.append((*stored(values, position), ends))
        position, values = ends, next_values(values, later.after, later.changed)
    return stored(values, position)


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
