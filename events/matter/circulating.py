"""通报: a matter was named in an issued bulletin; the clock notes it on the matter, once for each bulletin."""

from __future__ import annotations

from dataclasses import dataclass

from events.matter.acting import Command, became
from events.matter.state import Matter
from events.matter.surroundings import Surroundings
from events.record.envelope import Decision
from events.vocabulary import BulletinId, Labelled


class Naming(Labelled):
    """What a bulletin named a matter for."""

    PRAISE = "praise", "表扬"
    PROBLEM = "problem", "存在问题"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteNaming(Command):
    """Sent by the clock after a bulletin was issued."""

    bulletin: BulletinId
    title: str
    document_no: str
    issue_no: str
    why: Naming


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterNamed:
    """通报: this matter was named in a bulletin."""

    bulletin: BulletinId
    title: str
    document_no: str
    issue_no: str
    """第n期 of its series, ``2026-00007``."""
    why: Naming


def note_naming(command: NoteNaming, matter: Matter, seen: Surroundings) -> Decision:  # noqa: ARG001
    """Notes a naming; nothing where it was noted already."""
    if command.bulletin in matter.named_in:
        return became(matter)
    return became(
        matter,
        MatterNamed(
            bulletin=command.bulletin,
            title=command.title,
            document_no=command.document_no,
            issue_no=command.issue_no,
            why=command.why,
        ),
    )
