"""Giving out a bulletin's documents: an issued PDF as it lies in the store, everything else made when asked for."""

from __future__ import annotations

from urllib.parse import quote

from starlette.responses import FileResponse, Response

from events.bulletin.state import Bulletin, BulletinStage
from events.refusals import Invalid, NotFound
from service.answering import stored_file
from service.circulating.document import official
from service.circulating.rendering import as_file, paper_of
from service.documents.jobs import Media
from service.files import safe_name
from service.runtime import Runtime


def document_response(runtime: Runtime, bulletin: Bulletin, format_: str, *, public: bool) -> Response:
    """The bulletin as PDF or DOCX. Raises Invalid for another format."""
    if format_ not in set(Media):
        raise Invalid(f"没有 {format_[:20]} 这种格式；写 pdf 或 docx。", code="wrong-value", field="format")
    media = Media(format_)
    name = file_name(bulletin, media, public=public)
    stored = bulletin.public if public else bulletin.full
    if media is Media.PDF and stored is not None and bulletin.stage is BulletinStage.ISSUED:
        path = runtime.files.path(stored.sha256)
        if path.is_file():
            return FileResponse(path, media_type=media.media_type, filename=name)
    made = as_file(runtime, official(paper_of(runtime, bulletin, public=public)), media)
    headers = {"content-disposition": f"attachment; filename*=utf-8''{quote(name)}"}
    return Response(made.content, media_type=media.media_type, headers=headers)


def scan_response(runtime: Runtime, bulletin: Bulletin, sha256: str) -> Response:
    """A paper that came with an act on the bulletin. Raises NotFound."""
    scan = next((one for one in bulletin.scans if one.sha256 == sha256), None)
    if scan is None:
        raise NotFound("这份通报没有这个附件；从通报页的历程里打开。")
    return stored_file(runtime, scan)


def file_name(bulletin: Bulletin, media: Media, *, public: bool) -> str:
    """How the file is called where it is saved."""
    part = "（公开部分）" if public and bulletin.standing_content.overdue.rows else ""
    number = bulletin.document_no or bulletin.stage.label
    return safe_name(f"{number} {''.join(bulletin.title.split())}{part}.{media.value}")
