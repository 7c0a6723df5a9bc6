"""趋势、排序: how many matters were overdue week by week, and who closes least in time; drawn for the leader's page.

Both are read as of ends of days gone by. What was known then never changes, so each is counted once and remembered.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from sqlalchemy import Connection

from events.record.store import Store
from events.rules.calendar import WorkingDays
from events.rules.rates import current, share
from events.vocabulary import BEIJING, UnitId
from projections.asking import Asked
from projections.board import late_by_unit
from projections.counting import Measure
from projections.rates import Tally, by_unit, parts_of, rate_of
from service.circulating.addresses import rate_link
from service.pages.visiting import Visit
from service.pages.words import short_day

WEEKS = 12
RANKED, FEWEST = 6, 5
"""Units shown, and the matters a unit must have for a share to mean something."""
RULE = "on_time_closing_rate"
LEFT, RIGHT, TOP, BOTTOM = 24, 312, 20, 110
ROW, BAR = 32, 132
"""Units of the drawings, as wide as the side column."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One week of the trend."""

    label: str
    count: int
    href: str
    x: float
    y: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """Matters overdue at the end of each week, and now."""

    finding: str
    most: int
    points: tuple[Point, ...]

    @property
    def line(self) -> str:
        """The points as a polyline has them."""
        return " ".join(f"{point.x:g},{point.y:g}" for point in self.points)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One unit of the ranking; ``length`` is its bar's."""

    unit: str
    said: str
    href: str
    length: float
    y: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """Units by share, the lowest first."""

    finding: str
    rule: str
    height: int
    places: tuple[Place, ...]


def trend(connection: Connection, visit: Visit) -> Trend | None:
    """The last weeks; None where nothing was overdue in any of them."""
    days = [visit.day - timedelta(days=7 * n) for n in range(WEEKS - 1, 0, -1)]
    store = visit.runtime.store
    counts = [_late_then(store, _end_of(store, day), day) for day in days]
    counts.append(sum(late_by_unit(connection, visit.asked()).values()))
    most = max(counts)
    if most == 0:
        return None
    step = (RIGHT - LEFT) / (WEEKS - 1)
    points = tuple(
        Point(
            label=short_day(day, visit.day),
            count=count,
            href=_late_address(visit, day),
            x=round(LEFT + n * step, 1),
            y=round(BOTTOM - (BOTTOM - TOP) * count / most, 1),
        )
        for n, (day, count) in enumerate(zip([*days, visit.day], counts, strict=True))
    )
    finding = f"逾期件数近 {WEEKS} 周：{points[0].label} {counts[0]:,} 件，现在 {counts[-1]:,} 件"
    return Trend(finding=finding, most=most, points=points)


def ranking(visit: Visit) -> Ranking | None:
    """This year's units up to yesterday; None where too few have enough to be compared."""
    rule, store = current(RULE), visit.runtime.store
    first, last = visit.day.replace(month=1, day=1), visit.day - timedelta(days=1)
    if last < first:
        return None
    position = _end_of(store, last)
    tallies = _closed_then(store, position, last, visit.runtime.calendars.at(position))
    rates = {unit: rate_of(rule, tally, position) for unit, tally in tallies.items() if unit is not None}
    enough = [(unit, rate) for unit, rate in rates.items() if (rate.denominator or 0) >= FEWEST]
    enough.sort(key=lambda one: (one[1].percent or 0, -(one[1].denominator or 0), one[0]))
    if len(enough) < 2:
        return None
    places = tuple(
        Place(
            unit=visit.unit_name(unit),
            said=f"{share(rate.numerator, rate.denominator)}% {rate.numerator}/{rate.denominator}",
            href=rate_link(rate, first=first, last=last, day=last, unit=unit),
            length=round(BAR * (rate.percent or 0) / 100, 1),
            y=n * ROW,
        )
        for n, (unit, rate) in enumerate(enough[:RANKED])
    )
    lowest = places[0]
    return Ranking(
        finding=f"今年{rule.label}由低到高：{lowest.unit}最低，{lowest.said}",
        rule=f"{rule.label}：{rule.statement}（第 {rule.version} 版），截至 {short_day(last, visit.day)}；"
        f"不到 {FEWEST} 件的不排。",
        height=len(places) * ROW,
        places=places,
    )


def _late_address(visit: Visit, day: date) -> str:
    if day == visit.day:
        return visit.then("/matters?overdue=1")
    return f"/matters?overdue=1&as_of={day.isoformat()}"


def _end_of(store: Store, day: date) -> int:
    return store.position_at(datetime.combine(day, time.max, BEIJING))


@lru_cache(maxsize=64)
def _late_then(store: Store, position: int, day: date) -> int:
    with store.database.reading.connect() as connection:
        return sum(late_by_unit(connection, Asked(day=day, position=position)).values())


@lru_cache(maxsize=8)
def _closed_then(
    store: Store, position: int, day: date, calendar: WorkingDays
) -> Mapping[UnitId | None, Tally]:
    first = day.replace(month=1, day=1)
    measure = Measure(day=day, assigned_from=first, assigned_to=day, happened_from=first, happened_to=day)
    asked = Asked(day=day, position=position)
    with store.database.reading.connect() as connection:
        return by_unit(connection, calendar, measure, asked, parts_of([current(RULE)]))
