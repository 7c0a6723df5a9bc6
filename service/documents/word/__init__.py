"""Writes a document as DOCX, with the names of the fonts a reader's Word or WPS has."""

from __future__ import annotations

from service.documents.fonts import Faces, FontShelf
from service.documents.model import Document, Official
from service.documents.word.form import write_form
from service.documents.word.official import write_official
from service.documents.word.parts import FACES, Writing

__all__ = ["written"]


def written(document: Document, shelf: FontShelf) -> tuple[bytes, Faces]:
    """The DOCX; its fonts are the reader's, so that no character is borrowed or missing here."""
    writing = Writing(document, shelf)
    if isinstance(document, Official):
        write_official(writing, document)
    else:
        write_form(writing, document)
    names = {role: (name,) for role, name in FACES.items()}
    faces = Faces(
        families=names, stroked=(), borrowed={}, missing=frozenset(), version="、".join(FACES.values())
    )
    return writing.finished(), faces
