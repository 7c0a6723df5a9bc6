"""Pages: server-rendered, whole without scripts, on one theme."""

from __future__ import annotations

from fastapi import APIRouter, FastAPI

from service.pages import (
    access,
    acting,
    approvals,
    board,
    bulk,
    bulletin_documents,
    bulletin_forms,
    bulletin_list,
    bulletin_page,
    calendars,
    compare,
    compare_lists,
    counted,
    desks,
    documents,
    dossiers,
    evidence,
    exporting,
    importing_units,
    letters,
    likes,
    login,
    looking,
    matter,
    me,
    meeting_forms,
    meeting_matters,
    meeting_page,
    meetings,
    notes,
    paper_letters,
    password,
    people,
    petitioners,
    register,
    rehearsal,
    replay,
    replay_unit,
    saved_views,
    seals,
    statistics,
    supports,
    units,
    users,
    watching,
    workplace,
)
from service.pages.serving_static import serve_static

router = APIRouter(include_in_schema=False)
"""Every page and form."""

for page in (
    login,
    workplace,
    evidence,
    petitioners,
    documents,
    replay,
    replay_unit,
    compare,
    compare_lists,
    seals,
    dossiers,
    exporting,
    bulk,
    likes,
    acting,
    matter,
    saved_views,
    register,
    watching,
    supports,
    board,
    bulletin_list,
    bulletin_documents,
    bulletin_forms,
    bulletin_page,
    meetings,
    meeting_matters,
    meeting_forms,
    meeting_page,
    statistics,
    counted,
    importing_units,
    units,
    approvals,
    desks,
    notes,
    paper_letters,
    people,
    users,
    letters,
    calendars,
    me,
    password,
    rehearsal,
    looking,
    access,
):
    router.include_router(page.router)


def mount_pages(app: FastAPI) -> None:
    """Puts pages and static files on the application."""
    serve_static(app)
    app.include_router(router)
