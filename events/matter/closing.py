"""销号、退回销号、重开: striking a matter off after review, and taking that back in time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from events.matter.acting import Command, Happened
from events.matter.state import Limit
from events.vocabulary import Grade, Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveWriteOff(Command):
    """Strike the matter off (M055, M061)."""

    grade: Grade | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectWriteOff(Command):
    """Send the matter back instead of striking it off."""

    reason: str
    due_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReopenMatter(Command):
    """Take an ending back within the time for it."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteOffApproved(Happened):
    """销号: closed; ``closed_late`` stays with the matter for ever."""

    grade: Grade | None = None
    closed_late: bool
    days_late: int
    look_back_on: date | None = None
    """Where the kind asks for a look-back after so many days."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteOffRejected(Happened):
    """退回销号: back to the unit; ``limit`` is the one in force now."""

    reason: str
    reported_on: date
    from_due_on: date | None
    days: int | None
    limit: Limit | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterReopened(Happened):
    """重开: the ending is taken back; the matter stands where it stood before."""

    reason: str
    from_stage: Stage
    stage: Stage
