"""分办的各件、配合单位的进度: values in a matter's state that only some matters have."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from events.vocabulary import MatterId, Stage, UnitId


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """One part of a split matter, as the matter above knows it."""

    matter: MatterId
    unit: UnitId | None
    """The lead unit it was given to; where it was handed on since, only its own state says so.

    None: a project or plan, which its own parts answer for.
    """
    ended: Stage | None = None
    """How it ended; None while it is open."""
    late: bool = False
    """Whether it was closed after its limit."""
    title: str | None = None
    """What it is called, where that is not the whole's title."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Helping:
    """Where a 配合单位 stands with its part."""

    unit: UnitId
    due_on: date | None = None
    """Last day for its opinion, inclusive; None: none was set."""
    acknowledged_at: datetime | None = None
    opinion_at: datetime | None = None
    opinion: str | None = None
    co_signed_at: datetime | None = None

    @property
    def waited_for_on(self) -> date | None:
        """The day its opinion is due, while it is waited for."""
        return self.due_on if self.opinion_at is None else None


def branch_id(above: MatterId, nth: int) -> MatterId:
    """The id of the nth branch: the id above it with its number, so that an id tells what it was split from."""
    return MatterId(f"{above}-{nth:03d}")


def split_from(matter: MatterId) -> MatterId | None:
    """The matter a branch was split from; None for a matter that is no branch."""
    above, hyphen, _ = matter.rpartition("-")
    return MatterId(above) if hyphen else None


def lines_above(matter: MatterId) -> tuple[MatterId, ...]:
    """Every matter a branch hangs under by splitting, nearest first."""
    found: list[MatterId] = []
    above = split_from(matter)
    while above is not None:
        found.append(above)
        above = split_from(above)
    return tuple(found)
