"""人员: one person with unit, posts and accounts, and the forms that change them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from events.directory.state import Person
from events.refusals import NotFound, NotYours
from events.vocabulary import OFFICE, PersonId, Role
from service.commands.handing_over import on_desk
from service.identity import must_be_admin
from service.pages.directing_forms import FORMS, directed, form_page, refused
from service.pages.form_page import FormPage
from service.pages.rendering import show
from service.pages.shell import Shell
from service.pages.views import Act, Notice, Pair, Row
from service.pages.visiting import Sent, Visit, Visiting, shell_of
from service.pages.words import joined, short_day

router = APIRouter(include_in_schema=False)

SEE_OTHER = 303


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonPage:
    """One person."""

    shell: Shell
    title: str
    sub: str
    notice: Notice | None
    acts: tuple[Act, ...]
    pairs: tuple[Pair, ...]
    history: tuple[Pair, ...]
    users: tuple[Row, ...]


@router.get("/people/register")
def registering(visit: Visiting) -> Response:
    """The form of a new person."""
    must_be_admin(visit.actor)
    return show("form.html", _new(visit, {"unit": [visit.query.get("unit", "")]}))


@router.post("/people/register")
def register(visit: Visiting, form: Sent) -> Response:
    """A new person."""
    answer, raw, refusal = directed(visit, form, "people", "register", None)
    if refusal is not None:
        return refused(visit, _new(visit, raw), refusal, "people", "register")
    return RedirectResponse(f"/people/{answer['id']}?done=1", SEE_OTHER)


@router.get("/people/{person_id}")
def person(visit: Visiting, person_id: str) -> Response:
    """One person."""
    known, day = _known(visit, person_id), visit.day
    unit = known.unit(day)
    roles = "、".join(role.label for role in sorted(known.roles(day)))
    gone = f"{short_day(known.left_on, day)}离任" if known.left_on and known.left_on <= day else ""
    reach = visit.sees_all or visit.actor.person == known.id
    pairs = [("单位", visit.unit_name(unit)), ("职务", roles or "没有"), ("离任", gone)]
    pairs += [("标记", "行政首长")] if known.administrative_head else []
    pairs += [("邮箱", known.email or "没有登记"), ("电话", known.phone or "没有登记")] if reach else []
    page = PersonPage(
        shell=shell_of(visit, known.name),
        title=known.name,
        sub=joined(visit.unit_name(unit), gone),
        notice=Notice(kind="told", title="已记下") if visit.query.get("done") else None,
        acts=_acts(visit, known),
        pairs=tuple(Pair(term=term, lines=(text,)) for term, text in pairs if text),
        history=_history(visit, known),
        users=_users(visit, known),
    )
    return show("person.html", page)


@router.get("/people/{person_id}/{verb}")
def changing(visit: Visiting, person_id: str, verb: str) -> Response:
    """The form that moves, changes or lets leave."""
    known = _verb(visit, person_id, verb)
    if verb not in STANDING_IN:
        must_be_admin(visit.actor)
    elif not _may_delegate(visit, known):
        raise NotYours("代办由本人、督查室负责人或系统管理员安排；请转请其办理。")
    raw = {
        "unit": [known.unit(visit.day) or ""],
        "roles": [role.value for role in known.roles(visit.day)],
        "name": [known.name],
        "email": [known.email or ""],
        "phone": [known.phone or ""],
        "administrative_head": [str(known.administrative_head).lower()],
    }
    return show("form.html", _form(visit, known, verb, raw))


@router.post("/people/{person_id}/{verb}")
def change(visit: Visiting, form: Sent, person_id: str, verb: str) -> Response:
    """Moves, changes or lets leave."""
    known = _verb(visit, person_id, verb)
    _, raw, refusal = directed(visit, form, "people", verb, known.id)
    if refusal is not None:
        return refused(visit, _form(visit, known, verb, raw), refusal, "people", verb)
    return RedirectResponse(f"/people/{known.id}?done={verb}", SEE_OTHER)


STANDING_IN = ("delegate", "end-delegation")


def _may_delegate(visit: Visit, known: Person) -> bool:
    return visit.actor.person == known.id or bool(visit.actor.roles & {Role.OFFICE_HEAD, Role.ADMIN})


def _new(visit: Visit, raw: Mapping[str, list[str]]) -> FormPage:
    return form_page(visit, "people", "register", action="/people/register", back="/units", sub="", raw=raw)


def _form(visit: Visit, known: Person, verb: str, raw: Mapping[str, list[str]]) -> FormPage:
    here = f"/people/{known.id}"
    return form_page(visit, "people", verb, action=f"{here}/{verb}", back=here, sub=known.name, raw=raw)


def _known(visit: Visit, person_id: str) -> Person:
    known = visit.directory.people.get(PersonId(person_id))
    if known is None:
        raise NotFound("没有这个人；到单位与人员里找。")
    return known


def _verb(visit: Visit, person_id: str, verb: str) -> Person:
    if ("people", verb) not in FORMS or verb == "register":
        raise NotFound("没有这一步；回到人员页。")
    return _known(visit, person_id)


def _history(visit: Visit, known: Person) -> tuple[Pair, ...]:
    lines = [(since.on, f"到 {visit.unit_name(since.value)}") for since in known.units]
    for since in known.posts:
        roles = "、".join(role.label for role in sorted(since.value))
        lines.append((since.on, f"任 {roles}" if roles else "不任职"))
    for one in known.delegations:
        name = visit.directory.person_name(one.to)
        lines.append((one.from_on, f"由 {name} 代办，到 {short_day(one.last_on, visit.day)}"))
    lines.sort()
    return tuple(Pair(term=short_day(on, visit.day), lines=(text,)) for on, text in lines)


def _users(visit: Visit, known: Person) -> tuple[Row, ...]:
    if not visit.may(Role.ADMIN) and visit.actor.person != known.id:
        return ()
    return tuple(
        Row(
            title=str(user.name),
            href=f"/users/{user.name}" if visit.may(Role.ADMIN) else "/me",
            meta=joined(
                "、".join(role.label for role in sorted(user.current_roles)),
                "已停用" if user.disabled else "",
            ),
        )
        for user in visit.directory.users.values()
        if user.person == known.id
    )


def _acts(visit: Visit, known: Person) -> tuple[Act, ...]:
    if visit.asking.past:
        return ()
    here = f"/people/{known.id}"
    desk = on_desk(visit.runtime, known.id) if visit.may(*OFFICE) else 0
    over = (Act(text=f"交接他经办的 {desk:,} 件", href=f"{here}/hand-over"),) if desk else ()
    if _may_delegate(visit, known) and not known.left(visit.day):
        over = (*over, Act(text="请人代办", href=f"{here}/delegate"))
        if any(one.last_on >= visit.day for one in known.delegations):
            over = (*over, Act(text="结束代办", href=f"{here}/end-delegation"))
    if Role.ADMIN not in visit.actor.roles:
        return over
    return (
        *over,
        Act(text="调动", href=f"{here}/move", make="primary"),
        Act(text="改姓名、邮箱、电话", href=f"{here}/change"),
        Act(text="开账号", href=f"/users/register?person={known.id}"),
        Act(text="离任", href=f"{here}/leave", make="grave"),
    )
