"""Letters, working days, and the rehearsal's tick."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool

from events.calendars.publishing import PublishCalendar
from events.refusals import Malformed
from events.vocabulary import MatterId, UnitId
from notifications.outbox import asking as outbox
from service.answering import answering
from service.api import shown
from service.api.receiving import body_of, key_of, receive
from service.commands.bodies import LARGEST_JSON, convert, read_json
from service.commands.performing import fingerprint
from service.commands.publishing import publish
from service.identity import must_be_admin, program, runtime_of
from service.ticking import tick

router = APIRouter()


@dataclass(frozen=True, slots=True, kw_only=True)
class Nothing:
    """A body with nothing to say: the moment stands in the header."""


Text = Annotated[str | None, Query(max_length=200)]
Position = Annotated[int | None, Query(ge=0, le=2**62)]


@router.get("/letters")
def letters(
    request: Request,
    matter: Text = None,
    unit: Text = None,
    state: Text = None,
    as_of: Text = None,
    min_position: Position = None,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> dict[str, Any]:
    """What was sent to whom, when, and what became of it; newest first."""
    given = request.headers.get("x-duban-now")
    answer = answering(request, program(request), as_of=as_of, given=given, min_position=min_position)
    with answer.connection() as connection:
        page = outbox.letters(
            connection,
            matter=MatterId(matter) if matter else None,
            unit=UnitId(unit) if unit else None,
            state=state or None,
            visibility=answer.visibility,
            position=answer.position,
            at=answer.asking.moment,
            cursor=cursor,
            limit=limit,
        )
    return {"items": [shown.letter(row) for row in page.items], "next": page.next}


@router.post("/calendars/{year}", include_in_schema=False)
async def publish_calendar(request: Request, year: int) -> dict[str, Any]:
    """Publishes a year's working days."""
    runtime, principal, key = runtime_of(request), program(request), key_of(request)
    at = runtime.clock.now(request.headers.get("x-duban-now"))
    received = await receive(request, runtime.files)
    command = convert(received.fields, PublishCalendar)
    mark = fingerprint(request.method, request.url.path, received.canonical) if key else None
    published = await run_in_threadpool(
        lambda: publish(
            runtime,
            year,
            command,
            principal.actor,
            at,
            command_id=f"{principal.actor.user}:{key}" if key else None,
            fingerprint=mark,
        )
    )
    moves = [
        {
            "matter": m.matter,
            "number": m.number,
            "old": m.old,
            "new": m.new,
            "provisional": m.still_provisional,
        }
        for m in published.moves
    ]
    return {**published.answer, "moves": moves}


@router.post("/tick")
async def tick_now(request: Request) -> dict[str, int]:
    """Rehearsal only: says what is due at the moment given."""
    runtime = runtime_of(request)
    must_be_admin(program(request).actor)
    convert(read_json(await body_of(request, LARGEST_JSON)), Nothing)
    if not runtime.clock.rehearsal:
        raise Malformed("真实办公由时钟自己走，不用手动；到点的会在一分钟内发出。", code="not-rehearsing")
    return (await tick(runtime, runtime.clock.now(request.headers.get("x-duban-now")))).answer()
