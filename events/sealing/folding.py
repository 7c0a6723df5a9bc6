"""What is known of the seals of a year, or of the keys they are signed with."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import assert_never, cast

from events.record.envelope import Recorded
from events.sealing.facts import Occasion, RecordSealed, SealingFact, SealingKeyChosen, SealMailed


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """One seal, where it stands, and the day it was mailed for the first time (None: not yet)."""

    position: int
    fact: RecordSealed


@dataclass(frozen=True, slots=True, kw_only=True)
class Seals:
    """A stream of seals or of keys so far."""

    sealed: tuple[Sealed, ...] = ()
    last_day: date | None = None
    """Of the last daily seal."""
    mailed: tuple[SealMailed, ...] = ()
    keys: tuple[str, ...] = ()
    """Public halves in the order they came into use; the last is in use."""

    @property
    def mailed_up_to(self) -> int:
        """The size of the largest seal that left; 0: none did."""
        return max((one.size for one in self.mailed), default=0)


def begin(stream: str) -> Seals:  # noqa: ARG001 - every folder is handed the stream's name
    """The state before the first fact."""
    return Seals()


def evolve(state: Seals, recorded: Recorded) -> Seals:
    """The state after one more fact."""
    fact = cast(SealingFact, recorded.fact)
    match fact:
        case RecordSealed():
            daily = fact.occasion is Occasion.DAILY
            return replace(
                state,
                sealed=(*state.sealed, Sealed(position=recorded.position, fact=fact)),
                last_day=fact.day if daily else state.last_day,
            )
        case SealMailed():
            return replace(state, mailed=(*state.mailed, fact))
        case SealingKeyChosen():
            return replace(state, keys=(*state.keys, fact.public))
        case _:
            assert_never(fact)
