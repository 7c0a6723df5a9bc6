"""比率: figures with their fractions, by unit or in all, as of any position; and the matters behind each of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import CTE, ColumnElement, Connection, Select, Table, case, func, select, union_all

from events.rules.calendar import WorkingDays
from events.rules.rates import RATES, Counted, CountingRule, current, share
from events.vocabulary import UnitId
from projections.arms import arms_of, everywhere
from projections.asking import EVERYTHING, Asked, Page, Visibility, head_position, walk_of
from projections.binding import values_of
from projections.counting import (
    Measure,
    concerned,
    condition,
    never,
    signed_among,
    signed_joined,
    signing_days,
)
from projections.lists import page_of
from projections.orders import BY_NUMBER
from projections.register import register
from projections.rows import Item
from projections.shapes import Listed, shape_of

Tally = Mapping[Counted, int]
"""How many matters are counted as what."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """A share, never shown without its fraction; or a plain count, without a denominator."""

    rule: CountingRule
    numerator: int
    denominator: int | None
    as_of: int
    """Position."""

    @property
    def percent(self) -> float | None:
        """Half-up to one decimal; None at denominator 0."""
        found = share(self.numerator, self.denominator)
        return None if found is None else float(found)


def rates(
    connection: Connection,
    calendar: WorkingDays,
    *,
    first: date | None = None,
    last: date | None = None,
    day: date,
    units: frozenset[UnitId] | None = None,
    position: int | None = None,
    visibility: Visibility = EVERYTHING,
    rules: Iterable[CountingRule] | None = None,
) -> tuple[Rate, ...]:
    """The rates of the contract over the matters first assigned from ``first`` to ``last``, by lead unit or all.

    ``rules``: others than those, counted in the same span and judged on ``day``. A reopened matter stands in an open
    stage again and so counts as never ended.
    """
    wanted = tuple(current(rule_id) for rule_id in RATES) if rules is None else tuple(rules)
    measure = Measure(day=day, assigned_from=first, assigned_to=last, happened_from=first, happened_to=last)
    at = head_position(connection) if position is None else position
    asked = Asked(day=day, position=position, units=units, visibility=visibility)
    counted = total(connection, calendar, measure, asked, parts_of(wanted))
    return tuple(rate_of(rule, counted, at) for rule in wanted)


def rate_of(rule: CountingRule, counted: Tally, position: int) -> Rate:
    """A rule's answer from what was counted."""
    of = None if rule.denominator is None else counted[rule.denominator]
    return Rate(rule=rule, numerator=counted[rule.numerator], denominator=of, as_of=position)


def parts_of(rules: Iterable[CountingRule]) -> tuple[Counted, ...]:
    """Everything that must be counted for some rules, each once."""
    parts = [part for rule in rules for part in (rule.numerator, rule.denominator) if part is not None]
    return tuple(dict.fromkeys(parts))


def total(
    connection: Connection,
    calendar: WorkingDays,
    measure: Measure,
    asked: Asked,
    parts: Iterable[Counted],
) -> Tally:
    """How many matters are counted, in all."""
    counted: Counter[Counted] = Counter()
    for row in _sums(connection, calendar, measure, asked, tuple(parts), lambda _: []):
        counted.update(row[1])
    return counted


def by_unit(
    connection: Connection,
    calendar: WorkingDays,
    measure: Measure,
    asked: Asked,
    parts: Iterable[Counted],
) -> Mapping[UnitId | None, Tally]:
    """The same for each lead unit; matters without one are under None."""
    counted: dict[UnitId | None, Counter[Counted]] = {}
    for keys, row in _sums(connection, calendar, measure, asked, tuple(parts), lambda t: [t.c.lead_unit]):
        counted.setdefault(UnitId(keys[0]) if keys[0] is not None else None, Counter()).update(row)
    return counted


def matters_counted(
    connection: Connection, asked: Asked, calendar: WorkingDays, counted: Counted, measure: Measure
) -> Page[Item]:
    """The matters a figure counts, by number: exactly as many as it says."""
    signed = signed_among(signing_days(connection, measure, calendar))
    listed = Listed(
        order=BY_NUMBER, where=lambda table: [condition(table, counted, measure, signed)], once=True
    )
    return page_of(connection, asked, calendar, listed)


Grouping = Callable[[Table], list[ColumnElement[Any]]]
ANYTHING = Listed(order=BY_NUMBER, where=everywhere)


def _sums(
    connection: Connection,
    calendar: WorkingDays,
    measure: Measure,
    asked: Asked,
    parts: tuple[Counted, ...],
    grouped: Grouping,
) -> Iterable[tuple[tuple[Any, ...], Counter[Counted]]]:
    """Sums from each arm of the question: the same key may come several times."""
    walk = walk_of(asked, BY_NUMBER)
    days = signing_days(connection, measure, calendar) if Counted.SIGNED_IN_TIME in parts else None
    arms = [
        _sum(table, measure, parts, grouped(table), days).where(*where, concerned(table, measure))
        for table, where in arms_of(shape_of(asked, walk), ANYTHING)
    ]
    keys = len(grouped(register))
    # one statement: a row moved meanwhile counts once
    for row in connection.execute(union_all(*arms), values_of(asked, walk)):
        found = zip(parts, row[keys:], strict=True)
        yield tuple(row[:keys]), Counter({part: int(n) for part, n in found if n})


def _sum(
    table: Table,
    measure: Measure,
    parts: tuple[Counted, ...],
    keys: list[ColumnElement[Any]],
    days: CTE | None,
) -> Select[Any]:
    signed = signed_joined(days) if days is not None else never
    sums = [func.sum(case((condition(table, part, measure, signed), 1), else_=0)) for part in parts]
    statement = select(*keys, *sums)
    if days is not None:
        statement = statement.select_from(table.outerjoin(days, days.c.assigned_on == table.c.assigned_on))
    return statement.group_by(*keys) if keys else statement
