"""佐证: files that show what was done."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from events.matter.acting import Command, Happened, became
from events.matter.state import Evidence, Matter
from events.matter.surroundings import Surroundings
from events.record.envelope import Decision
from events.refusals import Invalid
from events.vocabulary import EvidenceKind


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachEvidence(Command):
    """Add a file; the file itself is stored before and comes along as ``Surroundings.paper``."""

    kind: EvidenceKind
    taken_at: datetime | None = None
    place: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceAttached(Happened):
    """佐证材料: a file belongs to the matter from here on."""

    evidence: Evidence


def attach(command: AttachEvidence, matter: Matter, seen: Surroundings) -> Decision:
    """上传佐证: the file that came along, under the kind, time and place stated."""
    if seen.paper is None:
        raise Invalid("没有收到文件，请选择文件后再提交。", code="missing-file")
    if command.taken_at is not None and command.taken_at > seen.at:
        raise Invalid(f"拍摄时间{command.taken_at:%Y-%m-%d %H:%M}在将来，请核对。", code="taken-in-future")
    evidence = replace(seen.paper, kind=command.kind, taken_at=command.taken_at, place=command.place)
    return became(
        matter, EvidenceAttached(evidence=evidence, text=command.text, effective_at=seen.effective_at)
    )


def paper_attached(seen: Surroundings) -> EvidenceAttached | None:
    """The fact for a paper that came with another act; None where none did."""
    if seen.paper is None:
        return None
    return EvidenceAttached(evidence=replace(seen.paper, kind=EvidenceKind.DOCUMENT))
