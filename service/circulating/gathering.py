"""Everything a bulletin counts, gathered from the projections at its frozen positions in a handful of statements."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from events.bulletin.content import Frozen, Span
from events.directory.state import Directory
from events.rules.calendar import WorkingDays
from events.rules.rates import Counted
from events.vocabulary import UNIT_ROLES, UnitId
from projections.asking import Asked
from projections.counting import Measure
from projections.overdue import Overdue, overdue_at
from projections.rates import Tally, by_unit, parts_of, total
from projections.together import ByUnit, Spot, overdue_at_each, sums_at
from service.circulating.plan import Plan
from service.runtime import Runtime

NO_UNIT = UnitId("")
"""Matters that have no unit on the day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """What the record says."""

    total: Tally
    units: Mapping[UnitId, Tally]
    """By lead unit, NO_UNIT for matters without one."""
    previous: Tally | None
    overdue: tuple[Overdue, ...]
    directory: Directory
    calendar: WorkingDays
    """Both as recorded at the frozen position."""


def gather(runtime: Runtime, plan: Plan) -> Gathered:
    """Counts all that a plan asks for.

    The total is asked for apart, so that a draft whose units do not sum to it is found.
    """
    calendar = runtime.calendars.at(plan.frozen.as_of)
    with runtime.database.reading.connect() as connection:
        asked, measure = question(plan.period, plan.frozen)
        parts = parts_of(plan.rules)
        units = by_unit(connection, calendar, measure, asked, parts)
        return Gathered(
            total=total(connection, calendar, measure, asked, parts),
            units=_named(units),
            previous=_before(connection, runtime, plan),
            overdue=overdue_at(connection, plan.frozen.as_of, plan.frozen.judged_on),
            directory=runtime.directory.at(plan.frozen.as_of),
            calendar=calendar,
        )


def gather_together(runtime: Runtime, plans: Sequence[Plan]) -> Iterator[Gathered]:
    """The same for many plans from one pass over the rows; totals are summed from the units."""
    own = tuple(dict.fromkeys((plan.period, plan.frozen) for plan in plans))
    every = tuple(dict.fromkeys((*own, *(place for plan in plans for place in _before_of(plan)))))
    spots = {place: _spot(runtime, place) for place in every}
    parts = parts_of(rule for plan in plans for rule in plan.rules)
    with runtime.database.reading.connect() as connection:
        sums = dict(zip(every, sums_at(connection, list(spots.values()), parts), strict=True))
        lists = overdue_at_each(connection, [spots[place] for place in own])
    late = dict(zip(own, lists, strict=True))
    for plan in plans:
        units = sums[plan.period, plan.frozen]
        before = next((_summed(sums[place].values()) for place in _before_of(plan)), None)
        yield Gathered(
            total=_summed(units.values()),
            units=_named(units),
            previous=before,
            overdue=late[plan.period, plan.frozen],
            directory=runtime.directory.at(plan.frozen.as_of),
            calendar=spots[plan.period, plan.frozen].calendar,
        )


Place = tuple[Span, Frozen]


def _before_of(plan: Plan) -> Iterator[Place]:
    if plan.previous is not None and plan.previous_frozen is not None:
        yield plan.previous, plan.previous_frozen


def _spot(runtime: Runtime, place: Place) -> Spot:
    period, frozen = place
    measure = question(period, frozen)[1]
    return Spot(position=frozen.as_of, measure=measure, calendar=runtime.calendars.at(frozen.as_of))


def _named(units: ByUnit) -> dict[UnitId, Tally]:
    return {unit if unit is not None else NO_UNIT: tally for unit, tally in units.items()}


def _summed(tallies: Iterable[Tally]) -> Tally:
    whole: Counter[Counted] = Counter()
    for tally in tallies:
        whole.update(tally)
    return whole


def question(period: Span, frozen: Frozen) -> tuple[Asked, Measure]:
    """A period's question to the register."""
    measure = Measure(
        day=frozen.judged_on,
        assigned_from=frozen.counted_from,
        assigned_to=period.last,
        happened_from=period.first,
        happened_to=period.last,
    )
    return Asked(day=frozen.judged_on, position=frozen.as_of), measure


def _before(connection: Connection, runtime: Runtime, plan: Plan) -> Tally | None:
    if plan.previous is None or plan.previous_frozen is None:
        return None
    asked, measure = question(plan.previous, plan.previous_frozen)
    calendar = runtime.calendars.at(plan.previous_frozen.as_of)
    return total(connection, calendar, measure, asked, parts_of(plan.figures))


def covered(gathered: Gathered, plan: Plan) -> list[UnitId]:
    """The units a bulletin speaks of, in the directory's order: those with somebody to answer, or something counted.

    The order is that of the tree: a unit before those below it, sisters in the order they were registered.
    """
    directory, day, at = gathered.directory, plan.frozen.judged_on, plan.frozen.as_of
    parts = parts_of(plan.columns)
    answering = {
        person.unit(day, at)
        for person in directory.people.values()
        if not UNIT_ROLES.isdisjoint(person.roles(day, at))
    }
    wanted = {unit for unit, tally in gathered.units.items() if any(tally.get(p) for p in parts)} | {
        unit.id for unit in directory.units.values() if unit.id in answering and not unit.closed(day)
    }
    below: dict[UnitId | None, list[UnitId]] = {}
    for unit in directory.units.values():
        below.setdefault(unit.parent(day, at), []).append(unit.id)
    ordered = [unit for unit in _walk(below) if unit in wanted]
    return [*ordered, *sorted(wanted - set(ordered))]


def _walk(below: Mapping[UnitId | None, list[UnitId]]) -> list[UnitId]:
    found: dict[UnitId, None] = {}
    waiting = list(reversed(below.get(None, [])))
    while waiting:
        here = waiting.pop()
        if here not in found:
            found[here] = None
            waiting.extend(reversed(below.get(here, [])))
    return list(found)
