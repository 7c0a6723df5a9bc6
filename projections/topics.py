"""同一单位、同一对象: which matters a unit was given about the same thing in a year (M217)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Column, ColumnElement, Connection, Index, Integer, MetaData, Table, Text, func, select

from events.matter.state import Matter
from events.record.sql import Driver, Row
from events.record.tables import BIG
from events.vocabulary import BEIJING, MatterId, Stage, UnitId
from projections.changes import Change
from projections.loading import load_rows
from projections.projection import FOREVER, Followed, Projection
from projections.words import folded_text
from projections.writing import change as change_rows

GONE = frozenset((Stage.CANCELLED, Stage.MERGED))
"""A matter that stands here does not count."""
SAID_BY = frozenset(("lead_unit", "object", "title", "number"))
"""Fields of a matter's state a row comes from, beside whether it is gone."""


def tables(suffix: str = "") -> tuple[Table]:
    """One row per matter while it has a lead unit and is not gone, for each wording; in force it ends at FOREVER."""
    table = Table(
        f"topics{suffix}",
        MetaData(),
        Column("matter", Text, primary_key=True),
        Column("to_position", BIG, primary_key=True, autoincrement=False),
        Column("from_position", BIG, nullable=False),
        Column("year", Integer, nullable=False),
        Column("unit", Text, nullable=False),
        Column("topic", Text, nullable=False),
        Column("said", Text, nullable=False),
        Column("number", Text, nullable=False),
        sqlite_with_rowid=False,
    )
    Index("ix_topics_topic", table.c.year, table.c.topic, table.c.unit, table.c.number)
    return (table,)


(topics,) = tables()


def projection(suffix: str = "") -> Projection:
    """The topics on their own table."""
    (table,) = tables(suffix)
    close = change_rows(table, ("to_position",), ("matter", "to_position"))

    def apply(driver: Driver, followed: Followed) -> None:
        closed: list[Row] = []
        rows: list[Row] = []
        for life in followed.lives:
            standing: Row | None = None
            for change in life:
                if not _told(change):
                    continue
                here = change.recorded.position
                if standing is not None:
                    rows.append((standing[0], here, *standing[2:]))
                    standing = None
                elif change.before is not None and _counts(change.before):
                    closed.append((here, change.after.id, FOREVER))
                if _counts(change.after):
                    standing = _row(change.after, here)
            if standing is not None:
                rows.append(standing)
        close.run(driver, closed)
        load_rows(driver, table, rows)

    return Projection(name="topics", tables=(table,), apply=apply)


def _told(change: Change) -> bool:
    """Whether the row reads otherwise after a change."""
    counted, counts = change.before is not None and _counts(change.before), _counts(change.after)
    return counted is not counts or (counts and not SAID_BY.isdisjoint(change.changed))


def _counts(matter: Matter) -> bool:
    return matter.lead_unit is not None and matter.stage not in GONE


def _row(matter: Matter, position: int) -> Row:
    assert matter.registered_at is not None
    return (
        matter.id,
        FOREVER,
        position,
        matter.registered_at.astimezone(BEIJING).year,
        matter.lead_unit,
        topic_of(matter),
        said_of(matter),
        matter.number,
    )


def said_of(matter: Matter) -> str:
    """The topic as people wrote it: the object, or the title where no object is named."""
    return (matter.object or matter.title).strip()


def topic_of(matter: Matter) -> str:
    """The topic as it is compared."""
    return folded_text(said_of(matter))


@dataclass(frozen=True, slots=True, kw_only=True)
class Nth:
    """A matter among those its unit was given about the same topic in its year."""

    nth: int
    of: int
    year: int
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Recurring:
    """A topic a unit was given more than once in a year."""

    unit: UnitId
    said: str
    matters: tuple[MatterId, ...]


def nth(connection: Connection, matter: Matter, position: int | None = None) -> Nth | None:
    """Which time this is for its unit this year, now or as of a position; None where it does not count."""
    if not _counts(matter) or matter.registered_at is None:
        return None
    year, t = matter.registered_at.astimezone(BEIJING).year, topics.c
    statement = (
        select(t.matter)
        .where(*_at(position), t.year == year, t.unit == matter.lead_unit, t.topic == topic_of(matter))
        .order_by(t.number)
    )
    ids = list(connection.scalars(statement))
    if matter.id not in ids:
        return None
    return Nth(nth=ids.index(matter.id) + 1, of=len(ids), year=year, said=said_of(matter))


def by_unit(
    connection: Connection, matter: Matter, year: int, position: int | None = None
) -> dict[UnitId, int]:
    """How many matters about the same topic each unit has of a year, this one not counted; most first."""
    t = topics.c
    statement = (
        select(t.unit, func.count())
        .where(*_at(position), t.year == year, t.topic == topic_of(matter), t.matter != matter.id)
        .group_by(t.unit)
        .order_by(func.count().desc(), t.unit)
    )
    return {UnitId(unit): count for unit, count in connection.execute(statement)}


def recurring(
    connection: Connection,
    year: int,
    *,
    position: int | None = None,
    at_least: int = 2,
    units: Collection[UnitId] | None = None,
    limit: int = 100,
) -> tuple[Recurring, ...]:
    """The topics units were given at least so many times in a year, the most often first. ``units`` None: any."""
    t = topics.c
    often = select(t.unit, t.topic, func.count().label("count")).where(*_at(position), t.year == year)
    if units is not None:
        often = often.where(t.unit.in_(sorted(units)))
    found = connection.execute(
        often.group_by(t.topic, t.unit)
        .having(func.count() >= at_least)
        .order_by(func.count().desc(), t.unit, t.topic)
        .limit(limit)
    ).all()
    return tuple(_recurring(connection, year, position, UnitId(row.unit), row.topic) for row in found)


def _recurring(
    connection: Connection, year: int, position: int | None, unit: UnitId, topic: str
) -> Recurring:
    t = topics.c
    rows = connection.execute(
        select(t.matter, t.said)
        .where(*_at(position), t.year == year, t.unit == unit, t.topic == topic)
        .order_by(t.number)
    ).all()
    return Recurring(unit=unit, said=rows[-1].said, matters=tuple(MatterId(row.matter) for row in rows))


def _at(position: int | None) -> list[ColumnElement[bool]]:
    t = topics.c
    if position is None:
        return [t.to_position == FOREVER]
    return [t.from_position <= position, t.to_position > position]
