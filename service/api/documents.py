"""GET routes for papers: 交办单, 催办单, 通知书, 审批表, 督办函 of a matter as PDF or DOCX."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from events.vocabulary import MatterId
from service.answering import answering
from service.documents.papers.making import paper_file
from service.identity import program

router = APIRouter()

Text = Annotated[str | None, Query(max_length=200)]


@router.get("/matters/{matter_id}/documents/{form}", response_class=Response)
def document(
    request: Request,
    matter_id: str,
    form: str,
    format: Annotated[str, Query(max_length=10)] = "pdf",  # noqa: A002 - the contract's name in addresses
    as_of: Text = None,
    min_position: Annotated[int | None, Query(ge=0, le=2**62)] = None,
) -> Response:
    """A paper of a matter, as of when it is asked for."""
    given = request.headers.get("x-duban-now")
    answer = answering(request, program(request), as_of=as_of, given=given, min_position=min_position)
    return paper_file(answer, MatterId(matter_id), form, format, inline=False)
