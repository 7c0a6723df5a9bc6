"""The shape of a question to the register: everything about it but its values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import ColumnElement, Table

from events.vocabulary import Stage
from projections.asking import Asked, Order, Walk

Conditions = list[ColumnElement[bool]]
Where = Callable[[Table], Sequence[ColumnElement[bool]]]
"""Further conditions, said of either table; what they compare with is bound by name."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A list: what is on it, and in which order."""

    order: Order
    where: Where
    stages: frozenset[Stage] = frozenset()
    """The stages a matter on it is in; none of them: any."""
    only: str = ""
    """The same in the words of the partial index that has only these, where there is one."""
    once: bool = False
    """Whether its conditions hold the values they compare with, so that its statement is not kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """Everything about a question but its values: two questions of one shape are one statement."""

    past: bool
    """Whether it is as of a position, so that superseded rows count too."""
    beyond: bool
    """Whether it goes on after a row."""
    stages: int
    state: Literal["open", "ended"] | None
    units: int | None
    co: bool
    unled: bool
    handlers: int | None
    nobodys: bool
    chiefs: int | None
    kind: bool
    source: bool
    overdue: bool
    due_before: bool
    due_after: bool
    q: bool
    """Whether words are looked for in every row, being too common for the index."""
    found: bool
    """Whether words are looked for, and the index said where they are."""
    units_named: int
    sees_all: bool
    seen_units: int
    person: bool
    stood_for: int
    looks_back: bool
    named: bool
    """Whether matters are asked for by id."""
    rare: bool = False
    """Whether the stages asked for hold so few matters that they are the way in, whatever else is asked."""
    beside_lead: bool = False
    """Whether those are left out that are seen because one's own unit leads them: kept counters tell of these."""


def shape_of(asked: Asked, walk: Walk | None, *, named: bool = False) -> Shape:
    """The shape of a question; ``walk`` None: as things stand now, from the beginning."""
    seen = asked.visibility
    return Shape(
        past=walk is not None,
        beyond=walk is not None and bool(walk.after),
        stages=len(asked.stages),
        state=asked.state,
        units=None if asked.units is None else len(asked.units),
        co=asked.co,
        unled=asked.unled,
        handlers=None if asked.handlers is None else len(asked.handlers),
        nobodys=asked.nobodys,
        chiefs=None if asked.chiefs is None else len(asked.chiefs),
        kind=asked.kind is not None,
        source=asked.source is not None,
        overdue=asked.overdue,
        due_before=asked.due_before is not None,
        due_after=asked.due_after is not None,
        q=bool(asked.q.strip()) and asked.found is None,
        found=bool(asked.q.strip()) and asked.found is not None,
        units_named=len(asked.units_named) if asked.q.strip() else 0,
        sees_all=seen.all,
        seen_units=0 if seen.all else len(seen.units),
        person=not seen.all and seen.person is not None,
        stood_for=0 if seen.all or seen.person is None else len(seen.stood_for),
        looks_back=not seen.all and seen.looks_back,
        named=named,
    )
