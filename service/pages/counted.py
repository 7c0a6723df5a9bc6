"""The matters a figure counts: opened from 统计 and from any figure of a 通报, exactly as many as it says."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from events.refusals import Malformed
from events.rules.rates import IN_PERIOD, ON_THE_DAY, Counted
from events.vocabulary import UnitId
from projections.rates import matters_counted, total
from service.circulating.addresses import CLASS, NOBODY, UNIT
from service.circulating.plan import FIGURES
from service.circulating.tabling import class_of_the_rest
from service.circulating.wording import STANDARD, wording
from service.pages.register import RegisterPage, foot_of
from service.pages.rendering import show
from service.pages.showing import ledger_row
from service.pages.statistics import Span, measure_of, span_of
from service.pages.views import Chip, Empty, Link
from service.pages.visiting import Visit, Visiting, shell_of
from service.pages.words import short_day, whole_moment

router = APIRouter(include_in_schema=False)

MOVED = 308
NO_UNIT_YET = "没有"


@dataclass(frozen=True, slots=True, kw_only=True)
class Whose:
    """Whose matters are listed, and how the address and the page say so."""

    units: frozenset[UnitId] | None = None
    """None: any."""
    unled: bool = False
    """Whether also those that no unit leads."""
    field: str = ""
    words: str = ""
    name: str = ""
    """What the address calls it by; empty: nothing is narrowed."""


@router.get("/statistics/matters")
def counted(visit: Visiting) -> Response:
    """The list behind a figure."""
    part = _part(visit)
    span = Span(first=None, last=None) if part in ON_THE_DAY else span_of(visit)
    whose = _whose(visit)
    asked = visit.asked(units=whose.units, unled=whose.unled)
    measure = measure_of(visit.day, span)
    with visit.connect() as connection:
        number = total(connection, visit.calendar, measure, asked, (part,))[part]
        page = matters_counted(
            connection, replace(asked, cursor=visit.query.get("cursor")), visit.calendar, part, measure
        )
    rest = {name: value for name, value in visit.query.items() if value and name != "cursor"}
    chips = _chips(visit, part, span, whose)
    words = "、".join(f"{chip.field} {chip.value}" for chip in chips)
    shown = RegisterPage(
        shell=shell_of(visit, "统计的事项", body="has-bar print-wide", foot=foot_of(page.position)),
        title="统计的事项",
        sub=f"{number:,} 件 · {part.label}",
        here=visit.path,
        views=(Link(text="回到统计", href=_statistics(visit)),),
        filters=(),
        chips=chips,
        clear=_statistics(visit),
        q="",
        as_of=visit.as_of,
        latest=visit.runtime.clock.now().date().isoformat(),
        printed=f"{part.label} · {words} · 数据截至 {whole_moment(visit.asking.moment)}",
        rows=tuple(ledger_row(visit, item) for item in page.items),
        shown=f"本页 {len(page.items)} 件，共 {number:,} 件",
        first=f"{visit.path}?{urlencode(rest)}" if visit.query.get("cursor") else None,
        next=f"{visit.path}?{urlencode({**rest, 'cursor': page.next})}" if page.next else None,
        empty=Empty(title="一件也没有", text=f"{part.label}。"),
        register=None,
    )
    return show("register.html", shown)


@router.get("/rates")
def moved(visit: Visiting) -> Response:
    """Where the rates were before all figures had one page."""
    return RedirectResponse(f"/statistics?{urlencode(visit.query.multi_items())}", MOVED)


def _part(visit: Visit) -> Counted:
    try:
        return Counted(visit.query.get("counted", ""))
    except ValueError:
        raise Malformed(
            "这个地址没有写明数的是什么；回到统计，点开要看的数。", code="unreadable-filter"
        ) from None


def _whose(visit: Visit) -> Whose:
    """Of one unit, of no unit, of the units of a class, or of all."""
    unit, class_ = visit.query.get(UNIT, ""), visit.query.get(CLASS, "")
    if unit == NOBODY:
        return Whose(units=frozenset(), unled=True, field="责任单位", words=NO_UNIT_YET, name=UNIT)
    if unit:
        words = visit.unit_name(unit)
        return Whose(units=frozenset({UnitId(unit)}), field="责任单位", words=words, name=UNIT)
    if not class_:
        return Whose()
    rest = class_ == class_of_the_rest(wording(STANDARD, FIGURES))
    known = visit.directory.units.values()
    units = frozenset(one.id for one in known if (not one.kind if rest else one.kind == class_))
    return Whose(units=units, unled=rest, field="单位类别", words=class_[:40], name=CLASS)


def _chips(visit: Visit, part: Counted, span: Span, whose: Whose) -> tuple[Chip, ...]:
    """What narrows the list; each chip's link takes it away."""
    days = "发生在" if part in IN_PERIOD else "首次交办"
    found: list[tuple[str, str, tuple[str, ...]]] = []
    if span.first is not None:
        found.append((f"{days}起", short_day(span.first, visit.day), ("from",)))
    if span.last is not None:
        found.append((f"{days}止", short_day(span.last, visit.day), ("to",)))
    if whose.name:
        found.append((whose.field, whose.words, (whose.name,)))
    return tuple(Chip(field=field, value=value, href=_without(visit, names)) for field, value, names in found)


def _without(visit: Visit, names: tuple[str, ...]) -> str:
    """This list without some of its bounds; an empty day is kept, for none at all would mean this year."""
    query = {name: value for name, value in visit.query.items() if name not in ("cursor", *names)}
    emptied = {name: "" for name in names if name in ("from", "to")}
    return f"{visit.path}?{urlencode({**query, **emptied})}"


def _statistics(visit: Visit) -> str:
    kept = {name: visit.query[name] for name in ("from", "to", "as_of") if visit.query.get(name)}
    return f"/statistics?{urlencode(kept)}" if kept else "/statistics"
