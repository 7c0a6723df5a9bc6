"""POST /letters/print, POST /letters/{id}/receipt: letters that go by hand."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool

from service.api.receiving import receive
from service.commands.bodies import convert
from service.commands.papering import EnterReceipt, PrintLetters, enter_receipt, print_letters
from service.identity import program, runtime_of

router = APIRouter(include_in_schema=False)


@router.post("/letters/print")
async def printing(request: Request) -> dict[str, Any]:
    """One batch; its pages are at ``/letters/paper/{batch}``."""
    runtime, principal = runtime_of(request), program(request)
    received = await receive(request, runtime.files)
    command = convert(received.fields, PrintLetters)
    at = runtime.clock.now(request.headers.get("x-duban-now"))
    batch = await run_in_threadpool(print_letters, runtime, principal.actor, command, at)
    return {"batch": batch, "printed": len(command.letters)}


@router.post("/letters/{letter_id}/receipt")
async def receipt(request: Request, letter_id: str) -> dict[str, Any]:
    """Who signed for a printed letter."""
    runtime, principal = runtime_of(request), program(request)
    received = await receive(request, runtime.files)
    command = convert(received.fields, EnterReceipt)
    at = runtime.clock.now(request.headers.get("x-duban-now"))
    return await run_in_threadpool(enter_receipt, runtime, principal.actor, letter_id, command, at)
