"""逾期台账: every overdue matter at a frozen position, in few columns and one statement, worst first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select, union_all

from events.rules.rates import Counted
from events.vocabulary import MatterId, UnitId
from projections.arms import arms_of, standing
from projections.asking import Asked, Walk
from projections.binding import values_of
from projections.counting import Measure, condition, never
from projections.particulars import particulars
from projections.rates import ANYTHING
from projections.register_columns import PACKED_NAMES, unpacked
from projections.shapes import shape_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Overdue:
    """One matter whose unit has not reported although its limit is past."""

    matter: MatterId
    number: str
    title: str
    unit: UnitId | None
    first_due_on: date
    due_on: date
    days_late: int
    """Calendar days."""
    extensions: int
    """Times extended."""


def overdue_at(connection: Connection, position: int, day: date) -> tuple[Overdue, ...]:
    """Every matter counted as overdue on a day at a position; the longest overdue first, then by number."""
    asked, walk, measure = Asked(day=day, position=position), Walk(position=position), Measure(day=day)
    arms = [
        select(
            table.c.id,
            table.c.lead_unit,
            table.c.due_on,
            table.c.extensions,
            table.c.packed,
            table.c.number_key,
        ).where(*where, condition(table, Counted.OVERDUE, measure, never))
        for table, where in arms_of(shape_of(asked, walk), ANYTHING)
    ]
    late = union_all(*arms).subquery("late")
    worded = particulars.c
    statement = (
        select(late, worded.number, worded.title)
        .select_from(late.join(particulars, worded.matter == late.c.id))
        .where(*standing(particulars, past=True))
        .order_by(late.c.due_on, late.c.number_key, late.c.id)
    )
    return tuple(
        overdue_of(row.id, row.number, row.title, row.lead_unit, row.due_on, row.extensions, row.packed, day)
        for row in connection.execute(statement, values_of(asked, walk))
    )


def overdue_of(
    matter: str,
    number: str,
    title: str,
    unit: str | None,
    due_on: str,
    extensions: int,
    packed: str,
    day: date,
) -> Overdue:
    """A row as told; ``packed`` is what the register keeps of a row in one column."""
    due = date.fromisoformat(due_on)
    first = unpacked(packed)[_FIRST_DUE_ON]
    return Overdue(
        matter=MatterId(matter),
        number=number,
        title=title,
        unit=UnitId(unit) if unit is not None else None,
        first_due_on=date.fromisoformat(first) if first is not None else due,
        due_on=due,
        days_late=(day - due).days,
        extensions=extensions,
    )


_FIRST_DUE_ON = PACKED_NAMES.index("first_due_on")
