"""The web application: pages, API, static files, and what guards every answer."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from events.record.failing import ASKED, ERRORS, failure_of
from events.refusals import Invalid, NotFound, Refusal, Unavailable, WrongMethod
from service.addresses import PlainAddresses
from service.api import (
    bulletins,
    commands,
    desks,
    directory,
    documents,
    dossiers,
    inside,
    lists,
    meetings,
    papering,
    proving,
    rates,
    running,
    supports,
)
from service.api.describing import describe
from service.errors import problem_response
from service.health import router as health
from service.noting import note_refused
from service.runtime import Runtime
from service.scheduler import start_jobs

API = "/api/v1"

log = structlog.get_logger("duban.web")


def make_app(runtime: Runtime, *, jobs: bool = False, pages: bool = True) -> FastAPI:
    """The application on a runtime; ``jobs`` starts clock and delivery with it."""

    @asynccontextmanager
    async def living(_: FastAPI) -> AsyncIterator[None]:
        started = start_jobs(runtime) if jobs else None
        try:
            yield
        finally:
            if started is not None:
                await started.stop()
            runtime.close()

    app = FastAPI(
        title="督办",
        version="1",
        lifespan=living,
        openapi_url=f"{API}/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    app.state.runtime = runtime
    for router in (
        desks.router,
        inside.router,
        papering.router,
        supports.router,
        dossiers.router,
        directory.router,
        lists.router,
        rates.router,
        documents.router,
        running.router,
        proving.router,
        bulletins.router,
        bulletins.commands,
        meetings.router,
        meetings.commands,
    ):
        app.include_router(router, prefix=API)
    app.router.routes.extend(commands.routes(API))
    app.include_router(health)
    if pages:
        from service.pages import mount_pages

        mount_pages(app)
    for kind, answer in ANSWERS.items():
        app.add_exception_handler(kind, answer)
    app.add_exception_handler(Exception, _broken)
    app.add_middleware(commands.Door, prefix=API, answers=ANSWERS)
    app.add_middleware(PlainAddresses, refused=_refused)
    app.add_middleware(_Headers)
    app.openapi = lambda: _document(app)  # type: ignore[method-assign]
    return app


def _document(app: FastAPI) -> dict[str, Any]:
    if app.openapi_schema is None:
        made = get_openapi(title=app.title, version=app.version, routes=app.routes)
        made["paths"] = {path: found for path, found in made["paths"].items() if path.startswith(API)}
        app.openapi_schema = describe(made)
    return app.openapi_schema


def _is_api(request: Request) -> bool:
    return request.url.path.startswith("/api/")


async def _refused(request: Request, refusal: Exception) -> Response:
    assert isinstance(refusal, Refusal)
    principal = getattr(request.state, "principal", None)
    await run_in_threadpool(note_refused, request.app.state.runtime, request, principal, refusal)
    if _is_api(request):
        return problem_response(refusal)
    from service.pages.refusing import refusal_page

    return await refusal_page(request, refusal)


async def _unreadable(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"][1:]) or "请求"
    return await _refused(
        request, Invalid(f"{where} 的写法不对；对照接口说明改好再发。", code="wrong-type", field=where)
    )


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code in (404, 405):
        missing = NotFound("没有这个地址；核对网址，或从首页重新进入。")
        wrong = WrongMethod(f"这个地址不接受 {request.method}；对照接口说明改好再发。")
        return await _refused(request, missing if error.status_code == 404 else wrong)
    return JSONResponse({"code": "http", "detail": str(error.detail)}, status_code=error.status_code)


async def _away(request: Request, error: Exception) -> Response:
    """A database that cannot answer is no fault of this program: said so, and not as an error of ours."""
    failure = failure_of(error)
    if failure is None:
        return await _broken(request, error)
    log.warning("the database does not answer", path=request.url.path, error=repr(error))
    refusal = Unavailable(ASKED[failure], code=failure.value)
    try:
        return await _refused(request, refusal)
    except ERRORS:  # the page's own frame asks the database for a rehearsal's clock
        return PlainTextResponse(refusal.sentence, 503)


async def _broken(request: Request, error: Exception) -> Response:
    log.error("unexpected error", path=request.url.path, exc_info=error)
    body = {
        "code": "internal",
        "title": "服务出错",
        "detail": "这一步出了意外，没有保存；请记下时间告诉运维，稍后再试。",
        "status": 500,
    }
    if _is_api(request):
        return JSONResponse(body, status_code=500, media_type="application/problem+json")
    from service.pages.refusing import broken_page

    return broken_page(request)


ANSWERS: commands.Answers = {
    Refusal: _refused,
    RequestValidationError: _unreadable,
    HTTPException: _http,
    **dict.fromkeys(ERRORS, _away),
}
"""What the routes and the door before them say where something goes wrong."""


class _Headers:
    """Puts the guarding headers on every answer."""

    POLICY = (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self';"
        " connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; manifest-src 'self'"
    )
    ALWAYS = (
        (b"content-security-policy", POLICY.encode()),
        (b"x-content-type-options", b"nosniff"),
        (b"referrer-policy", b"same-origin"),
        (b"x-frame-options", b"DENY"),
        (b"cross-origin-opener-policy", b"same-origin"),
        (b"cross-origin-resource-policy", b"same-origin"),
        (b"permissions-policy", b"geolocation=(self), camera=(self), microphone=()"),
    )

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        static = scope["path"].startswith("/static/")

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = message["headers"]
                present = {name for name, _ in headers}
                headers.extend(pair for pair in self.ALWAYS if pair[0] not in present)
                if not static and b"cache-control" not in present:
                    headers.append((b"cache-control", b"no-store"))
            await send(message)

        await self.app(scope, receive, guarded)


def file_response(path: str, name: str, media_type: str, *, inline: bool) -> FileResponse:
    """A stored file, offered for download unless it may be shown in the page."""
    disposition = "inline" if inline else "attachment"
    return FileResponse(path, media_type=media_type, filename=name, content_disposition_type=disposition)
