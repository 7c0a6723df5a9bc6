"""Everything a bulletin counts, gathered from the projections at its frozen positions in a handful of statements."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

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


@dataclass(frozen=True, slots=True)
class Known:
    """Totals counted already, for whoever gathers bulletin after bulletin: a month is the next one's month before."""

    totals: dict[tuple[Span, Frozen], tuple[frozenset[Counted], Tally]] = field(default_factory=dict)

    def keep(self, plan: Plan, parts: Iterable[Counted], total: Tally) -> None:
        """Keeps a plan's total."""
        self.totals[plan.period, plan.frozen] = (frozenset(parts), total)

    def before(self, plan: Plan) -> Tally | None:
        """The total of a plan's period before, where everything it compares was counted."""
        if plan.previous is None or plan.previous_frozen is None:
            return None
        parts, total = self.totals.get((plan.previous, plan.previous_frozen), (frozenset(), {}))
        return total if parts.issuperset(parts_of(plan.figures)) else None


def gather(runtime: Runtime, plan: Plan, known: Known | None = None) -> Gathered:
    """Counts all that a plan asks for.

    The total is asked for apart, so that a draft whose units do not sum to it is found; with ``known`` it is summed
    from the units, and the period before is taken from there.
    """
    calendar = runtime.calendars.at(plan.frozen.as_of)
    with runtime.database.reading.connect() as connection:
        asked, measure = question(plan.period, plan.frozen)
        parts = parts_of(plan.rules)
        units = by_unit(connection, calendar, measure, asked, parts)
        if known is None:
            whole, before = total(connection, calendar, measure, asked, parts), None
        else:
            whole, before = _summed(units.values()), known.before(plan)
            known.keep(plan, parts, whole)
        return Gathered(
            total=whole,
            units={unit if unit is not None else NO_UNIT: tally for unit, tally in units.items()},
            previous=_before(connection, runtime, plan) if before is None else before,
            overdue=overdue_at(connection, plan.frozen.as_of, plan.frozen.judged_on),
            directory=runtime.directory.at(plan.frozen.as_of),
            calendar=calendar,
        )


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
