"""A refusal as a page in the same look: what, why, and where to go from here."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from uuid_utils.compat import uuid7

from events.refusals import MustChangePassword, NotAuthenticated, Refusal
from service.errors import status_of
from service.identity import runtime_of
from service.pages.login import door_page
from service.pages.rendering import show
from service.pages.resuming import Kept, of_another, resume_page, typed_before
from service.pages.shell import Shell
from service.pages.views import Link
from service.pages.visiting import doorway, shell_of, visit_of

SEE_OTHER = 303
FOREIGN_FORM = "foreign-form"
FORMS_AT = "/matters/"
"""A form below is found again at the address it is sent to, with what was typed."""
TITLES = {
    400: "这样看不懂",
    403: "不归您办",
    404: "没有找到",
    409: "现在不能办",
    413: "文件太大",
    422: "不合规定",
    429: "请稍后再试",
    503: "暂时不能办",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusalPage:
    """A no."""

    shell: Shell
    title: str
    sentence: str
    links: tuple[Link, ...]
    reference: str


async def refusal_page(request: Request, refusal: Refusal) -> Response:
    """A refusal outside a form; who is not logged in is shown the door and comes back here, who came in by a one-time
    password is shown where to change it. What was typed in a form whose log-in ended, or was followed by another,
    goes along.
    """
    if isinstance(refusal, NotAuthenticated) or refusal.code == FOREIGN_FORM:
        kept = await typed_before(request)
        return await run_in_threadpool(_at_the_door, request, refusal, kept)
    return await run_in_threadpool(_refused, request, refusal)


def _at_the_door(request: Request, refusal: Refusal, kept: Kept) -> Response:
    runtime, principal = runtime_of(request), getattr(request.state, "principal", None)
    onward = request.url.path
    if isinstance(refusal, NotAuthenticated):
        if not kept:
            return RedirectResponse(f"/login{_after(request)}", SEE_OTHER)
        page = door_page(runtime, name="", onward=onward, kept=kept)
        return show("login.html", page, status=status_of(refusal)[0])
    if not kept or principal is None or principal.session is None or of_another(kept, principal.actor.user):
        return _refused(request, refusal)
    return show("resume.html", resume_page(runtime, onward, kept, principal.session.csrf))


def _refused(request: Request, refusal: Refusal) -> Response:
    if isinstance(refusal, MustChangePassword):
        return RedirectResponse(f"/me/password{_after(request)}", SEE_OTHER)
    status, title = status_of(refusal)
    return _page(request, status, TITLES.get(status, title), refusal.sentence)


def _after(request: Request) -> str:
    onward = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    comes_back = request.method == "GET" or onward.startswith(FORMS_AT)
    return f"?next={quote(onward)}" if comes_back and onward != "/" else ""


def broken_page(request: Request) -> Response:
    """Something nobody foresaw; nothing was written."""
    reference = uuid7().hex[:12]
    sentence = "这一步出了意外，没有保存。回到上一页再试一次；还不行，把下面的编号和时间告诉系统管理员。"
    return _page(request, 500, "服务出错", sentence, reference=reference)


def _page(request: Request, status: int, title: str, sentence: str, reference: str = "") -> Response:
    shell = _shell(request, title)
    links = [Link(text="回工作台", href="/")]
    if shell.person:
        links.append(Link(text="到台账里查", href="/matters?state=all"))
    page = RefusalPage(shell=shell, title=title, sentence=sentence, links=tuple(links), reference=reference)
    return show("error.html", page, status=status)


def _shell(request: Request, title: str) -> Shell:
    """The visitor's frame; a bare one where there is no visitor, or where the frame itself is what fails."""
    without_time = Request({**request.scope, "query_string": b""})
    try:
        return shell_of(visit_of(without_time), title)
    except Exception:  # noqa: BLE001 - whatever broke must not break the page that says so
        return doorway(runtime_of(request), title, body="has-bar")
