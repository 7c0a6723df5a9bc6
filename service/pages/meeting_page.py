"""One meeting: who was there, what was decided, which matters came of it and where they stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import APIRouter
from starlette.responses import Response

from events.matter.words import Names
from events.meeting.permitted import PERMITTED, REGISTER, REGISTER_LABEL, permitted
from events.meeting.state import Meeting
from events.meeting.telling import attendee_words, told
from events.vocabulary import MatterId, MeetingId
from projections.rows import Item
from service.commands.meetings import surroundings, visible
from service.exchange.columns import units_of
from service.lights import Lamp
from service.pages.meetings import standing
from service.pages.rendering import show
from service.pages.shell import Shell
from service.pages.showing import address, lamp_of
from service.pages.views import Act, Link, Notice, Pair
from service.pages.visiting import Visit, Visiting, shell_of
from service.pages.words import day_and_hour, full_day, joined, short_day
from service.standing_of_decisions import done_of, matters_of

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionLine:
    """One decision and what became of it."""

    n: int
    text: str
    matter: Link | None
    unit: str
    due: str
    stage: str
    lamp: Lamp | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A fact of the meeting's history."""

    id: str
    seal: str
    title: str
    who: str
    when: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingPage:
    """A meeting."""

    shell: Shell
    title: str
    sub: str
    notice: Notice | None
    acts: tuple[Act, ...]
    more: tuple[Act, ...]
    particulars: tuple[Pair, ...]
    decisions: tuple[DecisionLine, ...]
    standing: str
    done: int
    registered: int
    attendees: tuple[str, ...]
    files: tuple[Link, ...]
    entries: tuple[Entry, ...]


def load(visit: Visit, meeting_id: str) -> Meeting:
    """The meeting as of the visit. Raises NotFound where it may not be seen."""
    return visible(visit.runtime, visit.actor, MeetingId(meeting_id), visit.asking.position)


def allowed(visit: Visit, found: Meeting) -> tuple[str, ...]:
    """The commands that may be sent now; none while looking at the past."""
    if visit.asking.past:
        return ()
    return permitted(found, surroundings(visit.runtime, visit.actor, visit.asking.moment))


@router.get("/meetings/{meeting_id}")
def meeting(visit: Visiting, meeting_id: str) -> Response:
    """A meeting, read and printed as 议定事项清单."""
    found = load(visit, meeting_id)
    came = matters_of(visit.answer, found.matters.values())
    names = Names(directory=visit.directory, on=found.held_on or visit.day, wording="")
    acts, more = _acts(found, allowed(visit, found))
    done = done_of(found.matters.values(), came)
    page = MeetingPage(
        shell=shell_of(visit, found.title, foot="/foot.css"),
        title=found.title,
        sub=joined(found.kind.label, full_day(found.held_on, visit.day) if found.held_on else ""),
        notice=_notice(visit, found),
        acts=acts,
        more=more,
        particulars=_particulars(found, names),
        decisions=tuple(_line(visit, found, one.n, one.text, came) for one in found.decisions),
        standing=standing(len(found.decisions), len(found.matters), done),
        done=done,
        registered=len(found.matters),
        attendees=tuple(attendee_words(one, names) for one in found.attendees),
        files=_files(visit, found),
        entries=_entries(visit, found, names),
    )
    return show("meeting.html", page)


def _acts(found: Meeting, names: tuple[str, ...]) -> tuple[tuple[Act, ...], tuple[Act, ...]]:
    labels = {REGISTER: REGISTER_LABEL, **{name: row.label for name, row in PERMITTED.items()}}
    acts = tuple(
        Act(
            text=f"{labels[name]}…",
            href=f"/meetings/{found.id}/{name}",
            make="primary" if name == REGISTER else "line",
        )
        for name in names
        if name in FIRST
    )
    more = tuple(
        Act(text=f"{labels[name]}…", href=f"/meetings/{found.id}/{name}")
        for name in names
        if name not in FIRST
    )
    return acts, more


FIRST = (REGISTER, "add-decision", "attach-minutes")
"""What is offered before everything else."""


def _notice(visit: Visit, found: Meeting) -> Notice | None:
    if found.withdrawn:
        return Notice(kind="stale", title="已撤销", text=found.withdrawn_reason or "")
    done = visit.query.get("done", "")
    if done == REGISTER:
        return Notice(kind="told", title="已立项", text="各项已按所填立项；要先批准的，批准以后再交办。")
    if done == "record":
        text = "接下来把议定事项立项：逐项定牵头单位和期限，先看一遍再办。"
        return Notice(kind="told", title="已记下", text=text if found.decisions else "会议记下了。")
    row = PERMITTED.get(done)
    return Notice(kind="told", title="已办", text=f"{row.label}，记下了。") if row else None


def _particulars(found: Meeting, names: Names) -> tuple[Pair, ...]:
    said = (
        ("地点", (found.place or "",)),
        ("主持", (found.chair,)),
        ("召集", (names.units(found.organizers),)),
        ("议题", found.topics),
    )
    return tuple(Pair(term=term, lines=lines) for term, lines in said if any(lines))


def _line(visit: Visit, found: Meeting, n: int, text: str, came: Mapping[MatterId, Item]) -> DecisionLine:
    row = came.get(found.matters.get(n, MatterId("")))
    if row is None:
        return DecisionLine(n=n, text=text, matter=None, unit="—", due="—", stage="还没立项", lamp=None)
    return DecisionLine(
        n=n,
        text=text,
        matter=Link(text=visit.number(row.number), href=address(row.id, visit.as_of)),
        unit=units_of(row, visit) or "—",
        due=short_day(row.due_on, visit.day) if row.due_on else "—",
        stage=row.stage.label_for(visit.wording(row.kind)),
        lamp=lamp_of(visit, row),
    )


def _files(visit: Visit, found: Meeting) -> tuple[Link, ...]:
    """Every copy of the minutes, the one in force first."""
    copies = [
        Link(
            text=f"{one.name}（{day_and_hour(one.attached_at, visit.day)}）",
            href=visit.then(f"/meetings/{found.id}/minutes?copy={nth}"),
        )
        for nth, one in enumerate(found.minutes, 1)
    ]
    return tuple(reversed(copies))


def _entries(visit: Visit, found: Meeting, names: Names) -> tuple[Entry, ...]:
    entries = []
    for recorded in visit.runtime.store.stream(found.stream, up_to=visit.asking.position):
        said = told(recorded, names)
        entries.append(
            Entry(
                id=f"f{recorded.position}",
                seal=said.seal,
                title=said.title,
                who=visit.directory.user_label(recorded.actor),
                when=joined(day_and_hour(recorded.recorded_at, visit.day), f"第 {recorded.position:,} 位"),
                sentences=said.sentences,
            )
        )
    return tuple(reversed(entries))
