"""Turns a Page into HTML: one strict template environment, in which a template sees one object, ``page``."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse

from service.pages.assets import static_url
from service.pages.explaining import explained


@cache
def templates() -> Environment:
    """The environment of all pages: everything escaped, nothing undefined."""
    environment = Environment(
        loader=PackageLoader("service", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.globals["static"] = static_url
    environment.filters["explained"] = explained
    return environment


def render(template: str, page: object) -> str:
    """The text of a page."""
    return templates().get_template(template).render(page=page)


def show(template: str, page: object, *, status: int = 200) -> HTMLResponse:
    """A page as an answer; never kept by caches, for every page is somebody's own."""
    headers = {"Cache-Control": "no-store"}
    return HTMLResponse(render(template, page), status_code=status, headers=headers)
