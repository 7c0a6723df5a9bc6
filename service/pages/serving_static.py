"""Style sheets and scripts: kept for ever under an address with their digest, asked for anew without one."""

from __future__ import annotations

from fastapi import FastAPI
from starlette.responses import FileResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from events.refusals import NotFound
from service.pages.assets import STATIC, vendor_files

FOR_EVER = "public, max-age=31536000, immutable"
ASK_ANEW = "no-cache"


class _Static(StaticFiles):
    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["cache-control"] = FOR_EVER if scope["query_string"].startswith(b"v=") else ASK_ANEW
        return response


def serve_static(app: FastAPI) -> None:
    """Puts our own files and the installed packages' under ``/static``."""

    def vendor(name: str) -> FileResponse:
        found = vendor_files().get(name)
        if found is None:
            raise NotFound("没有这个文件；刷新页面再试。")
        return FileResponse(found, headers={"cache-control": FOR_EVER})

    app.add_api_route("/static/vendor/{name}", vendor, include_in_schema=False)
    app.mount("/static", _Static(directory=STATIC), name="static")
