"""Proving an issued bulletin: its figures recounted, its stored documents compared with what the record says."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from itertools import islice

from events.bulletin.state import Bulletin, Rendition
from events.refusals import Refusal
from projections import bulletin_lists
from service.circulating import bulletins as seen_of
from service.circulating.checking import AT_ONCE, Difference, recheck, recheck_all
from service.circulating.document import official
from service.circulating.rendering import paper_of, text_digest
from service.documents.configured import font_setting, limits
from service.documents.jobs import Media
from service.documents.model import Official
from service.documents.rendering import Renderer, Renderers
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


def prove(runtime: Runtime, bulletin: Bulletin) -> Proof:
    """Recounts every figure and compares both documents."""
    differences = recheck(runtime, bulletin.standing_content)
    return _proof(bulletin, differences, _documents(runtime, bulletin, runtime.renderer))


def prove_all(runtime: Runtime, bulletins: Iterable[Bulletin]) -> Iterator[Proof]:
    """The same for many: counted in few passes over the record's rows, while other processes set their documents."""
    waiting = iter(bulletins)
    with (
        closing(Renderers(font_setting(runtime.settings), limits(runtime.settings))) as renderers,
        ThreadPoolExecutor(renderers.count) as turns,
    ):
        while together := tuple(islice(waiting, AT_ONCE)):
            papers = [turns.submit(_documents, runtime, bulletin, renderers) for bulletin in together]
            found = recheck_all(runtime, [bulletin.standing_content for bulletin in together])
            for bulletin, paper, (_, differences) in zip(together, papers, found, strict=True):
                yield _proof(bulletin, differences, paper.result())


Papers = tuple[tuple[str, ...], tuple[str, ...]]
"""What is wrong with the documents, and what could only be compared otherwise."""


def _proof(bulletin: Bulletin, differences: Iterable[Difference], papers: Papers) -> Proof:
    wrong, remarks = papers
    return Proof(bulletin=bulletin, differences=(*map(str, differences), *wrong), remarks=remarks)


def _documents(runtime: Runtime, bulletin: Bulletin, renderer: Renderer | Renderers) -> Papers:
    differences: list[str] = []
    remarks: list[str] = []
    for name, kept, public in (("正文", bulletin.full, False), ("公开部分", bulletin.public, True)):
        if kept is not None:
            document = official(paper_of(runtime, bulletin, public=public, marked=False))
            found, remark = _document(runtime, document, kept, renderer)
            differences += [f"{name}{what}" for what in found]
            remarks += [f"{name}{what}" for what in remark]
    return tuple(differences), tuple(remarks)


def issued(runtime: Runtime) -> Iterator[Bulletin]:
    """Every bulletin that ever went out, the oldest first."""
    with runtime.database.reading.connect() as connection:
        rows = bulletin_lists.went_out(connection)
    return (seen_of.load(runtime, one) for one in rows)


def _document(
    runtime: Runtime, document: Official, kept: Rendition, renderer: Renderer | Renderers
) -> tuple[Sequence[str], Sequence[str]]:
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
    try:
        made = renderer.render(document, Media.PDF)
    except Refusal as refused:
        found.append(f"重排不出来：{refused.sentence}")
        return found, remarks
    versions = (made.versions.renderer, made.versions.fonts, made.versions.layout)
    if versions != (kept.renderer, kept.fonts, kept.template):
        remarks.append("是用另一版排版程序、字体或版式印发的，只比对了文字，相符")
    elif hashlib.sha256(made.content).hexdigest() != kept.sha256:
        found.append("按同样的程序、字体和版式重排，和印发的不是同一份")
    return found, remarks
