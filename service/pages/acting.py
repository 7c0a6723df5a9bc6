"""Forms of a matter's commands: one page for all of them, made from a table of words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import msgspec
from fastapi import APIRouter, Request
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from events.matter.deciding import admit
from events.matter.permitted import PERMITTED
from events.matter.state import Matter
from events.refusals import NotFound, Refusal, StaleVersion
from events.vocabulary import OFFICE, MatterId, UnitId
from projections import lists
from service.clock import machine_now
from service.commands import performing
from service.commands.foreseeing import foresee
from service.commands.performing import fingerprint, perform_now
from service.errors import status_of
from service.pages import acts
from service.pages.fields import first
from service.pages.form_page import NEW, Filling, form_page
from service.pages.labels import EXTRAS
from service.pages.likes import likes_of
from service.pages.matter import load
from service.pages.reading_forms import (
    attached_of,
    fields_of,
    file_of,
    missing,
    problem_of,
    raw_of,
    said_by_photo,
)
from service.pages.rendering import show
from service.pages.showing import address
from service.pages.visiting import Sent, Visit, Visiting
from service.pages.wording import FORMS
from service.staging import staging_beside

router = APIRouter(include_in_schema=False)

SEE_OTHER = 303
ONLY_SHOWN = frozenset({"more_steps", "more_parts", "choose", "resume"})
"""Buttons of a form that change or show it, and send nothing."""


@router.get("/matters/register")
def registering(visit: Visiting) -> Response:
    """The form of 立项."""
    visit.must(*OFFICE)
    filling = Filling(command=NEW, matter=None, history=(), raw=_prefilled(visit))
    return show("form.html", form_page(visit, filling, {}))


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
    behalf = refuse_unless_allowed(visit, found, command)
    filling = Filling(command=command, matter=found, history=history, raw=_prefilled(visit), behalf=behalf)
    return show("form.html", form_page(visit, filling, {}))


@router.post("/matters/{matter_id}/{command}")
def send(request: Request, visit: Visiting, form: Sent, matter_id: str, command: str) -> Response:
    """A command."""
    if command not in PERMITTED:
        raise NotFound("没有这一步；回到事项页，看现在可以办什么。")
    return _send(request, visit, form, command, MatterId(matter_id))


def refuse_unless_allowed(visit: Visit, found: Matter, command: str) -> UnitId | None:
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
    try:
        staged = file_of(visit, form, raw)
    except Refusal as refusal:
        return _refused(visit, filling, refusal)
    filling = replace(filling, staged=staged)
    if ONLY_SHOWN & raw.keys():
        return show("form.html", form_page(visit, filling, {}))
    problems = missing(command, raw, has_file=staged is not None)
    fields, wrong = fields_of(visit, command, raw, found, history)
    if staged is not None and command == "attach-evidence":
        fields = said_by_photo(visit, staged.stored, fields)
    problems |= wrong
    if problems:
        return show("form.html", form_page(visit, filling, problems), status=422)
    digest = staged.stored.sha256 if staged else ""
    asked = performing.Request(
        actor=visit.actor,
        name=command,
        matter=matter_id,
        fields={**fields, **_riding(filling)},
        at=visit.asking.moment,
        received_at=machine_now(),
        command_id=f"{visit.actor.user}:{first(raw, 'command_id')}" if first(raw, "command_id") else None,
        fingerprint=_mark(request, fields, digest) if first(raw, "command_id") else None,
        attached=attached_of(staged, raw),
        strict=False,
    )
    try:
        if command == NEW and not first(raw, "seen_likes") and likes_of(visit, raw).lines:
            foresee(visit.runtime, asked)
            return show("form.html", form_page(visit, filling, {}, likely=True), status=200)
        answer = perform_now(visit.runtime, asked)
    except Refusal as refusal:
        return _refused(visit, filling, refusal)
    if staged is not None:
        staging_beside(visit.runtime.files).drop(staged.token)
    return done_with(visit, MatterId(str(answer["id"])), command)


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


def done_with(visit: Visit, matter: MatterId, command: str) -> Response:
    """On to the matter, which says what was done; to the desk where it is no longer to be seen."""
    with visit.connect() as connection:
        seen = lists.may_see(connection, matter, visit.visibility)
    here = f"{address(matter)}?done={command}" if seen else f"/?done={command}&of={matter}"
    return RedirectResponse(here, SEE_OTHER)


def _refused(visit: Visit, filling: Filling, refusal: Refusal) -> Response:
    labels = {name: words.label for name, words in (*FORMS[filling.command].fields.items(), *EXTRAS.items())}
    problem = problem_of(refusal, labels)
    stale = isinstance(refusal, StaleVersion)
    if filling.matter is not None:
        fresh, history = load(visit, filling.matter.id)
        filling = replace(filling, matter=fresh, history=history)
    problems = {problem.field: problem.sentence} if problem.field else {}
    general = () if problem.field or stale else (problem,)
    page = form_page(visit, filling, problems, general=general, stale=stale)
    return show("form.html", page, status=status_of(refusal)[0])


def _prefilled(visit: Visit) -> dict[str, list[str]]:
    """What the address fills in."""
    return {name: visit.query.getlist(name) for name in visit.query if name not in ("as_of", "for")}
