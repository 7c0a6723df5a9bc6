"""What a counting rule counts, as conditions on the register's rows: the same for a sum and for the list behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Generic, TypeAlias, TypeVar

from sqlalchemy import (
    CTE,
    BindParameter,
    ColumnElement,
    Connection,
    Table,
    Text,
    and_,
    column,
    false,
    func,
    literal,
    or_,
    select,
    true,
    values,
)

from events.rules.calendar import WorkingDays
from events.rules.rates import SIGNED_WITHIN_WORKING_DAYS, Counted
from events.vocabulary import Stage
from projections.register import register, register_past

CLOSED_STAGES = (Stage.CLOSED, Stage.CONFIRMED, Stage.RELAPSED)
"""Stages of a matter that reached 销号 and was not reopened."""
LEFT_OUT = (Stage.CANCELLED, Stage.MERGED, Stage.TRANSFERRED)
"""Endings that take a matter out of every rate."""


D = TypeVar("D")


@dataclass(frozen=True, kw_only=True)
class MeasureOf(Generic[D]):
    """Over which days, given as dates or as columns, something is counted.

    Both days of a span are included; None: unbounded.
    """

    day: D
    """Lateness is judged on it."""
    assigned_from: D | None = None
    assigned_to: D | None = None
    """First assignment, for the rates."""
    happened_from: D | None = None
    happened_to: D | None = None
    """The period in which something was received, assigned or closed."""


Measure: TypeAlias = MeasureOf[date]
AnyMeasure: TypeAlias = MeasureOf[Any]


def condition(table: Table, counted: Counted, measure: AnyMeasure, signed: SignedBy) -> ColumnElement[bool]:
    """Whether a row is counted."""
    return and_(*_CONDITIONS[counted](table, measure), *_more(table, counted, signed))


def concerned(table: Table, measure: AnyMeasure) -> ColumnElement[bool]:
    """Whether a row can be counted as anything at all: a cheap question that spares most rows all the others."""
    return or_(
        table.c.open == 1,
        and_(true(), *_within(table.c.first_assigned_on, measure.assigned_from, measure.assigned_to)),
        *(
            and_(true(), *_within(table.c[day], measure.happened_from, measure.happened_to))
            for day in ("registered_on", "first_assigned_on", "closed_on")
        ),
    )


SignedBy = Callable[[Table], ColumnElement[bool]]
"""Whether a row was signed for in time; needs the working days, so the caller says how."""


def signing_days(connection: Connection, measure: Measure, calendar: WorkingDays) -> CTE:
    """Every day of assignment that may occur, with the last day on which a sign-for is in time."""
    first = measure.assigned_from or _earliest(connection) or measure.day
    last = days_of_signing(first, measure.day, calendar)
    rows = [(day.isoformat(), until.isoformat()) for day, until in last]
    listed = values(column("assigned_on", Text), column("until", Text), name="listed", literal_binds=True)
    return listed.data(rows).cte("signing_days")


def days_of_signing(first: date, until: date, calendar: WorkingDays) -> Iterator[tuple[date, date]]:
    """The days of assignment from ``first`` up to ``until``, each with the last day on which a sign-for is in time."""
    for n in range(max(0, (until - first).days) + 1):
        day = first + timedelta(days=n)
        yield day, calendar.nth_working_day_after(day, SIGNED_WITHIN_WORKING_DAYS).on


def signed_among(days: CTE) -> SignedBy:
    """As a condition of its own, for a list that reads few rows."""

    def signed(table: Table) -> ColumnElement[bool]:
        until = select(days.c.until).where(days.c.assigned_on == table.c.assigned_on).scalar_subquery()
        return table.c.acknowledged_on <= until

    return signed


def signed_joined(days: CTE) -> SignedBy:
    """Where the days are joined to the table, for sums over all rows."""
    return lambda table: table.c.acknowledged_on <= days.c.until


def never(_: Table) -> ColumnElement[bool]:
    """Where nobody asks who signed in time."""
    return false()


def _earliest(connection: Connection) -> date | None:
    found = [connection.scalar(select(func.min(table.c.assigned_on))) for table in (register, register_past)]
    return min((date.fromisoformat(day) for day in found if day is not None), default=None)


def _more(table: Table, counted: Counted, signed: SignedBy) -> tuple[ColumnElement[bool], ...]:
    return (signed(table),) if counted is Counted.SIGNED_IN_TIME else ()


Conditions = list[ColumnElement[bool]]


def _assigned(table: Table, measure: AnyMeasure) -> Conditions:
    return [
        table.c.stage.not_in(_listed(LEFT_OUT)),
        table.c.first_assigned_on.is_not(None),
        *_within(table.c.first_assigned_on, measure.assigned_from, measure.assigned_to),
    ]


def _closed(table: Table) -> ColumnElement[bool]:
    return table.c.stage.in_(_listed(CLOSED_STAGES))


def _listed(stages: Iterable[Stage]) -> list[BindParameter[str]]:
    """Each a parameter of its own, as the driver's own connection wants them."""
    return [literal(stage.value) for stage in stages]


