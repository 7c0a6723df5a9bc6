"""看板: open matters by stage, most urgent first, in one lane or one for each unit."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.responses import Response

from events.rules.calendar import WorkingDays
from events.rules.ladder import OWED_BY_UNIT
from events.vocabulary import Stage, UnitId
from projections import lists
from projections.asking import Asked, Page
from projections.board import board as counted
from projections.rows import Item
from service.pages.rendering import show
from service.pages.shell import Shell
from service.pages.showing import ledger_row
from service.pages.views import Empty, LedgerRow, Link
from service.pages.visiting import Visit, Visiting, shell_of

router = APIRouter(include_in_schema=False)

SHOWN, SHOWN_WIDE = 3, 6
LANES = 12
READ_FOR_LANES = 200
BY_UNIT = "unit"
FAR = date(9999, 12, 31)


Question = Callable[[Connection, Asked, WorkingDays], Page[Item]]
"""A list of matters, in its own order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnOf:
    """A column: its stages and whether it is the crowded one."""

    title: str
    stages: frozenset[Stage]
    wide: bool = False

    def address(self, **more: str) -> str:
        """The register filtered to this column."""
        stages = [("stage", stage.value) for stage in Stage if stage in self.stages]
        return f"/matters?{urlencode([*stages, *more.items()])}"


