"""相似事项: shown while a matter is registered, and beside one that waits, so that nothing is set going twice."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from fastapi import APIRouter
from starlette.responses import Response

from events.matter.deciding import permitted
from events.matter.state import Matter
from events.vocabulary import OFFICE, MatterId
from projections.likeness import Wording
from projections.similar import Like, similar
from service.likes import family_of, why_alike, wording_of
from service.pages import acts
from service.pages.fields import Raw, first
from service.pages.matter import load
from service.pages.rendering import render, show
from service.pages.shell import Shell
from service.pages.showing import row
from service.pages.views import Link, Row
from service.pages.visiting import Visit, Visiting, shell_of

router = APIRouter(include_in_schema=False)

LONGEST = 2_000
SHORTEST = 4
"""Fewer characters of a title say nothing yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LikeLine:
    """A matter that is like the one at hand, and what can be done about it."""

    row: Row
    acts: tuple[Link, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Likes:
    """The likes of a wording. ``seen`` marks a form as filled in by somebody who saw them."""

    lines: tuple[LikeLine, ...]
    advice: str
    seen: bool
    asks: bool = True
    """Whether it follows what is typed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LikesPage:
    """The likes of a matter, on a page of their own."""

    shell: Shell
    title: str
    sub: str
    back: str
    likes: Likes


@router.get("/matters/similar")
def typed(visit: Visiting) -> Response:
    """The likes of what is being typed, as a part of the form's page."""
    visit.must(*OFFICE)
    raw = {name: visit.query.getlist(name) for name in visit.query}
    return _part(likes_of(visit, raw))


@router.get("/matters/{matter_id}/likes")
def of_matter(visit: Visiting, matter_id: str) -> Response:
    """The likes of a matter: a part of its page where that asks, else a page."""
    visit.must(*OFFICE)
    found, _ = load(visit, MatterId(matter_id))
    offered = [name for name in ("merge", "link") if name in permitted(found, acts.surroundings(visit))]
    lines = _lines(visit, wording_of(found), without=family_of(found), matter=found, offered=offered)
    likes = Likes(lines=lines, advice=ADVICE, seen=False)
    if visit.query.get("part"):
        return _part(likes)
    page = LikesPage(
        shell=shell_of(visit, "相似事项"),
        title="相似事项",
        sub=f"{visit.number(found.number)} {found.title}",
        back=f"/matters/{found.id}",
        likes=likes,
    )
    return show("likes.html", page)


def likes_of(visit: Visit, raw: Raw) -> Likes:
    """The likes of a form being filled in."""
    said = Wording(
        title=first(raw, "title")[:LONGEST],
        problem=first(raw, "problem")[:LONGEST],
        place=first(raw, "place")[:LONGEST],
        object=first(raw, "object")[:LONGEST],
    )
    lines = _lines(visit, said) if len(said.title) >= SHORTEST or said.object else ()
    return Likes(lines=lines, advice=BEFORE, seen=bool(lines))


def _lines(
    visit: Visit,
    wording: Wording,
    *,
    without: Collection[MatterId] = (),
    matter: Matter | None = None,
    offered: Collection[str] = (),
) -> tuple[LikeLine, ...]:
    with visit.connect() as connection:
        found = similar(connection, visit.asked(), visit.calendar, wording, without=without)
    return tuple(_line(visit, like, matter, offered) for like in found)


def _line(visit: Visit, like: Like, matter: Matter | None, offered: Collection[str]) -> LikeLine:
    item = like.item
    links = []
    if matter is not None and "merge" in offered and item.open:
        links.append(
            Link(text="并入它", href=f"/matters/{matter.id}/merge?into={item.number}", about=item.title)
        )
    if matter is not None and "link" in offered:
        links.append(Link(text="关联", href=f"/matters/{matter.id}/link?to={item.number}", about=item.title))
    stage = item.stage.label_for(visit.wording(item.kind))
    shown = row(visit, item, visit.number(item.number), stage)
    return LikeLine(
        row=Row(
            title=shown.title, href=shown.href, meta=shown.meta, note=why_alike(like.alike), lamp=shown.lamp
        ),
        acts=tuple(links),
    )


def _part(likes: Likes) -> Response:
    return Response(render("likes_part.html", likes), media_type="text/html")


BEFORE = "是同一件事就不必再立：打开那一件催办。不是同一件，接着立项；有牵连的，立项以后办“关联”。"
ADVICE = "是同一件事就并入它，有牵连的办“关联”；两件都看得到。"
