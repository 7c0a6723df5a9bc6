"""佐证清单: which kinds of evidence a completion report still lacks (M056)."""

from __future__ import annotations

from collections.abc import Iterable

EITHER = "|"
"""Between kinds of which one is enough: ``photo|document``."""


def missing(checklist: tuple[str, ...], attached: Iterable[str]) -> tuple[str, ...]:
    """The entries of ``checklist`` no attached kind answers, as written there and in its order."""
    kinds = {str(kind) for kind in attached}
    return tuple(entry for entry in checklist if kinds.isdisjoint(alternatives(entry)))


def alternatives(entry: str) -> tuple[str, ...]:
    """The kinds any of which answers an entry."""
    return tuple(kind.strip() for kind in entry.split(EITHER))
