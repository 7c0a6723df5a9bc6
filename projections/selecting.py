"""A question to the register as SQL: the same conditions on the rows in force and on those superseded."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    Table,
    and_,
    exists,
    literal_column,
    or_,
    select,
    text,
    union_all,
)
from sqlalchemy.sql import Subquery

from events.record.tables import BIG
from events.vocabulary import UnitId
from projections.asking import Asked, Order, Visibility, Walk
from projections.particulars import particulars
from projections.parties import ANY, Part, parties
from projections.projection import FOREVER, in_force
from projections.register import register, register_past
from projections.words import folded_text

Where = Callable[[Table], Sequence[ColumnElement[bool]]]
"""Further conditions, said of either table."""


def keys_at(walk: Walk, asked: Asked, order: Order, where: Where, limit: int) -> Select[Any]:
    """Sort key, id and place of the rows valid at a walk's position that a question selects: at most ``limit``.

    ``to_position`` is where a superseded row lies; FOREVER for one in force.
    """
    arms = (_arm(table, walk, asked, order, where, limit) for table in (register, register_past))
    both = union_all(*(select(arm) for arm in arms)).subquery("both_tables")
    return select(both).order_by(*(both.c[name] for name in order.columns)).limit(limit)


def all_at(walk: Walk, asked: Asked, columns: Callable[[Table], Sequence[Any]], where: Where) -> Subquery:
    """Some columns of all rows valid at a position that a question selects, for counting and summing."""
    arms = (
        select(*columns(table)).where(*_valid(table, walk), *conditions(table, asked, walk), *where(table))
        for table in (register, register_past)
    )
    return union_all(*arms).subquery("rows_at")


def everywhere(_: Table) -> Sequence[ColumnElement[bool]]:
    """No further condition."""
    return ()


def in_words(table: Table, condition: str) -> ColumnElement[bool]:
    """A condition on ``table`` in the very words of a partial index, so that the engines know it applies."""
    return and_(text(f"{table.name}.{condition}"))


def conditions(table: Table, asked: Asked, walk: Walk) -> list[ColumnElement[bool]]:
    """What a question's filters ask of a row."""
    c = table.c
    found: list[ColumnElement[bool]] = []
    if asked.stages:
        found.append(c.stage.in_(sorted(stage.value for stage in asked.stages)))
    if asked.state is not None:
        found.append(in_words(table, "open = 1" if asked.state == "open" else "open = 0"))
    if asked.units is not None:
        found.append(_of_units(table, asked.units, asked.co, walk))
    if asked.kind is not None:
        found.append(c.kind == asked.kind)
    if asked.source is not None:
        found.append(c.source == asked.source)
    if asked.overdue:
        found += [in_words(table, "running = 1"), c.due_on < asked.day.isoformat()]
    if asked.due_before is not None:
        found.append(c.due_on <= asked.due_before.isoformat())
    if asked.due_after is not None:
        found.append(c.due_on >= asked.due_after.isoformat())
    if asked.q.strip():
        found.append(_saying(table, asked, walk))
    if not asked.visibility.all:
        found.append(visible(c.id, asked.visibility, walk.position))
    return found


def visible(matter: ColumnElement[str], visibility: Visibility, position: int) -> ColumnElement[bool]:
    """Whether somebody who may not see all may see a matter, as of a position."""
    units = parties.c.part.in_((Part.LEAD, Part.CO))
    who = [and_(units, parties.c.party.in_(sorted(visibility.units)))]
    if visibility.looks_back:
        who.append(and_(parties.c.part == Part.LOOK_BACK, parties.c.party == ANY))
    if visibility.person is not None:
        who.append(and_(parties.c.part == Part.VERIFIER, parties.c.party == visibility.person))
    return _has_party(matter, or_(*who), position)


def _arm(table: Table, walk: Walk, asked: Asked, order: Order, where: Where, limit: int) -> Subquery:
    keys: list[ColumnElement[Any]] = [table.c[name] for name in order.columns]
    ends = (
        literal_column(str(FOREVER), BIG).label("to_position") if table is register else table.c.to_position
    )
    statement = (
        select(*keys, ends)
        .where(*_valid(table, walk), *conditions(table, asked, walk), *where(table))
        .order_by(*keys)
        .limit(limit)
    )
    if walk.after:
        statement = statement.where(_beyond(keys, walk.after))
    return statement.subquery(f"{table.name}_rows")


def _valid(table: Table, walk: Walk) -> list[ColumnElement[bool]]:
    return [table.c.from_position <= walk.position] if table is register else in_force(table, walk.position)


def _beyond(keys: Sequence[ColumnElement[Any]], after: Sequence[Any]) -> ColumnElement[bool]:
    """(a, b, c) > (x, y, z), with the leading column's bound said apart so that an index can begin there."""
    steps = [
        and_(*(key == value for key, value in zip(keys[:n], after[:n], strict=True)), keys[n] > after[n])
        for n in range(len(keys))
    ]
    return and_(keys[0] >= after[0], or_(*steps))


def _of_units(table: Table, units: frozenset[UnitId], co: bool, walk: Walk) -> ColumnElement[bool]:
    if not co:
        return table.c.lead_unit.in_(sorted(units))
    among = and_(parties.c.part != Part.VERIFIER, parties.c.party.in_(sorted(units)))
    return _has_party(table.c.id, among, walk.position)


def _has_party(matter: ColumnElement[str], who: ColumnElement[bool], position: int) -> ColumnElement[bool]:
    return matter.in_(select(parties.c.matter).where(who, *in_force(parties, position)))


def _saying(table: Table, asked: Asked, walk: Walk) -> ColumnElement[bool]:
    if asked.found is not None:
        said: ColumnElement[bool] = table.c.id.in_(sorted(asked.found))
    else:
        holds = particulars.c.words.contains(folded_text(asked.q.strip()), autoescape=True)
        mine = (particulars.c.matter == table.c.id, *in_force(particulars, walk.position))
        said = exists().where(holds, *mine)
    if not asked.units_named:
        return said
    return or_(said, table.c.lead_unit.in_(sorted(asked.units_named)))
