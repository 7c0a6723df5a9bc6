"""Figures as shown: counts with 件, shares with their fraction, and how they compare with the period before."""

from __future__ import annotations

from decimal import Decimal

from events.bulletin.content import Figure, Fraction
from events.rules.rates import CountingRule, share
from projections.rates import Tally

NONE = "—"


def figure(rule: CountingRule, counted: Tally, before: Tally | None) -> Figure:
    """One figure with the same of the period before beside it."""
    now = fraction(rule, counted)
    then = fraction(rule, before) if before is not None else None
    return Figure(
        id=rule.id,
        label=rule.label,
        rule=rule.id,
        rule_version=rule.version,
        numerator=now[0],
        denominator=now[1],
        shown=shown(now),
        previous=then,
        previous_shown=shown(then) if then is not None else NONE,
        change=change(now, then),
    )


def fraction(rule: CountingRule, counted: Tally) -> Fraction:
    """What a rule says of what was counted."""
    of = counted.get(rule.denominator, 0) if rule.denominator is not None else None
    return counted.get(rule.numerator, 0), of


def shown(value: Fraction) -> str:
    """“76.3%（29/38）”, “29件”, and “—（0/0）” where nothing was to be counted."""
    numerator, denominator = value
    if denominator is None:
        return f"{numerator}件"
    per_cent = share(numerator, denominator)
    said = NONE if per_cent is None else f"{per_cent}%"
    return f"{said}（{numerator}/{denominator}）"


def in_table(value: Fraction) -> str:
    """The same in a cell: a bare number for a count, “—” where nothing was to be counted."""
    numerator, denominator = value
    if denominator is None:
        return str(numerator)
    return shown(value) if denominator else NONE


def change(now: Fraction, then: Fraction | None) -> str:
    """“比上期提高4.1个百分点”, from the shares as shown; “比上期增加3件”."""
    if then is None:
        return "上期没有可比的数"
    if now[1] is None:
        return _more_or_less(Decimal(now[0] - then[0]), "增加", "减少", "件")
    here, before = share(*now), share(*then)
    if here is None or before is None:
        return "与上期不可比"
    return _more_or_less(here - before, "提高", "下降", "个百分点")


def _more_or_less(difference: Decimal, more: str, less: str, unit: str) -> str:
    if not difference:
        return "与上期持平"
    return f"比上期{more if difference > 0 else less}{abs(difference)}{unit}"
