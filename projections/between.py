"""Two moments of the register side by side: which matters entered a list, left it, or changed in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from events.vocabulary import MatterId
from projections.arms import everywhere
from projections.asking import Asked, Walk
from projections.binding import values_of
from projections.selecting import all_at
from projections.shapes import shape_of

SHOWN = ("stage", "lead_unit", "due_on", "closed_late")
"""What of a row two moments are compared by, beside its place in the list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Between:
    """The matters of a list that differ between two positions, each group by number."""

    entered: tuple[MatterId, ...]
    left: tuple[MatterId, ...]
    changed: tuple[MatterId, ...]
    stayed: int
    """In the list at both, with nothing of what is compared changed."""


def between(connection: Connection, before: Asked, after: Asked) -> Between:
    """One list at two positions; both questions name theirs."""
    old, new = _standing(connection, before), _standing(connection, after)
    both = old.keys() & new.keys()
    changed = [matter for matter in new if matter in both and old[matter] != new[matter]]
    return Between(
        entered=tuple(matter for matter in new if matter not in old),
        left=tuple(matter for matter in old if matter not in new),
        changed=tuple(changed),
        stayed=len(both) - len(changed),
    )


def _standing(connection: Connection, asked: Asked) -> Mapping[MatterId, tuple[Any, ...]]:
    """By number, what each matter of a list shows."""
    assert asked.position is not None
    walk = Walk(position=asked.position)
    rows = all_at(
        shape_of(asked, walk),
        lambda table: [table.c.id, table.c.number_key, *(table.c[name] for name in SHOWN)],
        everywhere,
    )
    statement = select(rows).order_by(rows.c.number_key, rows.c.id)
    found = connection.execute(statement, values_of(asked, walk))
    return {MatterId(row[0]): tuple(row[2:]) for row in found}
