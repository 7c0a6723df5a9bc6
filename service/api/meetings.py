"""Meetings for programs: the list, one meeting, its minutes, every command on it, and its decisions made matters."""

from __future__ import annotations

import re
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from events.meeting.permitted import PERMITTED, permitted
from events.meeting.state import MeetingKind
from events.refusals import Invalid, Malformed, NotFound
from events.vocabulary import MeetingId
from projections import meeting_lists
from service.answering import Answering, answering, stored_file
from service.api import shown_meetings as shown
from service.api.receiving import key_of, receive
from service.commands import taking_up
from service.commands.bodies import convert
from service.commands.meetings import Holding, hold, surroundings, visible
from service.commands.performing import fingerprint
from service.identity import program, runtime_of, sees_all
from service.standing_of_decisions import matters_of

router = APIRouter()
commands = APIRouter(include_in_schema=False)

Text = Annotated[str | None, Query(max_length=200)]
Position = Annotated[int | None, Query(ge=0, le=2**62)]
_CURSOR = re.compile(r"(\d{4}-\d{2}-\d{2})\.([0-9a-f]{1,64})")


@router.get("/meetings")
def meetings(
    request: Request,
    q: Text = None,
    kind: Text = None,
    year: Annotated[int | None, Query(ge=1949, le=2200)] = None,
    withdrawn: bool = False,
    as_of: Text = None,
    min_position: Position = None,
    cursor: Text = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> dict[str, Any]:
    """The meetings, the latest held first; none for whoever may not see them."""
    answer = _answer(request, as_of, min_position)
    if not sees_all(answer.principal.actor):
        return {"items": [], "next": None}
    asked = meeting_lists.Asked(
        position=answer.position,
        words=(q or "").strip(),
        kind=_kind(kind),
        year=year,
        withdrawn=withdrawn,
        before=_read_cursor(cursor) if cursor else None,
        limit=limit + 1,
    )
    with answer.connection() as connection:
        rows = meeting_lists.listed(connection, asked)
    more, rows = len(rows) > limit, rows[:limit]
    came = matters_of(answer, (matter for row in rows for matter in row.matters))
    following = f"{rows[-1].held_on}.{rows[-1].id}" if more else None
    return {"items": [shown.item(row, came) for row in rows], "next": following}


@router.get("/meetings/{meeting_id}")
def meeting(
    request: Request, meeting_id: str, as_of: Text = None, min_position: Position = None
) -> dict[str, Any]:
    """One meeting with its decisions, what became of them, and what the caller may do."""
    answer = _answer(request, as_of, min_position)
    actor = answer.principal.actor
    found = visible(answer.runtime, actor, MeetingId(meeting_id), answer.position)
    seen = surroundings(answer.runtime, actor, answer.asking.moment)
    names = () if answer.asking.past else permitted(found, seen)
    return shown.whole(found, matters_of(answer, found.matters.values()), names)


@router.get("/meetings/{meeting_id}/history")
def history(
    request: Request, meeting_id: str, as_of: Text = None, min_position: Position = None
) -> dict[str, Any]:
    """Every fact of a meeting, oldest first."""
    answer = _answer(request, as_of, min_position)
    found = visible(answer.runtime, answer.principal.actor, MeetingId(meeting_id), answer.position)
    facts = answer.runtime.store.stream(found.stream, up_to=answer.position)
    return {"items": [shown.fact(one) for one in facts]}


@router.get("/meetings/{meeting_id}/minutes", response_class=Response)
def minutes(request: Request, meeting_id: str, as_of: Text = None) -> Response:
    """The minutes in force, as a file."""
    answer = _answer(request, as_of, None)
    found = visible(answer.runtime, answer.principal.actor, MeetingId(meeting_id), answer.position)
    if not found.minutes:
        raise NotFound("这次会议还没有存会议纪要；先办“存会议纪要”。")
    return stored_file(answer.runtime, found.minutes[-1])


@commands.post("/meetings", status_code=201)
async def record(request: Request) -> dict[str, Any]:
    """记会议."""
    return await _hold(request, "record", None)


@commands.post("/meetings/{meeting_id}/register")
async def register(request: Request, meeting_id: str) -> dict[str, Any]:
    """议定事项立项, or what would become of each."""
    runtime, principal, key = runtime_of(request), program(request), key_of(request)
    received = await receive(request, runtime.files)
    command = convert(received.fields, taking_up.RegisterDecisions, strict=received.strict)
    asked = taking_up.Asked(
        actor=principal.actor,
        at=runtime.clock.now(request.headers.get("x-duban-now")),
        meeting=MeetingId(meeting_id),
        command=command,
        key=f"{principal.actor.user}:{key}" if key else None,
    )
    found = await run_in_threadpool(taking_up.take_up, runtime, asked)
    return {
        "id": meeting_id,
        "preview": command.preview,
        "items": [shown.became(one) for one in found],
        "position": runtime.store.head().position,
    }


@commands.post("/meetings/{meeting_id}/{command}")
async def act(request: Request, meeting_id: str, command: str) -> dict[str, Any]:
    """Any other command on a meeting."""
    if command not in PERMITTED:
        raise NotFound(f"会议没有 {command} 这个命令；可用的是 register、{'、'.join(PERMITTED)}。")
    return await _hold(request, command, MeetingId(meeting_id))


async def _hold(request: Request, name: str, meeting_id: MeetingId | None) -> dict[str, Any]:
    runtime, principal, key = runtime_of(request), program(request), key_of(request)
    received = await receive(request, runtime.files)
    asked = Holding(
        actor=principal.actor,
        name=name,
        id=meeting_id,
        fields=received.fields,
        at=runtime.clock.now(request.headers.get("x-duban-now")),
        command_id=f"{principal.actor.user}:{key}" if key else None,
        fingerprint=fingerprint(request.method, request.url.path, received.canonical) if key else None,
        attached=received.attached,
        strict=received.strict,
    )
    return await run_in_threadpool(hold, runtime, asked)


def _answer(request: Request, as_of: str | None, min_position: int | None) -> Answering:
    given = request.headers.get("x-duban-now")
    return answering(request, program(request), as_of=as_of, given=given, min_position=min_position)


def _kind(name: str | None) -> MeetingKind | None:
    if not name:
        return None
    if name not in set(MeetingKind):
        known = "、".join(MeetingKind)
        raise Invalid(f"会议没有 {name} 这一类；可用的有 {known}。", code="wrong-value", field="kind")
    return MeetingKind(name)


def _read_cursor(cursor: str) -> tuple[str, str]:
    said = _CURSOR.fullmatch(cursor)
    if said is None:
        raise Malformed("翻页标记 cursor 不是会议清单给出的；请从第一页重新查起。", code="unreadable-cursor")
    return said[1], said[2]
