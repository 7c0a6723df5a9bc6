"""报结、退回: the unit says it is done; its clock stops, and runs on when the report is sent back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from events.matter.acting import Command, Happened, became
from events.matter.checking import required
from events.matter.helping import refuse_missing
from events.matter.limits import returned
from events.matter.state import Limit, Matter
from events.matter.surroundings import Surroundings
from events.record.envelope import Decision
from events.refusals import MissingEvidence
from events.rules.deadlines import days_late
from events.rules.evidence import alternatives, missing
from events.vocabulary import BEIJING, EvidenceKind


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportCompletion(Command):
    """Say that the work is done."""

    text: str
    without_opinions: str | None = None
    """Why it is not waited for co-units that have not spoken."""


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
    without_opinions: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CompletionReturned(Happened):
    """退回报结: the unit's clock runs on; ``limit`` is the one in force now."""

    reason: str
    reported_on: date
    from_due_on: date | None
    days: int | None
    """Calendar days the limit moved by; None where ``due_on`` was given."""
    limit: Limit | None


def report_completion(command: ReportCompletion, matter: Matter, seen: Surroundings) -> Decision:
    """报结: admits the report where its kind's checklist is answered, else names what is missing (M056)."""
    lacking = evidence_missing(matter, seen)
    if lacking:
        names = "、".join(evidence_label(entry) for entry in lacking)
        raise MissingEvidence(f"佐证材料不全，还缺：{names}；请先上传，再报结。", missing=list(lacking))
    refuse_missing(matter, command.without_opinions, seen)
    on, due_on = seen.counted_on, matter.due_on
    return became(
        matter,
        CompletionReported(
            text=required(command.text, "完成情况"),
            reported_on=on,
            due_on=due_on,
            days_late=days_late(due_on, on) if due_on is not None else 0,
            without_opinions=(command.without_opinions or "").strip() or None,
            effective_at=seen.effective_at,
        ),
    )


def return_completion(command: ReturnCompletion, matter: Matter, seen: Surroundings) -> Decision:
    """退回报结: the limit moves by the days the report lay here, unless a new one is given."""
    limit, days = returned(matter, seen, due_on=command.due_on)
    return became(
        matter,
        CompletionReturned(
            reason=required(command.reason, "退回理由"),
            reported_on=reported_on(matter, seen),
            from_due_on=matter.due_on,
            days=days,
            limit=limit,
            text=command.text,
            effective_at=seen.effective_at,
        ),
    )


def evidence_missing(matter: Matter, seen: Surroundings) -> tuple[str, ...]:
    """What the kind's checklist lacks, counting what was attached since the last return."""
    kinds = [evidence.kind for evidence in matter.counted_evidence]
    if seen.paper is not None:
        kinds.append(EvidenceKind.DOCUMENT)
    return missing(seen.procedure(matter.kind).evidence, kinds)


def evidence_label(entry: str) -> str:
    """A checklist entry for people: 照片, or 照片或文件."""
    return "或".join(EVIDENCE_LABELS[kind] for kind in alternatives(entry))


def reported_on(matter: Matter, seen: Surroundings) -> date:
    """The day of the standing completion report."""
    return (matter.completion_reported_at or seen.counted_at).astimezone(BEIJING).date()


EVIDENCE_LABELS = {str(kind): kind.label for kind in EvidenceKind}
