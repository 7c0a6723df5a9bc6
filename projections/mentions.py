"""提到谁的批注: who was named in a note and has not written on the same matter since."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, Index, MetaData, Table, Text

from events.matter.noting import STREAM, NoteWritten
from events.record.moments import from_micros, to_micros
from events.record.sql import Driver, Row, plain_text
from events.record.tables import BIG
from events.vocabulary import MatterId, PersonId
from projections.projection import Followed, Projection
from projections.writing import remove, upsert


def tables(suffix: str = "") -> tuple[Table]:
    """One row per person and matter: the newest note that waits for a word."""
    table = Table(
        f"mentions{suffix}",
        MetaData(),
        Column("matter", Text, primary_key=True),
        Column("person", Text, primary_key=True),
        Column("at", BIG, nullable=False),
        Column("text", Text, nullable=False),
        sqlite_with_rowid=False,
    )
    Index("ix_mentions_person", table.c.person)
    return (table,)


(mentions,) = tables()


def projection(suffix: str = "") -> Projection:
    """The mentions on their own table."""
    (table,) = tables(suffix)
    put, drop = upsert(table), remove(table, ("matter", "person"))

    def apply(driver: Driver, followed: Followed) -> None:
        standing: dict[tuple[str, str], Row | None] = {}
        for recorded in followed.recorded:
            fact = recorded.fact
            if not isinstance(fact, NoteWritten):
                continue
            matter = recorded.stream.removeprefix(STREAM)
            if fact.by is not None:
                standing[matter, fact.by] = None
            at = to_micros(recorded.recorded_at)
            for person in fact.mentions:
                if person != fact.by:
                    standing[matter, person] = (matter, person, at, fact.text)
        put.run(driver, [row for row in standing.values() if row is not None])
        drop.run(driver, [key for key, row in standing.items() if row is None])

    return Projection(name="mentions", tables=(table,), apply=apply)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A note that waits for somebody's word."""

    matter: MatterId
    at: datetime
    text: str


def of(driver: Driver, person: PersonId) -> tuple[Mention, ...]:
    """The notes in which a person is named and has not answered, newest first."""
    rows = driver.rows(_OF, (person,))
    return tuple(Mention(matter=MatterId(row[0]), at=from_micros(row[1]), text=row[2]) for row in rows)


_OF = plain_text("SELECT matter, at, text FROM mentions WHERE person = ? ORDER BY at DESC LIMIT 100")
