"""A client of an application in this process: each request is one visit to one event loop the whole run shares."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any
from urllib.parse import unquote

import httpx2
from fastapi import FastAPI


class Inside(httpx2.BaseTransport):
    """Hands a request to the application and brings back the whole answer."""

    def __init__(self, app: FastAPI, *, raises: bool) -> None:
        self._app, self._raises = app, raises

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        return on_the_loop(self._answered(request, request.read()))

    async def _answered(self, request: httpx2.Request, body: bytes) -> httpx2.Response:
        rest = [{"type": "http.request", "body": body}]
        started: dict[str, Any] = {}
        parts: list[bytes] = []

        async def receive() -> dict[str, Any]:
            return rest.pop() if rest else await asyncio.Future()

        async def send(message: Any) -> None:
            if message["type"] == "http.response.start":
                started.update(message)
            else:
                parts.append(message.get("body", b""))

        try:
            await self._app(_scope(request), receive, send)
        except Exception:
            if self._raises or not started:
                raise
        return httpx2.Response(
            started["status"], headers=started["headers"], stream=httpx2.ByteStream(b"".join(parts))
        )


def _scope(request: httpx2.Request) -> dict[str, Any]:
    return {
        "type": "http",
        "http_version": "1.1",
        "method": request.method,
        "scheme": request.url.scheme,
        "path": unquote(request.url.raw_path.partition(b"?")[0].decode("ascii")),
        "raw_path": request.url.raw_path.partition(b"?")[0],
        "root_path": "",
        "query_string": request.url.query,
        "headers": [(name.lower(), value) for name, value in request.headers.raw],
        "client": ("127.0.0.1", 50000),
        "server": ("testserver", 80),
        "state": {},
    }


def client_of(app: FastAPI, *, raises: bool) -> httpx2.Client:
    """A client with cookies of its own that follows redirects; ``raises`` what the application did not expect."""
    return httpx2.Client(
        transport=Inside(app, raises=raises), base_url="http://testserver", follow_redirects=True
    )


@contextmanager
def living(app: FastAPI) -> Iterator[None]:
    """The application from its start to its end."""
    span = app.router.lifespan_context(app)
    on_the_loop(span.__aenter__())
    try:
        yield
    finally:
        on_the_loop(span.__aexit__(None, None, None))


def on_the_loop(work: Coroutine[Any, Any, Any]) -> Any:
    """What a coroutine comes to, run on the shared loop."""
    return asyncio.run_coroutine_threadsafe(work, _loop()).result(timeout=120)


@cache
def _loop() -> asyncio.AbstractEventLoop:
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="inside", daemon=True).start()
    return loop
