"""What the effects of facts on a matter's state have in common."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from events.matter.state import DueDate, Extension, Limit, Matter, Rung
from events.record.envelope import FOR_A_PERSON, Recorded
from events.rules.ladder import Rule
from events.vocabulary import BEIJING, UNIT_ROLES, UnitId

Changes = dict[str, Any]
"""Field of Matter → its new value; fields not named stay."""

Effect = Callable[[Matter, Recorded], Changes]


def counted_at(recorded: Recorded) -> datetime:
    """The moment clocks reckon with."""
    moment: datetime = recorded.fact.effective_at or recorded.recorded_at
    return moment


def counted_on(recorded: Recorded) -> date:
    """The Beijing day clocks reckon with."""
    return day(counted_at(recorded))


def day(moment: datetime) -> date:
    """The Beijing day of a moment."""
    return moment.date() if moment.tzinfo is BEIJING else moment.astimezone(BEIJING).date()


def limit_set(
    matter: Matter, limit: Limit | None, recorded: Recorded, why: str, *, on: date | None = None
) -> Changes:
    """The limit in force from here on, with its due date in the row of all there were."""
    if limit is None:
        return {}
    if limit.due_on is None or limit == matter.limit:
        return {"limit": limit}
    set_on = on if on is not None else counted_on(recorded)
    row = DueDate(due_on=limit.due_on, set_on=set_on, why=why, provisional=limit.provisional)
    return {"limit": limit, "due_dates": (*matter.due_dates, row)}


def handled(matter: Matter, recorded: Recorded) -> Changes:
    """The account among the handlers, where it acted for the handling unit itself."""
    if (
        (recorded.on_behalf_of is not None and not recorded.on_behalf_of.startswith(FOR_A_PERSON))
        or recorded.role not in UNIT_ROLES
        or recorded.actor in matter.handlers
    ):
        return {}
    return {"handlers": matter.handlers | {recorded.actor}}


def extensions_lapsed(matter: Matter) -> Changes:
    """A pending request lapses with the assignment it was made under."""
    if matter.pending_extension is None:
        return {}
    return {"extensions": tuple(_lapsed(extension) for extension in matter.extensions)}


def _lapsed(extension: Extension) -> Extension:
    return replace(extension, decision="lapsed") if extension.decision == "pending" else extension


def rungs_kept(matter: Matter, units: tuple[UnitId, ...], *, since: date) -> Changes:
    """What was said to the units of a new assignment from its day on is not said to them again.

    ``units`` are the lead unit, then the co-units; none where the matter goes back unassigned.
    """
    said = tuple(rung for rung in (*matter.rungs_elsewhere, *matter.rungs) if rung.said_on >= since)
    if not said:
        return {"rungs": (), "rungs_elsewhere": ()}
    here = tuple(rung for rung in said if _said_to(rung, units))
    return {"rungs": here, "rungs_elsewhere": tuple(rung for rung in said if rung not in here)}


def _said_to(rung: Rung, units: tuple[UnitId, ...]) -> bool:
    spoken_of = units[1:] if rung.rule == Rule.OPINION else units[:1]
    return bool(spoken_of) and set(spoken_of) <= set(rung.units)
