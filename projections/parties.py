"""Whose matter it is: lead unit, co-units and verifier of each matter, with the positions they were so for."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import Column, Index, MetaData, Table, Text

from events.matter.state import Matter
from events.record.sql import Driver, Row
from events.record.tables import BIG
from events.vocabulary import Stage
from projections.changes import Change
from projections.loading import load_rows
from projections.projection import FOREVER, Followed, Projection
from projections.writing import change as change_rows


class Part(StrEnum):
    """What a party is in a matter; ``party`` is a unit's id, for a verifier a person's."""

    LEAD = "lead"
    CO = "co"
    VERIFIER = "verifier"
    CHIEF = "chief"
    """首席责任领导."""
    LOOK_BACK = "look_back"
    """While it is closed or confirmed: any verifier may look at it again; ``party`` is ANY."""


ANY = "*"
LOOKED_BACK_ON = frozenset((Stage.CLOSED, Stage.CONFIRMED))


def tables(suffix: str = "") -> tuple[Table]:
    """One row per matter, part and party; the one in force ends at FOREVER."""
    table = Table(
        f"parties{suffix}",
        MetaData(),
        Column("matter", Text, primary_key=True),
        Column("part", Text, primary_key=True),
        Column("party", Text, primary_key=True),
        Column("to_position", BIG, primary_key=True, autoincrement=False),
        Column("from_position", BIG, nullable=False),
        sqlite_with_rowid=False,
    )
    Index("ix_parties_party", table.c.party, table.c.part, table.c.to_position)
    return (table,)


(parties,) = tables()


_UNITS_AND_PEOPLE = frozenset(("lead_unit", "co_units", "verifier", "chief_leader"))
SAID_BY = _UNITS_AND_PEOPLE | {"stage"}
"""Fields of a matter's state the parties come from."""


def projection(suffix: str = "") -> Projection:
    """The parties on their own table."""
    (table,) = tables(suffix)
    close = change_rows(table, ("to_position",), ("matter", "part", "party", "to_position"))

    def apply(driver: Driver, followed: Followed) -> None:
        closed: list[Row] = []
        rows: list[Row] = []
        for life in followed.lives:
            matter = life[0].after.id
            joined: dict[tuple[str, str], int] = {}
            for change in life:
                before, after = change.before, change.after
                if SAID_BY.isdisjoint(change.changed) or _only_stage(change):
                    continue
                here = change.recorded.position
                old, new = _parts(before) if before else frozenset(), _parts(after)
                for part in sorted(old - new):
                    since = joined.pop(part, None)
                    if since is None:
                        closed.append((here, matter, *part, FOREVER))
                    else:
                        rows.append((matter, *part, here, since))
                joined.update(dict.fromkeys(sorted(new - old), here))
            rows.extend((matter, *part, FOREVER, since) for part, since in joined.items())
        close.run(driver, closed)
        load_rows(driver, table, rows)

    return Projection(name="parties", tables=(table,), apply=apply)


def _only_stage(change: Change) -> bool:
    """Whether nothing but the stage changed, and that neither to nor from one that is looked back on."""
    before, after = change.before, change.after
    if before is None or not _UNITS_AND_PEOPLE.isdisjoint(change.changed):
        return False
    return before.stage not in LOOKED_BACK_ON and after.stage not in LOOKED_BACK_ON


def _parts(matter: Matter) -> frozenset[tuple[str, str]]:
    found = {(Part.CO.value, str(unit)) for unit in matter.co_units}
    if matter.lead_unit is not None:
        found.add((Part.LEAD.value, matter.lead_unit))
    if matter.verifier is not None:
        found.add((Part.VERIFIER.value, matter.verifier))
    if matter.chief_leader is not None:
        found.add((Part.CHIEF.value, matter.chief_leader))
    if matter.stage in LOOKED_BACK_ON:
        found.add((Part.LOOK_BACK.value, ANY))
    return frozenset(found)
