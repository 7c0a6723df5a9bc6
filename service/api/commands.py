"""POST routes of matters: take, build a command, handle, answer.

Known commands come in by a door before all routes: matching, resolving and encoding take longer than a command. What
they are is written in ``service.api.describing``.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import msgspec
from fastapi import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from events.matter.permitted import PERMITTED
from events.vocabulary import MatterId
from service.api.receiving import key_of, receive
from service.clock import machine_now
from service.commands import performing
from service.commands.performing import REGISTER_NAME, fingerprint, perform
from service.identity import program, runtime_of

Answers = Mapping[type[Exception], Callable[[Request, Exception], Awaitable[Response]]]
"""What is answered where something goes wrong, by the nearest kind of exception; all others are raised on."""


class Door:
    """Answers 立项 and every command there is; lets all else pass. What goes wrong is answered as in the routes."""

    def __init__(self, app: ASGIApp, prefix: str, answers: Answers) -> None:
        self.app, self.answers = app, answers
        names = "|".join(sorted(PERMITTED, key=len, reverse=True))
        self.known = re.compile(f"{re.escape(prefix)}/matters(?:/([^/]+)/({names}))?")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        post = scope["type"] == "http" and scope["method"] == "POST"
        found = self.known.fullmatch(scope["path"]) if post else None
        if found is None:
            await self.app(scope, receive, send)
            return
        request, (matter, name) = Request(scope, receive, send), found.groups()
        try:
            if name is None:
                answer = await register(request)
            else:
                answer = _json(await _perform(request, name, MatterId(matter)), status=200)
        except Exception as error:
            nearest = next((kind for kind in type(error).__mro__ if kind in self.answers), None)
            if nearest is None:
                raise
            answer = await self.answers[nearest](request, error)
        await answer(scope, receive, send)


def routes(prefix: str) -> list[Route]:
    """The same, and whatever else is sent to a matter: to come after all routes, it says there is no such command."""
    return [
        _route(f"{prefix}/matters/{{matter_id}}/{{command}}", command),
        _route(f"{prefix}/matters", register),
    ]


async def register(request: Request) -> Response:
    """立项."""
    return _json(await _perform(request, REGISTER_NAME, None), status=201)


async def command(request: Request) -> Response:
    """A command on a matter."""
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
