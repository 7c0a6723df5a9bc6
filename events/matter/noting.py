"""批注: what the office, leaders and auditors tell each other about a matter, on a stream of its own.

Nothing that goes out — letters, papers, dossiers, a unit's pages and its search — reads that stream.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from events.directory.state import Directory
from events.matter.acting import Command
from events.matter.checking import required
from events.matter.state import Evidence, Matter
from events.matter.surroundings import Surroundings
from events.record.codec import Stored
from events.record.envelope import Decision, Draft, Recorded
from events.refusals import Invalid
from events.vocabulary import OFFICE, MatterId, PersonId, Role

INSIDERS = OFFICE | {Role.LEADER, Role.AUDITOR}
"""Who reads notes. An administrator keeps the machine and does not."""
STREAM = "notes-"
QUOTED = 8
"""From so many characters on, a note's words in something that goes out are a quotation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteNote(Command):
    """Write a note for insiders, and name whom it should reach."""

    text: str
    mentions: tuple[PersonId, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteWritten:
    """批注: said among office, leaders and auditors; never told to a unit."""

    text: str
    by: PersonId | None = None
    mentions: tuple[PersonId, ...] = ()
    file: Evidence | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Notes:
    """The notes on one matter."""

    matter: MatterId
    texts: tuple[str, ...] = ()
    version: int = 0


FACTS: tuple[Stored, ...] = (Stored(name="note-written", type=NoteWritten),)


def notes_stream(matter: MatterId) -> str:
    """The stream the notes on a matter are written to."""
    return f"{STREAM}{matter}"


def begin(stream: str) -> Notes:
    """The notes before the first one."""
    return Notes(matter=MatterId(stream.removeprefix(STREAM)))


def evolve(notes: Notes, recorded: Recorded) -> Notes:
    """The notes after one more."""
    return replace(notes, texts=(*notes.texts, recorded.fact.text), version=recorded.version)


def note(command: WriteNote, matter: Matter, seen: Surroundings) -> Decision:
    """批注, with whom it mentions; only insiders can be mentioned, for nobody else would see it."""
    mentions = tuple(dict.fromkeys(command.mentions))
    for person in mentions:
        if not is_insider(person, seen.directory):
            name = seen.directory.person_name(person)
            raise Invalid(
                f"{name}看不到批注，提到也送不到；批注只给督查室、领导和审计看，请另选。", code="not-insider"
            )
    fact = NoteWritten(
        text=required(command.text, "批注"), by=seen.actor.person, mentions=mentions, file=seen.paper
    )
    return Decision(drafts=(Draft(stream=notes_stream(matter.id), fact=fact),))


def is_insider(person: PersonId, directory: Directory) -> bool:
    """Whether one of a person's accounts may read notes."""
    return any(
        user.person == person and user.current_roles & INSIDERS and not user.disabled
        for user in directory.users.values()
    )


def refuse_quoting(command: Command, notes: tuple[str, ...]) -> None:
    """Refuses words that go out and hold a note's own words."""
    said = [_plain(text) for text in _texts(command)]
    for text in notes:
        quoted = _plain(text)
        if len(quoted) >= QUOTED and any(quoted in out for out in said):
            raise Invalid(
                "这段话引了内部批注的原文，会随信或经过给责任单位看到；请改用对外的说法再提交。",
                code="note-quoted",
            )


def _texts(command: Any) -> list[str]:
    values = (getattr(command, name) for name in command.__dataclass_fields__)
    return [value for value in values if isinstance(value, str)]


def _plain(text: str) -> str:
    return re.sub(r"[\s，。、；：！？,.;:!?“”\"'（）()]", "", text)
