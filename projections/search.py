"""全文查找: by which characters and pairs a wording of a matter is found, from one character up, on both databases.

The index only narrows: whoever asks checks the folded text too, so that what is found is exactly what holds the words.
SQLite keeps the index as FTS5 without content or places, PostgreSQL as an array under GIN; both are keyed by the
position from which a wording is in force, which is one matter's alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlalchemy import Column, Connection, Index, MetaData, Table, Text, select, text
from sqlalchemy.dialects.postgresql import ARRAY

from events.matter.branches import split_from
from events.matter.state import Matter
from events.record.sql import Driver, Engine
from events.record.tables import BIG
from events.vocabulary import MatterId
from projections import particulars as wordings
from projections.likeness import marks
from projections.loading import load_rows
from projections.particulars import particulars
from projections.projection import FULL_TEXT, Followed, Making, Projection, in_force
from projections.words import folded_text, grams, sought

FEW = 1_000
"""Up to so many wordings are looked up one by one; what is commoner is found faster by walking the list itself."""

_FTS5 = text(f"SELECT rowid FROM search WHERE search MATCH :sought LIMIT {FEW + 1}")
_GIN = text(f"SELECT rowid FROM search WHERE words @> :sought LIMIT {FEW + 1}")


def making(engine: Engine) -> Making:
    """The search index of an engine, as FULL_TEXT makes its table."""
    words: Callable[[Sequence[str]], object] = _as_terms if engine == "sqlite" else list

    def projection(suffix: str = "") -> Projection:
        table = _table(suffix)

        def apply(driver: Driver, followed: Followed) -> None:
            said = (
                (
                    change.recorded.position,
                    words([*grams(wordings.words_of(followed, change)), *_marks(change.after)]),
                )
                for life in followed.lives
                for change in life
                if not wordings.SAID_BY.isdisjoint(change.changed)
            )
            load_rows(driver, table, list(said))

        return Projection(name="search", tables=(table,), apply=apply)

    return projection


def _marks(matter: Matter) -> list[str]:
    """By which its likes are found; a part says what its whole says already."""
    return [] if split_from(matter.id) else marks(matter.title, matter.place, matter.object)


def _table(suffix: str) -> Table:
    table = Table(
        f"search{suffix}",
        MetaData(),
        Column("rowid", BIG, primary_key=True, autoincrement=False),
        Column("words", Text().with_variant(ARRAY(Text), "postgresql"), nullable=False),
        info={FULL_TEXT: True},
    )
    Index("ix_search_words", table.c.words, postgresql_using="gin")
    return table


def found(connection: Connection, words: str, position: int) -> frozenset[MatterId] | None:
    """The matters whose wording at a position holds the words; None where the words are too common, or all signs.

    Then the caller checks the folded text of every row as it walks its list.
    """
    folded = folded_text(words)
    parts = sought(folded)
    if not parts:
        return None
    if connection.dialect.name == "sqlite":
        rows = connection.execute(_FTS5, {"sought": _as_terms(parts)}).all()
    else:
        rows = connection.execute(_GIN, {"sought": list(parts)}).all()
    if len(rows) > FEW:
        return None
    statement = select(particulars.c.matter).where(
        particulars.c.from_position.in_([row[0] for row in rows]),
        particulars.c.words.contains(folded, autoescape=True),
        *in_force(particulars, position),
    )
    return frozenset(MatterId(matter) for matter in connection.scalars(statement))


def _as_terms(parts: Sequence[str]) -> str:
    return " ".join(parts)
