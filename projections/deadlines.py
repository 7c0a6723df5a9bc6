"""When the clock next has something to say about a matter: the one memory of what is due."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Column, Connection, Index, MetaData, SmallInteger, Table, Text, select

from events.matter.state import Matter
from events.record.sql import Driver, Row, plain_text
from events.record.store import Store
from events.rules.calendar import WorkingDays
from events.rules.ladder import OWED_BY_OFFICE, next_rung_on
from events.rules.procedures import MatterRules
from events.vocabulary import MatterId, Stage
from projections.changes import MATTERS, folded
from projections.projection import Followed, Making, Projection
from projections.writing import remove, upsert

COUNTED_STAGES = OWED_BY_OFFICE | {Stage.ASSIGNED}
"""Stages whose rungs are counted in working days, so that a published year moves them."""
CHUNK = 500
REASONS = frozenset(
    (
        "stage rungs limit due_dates assigned_at completion_reported_at look_back_on look_back_selected_on helping"
        " support_due_on support_asked_at"
    ).split()
)
"""Fields of a matter's state by which the clock finds what to say."""


def tables(suffix: str = "") -> tuple[Table]:
    """One row per matter the clock will speak about; none for the others."""
    table = Table(
        f"deadlines{suffix}",
        MetaData(),
        Column("matter", Text, primary_key=True),
        Column("next_act_on", Text, nullable=False),
        Column("in_working_days", SmallInteger, nullable=False),
        sqlite_with_rowid=False,
    )
    Index("ix_deadlines_next_act_on", table.c.next_act_on)
    return (table,)


(deadlines,) = tables()


def making(store: Store) -> Making:
    """Makes the projection; ``store`` is read again where a published year moves what was reckoned."""

    def projection(suffix: str = "") -> Projection:
        (table,) = tables(suffix)
        put, drop = upsert(table), remove(table, ("matter",))
        page = plain_text(
            f"SELECT matter FROM {table.name} WHERE in_working_days = 1 AND matter > ? ORDER BY matter LIMIT {CHUNK}"
        )

        def apply(driver: Driver, followed: Followed) -> None:
            rows: list[Row] = []
            gone: list[Row] = []
            for life in followed.lives:
                before, after = life[0].before, life[-1].after
                if all(REASONS.isdisjoint(change.changed) for change in life):
                    continue
                row = row_of(after, followed.rules, followed.calendar)
                if row is not None:
                    rows.append(row)
                elif before is not None:
                    gone.append((after.id,))
            put.run(driver, rows)
            drop.run(driver, gone)
            if followed.calendar_changed:
                recount(driver, followed.rules, followed.calendar)

        def recount(driver: Driver, rules: MatterRules, calendar: WorkingDays) -> None:
            after = ""
            while found := driver.rows(page, (after,)):
                after = found[-1][0]
                states = (folded(driver, store, f"{MATTERS}{matter}") for (matter,) in found)
                rows = (row_of(state, rules, calendar) for state in states)
                put.run(driver, [row for row in rows if row is not None])

        return Projection(name="deadlines", tables=(table,), apply=apply)

    return projection


def due(connection: Connection, today: date, limit: int, after: MatterId | None = None) -> list[MatterId]:
    """The matters the clock has something to say about by a day, page by page in order of id."""
    statement = (
        select(deadlines.c.matter)
        .where(deadlines.c.next_act_on <= today.isoformat())
        .order_by(deadlines.c.matter)
        .limit(limit)
    )
    if after is not None:
        statement = statement.where(deadlines.c.matter > after)
    return [MatterId(matter) for matter in connection.scalars(statement)]


def next_act_on(connection: Connection, matter: MatterId) -> date | None:
    """The day the clock next speaks about a matter; None where it has nothing to say."""
    found = connection.scalar(select(deadlines.c.next_act_on).where(deadlines.c.matter == matter))
    return date.fromisoformat(found) if found else None


def row_of(matter: Matter, rules: MatterRules, calendar: WorkingDays) -> Row | None:
    """A matter's row, in column order; None where the clock has nothing to say about it."""
    on = next_rung_on(matter, rules, calendar)
    return None if on is None else (matter.id, on.isoformat(), int(matter.stage in COUNTED_STAGES))
