"""Seals, proofs, and who told of a matter, over the API."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request

from events.matter.state import Matter
from events.refusals import NotFound, NotYours
from events.vocabulary import MatterId, Role
from service.answering import Answering, answering
from service.api import shown
from service.commands.petitioners import SEE_PETITIONERS, petitioners_of
from service.identity import may_see, program
from service.noting import note
from service.pages.seals import SEE_SEALS
from service.proof.proving import prove
from service.proof.sealing import file_name, seals_upto
from service.storage.access import Kind

router = APIRouter()

Text = Annotated[str | None, Query(max_length=200)]


@router.get("/seals")
def seals(request: Request, as_of: Text = None) -> dict[str, Any]:
    """Every seal, oldest first, each with the text it is kept as outside the database."""
    answer = _answer(request, as_of)
    must(answer.principal.actor.roles, SEE_SEALS)
    items = [
        {
            "position": one.position,
            "day": one.fact.day.isoformat(),
            "size": one.fact.size,
            "root": one.fact.root,
            "occasion": one.fact.occasion.value,
            "file": file_name(one.seal),
            "text": one.seal.text(),
        }
        for one in seals_upto(answer.runtime.store, answer.position)
    ]
    return {"items": items}


@router.get("/matters/{matter_id}/proof")
def proof(request: Request, matter_id: str, as_of: Text = None) -> dict[str, Any]:
    """Inclusion proofs for every sealed fact of a matter, under the newest seal."""
    answer = _answer(request, as_of)
    must(answer.principal.actor.roles, SEE_SEALS)
    proven = prove(answer.runtime.store, MatterId(matter_id), answer.position)
    note(answer, Kind.EXPORT, matter_id)
    return proven.plain()


@router.get("/matters/{matter_id}/petitioners")
def petitioners(request: Request, matter_id: str, as_of: Text = None) -> dict[str, Any]:
    """Who told of a matter, with names and phones as far as their keys stand; the look is written down."""
    answer = _answer(request, as_of)
    must(answer.principal.actor.roles, SEE_PETITIONERS)
    found = _seen(answer, matter_id)
    note(answer, Kind.PERSONAL, found.id)
    items = [
        {
            "id": one.id,
            "kind": one.kind.value,
            "name": one.name,
            "phone": one.phone,
            "noted_at": shown.moment(one.noted_at),
            "erased_at": shown.moment(one.erased_at),
        }
        for one in petitioners_of(answer.runtime.vault, found)
    ]
    return {"items": items}


def _answer(request: Request, as_of: str | None) -> Answering:
    given = request.headers.get("x-duban-now")
    return answering(request, program(request), as_of=as_of, given=given)


def _seen(answer: Answering, matter_id: str) -> Matter:
    found: Matter = answer.runtime.handling.load(f"matter-{matter_id}", up_to=answer.position).state
    if not found.number or not may_see(answer.visibility, found):
        raise NotFound("没有这一件，或不归您看；核对编号，到台账里查。")
    return found


def must(roles: frozenset[Role], wanted: tuple[Role, ...]) -> None:
    """Raises NotYours unless one of these roles is held."""
    if not roles.intersection(wanted):
        names = "、".join(role.label for role in wanted)
        raise NotYours(f"封存、证明、案卷和来信人由{names}取用；您需要看的在事项页上。")
