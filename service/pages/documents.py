"""文书: the papers of a matter, read on screen, printed, or taken along as PDF or DOCX."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.responses import Response

from events.matter.state import Matter
from events.vocabulary import MatterId
from service.documents.page import DocumentView, document_view
from service.documents.papers.kinds import PaperKind, kinds_for
from service.documents.papers.making import paper, paper_file
from service.pages.rendering import show
from service.pages.shell import Shell
from service.pages.showing import address
from service.pages.views import Link
from service.pages.visiting import Visit, Visiting, shell_of

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperLink:
    """A paper in the list on a matter's page."""

    name: str
    about: str
    href: str
    pdf: str
    docx: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentPage:
    """One paper on screen."""

    shell: Shell
    name: str
    about: str
    back: Link
    pdf: str
    docx: str
    view: DocumentView


@router.get("/matters/{matter_id}/documents/{name}.pdf")
def as_pdf(visit: Visiting, matter_id: str, name: str) -> Response:
    """A paper as PDF, shown where the browser can."""
    return paper_file(visit.answer, MatterId(matter_id), name, "pdf", inline=True)


@router.get("/matters/{matter_id}/documents/{name}.docx")
def as_docx(visit: Visiting, matter_id: str, name: str) -> Response:
    """A paper as DOCX, to be kept."""
    return paper_file(visit.answer, MatterId(matter_id), name, "docx", inline=False)


@router.get("/matters/{matter_id}/documents/{name}")
def document(visit: Visiting, matter_id: str, name: str) -> Response:
    """A paper to read and print."""
    made, kind, about = paper(visit.answer, MatterId(matter_id), name)
    view = document_view(made)
    label = kind.label_for(about.wording)
    number = visit.number(about.matter.number)
    link = _link(visit, about.matter.id, kind, about.wording)
    page = DocumentPage(
        shell=shell_of(visit, f"{label} {number}", body=f"has-bar {view.body}"),
        name=label,
        about=f"{number}　{about.matter.title}",
        back=Link(text=number, href=address(about.matter.id, visit.as_of)),
        pdf=link.pdf,
        docx=link.docx,
        view=view,
    )
    return show("document.html", page)


def papers_of(visit: Visit, matter: Matter) -> tuple[PaperLink, ...]:
    """The papers a matter is ready for, as far as the visitor draws them up."""
    wording = visit.wording(matter.kind)
    return tuple(
        _link(visit, matter.id, kind, wording) for kind in kinds_for(visit.actor) if kind.ready(matter)
    )


def _link(visit: Visit, matter_id: MatterId, kind: PaperKind, wording: str) -> PaperLink:
    at = f"{address(matter_id)}/documents/{kind.id}"
    asked = f"?{urlencode({'as_of': visit.as_of})}" if visit.as_of else ""
    return PaperLink(
        name=kind.label_for(wording),
        about=kind.about,
        href=f"{at}{asked}",
        pdf=f"{at}.pdf{asked}",
        docx=f"{at}.docx{asked}",
    )
