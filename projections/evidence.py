"""佐证材料: which file belongs to which matter, and on which other matters the same file was used."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Column, Connection, Index, Integer, MetaData, Table, Text, select

from events.matter.evidencing import EvidenceAttached
from events.record.sql import Driver
from events.record.tables import BIG
from events.vocabulary import EvidenceId, MatterId
from projections.loading import load_rows
from projections.projection import Followed, Projection


def tables(suffix: str = "") -> tuple[Table]:
    """One row per piece of evidence."""
    table = Table(
        f"evidence{suffix}",
        MetaData(),
        Column("id", Text, primary_key=True),
        Column("matter", Text, nullable=False),
        Column("sha256", Text, nullable=False),
        Column("name", Text, nullable=False),
        Column("kind", Text, nullable=False),
        Column("media_type", Text, nullable=False),
        Column("size", Integer, nullable=False),
        Column("position", BIG, nullable=False),
    )
    Index("ix_evidence_sha256", table.c.sha256)
    return (table,)


(evidence,) = tables()


def projection(suffix: str = "") -> Projection:
    """The evidence on its own table."""
    (table,) = tables(suffix)

    def apply(driver: Driver, followed: Followed) -> None:
        load_rows(
            driver,
            table,
            [
                (
                    e.id,
                    change.after.id,
                    e.sha256,
                    e.name,
                    e.kind.value,
                    e.media_type,
                    e.size,
                    change.recorded.position,
                )
                for life in followed.lives
                for change in life
                if isinstance(change.recorded.fact, EvidenceAttached)
                for e in (change.recorded.fact.evidence,)
            ],
        )

    return Projection(name="evidence", tables=(table,), apply=apply)


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundEvidence:
    """A piece of evidence by its id."""

    id: EvidenceId
    matter: MatterId
    sha256: str
    name: str
    kind: str
    media_type: str
    size: int
    position: int


def find(connection: Connection, id_: str) -> FoundEvidence | None:
    """One piece of evidence; None for an unknown id."""
    row = connection.execute(select(evidence).where(evidence.c.id == id_)).mappings().one_or_none()
    return FoundEvidence(**row) if row is not None else None


def elsewhere(connection: Connection, matter: MatterId, digests: frozenset[str]) -> tuple[FoundEvidence, ...]:
    """The same files on other matters, by position (the same file as evidence twice is shown on both)."""
    statement = (
        select(evidence)
        .where(evidence.c.sha256.in_(sorted(digests)), evidence.c.matter != matter)
        .order_by(evidence.c.position)
        .limit(50)
    )
    return tuple(FoundEvidence(**row) for row in connection.execute(statement).mappings()) if digests else ()
