"""POST /people/{id}/hand-over: everything on one desk put on another."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool

from events.vocabulary import PersonId
from service.api.receiving import receive
from service.commands.bodies import convert
from service.commands.handing_over import HandOverAll, hand_over_all
from service.identity import program, runtime_of

router = APIRouter(include_in_schema=False)


@router.post("/people/{person_id}/hand-over")
async def hand_over(request: Request, person_id: str) -> dict[str, Any]:
    """Says how many matters went over and how many are left; sent again, it goes on with what is left."""
    runtime, principal = runtime_of(request), program(request)
    received = await receive(request, runtime.files)
    command = convert(received.fields, HandOverAll, strict=received.strict)
    at = runtime.clock.now(request.headers.get("x-duban-now"))
    done = await run_in_threadpool(hand_over_all, runtime, principal.actor, PersonId(person_id), command, at)
    return {"id": person_id, "moved": done.moved, "left": done.left, "position": done.position}
