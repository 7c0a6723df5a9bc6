"""What a counting rule counts, as conditions on the register's rows: the same for a sum and for the list behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """Over which days something is counted. Both days of a span are included; None: unbounded."""

    day: date
    """Lateness is judged on it."""
    assigned_from: date | None = None
    assigned_to: date | None = None
    """First assignment, for the rates."""
    happened_from: date | None = None
    happened_to: date | None = None
    """The period in which something was received, assigned or closed."""


def condition(table: Table, counted: Counted, measure: Measure, signed: SignedBy) -> ColumnElement[bool]:
    """Whether a row is counted."""
    return and_(*_CONDITIONS[counted](table, measure), *_more(table, counted, signed))


def concerned(table: Table, measure: Measure) -> ColumnElement[bool]:
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
    days = (first + timedelta(days=n) for n in range(max(0, (measure.day - first).days) + 1))
    last = ((day, calendar.nth_working_day_after(day, SIGNED_WITHIN_WORKING_DAYS).on) for day in days)
    rows = [(day.isoformat(), until.isoformat()) for day, until in last]
    listed = values(column("assigned_on", Text), column("until", Text), name="listed", literal_binds=True)
    return listed.data(rows).cte("signing_days")


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


def _assigned(table: Table, measure: Measure) -> Conditions:
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


def _received(table: Table, measure: Measure) -> Conditions:
    return [
        table.c.registered_on.is_not(None),
        table.c.split == 0,
        *_within(table.c.registered_on, measure.happened_from, measure.happened_to),
    ]


def _closed_in_period(table: Table, measure: Measure) -> Conditions:
    return [
        _closed(table),
        table.c.split == 0,
        *_within(table.c.closed_on, measure.happened_from, measure.happened_to),
    ]


def _answered_in_time(table: Table, measure: Measure) -> Conditions:
    due = table.c.support_due_on
    return [table.c.supports_late == 0, or_(due.is_(None), due >= measure.day.isoformat())]


def _newly_assigned(table: Table, measure: Measure) -> Conditions:
    happened = Measure(day=measure.day, assigned_from=measure.happened_from, assigned_to=measure.happened_to)
    return _assigned(table, happened)


def _within(day: ColumnElement[str], first: date | None, last: date | None) -> Conditions:
    found: Conditions = []
    if first is not None:
        found.append(day >= first.isoformat())
    if last is not None:
        found.append(day <= last.isoformat())
    return found


_CONDITIONS: dict[Counted, Callable[[Table, Measure], Conditions]] = {
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
    Counted.OVERDUE: lambda t, m: [t.c.running == 1, t.c.due_on < m.day.isoformat()],
}
assert set(_CONDITIONS) == set(Counted)
