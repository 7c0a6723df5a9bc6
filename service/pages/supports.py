"""求助: what units asked of the 督查室, by when it answers, who answered and how."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from fastapi import APIRouter
from starlette.responses import Response

from events.matter.state import Matter
from events.matter.supports import Support
from events.vocabulary import OFFICE
from projections import lists
from projections.rows import Item
from service.exchange.columns import units_of
from service.lights import Lamp, own_lamp
from service.pages.duties import own
from service.pages.rendering import show
from service.pages.shell import Shell
from service.pages.showing import act_on, address
from service.pages.views import Act, Empty, Link
from service.pages.visiting import Visit, Visiting, shell_of
from service.pages.watching import tabs
from service.pages.words import beijing, full_day, joined, short_day, whole_moment

router = APIRouter(include_in_schema=False)

WAITING, ANSWERED = "pending", "answered"
STATES = ((WAITING, "待答复"), (ANSWERED, "已答复"))
NOTHING = {
    WAITING: Empty(title="没有待答复的求助", text="单位请求支持、督查室还没有答复的列在这里，先到限的在前。"),
    ANSWERED: Empty(title="还没有答复过求助", text="答复以后列在这里：谁答的、答了什么、迟没迟。"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One request."""

    title: str
    href: str
    meta: str
    text: str
    answer: str
    by: str
    lamp: Lamp | None
    act: Act | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SupportsPage:
    """The requests that wait, or those answered."""

    shell: Shell
    title: str
    sub: str
    here: str
    latest: str
    views: tuple[Link, ...]
    states: tuple[Link, ...]
    printed: str
    lines: tuple[Line, ...]
    first: str | None
    next: str | None
    empty: Empty


@router.get("/support")
def support(visit: Visiting) -> Response:
    """The list; ``handler=me`` leaves what is on the visitor's desk, ``state=answered`` shows those answered."""
    state = ANSWERED if visit.query.get("state") == ANSWERED else WAITING
    mine = own(visit) if visit.query.get("handler") == "me" else {}
    asked = replace(visit.asked(**mine), cursor=visit.query.get("cursor"))
    question = lists.support_asked if state == WAITING else lists.support_ever_asked
    with visit.connect() as connection:
        page = question(connection, asked, visit.calendar)
    lines = tuple(line for item in page.items for line in _lines(visit, item, state))
    here = "/support" if state == WAITING else f"/support?state={ANSWERED}"
    joint = "&" if "?" in here else "?"
    order = "先到限的在前" if state == WAITING else "按事项编号"
    shown = SupportsPage(
        shell=shell_of(visit, "求助", body="has-bar print-wide", foot="/foot.css"),
        title="求助",
        sub=f"{order} · 截至 {full_day(visit.day, visit.day)}",
        here=visit.path,
        latest=visit.runtime.clock.now().date().isoformat(),
        views=tuple(tabs(visit)),
        states=tuple(
            Link(text=text, href=visit.then(f"/support?state={value}"), current=value == state)
            for value, text in STATES
        ),
        printed=f"求助（{dict(STATES)[state]}） · 数据截至 {whole_moment(visit.asking.moment)}",
        lines=lines,
        first=visit.then(here) if visit.query.get("cursor") else None,
        next=visit.then(f"{here}{joint}cursor={page.next}") if page.next else None,
        empty=NOTHING[state],
    )
    return show("supports.html", shown)


def _lines(visit: Visit, item: Item, state: str) -> Iterator[Line]:
    matter: Matter = visit.runtime.handling.load(f"matter-{item.id}", up_to=visit.asking.position).state
    chosen = [one for one in matter.supports if one.waits == (state == WAITING) and not one.lapsed]
    waits = not visit.asking.past and visit.may(*OFFICE) and state == WAITING
    for one in chosen:
        asked_on = short_day(beijing(one.asked_at).date(), visit.day)
        yield Line(
            title=item.title,
            href=address(item.id, visit.as_of),
            meta=joined(visit.number(item.number), units_of(item, visit), f"{asked_on}求助"),
            text=matter.support_pending or one.text if one is chosen[-1] and one.waits else one.text,
            answer=one.answer or "",
            by=_by(visit, one),
            lamp=own_lamp(one.due_on, visit.day, visit.calendar) if one.due_on and one.waits else None,
            act=act_on(item, "answer-support", "答复") if waits else None,
        )


def _by(visit: Visit, one: Support) -> str:
    """“6月8日 林砚秋答复，迟 2 天”, or by when an answer is due."""
    if one.answered_at is None:
        return f"应在 {full_day(one.due_on, visit.day)} 前答复" if one.due_on else ""
    who = visit.directory.user_label(one.answered_by) if one.answered_by else ""
    late = f"，迟 {one.days_late} 天" if one.days_late else ""
    return f"{short_day(beijing(one.answered_at).date(), visit.day)} {who}答复{late}"
