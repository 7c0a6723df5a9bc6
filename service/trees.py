"""计划树: a split matter with everything it was broken down into, and how far each branch is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from events.rules.calendar import WorkingDays
from events.vocabulary import MatterId
from projections import lists
from projections.asking import Asked
from projections.rows import Item


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A matter in the tree."""

    item: Item
    parts: tuple[Node, ...] = ()

    @property
    def leaves(self) -> Iterator[Item]:
        """The items below that are worked on; the matter itself where it was not split."""
        if not self.parts:
            yield self.item
        for part in self.parts:
            yield from part.leaves

    @property
    def ended(self) -> int:
        """How many items below have ended."""
        return sum(not leaf.open for leaf in self.leaves)

    @property
    def of(self) -> int:
        """How many items there are below."""
        return sum(1 for _ in self.leaves)

    @property
    def percent(self) -> int:
        """Whole per cent of the items below that have ended, rounded half-up."""
        return (200 * self.ended + self.of) // (2 * self.of)

    @property
    def deep(self) -> bool:
        """Whether a part was broken down further."""
        return any(part.parts for part in self.parts)


def tree(connection: Connection, asked: Asked, calendar: WorkingDays, root: MatterId) -> Node | None:
    """The tree below a matter, as far as it may be seen; None where the matter itself may not."""
    asked = replace(asked, cursor=None)
    found = lists.chosen(connection, asked, calendar, (root,)).items
    return _node(connection, asked, calendar, found[0]) if found else None


def _node(connection: Connection, asked: Asked, calendar: WorkingDays, item: Item) -> Node:
    if item.branches is None:
        return Node(item=item)
    below = lists.parts(connection, asked, calendar, item.id).items
    ordered = sorted(below, key=lambda part: part.id)
    return Node(item=item, parts=tuple(_node(connection, asked, calendar, part) for part in ordered))
