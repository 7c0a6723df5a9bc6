"""What a matter is about, in words: number, title, problem, place; each wording with the positions it held for."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Column, Index, MetaData, Table, Text, text

from events.matter.state import Matter
from events.record.sql import Driver, Row
from events.record.tables import BIG
from projections.changes import Change
from projections.loading import load_rows
from projections.projection import FOREVER, Followed, Projection
from projections.words import folded_text
from projections.writing import change as change_rows


def tables(suffix: str = "") -> tuple[Table]:
    """One row per wording; the one in force ends at FOREVER."""
    table = Table(
        f"particulars{suffix}",
        MetaData(),
        Column("matter", Text, primary_key=True),
        Column("to_position", BIG, primary_key=True, autoincrement=False),
        Column("from_position", BIG, nullable=False),
        Column("number", Text, nullable=False),
        Column("title", Text, nullable=False),
        Column("problem", Text, nullable=False),
        Column("place", Text),
        Column("object", Text),
        Column("source_no", Text),
        Column("urgency", Text),
        Column("parent", Text),
        Column("relapse_of", Text),
        Column("words", Text, nullable=False),
    )
    family = text("parent IS NOT NULL")
    Index("ix_particulars_parent", table.c.parent, sqlite_where=family, postgresql_where=family)
    Index("ix_particulars_number", table.c.number)
    Index("ix_particulars_from_position", table.c.from_position)
    return (table,)


(particulars,) = tables()
SHOWN = tuple(c.name for c in particulars.columns)[3:-1]
"""Columns a list shows."""


SAID_BY = frozenset("number title problem place object source_no urgency parent relapse_of".split())
"""Fields of a matter's state the wording comes from."""


def projection(suffix: str = "") -> Projection:
    """The particulars on their own table."""
    (table,) = tables(suffix)
    close = change_rows(table, ("to_position",), ("matter", "to_position"))

    def apply(driver: Driver, followed: Followed) -> None:
        closed: list[Row] = []
        rows: list[Row] = []
        for life in followed.lives:
            standing: Row | None = None
            for change in life:
                if SAID_BY.isdisjoint(change.changed):
                    continue
                here = change.recorded.position
                if standing is not None:
                    rows.append(_ending(standing, here))
                elif change.before is not None:
                    closed.append((here, change.after.id, FOREVER))
                standing = row_of(change.after, here, words_of(followed, change))
            if standing is not None:
                rows.append(standing)
        close.run(driver, closed)
        load_rows(driver, table, rows)

    return Projection(name="particulars", tables=(table,), apply=apply)


def words_of(followed: Followed, change: Change) -> str:
    """Everything a matter is searched by after a change, folded."""
    position = change.recorded.position
    words = followed.words.get(position)
    if words is None:
        words = followed.words[position] = searched(change.after)
    return words


def row_of(matter: Matter, position: int, words: str) -> Row:
    """The wording of a matter's state, in column order, in force from a position on."""
    return (
        matter.id,
        FOREVER,
        position,
        matter.number,
        matter.title,
        matter.problem,
        matter.place,
        matter.object,
        matter.source_no,
        matter.urgency.value if matter.urgency else None,
        matter.parent,
        matter.relapse_of,
        words,
    )


def searched(matter: Matter) -> str:
    """Everything a matter is searched by, folded."""
    return folded_text("\n".join(filter(None, (text_of(matter) for text_of in _SEARCHED))))


_SEARCHED: tuple[Callable[[Matter], str | None], ...] = (
    lambda m: m.number,
    lambda m: m.title,
    lambda m: m.problem,
    lambda m: m.place,
    lambda m: m.object,
    lambda m: m.source_no,
)


def _ending(row: Row, position: int) -> Row:
    return (row[0], position, *row[2:])
