"""GET routes: the rates with their fractions, and the matters either side of a fraction counts."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request

from events.refusals import Invalid
from events.rules.rates import at_version, current
from events.vocabulary import UnitId
from projections.counting import Measure
from projections.rates import Rate, matters_counted, rates
from service.answering import filtered
from service.api.lists import Limit, Position, Text, answer_to, listed

router = APIRouter()

From = Annotated[date | None, Query(alias="from")]
NUMERATOR, DENOMINATOR = "numerator", "denominator"


@router.get("/rates")
def rates_of(
    request: Request,
    unit: Text = None,
    from_: From = None,
    to: date | None = None,
    as_of: Text = None,
    min_position: Position = None,
) -> dict[str, Any]:
    """Every rate with its fraction."""
    answer = answer_to(request, as_of, min_position)
    _check(from_, to)
    with answer.connection() as connection:
        found = rates(
            connection,
            answer.calendar,
            first=from_,
            last=to,
            day=answer.day,
            units=frozenset({UnitId(unit)}) if unit else None,
            position=answer.position,
            visibility=answer.visibility,
        )
    return {"items": [_shown(rate) for rate in found]}


@router.get("/rates/{rule}/matters")
def matters_of(
    request: Request,
    rule: str,
    part: Text = NUMERATOR,
    version: Annotated[int | None, Query(ge=1, le=1000)] = None,
    unit: Text = None,
    from_: From = None,
    to: date | None = None,
    as_of: Text = None,
    min_position: Position = None,
    cursor: Annotated[str | None, Query(max_length=400)] = None,
    limit: Limit = 50,
) -> dict[str, Any]:
    """The matters a rule counts in its numerator or its denominator, by number."""
    answer = answer_to(request, as_of, min_position)
    _check(from_, to)
    counting = current(rule) if version is None else at_version(rule, version)
    if part not in (NUMERATOR, DENOMINATOR):
        raise Invalid(
            f"part 不能是 {part}；写 numerator（分子）或 denominator（分母）。",
            code="wrong-value",
            field="part",
        )
    counted = counting.numerator if part == NUMERATOR else counting.denominator
    if counted is None:
        raise Invalid(f"{counting.label}是件数，没有分母；part 写 numerator。", code="no-denominator")
    measure = Measure(
        day=answer.day, assigned_from=from_, assigned_to=to, happened_from=from_, happened_to=to
    )
    asked = filtered(answer, unit=unit, cursor=cursor, limit=limit)
    with answer.connection() as connection:
        return listed(answer, matters_counted(connection, asked, answer.calendar, counted, measure))


def _shown(rate: Rate) -> dict[str, Any]:
    return {
        "rule": rate.rule.id,
        "rule_version": rate.rule.version,
        "label": rate.rule.label,
        "statement": rate.rule.statement,
        "numerator": rate.numerator,
        "denominator": rate.denominator,
        "percent": rate.percent,
        "as_of": rate.as_of,
    }


def _check(first: date | None, last: date | None) -> None:
    if first and last and first > last:
        raise Invalid("from 晚于 to；把起止日期对调。", code="wrong-period")
