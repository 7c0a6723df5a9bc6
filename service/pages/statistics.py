"""统计: every figure over a span of days, in all and by unit; each one opens the matters it counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.responses import Response

from events.bulletin.content import asked_as
from events.refusals import Invalid, Malformed
from events.rules.rates import RULES, CountingRule, current, share
from events.vocabulary import UnitId
from projections.asking import Asked, head_position
from projections.counting import Measure
from projections.rates import Tally, by_unit, parts_of, total
from service.circulating.addresses import matters_counted_at
from service.circulating.figuring import NONE
from service.pages.rendering import show
from service.pages.shell import Shell
from service.pages.views import Empty, Link, Option
from service.pages.visiting import Visit, Visiting, shell_of
from service.pages.words import short_day, whole_moment

router = APIRouter(include_in_schema=False)

COLUMNS = (
    "closing_rate",
    "on_time_closing_rate",
    "receipt_rate",
    "handling_rate",
    "extension_rate",
    "relapse_rate",
    "closed_in_period",
    "open",
    "overdue",
)
"""The columns of the table by unit."""
SHOWN = tuple(current(rule_id) for rule_id in dict.fromkeys(rule.id for rule in RULES))
PERIODS = ("本月", "上月", "本季", "今年", "去年")


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The days asked, both included."""

    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """A figure as shown: a share with its fraction, or a bare count."""

    shown: str
    """76.3%, or a count."""
    numerator: Link
    denominator: Link | None
    late: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A rule with its figure."""

    label: str
    figure: Counted
    statement: str
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitLine:
    """A unit with its figures."""

    name: str
    href: str
    figures: tuple[tuple[str, Counted], ...]
    """Each with its column's label."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatisticsPage:
    """Statistics."""

    shell: Shell
    sub: str
    as_of: str
    latest: str
    here: str
    views: tuple[Link, ...]
    first: str
    last: str
    units: tuple[Option, ...]
    lines: tuple[Line, ...]
    heads: tuple[Link, ...]
    rows: tuple[UnitLine, ...]
    printed: str
    empty: Empty


@router.get("/statistics")
def statistics(visit: Visiting) -> Response:
    """The page."""
    span = span_of(visit)
    unit = UnitId(visit.query["unit"]) if visit.query.get("unit") else None
    asked = visit.asked(units=frozenset({unit}) if unit else None)
    measure = measure_of(visit.day, span)
    columns = tuple(current(rule_id) for rule_id in COLUMNS)
    counted, units, position = _counted(visit, measure, asked, columns)
    as_of = asked_as(position, visit.day)
    words = _in_words(span, visit.day)
    page = StatisticsPage(
        shell=shell_of(visit, "统计", body="has-bar print-wide", foot="/foot.css"),
        sub=f"{words} · {visit.unit_name(unit) if unit else '全部单位'}",
        as_of=visit.as_of,
        latest=visit.runtime.clock.now().date().isoformat(),
        here="/statistics",
        views=_views(visit, span),
        first=span.first.isoformat() if span.first else "",
        last=span.last.isoformat() if span.last else "",
        units=_options(visit, unit),
        lines=tuple(_line(rule, counted, span, unit, as_of) for rule in SHOWN),
        heads=_heads(visit, columns),
        rows=_rows(visit, columns, units, span, as_of),
        printed=f"统计 · {words} · 数据截至 {whole_moment(visit.asking.moment)}",
        empty=Empty(title="这些日子里没有可统计的事项", text="换一段日子再看。"),
    )
    return show("statistics.html", page)


def span_of(visit: Visit) -> Span:
    """The days in the address; this year to date where none are named. Raises Malformed, Invalid ``wrong-period``."""
    first, last = _day(visit.query.get("from")), _day(visit.query.get("to"))
    if "from" not in visit.query and "to" not in visit.query:
        first, last = visit.day.replace(month=1, day=1), visit.day
    if first is not None and last is not None and first > last:
        raise Invalid("起始日期晚于截止日期；把两个日期对调再看。", code="wrong-period")
    return Span(first=first, last=last)


def measure_of(day: date, span: Span) -> Measure:
    """What is counted over the days asked."""
    return Measure(
        day=day,
        assigned_from=span.first,
        assigned_to=span.last,
        happened_from=span.first,
        happened_to=span.last,
    )


def _counted(
    visit: Visit, measure: Measure, asked: Asked, columns: tuple[CountingRule, ...]
) -> tuple[Tally, Mapping[UnitId | None, Tally], int]:
    """In all, by unit, and the position both are as of, at which their lists are opened."""
    with visit.connect() as connection:
        while True:
            position = head_position(connection) if asked.position is None else asked.position
            counted = total(connection, visit.calendar, measure, asked, parts_of(SHOWN))
            units = by_unit(connection, visit.calendar, measure, asked, parts_of(columns))
            if asked.position is not None or head_position(connection) == position:
                return counted, units, position
            asked = replace(asked, position=position)  # written to meanwhile


