"""The record's own facts, on stream ``record``: how it was opened, and what its operators settled since."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordRestored:
    """恢复: the record goes on from a backup; letters wait until an operator releases them."""

    position: int
    """The last fact of the backup."""
    sealed_size: int | None = None
    """How many facts the newest seal known outside speaks of; None: no seal was at hand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LettersReleased:
    """放行信件: after a restore, an operator looked at what waits and lets letters leave again."""

    waiting: int
    """How many waited."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NumbersContinued:
    """续号: official numbers of a series go on after one that was given out before the backup was needed."""

    series: str
    after: int


OpeningFact: TypeAlias = RecordOpened | ClockAccepted | RecordRestored | LettersReleased | NumbersContinued

FACTS: tuple[Stored, ...] = (
    Stored(name="record-opened", type=RecordOpened),
    Stored(name="clock-accepted", type=ClockAccepted),
    Stored(name="record-restored", type=RecordRestored),
    Stored(name="letters-released", type=LettersReleased),
    Stored(name="numbers-continued", type=NumbersContinued),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedState:
    """How the record was opened; ``mode`` None: it is not open yet."""

    mode: Mode | None = None
    algorithm: str | None = None
    opened_at: datetime | None = None
    clock_accepted_at: datetime | None = None
    restored_at: datetime | None = None
    letters_held: bool = False
    """Whether letters wait for an operator since a restore."""
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
        case RecordRestored():
            state = replace(state, restored_at=recorded.recorded_at, letters_held=True)
        case LettersReleased():
            state = replace(state, letters_held=False)
        case NumbersContinued():
            pass
        case _:
            assert_never(fact)
    return replace(state, version=recorded.version)
