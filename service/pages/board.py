"""看板: open matters by stage, most urgent first, in one lane or one for each unit or leader."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.responses import Response

from projections import lists
from projections.asking import head_position
from projections.board import board as counted
from projections.board import by_stage, late_by_unit
from service.pages.board_columns import COLUMNS, Among, Cell, cells, in_columns, running, said
from service.pages.filters import leaders
from service.pages.register import may_tick, nothing_yet, register_act
from service.pages.rendering import show
from service.pages.shell import Shell
from service.pages.views import Act, Empty, Link
from service.pages.visiting import Visit, Visiting, shell_of

router = APIRouter(include_in_schema=False)

LANES = 8
READ_FOR_LANE = 12
WAYS = {"": "不分", "unit": "按责任单位", "leader": "按首席责任领导"}
"""How lanes are made, by what the address says."""


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
    rest: str
    """What is not on the board, in words."""
    moves: bool
    """Whether cards can be moved: somebody acts, and looks at now."""
    empty: Empty
    register: Act | None


@router.get("/board")
def board(visit: Visiting) -> Response:
    """The board."""
    way = visit.query.get("by", "")
    way = way if way in WAYS else ""
    rest = {"as_of": visit.as_of} if visit.as_of else {}
    with visit.connect() as connection:
        position = head_position(connection)
        totals = _totals(connection, visit)
        lanes, left_out = _lanes(connection, visit, way, totals)
    total = sum(totals)
    page = BoardPage(
        shell=shell_of(visit, "看板", live=position),
        sub=f"在办 {total:,} 件 · 每格先列最急的几件",
        as_of=visit.as_of,
        latest=visit.runtime.clock.now().date().isoformat(),
        lane_name=WAYS[way],
        lanes_by=tuple(
            Link(text=text, href=_address({"by": key, **rest} if key else rest), current=key == way)
            for key, text in WAYS.items()
            if key != "leader" or _by_leader(visit)
        ),
        as_list=f"/matters?{urlencode({'state': 'open', **rest})}",
        columns=tuple(
            Link(text=column.title, href=column.address(**rest), count=said(count))
            for column, count in zip(COLUMNS, totals, strict=True)
        ),
        lanes=lanes if total else (),
        rest=left_out if total else "",
        moves=may_tick(visit),
        empty=nothing_yet(visit, "看板上还没有事项"),
        register=register_act(visit),
    )
    return show("board.html", page)


def _totals(connection: Connection, visit: Visit) -> list[int]:
    """Matters in each column: from kept counters where everything may be seen."""
    if not visit.sees_all:
        return [lists.count(connection, visit.asked(stages=column.stages)) for column in COLUMNS]
    return in_columns(counted(connection, position=visit.asking.position).stages)


def _by_leader(visit: Visit) -> bool:
    return visit.sees_all and bool(leaders(visit))


def _lanes(
    connection: Connection, visit: Visit, way: str, totals: Sequence[int]
) -> tuple[tuple[Lane, ...], str]:
    """The lanes, and what is left out."""
    if way == "unit":
        return _of_units(connection, visit)
    if way == "leader" and _by_leader(visit):
        return _of_leaders(connection, visit)
    lane = Among(asked=visit.asked(), filters={})
    return (Lane(title="", note="", cells=cells(connection, visit, lane, totals)),), ""


def _of_units(connection: Connection, visit: Visit) -> tuple[tuple[Lane, ...], str]:
    """One lane for each unit that leads open matters, those with most late ones first."""
    own = frozenset({visit.actor.unit}) if visit.actor.unit is not None else frozenset()
    units = None if visit.sees_all else own
    counts = counted(connection, position=visit.asking.position, units=units).units
    late = late_by_unit(connection, visit.asked())
    open_of = {unit: sum(in_columns(stages)) for unit, stages in counts.items()}
    busiest = sorted(
        (unit for unit, n in open_of.items() if n), key=lambda u: (-late.get(u, 0), -open_of[u], u)
    )
    lanes = []
    for unit in busiest[:LANES]:
        lane = Among(
            asked=visit.asked(units=frozenset({unit}), limit=READ_FOR_LANE), filters={"unit": str(unit)}
        )
        found = running(connection, visit, lane.asked)
        lanes.append(
            Lane(
                title=visit.unit_name(unit),
                note=_note(open_of[unit], late.get(unit, 0)),
                cells=cells(connection, visit, lane, in_columns(counts[unit]), found),
            )
        )
    left = len(busiest) - len(lanes)
    said = f"只列逾期最多的 {LANES} 个单位，另有 {left} 个单位的换成台账按单位筛。" if left > 0 else ""
    return tuple(lanes), f"{said}还没有交办的在“不分”里。"


def _of_leaders(connection: Connection, visit: Visit) -> tuple[tuple[Lane, ...], str]:
    """One lane for each leader matters are reported to."""
    lanes = []
    for person in leaders(visit):
        asked = visit.asked(state="open", chiefs=frozenset({person}), limit=READ_FOR_LANE)
        counts = by_stage(connection, asked)
        total = sum(counts.values())
        if not total:
            continue
        found = lists.matters(
            connection, replace(asked, limit=READ_FOR_LANE * 2), visit.calendar, "due"
        ).items
        late = lists.count(connection, visit.asked(overdue=True, chiefs=frozenset({person})))
        lane = Among(asked=asked, filters={"leader": str(person)})
        lanes.append(
            Lane(
                title=visit.person_name(person),
                note=_note(total, late),
                cells=cells(connection, visit, lane, in_columns(counts), found),
            )
        )
    return tuple(lanes), "没有定首席责任领导的在“不分”里。"


def _note(total: int, late: int) -> str:
    return f"{total:,} 件，逾期 {late:,} 件" if late else f"{total:,} 件"


def _address(query: dict[str, str]) -> str:
    return f"/board?{urlencode(query)}" if query else "/board"
