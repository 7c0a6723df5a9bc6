"""A question to the register in arms: each finds its rows by an index of its own, no row is found by two."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import product
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Table,
    and_,
    bindparam,
    exists,
    false,
    literal,
    not_,
    or_,
    select,
    text,
)
from sqlalchemy.ext.compiler import compiles

from events.rules.ladder import OWED_BY_UNIT
from projections.particulars import particulars
from projections.parties import LOOKED_BACK_ON, Part, parties
from projections.projection import FOREVER
from projections.register import register, register_past
from projections.shapes import Conditions, Listed, Shape


def arms_of(shape: Shape, listed: Listed) -> list[tuple[Table, Conditions]]:
    """The tables and conditions whose rows, put together, are those a question selects; none is found twice."""
    found: list[tuple[Table, Conditions]] = []
    for table in (register, register_past) if shape.past else (register,):
        filters = [*_valid(table, shape), *_filters(shape, table), *listed.where(table)]
        ways = product(_seen(shape, table), _asked_for(shape, table), _by_stage(shape, listed, table))
        found += [(table, [*filters, *seen, *units, *stage]) for seen, units, stage in ways]
    return found


def _seen(shape: Shape, table: Table) -> list[Conditions]:
    """Whose matters: of the units that lead, of co-units or the verifier's, and to be looked back on."""
    if shape.sees_all:
        return [[]]
    ways: list[ColumnElement[bool]] = []
    who: list[ColumnElement[bool]] = []
    if shape.seen_units:
        units = many("seen", shape.seen_units)
        ways.append(_led_by(table, units))
        who.append(and_(parties.c.part == Part.CO.value, parties.c.party.in_(units)))
    if shape.person:
        persons = [bindparam("person"), *many("stood_for", shape.stood_for)]
        who.append(and_(parties.c.part == Part.VERIFIER.value, parties.c.party.in_(persons)))
    if who:
        ways.append(_has_party(table, or_(*who), shape))
    if shape.looks_back:
        ways.append(table.c.stage.in_([literal(stage.value) for stage in sorted(LOOKED_BACK_ON)]))
    apart = _apart(ways)
    return apart[1 if shape.beside_lead and shape.seen_units else 0 :] or [[false()]]


def _asked_for(shape: Shape, table: Table) -> list[Conditions]:
    """Of which units: as lead, or as co-units where these are asked for too."""
    if shape.units is None:
        return [[]]
    unled: Conditions = [table.c.lead_unit.is_(None)] if shape.unled else []
    if not shape.units:
        return [unled or [false()]]
    units = many("unit", shape.units)
    column = Aside(table.c.lead_unit) if shape.rare else table.c.lead_unit
    lead = or_(column.in_(units), *unled)
    if not shape.co:
        return [[lead]]
    among = and_(parties.c.part == Part.CO.value, parties.c.party.in_(units))
    return _apart([_led_by(table, units), _has_party(table, among, shape)])


def _by_stage(shape: Shape, listed: Listed, table: Table) -> list[Conditions]:
    """One arm for each stage where that lets an index give the order; else one condition for all of them."""
    asked, stage = many("stage", shape.stages), table.c.stage
    of_list = listed.stages
    if shape.overdue:
        of_list = of_list & OWED_BY_UNIT if of_list else OWED_BY_UNIT
        if not of_list:
            return [[false()]]
    on_list = [literal(one.value) for one in sorted(of_list)]
    if shape.rare:
        return [[stage.in_(stages) for stages in (asked, on_list) if stages]]
    if not shape.sees_all or shape.units is not None:  # the units' own index is the one to use
        return [[Aside(stage).in_(stages) for stages in (asked, on_list) if stages]]
    if listed.order.lacking:  # the index that has the order is the one to use
        return [[Aside(stage).in_(stages) for stages in (asked, on_list) if stages]]
    if shape.past or (listed.order.day_column and not listed.stages):
        return [[stage.in_(stages) for stages in (asked, on_list) if stages]]
    only = [in_words(table, listed.only)] if listed.only else []
    return [[*only, stage == one] for one in asked or on_list] or [[]]


