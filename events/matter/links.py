"""关联事项: which other matters a matter has to do with, and how."""

from __future__ import annotations

from dataclasses import dataclass

from events.vocabulary import Labelled, MatterId


class Relation(Labelled):
    """How a matter has to do with the one it is linked to."""

    RELATED = "related", "有牵连"
    REPEATS = "repeats", "同类问题再次出现"
    FOLLOWS = "follows", "接着它办"

    @property
    def mirrored_label(self) -> str:
        """The same, read from the other matter."""
        return _MIRRORED[self]


_MIRRORED = {
    Relation.RELATED: Relation.RELATED.label,
    Relation.REPEATS: "后来又出现同类问题",
    Relation.FOLLOWS: "由它接着办",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One link; ``mirrored`` where the other matter was linked to this one."""

    other: MatterId
    relation: Relation
    mirrored: bool = False

    @property
    def label(self) -> str:
        """How the other matter stands to this one, in words."""
        return self.relation.mirrored_label if self.mirrored else self.relation.label