COLUMNS = (
    ColumnOf(title="待交办", stages=frozenset({Stage.REGISTERED})),
    ColumnOf(title="待签收", stages=frozenset({Stage.ASSIGNED, Stage.OBJECTED})),
    ColumnOf(title="方案", stages=frozenset({Stage.ACKNOWLEDGED, Stage.PLANNING})),
    ColumnOf(title="整改中", stages=frozenset({Stage.RECTIFYING, Stage.SUSPENDED}), wide=True),
    ColumnOf(title="待核查", stages=frozenset({Stage.COMPLETION_REPORTED, Stage.VERIFYING})),
    ColumnOf(title="销号待批", stages=frozenset({Stage.WRITE_OFF_REVIEW})),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """The cards of one lane in one column."""

    title: str
    count: int
    wide: bool
    cards: tuple[LedgerRow, ...]
    more: Link | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """A row of cells."""

    title: str
    note: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardPage:
    """The board."""

    shell: Shell
    sub: str
    as_of: str
    latest: str
    lane_name: str
    lanes_by: tuple[Link, ...]
    as_list: str
    columns: tuple[Link, ...]
    lanes: tuple[Lane, ...]
    empty: Empty


@router.get("/board")
def board(visit: Visiting) -> Response:
    """The board."""
    by_unit = visit.query.get("by") == BY_UNIT
    rest = {"as_of": visit.as_of} if visit.as_of else {}
    with visit.connect() as connection:
        totals = _totals(connection, visit)
        lanes = _by_unit(connection, visit) if by_unit else (_all(connection, visit, totals),)
    total = sum(totals)
    page = BoardPage(
        shell=shell_of(visit, "看板"),
        sub=f"在办 {total:,} 件 · 每格先列最急的几件",
        as_of=visit.as_of,
        latest=visit.runtime.clock.now().date().isoformat(),
        lane_name="按责任单位" if by_unit else "不分",
        lanes_by=(
            Link(text="不分", href=f"/board?{urlencode(rest)}" if rest else "/board", current=not by_unit),
            Link(text="按责任单位", href=f"/board?{urlencode({'by': BY_UNIT, **rest})}", current=by_unit),
        ),
        as_list=f"/matters?{urlencode({'state': 'open', **rest})}",
        columns=tuple(
            Link(text=column.title, href=column.address(**rest), count=_said(count))
            for column, count in zip(COLUMNS, totals, strict=True)
        ),
        lanes=lanes if total else (),
        empty=Empty(title="看板上还没有事项", text="立项以后，在办的都列在这里。"),
    )
    return show("board.html", page)


def _totals(connection: Connection, visit: Visit) -> list[int]:
    """Matters in each column: from kept counters where everything may be seen."""
    if not visit.sees_all:
        return [lists.count(connection, visit.asked(stages=column.stages)) for column in COLUMNS]
    stages = counted(connection, position=visit.asking.position).stages
    return [sum(stages[stage] for stage in column.stages) for column in COLUMNS]


def _all(connection: Connection, visit: Visit, totals: Sequence[int]) -> Lane:
    cells = []
    for column, count in zip(COLUMNS, totals, strict=True):
        limit = SHOWN_WIDE if column.wide else SHOWN
        items = _most_urgent(connection, visit, column, limit)
        cells.append(_cell(visit, column, items, count, limit, {}))
    return Lane(title="", note="", cells=tuple(cells))


def _most_urgent(connection: Connection, visit: Visit, column: ColumnOf, limit: int) -> list[Item]:
    """Late ones first, then those that come due, then those without a running limit."""
    asked = visit.asked(stages=column.stages, limit=limit)
    found: dict[str, Item] = {}
    for question in _questions(column):
        for item in question(connection, asked, visit.calendar).items:
            found.setdefault(item.id, item)
        if len(found) >= limit:
            break
    return list(found.values())[:limit]


def _questions(column: ColumnOf) -> Sequence[Question]:
    if column.stages & OWED_BY_UNIT:
        return (lists.overdue, _coming, lists.matters)
    return (lists.awaiting_verification,) if Stage.COMPLETION_REPORTED in column.stages else (lists.matters,)


def _coming(connection: Connection, asked: Asked, calendar: WorkingDays) -> Page[Item]:
    return lists.due_soon(connection, asked, calendar, FAR)


def _by_unit(connection: Connection, visit: Visit) -> tuple[Lane, ...]:
    own = frozenset({visit.actor.unit}) if visit.actor.unit is not None else frozenset()
    units = None if visit.sees_all else own
    counts = counted(connection, position=visit.asking.position, units=units).units
    asked = visit.asked(state="open", limit=READ_FOR_LANES)
    late = lists.overdue(connection, asked, visit.calendar).items
    coming = lists.due_soon(connection, asked, visit.calendar, FAR).items
    others = lists.matters(connection, replace(asked, stages=_not_running()), visit.calendar).items
    items = {item.id: item for item in (*late, *coming, *others)}.values()
    lateness: dict[UnitId, int] = {}
    for item in late:
        if item.lead_unit is not None:
            lateness[item.lead_unit] = lateness.get(item.lead_unit, 0) + 1
    open_of = {
        unit: sum(n for stage, n in stages.items() if not stage.ended) for unit, stages in counts.items()
    }
    busiest = sorted(
        (u for u, n in open_of.items() if n), key=lambda u: (-lateness.get(u, 0), -open_of[u], u)
    )
    return tuple(
        _lane(visit, unit, items, counts[unit], open_of[unit], lateness.get(unit, 0))
        for unit in busiest[:LANES]
    )


def _lane(
    visit: Visit,
    unit: UnitId,
    items: Iterable[Item],
    counts: Mapping[Stage, int],
    total: int,
    late: int,
) -> Lane:
    cells = []
    for column in COLUMNS:
        limit = SHOWN_WIDE if column.wide else SHOWN
        mine = [item for item in items if item.lead_unit == unit and item.stage in column.stages]
        count = sum(counts.get(stage, 0) for stage in column.stages)
        cells.append(_cell(visit, column, mine[:limit], count, limit, {"unit": unit}))
    note = f"{total} 件，逾期 {late} 件" if late else f"{total} 件"
    return Lane(title=visit.unit_name(unit), note=note, cells=tuple(cells))


def _cell(
    visit: Visit, column: ColumnOf, items: Sequence[Item], count: int, limit: int, filters: dict[str, str]
) -> Cell:
    left = count - min(len(items), limit)
    if visit.as_of:
        filters = {**filters, "as_of": visit.as_of}
    return Cell(
        title=column.title,
        count=count,
        wide=column.wide,
        cards=tuple(ledger_row(visit, item) for item in items[:limit]),
        more=Link(text=f"再看 {_said(left)} 件", href=column.address(**filters)) if left > 0 else None,
    )


def _not_running() -> frozenset[Stage]:
    return frozenset(
        {
            Stage.REGISTERED,
            Stage.SUSPENDED,
            Stage.COMPLETION_REPORTED,
            Stage.VERIFYING,
            Stage.WRITE_OFF_REVIEW,
        }
    )


def _said(count: int) -> str:
    return f"{lists.COUNTED_UP_TO:,}+" if count > lists.COUNTED_UP_TO else f"{count:,}"
