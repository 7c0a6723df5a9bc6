"""Units, people, accounts, and who one is."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool

from events.directory.state import Person, Unit
from events.refusals import NotFound
from service.answering import Answering, answering
from service.api.receiving import key_of, receive
from service.commands.bodies import convert
from service.commands.directing import (
    Directing,
    ImportTable,
    direct,
    import_directory,
    look_at_import,
    read_directory,
)
from service.commands.performing import fingerprint
from service.identity import must_be_admin, program, runtime_of

router = APIRouter()


@router.get("/units")
def units(request: Request, as_of: str | None = None, min_position: int | None = None) -> dict[str, Any]:
    """Every unit with its name and place on the day asked."""
    answer = _answering(request, as_of, min_position)
    known = sorted(answer.directory.units.values(), key=lambda unit: unit.id)
    return {"items": [_unit(answer, unit) for unit in known if _existed(answer, unit)]}


@router.get("/people")
def people(request: Request, as_of: str | None = None, min_position: int | None = None) -> dict[str, Any]:
    """Every person with unit and posts on the day asked; addresses for administrators and the office."""
    answer = _answering(request, as_of, min_position)
    known = sorted(answer.directory.people.values(), key=lambda person: person.id)
    return {"items": [_person(answer, person) for person in known if _was_known(answer, person)]}


@router.get("/me")
def me(request: Request) -> dict[str, Any]:
    """Who the caller is."""
    actor = program(request).actor
    return {
        "user": actor.user,
        "name": actor.name,
        "person": actor.person,
        "unit": actor.unit,
        "roles": sorted(role.value for role in actor.roles),
    }


@router.post("/units", status_code=201, include_in_schema=False)
@router.post("/people", status_code=201, include_in_schema=False)
@router.post("/users", status_code=201, include_in_schema=False)
async def register(request: Request) -> dict[str, Any]:
    """Enters a unit, a person or an account."""
    return await _direct(request, request.url.path.rpartition("/")[2], "register", None)


@router.post("/units/import", include_in_schema=False)
async def import_table(request: Request) -> dict[str, Any]:
    """Enters a table of units and people, all or nothing; 422 ``unreadable-rows`` lists every wrong line."""
    runtime, principal, key = runtime_of(request), program(request), key_of(request)
    must_be_admin(principal.actor)
    received = await receive(request, runtime.files)
    asked = convert(received.fields, ImportTable)
    command = read_directory(asked.table)
    at = runtime.clock.now(request.headers.get("x-duban-now"))
    if asked.dry_run:
        return dict(await run_in_threadpool(look_at_import, runtime, principal.actor, command, at))
    return await run_in_threadpool(
        lambda: import_directory(
            runtime,
            principal.actor,
            command,
            at,
            command_id=f"{principal.actor.user}:{key}" if key else None,
            fingerprint=fingerprint(request.method, request.url.path, received.canonical) if key else None,
        )
    )


@router.post("/units/{id_}/{verb}", include_in_schema=False)
async def change_unit(request: Request, id_: str, verb: str) -> dict[str, Any]:
    """rename, move, close."""
    return await _direct(request, "units", verb, id_)


@router.post("/people/{id_}/{verb}", include_in_schema=False)
async def change_person(request: Request, id_: str, verb: str) -> dict[str, Any]:
    """move, leave, change."""
    return await _direct(request, "people", verb, id_)


@router.post("/users/{id_}/{verb}", include_in_schema=False)
async def change_user(request: Request, id_: str, verb: str) -> dict[str, Any]:
    """disable, enable, reset-password, roles."""
    return await _direct(request, "users", verb, id_)


async def _direct(request: Request, collection: str, verb: str, id_: str | None) -> dict[str, Any]:
    runtime = runtime_of(request)
    principal = program(request)
    key = key_of(request)
    received = await receive(request, runtime.files)
    if verb == "register" and id_ is not None:
        raise NotFound("没有这个命令；登记新的，直接向集合地址提交。")
    directing = Directing(
        actor=principal.actor,
        collection=collection,
        verb=verb,
        id=id_,
        fields=received.fields,
        at=runtime.clock.now(request.headers.get("x-duban-now")),
        command_id=f"{principal.actor.user}:{key}" if key else None,
        fingerprint=fingerprint(request.method, request.url.path, received.canonical) if key else None,
    )
    return await run_in_threadpool(direct, runtime, directing)


def _answering(request: Request, as_of: str | None, min_position: int | None) -> Answering:
    given = request.headers.get("x-duban-now")
    return answering(request, program(request), as_of=as_of, given=given, min_position=min_position)


def _existed(answer: Answering, unit: Unit) -> bool:
    position = answer.position
    return position is None or any(name.position <= position for name in unit.names)


def _was_known(answer: Answering, person: Person) -> bool:
    position = answer.position
    return position is None or any(since.position <= position for since in person.units)


def _unit(answer: Answering, unit: Unit) -> dict[str, Any]:
    day = answer.day
    return {
        "id": unit.id,
        "name": unit.name(day, answer.position),
        "parent": unit.parent(day, answer.position),
        "kind": unit.kind,
        "closed": unit.closed(day),
        "closed_on": unit.closed_on,
        "successor": unit.successor,
    }


def _person(answer: Answering, person: Person) -> dict[str, Any]:
    day, actor = answer.day, answer.principal.actor
    shown: dict[str, Any] = {
        "id": person.id,
        "name": person.name,
        "unit": person.unit(day, answer.position),
        "roles": sorted(role.value for role in person.roles(day)),
        "left_on": person.left_on,
        "delegations": [
            {"to": one.to, "from": one.from_on, "until": one.last_on, "acts": list(one.acts)}
            for one in person.delegations
            if one.last_on >= one.from_on
        ],
    }
    if answer.visibility.all or actor.person == person.id:
        shown |= {"email": person.email, "phone": person.phone}
    return shown
