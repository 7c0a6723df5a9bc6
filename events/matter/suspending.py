"""中止、恢复: the clock stands still for a reason, and runs on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from events.matter.acting import Command, Happened, became
from events.matter.checking import required
from events.matter.limits import resumed
from events.matter.state import Limit, Matter
from events.matter.surroundings import Surroundings
from events.record.envelope import Decision
from events.vocabulary import BEIJING, Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class SuspendMatter(Command):
    """Stop the clock."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumeMatter(Command):
    """Let the clock run on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterSuspended(Happened):
    """中止: days do not count from here."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterResumed(Happened):
    """恢复: back to ``stage``; the limit moved by the days suspended."""

    stage: Stage
    suspended_on: date
    days: int
    """Days suspended: working days where the limit was in working days, else calendar days."""
    in_working_days: bool
    from_due_on: date | None
    limit: Limit | None


def suspend(command: SuspendMatter, matter: Matter, seen: Surroundings) -> Decision:
    """中止, with the reason."""
    reason = required(command.reason, "中止理由")
    return became(matter, MatterSuspended(reason=reason, text=command.text, effective_at=seen.effective_at))


def resume(command: ResumeMatter, matter: Matter, seen: Surroundings) -> Decision:
    """恢复: the limit moves by the days suspended, which is no extension."""
    limit, days = resumed(matter, seen)
    since = matter.suspended_at or seen.counted_at
    return became(
        matter,
        MatterResumed(
            stage=matter.stage_before or Stage.RECTIFYING,
            suspended_on=since.astimezone(BEIJING).date(),
            days=days,
            in_working_days=matter.limit is not None and matter.limit.in_working_days,
            from_due_on=matter.due_on,
            limit=limit,
            text=command.text,
            effective_at=seen.effective_at,
        ),
    )
