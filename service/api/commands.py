"""POST routes of matters: take, build a command, handle, answer.

They are plain routes, looked at before all others: FastAPI's matching, resolving and encoding take longer than a
command. What they are is written in ``service.api.describing``.
"""

from __future__ import annotations

from typing import Any

import msgspec
from fastapi import Request
from starlette.convertors import StringConvertor, register_url_convertor
from starlette.responses import Response
from starlette.routing import Route

from events.matter.permitted import PERMITTED
from events.vocabulary import MatterId
from service.api.receiving import key_of, receive
from service.clock import machine_now
from service.commands import performing
from service.commands.performing import REGISTER_NAME, fingerprint, perform
from service.identity import program, runtime_of


class _KnownCommand(StringConvertor):
    regex = "|".join(sorted(PERMITTED, key=len, reverse=True))


register_url_convertor("known_command", _KnownCommand())


def known_routes(prefix: str) -> list[Route]:
    """立项, and every command there is."""
    return [
        _route(f"{prefix}/matters/{{matter_id}}/{{command:known_command}}", command),
        _route(f"{prefix}/matters", register),
    ]


def other_route(prefix: str) -> Route:
    """Whatever else is sent to a matter: to come after all routes, it says that there is no such command."""
    return _route(f"{prefix}/matters/{{matter_id}}/{{command}}", command)


async def register(request: Request) -> Response:
    """立项."""
    return _json(await _perform(request, REGISTER_NAME, None), status=201)


async def command(request: Request) -> Response:
    """Any other command on a matter."""
    said = request.path_params
    return _json(await _perform(request, said["command"], MatterId(said["matter_id"])), status=200)


def _route(path: str, endpoint: Any) -> Route:
    return Route(path, endpoint, methods=["POST"], include_in_schema=False)


def _json(answer: dict[str, Any], *, status: int) -> Response:
    return Response(msgspec.json.encode(answer), status, media_type="application/json")


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
