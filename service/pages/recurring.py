"""反复出现: what a unit was given again and again in a year, the most often first."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.responses import Response

from events.vocabulary import UnitId
from projections import topics
from service.pages.rendering import show
from service.pages.shell import Shell
from service.pages.showing import row
from service.pages.views import Empty, Link, Row
from service.pages.visiting import Visit, Visiting, shell_of
from service.standing_of_decisions import matters_of

router = APIRouter(include_in_schema=False)

TIMES = (2, 3, 5)
YEARS_BACK = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicSection:
    """One topic of one unit with its matters in order."""

    id: str
    title: str
    count: int
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecurringPage:
    """The list."""

    shell: Shell
    sub: str
    years: tuple[Link, ...]
    times: tuple[Link, ...]
    unit: str
    sections: tuple[TopicSection, ...]
    empty: Empty


@router.get("/recurring")
def recurring(visit: Visiting) -> Response:
    """What units of the visitor's sight were given more than once."""
    year, times, unit = _year(visit), _times(visit), visit.query.get("unit", "")
    seen = None if visit.visibility.all else visit.visibility.units
    units = seen if not unit else frozenset((UnitId(unit),)) & (seen or {UnitId(unit)})
    with visit.connect() as connection:
        found = topics.recurring(
            connection, year, position=visit.asking.position, at_least=times, units=units
        )
    items = matters_of(visit.answer, (matter for one in found for matter in one.matters))
    sections = tuple(
        TopicSection(
            id=f"t{nth}",
            title=f"{visit.unit_name(one.unit)}：{one.said}",
            count=len(one.matters),
            rows=tuple(
                row(visit, items[matter], f"第 {at} 次", visit.number(items[matter].number))
                for at, matter in enumerate(one.matters, 1)
                if matter in items
            ),
        )
        for nth, one in enumerate(found)
    )
    page = RecurringPage(
        shell=shell_of(visit, "反复出现"),
        sub="同一单位、同一对象（没写对象的看标题），按立项的年份数；撤销、并案的不数",
        years=_years(visit, year, times, unit),
        times=tuple(
            Link(
                text=f"{n} 次以上",
                href=visit.then(_address(year=year, times=n, unit=unit)),
                current=n == times,
            )
            for n in TIMES
        ),
        unit=visit.unit_name(unit) if unit else "",
        sections=sections,
        empty=Empty(
            title=f"{year} 年没有交办过 {times} 次以上的", text="同一单位同一对象再交办一次，就列在这里。"
        ),
    )
    return show("recurring.html", page)


def _years(visit: Visit, chosen: int, times: int, unit: str) -> tuple[Link, ...]:
    this = visit.day.year
    return tuple(
        Link(
            text=f"{year} 年",
            href=visit.then(_address(year=year, times=times, unit=unit)),
            current=year == chosen,
        )
        for year in sorted({*range(this - YEARS_BACK, this + 1), chosen}, reverse=True)
    )


def _address(**query: object) -> str:
    return f"/recurring?{urlencode({name: value for name, value in query.items() if value})}"


def _year(visit: Visit) -> int:
    said = visit.query.get("year", "")
    return int(said) if said.isascii() and said.isdigit() and len(said) == len("2008") else visit.day.year


def _times(visit: Visit) -> int:
    said = visit.query.get("times", "")
    return int(said) if said in {str(n) for n in TIMES} else TIMES[0]
