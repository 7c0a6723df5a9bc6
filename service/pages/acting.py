"""Forms of a matter's commands: one page for all of them, made from a table of words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from fastapi import APIRouter, Request
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from events.matter.deciding import admit
from events.matter.permitted import PERMITTED, REGISTER
from events.matter.state import Matter
from events.record.envelope import Recorded
from events.refusals import NotFound, Refusal, StaleVersion
from events.vocabulary import OFFICE, MatterId, UnitId
from projections import lists
from service.clock import machine_now
from service.commands import performing
from service.commands.performing import fingerprint, perform_now
from service.errors import status_of
from service.pages import acts, background
from service.pages.background import Part
from service.pages.command_fields import command_fields, extra_fields
from service.pages.fields import HAS_FILE, FieldView, Raw, first
from service.pages.labels import EXTRAS
from service.pages.likes import Likes, likes_of
from service.pages.matter import kept_under, load
from service.pages.reading_forms import attached_of, fields_of, missing, problem_of, raw_of
from service.pages.rendering import show
from service.pages.shell import Shell
from service.pages.showing import address
from service.pages.views import Link, Notice, Problem
from service.pages.visiting import Sent, Visit, Visiting, shell_of
from service.pages.wording import FORMS

router = APIRouter(include_in_schema=False)

SEE_OTHER = 303
NEW = "register"


@dataclass(frozen=True, slots=True, kw_only=True)
class FormPage:
    """A form with what one should know before filling it in."""

    shell: Shell
    title: str
    sub: str
    action: str
    verb: str
    grave: bool
    then: str
    back: str
    keep: str
    """Key under which the browser keeps what is typed."""
    until_recorded: bool
    """Whether it is kept until a page says that it was recorded; else until it is sent."""
    carried: tuple[tuple[str, str], ...]
    fields: tuple[FieldView, ...]
    extras: tuple[FieldView, ...]
    extras_title: str
    extras_open: bool
    has_file: bool
    problems: tuple[Problem, ...]
    problems_title: str
    notice: Notice | None
    aside: tuple[Part, ...]
    likes: Likes | None = None
    """At 立项: matters like what is being typed."""


NOT_KEPT = frozenset({"note-petitioner"})
"""Forms whose typed text no browser may keep: it holds names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filling:
    """A form being filled in."""

    command: str
    matter: Matter | None
    history: Sequence[Recorded]
    raw: Raw
    behalf: UnitId | None = None
    """The unit whose paper is entered."""


@router.get("/matters/register")
def registering(visit: Visiting) -> Response:
    """The form of 立项."""
    visit.must(*OFFICE)
    filling = Filling(command=NEW, matter=None, history=(), raw=_prefilled(visit))
    return show("form.html", _page(visit, filling, {}))


@router.post("/matters/register")
def register(request: Request, visit: Visiting, form: Sent) -> Response:
    """立项."""
    return _send(request, visit, form, NEW, None)


@router.get("/matters/{matter_id}/{command}")
def act(visit: Visiting, matter_id: str, command: str) -> Response:
    """The form of a command."""
    found, history = load(visit, MatterId(matter_id))
    if command not in PERMITTED:
        raise NotFound("没有这一步；回到事项页，看现在可以办什么。")
    if visit.asking.past:
        return RedirectResponse(visit.here.replace(f"/{command}", "", 1), SEE_OTHER)
    behalf = _refuse_unless_allowed(visit, found, command)
    filling = Filling(command=command, matter=found, history=history, raw=_prefilled(visit), behalf=behalf)
    return show("form.html", _page(visit, filling, {}))


@router.post("/matters/{matter_id}/{command}")
def send(request: Request, visit: Visiting, form: Sent, matter_id: str, command: str) -> Response:
    """A command."""
    if command not in PERMITTED:
        raise NotFound("没有这一步；回到事项页，看现在可以办什么。")
    return _send(request, visit, form, command, MatterId(matter_id))


def _refuse_unless_allowed(visit: Visit, found: Matter, command: str) -> UnitId | None:
    """The unit for which the act is entered, if any; raises the refusal where it cannot be done at all."""
    named = _unit_named(found, visit.query.get("for", ""))
    for_unit = command in acts.allowed_for_unit(visit, found, named)
    if command in acts.allowed(visit, found):
        return named if for_unit else None
    if for_unit:
        return named or found.lead_unit
    permission, seen = PERMITTED[command], acts.surroundings(visit)
    admit(permission, found, seen)
    for requirement in permission.requires:
        requirement(found, seen)
    return None


def _unit_named(found: Matter, named: str) -> UnitId | None:
    """``unit`` is the lead unit; anything else must be a co-unit."""
    if named == "unit":
        return found.lead_unit
    return next((unit for unit in found.co_units if unit == named), None)


def _send(
    request: Request, visit: Visit, form: FormData, command: str, matter_id: MatterId | None
) -> Response:
    raw = raw_of(form)
    found, history = load(visit, matter_id) if matter_id is not None else (None, ())
    behalf = _unit_named(found, first(raw, "for")) if found is not None else None
    filling = Filling(command=command, matter=found, history=history, raw=raw, behalf=behalf)
    if {"more_steps", "more_parts", "choose"} & raw.keys():
        return show("form.html", _page(visit, filling, {}))
    upload = form.get("file")
    problems = missing(command, raw, has_file=bool(getattr(upload, "filename", "")))
    fields, wrong = fields_of(visit, command, raw, found, history)
    problems |= wrong
    if problems:
        return show("form.html", _page(visit, filling, problems), status=422)
    if command == NEW and not first(raw, "seen_likes") and likes_of(visit, raw).lines:
        return show("form.html", _page(visit, filling, {}, likely=True), status=200)
    try:
        attached = attached_of(form, raw, visit.runtime.files)
        digest = attached.stored.sha256 if attached else ""
        answer = perform_now(
            visit.runtime,
            performing.Request(
                actor=visit.actor,
                name=command,
                matter=matter_id,
                fields={**fields, **_riding(filling)},
                at=visit.asking.moment,
                received_at=machine_now(),
                command_id=f"{visit.actor.user}:{first(raw, 'command_id')}"
                if first(raw, "command_id")
                else None,
                fingerprint=_mark(request, fields, digest) if first(raw, "command_id") else None,
                attached=attached,
                strict=False,
            ),
        )
    except Refusal as refusal:
        return _refused(visit, filling, refusal)
    return _done(visit, MatterId(str(answer["id"])), command)


