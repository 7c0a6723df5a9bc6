"""内部批注 on a matter's page: for insiders only, and the files that came with them."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from events.vocabulary import MatterId
from projections import mentions
from service.answering import stored_file
from service.insiders import file_of, reads_notes
from service.pages.matter import load
from service.pages.showing import address
from service.pages.views import Row, Section
from service.pages.visiting import Visit, Visiting
from service.pages.words import day_and_hour

router = APIRouter(include_in_schema=False)


@router.get("/matters/{matter_id}/notes/{file_id}")
def note_file(visit: Visiting, matter_id: str, file_id: str) -> Response:
    """The file that came with a note."""
    found, _ = load(visit, MatterId(matter_id))
    return stored_file(visit.runtime, file_of(visit.answer, found.id, file_id))


def mentioned(visit: Visit) -> Section | None:
    """提到我的: notes that name the visitor and wait for a word; None where there are none."""
    person = visit.actor.person
    if person is None or visit.asking.past or not reads_notes(visit.actor):
        return None
    with visit.runtime.database.reader() as driver:
        found = mentions.of(driver, person)
    rows = tuple(
        Row(
            title=one.text,
            href=f"{address(one.matter)}#notes",
            meta=day_and_hour(one.at, visit.day),
        )
        for one in found
    )
    return Section(id="mentioned", title="批注里提到我的", count=len(rows), rows=rows) if rows else None
