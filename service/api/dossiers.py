"""案卷 over the API: of a matter, of a bulletin that went out, of a unit's year."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import FileResponse

from events.matter.state import Matter
from events.refusals import NotFound
from events.vocabulary import BulletinId
from service.answering import Answering, answering
from service.api.proving import must
from service.circulating import bulletins as seen_of
from service.identity import may_see, program
from service.noting import Hidden, note
from service.proof.dossier.subjects import Subject, of_bulletin, of_matter, of_unit
from service.proof.taking_away import TAKE_AWAY, dossier_response
from service.storage.access import Kind

router = APIRouter()

ZIP: dict[int | str, dict[str, Any]] = {
    200: {"description": "The package, with check.py in it", "content": {"application/zip": {}}}
}


@router.post("/matters/{matter_id}/dossier", response_class=FileResponse, responses=ZIP, tags=["dossiers"])
def of_a_matter(request: Request, matter_id: str) -> FileResponse:
    """A matter's dossier, made now; seals the record first where a fact of it is not sealed."""
    answer = _answer(request)
    found: Matter = answer.runtime.handling.load(f"matter-{matter_id}").state
    if not found.number:
        raise NotFound("没有这一件，或不归您看；核对编号，到台账里查。")
    if not may_see(answer.visibility, found):
        raise Hidden("没有这一件，或不归您看；核对编号，到台账里查。")
    return _handed_over(request, answer, of_matter(answer.runtime, found.id))


@router.post(
    "/bulletins/{bulletin_id}/dossier", response_class=FileResponse, responses=ZIP, tags=["dossiers"]
)
def of_a_bulletin(request: Request, bulletin_id: str) -> FileResponse:
    """An issued bulletin's dossier: its facts, documents, figures and the matters they count, receipts, letters."""
    answer = _answer(request)
    found = seen_of.visible(
        answer.runtime, answer.principal.actor, BulletinId(bulletin_id), answer.asking.moment
    )
    return _handed_over(request, answer, of_bulletin(answer.runtime, found.id))


@router.post("/units/{unit_id}/dossier", response_class=FileResponse, responses=ZIP, tags=["dossiers"])
def of_a_units_year(
    request: Request, unit_id: str, year: Annotated[int, Query(ge=1900, le=9998)]
) -> FileResponse:
    """The dossier of every matter a unit led at some moment of a year."""
    answer = _answer(request)
    return _handed_over(request, answer, of_unit(answer.runtime, unit_id, year))


def _answer(request: Request) -> Answering:
    answer = answering(request, program(request), given=request.headers.get("x-duban-now"))
    must(answer.principal.actor.roles, TAKE_AWAY)
    return answer


def _handed_over(request: Request, answer: Answering, subject: Subject) -> FileResponse:
    note(answer, Kind.DOSSIER, subject.target)
    at = answer.runtime.clock.now(request.headers.get("x-duban-now"))
    return dossier_response(answer.runtime, subject, at)
