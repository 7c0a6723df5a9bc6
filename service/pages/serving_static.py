"""Style sheets and scripts: packed once, kept for ever under an address with their digest, asked for anew without one.

Pages themselves are not packed: they hold a secret of the session beside words from the address, and the length of
what is packed would give it away little by little.
"""

from __future__ import annotations

import gzip
from functools import lru_cache
from mimetypes import guess_type
from os import PathLike, stat_result
from pathlib import Path

from fastapi import FastAPI, Request
from starlette.responses import FileResponse, Response
from starlette.staticfiles import NotModifiedResponse, StaticFiles
from starlette.types import Scope

from events.refusals import NotFound
from service.pages.assets import STATIC, vendor_files

FOR_EVER = "public, max-age=31536000, immutable"
ASK_ANEW = "no-cache"
PACKED = frozenset({".css", ".js", ".svg"})


class _Static(StaticFiles):
    def file_response(
        self, full_path: str | PathLike[str], stat_result: stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        response = super().file_response(full_path, stat_result, scope, status_code)
        if not isinstance(response, NotModifiedResponse) and _takes_packed(Request(scope)):
            response = _packed(Path(full_path)) or response
        response.headers["cache-control"] = FOR_EVER if scope["query_string"].startswith(b"v=") else ASK_ANEW
        return response


def serve_static(app: FastAPI) -> None:
    """Puts our own files and the installed packages' under ``/static``."""

    def vendor(request: Request, name: str) -> Response:
        found = vendor_files().get(name)
        if found is None:
            raise NotFound("没有这个文件；刷新页面再试。")
        response = (_takes_packed(request) and _packed(found)) or FileResponse(found)
        response.headers["cache-control"] = FOR_EVER
        return response

    app.add_api_route("/static/vendor/{name}", vendor, include_in_schema=False)
    app.mount("/static", _Static(directory=STATIC), name="static")


def _takes_packed(request: Request) -> bool:
    return "gzip" in request.headers.get("accept-encoding", "")


def _packed(file: Path) -> Response | None:
    """The file as gzip; None for a kind that would not shrink."""
    if file.suffix not in PACKED:
        return None
    headers = {"content-encoding": "gzip", "vary": "accept-encoding"}
    media_type = guess_type(file.name)[0]
    return Response(_gzip(file, file.stat().st_mtime_ns), media_type=media_type, headers=headers)


@lru_cache(maxsize=64)
def _gzip(file: Path, changed_at: int) -> bytes:  # noqa: ARG001 - a changed file is another one
    return gzip.compress(file.read_bytes(), 9, mtime=0)
