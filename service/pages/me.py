"""我的设置: password, size of type, contrast."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from events.refusals import Invalid, Refusal
from service.clock import machine_now
from service.errors import status_of
from service.pages.fields import FieldView
from service.pages.rendering import show
from service.pages.shell import Shell
from service.pages.views import Notice, Pair, Problem
from service.pages.visiting import Sent, Visit, Visiting, shell_of

router = APIRouter(include_in_schema=False)

SEE_OTHER = 303


@dataclass(frozen=True, slots=True, kw_only=True)
class MePage:
    """One's own settings."""

    shell: Shell
    notice: Notice | None
    pairs: tuple[Pair, ...]
    fields: tuple[FieldView, ...]
    problems: tuple[Problem, ...]
    large: bool
    high_contrast: bool


@router.get("/me")
def me(visit: Visiting) -> Response:
    """The settings."""
    notice = None
    if visit.query.get("must_change"):
        notice = Notice(kind="stale", title="先换密码", text="您用的是别人给的一次性密码，换成自己的再办事。")
    elif visit.query.get("done"):
        notice = Notice(kind="told", title="已存下")
    return show("me.html", _page(visit, notice))


@router.post("/me/look")
def look(visit: Visiting, form: Sent) -> Response:
    """Keeps size and contrast for this log-in."""
    visit.runtime.accounts.choose(
        visit.session,
        large_type=int(form.get("size") == "large"),
        high_contrast=int(form.get("contrast") == "high"),
    )
    return RedirectResponse("/me?done=1", SEE_OTHER)


@router.post("/me/password")
def change_password(visit: Visiting, form: Sent) -> Response:
    """Changes the password; every session ends, one logs in anew."""
    current, new, again = (str(form.get(name, "")) for name in ("current", "new", "again"))
    try:
        _change(visit, current, new, again)
    except Refusal as refusal:
        field = {"passwords-differ": "again", "weak-password": "new"}.get(refusal.code, "current")
        problem = Problem(sentence=refusal.sentence, field=f"f-{field}")
        return show("me.html", _page(visit, None, problem), status=status_of(refusal)[0])
    return RedirectResponse("/login", SEE_OTHER)


def _change(visit: Visit, current: str, new: str, again: str) -> None:
    accounts, user, now = visit.runtime.accounts, visit.actor.user, machine_now()
    accounts.check(user, current, now)
    if new != again:
        raise Invalid("两次写的新密码不一样；重新写一遍。", code="passwords-differ")
    accounts.set_password(user, new, now)


def _page(visit: Visit, notice: Notice | None, problem: Problem | None = None) -> MePage:
    wrong = {problem.field: problem.sentence} if problem else {}
    said = (
        ("current", "现在的密码", "current-password", ""),
        ("new", "新密码", "new-password", "至少 10 个字符，不含账号名"),
        ("again", "再写一遍", "new-password", ""),
    )
    roles = "、".join(role.label for role in sorted(visit.actor.roles))
    unit = visit.unit_name(visit.actor.unit)
    pairs = [Pair(term="姓名", lines=(visit.actor.name,)), Pair(term="账号", lines=(str(visit.actor.user),))]
    pairs += [Pair(term="单位", lines=(unit,))] if unit else []
    return MePage(
        shell=shell_of(visit, "我的设置"),
        notice=notice,
        pairs=(*pairs, Pair(term="角色", lines=(roles,))),
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
            for name, label, autocomplete, hint in said
        ),
        problems=(problem,) if problem else (),
        large=visit.session.large_type,
        high_contrast=visit.session.high_contrast,
    )
