"""The columns of the 台账: what each is, and which fields of a matter's state it comes from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from operator import attrgetter
from typing import Any

import msgspec
from sqlalchemy import Column, Integer, SmallInteger, Text
from sqlalchemy.types import TypeEngine

from events.matter.state import Matter
from events.record.sql import Row
from events.record.tables import BIG
from events.rules.ladder import OWED_BY_UNIT
from events.vocabulary import OPEN, Stage
from projections.projection import date_text, day_text

PLAN_SUBMITTED, PLAN_APPROVED = "submitted", "approved"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One value of a row."""

    name: str
    type: TypeEngine[Any]
    nullable: bool
    fields: frozenset[str]
    """Fields of the state without a change of which it does not change."""
    of: Callable[[Matter], Any]
    """Its stored value."""


Values = tuple[Any, ...]
"""What a state comes to, in the order of SHOWN and then of PACKED."""


def values_of(matter: Matter) -> Values:
    """The values of a state."""
    return tuple([of(matter) for of in _READERS])


def next_values(values: Values, matter: Matter, changed: frozenset[str]) -> Values:
    """The values after a fact that changed some fields, from those before it."""
    following = list(values)
    for index in places(changed):
        following[index] = _READERS[index](matter)
    return tuple(following)


def stored(values: Values, position: int) -> Row:
    """The row of these values, in column order; ``position`` is that of the fact which made them."""
    return (*values[:QUERIED], packed(values[QUERIED:]), position)


def packed(values: Sequence[Any]) -> str:
    """The values nobody asks by, as one JSON text: a narrow row is written several times faster."""
    return _encode(values).decode()


def unpacked(text: str) -> dict[str, Any]:
    """The packed values by name."""
    return dict(zip(_PACKED_NAMES, msgspec.json.decode(text), strict=True))


def places(changed: frozenset[str]) -> tuple[int, ...]:
    """Where in the values a change of some fields may show; nowhere for many a fact."""
    found = _PLACES.get(changed)
    if found is None:
        shown = (*SHOWN, *PACKED)
        found = tuple(n for n, one in enumerate(shown) if not one.fields.isdisjoint(changed))
        _PLACES[changed] = found
    return found


def changed_columns(found: Sequence[int]) -> tuple[str, ...]:
    """The columns in which values at these places are kept."""
    names = [COLUMNS[n] for n in found if n < QUERIED]
    return (*names, "packed") if any(n >= QUERIED for n in found) else tuple(names)


def column_values(matter: Matter, found: Sequence[int]) -> list[Any]:
    """What a state puts into those columns."""
    values = [_READERS[n](matter) for n in found if n < QUERIED]
    if found[-1] >= QUERIED:
        values.append(packed([of(matter) for of in _READERS[QUERIED:]]))
    return values


def table_columns() -> list[Column[Any]]:
    """Fresh columns for a table."""
    columns = [Column(shown.name, shown.type, nullable=shown.nullable) for shown in SHOWN]
    return [*columns, Column("packed", Text, nullable=False), Column("from_position", BIG, nullable=False)]


def number_key(number: str) -> int:
    """An official number as a whole number in the same order: year × 10 000 000 + serial; 0 for none."""
    year, _, serial = number.partition("-")
    return int(year) * 10_000_000 + int(serial) if year.isdigit() and serial.isdigit() else 0


def _words(name: str, nullable: bool = True) -> Shown:
    return Shown(name=name, type=Text(), nullable=nullable, fields=frozenset((name,)), of=attrgetter(name))


def _number(name: str, nullable: bool = False) -> Shown:
    return Shown(name=name, type=Integer(), nullable=nullable, fields=frozenset((name,)), of=attrgetter(name))


def _said(name: str) -> Shown:
    """Whether a field that is True or False says True."""
    return _flag(name, name, lambda matter: bool(getattr(matter, name)))


def _flag(name: str, fields: str, of: Callable[[Matter], bool]) -> Shown:
    return Shown(
        name=name,
        type=SmallInteger(),
        nullable=False,
        fields=frozenset(fields.split()),
        of=lambda matter: int(of(matter)),
    )


def _date(name: str) -> Shown:
    of = attrgetter(name)
    return _day(name, name, of)


def _day(name: str, fields: str, of: Callable[[Matter], date | None]) -> Shown:
    return Shown(
        name=name,
        type=Text(),
        nullable=True,
        fields=frozenset(fields.split()),
        of=lambda matter: date_text(of(matter)),
    )


