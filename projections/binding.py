"""The values of a question to the register, by the names its statement has for them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from events.vocabulary import MatterId
from projections.asking import Asked, Walk
from projections.words import folded_text


def values_of(
    asked: Asked, walk: Walk | None, *, limit: int = 0, named: Iterable[MatterId] = ()
) -> dict[str, Any]:
    """Every value a statement of this question's shape may ask for, and more: it takes those it names."""
    seen = asked.visibility
    values: dict[str, Any] = {
        "limit": limit,
        "today": asked.day.isoformat(),
        "kind": asked.kind,
        "source": asked.source,
        "due_before": asked.due_before.isoformat() if asked.due_before is not None else None,
        "due_after": asked.due_after.isoformat() if asked.due_after is not None else None,
        "person": seen.person,
    }
    if walk is not None:
        values["position"] = walk.position
        values |= _numbered("after", walk.after)
    if asked.stages:
        values |= _numbered("stage", sorted(stage.value for stage in asked.stages))
    if asked.units:
        values |= _numbered("unit", sorted(asked.units))
    if asked.handlers:
        values |= _numbered("handler", sorted(asked.handlers))
    if asked.chiefs:
        values |= _numbered("chief", sorted(asked.chiefs))
    if seen.stood_for:
        values |= _numbered("stood_for", sorted(seen.stood_for))
    if seen.units and not seen.all:
        values |= _numbered("seen", sorted(seen.units))
    if asked.q.strip():
        values["q"] = _pattern(asked.q.strip())
        values["found"] = sorted(asked.found or ())
        values |= _numbered("unit_named", sorted(asked.units_named))
    return values | {"named": list(named)}


def _numbered(name: str, values: Iterable[Any]) -> dict[str, Any]:
    return {f"{name}_{n}": value for n, value in enumerate(values)}


def _pattern(words: str) -> str:
    """What ``LIKE … ESCAPE '/'`` finds the words by."""
    sought = folded_text(words)
    for sign in "/%_":
        sought = sought.replace(sign, f"/{sign}")
    return f"%{sought}%"