def _riding(filling: Filling) -> dict[str, Any]:
    """What comes along beside the form's own fields."""
    riding: dict[str, Any] = {}
    if filling.behalf is not None:
        riding["on_behalf_of"] = filling.behalf
        if caller := first(filling.raw, "caller"):
            riding["caller"] = caller
    version = first(filling.raw, "version")
    if version.isdigit() and _judging(filling.command):
        riding["expected_version"] = int(version)
    return riding


def _judging(command: str) -> bool:
    return command in PERMITTED and PERMITTED[command].judges


def _mark(request: Request, fields: Mapping[str, Any], digest: str) -> bytes:
    said = msgspec.json.encode({**fields, "file": digest}, order="deterministic")
    return fingerprint(request.method, request.url.path, said)


def _done(visit: Visit, matter: MatterId, command: str) -> Response:
    with visit.connect() as connection:
        seen = lists.may_see(connection, matter, visit.visibility)
    return RedirectResponse(f"{address(matter)}?done={command}" if seen else "/?done=1", SEE_OTHER)


def _refused(visit: Visit, filling: Filling, refusal: Refusal) -> Response:
    labels = {name: words.label for name, words in (*FORMS[filling.command].fields.items(), *EXTRAS.items())}
    problem = problem_of(refusal, labels)
    stale = isinstance(refusal, StaleVersion)
    if stale and filling.matter is not None:
        fresh, history = load(visit, filling.matter.id)
        filling = Filling(
            command=filling.command, matter=fresh, history=history, raw=filling.raw, behalf=filling.behalf
        )
    problems = {problem.field: problem.sentence} if problem.field else {}
    general = () if problem.field or stale else (problem,)
    page = _page(visit, filling, problems, general=general, stale=refusal.sentence if stale else "")
    return show("form.html", page, status=status_of(refusal)[0])


def _prefilled(visit: Visit) -> dict[str, list[str]]:
    """What the address fills in."""
    return {name: visit.query.getlist(name) for name in visit.query if name not in ("as_of", "for")}


def _page(
    visit: Visit,
    filling: Filling,
    problems: Mapping[str, str],
    *,
    general: tuple[Problem, ...] = (),
    stale: str = "",
    likely: bool = False,
) -> FormPage:
    command, found, raw = filling.command, filling.matter, filling.raw
    permission = REGISTER if command == NEW else PERMITTED[command]
    label = permission.label_for(visit.wording(found.kind)) if found else permission.label
    fields = command_fields(visit, command, found, raw, problems, filling.history)
    extras = extra_fields(raw, problems, command, paper=filling.behalf is not None)
    title = (
        f"代{visit.unit_name(filling.behalf)}录：{label}"
        if filling.behalf
        else "登记立项"
        if command == NEW
        else label
    )
    where = address(found.id) if found else "/matters"
    listed = (*(Problem(sentence=said, field=f"f-{name}") for name, said in problems.items()), *general)
    return FormPage(
        shell=shell_of(visit, title),
        title=title,
        sub=f"{visit.number(found.number)} {found.title}" if found else "",
        action=f"{where}/{command}",
        verb=label,
        grave=permission.grave,
        then=FORMS[command].then,
        back=where,
        keep="" if command in NOT_KEPT else kept_under(visit, found, command),
        until_recorded=True,
        carried=_carried(filling),
        fields=fields,
        extras=extras,
        extras_title="纸质件、来电人、附言、依据、实际发生时间"
        if filling.behalf
        else "附言、依据、实际发生时间",
        extras_open=filling.behalf is not None or any(field.value or field.problem for field in extras),
        has_file=any(field.widget == HAS_FILE for field in (*fields, *extras)),
        problems=listed,
        problems_title=f"还有 {len(listed)} 处要改" if problems else f"现在不能{label}",
        notice=_stale_notice(stale, where) if stale else LIKELY if likely else None,
        likes=likes_of(visit, raw) if command == NEW else None,
        aside=background.parts(visit, found, filling.history, command) if found else (),
    )


LIKELY = Notice(
    kind="stale",
    title="有相似的事项",
    text="还没有立项。",
    link=Link(text="看下面几件，不是同一件再点“立项”", href="#likes"),
)
"""Said once, before a matter like others is registered."""


def _stale_notice(stale: str, where: str) -> Notice:
    look = Link(text="看最新情况", href=where)
    return Notice(kind="stale", title="别人刚改过", text=f"{stale}您写的还在。", link=look)


def _carried(filling: Filling) -> tuple[tuple[str, str], ...]:
    if filling.matter is None:
        return ()
    carried = [("version", str(filling.matter.version))]
    return (*carried, ("for", _named(filling.matter, filling.behalf))) if filling.behalf else tuple(carried)


def _named(matter: Matter, unit: UnitId) -> str:
    return "unit" if unit == matter.lead_unit else unit
