"""新的动静: what a page that stays open asks by itself; nothing new is said in one look at the end of the record."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from fastapi import APIRouter, Request
from sqlalchemy import Connection
from starlette.datastructures import QueryParams
from starlette.responses import JSONResponse, Response

from events.refusals import Malformed
from projections import lists
from projections.asking import Asked
from projections.shapes import Listed
from projections.stirring import stirred
from service.pages import rails
from service.pages.duties import own
from service.pages.viewing import question, read_view
from service.pages.visiting import Visit, Visiting

router = APIRouter(include_in_schema=False)

NOT_MODIFIED = 304


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """A list that is looked at."""

    asked: Asked
    listed: Listed = lists.MATTERS
    more: dict[str, str] = field(default_factory=dict)


@router.get("/live")
def live(request: Request, visit: Visiting) -> Response:
    """What stirred on a page since ``at``: 304 where nothing was written at all.

    Raises Malformed for an address that is no list, or no position.
    """
    after, head = _position(visit.query.get("at", "")), visit.runtime.store.head().position
    mark = f'"{head}-{visit.day.isoformat()}"'
    headers = {"ETag": mark, "Cache-Control": "no-store"}
    if request.headers.get("if-none-match") == mark:
        return Response(status_code=NOT_MODIFIED, headers=headers)
    watched = _watched(visit, visit.query.get("of", ""))
    with visit.connect() as connection:
        said = {"stirred": _stirred(connection, visit, watched, after), **_counts(connection, visit)}
    return JSONResponse(said, headers=headers)


def _stirred(connection: Connection, visit: Visit, watched: Watched, after: int) -> int | None:
    return stirred(connection, watched.asked, visit.calendar, watched.listed, after, **watched.more)


def _counts(connection: Connection, visit: Visit) -> dict[str, Any]:
    """What rail and bell count now, by the address each opens."""
    found = rails.counts(connection, visit.asked(), visit.actor, visit.asking.moment)
    return {
        "counts": {"/matters": found.open, "/overdue": found.overdue},
        "unread": rails.unread_said(found.unread),
    }


def _position(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise Malformed("没有说明从哪一位以后看；刷新页面再试。", code="unreadable-filter")
    return int(text)


def _watched(visit: Visit, address: str) -> Watched:
    path, _, query = address.partition("?")
    params = QueryParams(query)
    if path == "/matters":
        view = read_view(params)
        return Watched(asked=question(visit, view))
    if path in ("/", "/board"):
        return Watched(asked=visit.asked())
    if path in PRESSING:
        mine = own(visit) if params.get("handler") == "me" else {}
        listed, until = PRESSING[path]
        more = {"until": until(visit)} if until else {}
        return Watched(asked=visit.asked(**mine), listed=listed, more=more)
    raise Malformed("这个地址不是能自己更新的清单；刷新页面再试。", code="unreadable-filter")


def _soon(visit: Visit) -> str:
    within = visit.runtime.settings.rules.due_soon_working_days
    return visit.calendar.nth_working_day_after(visit.day, within).on.isoformat()


PRESSING: dict[str, tuple[Listed, Callable[[Visit], str] | None]] = {
    "/overdue": (lists.OVERDUE, None),
    "/due-soon": (lists.DUE_SOON, _soon),
    "/unsigned": (lists.UNSIGNED, None),
    "/extensions": (lists.EXTENSIONS_ASKED, None),
    "/support": (lists.SUPPORT_ASKED, None),
    "/awaiting-verification": (lists.AWAITING_VERIFICATION, None),
    "/provisional": (lists.PROVISIONAL, None),
}
"""The lists that press, and up to when they look ahead. Look-backs stay out: each look at them is written down."""
