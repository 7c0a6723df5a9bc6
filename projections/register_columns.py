"""The columns of the 台账: what each is, and which fields of a matter's state it comes from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from operator import attrgetter, methodcaller
from typing import Any

import msgspec
from sqlalchemy import Column, Integer, SmallInteger, Text
from sqlalchemy.types import TypeEngine

from events.matter.approving import awaits_approval
from events.matter.state import Matter
from events.record.sql import Row
from events.record.tables import BIG
from events.rules.ladder import OWED_BY_UNIT
from events.vocabulary import BEIJING, OPEN, Stage
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
    attribute: str | None = None
    """The field of the state it is, as it stands there or as ``of`` puts it; None: ``of`` is asked of the state."""
    of: Callable[[Any], Any] | None = None
    """Field (never None), or state, to stored value; None: the field is stored as it stands."""


_TWO = ("id", "id")
"""Read besides: of a single field no tuple would come."""

Values = tuple[Any, ...]
"""What a state comes to, in the order of SHOWN and then of PACKED."""


class Reader:
    """Reads the values at some places off a state: all fields in one step, then those that are not stored as such."""

    __slots__ = ("_fields", "_put", "_worked_out")

    def __init__(self, shown: Sequence[Shown]) -> None:
        self._fields = attrgetter(*(one.attribute or "id" for one in shown), *_TWO)
        self._put = [(n, one.of) for n, one in enumerate(shown) if one.attribute and one.of]
        self._worked_out = [(n, one.of) for n, one in enumerate(shown) if not one.attribute and one.of]

    def __call__(self, matter: Matter) -> list[Any]:
        """The values, in the order given."""
        values = list(self._fields(matter))
        del values[-2:]
        for place, put in self._put:
            if values[place] is not None:
                values[place] = put(values[place])
        for place, work_out in self._worked_out:
            values[place] = work_out(matter)
        return values


def values_of(matter: Matter) -> Values:
    """The values of a state."""
    return tuple(_ALL(matter))


def next_values(values: Values, matter: Matter, changed: frozenset[str]) -> Values:
    """The values after a fact that changed some fields, from those before it."""
    found = places(changed)
    reader = _READERS.get(found)
    if reader is None:
        shown = (*SHOWN, *PACKED)
        reader = _READERS[found] = Reader([shown[n] for n in found])
    following = list(values)
    for place, value in zip(found, reader(matter), strict=True):
        following[place] = value
    return tuple(following)


def stored(values: Values, position: int) -> Row:
    """The row of these values, in column order; ``position`` is that of the fact which made them."""
    return (*values[:QUERIED], packed(values[QUERIED:]), position)


def packed(values: Sequence[Any]) -> str:
    """The values nobody asks by, as one JSON text: a narrow row is written several times faster."""
    return _encode(values).decode()


def unpacked(text: str) -> list[Any]:
    """The packed values, in the order of PACKED_NAMES."""
    values: list[Any] = msgspec.json.decode(text)
    return values


def places(changed: frozenset[str]) -> tuple[int, ...]:
    """Where in the values a change of some fields may show; nowhere for many a fact."""
    found = _PLACES.get(changed)
    if found is None:
        shown = (*SHOWN, *PACKED)
        found = tuple(n for n, one in enumerate(shown) if not one.fields.isdisjoint(changed))
        _PLACES[changed] = found
    return found


class Rewrite:
    """Columns of the row in force that are written anew where values at some places may have changed."""

    __slots__ = ("_packed", "_read", "names")

    def __init__(self, found: Sequence[int]) -> None:
        queried = [n for n in found if n < QUERIED]
        self._packed = len(queried) < len(found)
        self._read = Reader([SHOWN[n] for n in queried])
        self.names = (*(COLUMNS[n] for n in queried), *(("packed",) if self._packed else ()))
        """The columns."""

    def values(self, matter: Matter) -> list[Any]:
        """What a state puts into them."""
        values = self._read(matter)
        if self._packed:
            values.append(packed(_PACK(matter)))
        return values


def rewrite(found: tuple[int, ...]) -> Rewrite:
    """The columns for some places, worked out once."""
    known = _REWRITES.get(found)
    if known is None:
        known = _REWRITES[found] = Rewrite(found)
    return known


def table_columns() -> list[Column[Any]]:
    """Fresh columns for a table."""
    columns = [Column(shown.name, shown.type, nullable=shown.nullable) for shown in SHOWN]
    return [*columns, Column("packed", Text, nullable=False), Column("from_position", BIG, nullable=False)]


def number_key(number: str) -> int:
    """An official number as a whole number in the same order: year × 10 000 000 + serial; 0 for none."""
    year, _, serial = number.partition("-")
    serial = serial.partition("-")[0]  # parts of a split matter stand behind it, in order of their ids
    return int(year) * 10_000_000 + int(serial) if year.isdigit() and serial.isdigit() else 0


def _words(name: str, nullable: bool = True) -> Shown:
    return Shown(name=name, type=Text(), nullable=nullable, fields=frozenset((name,)), attribute=name)


def _number(name: str, nullable: bool = False) -> Shown:
    return Shown(name=name, type=Integer(), nullable=nullable, fields=frozenset((name,)), attribute=name)


def _said(name: str) -> Shown:
    """Whether a field that is True or False says True."""
    fields = frozenset((name,))
    return Shown(name=name, type=SmallInteger(), nullable=False, fields=fields, attribute=name, of=int)


def _flag(name: str, fields: str, of: Callable[[Matter], bool]) -> Shown:
    return Shown(
        name=name,
        type=SmallInteger(),
        nullable=False,
        fields=frozenset(fields.split()),
        of=lambda matter: int(of(matter)),
    )


def _date(name: str) -> Shown:
    fields = frozenset((name,))
    return Shown(
        name=name, type=Text(), nullable=True, fields=fields, attribute=name, of=methodcaller("isoformat")
    )


def _day(name: str, fields: str, of: Callable[[Matter], date | None]) -> Shown:
    return Shown(
        name=name,
        type=Text(),
        nullable=True,
        fields=frozenset(fields.split()),
        of=lambda matter: date_text(of(matter)),
    )


def _moment(name: str, field: str) -> Shown:
    """The Beijing day of a moment."""
    fields = frozenset((field,))
    return Shown(name=name, type=Text(), nullable=True, fields=fields, attribute=field, of=day_text)


def _moment_while(name: str, fields: str, of: Callable[[Matter], datetime | None]) -> Shown:
    """The Beijing day of a moment that is shown for a while."""
    return Shown(
        name=name,
        type=Text(),
        nullable=True,
        fields=frozenset(fields.split()),
        of=lambda matter: day_text(of(matter)),
    )


def _put(
    name: str, field: str, type_: TypeEngine[Any], of: Callable[[Any], Any], nullable: bool = False
) -> Shown:
    """A field, put another way."""
    return Shown(name=name, type=type_, nullable=nullable, fields=frozenset((field,)), attribute=field, of=of)


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


def _support_due_on(matter: Matter) -> date | None:
    """The last day for an answer; of a request without one the day it was made, so that it is not lost."""
    if matter.support_pending is None:
        return None
    asked_at = matter.support_asked_at
    return matter.support_due_on or (asked_at.astimezone(BEIJING).date() if asked_at else None)


def _extension_until(matter: Matter) -> date | None:
    return matter.pending_extension.until if matter.pending_extension else None


def _branches(matter: Matter) -> list[int] | None:
    """How many parts have ended, of how many."""
    if not matter.branches:
        return None
    return [sum(branch.ended is not None for branch in matter.branches), len(matter.branches)]


def _opinions_due_on(matter: Matter) -> str | None:
    """The earliest day on which an opinion is waited for."""
    days = (on for part in matter.helping if (on := part.waited_for_on) is not None)
    return date_text(min(days, default=None))


def _opinions(matter: Matter) -> list[str]:
    """The co-units that gave theirs."""
    return [part.unit for part in matter.helping if part.opinion_at is not None]


SHOWN: tuple[Shown, ...] = (
    _words("id", nullable=False),
    _put("number_key", "number", BIG, number_key),
    _put("stage", "stage", Text(), attrgetter("_value_")),
    _put("open", "stage", SmallInteger(), lambda stage: int(stage in OPEN)),
    _put("running", "stage", SmallInteger(), lambda stage: int(stage in OWED_BY_UNIT)),
    _words("lead_unit"),
    _day("due_on", "limit", lambda m: m.due_on),
    _flag("provisional", "limit stage", _provisional),
    _day("look_back_on", "look_back_on stage", lambda m: m.look_back_on if m.stage is Stage.CLOSED else None),
    _words("kind", nullable=False),
    _words("source", nullable=False),
    _flag("in_working_days", "limit", lambda m: m.limit is not None and m.limit.in_working_days),
    _moment("assigned_on", "assigned_at"),
    _moment("registered_on", "registered_at"),
    _date("first_assigned_on"),
    _moment("acknowledged_on", "acknowledged_at"),
    _moment("reported_on", "completion_reported_at"),
    _date("last_completion_on"),
    _date("last_completion_due_on"),
    _said("verification_passed"),
    _said("closed_late"),
    _day("extension_until", "extensions", _extension_until),
    _flag("support_pending", "support_pending", lambda m: m.support_pending is not None),
    _day("support_due_on", "support_pending support_due_on support_asked_at", _support_due_on),
    _made("supports", Integer(), "supports", lambda m: len(m.supports)),
    _made("supports_late", Integer(), "supports", lambda m: sum(one.days_late > 0 for one in m.supports)),
    _said("plan_or_progress"),
    _words("handler"),
    _moment("closed_on", "closed_at"),
    _made("extensions", Integer(), "extensions", lambda m: m.extensions_granted),
    _flag("split", "branches", lambda m: bool(m.branches)),
    _flag("awaits_approval", "approval proposal stage", awaits_approval),
)
"""What lists and figures are asked by: a column each."""

PACKED: tuple[Shown, ...] = (
    _words("co_units", nullable=False),
    _words("person"),
    _words("quality_requirement"),
    _day("first_due_on", "due_dates", lambda m: m.due_dates[0].due_on if m.due_dates else None),
    _date("first_acknowledged_on"),
    _moment_while(
        "objected_on", "objected_at stage", lambda m: m.objected_at if m.stage is Stage.OBJECTED else None
    ),
    _moment_while("suspended_on", "suspended_at stage ended_from", _suspended_at),
    _words("verifier"),
    _date("verify_on"),
    _number("days_late_at_report"),
    _moment("ended_on", "ended_at"),
    _moment("look_back_passed_on", "look_back_passed_at"),
    _words("relapse_matter"),
    _words("returned_reason"),
    _moment("returned_on", "returned_at"),
    _made("plan", Text(), "plan", _plan, nullable=True),
    _number("percent", nullable=True),
    _number("round"),
    _number("urged"),
    _made("branches", Text(), "branches", _branches, nullable=True),
    _made("opinions", Text(), "helping", _opinions),
    _made("opinions_due_on", Text(), "helping", _opinions_due_on, nullable=True),
    _made("key_case", SmallInteger(), "key_case", lambda m: int(m.key_case)),
)
"""What is only shown: all in the column ``packed``."""

QUERIED = len(SHOWN)
COLUMNS = (*(shown.name for shown in SHOWN), "packed", "from_position")
PACKED_NAMES = tuple(shown.name for shown in PACKED)
_ALL = Reader((*SHOWN, *PACKED))
_PACK = Reader(PACKED)
_READERS: dict[tuple[int, ...], Reader] = {}
_REWRITES: dict[tuple[int, ...], Rewrite] = {}
_PLACES: dict[frozenset[str], tuple[int, ...]] = {}
_encode = msgspec.json.Encoder().encode
