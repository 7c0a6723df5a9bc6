"""The board's columns, and a lane's cells: how many matters stand there and the first of them, most urgent first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from sqlalchemy import Connection

from events.rules.calendar import WorkingDays
from events.rules.ladder import OWED_BY_UNIT
from events.vocabulary import Stage
from projections import lists
from projections.asking import Asked, Page
from projections.rows import Item
from service.pages.showing import ledger_row
from service.pages.views import LedgerRow, Link
from service.pages.visiting import Visit

SHOWN, SHOWN_WIDE = 3, 6
FAR = date(9999, 12, 31)

Question = Callable[[Connection, Asked, WorkingDays], Page[Item]]
"""A list of matters, in its own order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnOf:
    """A column: its stages and whether it is the crowded one."""

    id: str
    title: str
    stages: frozenset[Stage]
    wide: bool = False

    @property
    def shown(self) -> int:
        """Cards shown of each lane."""
        return SHOWN_WIDE if self.wide else SHOWN

    def address(self, **more: str) -> str:
        """The register filtered to this column."""
        stages = [("stage", stage.value) for stage in Stage if stage in self.stages]
        return f"/matters?{urlencode([*stages, *more.items()])}"


COLUMNS = (
    ColumnOf(id="registered", title="待交办", stages=frozenset({Stage.REGISTERED})),
    ColumnOf(id="assigned", title="待签收", stages=frozenset({Stage.ASSIGNED, Stage.OBJECTED})),
    ColumnOf(id="planning", title="方案", stages=frozenset({Stage.ACKNOWLEDGED, Stage.PLANNING})),
    ColumnOf(
        id="rectifying", title="整改中", stages=frozenset({Stage.RECTIFYING, Stage.SUSPENDED}), wide=True
    ),
    ColumnOf(id="verifying", title="待核查", stages=frozenset({Stage.COMPLETION_REPORTED, Stage.VERIFYING})),
    ColumnOf(id="review", title="销号待批", stages=frozenset({Stage.WRITE_OFF_REVIEW})),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """The cards of one lane in one column."""

    column: str
    title: str
    count: int
    wide: bool
    cards: tuple[LedgerRow, ...]
    more: Link | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Among:
    """The matters of one lane: how they are asked for, and what the register's address says for it."""

    asked: Asked
    filters: Mapping[str, str]


def cells(
    connection: Connection,
    visit: Visit,
    lane: Among,
    counts: Sequence[int],
    found: Iterable[Item] = (),
) -> tuple[Cell, ...]:
    """A lane's cells. ``counts`` by column; ``found`` are urgent ones at hand, asked for anew only where none is."""
    items = list(found)
    made = []
    for column, count in zip(COLUMNS, counts, strict=True):
        mine = [item for item in items if item.stage in column.stages][: column.shown]
        if count and not mine:
            mine = _most_urgent(connection, visit, lane.asked, column)
        made.append(_cell(visit, column, mine, count, lane.filters))
    return tuple(made)


def in_columns(stages: Mapping[Stage, int]) -> list[int]:
    """Counts by stage as counts by column."""
    return [sum(stages.get(stage, 0) for stage in column.stages) for column in COLUMNS]


def said(count: int) -> str:
    """A count, as far as it is exact."""
    return f"{lists.COUNTED_UP_TO:,}+" if count > lists.COUNTED_UP_TO else f"{count:,}"


def running(connection: Connection, visit: Visit, asked: Asked) -> list[Item]:
    """What runs, late ones first, then those that come due."""
    late = lists.overdue(connection, asked, visit.calendar).items
    return [*late, *_coming(connection, asked, visit.calendar).items]


def _most_urgent(connection: Connection, visit: Visit, asked: Asked, column: ColumnOf) -> list[Item]:
    """Late ones first, then those that come due, then those without a running limit."""
    asked = replace(asked, state=None, stages=column.stages, limit=column.shown)
    found: dict[str, Item] = {}
    for question in _questions(column):
        for item in question(connection, asked, visit.calendar).items:
            found.setdefault(item.id, item)
        if len(found) >= column.shown:
            break
    return list(found.values())[: column.shown]


def _questions(column: ColumnOf) -> Sequence[Question]:
    if column.stages & OWED_BY_UNIT:
        return (lists.overdue, _coming, lists.matters)
    return (lists.awaiting_verification,) if Stage.COMPLETION_REPORTED in column.stages else (lists.matters,)


def _coming(connection: Connection, asked: Asked, calendar: WorkingDays) -> Page[Item]:
    return lists.due_soon(connection, asked, calendar, FAR)


def _cell(
    visit: Visit, column: ColumnOf, items: Sequence[Item], count: int, filters: Mapping[str, str]
) -> Cell:
    left = count - len(items)
    then = {"as_of": visit.as_of} if visit.as_of else {}
    more = Link(text=f"再看 {said(left)} 件", href=column.address(**filters, **then)) if left > 0 else None
    return Cell(
        column=column.id,
        title=column.title,
        count=count,
        wide=column.wide,
        cards=tuple(ledger_row(visit, item) for item in items),
        more=more,
    )
