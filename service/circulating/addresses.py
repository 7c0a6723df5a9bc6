"""Addresses of the lists behind figures: the same rule, days, unit and frozen position as the figure itself."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlencode

from events.bulletin.content import BulletinContent, Column, Figure, Frozen, Row, Span, asked_as
from events.rules.rates import IN_PERIOD, ON_THE_DAY, Counted, at_version
from events.vocabulary import UnitId
from projections.rates import Rate

MATTERS_COUNTED = "/statistics/matters"


def figure_link(content: BulletinContent, figure: Figure) -> str:
    """The matters of a figure's numerator."""
    rule = at_version(figure.rule, figure.rule_version)
    return _of_content(content.period, content.frozen, rule.numerator)


def base_link(content: BulletinContent, figure: Figure) -> str | None:
    """The matters of its denominator; None for a plain count."""
    rule = at_version(figure.rule, figure.rule_version)
    return _of_content(content.period, content.frozen, rule.denominator) if rule.denominator else None


def previous_link(content: BulletinContent, figure: Figure) -> str | None:
    """The matters the same figure counted in the period before; None where there is none."""
    if content.previous is None or content.previous_frozen is None:
        return None
    rule = at_version(figure.rule, figure.rule_version)
    return _of_content(content.previous, content.previous_frozen, rule.numerator)


def cell_link(content: BulletinContent, column: Column, row: Row) -> str:
    """The matters of a unit's cell in the full table."""
    rule = at_version(column.rule, column.rule_version)
    return _of_content(content.period, content.frozen, rule.numerator, row.unit)


def rate_link(
    rate: Rate, *, first: date | None, last: date | None, day: date, unit: UnitId | None = None
) -> str:
    """The matters of a rate's numerator, where it was asked of some days and judged on ``day``."""
    as_of = asked_as(rate.as_of, day)
    return matters_counted_at(rate.rule.numerator, first=first, last=last, as_of=as_of, unit=unit)


def matters_counted_at(
    counted: Counted,
    *,
    first: date | None,
    last: date | None,
    as_of: str,
    unit: UnitId | None = None,
) -> str:
    """The list of what is counted over a span; days that a count does not look at are left out."""
    query = {"counted": counted.value}
    if counted not in ON_THE_DAY:
        query |= {"from": first.isoformat() if first else "", "to": last.isoformat() if last else ""}
    query |= {"unit": unit or "", "as_of": as_of}
    return f"{MATTERS_COUNTED}?{urlencode({name: value for name, value in query.items() if value})}"


def _of_content(period: Span, frozen: Frozen, counted: Counted, unit: UnitId | None = None) -> str:
    first = period.first if counted in IN_PERIOD else frozen.counted_from
    return matters_counted_at(counted, first=first, last=period.last, as_of=frozen.asked, unit=unit)
