"""A row of the register as people read it: typed, with how late it is on the day it is judged."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import RowMapping

from events.record.moments import from_micros
from events.rules.calendar import WorkingDays
from events.rules.deadlines import days_late, light, working_days_late
from events.vocabulary import Light, MatterId, PersonId, Stage, UnitId, Urgency
from projections.register_columns import SEPARATOR


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterRow:
    """One matter in the 台账, as of the position asked. Days are Beijing days."""

    id: MatterId
    number: str
    number_key: int
    title: str
    kind: str
    source: str
    source_no: str | None
    urgency: Urgency | None
    problem: str
    place: str | None
    object: str | None
    parent: MatterId | None
    relapse_of: MatterId | None
    registered_on: date | None
    stage: Stage
    open: bool
    running: bool
    """Whether the unit's clock runs (assigned, acknowledged, planning, rectifying, objected)."""
    lead_unit: UnitId | None
    co_units: tuple[UnitId, ...]
    person: str | None
    quality_requirement: str | None
    due_on: date | None
    first_due_on: date | None
    """The due day first set, before any extension or return."""
    provisional: bool
    """暂定, in an open matter."""
    in_working_days: bool
    assigned_on: date | None
    """Day of the standing assignment."""
    first_assigned_on: date | None
    acknowledged_on: date | None
    first_acknowledged_on: date | None
    objected_on: date | None
    suspended_on: date | None
    """While it is suspended, or where it was when it ended."""
    reported_on: date | None
    """Day of the standing completion report."""
    last_completion_on: date | None
    last_completion_due_on: date | None
    verifier: PersonId | None
    verify_on: date | None
    verification_passed: bool
    closed_on: date | None
    closed_late: bool
    days_late_at_report: int
    ended_on: date | None
    look_back_on: date | None
    """Day the selected look-back is due, while it is owed."""
    look_back_passed_on: date | None
    relapse_matter: MatterId | None
    extensions: int
    """How many were granted."""
    extension_until: date | None
    """Asked for and not yet decided."""
    support_pending: bool
    returned_reason: str | None
    returned_on: date | None
    plan: str | None
    """submitted, approved; None where there is none."""
    plan_or_progress: bool
    percent: int | None
    round: int
    urged: int
    version: int
    last_at: datetime
    from_position: int
    """Position of the fact that made this row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item(RegisterRow):
    """A row judged on a day."""

    days_late: int | None
    """Calendar days; None without a due day."""
    working_days_late: int | None
    light: Light


def judged_on(row: RegisterRow, day: date) -> date:
    """The day lateness is judged on: of the standing report, the suspension or the ending, else ``day``."""
    return row.reported_on or row.suspended_on or row.ended_on or day


def item_of(values: RowMapping, *, day: date, calendar: WorkingDays) -> Item:
    """An item from the stored values of a row, judged on ``day``."""
    read = {name: value if reader is None else reader(value) for name, reader, value in _paired(values)}
    row = RegisterRow(**read)
    due_on, judged = row.due_on, judged_on(row, day)
    return Item(
        **read,
        days_late=None if due_on is None else days_late(due_on, judged),
        working_days_late=None if due_on is None else working_days_late(due_on, judged, calendar),
        light=light(stage=row.stage, due_on=due_on, judged_on=judged, today=day, calendar=calendar),
    )


def _paired(values: RowMapping) -> list[tuple[str, Callable[[Any], Any] | None, Any]]:
    return [(name, _READERS.get(name), values[name]) for name in _FIELDS]


def _day(value: str | None) -> date | None:
    return None if value is None else date.fromisoformat(value)


def _units(value: str) -> tuple[UnitId, ...]:
    return tuple(UnitId(unit) for unit in value.split(SEPARATOR) if unit)


_FIELDS = tuple(RegisterRow.__dataclass_fields__)
_DAYS = tuple(name for name in _FIELDS if name.endswith("_on") or name == "extension_until")
_FLAGS = (
    "open running provisional in_working_days verification_passed closed_late support_pending plan_or_progress"
).split()
_READERS: dict[str, Callable[[Any], Any]] = {
    **dict.fromkeys(_DAYS, _day),
    **dict.fromkeys(_FLAGS, bool),
    "stage": {stage.value: stage for stage in Stage}.__getitem__,
    "urgency": {urgency.value: urgency for urgency in Urgency}.get,
    "co_units": _units,
    "last_at": from_micros,
}
