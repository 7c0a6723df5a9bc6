"""A bulletin's files for whoever reads it in the pages."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from service.circulating import bulletins as seen_of
from service.circulating.handing_out import document_response, scan_response
from service.pages.bulletin_page import load
from service.pages.visiting import Visiting

router = APIRouter(include_in_schema=False)


@router.get("/bulletins/{bulletin_id}/document")
def document(visit: Visiting, bulletin_id: str) -> Response:
    """PDF or DOCX: the whole for whoever sees all, the public part for units."""
    found = load(visit, bulletin_id)
    sight = seen_of.sight_of(visit.actor, visit.directory, visit.day)
    public = not sight.all or visit.query.get("part") == "public"
    return document_response(visit.runtime, found, visit.query.get("format", "pdf"), public=public)


@router.get("/bulletins/{bulletin_id}/files/{sha256}")
def file(visit: Visiting, bulletin_id: str, sha256: str) -> Response:
    """A scan that came with an act; for whoever sees all."""
    found = load(visit, bulletin_id)
    if not seen_of.sight_of(visit.actor, visit.directory, visit.day).all:
        raise seen_of.unknown()
    return scan_response(visit.runtime, found, sha256)
