"""The record's own facts, on stream ``record``: how it was opened, and each jump of the clock an operator accepted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeAlias, assert_never, cast

from events.record.codec import Stored
from events.record.envelope import Recorded
from events.vocabulary import Labelled

STREAM = "record"


class Mode(Labelled):
    """Whether a record is in earnest; fixed by its first fact."""

    REAL = "real", "正式"
    REHEARSAL = "rehearsal", "演练"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordOpened:
    """开账: the first fact of every record."""

    mode: Mode
    algorithm: str
    """Digest of the chain: sha256 or sm3."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockAccepted:
    """认可时钟: an operator confirmed that a machine clock far from the record's is right."""

    seen_at: datetime
    """The machine's clock."""
    standing_at: datetime | None
    """The record's standing moment before; None in an empty record."""


OpeningFact: TypeAlias = RecordOpened | ClockAccepted

FACTS: tuple[Stored, ...] = (
    Stored(name="record-opened", type=RecordOpened),
    Stored(name="clock-accepted", type=ClockAccepted),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedState:
    """How the record was opened; ``mode`` None: it is not open yet."""

    mode: Mode | None = None
    algorithm: str | None = None
    opened_at: datetime | None = None
    clock_accepted_at: datetime | None = None
    version: int = 0


def begin(stream: str) -> OpenedState:  # noqa: ARG001 - every folder is handed the stream's name
    """The state before the first fact."""
    return OpenedState()


def evolve(state: OpenedState, recorded: Recorded) -> OpenedState:
    """The state after one more fact."""
    fact = cast(OpeningFact, recorded.fact)
    match fact:
        case RecordOpened():
            state = replace(state, mode=fact.mode, algorithm=fact.algorithm, opened_at=recorded.recorded_at)
        case ClockAccepted():
            state = replace(state, clock_accepted_at=recorded.recorded_at)
        case _:
            assert_never(fact)
    return replace(state, version=recorded.version)
