"""What stays in the house: notes, mentions, approvals."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from events.record.codec import plain
from events.refusals import NotFound
from events.vocabulary import MatterId
from projections import lists, mentions
from service.answering import Answering, answering, filtered, stored_file
from service.api import shown
from service.api.receiving import key_of, receive
from service.commands.approving_many import Approved, ApproveMany, approve_many
from service.commands.bodies import convert
from service.identity import may_see, program, runtime_of
from service.insiders import Note, file_of, notes_on

router = APIRouter()

Text = Annotated[str | None, Query(max_length=200)]
Position = Annotated[int | None, Query(ge=0, le=2**62)]


@router.get("/matters/{matter_id}/notes")
def notes(
    request: Request, matter_id: str, as_of: Text = None, min_position: Position = None
) -> dict[str, Any]:
    """The notes on a matter, for the office, leaders and auditors."""
    answer = _answering(request, as_of, min_position)
    matter = _seen(answer, matter_id)
    return {"items": [_note(answer, note) for note in notes_on(answer, matter)]}


@router.get("/matters/{matter_id}/notes/{file_id}", response_class=Response)
def note_file(request: Request, matter_id: str, file_id: str, as_of: Text = None) -> Response:
    """The file that came with a note."""
    answer = _answering(request, as_of, None)
    return stored_file(answer.runtime, file_of(answer, _seen(answer, matter_id), file_id))


@router.get("/mentions")
def my_mentions(request: Request) -> dict[str, Any]:
    """The notes that name the caller and wait for a word."""
    answer = _answering(request, None, None)
    person = answer.principal.actor.person
    with answer.runtime.database.reader() as driver:
        found = mentions.of(driver, person) if person is not None else ()
    return {"items": [{"matter": one.matter, "at": shown.moment(one.at), "text": one.text} for one in found]}


@router.get("/approvals")
def approvals(
    request: Request,
    as_of: Text = None,
    min_position: Position = None,
    cursor: Annotated[str | None, Query(max_length=400)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> dict[str, Any]:
    """Registrations and proposals that wait for approval."""
    answer = _answering(request, as_of, min_position)
    with answer.connection() as connection:
        asked = filtered(answer, cursor=cursor, limit=limit)
        page = lists.approvals_awaited(connection, asked, answer.calendar)
    rows = [shown.item(row, answer.directory, answer.day, answer.position) for row in page.items]
    return {"items": rows, "next": page.next}


@router.post("/approvals", include_in_schema=False)
async def approve(request: Request) -> dict[str, Any]:
    """Approves several; each by itself. With ``preview`` nothing is written."""
    runtime, principal, key = runtime_of(request), program(request), key_of(request)
    received = await receive(request, runtime.files)
    command = convert(received.fields, ApproveMany)
    at = runtime.clock.now(request.headers.get("x-duban-now"))
    found = await run_in_threadpool(approve_many, runtime, principal.actor, command, at, key=key)
    items = [_approved(one) for one in found]
    return {"items": items, "approved": 0 if command.preview else sum(item["ok"] for item in items)}


def _approved(one: Approved) -> dict[str, Any]:
    no = one.refusal
    return {
        "id": one.matter.id,
        "number": one.matter.number,
        "title": one.matter.title,
        "command": one.command,
        "proposal": plain(one.matter.proposal) if one.matter.proposal else None,
        "ok": no is None,
        **({"code": no.code, "detail": no.sentence} if no is not None else {}),
    }


def _note(answer: Answering, note: Note) -> dict[str, Any]:
    return {
        "position": note.position,
        "at": shown.moment(note.at),
        "by": note.by,
        "person": note.person,
        "name": answer.directory.user_label(note.by),
        "text": note.text,
        "mentions": [{"person": p, "name": answer.directory.person_name(p)} for p in note.mentions],
        "file": shown.evidence(note.file) if note.file is not None else None,
    }


def _seen(answer: Answering, matter_id: str) -> MatterId:
    folded = answer.runtime.handling.load(f"matter-{matter_id}", up_to=answer.position)
    if folded.version == 0 or not may_see(answer.visibility, folded.state):
        raise NotFound("没有这件事项，或不归您看；核对编号。")
    return MatterId(matter_id)


def _answering(request: Request, as_of: str | None, min_position: int | None) -> Answering:
    given = request.headers.get("x-duban-now")
    return answering(request, program(request), as_of=as_of, given=given, min_position=min_position)
