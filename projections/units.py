"""单位: what each lead unit owes and how it has done, counted from the register's rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, case, func, select

from events.rules.ladder import OWED_BY_OFFICE
from events.vocabulary import Stage, UnitId
from projections.arms import in_words
from projections.asking import EVERYTHING, Asked, Visibility, Walk, head_position
from projections.binding import values_of
from projections.counting import CLOSED_STAGES
from projections.register import register
from projections.selecting import all_at
from projections.shapes import shape_of


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitCounts:
    """Matters a unit leads, as of a position, judged on a day."""

    unit: UnitId
    total: int
    open: int
    overdue: int
    due_soon: int
    """Due from the day judged up to the day given."""
    unsigned: int
    awaiting_verification: int
    suspended: int
    closed: int
    closed_late: int
    relapsed: int


def unit_counts(
    connection: Connection,
    *,
    day: date,
    soon: date,
    units: frozenset[UnitId] | None = None,
    position: int | None = None,
    visibility: Visibility = EVERYTHING,
) -> tuple[UnitCounts, ...]:
    """One row per unit that leads a matter, by id; ``soon`` is the last day that counts as due soon."""
    at = head_position(connection) if position is None else position
    asked = Asked(day=day, position=at, units=units, visibility=visibility)

    def columns(table: Table) -> list[ColumnElement[Any]]:
        counted = {
            name: case((condition, 1), else_=0) for name, condition in _conditions(table, day, soon).items()
        }
        return [table.c.lead_unit, *(flag.label(name) for name, flag in counted.items())]

    walk = None if position is None else Walk(position=at)
    rows = all_at(shape_of(asked, walk), columns, lambda table: [table.c.lead_unit.is_not(None)])
    sums = (func.sum(rows.c[name]).label(name) for name in _COUNTED)
    statement = select(rows.c.lead_unit, func.count().label("total"), *sums).group_by(rows.c.lead_unit)
    found = connection.execute(statement.order_by(rows.c.lead_unit), values_of(asked, walk)).mappings()
    return tuple(
        UnitCounts(unit=UnitId(row["lead_unit"]), total=row["total"], **{n: int(row[n]) for n in _COUNTED})
        for row in found
    )


def overdue_by_unit(connection: Connection, day: date) -> dict[UnitId, int]:
    """Overdue matters of each lead unit that has any, judged on a day; reads the overdue rows only."""
    statement = (
        select(register.c.lead_unit, func.count())
        .where(in_words(register, "running = 1"), register.c.due_on < day.isoformat())
        .group_by(register.c.lead_unit)
    )
    return {UnitId(unit): int(n) for unit, n in connection.execute(statement)}


def _conditions(table: Table, day: date, soon: date) -> dict[str, ColumnElement[bool]]:
    c = table.c
    running, today = c.running == 1, day.isoformat()
    return {
        "open": c.open == 1,
        "overdue": running & (c.due_on < today),
        "due_soon": running & (c.due_on >= today) & (c.due_on <= soon.isoformat()),
        "unsigned": c.stage == Stage.ASSIGNED.value,
        "awaiting_verification": c.stage.in_(sorted(stage.value for stage in OWED_BY_OFFICE)),
        "suspended": c.stage == Stage.SUSPENDED.value,
        "closed": c.stage.in_([stage.value for stage in CLOSED_STAGES]),
        "closed_late": c.stage.in_([stage.value for stage in CLOSED_STAGES]) & (c.closed_late == 1),
        "relapsed": c.stage == Stage.RELAPSED.value,
    }


_COUNTED = tuple(name for name in UnitCounts.__dataclass_fields__ if name not in ("unit", "total"))
