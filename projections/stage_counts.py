"""How many matters stand in each stage, for each lead unit and in all: kept counters that equal their lists."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import Column, Connection, Integer, MetaData, Table, Text, select

from events.matter.state import Matter
from events.record.sql import Driver
from projections.projection import Followed, Projection
from projections.writing import add_up

ALL = ""
"""Stands as ``unit`` for all matters, those without a lead unit included."""


def tables(suffix: str = "") -> tuple[Table]:
    """One row per unit and stage."""
    table = Table(
        f"stage_counts{suffix}",
        MetaData(),
        Column("unit", Text, primary_key=True),
        Column("stage", Text, primary_key=True),
        Column("n", Integer, nullable=False),
        sqlite_with_rowid=False,
    )
    return (table,)


(stage_counts,) = tables()


def by_stage(connection: Connection) -> dict[str, int]:
    """How many matters stand in each stage that has any, from the kept counters."""
    asked = select(stage_counts.c.stage, stage_counts.c.n).where(
        stage_counts.c.unit == ALL, stage_counts.c.n > 0
    )
    return {stage: int(n) for stage, n in connection.execute(asked)}


def projection(suffix: str = "") -> Projection:
    """The counters on their own table."""
    (table,) = tables(suffix)
    add = add_up(table, "n")

    def apply(driver: Driver, followed: Followed) -> None:
        counts: Counter[tuple[str, str]] = Counter()
        for life in followed.lives:
            before, after = life[0].before, life[-1].after
            if before is not None and before.stage is after.stage and before.lead_unit == after.lead_unit:
                continue
            if before is not None:
                counts.subtract(_places(before))
            counts.update(_places(after))
        add.run(driver, [(*place, n) for place, n in sorted(counts.items()) if n])

    return Projection(name="stage_counts", tables=(table,), apply=apply, meant="n <> 0")


def _places(matter: Matter) -> tuple[tuple[str, str], ...]:
    stage = matter.stage.value
    if matter.lead_unit is None:
        return ((ALL, stage),)
    return ((ALL, stage), (matter.lead_unit, stage))
