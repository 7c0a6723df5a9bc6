"""登录、退出."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from events.refusals import NotAuthenticated, Refusal
from events.vocabulary import UserName
from service.clock import beijing_day, machine_now
from service.errors import status_of
from service.identity import COOKIE, actor_of, runtime_of, visitor
from service.pages.parsing_forms import raw_of, read_form
from service.pages.rendering import show
from service.pages.resuming import Kept, of_another, passed_on, resume_page
from service.pages.shell import Shell
from service.pages.views import Problem
from service.pages.visiting import Sent, Visiting, doorway
from service.runtime import Runtime

router = APIRouter(include_in_schema=False)

SEE_OTHER = 303


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginPage:
    """The door."""

    shell: Shell
    name: str
    next: str
    problems: tuple[Problem, ...]
    kept: Kept = ()
    """What was typed in a form whose log-in had ended."""


@router.get("/login")
def door(request: Request) -> Response:
    """The door; whoever is in already goes on."""
    onward = safe_path(request.query_params.get("next", "/"))
    if visitor(request) is not None:
        return RedirectResponse(onward, SEE_OTHER)
    return show("login.html", door_page(runtime_of(request), name="", onward=onward))


@router.post("/login")
async def log_in(request: Request) -> Response:
    """Checks account and password and opens a session.

    A form from another site could only log its victim in under the attacker's account, where nothing of the victim's
    is to be found; the cookie itself is never sent along with another site's form.
    """
    runtime = runtime_of(request)
    form = await read_form(request, most=0, files=0)
    name, password = str(form.get("name", "")).strip(), str(form.get("password", ""))
    onward, kept = safe_path(str(form.get("next", "/"))), passed_on(raw_of(form))
    try:
        secret = await run_in_threadpool(_open, runtime, UserName(name), password)
    except Refusal as refusal:
        page = door_page(runtime, name=name, onward=onward, problem=refusal.sentence, kept=kept)
        return show("login.html", page, status=status_of(refusal)[0])
    if not kept or of_another(kept, name):
        return entered(runtime, secret, onward)
    return await run_in_threadpool(_resumed, runtime, secret, onward, kept)


def _resumed(runtime: Runtime, secret: str, onward: str, kept: Kept) -> Response:
    session = runtime.accounts.session(secret, machine_now())
    if session is None or session.must_change:
        return entered(runtime, secret, onward)
    page = resume_page(runtime, onward, kept, session.csrf)
    return with_cookie(runtime, secret, show("resume.html", page))


def entered(runtime: Runtime, secret: str, onward: str) -> Response:
    """Goes on with a session's secret in the cookie."""
    return with_cookie(runtime, secret, RedirectResponse(onward, SEE_OTHER))


def with_cookie(runtime: Runtime, secret: str, response: Response) -> Response:
    """An answer that opens a session in the browser."""
    web = runtime.settings.web
    response.set_cookie(
        COOKIE,
        secret,
        max_age=web.session_hours * 3600,
        httponly=True,
        samesite="lax",
        secure=web.secure_cookies,
    )
    return response


@router.post("/logout")
async def log_out(visit: Visiting, _: Sent) -> Response:
    """Ends the session."""
    visit.runtime.accounts.log_out(visit.session.key)
    response = RedirectResponse("/login", SEE_OTHER)
    response.delete_cookie(COOKIE)
    return response


def safe_path(text: str) -> str:
    """A path within this site, else the first page."""
    inside = text.startswith("/") and not text.startswith(("//", "/\\")) and text.isprintable()
    return text if inside and not text.startswith(("/login", "/logout")) else "/"


def _open(runtime: Runtime, user: UserName, password: str) -> str:
    now = machine_now()
    if not user or not password:
        raise NotAuthenticated("写上账号和密码，再登录。", code="wrong-password")
    runtime.accounts.check(user, password, now)
    actor_of(runtime.directory.now(), user, beijing_day(runtime.clock.now()))
    return runtime.accounts.log_in(user, now)


def door_page(runtime: Runtime, *, name: str, onward: str, problem: str = "", kept: Kept = ()) -> LoginPage:
    """The door; ``kept`` goes through it."""
    problems = (Problem(sentence=problem, field="password"),) if problem else ()
    return LoginPage(shell=doorway(runtime, "登录"), name=name, next=onward, problems=problems, kept=kept)
