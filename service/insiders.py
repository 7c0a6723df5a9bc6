"""批注: who reads them, and reading them; the one place that opens the stream of notes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from events.matter.noting import INSIDERS, NoteWritten, notes_stream
from events.matter.state import Evidence
from events.record.envelope import Actor, Recorded
from events.refusals import NotFound, NotYours
from events.vocabulary import MatterId, PersonId
from service.answering import Answering


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """One note as insiders read it."""

    position: int
    at: datetime
    by: str
    person: PersonId | None
    text: str
    mentions: tuple[PersonId, ...]
    file: Evidence | None


def reads_notes(actor: Actor) -> bool:
    """Whether somebody is of the office, a leader or an auditor."""
    return bool(actor.reach & INSIDERS)


def notes_on(answer: Answering, matter: MatterId) -> tuple[Note, ...]:
    """The notes on a matter as of the moment asked, oldest first. Raises NotYours for who is no insider."""
    if not reads_notes(answer.principal.actor):
        raise NotYours("批注只给督查室、领导和审计看；要对外说的，写在进展或附言里。")
    facts: Sequence[Recorded] = answer.runtime.store.stream(notes_stream(matter), up_to=answer.position)
    return tuple(_note(recorded) for recorded in facts)


def file_of(answer: Answering, matter: MatterId, file: str) -> Evidence:
    """The file that came with a note. Raises NotYours, NotFound."""
    found = (note.file for note in notes_on(answer, matter) if note.file is not None)
    one = next((evidence for evidence in found if evidence.id == file), None)
    if one is None:
        raise NotFound("没有这份附件；回到事项页重新打开。")
    return one


def _note(recorded: Recorded) -> Note:
    fact: NoteWritten = recorded.fact
    return Note(
        position=recorded.position,
        at=recorded.recorded_at,
        by=recorded.actor,
        person=fact.by,
        text=fact.text,
        mentions=fact.mentions,
        file=fact.file,
    )
