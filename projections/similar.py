"""相似事项: which open or recently ended matters are like a wording, the likest first, with what makes them so."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from typing import Any

from sqlalchemy import Connection, TextClause, select, text

from events.rules.calendar import WorkingDays
from events.vocabulary import MatterId
from projections import lists
from projections.asking import Asked
from projections.likeness import Alike, Wording, alike, folded, marks
from projections.particulars import particulars
from projections.projection import FOREVER
from projections.rows import Item

NEWEST = 64
"""Of the matters that share a mark, so many of the newest are looked at."""
COMPARED = 80
"""Matters whose words are compared at most."""
SHOWN_OF = 40
"""The likest, of which those that may be seen and are not long gone are named."""
RECENT = timedelta(days=365)
"""How long ago a matter may have ended to be named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Like:
    """A matter that is like what is asked about."""

    item: Item
    alike: Alike


def similar(
    connection: Connection,
    asked: Asked,
    calendar: WorkingDays,
    wording: Wording,
    *,
    without: Collection[MatterId] = (),
    limit: int = 8,
) -> tuple[Like, ...]:
    """The likes of a wording among what may be seen, the likest first; ``without`` are left out."""
    sought = marks(wording.title or wording.problem, wording.place, wording.object)
    if not sought:
        return ()
    agreed: dict[MatterId, Alike] = {}
    here = folded(wording)
    for row in _wordings(connection, _sharing(connection, sought)):
        said = Wording(title=row.title, problem=row.problem, place=row.place or "", object=row.object or "")
        found = alike(here, folded(said))
        if found.weight and row.matter not in without:
            agreed[MatterId(row.matter)] = found
    likest = sorted(agreed, key=lambda matter: -agreed[matter].weight)[:SHOWN_OF]
    if not likest:
        return ()
    since = asked.day - RECENT
    items = lists.chosen(connection, replace(asked, limit=SHOWN_OF), calendar, likest).items
    kept = [one for one in items if one.open or (one.ended_on is not None and one.ended_on >= since)]
    kept.sort(key=lambda one: (-agreed[one.id].weight, not one.open))
    return tuple(Like(item=one, alike=agreed[one.id]) for one in kept[:limit])


def _sharing(connection: Connection, sought: Sequence[str]) -> list[int]:
    """Positions of the wordings most likely alike: those that share marks few others have, newer ones first."""
    weights: defaultdict[int, float] = defaultdict(float)
    own = [(mark,) for mark in sought if not mark.startswith("l")]
    orders = [mark for mark in sought if mark.startswith("l")]
    for together in TOGETHER if orders else (1,):
        groups = [*own, *_groups(orders, together)]
        for positions in _found(connection, groups):
            for position in positions:
                weights[position] += NEWEST / len(positions)
        if len(weights) >= COMPARED:
            break
    return sorted(weights, key=lambda position: (-weights[position], -position))[:COMPARED]


TOGETHER = (3, 2, 1)
"""How many marks of the title must be shared at once: all three where many are written alike, else fewer."""


def _groups(marks_: Sequence[str], together: int) -> list[tuple[str, ...]]:
    """Each mark with those after it, around in a ring."""
    ring = (*marks_, *marks_[: together - 1])
    return [tuple(ring[n : n + together]) for n in range(len(marks_))]


def _found(connection: Connection, groups: Sequence[tuple[str, ...]]) -> list[list[int]]:
    """Of the wordings that hold all marks of a group the newest, for each group that finds any."""
    one = connection.dialect.name == "sqlite"
    said: Mapping[str, Any] = {
        f"marks_{n}": " ".join(group) if one else list(group) for n, group in enumerate(groups)
    }
    found: dict[int, list[int]] = {}
    for nth, position in connection.execute(_question(len(groups), one), said):
        found.setdefault(nth, []).append(position)
    return list(found.values())


@cache
def _question(count: int, sqlite: bool) -> TextClause:
    held = "search MATCH" if sqlite else "words @>"
    arms = (
        f"SELECT * FROM (SELECT {n} AS nth, rowid AS place FROM search WHERE {held} :marks_{n}"
        f" ORDER BY rowid DESC LIMIT {NEWEST}) AS arm_{n}"
        for n in range(count)
    )
    return text(" UNION ALL ".join(arms))


def _wordings(connection: Connection, positions: Sequence[int]) -> Sequence[Any]:
    """What stands at these positions still."""
    p = particulars.c
    statement = select(p.matter, p.title, p.problem, p.place, p.object).where(
        p.from_position.in_(positions), p.to_position == FOREVER
    )
    return connection.execute(statement).all()
