"""What is known of one letter after the facts so far."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never, cast

from events.delivery.facts import (
    LetterFact,
    LetterHandedOver,
    LetterPrinted,
    LetterRead,
    LetterReceived,
    Outcome,
)
from events.record.envelope import Recorded
from events.vocabulary import UserName


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A letter's outcome; None while nothing is settled."""

    id: str
    outcome: Outcome | None = None
    settled_at: datetime | None = None
    read_at: datetime | None = None
    read_by: UserName | None = None
    version: int = 0


def begin(stream: str) -> Letter:
    """The letter of a stream before its first fact."""
    return Letter(id=stream.partition("-")[2])


def evolve(letter: Letter, recorded: Recorded) -> Letter:
    """The letter after one more fact; the first reading counts."""
    fact = cast(LetterFact, recorded.fact)
    match fact:
        case LetterHandedOver():
            letter = replace(letter, outcome=fact.outcome, settled_at=recorded.recorded_at)
        case LetterRead():
            if letter.read_at is None:
                letter = replace(letter, read_at=recorded.recorded_at, read_by=fact.by)
        case LetterPrinted():
            letter = replace(letter, outcome=Outcome.SENT, settled_at=recorded.recorded_at)
        case LetterReceived():
            letter = replace(letter, read_at=recorded.recorded_at)
        case _:
            assert_never(fact)
    return replace(letter, version=recorded.version)
