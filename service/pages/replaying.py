"""A matter's facts as steps one can stand on: in the order they were known, or in the order they happened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from events.matter.correcting import FactCorrected
from events.matter.folding import begin, evolve
from events.matter.state import Matter
from events.record.envelope import Recorded
from service.pages.timeline import corrections


class Order(StrEnum):
    """Which of a fact's two times the steps go by."""

    KNOWN = "known"
    """As it was recorded, mistakes and late entries in their place."""
    HAPPENED = "happened"
    """As it happened by what is known now: by the time stated, every correction right after what it corrects."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One fact with the state on either side of it."""

    number: int
    recorded: Recorded
    happened_at: datetime
    before: Matter
    after: Matter
    late: timedelta | None
    """How long after it happened it was entered, where that is beyond the limit."""
    corrected_by: Recorded | None
    """The fact that corrects it or takes it back later; None: it stands."""


def steps(history: Sequence[Recorded], order: Order, late_beyond: timedelta) -> tuple[Step, ...]:
    """A matter's history as steps.

    ``late_beyond``: an entry later than this after what it tells is marked late (domain D.0, event envelope).
    """
    if not history:
        return ()
    corrected = corrections(history)
    found: list[Step] = []
    state = begin(history[0].stream)
    for number, recorded in enumerate(_ordered(history, order), start=1):
        before, state = state, evolve(state, recorded)
        found.append(
            Step(
                number=number,
                recorded=recorded,
                happened_at=happened_at(recorded),
                before=before,
                after=state,
                late=_late(recorded, late_beyond),
                corrected_by=corrected.get(recorded.position),
            )
        )
    return tuple(found)


def happened_at(recorded: Recorded) -> datetime:
    """When, by its own word, it happened: 补录 counts from its effective moment."""
    effective: datetime | None = getattr(recorded.fact, "effective_at", None)
    return effective or recorded.occurred_at


def _ordered(history: Sequence[Recorded], order: Order) -> Sequence[Recorded]:
    if order is Order.KNOWN:
        return history
    by_position = {recorded.position: recorded for recorded in history}

    def place(recorded: Recorded) -> tuple[datetime, int, int]:
        origin, found = recorded, 0
        while isinstance(origin.fact, FactCorrected) and origin.fact.position in by_position:
            origin, found = by_position[origin.fact.position], recorded.position
        return (happened_at(origin), origin.position, found)

    return sorted(history, key=place)


def _late(recorded: Recorded, beyond: timedelta) -> timedelta | None:
    gap = recorded.recorded_at - happened_at(recorded)
    return gap if gap > beyond else None
