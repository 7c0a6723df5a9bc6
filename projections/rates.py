"""比率: the rates of the contract, each with its fraction, its rule's version and the position it is as of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, case, func, select

from events.rules.calendar import WorkingDays
from events.vocabulary import Labelled, MatterId, Stage, UnitId
from projections.asking import EVERYTHING, Asked, Visibility, Walk, head_position
from projections.binding import values_of
from projections.selecting import all_at
from projections.shapes import shape_of
from projections.units import CLOSED_STAGES


class RateRule(Labelled):
    """Which rate (domain C.5)."""

    CLOSING_RATE = "closing_rate", "办结率"
    ON_TIME_CLOSING_RATE = "on_time_closing_rate", "按期办结率"
    RECEIPT_RATE = "receipt_rate", "签收率"
    RECTIFICATION_RATE = "rectification_rate", "整改率"
    WRITE_OFF_RATE = "write_off_rate", "销号率"
    HANDLING_RATE = "handling_rate", "处理率"
    RELAPSE_RATE = "relapse_rate", "反弹率"


RULE_VERSIONS = dict.fromkeys(RateRule, 1)
"""口径: raised whenever a rule counts otherwise than before."""

LEFT_OUT = (Stage.CANCELLED, Stage.MERGED, Stage.TRANSFERRED)
"""Endings that take a matter out of every rate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """A share, never shown without its fraction."""

    rule: RateRule
    rule_version: int
    numerator: int
    denominator: int
    as_of: int
    """Position."""

    @property
    def percent(self) -> float | None:
        """Half-up to one decimal; None at denominator 0."""
        if not self.denominator:
            return None
        share = Decimal(100 * self.numerator) / Decimal(self.denominator)
        return float(share.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP))


def rates(
    connection: Connection,
    calendar: WorkingDays,
    *,
    first: date | None = None,
    last: date | None = None,
    units: frozenset[UnitId] | None = None,
    position: int | None = None,
    visibility: Visibility = EVERYTHING,
) -> tuple[Rate, ...]:
    """Every rate over the matters first assigned from ``first`` to ``last``, both included, by lead unit or all.

    A reopened matter stands in an open stage again and so counts as never ended.
    """
    at = head_position(connection) if position is None else position
    asked = Asked(day=date.min, position=at, units=units, visibility=visibility)
    walk = None if position is None else Walk(position=at)
    rows = all_at(shape_of(asked, walk), _columns, lambda table: _selected(table, first, last))
    groups = select(*rows.c, func.count().label("n")).group_by(*rows.c)
    counted = _count((tuple(row) for row in connection.execute(groups, values_of(asked, walk))), calendar)
    return tuple(
        Rate(
            rule=rule,
            rule_version=RULE_VERSIONS[rule],
            numerator=counted[rule],
            denominator=counted[_BASES[rule]],
            as_of=at,
        )
        for rule in RateRule
    )


def behind(
    connection: Connection,
    calendar: WorkingDays,
    rule: RateRule,
    *,
    whole: bool,
    first: date | None = None,
    last: date | None = None,
    units: frozenset[UnitId] | None = None,
    position: int,
    visibility: Visibility = EVERYTHING,
) -> tuple[MatterId, ...]:
    """The matters a rate counts, by number: its denominator's where ``whole``, else its numerator's."""
    asked = Asked(day=date.min, position=position, units=units, visibility=visibility)
    walk = Walk(position=position)
    rows = all_at(
        shape_of(asked, walk),
        lambda table: [table.c.id, table.c.number_key, *_columns(table)],
        lambda table: _selected(table, first, last),
    )
    counts = _BASES[rule] if whole else rule
    statement = select(rows).order_by(rows.c.number_key, rows.c.id)
    found = connection.execute(statement, values_of(asked, walk))
    return tuple(MatterId(row[0]) for row in found if _count(((*row[2:], 1),), calendar)[counts])


def _columns(table: Table) -> Sequence[ColumnElement[Any]]:
    c = table.c
    closed = c.stage.in_([stage.value for stage in CLOSED_STAGES])
    return [
        c.assigned_on,
        c.acknowledged_on,
        _flag(closed).label("closed"),
        _flag(closed & (c.last_completion_on <= c.last_completion_due_on)).label("on_time"),
        c.verification_passed,
        c.plan_or_progress,
        _flag(c.stage == Stage.RELAPSED.value).label("relapsed"),
    ]


def _selected(table: Table, first: date | None, last: date | None) -> list[ColumnElement[bool]]:
    assigned_on = table.c.first_assigned_on
    bounds: list[ColumnElement[bool]] = [
        table.c.stage.not_in([stage.value for stage in LEFT_OUT]),
        assigned_on.is_not(None),
    ]
    if first is not None:
        bounds.append(assigned_on >= first.isoformat())
    if last is not None:
        bounds.append(assigned_on <= last.isoformat())
    return bounds


def _count(groups: Iterable[tuple[Any, ...]], calendar: WorkingDays) -> Counter[str]:
    counted: Counter[str] = Counter()
    for assigned_on, acknowledged_on, closed, on_time, passed, handled, relapsed, n in groups:
        counted[_ALL] += n
        counted[RateRule.RECEIPT_RATE] += n * _signed_in_time(assigned_on, acknowledged_on, calendar)
        counted[RateRule.CLOSING_RATE] += n * closed
        counted[RateRule.WRITE_OFF_RATE] += n * closed
        counted[RateRule.ON_TIME_CLOSING_RATE] += n * on_time
        counted[RateRule.RECTIFICATION_RATE] += n * passed
        counted[RateRule.HANDLING_RATE] += n * handled
        counted[RateRule.RELAPSE_RATE] += n * relapsed
    return counted


def _signed_in_time(assigned_on: str | None, acknowledged_on: str | None, calendar: WorkingDays) -> bool:
    if assigned_on is None or acknowledged_on is None:
        return False
    last = calendar.nth_working_day_after(date.fromisoformat(assigned_on), SIGNED_WITHIN_WORKING_DAYS).on
    return date.fromisoformat(acknowledged_on) <= last


def _flag(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return case((condition, 1), else_=0)


SIGNED_WITHIN_WORKING_DAYS = 1
_ALL = "all"
_BASES = {
    **dict.fromkeys(RateRule, _ALL),
    RateRule.ON_TIME_CLOSING_RATE: RateRule.CLOSING_RATE,
    RateRule.RELAPSE_RATE: RateRule.CLOSING_RATE,
}
