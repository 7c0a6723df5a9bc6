"""一个单位的来龙去脉: every fact of a matter that a unit made, or that was made of a matter while it was the unit's."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from events.record.envelope import Recorded
from events.record.sql import plain_text
from events.record.store import COLUMNS, Store
from events.vocabulary import UnitId
from projections.changes import MATTERS


class Side(StrEnum):
    """Which facts: made by the unit (or for it, from paper), made by others, or all."""

    ALL = "all"
    BY = "by"
    TO = "to"


@dataclass(frozen=True, slots=True, kw_only=True)
class Doing:
    """One fact and whether the unit made it."""

    recorded: Recorded
    by: bool


def doings(
    store: Store, unit: UnitId, *, after: int, upto: int, side: Side = Side.ALL, limit: int
) -> tuple[Doing, ...]:
    """The facts recorded after a position up to another, in order; ``unit`` as lead unit or co-unit.

    The fact that takes a matter away from the unit is the last of it.
    """
    values = {Side.ALL: (unit, unit, unit), Side.BY: (unit, unit), Side.TO: (unit, unit, unit)}[side]
    with store.database.reader() as driver:
        rows = driver.rows(_QUESTIONS[side], (after, upto, *values, limit))
    return tuple(Doing(recorded=one, by=unit in (one.unit, one.on_behalf_of)) for one in store.recorded(rows))


_BY = "(e.unit = ? OR e.on_behalf_of = ?)"
_NOT_BY = "NOT (coalesce(e.unit, '') = ? OR coalesce(e.on_behalf_of, '') = ?)"
_ITS = (
    f"EXISTS (SELECT 1 FROM parties p WHERE p.matter = substr(e.stream, {len(MATTERS) + 1})"
    " AND p.part IN ('lead', 'co') AND p.party = ?"
    " AND p.from_position <= e.position AND p.to_position >= e.position)"
)
_CONDITIONS = {Side.ALL: f"({_BY} OR {_ITS})", Side.BY: _BY, Side.TO: f"({_NOT_BY} AND {_ITS})"}
_QUESTIONS = {
    side: plain_text(
        f"SELECT {', '.join(f'e.{name}' for name in COLUMNS.split(', '))} FROM events e"
        " WHERE e.position > ? AND e.position <= ? AND e.stream >= 'matter-' AND e.stream < 'matter.'"
        f" AND {condition} ORDER BY e.position LIMIT ?"
    )
    for side, condition in _CONDITIONS.items()
}
