"""Refusals as HTTP: each kind of no has one status; the body is RFC 9457 problem+json."""

from __future__ import annotations

from typing import Any

import msgspec
from starlette.responses import Response

from events.refusals import (
    Conflict,
    Invalid,
    Malformed,
    NotAuthenticated,
    NotFound,
    NotYours,
    Refusal,
    TooLarge,
    Unavailable,
    WrongMedia,
    WrongMethod,
)
from service.storage.accounts import Locked

STATUSES: tuple[tuple[type[Refusal], int, str], ...] = (
    (Malformed, 400, "请求读不懂"),
    (NotAuthenticated, 401, "没有登录"),
    (NotYours, 403, "不归您办"),
    (NotFound, 404, "没有找到"),
    (WrongMethod, 405, "方法不对"),
    (Conflict, 409, "与现状冲突"),
    (TooLarge, 413, "内容太大"),
    (WrongMedia, 415, "内容类型不对"),
    (Locked, 429, "试得太多"),
    (Unavailable, 503, "暂时不能办"),
    (Invalid, 422, "不合规定"),
    (Refusal, 422, "不合规定"),
)


def status_of(refusal: Refusal) -> tuple[int, str]:
    """HTTP status and Chinese title of a refusal."""
    return next((status, title) for kind, status, title in STATUSES if isinstance(refusal, kind))


def problem(refusal: Refusal) -> dict[str, Any]:
    """The problem document of a refusal: code, title, detail, status and particulars."""
    status, title = status_of(refusal)
    return {
        "type": f"urn:duban:{refusal.code}",
        "code": refusal.code,
        "title": title,
        "detail": refusal.sentence,
        "status": status,
        **refusal.extra,
    }


def problem_response(refusal: Refusal) -> Response:
    """The problem document as an answer."""
    body = problem(refusal)
    headers = {"WWW-Authenticate": "Bearer"} if body["status"] == 401 else {}
    if body["status"] == 503:
        headers["Retry-After"] = "5"
    return Response(
        msgspec.json.encode(body), body["status"], headers=headers, media_type="application/problem+json"
    )
