"""Proving an issued bulletin: its figures recounted, its stored documents compared with what the record says."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from events.bulletin.state import Bulletin, Rendition
from projections import bulletin_lists
from service.circulating import bulletins as seen_of
from service.circulating.checking import recheck
from service.circulating.document import official
from service.circulating.gathering import Known
from service.circulating.rendering import as_file, paper_of, text_digest
from service.documents.jobs import Media
from service.runtime import Runtime


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What a bulletin was found to be."""

    bulletin: Bulletin
    differences: tuple[str, ...]
    """What is otherwise than the record says; nothing where all agrees."""
    remarks: tuple[str, ...]
    """What could only be compared otherwise, and why."""

    @property
    def sound(self) -> bool:
        """Whether everything agrees."""
        return not self.differences


def prove(runtime: Runtime, bulletin: Bulletin, known: Known | None = None) -> Proof:
    """Recounts every figure and compares both documents; ``known`` is kept from one bulletin to the next."""
    differences = [str(one) for one in recheck(runtime, bulletin.standing_content, known)]
    remarks: list[str] = []
    for name, kept, public in (("正文", bulletin.full, False), ("公开部分", bulletin.public, True)):
        if kept is not None:
            found, remark = _document(runtime, bulletin, kept, public=public)
            differences += [f"{name}{what}" for what in found]
            remarks += [f"{name}{what}" for what in remark]
    return Proof(bulletin=bulletin, differences=tuple(differences), remarks=tuple(remarks))


def issued(runtime: Runtime) -> Iterator[Bulletin]:
    """Every bulletin that ever went out, the oldest first."""
    with runtime.database.reading.connect() as connection:
        rows = bulletin_lists.went_out(connection)
    return (seen_of.load(runtime, one) for one in rows)


def _document(
    runtime: Runtime, bulletin: Bulletin, kept: Rendition, *, public: bool
) -> tuple[Sequence[str], Sequence[str]]:
    document = official(paper_of(runtime, bulletin, public=public, marked=False))
    found: list[str] = []
    remarks: list[str] = []
    path = runtime.files.path(kept.sha256)
    if not path.is_file():
        found.append("的 PDF 不在文件库里")
    elif hashlib.sha256(path.read_bytes()).hexdigest() != kept.sha256:
        found.append("的 PDF 和印发时不是同一份")
    if text_digest(document) != kept.text:
        found.append("的文字和印发时不同")
        return found, remarks
    made = as_file(runtime, document, Media.PDF)
    versions = (made.versions.renderer, made.versions.fonts, made.versions.layout)
    if versions != (kept.renderer, kept.fonts, kept.template):
        remarks.append("是用另一版排版程序、字体或版式印发的，只比对了文字，相符")
    elif hashlib.sha256(made.content).hexdigest() != kept.sha256:
        found.append("按同样的程序、字体和版式重排，和印发的不是同一份")
    return found, remarks
