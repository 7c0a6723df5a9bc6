"""Turns away addresses no browser types: control characters in the path or in what is asked."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from urllib.parse import unquote_plus

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from events.refusals import Invalid, NotFound, Refusal

IN_A_PATH = re.compile(r"[\x00-\x1f\x7f-\x9f]")
IN_A_QUERY = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
"""Tab and line breaks come along when a cell of a table is pasted into a search box: white space like any other."""


class PlainAddresses:
    """Refuses before anything is looked up: PostgreSQL cannot store a NUL, and no id, name or word holds the others."""

    def __init__(self, app: ASGIApp, refused: Callable[[Request, Refusal], Awaitable[Response]]) -> None:
        self.app, self.refused = app, refused

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        refusal = unreadable(scope["path"], scope["query_string"]) if scope["type"] == "http" else None
        if refusal is None:
            await self.app(scope, receive, send)
            return
        answer = await self.refused(Request(scope, receive), refusal)
        await answer(scope, receive, send)


def unreadable(path: str, query: bytes) -> Refusal | None:
    """Why an address cannot be meant: nothing has such a name (404), or a value nobody can type (422)."""
    if IN_A_PATH.search(path):
        return NotFound("没有这个地址：网址里有控制字符；核对网址，或从首页重新进入。")
    for part in query.decode("latin-1").split("&"):
        name, _, value = part.partition("=")
        if IN_A_QUERY.search(unquote_plus(name)):
            return Invalid(
                "查询条件的名字里有控制字符，读不了；对照接口说明改好再查。", code="control-character"
            )
        if IN_A_QUERY.search(unquote_plus(value)):
            where = unquote_plus(name)[:40]
            sentence = f"查询条件 {where} 里有看不见的控制字符，读不了；删掉它，或重新打一遍再查。"
            return Invalid(sentence, code="control-character", field=where)
    return None
