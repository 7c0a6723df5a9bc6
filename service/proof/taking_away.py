"""Handing a dossier over as a download, made when it is asked for."""

from __future__ import annotations

import tempfile
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from starlette.background import BackgroundTask
from starlette.responses import FileResponse

from events.vocabulary import OFFICE, Role
from service.files import safe_name
from service.proof.dossier.subjects import Subject
from service.runtime import Runtime

TAKE_AWAY = (*OFFICE, Role.AUDITOR, Role.LEADER)
"""Who takes dossiers away."""


def dossier_response(runtime: Runtime, subject: Subject, at: datetime) -> FileResponse:
    """A dossier made now; the file is gone once it is sent. Raises what ``packing.export`` raises."""
    # A dossier tells its acts in the words of the pages: imported when all of them are there.
    from service.proof.dossier.packing import export

    folder = tempfile.TemporaryDirectory(prefix="dossier-", dir=runtime.settings.var)
    out = Path(folder.name) / "dossier.zip"
    try:
        export(runtime, subject, out, at)
    except BaseException:
        folder.cleanup()
        raise
    name = safe_name(f"案卷-{subject.label}.zip")
    return FileResponse(
        out,
        media_type="application/zip",
        headers={"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"},
        background=BackgroundTask(folder.cleanup),
    )