def _line(rule: CountingRule, counted: Tally, span: Span, unit: UnitId | None, as_of: str) -> Line:
    return Line(
        label=rule.label,
        figure=_figure(rule, counted, span, unit, as_of),
        statement=rule.statement,
        version=rule.version,
    )


def _figure(
    rule: CountingRule, counted: Tally, span: Span, unit: UnitId | None, as_of: str, about: str = ""
) -> Counted:
    numerator = counted.get(rule.numerator, 0)
    of = counted.get(rule.denominator, 0) if rule.denominator is not None else None
    per_cent = share(numerator, of)
    shown = str(numerator) if of is None else NONE if per_cent is None else f"{per_cent}%"

    def link(text: str, what: str) -> Link:
        part = rule.numerator if what == "分子" else rule.denominator
        assert part is not None
        href = matters_counted_at(
            part, first=span.first, last=span.last, as_of=as_of, whose={"unit": unit or ""}
        )
        return Link(text=text, href=href, about=f"{about}{rule.label}{what}")

    return Counted(
        shown=shown,
        numerator=link(str(numerator), "分子"),
        denominator=link(str(of), "分母") if of is not None else None,
        late=rule.id == "overdue" and numerator > 0,
    )


def _rows(
    visit: Visit,
    columns: tuple[CountingRule, ...],
    units: Mapping[UnitId | None, Tally],
    span: Span,
    as_of: str,
) -> tuple[UnitLine, ...]:
    """By the share or count chosen, the highest first and nothing to count last; else in the directory's order."""
    sort = visit.query.get("sort", "")
    rule = next((column for column in columns if column.id == sort), None)

    order = {unit: n for n, unit in enumerate(visit.directory.units)}

    def key(unit: UnitId) -> tuple[float, int]:
        if rule is None:
            return 0.0, order.get(unit, 0)
        counted = units[unit]
        of = 1 if rule.denominator is None else counted.get(rule.denominator, 0)
        return (-counted.get(rule.numerator, 0) / of if of else 1.0), order.get(unit, 0)

    known = [unit for unit, counted in units.items() if unit is not None and any(counted.values())]
    return tuple(
        UnitLine(
            name=visit.unit_name(unit),
            href=visit.then(f"/units/{unit}"),
            figures=tuple(
                (column.label, _figure(column, units[unit], span, unit, as_of, visit.unit_name(unit)))
                for column in columns
            ),
        )
        for unit in sorted(known, key=key)
    )


def _heads(visit: Visit, columns: tuple[CountingRule, ...]) -> tuple[Link, ...]:
    chosen = visit.query.get("sort", "")
    return tuple(
        Link(
            text=column.label,
            href=_address(visit, sort=column.id),
            current=column.id == chosen,
            about=column.statement,
        )
        for column in columns
    )


def _views(visit: Visit, span: Span) -> tuple[Link, ...]:
    return tuple(
        Link(
            text=name,
            href=_address(visit, **{"from": one.first.isoformat(), "to": one.last.isoformat()}),
            current=one == span,
        )
        for name, one in zip(PERIODS, _periods(visit.day), strict=True)
        if one.first is not None and one.last is not None
    )


def _periods(day: date) -> Iterable[Span]:
    month, year = day.replace(day=1), day.replace(month=1, day=1)
    before = month - timedelta(days=1)
    quarter = day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
    yield Span(first=month, last=day)
    yield Span(first=before.replace(day=1), last=before)
    yield Span(first=quarter, last=day)
    yield Span(first=year, last=day)
    yield Span(first=year.replace(year=year.year - 1), last=year - timedelta(days=1))


def _options(visit: Visit, chosen: UnitId | None) -> tuple[Option, ...]:
    units = visit.directory.units
    seen = units if visit.sees_all else [u for u in units if u in visit.visibility.units]
    named = sorted((visit.unit_name(unit), unit) for unit in seen)
    return tuple(Option(value=unit, label=name, chosen=unit == chosen) for name, unit in named)


def _address(visit: Visit, **changes: str) -> str:
    kept = {name: value for name, value in visit.query.items() if value}
    return f"/statistics?{urlencode({**kept, **changes})}"


def _in_words(span: Span, today: date) -> str:
    first = short_day(span.first, today) if span.first else "最早"
    last = short_day(span.last, today) if span.last else "现在"
    return first if span.first == span.last else f"{first}至{last}"


def _day(text: str | None) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Malformed(f"“{text[:20]}”不是日期；写成 2025-06-30 这样。", code="unreadable-filter") from None
