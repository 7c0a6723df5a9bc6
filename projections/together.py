"""Many frozen places at once: the sums and the overdue matters of each, from one pass over the register's rows."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    CompoundSelect,
    Connection,
    FromClause,
    Join,
    Select,
    Table,
    Text,
    case,
    column,
    func,
    select,
    union_all,
    values,
)
from sqlalchemy.ext.compiler import compiles

from events.record.tables import BIG
from events.rules.calendar import WorkingDays
from events.rules.rates import Counted
from events.vocabulary import UnitId
from projections.counting import (
    Measure,
    MeasureOf,
    concerned,
    condition,
    days_of_signing,
    never,
    signed_joined,
)
from projections.overdue import Overdue, overdue_of
from projections.particulars import particulars
from projections.projection import FOREVER
from projections.rates import Tally
from projections.register import register, register_past

AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A frozen place: what is counted over which days, all of them named, from the facts recorded up to a position."""

    position: int
    measure: Measure
    calendar: WorkingDays
    """As published then."""


ByUnit = Mapping[UnitId | None, Tally]
Asking = Callable[[Table, FromClause, FromClause], Select[Any]]
"""What is asked of a table, given its rows joined with the spots they stood at."""


def sums_at(connection: Connection, spots: Sequence[Spot], parts: Sequence[Counted]) -> list[ByUnit]:
    """For each spot how many matters of each lead unit are counted."""
    found: list[dict[UnitId | None, Counter[Counted]]] = [{} for _ in spots]
    if not spots:
        return list(found)
    days = _signing_days(spots)
    signed = signed_joined(days)

    def sums(table: Table, rows: FromClause, spot: FromClause) -> Select[Any]:
        asked = _measure(spot)
        counts = [func.sum(case((condition(table, part, asked, signed), 1), else_=0)) for part in parts]
        joined = rows.outerjoin(days, days.c.assigned_on == spot.c.edition.concat(table.c.assigned_on))
        statement = select(spot.c.n, table.c.lead_unit, *counts).select_from(joined)
        return statement.where(concerned(table, asked)).group_by(spot.c.n, table.c.lead_unit)

    for n, unit, *counts in connection.execute(_everywhere(spots, sums)):
        tally = found[n].setdefault(UnitId(unit) if unit is not None else None, Counter())
        tally.update({part: int(count) for part, count in zip(parts, counts, strict=True) if count})
    return list(found)


def overdue_at_each(connection: Connection, spots: Sequence[Spot]) -> list[tuple[Overdue, ...]]:
    """For each spot every matter counted as overdue; the longest overdue first, then by number."""
    found: list[list[tuple[Any, ...]]] = [[] for _ in spots]
    if not spots:
        return []

    def lines(table: Table, rows: FromClause, spot: FromClause) -> Select[Any]:
        c = table.c
        shown = (c.due_on, c.number_key, c.id, c.lead_unit, c.extensions, c.packed)
        statement = select(spot.c.n, spot.c.position, *shown).select_from(rows)
        return statement.where(condition(table, Counted.OVERDUE, _measure(spot), never))

    for n, position, *line in connection.execute(_everywhere(spots, lines)):
        found[n].append((*line, position))
    worded = _wordings(connection, {line[2] for lines in found for line in lines})
    return [
        tuple(
            overdue_of(matter, *_then(worded[matter], at), unit, due_on, extensions, packed, spot.measure.day)
            for due_on, _, matter, unit, extensions, packed, at in sorted(lines, key=_worst_first)
        )
        for spot, lines in zip(spots, found, strict=True)
    ]


def _worst_first(line: tuple[Any, ...]) -> tuple[Any, ...]:
    """By due day, number and id."""
    return line[:3]


Wording = tuple[int, int, str, str]
"""From and to which position, number and title."""


def _wordings(connection: Connection, matters: Iterable[str]) -> dict[str, list[Wording]]:
    c = particulars.c
    asked = select(c.matter, c.from_position, c.to_position, c.number, c.title)
    found: dict[str, list[Wording]] = {}
    waiting = iter(sorted(matters))
    while together := list(islice(waiting, AT_ONCE)):
        for matter, *wording in connection.execute(asked.where(c.matter.in_(together))):
            found.setdefault(matter, []).append(tuple(wording))
    return found


