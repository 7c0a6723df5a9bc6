"""账号: who may log in, as what; for system administrators."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from events.directory.state import User
from events.refusals import NotFound, Refusal
from events.vocabulary import UserName
from service.clock import machine_now
from service.identity import must_be_admin
from service.pages.directing_forms import FORMS, directed, form_page, refused
from service.pages.form_page import FormPage
from service.pages.rendering import show
from service.pages.shell import Shell
from service.pages.views import Act, Empty, Notice, Pair, Row
from service.pages.visiting import Sent, Visit, Visiting, shell_of
from service.pages.words import joined, short_day

router = APIRouter(include_in_schema=False)

SEE_OTHER = 303
TOKEN = "token"  # noqa: S105 - the name of a form


@dataclass(frozen=True, slots=True, kw_only=True)
class UsersPage:
    """Every account."""

    shell: Shell
    sub: str
    acts: tuple[Act, ...]
    rows: tuple[Row, ...]
    empty: Empty


@dataclass(frozen=True, slots=True, kw_only=True)
class UserPage:
    """One account; ``secret`` is shown once, right after it was made."""

    shell: Shell
    title: str
    sub: str
    notice: Notice | None
    acts: tuple[Act, ...]
    pairs: tuple[Pair, ...]
    secret_label: str
    secret: str


@router.get("/users")
def users(visit: Visiting) -> Response:
    """The accounts."""
    must_be_admin(visit.actor)
    known = sorted(visit.directory.users.values(), key=lambda user: (user.disabled, user.name))
    page = UsersPage(
        shell=shell_of(visit, "账号"),
        sub=f"{sum(not user.disabled for user in known)} 个在用",
        acts=() if visit.asking.past else (Act(text="开账号", href="/users/register", make="primary"),),
        rows=tuple(
            Row(
                title=f"{user.name}　{visit.directory.person_name(user.person)}",
                href=f"/users/{user.name}",
                meta=joined(_roles(user), _unit(visit, user), "已停用" if user.disabled else ""),
            )
            for user in known
        ),
        empty=Empty(title="还没有账号", text="登记人员以后，给要办事的人开账号。"),
    )
    return show("users.html", page)


@router.get("/users/register")
def registering(visit: Visiting) -> Response:
    """The form of a new account."""
    must_be_admin(visit.actor)
    return show("form.html", _new(visit, {"person": [visit.query.get("person", "")]}))


@router.post("/users/register")
def register(visit: Visiting, form: Sent) -> Response:
    """A new account."""
    answer, raw, refusal = directed(visit, form, "users", "register", None)
    if refusal is not None:
        return refused(visit, _new(visit, raw), refusal, "users", "register")
    secret = str(answer.get("one_time_password", ""))
    name = str(answer.get("id") or raw["name"][0])
    return _made(visit, name, "一次性密码", secret)


@router.get("/users/{name}")
def user(visit: Visiting, name: str) -> Response:
    """One account."""
    must_be_admin(visit.actor)
    notice = Notice(kind="told", title="已记下") if visit.query.get("done") else None
    known = visit.directory.users.get(UserName(name))
    if known is None:
        raise NotFound("没有这个账号，或那时还没有开；到账号里找。")
    return show("user.html", _page(visit, known, notice))


@router.get("/users/{name}/{verb}")
def changing(visit: Visiting, name: str, verb: str) -> Response:
    """The form of a change to an account."""
    must_be_admin(visit.actor)
    known = _verb(visit, name, verb)
    return show(
        "form.html", _form(visit, known, verb, {"roles": [role.value for role in known.current_roles]})
    )


@router.post("/users/{name}/{verb}")
def change(visit: Visiting, form: Sent, name: str, verb: str) -> Response:
    """Changes an account; a token or a password made up here is shown once."""
    known = _verb(visit, name, verb)
    if verb == TOKEN:
        must_be_admin(visit.actor)
        try:
            secret = visit.runtime.accounts.make_token(known.name, machine_now())
        except Refusal as refusal:
            return refused(visit, _form(visit, known, verb, {}), refusal, "users", verb)
        return _made(visit, name, "令牌", secret)
    answer, raw, refused_by = directed(visit, form, "users", verb, known.name)
    if refused_by is not None:
        return refused(visit, _form(visit, known, verb, raw), refused_by, "users", verb)
    if secret := str(answer.get("one_time_password", "")):
        return _made(visit, name, "一次性密码", secret)
    return RedirectResponse(f"/users/{name}?done={verb}", SEE_OTHER)


def _made(visit: Visit, name: str, label: str, secret: str) -> Response:
    if not secret:
        return RedirectResponse(f"/users/{name}?done=1", SEE_OTHER)
    known = visit.runtime.directory.now().users[UserName(name)]
    notice = Notice(kind="told", title=f"已发{label}", text="只显示这一次，现在就交给本人。")
    return show("user.html", _page(visit, known, notice, label, secret))


def _page(visit: Visit, known: User, notice: Notice | None, label: str = "", secret: str = "") -> UserPage:
    here = f"/users/{known.name}"
    shut = (
        Act(text="启用", href=f"{here}/enable")
        if known.disabled
        else Act(text="停用", href=f"{here}/disable", make="grave")
    )
    history = tuple(
        Pair(
            term=short_day(since.on, visit.day),
            lines=("、".join(role.label for role in sorted(since.value)),),
        )
        for since in known.roles
    )
    return UserPage(
        shell=shell_of(visit, str(known.name)),
        title=str(known.name),
        sub=joined(
            visit.directory.person_name(known.person), _unit(visit, known), "已停用" if known.disabled else ""
        ),
        notice=notice,
        acts=()
        if visit.asking.past
        else (
            Act(text="调整角色", href=f"{here}/roles", make="primary"),
            Act(text="重设密码", href=f"{here}/reset-password"),
            Act(text="发令牌", href=f"{here}/{TOKEN}"),
            shut,
        ),
        pairs=history,
        secret_label=label,
        secret=secret,
    )


def _new(visit: Visit, raw: Mapping[str, list[str]]) -> FormPage:
    return form_page(visit, "users", "register", action="/users/register", back="/users", sub="", raw=raw)


def _form(visit: Visit, known: User, verb: str, raw: Mapping[str, list[str]]) -> FormPage:
    here = f"/users/{known.name}"
    return form_page(visit, "users", verb, action=f"{here}/{verb}", back=here, sub=str(known.name), raw=raw)


def _known(visit: Visit, name: str) -> User:
    known = visit.runtime.directory.now().users.get(UserName(name))
    if known is None:
        raise NotFound("没有这个账号；到账号里找。")
    return known


def _verb(visit: Visit, name: str, verb: str) -> User:
    if ("users", verb) not in FORMS or verb == "register":
        raise NotFound("没有这一步；回到账号页。")
    return _known(visit, name)


def _roles(user: User) -> str:
    return "、".join(role.label for role in sorted(user.current_roles))


def _unit(visit: Visit, user: User) -> str:
    person = visit.directory.people.get(user.person) if user.person else None
    return visit.unit_name(person.unit(visit.day)) if person else ""
