"""导出: the register as it is shown, filters, columns and order included, as a workbook."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO
from urllib.parse import quote

from fastapi import APIRouter
from starlette.responses import Response, StreamingResponse

from service.clock import machine_now
from service.exchange.columns import KeptNames
from service.exchange.exporting import MEDIA_TYPE
from service.exchange.jobs import Job
from service.noting import note
from service.pages.filters import in_words
from service.pages.viewing import question, read_view
from service.pages.visiting import Visit, Visiting
from service.pages.words import place_in_record, whole_moment
from service.storage.access import Kind

router = APIRouter(include_in_schema=False)

CHUNK = 1 << 18
DIGEST_SHOWN = 16


@router.get("/matters.xlsx")
def export(visit: Visiting) -> Response:
    """The register's view as a workbook; written down in the access log before it is made."""
    view = read_view(visit.query)
    asked = question(visit, view)
    note(visit.answer, Kind.EXPORT)
    position = visit.asking.position
    if position is None:
        position = visit.runtime.store.head().position
    digest = _digest(visit, position)
    place = f"记录{place_in_record(position)} · 摘要 {digest}"
    organization = visit.runtime.settings.organization.name
    who = f"{visit.actor.name} {whole_moment(machine_now())} 导出"

    def job(file: str) -> Job:
        return Job(
            file=file,
            title="台账",
            asked=replace(asked, position=position),
            order=view.order,
            columns=view.columns,
            names=_names(visit),
            about=(
                ("单位", organization),
                ("筛选", in_words(visit, view.filters)),
                ("排序", view.words),
                ("数据截至", whole_moment(visit.asking.moment)),
                ("记录", place),
                ("导出", who),
            ),
            foot=f"{organization} · {place} · {who}",
        )

    file = visit.runtime.exporter.export(job)
    name = f"台账-{visit.day.isoformat()}.xlsx"
    headers = {"Content-Disposition": f"attachment; filename*=utf-8''{quote(name)}"}
    return StreamingResponse(_parts(file), media_type=MEDIA_TYPE, headers=headers)


def _digest(visit: Visit, position: int) -> str:
    recorded = visit.runtime.store.at(position)
    return recorded.hash.hex()[:DIGEST_SHOWN] if recorded else "—"


def _names(visit: Visit) -> KeptNames:
    procedures = visit.runtime.settings.procedures.values()
    return KeptNames(
        day=visit.day,
        calendar=visit.calendar,
        units={unit: visit.unit_name(unit) for unit in visit.directory.units},
        people={person: visit.person_name(person) for person in visit.directory.people},
        wordings={procedure.kind: procedure.wording for procedure in procedures},
        kinds={procedure.kind: procedure.label for procedure in procedures},
    )


def _parts(file: BinaryIO) -> Iterator[bytes]:
    with file:
        while part := file.read(CHUNK):
            yield part
