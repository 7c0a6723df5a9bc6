"""How the register is asked: filters, who may see what, the position, and a walk by cursor that stays on its list."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, Literal, TypeVar

from sqlalchemy import Connection, select

from events.record.tables import log_head
from events.refusals import Malformed
from events.vocabulary import MatterId, PersonId, Stage, UnitId

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Visibility:
    """What somebody may see: everything, or the matters of some units and those given to a person to verify.

    ``looks_back``: also the closed ones, which a verifier may look at again.
    """

    all: bool = False
    units: frozenset[UnitId] = frozenset()
    person: PersonId | None = None
    stood_for: frozenset[PersonId] = frozenset()
    """Persons for whom this one stands in."""
    looks_back: bool = False


EVERYTHING = Visibility(all=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question to the register."""

    day: date
    """The day lateness is judged on."""
    position: int | None = None
    """The list as recorded up to here; None: now."""
    visibility: Visibility = EVERYTHING
    stages: frozenset[Stage] = frozenset()
    """None of them: any stage."""
    state: Literal["open", "ended"] | None = None
    units: frozenset[UnitId] | None = None
    """Lead units; whoever asks for a unit's subtree names all of it. None: any."""
    co: bool = False
    """Whether ``units`` may also be co-units."""
    unled: bool = False
    """Whether those that no unit leads are asked for beside those of ``units``."""
    handlers: frozenset[PersonId] | None = None
    """Whose desk it is on; with ``nobodys`` also matters on nobody's. None: anybody's."""
    nobodys: bool = False
    chiefs: frozenset[PersonId] | None = None
    """Whose name they stand under as 首席责任领导. None: anybody's or nobody's."""
    kind: str | None = None
    source: str | None = None
    overdue: bool = False
    due_before: date | None = None
    due_after: date | None = None
    q: str = ""
    """Found in number, title, problem, place, object or source number; blank: any."""
    found: frozenset[MatterId] | None = None
    """The matters ``q`` was found in, where an index could say; None: each row's words are looked at."""
    units_named: frozenset[UnitId] = frozenset()
    """Units whose name holds ``q``; the matters they lead are found too."""
    limit: int = 50
    cursor: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[T]):
    """Part of a list, and the cursor to the rest of it (None at the end)."""

    items: tuple[T, ...]
    next: str | None
    position: int
    """The list is as recorded up to here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What a list is sorted by; number and id follow in the same direction, so that no two rows are equal."""

    name: str
    day_column: str | None = None
    """Never NULL in the list, unless ``lacking`` says what stands for none."""
    lacking: str | None = None
    descending: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns, in order."""
        return (*((self.day_column,) if self.day_column else ()), "number_key", "id")


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """Where a walk stands: the position its list is as of, and the sort key of the last row shown."""

    position: int
    after: tuple[Any, ...] = ()


def head_position(connection: Connection) -> int:
    """The end of the record."""
    return int(connection.scalar(select(log_head.c.position)) or 0)


def walk_of(asked: Asked, order: Order) -> Walk | None:
    """The walk a question goes on with, or begins at a position; None: as things stand now, from the beginning.

    Raises Malformed for a cursor that is not of this list.
    """
    if asked.cursor is not None:
        return _read_cursor(asked.cursor, order)
    return None if asked.position is None else Walk(position=asked.position)


def cursor_after(walk: Walk, order: Order, key: Sequence[Any]) -> str:
    """The opaque cursor to the rows after ``key``."""
    return (
        base64.urlsafe_b64encode(json.dumps([order.name, walk.position, *key]).encode()).decode().rstrip("=")
    )


def _read_cursor(cursor: str, order: Order) -> Walk:
    try:
        read = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError):
        read = None
    types = [str, int, *([str] if order.day_column else []), int, str]
    if not isinstance(read, list) or [type(value) for value in read] != types or read[0] != order.name:
        raise _unreadable()
    if not 0 <= read[1] < _BEYOND or not 0 <= read[-2] < _BEYOND:
        raise _unreadable()
    return Walk(position=read[1], after=tuple(read[2:]))


def _unreadable() -> Malformed:
    return Malformed("翻页标记 cursor 不是这张清单给出的；请从第一页重新查起。", code="unreadable-cursor")


_BEYOND = 2**62
