"""Units an assignment names: that they exist, that lead and co-units differ, by when opinions are due."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from events.matter.limits import limit_given
from events.matter.state import Limit, Matter
from events.matter.surroundings import Surroundings
from events.refusals import Invalid
from events.vocabulary import Starts, UnitId


@dataclass(frozen=True, slots=True, kw_only=True)
class CoLimit:
    """The co-units' limit as a command gives it; neither: no opinion is asked for."""

    due_on: date | None = None
    time_limit: str | None = None


def existing_unit(unit: UnitId, seen: Surroundings) -> UnitId:
    """``unit`` where it exists and is not closed."""
    known = seen.directory.units.get(unit)
    if known is None:
        raise Invalid(f"没有“{unit}”这个单位，请从单位名录中选择。", code="unknown-unit")
    if known.closed(seen.today):
        successor = seen.directory.unit_name(known.successor, seen.today)
        hint = f"请改交承接单位{successor}" if successor else "请另选单位"
        raise Invalid(f"{known.name(seen.today)}已于{known.closed_on}撤销，{hint}。", code="unit-closed")
    return unit


def co_units_of(lead_unit: UnitId, named: Iterable[UnitId], seen: Surroundings) -> tuple[UnitId, ...]:
    """The co-units named, each once; refuses the lead unit among them."""
    units = tuple(dict.fromkeys(named))
    if lead_unit in units:
        name = seen.directory.unit_name(lead_unit, seen.today)
        raise Invalid(
            f"{name}已是牵头单位，不能同时作配合单位，请从配合单位中去掉。", code="lead-among-co-units"
        )
    return tuple(existing_unit(unit, seen) for unit in units)


def opinions_due_on(
    matter: Matter, co_units: tuple[UnitId, ...], given: CoLimit, seen: Surroundings
) -> date | None:
    """配合意见的期限 as given with the assignment; None where there are no co-units or none is asked for one."""
    if not co_units or (given.due_on is None and given.time_limit is None):
        return None
    return opinion_limit(given, matter, seen)


def usual_opinions_due_on(
    matter: Matter, co_units: tuple[UnitId, ...], limit: Limit, seen: Surroundings
) -> date | None:
    """配合意见的期限 as the kind says: its working days on, never after the lead unit's own limit."""
    if not co_units:
        return None
    days = seen.procedure(matter.kind).opinion_within_working_days
    usual = seen.calendar.nth_working_day_after(seen.counted_on, days).on
    return min(usual, limit.due_on) if limit.due_on is not None else usual


def opinion_limit(given: CoLimit, matter: Matter, seen: Surroundings) -> date | None:
    """The day a co-unit's limit as typed comes to."""
    return limit_given(
        matter,
        seen,
        due_on=given.due_on,
        time_limit=given.time_limit,
        starts=Starts.ASSIGNED,
        preset=False,
    ).due_on
