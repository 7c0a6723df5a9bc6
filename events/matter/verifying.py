"""核查: somebody who did not handle the matter goes and looks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from events.matter.acting import Command, Happened, became
from events.matter.authority import answering_units, handled_by
from events.matter.checking import not_before, required
from events.matter.limits import returned
from events.matter.reporting import reported_on
from events.matter.state import Limit, Matter
from events.matter.surroundings import Surroundings
from events.record.envelope import Decision
from events.refusals import Invalid
from events.vocabulary import FailureKind, PersonId, Role


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


def schedule(command: ScheduleVerification, matter: Matter, seen: Surroundings) -> Decision:
    """安排核查: the verifier neither handled the matter nor belongs to a unit that did."""
    refuse_verifier(command.verifier, matter, seen)
    on = not_before(command.on, "核查日期", today=seen.counted_on)
    return became(
        matter,
        VerificationScheduled(
            verifier=command.verifier, on=on, text=command.text, effective_at=seen.effective_at
        ),
    )


def pass_verification(command: PassVerification, matter: Matter, seen: Surroundings) -> Decision:
    """核查通过, with what was found."""
    findings = required(command.findings, "核查情况")
    return became(
        matter, VerificationPassed(findings=findings, text=command.text, effective_at=seen.effective_at)
    )


def fail_verification(command: FailVerification, matter: Matter, seen: Surroundings) -> Decision:
    """核查不通过: back to the unit; the limit moves as for a returned report."""
    limit, days = returned(matter, seen, due_on=command.due_on)
    return became(
        matter,
        VerificationFailed(
            kind=command.kind,
            findings=required(command.findings, "核查情况"),
            reported_on=reported_on(matter, seen),
            from_due_on=matter.due_on,
            days=days,
            limit=limit,
            text=command.text,
            effective_at=seen.effective_at,
        ),
    )


def refuse_verifier(verifier: PersonId, matter: Matter, seen: Surroundings) -> None:
    """Refuses a person who is unknown, gone, no verifier, or on the handling side (M060, M064)."""
    person = seen.directory.people.get(verifier)
    if person is None:
        raise Invalid(f"没有“{verifier}”这个人，请从人员名录中选择。", code="unknown-person")
    if person.left_on is not None and person.left_on <= seen.today:
        raise Invalid(f"{person.name}已于{person.left_on}离任，请另选核查人员。", code="person-left")
    accounts = seen.directory.users_of(verifier)
    if Role.VERIFIER not in person.roles(seen.today) and not any(
        Role.VERIFIER in account.current_roles for account in accounts
    ):
        raise Invalid(
            f"{person.name}不是核查人员，请另选，或先由系统管理员授予核查角色。", code="not-a-verifier"
        )
    if person.unit(seen.today) in answering_units(matter, seen):
        unit = seen.directory.unit_name(person.unit(seen.today), seen.today)
        raise Invalid(
            f"{person.name}属于承办过本件的{unit}，不得核查，请另选其他单位的人。", code="verifier-handles"
        )
    if handled_by(verifier, matter, seen):
        raise Invalid(f"{person.name}经手过本件，不得核查，请另选他人。", code="verifier-handles")
