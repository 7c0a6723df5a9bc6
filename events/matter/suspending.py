"""中止、恢复: the clock stands still for a reason, and runs on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from events.matter.acting import Command, Happened
from events.matter.state import Limit
from events.vocabulary import Stage


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
