"""换密码: one's own, and at the first log-in the only page there is."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter
from starlette.responses import Response

from events.refusals import Invalid, Refusal
from service.clock import machine_now
from service.errors import status_of
from service.pages.fields import FieldView
from service.pages.login import entered, safe_path
from service.pages.rendering import show
from service.pages.shell import Shell
from service.pages.views import Problem
from service.pages.visiting import Sent, Visit, Visiting, doorway

router = APIRouter(include_in_schema=False)

CHANGED = "/me?changed=1"
FIELDS = (
    ("current", "现在的密码", "current-password", ""),
    ("new", "新密码", "new-password", "至少 10 个字符，不含账号名"),
    ("again", "再写一遍", "new-password", ""),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordPage:
    """The form; ``must`` where nothing else may be done before."""

    shell: Shell
    name: str
    must: bool
    next: str
    fields: tuple[FieldView, ...]
    problems: tuple[Problem, ...]


@router.get("/me/password")
def password(visit: Visiting) -> Response:
    """The form."""
    return show("password.html", _page(visit, visit.query.get("next", "")))


@router.post("/me/password")
def change_password(visit: Visiting, form: Sent) -> Response:
    """Changes the password: every session ends, and this one goes on as a new one."""
    current, new, again = (str(form.get(name, "")) for name, *_ in FIELDS)
    onward = str(form.get("next", ""))
    try:
        _change(visit, current, new, again)
    except Refusal as refusal:
        field = {"passwords-differ": "again", "weak-password": "new", "same-password": "new"}
        problem = Problem(sentence=refusal.sentence, field=f"f-{field.get(refusal.code, 'current')}")
        return show("password.html", _page(visit, onward, problem), status=status_of(refusal)[0])
    secret = visit.runtime.accounts.log_in(visit.actor.user, machine_now())
    return entered(visit.runtime, secret, safe_path(onward) if onward else CHANGED)


def _change(visit: Visit, current: str, new: str, again: str) -> None:
    accounts, user, now = visit.runtime.accounts, visit.actor.user, machine_now()
    accounts.check(user, current, now)
    if new != again:
        raise Invalid("两次写的新密码不一样；重新写一遍。", code="passwords-differ")
    if new == current:
        raise Invalid("新密码和现在的一样，等于没换；换一个自己想的。", code="same-password")
    accounts.set_password(user, new, now)


def _page(visit: Visit, onward: str, problem: Problem | None = None) -> PasswordPage:
    wrong = {problem.field: problem.sentence} if problem else {}
    return PasswordPage(
        shell=doorway(visit.runtime, "换密码", csrf=visit.session.csrf),
        name=str(visit.actor.user),
        must=visit.session.must_change,
        next=onward,
        fields=tuple(
            FieldView(
                name=name,
                label=label,
                widget="password",
                value=autocomplete,
                hint=hint,
                required=True,
                problem=wrong.get(f"f-{name}", ""),
            )
            for name, label, autocomplete, hint in FIELDS
        ),
        problems=(problem,) if problem else (),
    )