def _moment(name: str, fields: str, of: Callable[[Matter], datetime | None]) -> Shown:
    """The Beijing day of a moment."""
    return Shown(
        name=name,
        type=Text(),
        nullable=True,
        fields=frozenset(fields.split()),
        of=lambda matter: day_text(of(matter)),
    )


def _made(
    name: str, type_: TypeEngine[Any], fields: str, of: Callable[[Matter], Any], nullable: bool = False
) -> Shown:
    return Shown(name=name, type=type_, nullable=nullable, fields=frozenset(fields.split()), of=of)


def _plan(matter: Matter) -> str | None:
    if matter.plan is None:
        return None
    return PLAN_APPROVED if matter.plan.approved_on else PLAN_SUBMITTED


def _provisional(matter: Matter) -> bool:
    return matter.limit is not None and matter.limit.provisional and matter.stage in OPEN


def _suspended_at(matter: Matter) -> datetime | None:
    return matter.suspended_at if Stage.SUSPENDED in (matter.stage, matter.ended_from) else None


def _extension_until(matter: Matter) -> date | None:
    return matter.pending_extension.until if matter.pending_extension else None


SHOWN: tuple[Shown, ...] = (
    _words("id", nullable=False),
    _made("number_key", BIG, "number", lambda m: number_key(m.number)),
    _made("stage", Text(), "stage", lambda m: m.stage.value),
    _flag("open", "stage", lambda m: m.stage in OPEN),
    _flag("running", "stage", lambda m: m.stage in OWED_BY_UNIT),
    _words("lead_unit"),
    _day("due_on", "limit", lambda m: m.due_on),
    _flag("provisional", "limit stage", _provisional),
    _day("look_back_on", "look_back_on stage", lambda m: m.look_back_on if m.stage is Stage.CLOSED else None),
    _words("kind", nullable=False),
    _words("source", nullable=False),
    _flag("in_working_days", "limit", lambda m: m.limit is not None and m.limit.in_working_days),
    _moment("assigned_on", "assigned_at", lambda m: m.assigned_at),
    _date("first_assigned_on"),
    _moment("acknowledged_on", "acknowledged_at", lambda m: m.acknowledged_at),
    _moment("reported_on", "completion_reported_at", lambda m: m.completion_reported_at),
    _date("last_completion_on"),
    _date("last_completion_due_on"),
    _said("verification_passed"),
    _said("closed_late"),
    _day("extension_until", "extensions", _extension_until),
    _flag("support_pending", "support_pending", lambda m: m.support_pending is not None),
    _said("plan_or_progress"),
)
"""What lists and figures are asked by: a column each."""

PACKED: tuple[Shown, ...] = (
    _made("co_units", Text(), "co_units", lambda m: list(m.co_units)),
    _words("person"),
    _words("quality_requirement"),
    _day("first_due_on", "due_dates", lambda m: m.due_dates[0].due_on if m.due_dates else None),
    _date("first_acknowledged_on"),
    _moment(
        "objected_on", "objected_at stage", lambda m: m.objected_at if m.stage is Stage.OBJECTED else None
    ),
    _moment("suspended_on", "suspended_at stage ended_from", _suspended_at),
    _words("verifier"),
    _date("verify_on"),
    _moment("closed_on", "closed_at", lambda m: m.closed_at),
    _number("days_late_at_report"),
    _moment("ended_on", "ended_at", lambda m: m.ended_at),
    _moment("look_back_passed_on", "look_back_passed_at", lambda m: m.look_back_passed_at),
    _words("relapse_matter"),
    _made("extensions", Integer(), "extensions", lambda m: m.extensions_granted),
    _words("returned_reason"),
    _moment("returned_on", "returned_at", lambda m: m.returned_at),
    _made("plan", Text(), "plan", _plan, nullable=True),
    _number("percent", nullable=True),
    _number("round"),
    _number("urged"),
)
"""What is only shown: all in the column ``packed``."""

QUERIED = len(SHOWN)
COLUMNS = (*(shown.name for shown in SHOWN), "packed", "from_position")
_PACKED_NAMES = tuple(shown.name for shown in PACKED)
_READERS = tuple(shown.of for shown in (*SHOWN, *PACKED))
_PLACES: dict[frozenset[str], tuple[int, ...]] = {}
_encode = msgspec.json.Encoder().encode
