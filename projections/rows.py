"""A row of the register as people read it: typed, with how late it is on the day it is judged."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from events.record.moments import from_micros
from events.record.sql import Driver, Row, Statement, plain_text
from events.rules.calendar import WorkingDays
from events.rules.deadlines import days_late, light, working_days_late
from events.vocabulary import Light, MatterId, PersonId, Stage, UnitId, Urgency
from projections.particulars import SHOWN
from projections.projection import FOREVER
from projections.register_columns import COLUMNS, PACKED_NAMES, unpacked

Key = tuple[str, int]
"""A matter's id, and the position at which its row was superseded (FOREVER: it is in force)."""


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
    support_due_on: date | None
    """The office's last day to answer, while a request waits."""
    supports: int
    """How many requests for support there were."""
    supports_late: int
    """How many of them were answered late."""
    returned_reason: str | None
    returned_on: date | None
    plan: str | None
    """submitted, approved; None where there is none."""
    plan_or_progress: bool
    percent: int | None
    round: int
    urged: int
    handler: PersonId | None
    """The person of the office whose desk it is on."""
    awaits_approval: bool
    key_case: bool
    split: bool
    """Whether its parts are answered for, and counted, instead of it."""
    branches: tuple[int, int] | None
    """Parts that ended, and all of them; None where it was not split."""
    opinions: tuple[UnitId, ...]
    """Co-units that gave their opinion."""
    opinions_due_on: date | None
    """The earliest day on which an opinion is waited for."""
    version: int
    last_at: datetime
    from_position: int
    """Position of the last fact that changed what a list shows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item(RegisterRow):
    """A row judged on a day."""

    days_late: int | None
    """Calendar days; None without a due day."""
    working_days_late: int | None
    light: Light


def items_at(
    driver: Driver, position: int, keys: Sequence[Key], *, day: date, calendar: WorkingDays
) -> tuple[Item, ...]:
    """The items of rows valid at a position, in the order of their keys, judged on ``day``."""
    found = _read(driver, _CURRENT, [id_ for id_, ends in keys if ends == FOREVER], position)
    found |= _read(driver, _SUPERSEDED, [ends for _, ends in keys if ends != FOREVER], position)
    moved = [id_ for id_, _ in keys if id_ not in found]
    if moved:  # superseded since their keys were read
        found |= _read(driver, _MOVED, moved, position)
    items = tuple([item_of(found[id_], day=day, calendar=calendar) for id_, _ in keys])
    split = [item.id for item in items if item.branches is not None and item.open]
    return _as_their_parts(driver, position, items, split, day=day, calendar=calendar) if split else items


def _as_their_parts(
    driver: Driver,
    position: int,
    items: tuple[Item, ...],
    split: list[MatterId],
    *,
    day: date,
    calendar: WorkingDays,
) -> tuple[Item, ...]:
    """The items with the worst light of their parts where they were split: the whole shows it."""
    found = driver.rows(_PARTS, (driver.whole(split), position, position))
    parts = items_at(driver, position, [(row[0], FOREVER) for row in found], day=day, calendar=calendar)
    worst: dict[str, tuple[int, int]] = {}
    for (_, whole), part in zip(found, parts, strict=True):
        if part.open:
            shown = (_WORSE.index(part.light), part.days_late or 0)
            worst[whole] = max(worst.get(whole, (0, 0)), shown)
    return tuple(
        replace(item, light=_WORSE[worst[item.id][0]], days_late=worst[item.id][1])
        if item.id in worst
        else item
        for item in items
    )


def item_of(row: Sequence[Any], *, day: date, calendar: WorkingDays) -> Item:
    """An item from a row as selected here, judged on ``day``."""
    values = [*row[:_PACKED_AT], *unpacked(row[_PACKED_AT]), *row[_PACKED_AT + 1 :]]
    for place, read in _READERS:
        value = values[place]
        if value is not None:
            values[place] = read(value)
    said: dict[str, Any] = dict(zip(_NAMES, values, strict=True))
    due_on: date | None = said["due_on"]
    judged = judged_on(said["reported_on"], said["suspended_on"], said["ended_on"], day)
    return Item(
        **said,
        days_late=None if due_on is None else days_late(due_on, judged),
        working_days_late=None if due_on is None else working_days_late(due_on, judged, calendar),
        light=light(stage=said["stage"], due_on=due_on, judged_on=judged, today=day, calendar=calendar),
    )


def judged_on(reported_on: date | None, suspended_on: date | None, ended_on: date | None, day: date) -> date:
    """The day lateness is judged on: of the standing report, the suspension or the ending, else ``day``."""
    return reported_on or suspended_on or ended_on or day


def _read(driver: Driver, statement: Statement, wanted: Sequence[Any], position: int) -> dict[str, Row]:
    if not wanted:
        return {}
    chosen = driver.whole(wanted)
    moved = (position,) if statement is _MOVED else ()
    rows = driver.rows(statement, (position, position, position, chosen, *moved, position))
    return {row[0]: row for row in rows}


def _statement(table: str, key: str, type_: str, where: str) -> Statement:
    """Rows with their words, and with the version the matter had at the position."""
    listed = [
        *(f"r.{name}" for name in COLUMNS),
        *(f"p.{name}" for name in SHOWN),
        "e.version",
        "e.recorded_at",
    ]
    last = (
        "SELECT v.version FROM events v WHERE v.stream = 'matter-' || r.id AND v.position <= ?"
        " ORDER BY v.version DESC LIMIT 1"
    )
    written = (
        f"SELECT {', '.join(listed)} FROM {table} r JOIN particulars p ON p.matter = r.id"
        " AND p.from_position <= ? AND p.to_position > ?"
        f" JOIN events e ON e.stream = 'matter-' || r.id AND e.version = ({last}) WHERE r.{key}"
    )
    return plain_text(
        f"{written} IN (SELECT value FROM json_each(?)) AND {where}",
        f"{written} = ANY(?::{type_}[]) AND {where}",
    )


_NAMES = (
    *COLUMNS[: COLUMNS.index("packed")],
    *PACKED_NAMES,
    *COLUMNS[COLUMNS.index("packed") + 1 :],
    *SHOWN,
    "version",
    "last_at",
)
_PACKED_AT = COLUMNS.index("packed")
_FIELDS = tuple(RegisterRow.__dataclass_fields__)
_FLAGS = (
    "open running provisional in_working_days verification_passed closed_late support_pending plan_or_progress"
    " key_case split awaits_approval"
).split()
_WORSE = (Light.NONE, Light.GREEN, Light.YELLOW, Light.RED)
_READING: dict[str, Callable[[Any], Any]] = {
    **dict.fromkeys((n for n in _FIELDS if n.endswith("_on") or n == "extension_until"), date.fromisoformat),
    **dict.fromkeys(_FLAGS, bool),
    "stage": {stage.value: stage for stage in Stage}.__getitem__,
    "urgency": {urgency.value: urgency for urgency in Urgency}.__getitem__,
    "co_units": tuple,
    "branches": tuple,
    "opinions": tuple,
    "last_at": from_micros,
}
_READERS = tuple((place, _READING[name]) for place, name in enumerate(_NAMES) if name in _READING)
_VALID = "r.from_position <= ?"
_PARTS = plain_text(
    "SELECT p.matter, p.parent FROM particulars p WHERE p.parent IN (SELECT value FROM json_each(?))"
    " AND p.from_position <= ? AND p.to_position > ? ORDER BY p.matter",
    "SELECT p.matter, p.parent FROM particulars p WHERE p.parent = ANY(?::text[])"
    " AND p.from_position <= ? AND p.to_position > ? ORDER BY p.matter",
)
_CURRENT = _statement("register", "id", "text", _VALID)
_SUPERSEDED = _statement("register_past", "to_position", "bigint", _VALID)
_MOVED = _statement("register_past", "id", "text", f"r.to_position > ? AND {_VALID}")
