"""Bulletins for programs: the list, one bulletin, its documents, and every command on it."""

from __future__ import annotations

import base64
import re
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from events.bulletin.state import BulletinStage
from events.record.moments import to_micros
from events.refusals import Invalid, Malformed
from events.vocabulary import BulletinId
from projections import bulletin_lists
from service.answering import answering
from service.api import shown_bulletins as shown
from service.api.receiving import key_of, receive
from service.circulating import bulletins as seen_of
from service.circulating.handing_out import document_response, scan_response
from service.clock import machine_now
from service.commands.circulating import Circulating, circulate
from service.commands.performing import fingerprint
from service.identity import program, runtime_of

router = APIRouter()
commands = APIRouter(include_in_schema=False)

Text = Annotated[str | None, Query(max_length=200)]
Position = Annotated[int | None, Query(ge=0, le=2**62)]
_CURSOR = re.compile(r"([0-9]{1,18})/([0-9a-f]{1,64})")


@router.get("/bulletins")
def bulletins(
    request: Request,
    series: Text = None,
    stage: Annotated[list[str] | None, Query()] = None,
    as_of: Text = None,
    min_position: Position = None,
    cursor: Text = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> dict[str, Any]:
    """The bulletins the caller may see, the newest draft first."""
    given = request.headers.get("x-duban-now")
    answer = answering(request, program(request), as_of=as_of, given=given, min_position=min_position)
    sight = seen_of.sight_of(answer.principal.actor, answer.directory, answer.day)
    asked = bulletin_lists.Asked(
        all=sight.all,
        units=sight.units,
        heads=sight.heads,
        series=series or None,
        stages=_stages(stage or ()),
        position=answer.position,
        before=_read_cursor(cursor) if cursor else None,
        limit=limit + 1,
    )
    with answer.connection() as connection:
        rows = bulletin_lists.listed(connection, asked)
    more = len(rows) > limit
    rows = rows[:limit]
    return {"items": [shown.item(row) for row in rows], "next": _cursor(rows[-1]) if more else None}


@router.get("/bulletins/{bulletin_id}")
def bulletin(
    request: Request, bulletin_id: str, as_of: Text = None, min_position: Position = None
) -> dict[str, Any]:
    """One bulletin with its figures, who has received it, and what the caller may do."""
    given = request.headers.get("x-duban-now")
    answer = answering(request, program(request), as_of=as_of, given=given, min_position=min_position)
    actor, moment = answer.principal.actor, answer.asking.moment
    found = seen_of.visible(answer.runtime, actor, BulletinId(bulletin_id), moment, up_to=answer.position)
    sight = seen_of.sight_of(actor, answer.directory, answer.day)
    seen = seen_of.surroundings(
        answer.runtime, actor, moment, answer.runtime.settings.bulletins.get(found.series)
    )
    return shown.whole(found, sight, seen, past=answer.asking.past)


@router.get("/bulletins/{bulletin_id}/history")
def history(
    request: Request, bulletin_id: str, as_of: Text = None, min_position: Position = None
) -> dict[str, Any]:
    """Every fact of a bulletin, oldest first, without the contents; for whoever sees all."""
    given = request.headers.get("x-duban-now")
    answer = answering(request, program(request), as_of=as_of, given=given, min_position=min_position)
    actor = answer.principal.actor
    found = seen_of.visible(
        answer.runtime, actor, BulletinId(bulletin_id), answer.asking.moment, up_to=answer.position
    )
    if not seen_of.sight_of(actor, answer.directory, answer.day).all:
        raise seen_of.unknown()
    facts = answer.runtime.store.stream(found.stream, up_to=answer.position)
    return {"items": [shown.fact(one) for one in facts]}


@router.get("/bulletins/{bulletin_id}/document", response_class=Response)
def document(
    request: Request,
    bulletin_id: str,
    format: Text = "pdf",  # noqa: A002 - named by the contract
    part: Text = None,
    as_of: Text = None,
) -> Response:
    """The bulletin as PDF or DOCX: the part the caller gets."""
    answer = answering(request, program(request), as_of=as_of, given=request.headers.get("x-duban-now"))
    actor, moment = answer.principal.actor, answer.asking.moment
    found = seen_of.visible(answer.runtime, actor, BulletinId(bulletin_id), moment, up_to=answer.position)
    sight = seen_of.sight_of(actor, answer.directory, answer.day)
    return document_response(answer.runtime, found, format or "pdf", public=not sight.all or part == "public")


@router.get("/bulletins/{bulletin_id}/files/{sha256}", response_class=Response)
def file(request: Request, bulletin_id: str, sha256: str) -> Response:
    """A scan that came with an act on the bulletin; for whoever sees all."""
    answer = answering(request, program(request), given=request.headers.get("x-duban-now"))
    actor, moment = answer.principal.actor, answer.asking.moment
    found = seen_of.visible(answer.runtime, actor, BulletinId(bulletin_id), moment)
    if not seen_of.sight_of(actor, answer.directory, answer.day).all:
        raise seen_of.unknown()
    return scan_response(answer.runtime, found, sha256)


@commands.post("/bulletins", status_code=201)
async def draft(request: Request) -> dict[str, Any]:
    """拟稿."""
    return await _circulate(request, "draft", None)


@commands.post("/bulletins/{bulletin_id}/{command}")
async def act(request: Request, bulletin_id: str, command: str) -> dict[str, Any]:
    """Any other command on a bulletin."""
    return await _circulate(request, command, BulletinId(bulletin_id))


async def _circulate(request: Request, name: str, bulletin_id: BulletinId | None) -> dict[str, Any]:
    runtime, principal, key = runtime_of(request), program(request), key_of(request)
    at = runtime.clock.now(request.headers.get("x-duban-now"))
    received = await receive(request, runtime.files)
    user = principal.actor.user
    asked = Circulating(
        actor=principal.actor,
        name=name,
        id=bulletin_id,
        fields=received.fields,
        at=at,
        received_at=machine_now(),
        command_id=f"{user}:{key}" if key else None,
        fingerprint=fingerprint(request.method, request.url.path, received.canonical) if key else None,
        strict=received.strict,
        attached=received.attached,
    )
    return await run_in_threadpool(circulate, runtime, asked)


def _stages(names: list[str] | tuple[()]) -> frozenset[BulletinStage]:
    unknown = sorted(set(names) - set(BulletinStage))
    if unknown:
        raise Invalid(
            f"通报没有 {unknown[0]} 这个阶段；可用的有 {'、'.join(BulletinStage)}。",
            code="wrong-value",
            field="stage",
        )
    return frozenset(BulletinStage(name) for name in names)


def _cursor(last: bulletin_lists.Listed) -> str:
    return base64.urlsafe_b64encode(f"{to_micros(last.drafted_at)}/{last.id}".encode()).decode().rstrip("=")


def _read_cursor(cursor: str) -> tuple[int, str]:
    try:
        said = _CURSOR.fullmatch(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode())
    except ValueError:
        said = None
    if said is None:
        raise Malformed("翻页标记 cursor 不是通报清单给出的；请从第一页重新查起。", code="unreadable-cursor")
    return int(said[1]), said[2]
