"""Addresses of the lists behind figures: the same rule, days, unit and frozen position as the figure itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from events.bulletin.content import BulletinContent, Column, Figure, Frozen, Group, Row, Span, asked_as
from events.rules.rates import IN_PERIOD, ON_THE_DAY, Counted, CountingRule, at_version
from events.vocabulary import UnitId
from projections.rates import Rate
from service.circulating.gathering import NO_UNIT

MATTERS_COUNTED = "/statistics/matters"
UNIT, CLASS, NOBODY = "unit", "class", "none"
"""Of one unit; of all units of a class; ``unit=none``: of no unit."""

Whose = Mapping[str, str]
"""What of a whole is counted, as it stands in the address; nothing: all of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """Where a fraction leads: to the matters of its numerator, and of its denominator where it has one."""

    numerator: str
    denominator: str | None


def figure_ways(content: BulletinContent, figure: Figure) -> Ways:
    """Where a figure leads."""
    return _of_content(content.period, content.frozen, at_version(figure.rule, figure.rule_version), {})


def previous_ways(content: BulletinContent, figure: Figure) -> Ways | None:
    """Where the same figure of the period before leads; None where there is none."""
    if content.previous is None or content.previous_frozen is None:
        return None
    rule = at_version(figure.rule, figure.rule_version)
    return _of_content(content.previous, content.previous_frozen, rule, {})


def cell_ways(content: BulletinContent, column: Column, row: Row) -> Ways:
    """Where a unit's cell in the full table leads."""
    return _of_column(content, column, {UNIT: NOBODY if row.unit == NO_UNIT else row.unit})


def class_ways(content: BulletinContent, column: Column, group: Group) -> Ways:
    """Where the sum of a class of units leads."""
    return _of_column(content, column, {CLASS: group.label})


def total_ways(content: BulletinContent, column: Column) -> Ways:
    """Where the sum of the whole table leads."""
    return _of_column(content, column, {})


def rate_link(
    rate: Rate, *, first: date | None, last: date | None, day: date, unit: UnitId | None = None
) -> str:
    """The matters of a rate's numerator, where it was asked of some days and judged on ``day``."""
    as_of = asked_as(rate.as_of, day)
    return matters_counted_at(
        rate.rule.numerator, first=first, last=last, as_of=as_of, whose={UNIT: unit or ""}
    )


def matters_counted_at(
    counted: Counted,
    *,
    first: date | None,
    last: date | None,
    as_of: str,
    whose: Whose | None = None,
) -> str:
    """The list of what is counted over a span; days that a count does not look at are left out."""
    query = {"counted": counted.value}
    if counted not in ON_THE_DAY:
        query |= {"from": first.isoformat() if first else "", "to": last.isoformat() if last else ""}
    query |= {**(whose or {}), "as_of": as_of}
    return f"{MATTERS_COUNTED}?{urlencode({name: value for name, value in query.items() if value})}"


def _of_column(content: BulletinContent, column: Column, whose: Whose) -> Ways:
    return _of_content(content.period, content.frozen, at_version(column.rule, column.rule_version), whose)


def _of_content(period: Span, frozen: Frozen, rule: CountingRule, whose: Whose) -> Ways:
    def of(counted: Counted) -> str:
        first = period.first if counted in IN_PERIOD else frozen.counted_from
        return matters_counted_at(counted, first=first, last=period.last, as_of=frozen.asked, whose=whose)

    return Ways(
        numerator=of(rule.numerator),
        denominator=of(rule.denominator) if rule.denominator is not None else None,
    )
