"""会议: all of them, the latest held first, with how many of their decisions are done."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.responses import Response

from events.meeting.state import MeetingKind
from events.vocabulary import OFFICE
from projections import meeting_lists
from projections.meeting_lists import Asked, Listed
from service.commands.meetings import unknown
from service.identity import sees_all
from service.pages.rendering import show
from service.pages.shell import Shell
from service.pages.views import Act, Empty, Link
from service.pages.visiting import Visit, Visiting, shell_of
from service.pages.words import full_day
from service.standing_of_decisions import done_of, matters_of

router = APIRouter(include_in_schema=False)

SHOWN = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingRow:
    """One meeting."""

    title: str
    href: str
    kind: str
    held: str
    chair: str
    standing: str
    """“议定 9 项，立项 9，办结 4”."""
    minutes: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingsPage:
    """The list."""

    shell: Shell
    views: tuple[Link, ...]
    words: str
    kind: str
    as_of: str
    acts: tuple[Act, ...]
    rows: tuple[MeetingRow, ...]
    next: str | None
    empty: Empty


@router.get("/meetings")
def meetings(visit: Visiting) -> Response:
    """The meetings, for whoever sees all matters."""
    if not sees_all(visit.actor):
        raise unknown()
    words, chosen = visit.query.get("q", "").strip(), visit.query.get("kind", "")
    kind = MeetingKind(chosen) if chosen in set(MeetingKind) else None
    asked = Asked(
        position=visit.asking.position, words=words[:200], kind=kind, before=_before(visit), limit=SHOWN + 1
    )
    with visit.connect() as connection:
        rows = meeting_lists.listed(connection, asked)
    may_record = visit.may(*OFFICE) and not visit.asking.past
    page = MeetingsPage(
        shell=shell_of(visit, "会议"),
        views=_views(visit, words, kind),
        words=words,
        kind=kind.value if kind else "",
        as_of=visit.as_of,
        acts=(Act(text="记一次会议…", href="/meetings/record", make="primary"),) if may_record else (),
        rows=_rows(visit, rows[:SHOWN]),
        next=_next(visit, rows, words, kind),
        empty=_empty(words, kind),
    )
    return show("meetings.html", page)


def _rows(visit: Visit, rows: tuple[Listed, ...]) -> tuple[MeetingRow, ...]:
    came = matters_of(visit.answer, (matter for row in rows for matter in row.matters))
    return tuple(
        MeetingRow(
            title=row.title,
            href=visit.then(f"/meetings/{row.id}"),
            kind=row.kind.label,
            held=full_day(row.held_on, visit.day),
            chair=row.chair,
            standing=standing(row.decisions, len(row.matters), done_of(row.matters, came)),
            minutes="有" if row.minutes else "—",
        )
        for row in rows
    )


def standing(decisions: int, registered: int, done: int) -> str:
    """“议定 9 项，立项 8，办结 4”."""
    if not decisions:
        return "没有议定事项"
    return f"议定 {decisions} 项，立项 {registered}，办结 {done}"


def _views(visit: Visit, words: str, chosen: MeetingKind | None) -> tuple[Link, ...]:
    every = (("", "全部"), *((kind.value, kind.label) for kind in MeetingKind))
    return tuple(
        Link(
            text=label,
            href=visit.then(_address(q=words, kind=value)),
            current=value == (chosen.value if chosen else ""),
        )
        for value, label in every
    )


def _empty(words: str, kind: MeetingKind | None) -> Empty:
    if words or kind is not None:
        clear = Link(text="看全部会议", href="/meetings")
        return Empty(
            title="没有这样的会议", text="换个字再查，名称、议题、议定事项、参会的人都查得到。", link=clear
        )
    return Empty(
        title="还没有记过会议",
        text="调度会、联席会议开过以后在这里记；议定事项可以一次立项，办到哪里看得见。",
    )


def _address(**query: str) -> str:
    said = {name: value for name, value in query.items() if value}
    return f"/meetings?{urlencode(said)}" if said else "/meetings"


def _before(visit: Visit) -> tuple[str, str] | None:
    day, _, id_ = visit.query.get("after", "").partition(".")
    return (day, id_) if day and id_ else None


def _next(visit: Visit, rows: tuple[Listed, ...], words: str, kind: MeetingKind | None) -> str | None:
    if len(rows) <= SHOWN:
        return None
    last = rows[SHOWN - 1]
    after = f"{last.held_on.isoformat()}.{last.id}"
    return visit.then(_address(q=words, kind=kind.value if kind else "", after=after))
