"""收回、撤回: taking a wrong assignment or a wrong file back with a fact that names it; both stay readable."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from events.matter.acting import Command, Happened, became
from events.matter.assigning import MatterAssigned, MatterReassigned, ObjectionUpheld
from events.matter.checking import required
from events.matter.evidencing import EvidenceAttached
from events.matter.leading import LeaderInstructedAgain
from events.matter.reporting import evidence_label
from events.matter.state import Evidence, Matter
from events.matter.surroundings import Surroundings
from events.record.envelope import Decision
from events.refusals import Conflict, Invalid, NotYours, WrongStage
from events.rules.evidence import missing
from events.vocabulary import EvidenceId, EvidenceKind, UnitId


@dataclass(frozen=True, slots=True, kw_only=True)
class RecallAssignment(Command):
    """Take an assignment to the wrong unit back before that unit filed anything."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawEvidence(Command):
    """Say that a file does not belong to the matter."""

    evidence: EvidenceId
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentRecalled(Happened):
    """收回交办: the assignment at ``position`` was a slip; the matter waits to be assigned again."""

    position: int
    from_unit: UnitId | None
    co_units: tuple[UnitId, ...] = ()
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceWithdrawn(Happened):
    """撤回佐证: the file attached at ``position`` counts no longer; it stays in the record."""

    position: int
    evidence: EvidenceId
    name: str
    kind: EvidenceKind
    reason: str


def recall(command: RecallAssignment, matter: Matter, seen: Surroundings) -> Decision:
    """收回交办: back to 待交办, as if the standing assignment had not been made, which stays in the record."""
    standing = [
        position
        for position, fact in seen.fact_at.items()
        if isinstance(fact, MatterAssigned | MatterReassigned | LeaderInstructedAgain)
        or (isinstance(fact, ObjectionUpheld) and fact.to_unit is not None)
    ]
    return became(
        matter,
        AssignmentRecalled(
            position=max(standing),
            from_unit=matter.lead_unit,
            co_units=matter.co_units,
            reason=required(command.reason, "收回理由"),
            text=command.text,
            effective_at=seen.effective_at,
        ),
    )


def withdraw(command: WithdrawEvidence, matter: Matter, seen: Surroundings) -> Decision:
    """撤回佐证 by who attached it or the 督查室. Raises Invalid ``unknown-evidence``, ``evidence-relied-on``."""
    piece = next((one for one in matter.evidence if one.id == command.evidence), None)
    if piece is None:
        raise Invalid("本件没有这份材料，请从本件的材料中选要撤回的一份。", code="unknown-evidence")
    if matter.withdrawal_of(piece.id) is not None:
        raise Conflict(f"“{piece.name}”已经撤回，不用再撤；需要的请重新上传。", code="already-so")
    if not may_withdraw(piece, seen):
        raise NotYours(f"“{piece.name}”不是您或本单位传的，不能撤回；请传的人或督查室撤回。")
    _refuse_relied_on(piece, matter, seen)
    return became(
        matter,
        EvidenceWithdrawn(
            position=_attached_at(piece.id, seen.fact_at),
            evidence=piece.id,
            name=piece.name,
            kind=piece.kind,
            reason=required(command.reason, "撤回理由"),
            text=command.text,
            effective_at=seen.effective_at,
        ),
    )


def nothing_filed(matter: Matter, seen: Surroundings) -> None:
    """Refuses a recall after the unit filed a plan or progress: that is no slip of the hand any more."""
    filed_at = matter.last_progress_at
    worked = filed_at is not None and matter.assigned_at is not None and filed_at >= matter.assigned_at
    if matter.plan is not None or worked:
        unit = seen.directory.unit_name(matter.lead_unit, seen.today)
        raise WrongStage(f"{unit}已经报过方案或进展，不能当作误交收回；要换单位请改派，不再督办请撤销。")


def evidence_stands(matter: Matter, seen: Surroundings) -> None:
    """Refuses a withdrawal where nothing is left to withdraw, or nothing of the actor's own."""
    if len(matter.withdrawn) >= len(matter.evidence):
        raise WrongStage("本件没有还算数的材料，无可撤回；传错的请先看材料一栏是否已标“已撤回”。")
    if not withdrawable(matter, seen):
        raise NotYours("本件的材料都不是您或本单位传的，不能撤回；请传的人或督查室撤回。")


def withdrawable(matter: Matter, seen: Surroundings) -> tuple[Evidence, ...]:
    """The files an actor may withdraw, newest first."""
    return tuple(
        piece
        for piece in reversed(matter.evidence)
        if matter.withdrawal_of(piece.id) is None and may_withdraw(piece, seen)
    )


def may_withdraw(piece: Evidence, seen: Surroundings) -> bool:
    """Whether the actor attached a file, belongs to the unit that did, or is of the 督查室."""
    actor = seen.actor
    same_unit = actor.unit is not None and piece.unit == actor.unit
    return actor.is_office or same_unit or piece.attached_by == actor.user


def _refuse_relied_on(piece: Evidence, matter: Matter, seen: Surroundings) -> None:
    """What a standing completion report rests on is withdrawn after the report is sent back, not under it."""
    if matter.completion_reported_at is None:
        return
    checklist = seen.procedure(matter.kind).evidence
    before = missing(checklist, [one.kind for one in matter.counted_evidence])
    after = missing(checklist, [one.kind for one in matter.counted_evidence if one.id != piece.id])
    if len(after) > len(before):
        names = "、".join(evidence_label(entry) for entry in after)
        raise Invalid(
            f"本件已经报结，撤回“{piece.name}”后就缺{names}；请先补传一份对的再撤回，或由督查室退回报结。",
            code="evidence-relied-on",
        )


def _attached_at(evidence: EvidenceId, fact_at: Mapping[int, object]) -> int:
    return next(
        position
        for position, fact in fact_at.items()
        if isinstance(fact, EvidenceAttached) and fact.evidence.id == evidence
    )
