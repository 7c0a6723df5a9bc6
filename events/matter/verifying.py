"""核查: somebody who did not handle the matter goes and looks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from events.matter.acting import Command, Happened
from events.matter.state import Limit
from events.vocabulary import FailureKind, PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleVerification(Command):
    """Send a verifier, on a day (M060, M064)."""

    verifier: PersonId
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class PassVerification(Command):
    """Say that what was reported is so."""

    findings: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FailVerification(Command):
    """Say that what was reported is not so."""

    kind: FailureKind
    findings: str
    due_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VerificationScheduled(Happened):
    """安排核查: who verifies, and on which day."""

    verifier: PersonId
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class VerificationPassed(Happened):
    """核查通过: waits to be written off."""

    findings: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VerificationFailed(Happened):
    """核查不通过: back to the unit; ``limit`` is the one in force now."""

    kind: FailureKind
    findings: str
    reported_on: date
    from_due_on: date | None
    days: int | None
    limit: Limit | None
