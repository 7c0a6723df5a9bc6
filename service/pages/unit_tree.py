"""The tree of units: each with those below it, its people and its figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from events.directory.state import Person, Unit
from events.vocabulary import UnitId
from projections.units import UnitCounts
from service.pages.visiting import Visit
from service.pages.words import joined, short_day


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """A unit of the tree with those below it."""

    name: str
    href: str
    note: str
    below: tuple[Branch, ...]


def branches(
    visit: Visit,
    units: list[Unit],
    parent: UnitId | None,
    counts: Mapping[UnitId, UnitCounts],
) -> tuple[Branch, ...]:
    """The units below one, with all that is below them."""
    known = {unit.id for unit in units}
    mine = [u for u in units if _above(visit, u, known) == parent]
    return tuple(
        branch(visit, u, branches(visit, units, u.id, counts), counts)
        for u in sorted(mine, key=lambda u: visit.unit_name(u.id))
    )


def _above(visit: Visit, unit: Unit, known: set[UnitId]) -> UnitId | None:
    parent = unit.parent(visit.day)
    return parent if parent in known else None


def branch(
    visit: Visit, unit: Unit, below: tuple[Branch, ...], counts: Mapping[UnitId, UnitCounts]
) -> Branch:
    """One unit of the tree."""
    people = len(people_of(visit, unit.id))
    counted = counts.get(unit.id)
    matters = f"在办 {counted.open} 件" if counted and counted.open else ""
    late = f"逾期 {counted.overdue} 件" if counted and counted.overdue else ""
    gone = f"{short_day(unit.closed_on, visit.day)}撤销" if unit.closed_on and unit.closed(visit.day) else ""
    note = joined(unit.kind, f"{people} 人" if people else "没有登记人员", matters, late, gone)
    return Branch(name=visit.unit_name(unit.id), href=visit.then(f"/units/{unit.id}"), note=note, below=below)


def people_of(visit: Visit, unit: UnitId) -> list[Person]:
    """Who belongs to a unit today, those with a post first."""
    found = [p for p in visit.directory.people.values() if p.unit(visit.day) == unit]
    here = [p for p in found if p.left_on is None or p.left_on > visit.day]
    return sorted(here, key=lambda person: (not person.roles(visit.day), person.name))
