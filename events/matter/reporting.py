"""报结、退回: the unit says it is done; its clock stops, and runs on when the report is sent back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from events.matter.acting import Command, Happened
from events.matter.state import Limit


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportCompletion(Command):
    """Say that the work is done."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnCompletion(Command):
    """Send a completion report back, with the time it lay here or a new limit."""

    reason: str
    due_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CompletionReported(Happened):
    """报结: the unit's clock stops on ``reported_on``; the office's begins."""

    text: str
    reported_on: date
    due_on: date | None
    days_late: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CompletionReturned(Happened):
    """退回报结: the unit's clock runs on; ``limit`` is the one in force now."""

    reason: str
    reported_on: date
    from_due_on: date | None
    days: int | None
    """Calendar days the limit moved by; None where ``due_on`` was given."""
    limit: Limit | None
