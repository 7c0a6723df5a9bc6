"""使用说明 in the pages: one page a role, the words of art, and the pictures between."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter
from markupsafe import Markup
from starlette.responses import FileResponse, RedirectResponse, Response

from events.refusals import NotFound
from events.vocabulary import OFFICE, UNIT_ROLES, Role
from service.guide import TERMS, GuidePage, guide_page, picture, terms
from service.pages.rendering import render, show
from service.pages.shell import Shell
from service.pages.views import Link
from service.pages.visiting import Visit, Visiting, shell_of

router = APIRouter(include_in_schema=False)

SEE_OTHER = 303
OF_ROLE: tuple[tuple[frozenset[Role], str], ...] = (
    (OFFICE, "office"),
    (frozenset({Role.LEADER}), "leader"),
    (UNIT_ROLES, "unit"),
    (frozenset({Role.VERIFIER}), "verifier"),
    (frozenset({Role.AUDITOR}), "auditor"),
    (frozenset({Role.ADMIN}), "admin"),
)
"""Whose page is whose, what is used most often first."""
NO_PAGE = "说明里没有这一页；从“使用说明”重新进去。"


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpPage:
    """A page of the guide between the names of all."""

    shell: Shell
    title: str
    body: Markup
    parts: tuple[Link, ...]
    pages: tuple[Link, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TermPage:
    """What a word means, to be shown beside where it stands."""

    term: str
    text: str


@router.get("/help")
def own_help(visit: Visiting) -> Response:
    """On to the page of what the visitor does most."""
    return RedirectResponse(visit.then(f"/help/{_own(visit)}"), SEE_OTHER)


@router.get("/help/terms/{term}")
def term(visit: Visiting, term: str) -> Response:
    """What one word means."""
    del visit
    text = terms().get(term)
    if text is None:
        raise NotFound("名词里没有这个词；打开名词页，看有没有相近的。")
    return Response(render("term.html", TermPage(term=term, text=text)), media_type="text/html")


@router.get("/help/pictures/{name}")
def help_picture(visit: Visiting, name: str) -> Response:
    """A picture of the guide."""
    del visit
    found = picture(name)
    if found is None:
        raise NotFound(NO_PAGE)
    return FileResponse(found, media_type="image/webp")


@router.get("/help/{name}")
def help_page(visit: Visiting, name: str) -> Response:
    """A page of the guide."""
    found = guide_page(name)
    if found is None:
        raise NotFound(NO_PAGE)
    return show("help.html", _page(visit, found))


def _page(visit: Visit, found: GuidePage) -> HelpPage:
    own = _own(visit)
    named = [own, *(name for _, name in OF_ROLE if name != own), TERMS]
    known = (page for name in named if (page := guide_page(name)) is not None)
    return HelpPage(
        shell=shell_of(visit, f"使用说明：{found.title}"),
        title=found.title,
        body=Markup(found.html),  # noqa: S704 - made from the guide's own text, in which no tags are let through
        parts=tuple(Link(text=title, href=f"#{id_}") for id_, title in found.parts),
        pages=tuple(
            Link(text=page.title, href=f"/help/{page.name}", current=page.name == found.name)
            for page in known
        ),
    )


def _own(visit: Visit) -> str:
    return next((name for roles, name in OF_ROLE if visit.may(*roles)), TERMS)