def _on_time(table: Table) -> ColumnElement[bool]:
    on_time: ColumnElement[bool] = table.c.last_completion_on <= table.c.last_completion_due_on
    return on_time


def _received(table: Table, measure: AnyMeasure) -> Conditions:
    return [
        table.c.registered_on.is_not(None),
        table.c.split == 0,
        *_within(table.c.registered_on, measure.happened_from, measure.happened_to),
    ]


def _closed_in_period(table: Table, measure: AnyMeasure) -> Conditions:
    return [
        _closed(table),
        table.c.split == 0,
        *_within(table.c.closed_on, measure.happened_from, measure.happened_to),
    ]


def _answered_in_time(table: Table, measure: AnyMeasure) -> Conditions:
    due = table.c.support_due_on
    return [table.c.supports_late == 0, or_(due.is_(None), due >= _compared(measure.day))]


def _newly_assigned(table: Table, measure: AnyMeasure) -> Conditions:
    happened = MeasureOf(
        day=measure.day, assigned_from=measure.happened_from, assigned_to=measure.happened_to
    )
    return _assigned(table, happened)


def _within(day: ColumnElement[str], first: Any, last: Any) -> Conditions:
    found: Conditions = []
    if first is not None:
        found.append(day >= _compared(first))
    if last is not None:
        found.append(day <= _compared(last))
    return found


def _compared(day: date | ColumnElement[str]) -> str | ColumnElement[str]:
    return day.isoformat() if isinstance(day, date) else day


_CONDITIONS: dict[Counted, Callable[[Table, AnyMeasure], Conditions]] = {
    Counted.ALL: _assigned,
    Counted.CLOSED: lambda t, m: [*_assigned(t, m), _closed(t)],
    Counted.CLOSED_ON_TIME: lambda t, m: [*_assigned(t, m), _closed(t), _on_time(t)],
    Counted.SIGNED_IN_TIME: _assigned,
    Counted.VERIFIED: lambda t, m: [*_assigned(t, m), t.c.verification_passed == 1],
    Counted.HANDLED: lambda t, m: [*_assigned(t, m), t.c.plan_or_progress == 1],
    Counted.RELAPSED: lambda t, m: [*_assigned(t, m), t.c.stage == Stage.RELAPSED.value],
    Counted.EXTENDED: lambda t, m: [*_assigned(t, m), t.c.extensions > 0],
    Counted.SUPPORTED: lambda t, m: [*_assigned(t, m), t.c.supports > 0],
    Counted.SUPPORTED_IN_TIME: lambda t, m: [*_assigned(t, m), t.c.supports > 0, *_answered_in_time(t, m)],
    Counted.RECEIVED: _received,
    Counted.RECEIVED_ASSIGNED: lambda t, m: [*_received(t, m), t.c.first_assigned_on.is_not(None)],
    Counted.NEWLY_ASSIGNED: _newly_assigned,
    Counted.CLOSED_IN_PERIOD: _closed_in_period,
    Counted.CLOSED_IN_PERIOD_ON_TIME: lambda t, m: [*_closed_in_period(t, m), _on_time(t)],
    Counted.OPEN: lambda t, m: [t.c.first_assigned_on.is_not(None), t.c.open == 1],  # noqa: ARG005
    Counted.OVERDUE: lambda t, m: [t.c.running == 1, t.c.due_on < _compared(m.day)],
}
assert set(_CONDITIONS) == set(Counted)
