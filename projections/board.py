"""看板: how many matters stand in each stage, in all and for each lead unit; equal to the lists behind the figures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Connection, and_, func, select

from events.record.tables import log_head
from events.vocabulary import Stage, UnitId
from projections.arms import everywhere
from projections.asking import Asked, Walk
from projections.binding import values_of
from projections.selecting import all_at
from projections.shapes import shape_of
from projections.stage_counts import ALL, stage_counts


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """Counts as of a position. Every stage is named in ``stages``; a unit's counts name those it has."""

    stages: Mapping[Stage, int]
    units: Mapping[UnitId, Mapping[Stage, int]]
    """By lead unit; matters without one are only in ``stages``."""
    position: int

    @property
    def total(self) -> int:
        """All matters counted."""
        return sum(self.stages.values())


def board(
    connection: Connection, *, position: int | None = None, units: frozenset[UnitId] | None = None
) -> Board:
    """The board now, from kept counters, or as of a position, from the rows valid there.

    ``units``: only matters led by these, for somebody who may not see all; None: all matters.
    """
    if position is None:
        return _now(connection, units)
    return _as_of(connection, position, units)


def by_stage(connection: Connection, asked: Asked) -> Mapping[Stage, int]:
    """Matters a question selects, by stage; every one is counted, so ask it of few."""
    walk = None if asked.position is None else Walk(position=asked.position)
    rows = all_at(shape_of(asked, walk), lambda t: [t.c.stage], everywhere)
    statement = select(rows.c.stage, func.count().label("n")).group_by(rows.c.stage)
    return {_STAGES[row.stage]: row.n for row in connection.execute(statement, values_of(asked, walk))}


def late_by_unit(connection: Connection, asked: Asked) -> Mapping[UnitId, int]:
    """Overdue matters by the unit that leads them."""
    late = replace(asked, overdue=True)
    walk = None if asked.position is None else Walk(position=asked.position)
    rows = all_at(shape_of(late, walk), lambda t: [t.c.lead_unit], everywhere)
    statement = select(rows.c.lead_unit, func.count().label("n")).group_by(rows.c.lead_unit)
    found = connection.execute(statement, values_of(late, walk))
    return {UnitId(row.lead_unit): row.n for row in found if row.lead_unit is not None}


def _now(connection: Connection, units: frozenset[UnitId] | None) -> Board:
    counted = and_(
        stage_counts.c.n > 0, *(() if units is None else (stage_counts.c.unit.in_(sorted(units)),))
    )
    statement = select(
        log_head.c.position, stage_counts.c.unit, stage_counts.c.stage, stage_counts.c.n
    ).select_from(log_head.outerjoin(stage_counts, counted))
    rows = connection.execute(statement).all()
    position = rows[0].position if rows else 0
    found = [(row.unit, row.stage, row.n) for row in rows if row.unit is not None]
    in_all = ((stage, n) for unit, stage, n in found if unit == ALL or units is not None)
    return _board(in_all, ((unit, stage, n) for unit, stage, n in found if unit != ALL), position)


def _as_of(connection: Connection, position: int, units: frozenset[UnitId] | None) -> Board:
    asked, walk = Asked(day=date.min, position=position, units=units), Walk(position=position)
    rows = all_at(shape_of(asked, walk), lambda t: [t.c.lead_unit, t.c.stage], everywhere)
    statement = select(rows.c.lead_unit, rows.c.stage, func.count().label("n")).group_by(
        rows.c.lead_unit, rows.c.stage
    )
    found = [tuple(row) for row in connection.execute(statement, values_of(asked, walk))]
    in_all = ((stage, n) for _, stage, n in found)
    return _board(in_all, ((unit, stage, n) for unit, stage, n in found if unit is not None), position)


def _board(
    in_all: Iterable[tuple[str, int]], by_unit: Iterable[tuple[str, str, int]], position: int
) -> Board:
    stages = dict.fromkeys(Stage, 0)
    for stage, n in in_all:
        stages[_STAGES[stage]] += n
    units: dict[UnitId, dict[Stage, int]] = {}
    for unit, stage, n in sorted(by_unit):
        units.setdefault(UnitId(unit), {})[_STAGES[stage]] = n
    return Board(stages=stages, units=units, position=position)


_STAGES = {stage.value: stage for stage in Stage}
