"""A question to the register as SQL, built once for each shape of question: the values asked for are bound."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    Table,
    and_,
    bindparam,
    exists,
    false,
    func,
    literal,
    literal_column,
    or_,
    select,
    union_all,
)
from sqlalchemy.sql import Subquery

from events.record.sql import Question
from events.record.tables import BIG, log_head
from projections.arms import arms_of, many, standing
from projections.asking import Order
from projections.particulars import particulars
from projections.parties import ANY, Part, parties
from projections.projection import FOREVER
from projections.register import or_lacking, register
from projections.shapes import Listed, Shape, Where


@lru_cache(maxsize=512)
def keys_at(shape: Shape, listed: Listed) -> Question:
    """The question of a list that is asked again and again, kept for the next time."""
    return keys_at_once(shape, listed)


def keys_at_once(shape: Shape, listed: Listed) -> Question:
    """Sort key, id and place of the rows a question selects, at most ``limit``, and the position they are as of.

    ``to_position`` is where a superseded row lies; FOREVER for one in force.
    """
    order = listed.order
    arms = []
    for table, conditions in arms_of(shape, listed):
        keys = [_key(table, order, name) for name in order.columns]
        named = [key.label(name) for key, name in zip(keys, order.columns, strict=True)]
        statement = select(*named, _ends(table)).where(*conditions)
        if shape.beyond:
            statement = statement.where(_beyond(keys, order))
        arms.append(select(statement.order_by(*_directed(keys, order)).limit(_LIMIT).subquery()))
    rows = union_all(*arms).subquery("rows_at")
    at = select(log_head.c.position).scalar_subquery()
    sorted_by = _directed([rows.c[name] for name in order.columns], order)
    return Question(select(*rows.c, at.label("at")).order_by(*sorted_by).limit(_LIMIT))


@lru_cache(maxsize=512)
def counted_at(shape: Shape, listed: Listed) -> Question:
    """How many rows a question selects, up to ``limit`` from each of its arms."""
    few: list[Select[Any]] = [
        select(literal_column("1").label("one")).select_from(table).where(*conditions).limit(_LIMIT)
        for table, conditions in arms_of(shape, listed)
    ]
    rows = union_all(*(select(one.subquery()) for one in few)).subquery("rows_at")
    return Question(select(func.count()).select_from(rows))


@lru_cache(maxsize=64)
def seen_at(shape: Shape) -> Question:
    """A row where one matter, ``matter``, is there for whoever asks."""
    mine = particulars.c.matter == bindparam("matter")
    statement: Select[Any] = select(literal_column("1")).where(mine, *standing(particulars, shape.past))
    if not shape.sees_all:
        who: list[ColumnElement[bool]] = [false()]
        units = many("seen", shape.seen_units)
        if units:
            parts = parties.c.part.in_([literal(Part.LEAD.value), literal(Part.CO.value)])
            who.append(and_(parts, parties.c.party.in_(units)))
        if shape.person:
            who.append(and_(parties.c.part == Part.VERIFIER.value, parties.c.party == bindparam("person")))
        if shape.looks_back:
            who.append(and_(parties.c.part == Part.LOOK_BACK.value, parties.c.party == ANY))
        mine_too = parties.c.matter == bindparam("matter")
        statement = statement.where(exists().where(mine_too, or_(*who), *standing(parties, shape.past)))
    return Question(statement)


def all_at(shape: Shape, columns: Callable[[Table], Sequence[Any]], where: Where) -> Subquery:
    """Some columns of all rows a question selects, for counting and summing."""
    listed = Listed(order=Order(name="any"), where=where)
    arms = (
        select(*columns(table)).select_from(table).where(*conditions)
        for table, conditions in arms_of(shape, listed)
    )
    return union_all(*arms).subquery("rows_at")


def _ends(table: Table) -> ColumnElement[Any]:
    if table is register:
        return literal_column(str(FOREVER), BIG).label("to_position")
    ends: ColumnElement[Any] = table.c.to_position
    return ends


def _key(table: Table, order: Order, name: str) -> ColumnElement[Any]:
    """A column rows are sorted by, in the words of the index that has them in that order."""
    column: ColumnElement[Any] = table.c[name]
    return or_lacking(column, order.lacking) if order.lacking and name == order.day_column else column


def _directed(keys: Sequence[ColumnElement[Any]], order: Order) -> list[ColumnElement[Any]]:
    return [key.desc() for key in keys] if order.descending else list(keys)


def _beyond(keys: Sequence[ColumnElement[Any]], order: Order) -> ColumnElement[bool]:
    """(a, b, c) > (x, y, z), with the leading column's bound said apart so that an index can begin there."""
    after = many("after", len(keys))
    beyond, not_before = (operator.lt, operator.le) if order.descending else (operator.gt, operator.ge)
    steps = [
        and_(
            *(key == value for key, value in zip(keys[:n], after[:n], strict=True)), beyond(keys[n], after[n])
        )
        for n in range(len(keys))
    ]
    return and_(not_before(keys[0], after[0]), or_(*steps))


_LIMIT: BindParameter[int] = bindparam("limit")
