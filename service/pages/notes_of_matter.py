"""内部批注 of one matter as insiders see them."""

from __future__ import annotations

from dataclasses import dataclass

from events.vocabulary import MatterId
from service.insiders import Note, notes_on, reads_notes
from service.pages.visiting import Visit
from service.pages.words import day_and_hour


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteLine:
    """One note."""

    by: str
    when: str
    text: str
    mentions: str
    file: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NotesView:
    """The notes on a matter, and where one is written."""

    lines: tuple[NoteLine, ...]
    write: str


def notes_view(visit: Visit, matter: MatterId, *, may_write: bool) -> NotesView | None:
    """None for who is no insider."""
    if not reads_notes(visit.actor):
        return None
    lines = tuple(_line(visit, matter, note) for note in reversed(notes_on(visit.answer, matter)))
    return NotesView(lines=lines, write=f"/matters/{matter}/note" if may_write else "")


def _line(visit: Visit, matter: MatterId, note: Note) -> NoteLine:
    file = note.file
    return NoteLine(
        by=visit.directory.user_label(note.by),
        when=day_and_hour(note.at, visit.day),
        text=note.text,
        mentions="、".join(visit.directory.person_name(person) for person in note.mentions),
        file=file.name if file is not None else "",
        href=f"/matters/{matter}/notes/{file.id}" if file is not None else "",
    )
