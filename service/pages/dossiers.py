"""案卷 to take away from a page: of a matter, of a bulletin that went out, of a unit's year."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from events.refusals import Invalid
from events.vocabulary import MatterId
from service.noting import note
from service.pages.bulletin_page import load as load_bulletin
from service.pages.matter import load as load_matter
from service.pages.units import known_unit
from service.pages.visiting import Sent, Visit, Visiting
from service.proof.dossier.subjects import Subject, of_bulletin, of_matter, of_unit
from service.proof.taking_away import TAKE_AWAY, dossier_response
from service.storage.access import Kind

router = APIRouter(include_in_schema=False)


@router.post("/matters/{matter_id}/dossier")
def of_a_matter(visit: Visiting, matter_id: str, _: Sent) -> Response:
    """A matter's dossier."""
    visit.must(*TAKE_AWAY)
    found, _history = load_matter(visit, MatterId(matter_id))
    return _handed_over(visit, of_matter(visit.runtime, found.id))


@router.post("/bulletins/{bulletin_id}/dossier")
def of_a_bulletin(visit: Visiting, bulletin_id: str, _: Sent) -> Response:
    """A bulletin's dossier."""
    visit.must(*TAKE_AWAY)
    found = load_bulletin(visit, bulletin_id)
    return _handed_over(visit, of_bulletin(visit.runtime, found.id))


@router.post("/units/{unit_id}/dossier")
def of_a_units_year(visit: Visiting, unit_id: str, form: Sent) -> Response:
    """The dossier of everything a unit led in a year."""
    visit.must(*TAKE_AWAY)
    known = known_unit(visit, unit_id)
    return _handed_over(visit, of_unit(visit.runtime, known.id, _year(str(form.get("year", "")))))


def _handed_over(visit: Visit, subject: Subject) -> Response:
    note(visit.answer, Kind.DOSSIER, subject.target)
    return dossier_response(visit.runtime, subject, visit.runtime.clock.now())


def _year(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) == FOUR_DIGITS):
        raise Invalid(f"“{text[:20]}”不是年份；从单位页上选一年。", code="wrong-value", field="year")
    return int(text)


FOUR_DIGITS = 4