def _filters(shape: Shape, table: Table) -> Conditions:
    c = table.c
    found: Conditions = []
    if shape.state is not None:
        found.append(in_words(table, "open = 1" if shape.state == "open" else "open = 0"))
    if shape.handlers is not None:
        mine = c.handler.in_(many("handler", shape.handlers)) if shape.handlers else false()
        found.append(or_(mine, c.handler.is_(None)) if shape.nobodys else mine)
    if shape.chiefs is not None:
        whose = parties.c.party.in_(many("chief", shape.chiefs)) if shape.chiefs else false()
        found.append(_has_party(table, and_(parties.c.part == Part.CHIEF.value, whose), shape))
    if shape.kind:
        found.append(c.kind == bindparam("kind"))
    if shape.source:
        found.append(c.source == bindparam("source"))
    if shape.overdue:
        found += [in_words(table, "running = 1"), c.due_on < bindparam("today")]
    if shape.due_before:
        found.append(c.due_on <= bindparam("due_before"))
    if shape.due_after:
        found.append(c.due_on >= bindparam("due_after"))
    if shape.named:
        found.append(Among(c.id, "named"))
    if shape.q or shape.found:
        found.append(_saying(shape, table))
    return found


class Aside(ColumnElement[Any]):
    """A column of which no index is to be used: SQLite, which keeps no counts, would take it for the rarer one."""

    inherit_cache = True

    def __init__(self, column: ColumnElement[Any]) -> None:
        self.column = column
        self.type = column.type


class Among(ColumnElement[bool]):
    """Whether a column is in a list of any length, which is one parameter."""

    inherit_cache = True

    def __init__(self, column: ColumnElement[Any], name: str) -> None:
        self.column = column
        self.list: BindParameter[Any] = bindparam(name)


@compiles(Among)
def _in_array(element: Among, compiler: Any, **words: Any) -> str:
    return f"{compiler.process(element.column, **words)} = ANY({compiler.process(element.list, **words)})"


@compiles(Among, "sqlite")
def _in_json(element: Among, compiler: Any, **words: Any) -> str:
    each = f"json_each({compiler.process(element.list, **words)})"
    return f"{compiler.process(element.column, **words)} IN (SELECT value FROM {each})"


@compiles(Aside)
def _as_it_is(element: Aside, compiler: Any, **words: Any) -> str:
    return str(compiler.process(element.column, **words))


@compiles(Aside, "sqlite")
def _out_of_reach(element: Aside, compiler: Any, **words: Any) -> str:
    return f"+{compiler.process(element.column, **words)}"


def many(name: str, count: int) -> list[BindParameter[Any]]:
    """Parameters for a list of values."""
    return [bindparam(f"{name}_{n}") for n in range(count)]


def _valid(table: Table, shape: Shape) -> Conditions:
    if table is register:
        return [table.c.from_position <= bindparam("position")] if shape.past else []
    return standing(table, past=True)


def _led_by(table: Table, units: list[BindParameter[Any]]) -> ColumnElement[bool]:
    return and_(table.c.lead_unit.is_not(None), table.c.lead_unit.in_(units))


def _apart(ways: Iterable[ColumnElement[bool]]) -> list[Conditions]:
    """The ways as arms of which no two find the same row."""
    found: list[Conditions] = []
    before: Conditions = []
    for way in ways:
        found.append([way, *before])
        before = [*before, not_(way)]
    return found


def _has_party(table: Table, who: ColumnElement[bool], shape: Shape) -> ColumnElement[bool]:
    return table.c.id.in_(select(parties.c.matter).where(who, *standing(parties, shape.past)))


def _saying(shape: Shape, table: Table) -> ColumnElement[bool]:
    if shape.found:
        said: ColumnElement[bool] = Among(table.c.id, "found")
    else:
        holds = particulars.c.words.like(bindparam("q"), escape="/")
        mine = (particulars.c.matter == table.c.id, *standing(particulars, shape.past))
        said = exists().where(holds, *mine)
    if not shape.units_named:
        return said
    return or_(said, table.c.lead_unit.in_(many("unit_named", shape.units_named)))


def everywhere(_: Table) -> Sequence[ColumnElement[bool]]:
    """No further condition."""
    return ()


def in_words(table: Table, condition: str) -> ColumnElement[bool]:
    """A condition on ``table`` in the very words of a partial index, so that the engines know it applies."""
    return and_(text(f"{table.name}.{condition}"))


def standing(table: Table, past: bool) -> Conditions:
    """Whether a row is in force, or was at the position asked, for tables that name both ends."""
    if past:
        return [table.c.from_position <= bindparam("position"), table.c.to_position > bindparam("position")]
    return [table.c.to_position == FOREVER]
