"""指标: every rate with its fraction and its rule, each figure opening the matters it counts at its position."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.responses import Response

from events.refusals import Malformed, NotFound
from events.vocabulary import UnitId
from projections import lists, rates
from projections.asking import head_position
from projections.rates import Rate, RateRule
from service.pages.register import RegisterPage
from service.pages.rendering import show
from service.pages.shell import Shell
from service.pages.showing import ledger_row
from service.pages.views import Empty, Option
from service.pages.visiting import Visit, Visiting, shell_of
from service.pages.words import place_in_record, whole_moment

router = APIRouter(include_in_schema=False)

SHOWN = 100
NUMERATOR, DENOMINATOR = "numerator", "denominator"


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What a rate counts, in words."""

    numerator: str
    denominator: str


ASSIGNED = "期内首次交办、没有撤销、并案、移交的"
WORDS = {
    RateRule.CLOSING_RATE: Words(numerator="已销号（办结）的", denominator=ASSIGNED),
    RateRule.ON_TIME_CLOSING_RATE: Words(
        numerator="最后一次报结不晚于那时期限的", denominator="已销号（办结）的"
    ),
    RateRule.RECEIPT_RATE: Words(numerator="交办后 1 个工作日内签收的", denominator=ASSIGNED),
    RateRule.RECTIFICATION_RATE: Words(numerator="核查通过过的", denominator=ASSIGNED),
    RateRule.WRITE_OFF_RATE: Words(numerator="已销号（办结）的", denominator=ASSIGNED),
    RateRule.HANDLING_RATE: Words(numerator="报过方案或进展的", denominator=ASSIGNED),
    RateRule.RELAPSE_RATE: Words(numerator="已反弹的", denominator="已销号（办结）的"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RateRow:
    """One rate; its two figures open their lists."""

    label: str
    percent: str
    numerator: str
    numerator_href: str
    denominator: str
    denominator_href: str
    counts: str
    of: str
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RatesPage:
    """The rates of a period."""

    shell: Shell
    sub: str
    units: tuple[Option, ...]
    first: str
    last: str
    rows: tuple[RateRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """What the figures are asked of."""

    first: date | None
    last: date | None
    unit: UnitId | None
    position: int

    @property
    def units(self) -> frozenset[UnitId] | None:
        """The lead units counted; None: all."""
        return frozenset({self.unit}) if self.unit is not None else None

    def address(self, rule: RateRule, part: str) -> str:
        """Where a figure's matters are listed."""
        query = {
            "unit": self.unit or "",
            "from": self.first.isoformat() if self.first else "",
            "to": self.last.isoformat() if self.last else "",
            "as_of": str(self.position),
        }
        said = urlencode({name: value for name, value in query.items() if value})
        return f"/rates/{rule.value}/{part}?{said}"


@router.get("/rates")
def figures(visit: Visiting) -> Response:
    """Every rate."""
    with visit.connect() as connection:
        period = _period(visit, _position(visit, connection))
        found = rates.rates(
            connection,
            visit.calendar,
            first=period.first,
            last=period.last,
            units=period.units,
            position=period.position,
            visibility=visit.visibility,
        )
    page = RatesPage(
        shell=shell_of(visit, "指标与口径"),
        sub=f"按首次交办的日子取件，{place_in_record(period.position)}为止；点数字看是哪几件",
        units=tuple(_units(visit, period.unit)),
        first=period.first.isoformat() if period.first else "",
        last=period.last.isoformat() if period.last else "",
        rows=tuple(_row(rate, period) for rate in found),
    )
    return show("rates.html", page)


@router.get("/rates/{rule}/{part}")
def behind(visit: Visiting, rule: str, part: str) -> Response:
    """The matters one figure counts."""
    if rule not in set(RateRule) or part not in (NUMERATOR, DENOMINATOR):
        raise NotFound("没有这个指标；到“指标与口径”里点数字。")
    counted = RateRule(rule)
    with visit.connect() as connection:
        period = _period(visit, _position(visit, connection))
        ids = rates.behind(
            connection,
            visit.calendar,
            counted,
            whole=part == DENOMINATOR,
            first=period.first,
            last=period.last,
            units=period.units,
            position=period.position,
            visibility=visit.visibility,
        )
        page = _after(visit)
        chosen = ids[page * SHOWN : (page + 1) * SHOWN]
        items = (
            lists.chosen(connection, visit.asked(limit=SHOWN), visit.calendar, chosen).items if chosen else ()
        )
    return show(
        "register.html", _list(visit, counted, part, ids, page, tuple(ledger_row(visit, i) for i in items))
    )


def _list(
    visit: Visit, rule: RateRule, part: str, ids: Sequence[str], page: int, rows: tuple[object, ...]
) -> RegisterPage:
    words = WORDS[rule]
    said = words.numerator if part == NUMERATOR else words.denominator
    title = f"{rule.label}的{'分子' if part == NUMERATOR else '分母'}"
    rest = {name: value for name, value in visit.query.items() if name != "page"}
    return RegisterPage(
        shell=shell_of(visit, title, body="has-bar print-wide", foot="/foot.css"),
        title=title,
        sub=f"{len(ids):,} 件 · {said}",
        here=visit.path,
        views=(),
        filters=(),
        chips=(),
        clear=visit.path,
        q="",
        as_of=visit.as_of,
        latest=visit.runtime.clock.now().date().isoformat(),
        printed=f"{title} · 数据截至 {whole_moment(visit.asking.moment)}",
        rows=rows,  # type: ignore[arg-type]
        shown=f"本页 {len(rows)} 件，共 {len(ids):,} 件",
        first=f"{visit.path}?{urlencode(rest)}" if page else None,
        next=f"{visit.path}?{urlencode({**rest, 'page': page + 1})}"
        if (page + 1) * SHOWN < len(ids)
        else None,
        empty=Empty(title="一件也没有", text="这个数是 0。"),
        register=None,
    )


def address_of(rate: Rate, *, unit: UnitId | None, first: date | None, last: date | None) -> str:
    """Where the matters of a rate's numerator are listed, for a figure on another page."""
    return Period(first=first, last=last, unit=unit, position=rate.as_of).address(rate.rule, NUMERATOR)


def _row(rate: Rate, period: Period) -> RateRow:
    words = WORDS[rate.rule]
    return RateRow(
        label=rate.rule.label,
        percent="—" if rate.percent is None else f"{rate.percent}%",
        numerator=f"{rate.numerator:,}",
        numerator_href=period.address(rate.rule, NUMERATOR),
        denominator=f"{rate.denominator:,}",
        denominator_href=period.address(rate.rule, DENOMINATOR),
        counts=words.numerator,
        of=words.denominator,
        version=f"第 {rate.rule_version} 版",
    )


def _period(visit: Visit, position: int) -> Period:
    first, last = _day(visit.query.get("from")), _day(visit.query.get("to"))
    if "from" not in visit.query and "to" not in visit.query:
        first, last = visit.day.replace(month=1, day=1), visit.day
    if first and last and first > last:
        raise Malformed("“从”晚于“到”；把起止日期对调。", code="wrong-period")
    unit = visit.query.get("unit")
    return Period(first=first, last=last, unit=UnitId(unit) if unit else None, position=position)


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Malformed(
            f"“{(text or '')[:20]}”不是日期；写成 2025-06-30 这样。", code="unreadable-filter"
        ) from None


def _position(visit: Visit, connection: Connection) -> int:
    position = visit.asking.position
    return head_position(connection) if position is None else position


def _after(visit: Visit) -> int:
    text = visit.query.get("page", "0")
    return int(text[:6]) if text.isascii() and text.isdigit() else 0


def _units(visit: Visit, chosen: UnitId | None) -> Iterator[Option]:
    named = sorted((visit.unit_name(unit), unit) for unit in visit.directory.units)
    for name, unit in named:
        yield Option(value=str(unit), label=name, chosen=unit == chosen)
