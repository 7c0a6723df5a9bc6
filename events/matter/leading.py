"""呈报领导: the round of a 领导批示件 between the result and its closing (domain D.2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from events.matter.acting import Command, Happened
from events.matter.state import Limit


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitToLeader(Command):
    """Lay the verified result before the leader."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AcknowledgeResult(Command):
    """The leader takes note of the result."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InstructAgain(Command):
    """The leader instructs anew: a next round with its own limit."""

    text: str
    time_limit: str | None = None
    due_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultSubmitted(Happened):
    """呈报领导: the result lies before the leader."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaderAcknowledged(Happened):
    """领导阅示: the leader took note."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaderInstructedAgain(Happened):
    """再次批示: the next round begins with the same lead unit and a new limit."""

    text: str
    round: int
    limit: Limit