def _then(wordings: Iterable[Wording], position: int) -> tuple[str, str]:
    """Number and title as of a position."""
    return next((number, title) for begins, ends, number, title in wordings if begins <= position < ends)


class InOrder(Join):
    """A join whose left side is gone through first: SQLite keeps no counts and would guess another order."""

    inherit_cache = True


@compiles(InOrder, "sqlite")
def _crossed(element: InOrder, compiler: Any, **words: Any) -> str:
    sides = (compiler.process(side, **{**words, "asfrom": True}) for side in (element.left, element.right))
    return f"{' CROSS JOIN '.join(sides)} ON {compiler.process(element.onclause, **words)}"


def _everywhere(spots: Sequence[Spot], asking: Asking) -> CompoundSelect[Any]:
    """What is asked of the rows in force and of those superseded, each row found beside every spot it stood at.

    Superseded rows are read in slices by the position that ended them: those of a slice stood at no spot after it.
    """
    spot, cut = _spots(spots), _slices(spots)
    ended_in = (
        (register_past.c.to_position > cut.c.after)
        & (register_past.c.to_position <= cut.c.up_to)
        & (register_past.c.from_position <= cut.c.after)
    )
    stood = (spot.c.rank <= cut.c.rank) & (spot.c.position >= register_past.c.from_position)
    past = InOrder(InOrder(cut, register_past, ended_in), spot, stood)
    here = InOrder(register, spot, spot.c.position >= register.c.from_position)
    return union_all(asking(register, here, spot), asking(register_past, past, spot))


def _signing_days(spots: Sequence[Spot]) -> CTE:
    """For every day of assignment the last on which a sign-for is in time, under each edition of the working days."""
    rows = []
    for edition in _editions(spots):
        alike = [spot for spot in spots if spot.calendar.editions == edition]
        first = min(spot.measure.assigned_from or spot.measure.day for spot in alike)
        until = max(spot.measure.day for spot in alike)
        mark = _mark(edition, spots)
        days = days_of_signing(first, until, alike[0].calendar)
        rows += [(f"{mark}{day.isoformat()}", in_time.isoformat()) for day, in_time in days]
    columns = (column("assigned_on", Text), column("until", Text))
    return values(*columns, name="listed", literal_binds=True).data(rows).cte("signing_days")


Edition = tuple[tuple[int, int], ...]


def _editions(spots: Sequence[Spot]) -> list[Edition]:
    return list(dict.fromkeys(spot.calendar.editions for spot in spots))


def _mark(edition: Edition, spots: Sequence[Spot]) -> str:
    """What a day under an edition begins with."""
    return f"{_editions(spots).index(edition)}/"


def _spots(spots: Sequence[Spot]) -> CTE:
    """The spots as rows: ``n`` its place in the list, ``rank`` that of its position among all."""
    ranks = sorted({spot.position for spot in spots})
    marks = {edition: _mark(edition, spots) for edition in _editions(spots)}
    days = ("day", "assigned_from", "assigned_to", "happened_from", "happened_to")
    listed = values(
        column("n", BIG),
        column("rank", BIG),
        column("position", BIG),
        column("edition", Text),
        *(column(name, Text) for name in days),
        name="listed_spots",
        literal_binds=True,
    )
    rows = listed.data(
        [
            (
                n,
                bisect_left(ranks, spot.position),
                spot.position,
                marks[spot.calendar.editions],
                *(getattr(spot.measure, name).isoformat() for name in days),
            )
            for n, spot in enumerate(spots)
        ]
    )
    return rows.cte("spots")


def _slices(spots: Sequence[Spot]) -> CTE:
    """Between one position and the next; the last has no end."""
    ranks = sorted({spot.position for spot in spots})
    listed = values(
        column("rank", BIG),
        column("after", BIG),
        column("up_to", BIG),
        name="listed_slices",
        literal_binds=True,
    )
    ends = zip(ranks, [*ranks[1:], FOREVER], strict=True)
    return listed.data([(n, after, up_to) for n, (after, up_to) in enumerate(ends)]).cte("slices")


def _measure(spot: FromClause) -> MeasureOf[ColumnElement[str]]:
    c = spot.c
    return MeasureOf(
        day=c.day,
        assigned_from=c.assigned_from,
        assigned_to=c.assigned_to,
        happened_from=c.happened_from,
        happened_to=c.happened_to,
    )
