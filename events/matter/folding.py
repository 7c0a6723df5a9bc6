"""From facts to the state of a matter: ``evolve`` never refuses, whatever the record holds."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from events.matter.correctable import CORRECTABLE, DUE_ON
from events.matter.effects import Changes, Effect
from events.matter.effects_of_approving import EFFECTS as OF_APPROVING
from events.matter.effects_of_ending import EFFECTS as OF_ENDING
from events.matter.effects_of_extending import EFFECTS as OF_EXTENDING
from events.matter.effects_of_linking import EFFECTS as OF_LINKING
from events.matter.effects_of_petitioning import EFFECTS as OF_PETITIONING
from events.matter.effects_of_pressing import EFFECTS as OF_PRESSING
from events.matter.effects_of_sharing import EFFECTS as OF_SHARING
from events.matter.effects_of_working import EFFECTS as OF_WORKING
from events.matter.rectifying import ProgressReported
from events.matter.state import Matter
from events.record.envelope import Recorded
from events.vocabulary import MatterId, Stage

EFFECTS: dict[type[Any], Effect] = {
    **OF_WORKING,
    **OF_ENDING,
    **OF_PRESSING,
    **OF_SHARING,
    **OF_EXTENDING,
    **OF_APPROVING,
    **OF_PETITIONING,
    **OF_LINKING,
}
"""Fact type → what it changes; a test holds it against ``facts.Fact``."""


def begin(stream: str) -> Matter:
    """A matter before its first fact, by the name of its stream."""
    return Matter(id=MatterId(stream.partition("-")[2]))


def evolve(matter: Matter, recorded: Recorded) -> Matter:
    """The matter after one more fact."""
    after = _copy(matter)
    _take(after, recorded)
    return after


def evolve_naming(matter: Matter, recorded: Recorded) -> tuple[Matter, frozenset[str]]:
    """As ``evolve``, with the names of the fields that are not the very same value as before."""
    after = _copy(matter)
    set_anew = _take(after, recorded)
    old, new = matter.__dict__, after.__dict__
    return after, frozenset([name for name in set_anew if old[name] is not new[name]])


def stage_after(matter: Matter, recorded: Recorded) -> Stage:
    """The stage after one more fact, without folding the rest."""
    effect = EFFECTS.get(type(recorded.fact))
    stage: Stage = (effect(matter, recorded) if effect is not None else {}).get("stage", matter.stage)
    return stage


def fold(matter: Matter, facts: Iterable[Recorded]) -> Matter:
    """The matter after all these facts; quicker than one ``evolve`` each."""
    copy = _copy(matter)
    for recorded in facts:
        _take(copy, recorded)
    return copy


def _take(matter: Matter, recorded: Recorded) -> list[str]:
    """Changes a copy nobody else holds yet: the frozen dataclass is frozen for everybody but its maker.

    Gives the names of the fields that were set, some of them to what they were.
    """
    effect = EFFECTS.get(type(recorded.fact))
    changes = effect(matter, recorded) if effect is not None else {}
    found: Changes = {}
    if "stage" in changes:
        found["stage_at"] = getattr(recorded.fact, "effective_at", None) or recorded.recorded_at
        found["stage_occurred_at"] = recorded.occurred_at
    if type(recorded.fact) in SAYS or "assigned_at" in changes or "limit" in changes:
        said = _said(matter, recorded, changes)
        if said:
            found["said_at"] = {**matter.said_at, **said}
    found.update(changes)
    found["version"] = recorded.version
    found["last_at"] = recorded.recorded_at
    found["last_occurred_at"] = recorded.occurred_at
    matter.__dict__.update(found)
    return list(found)


def _said(matter: Matter, recorded: Recorded, changes: Changes) -> dict[str, int]:
    """Which values of the state this fact said, so that a correction of it reaches them and no later ones."""
    fact, position = recorded.fact, recorded.position
    said = dict.fromkeys(SAYS.get(type(fact), ()), position)
    if said and type(fact) is ProgressReported:  # silence about a figure leaves the last one standing
        said = {name: position for name in said if getattr(fact, name) is not None}
    if "assigned_at" in changes:  # figures of an earlier assignment are no longer the standing ones
        said |= dict.fromkeys(FIGURES, position)
    limit = changes.get("limit")
    if limit is not None and limit.due_on is not None and limit is not matter.limit:
        said[DUE_ON] = position
    return said


def _copy(matter: Matter) -> Matter:
    copy: Matter = object.__new__(Matter)
    copy.__dict__.update(matter.__dict__)
    return copy


SAYS: dict[type[Any], tuple[str, ...]] = {
    fact: tuple(
        field.said
        for field in (*correctable.fields.values(), *correctable.row.values())
        if field.said not in (None, DUE_ON)
    )
    for fact, correctable in CORRECTABLE.items()
    if correctable.inside is None  # evidence is found by its id, and none replaces another
}
"""Fact type → what of the state it says, the due date apart."""

FIGURES = ("percent", "quantity", "forecast_on")
"""What progress reports say."""
