"""视图: the register's address under a name, for oneself, one's unit or everybody."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.datastructures import QueryParams
from starlette.responses import RedirectResponse, Response

from events.refusals import Invalid, Malformed, NotFound, NotYours, Refusal
from events.vocabulary import OFFICE, Role
from service.clock import machine_now
from service.errors import status_of
from service.exchange.columns import COLUMNS
from service.pages.filters import in_words
from service.pages.rendering import show
from service.pages.shell import Shell
from service.pages.viewing import CARRIED, View, read_view
from service.pages.views import Empty, Link, Notice, Option, Problem
from service.pages.visiting import Sent, Visit, Visiting, shell_of
from service.pages.words import joined
from service.storage.views import LONGEST_NAME, Reach, SavedView

router = APIRouter(include_in_schema=False)

SEE_OTHER = 303
SELECTING = "q handler state overdue stage kind source unit wide leader due_after due_before".split()
LINKED = 12
"""Views named above the register; the others are on their own page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewViewPage:
    """The form that names a view."""

    shell: Shell
    words: tuple[str, ...]
    query: str
    back: str
    name: str
    longest: int
    reaches: tuple[Option, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewRow:
    """One view to be looked after."""

    id: str
    name: str
    href: str
    words: str
    meta: str
    mine: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewsPage:
    """Every view one sees."""

    shell: Shell
    notice: Notice | None
    rows: tuple[ViewRow, ...]
    longest: int
    problems: tuple[Problem, ...]
    empty: Empty


def saved_links(visit: Visit) -> tuple[Link, ...]:
    """The views one sees, as links beside the built-in ones; and the way to look after them."""
    found = visit.runtime.views.seen_by(visit.session.user, visit.actor.unit)
    here = canonical(visit.query)
    links = [
        Link(
            text=view.name,
            href=visit.then(_address(view.query)),
            current=here == view.query,
            about=f"{view.reach.label}的视图",
        )
        for view in found[:LINKED]
    ]
    return (*links, *((Link(text="管理视图", href="/views"),) if found else ()))


def save_address(query: QueryParams) -> str:
    """Where the view in an address is given a name."""
    said = canonical(query)
    return f"/views/new?{said}" if said else "/views/new"


def canonical(query: QueryParams) -> str:
    """What of an address makes a view, in one order: neither the moment looked at nor the page."""
    pairs = [(name, value) for name in (*SELECTING, *CARRIED) for value in query.getlist(name) if value]
    return urlencode(pairs)


@router.get("/views")
def views(visit: Visiting) -> Response:
    """The views one sees."""
    done = {"saved": "已存下", "renamed": "已改名", "removed": "已删去"}.get(visit.query.get("done", ""))
    return show("views.html", _views_page(visit, Notice(kind="told", title=done) if done else None))


@router.get("/views/new")
def new(visit: Visiting) -> Response:
    """The form that names a view."""
    return show("new_view.html", _new_page(visit, canonical(visit.query)))


@router.post("/views/new")
def save(visit: Visiting, form: Sent) -> Response:
    """Keeps a view, and opens it."""
    query = canonical(QueryParams(str(form.get("query", ""))))
    name, reach = str(form.get("name", "")), str(form.get("reach", ""))
    try:
        view = keep(visit, name=name, reach=reach, query=query)
    except Refusal as refusal:
        page = _new_page(visit, query, name=name, reach=reach, problem=_problem(refusal))
        return show("new_view.html", page, status=status_of(refusal)[0])
    return RedirectResponse(_address(view.query), SEE_OTHER)


@router.post("/views/{view_id}/rename")
def rename(visit: Visiting, form: Sent, view_id: str) -> Response:
    """Gives a view another name."""
    view = own_view(visit, view_id)
    try:
        visit.runtime.views.rename(view, str(form.get("name", "")))
    except Refusal as refusal:
        problem = Problem(sentence=refusal.sentence, field=f"name-{view.id}")
        return show("views.html", _views_page(visit, None, (problem,)), status=status_of(refusal)[0])
    return RedirectResponse("/views?done=renamed", SEE_OTHER)


@router.post("/views/{view_id}/remove")
def remove(visit: Visiting, _: Sent, view_id: str) -> Response:
    """Forgets a view."""
    visit.runtime.views.remove(own_view(visit, view_id))
    return RedirectResponse("/views?done=removed", SEE_OTHER)


def keep(visit: Visit, *, name: str, reach: str, query: str) -> SavedView:
    """Keeps a view of the visitor's. Raises Invalid, NotYours, NameTaken, Malformed."""
    read_view(QueryParams(query))
    if reach not in tuple(Reach):
        raise Invalid("选一下这个视图给谁用。", code="missing-field", field="reach")
    if reach == Reach.PUBLIC.value and not visit.may(*OFFICE):
        raise NotYours("给全体用的视图由督查室来存；您可以存成自己用，或给本单位用。", field="reach")
    return visit.runtime.views.add(
        visit.session.user, visit.actor.unit, reach=Reach(reach), name=name, query=query, at=machine_now()
    )


def own_view(visit: Visit, view_id: str) -> SavedView:
    """A view the visitor may change. Raises NotFound where he does not see it, NotYours where it is another's."""
    seen = visit.runtime.views.seen_by(visit.session.user, visit.actor.unit)
    view = next((one for one in seen if one.id == view_id), None)
    if view is None:
        raise NotFound("没有这个视图，或已删去；回台账看现有的视图。")
    if not _mine(visit, view):
        raise NotYours(f"“{view.name}”是别人存的，由存它的人来改；您可以照样另存一个。")
    return view


def _mine(visit: Visit, view: SavedView) -> bool:
    """The maker's; and a shared one also the head of the office's, for whoever made it may have left."""
    return view.user == visit.session.user or visit.may(Role.OFFICE_HEAD)


def _new_page(
    visit: Visit, query: str, *, name: str = "", reach: str = "", problem: Problem | None = None
) -> NewViewPage:
    view = read_view(QueryParams(query))
    chosen = reach or Reach.OWN.value
    offered = [Reach.OWN, *([Reach.UNIT] if visit.actor.unit else [])]
    offered += [Reach.PUBLIC] if visit.may(*OFFICE) else []
    hints = {Reach.OWN: "别人看不到", Reach.UNIT: visit.own_unit, Reach.PUBLIC: "每个人的台账上都有"}
    return NewViewPage(
        shell=shell_of(visit, "存为视图"),
        words=_words(visit, view),
        query=query,
        back=_address(query),
        name=name,
        longest=LONGEST_NAME,
        reaches=tuple(
            Option(value=one.value, label=one.label, hint=hints[one], chosen=one.value == chosen)
            for one in offered
        ),
        problems=(problem,) if problem else (),
    )


def _views_page(visit: Visit, notice: Notice | None, problems: tuple[Problem, ...] = ()) -> ViewsPage:
    found = visit.runtime.views.seen_by(visit.session.user, visit.actor.unit)
    return ViewsPage(
        shell=shell_of(visit, "视图"),
        notice=notice,
        rows=tuple(_row(visit, view) for view in found),
        longest=LONGEST_NAME,
        problems=problems,
        empty=Empty(
            title="还没有存过视图",
            text="在台账里筛好、排好，点“存为视图”起个名字，以后一点就到。",
            link=Link(text="去台账", href="/matters"),
        ),
    )


def _row(visit: Visit, view: SavedView) -> ViewRow:
    maker = visit.runtime.directory.now().users.get(view.user)
    by = visit.person_name(maker.person) if maker is not None and maker.person else str(view.user)
    return ViewRow(
        id=view.id,
        name=view.name,
        href=_address(view.query),
        words=_read_words(visit, view.query),
        meta=joined(view.reach.label, "我存的" if view.user == visit.session.user else f"{by}存的"),
        mine=_mine(visit, view),
    )


def _read_words(visit: Visit, query: str) -> str:
    try:
        return "；".join(_words(visit, read_view(QueryParams(query))))
    except Malformed:
        return "这个视图是旧版程序存的，现在读不出来；删去，从台账再存一次。"


def _words(visit: Visit, view: View) -> tuple[str, ...]:
    columns = "、".join(COLUMNS[name].label for name in view.columns)
    return (f"筛选：{in_words(visit, view.filters)}", f"排序：{view.words}", f"列：{columns}")


def _problem(refusal: Refusal) -> Problem:
    field = refusal.extra.get("field")
    return Problem(sentence=refusal.sentence, field=f"f-{field}" if field else None)


def _address(query: str) -> str:
    return f"/matters?{query}" if query else "/matters"
