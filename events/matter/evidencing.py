"""佐证: files that show what was done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from events.matter.acting import Command, Happened
from events.matter.state import Evidence
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
