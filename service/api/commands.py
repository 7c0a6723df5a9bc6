"""POST routes of matters: take, build a command, handle, answer."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request

from events.vocabulary import MatterId
from service.api.receiving import key_of, receive
from service.clock import machine_now
from service.commands import performing
from service.commands.performing import REGISTER_NAME, fingerprint, perform
from service.identity import program, runtime_of

router = APIRouter(include_in_schema=False)


@router.post("/matters", status_code=201)
async def register(request: Request) -> dict[str, Any]:
    """立项."""
    return await _perform(request, REGISTER_NAME, None)


@router.post("/matters/{matter_id}/{command}")
async def command(request: Request, matter_id: str, command: str) -> dict[str, Any]:
    """Any other command on a matter."""
    return await _perform(request, command, MatterId(matter_id))


async def _perform(request: Request, name: str, matter: MatterId | None) -> dict[str, Any]:
    runtime = runtime_of(request)
    principal = program(request)
    key = key_of(request)
    at = runtime.clock.now(request.headers.get("x-duban-now"))
    received = await receive(request, runtime.files)
    user = principal.actor.user
    return await perform(
        runtime,
        performing.Request(
            actor=principal.actor,
            name=name,
            matter=matter,
            fields=received.fields,
            at=at,
            received_at=machine_now(),
            command_id=f"{user}:{key}" if key else None,
            fingerprint=fingerprint(request.method, request.url.path, received.canonical) if key else None,
            attached=received.attached,
            strict=received.strict,
        ),
    )
