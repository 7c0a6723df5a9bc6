"""领导: what he says of an open matter, and the round of a 领导批示件 between result and closing (domain D.2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from events.matter.acting import Command, Happened, became
from events.matter.checking import required
from events.matter.limits import limit_given
from events.matter.state import Limit, Matter
from events.matter.surroundings import Surroundings
from events.record.envelope import Decision
from events.vocabulary import Starts


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
class InstructMatter(Command):
    """The leader says what he wants of a matter that is still open; limits and stage stay."""

    text: str


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


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaderInstructed(Happened):
    """批示: what a leader wants of an open matter; told to the lead unit and the office."""

    text: str


def instruct(command: InstructMatter, matter: Matter, seen: Surroundings) -> Decision:
    """批示 on an open matter."""
    text = required(command.text, "批示内容")
    return became(matter, LeaderInstructed(text=text, effective_at=seen.effective_at))


def submit_to_leader(command: SubmitToLeader, matter: Matter, seen: Surroundings) -> Decision:
    """呈报领导."""
    return became(matter, ResultSubmitted(text=command.text, effective_at=seen.effective_at))


def leader_acknowledge(command: AcknowledgeResult, matter: Matter, seen: Surroundings) -> Decision:
    """领导阅示."""
    return became(matter, LeaderAcknowledged(text=command.text, effective_at=seen.effective_at))


def instruct_again(command: InstructAgain, matter: Matter, seen: Surroundings) -> Decision:
    """再次批示: a next round for the same lead unit, with a limit of its own."""
    limit = limit_given(
        matter,
        seen,
        due_on=command.due_on,
        time_limit=command.time_limit,
        starts=Starts.ASSIGNED,
        preset=False,
    )
    return became(
        matter,
        LeaderInstructedAgain(
            text=required(command.text, "批示内容"),
            round=matter.round + 1,
            limit=limit,
            effective_at=seen.effective_at,
        ),
    )
