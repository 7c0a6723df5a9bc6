"""GET routes: lists, one matter, its history, board, evidence."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from events.matter import helping
from events.matter.deciding import permitted
from events.matter.looking_back import LookBackSelected
from events.matter.pressing import LookBackReminded
from events.matter.state import Matter
from events.matter.surroundings import Surroundings
from events.refusals import Invalid, NotFound
from events.vocabulary import MatterId, Stage, UnitId
from projections import board, lists, meeting_lists, similar, timeline, topics
from projections.asking import Asked, Page
from projections.likeness import Wording
from projections.orders import NUMBER, ORDERS
from projections.rows import Item
from service.answering import Answering, answering, evidence_response, filtered
from service.api import shown
from service.api.shown_meetings import origin as shown_origin
from service.identity import may_see, program
from service.likes import family_of, wording_of
from service.noting import Hidden, note
from service.storage.access import Kind
from service.trees import tree

router = APIRouter()

COVERT = (LookBackSelected, LookBackReminded)
"""Facts that would tell a unit when somebody comes to look again."""

UNKNOWN = "没有这件事项，或不归您看；核对编号，需要时请督查室把您单位列为责任或配合单位。"

Text = Annotated[str | None, Query(max_length=200)]
Words = Annotated[str, Query(max_length=2000)]
Limit = Annotated[int, Query(ge=1, le=200)]
Position = Annotated[int | None, Query(ge=0, le=2**62)]


@router.get("/matters")
def matters(
    request: Request,
    stage: Annotated[list[str] | None, Query()] = None,
    state: Text = None,
    unit: Text = None,
    co: bool = False,
    subtree: bool = False,
    handler: Text = None,
    chief: Text = None,
    kind: Text = None,
    source: Text = None,
    overdue: bool = False,
    due_before: date | None = None,
    due_after: date | None = None,
    q: Text = None,
    sort: Text = None,
    as_of: Text = None,
    min_position: Position = None,
    cursor: Annotated[str | None, Query(max_length=400)] = None,
    limit: Limit = 50,
) -> dict[str, Any]:
    """The register by number; ``sort`` is number, -number, and of open matters due and -due."""
    answer = answer_to(request, as_of, min_position)
    asked = filtered(
        answer,
        stages=stage or (),
        state=state,
        unit=unit,
        co=co,
        subtree=subtree,
        handler=handler,
        chief=chief,
        kind=kind,
        source=source,
        overdue=overdue,
        due_before=due_before,
        due_after=due_after,
        q=q or "",
        cursor=cursor,
        limit=limit,
    )
    with answer.connection() as connection:
        return listed(answer, lists.matters(connection, asked, answer.calendar, _order(sort, asked)))


def _order(sort: str | None, asked: Asked) -> str:
    order = sort or NUMBER
    if order not in ORDERS:
        raise Invalid(
            f"没有 {order} 这种排法；sort 写 {'、'.join(ORDERS)}。", code="wrong-value", field="sort"
        )
    if order.endswith("due") and asked.state != "open":
        raise Invalid("按期限排只用于在办的；加上 state=open 再查。", code="wrong-value", field="sort")
    return order


@router.get("/matters/similar")
def similar_matters(
    request: Request,
    title: Words = "",
    problem: Words = "",
    place: Text = None,
    object: Text = None,  # noqa: A002 - named by the contract
    matter: Text = None,
    limit: Annotated[int, Query(ge=1, le=40)] = 8,
) -> dict[str, Any]:
    """Open and lately ended matters like a wording, or like the matter named, the likest first, with why."""
    answer = answer_to(request, None, None)
    wording = Wording(title=title, problem=problem, place=place or "", object=object or "")
    without: tuple[MatterId, ...] = ()
    if matter:
        own = _visible(answer, matter)
        wording, without = wording_of(own), family_of(own)
    with answer.connection() as connection:
        asked = Asked(day=answer.day, visibility=answer.visibility)
        found = similar.similar(connection, asked, answer.calendar, wording, without=without, limit=limit)
    rows = listed(answer, Page(items=tuple(one.item for one in found), next=None, position=0))
    for like, row in zip(found, rows["items"], strict=True):
        row["alike"] = {
            "object": like.alike.same_object,
            "place": like.alike.same_place,
            "words": like.alike.words,
        }
    return {"items": rows["items"]}


@router.get("/matters/{matter_id}")
def matter(
    request: Request, matter_id: str, as_of: Text = None, min_position: Position = None
) -> dict[str, Any]:
    """One matter with what the caller may do."""
    answer = answer_to(request, as_of, min_position)
    folded = _visible(answer, matter_id)
    asked = Asked(day=answer.day, position=answer.position, visibility=answer.visibility, limit=1)
    with answer.connection() as connection:
        found = lists.chosen(connection, asked, answer.calendar, (folded.id,)).items
        parts = lists.parts(connection, asked, answer.calendar, folded.id).items if folded.branches else ()
        origin = meeting_lists.origin(connection, folded.id, answer.position)
        again = topics.nth(connection, folded, answer.position)
    if not found:
        raise _unknown()
    surroundings = _surroundings(answer)
    procedure = surroundings.procedure(folded.kind)
    return {
        **shown.item(found[0], answer.directory, answer.day, answer.position),
        **shown.details(folded, answer.directory, procedure),
        **({"look_back_on": None} if answer.looked_at else {}),
        "parts": [shown.part(row) for row in parts],
        "meeting": shown_origin(origin),
        "recurrence": {"nth": again.nth, "of": again.of, "year": again.year, "topic": again.said}
        if again
        else None,
        "opinions_missing": list(helping.units_missing(folded, surroundings)),
        "permitted": [] if answer.asking.past else list(permitted(folded, surroundings)),
    }


@router.get("/matters/{matter_id}/tree")
def matter_tree(
    request: Request, matter_id: str, as_of: Text = None, min_position: Position = None
) -> dict[str, Any]:
    """A split matter with all it was broken down into, and how many items of each branch have ended."""
    answer = answer_to(request, as_of, min_position)
    folded = _visible(answer, matter_id)
    asked = Asked(day=answer.day, position=answer.position, visibility=answer.visibility)
    with answer.connection() as connection:
        found = tree(connection, asked, answer.calendar, folded.id)
    if found is None:
        raise _unknown()
    return shown.node(found)


@router.get("/matters/{matter_id}/history")
def history(
    request: Request, matter_id: str, as_of: Text = None, min_position: Position = None
) -> dict[str, Any]:
    """Every fact of a matter, oldest first; a look-back to come is kept from the unit that is looked at (M072)."""
    answer = answer_to(request, as_of, min_position)
    folded = _visible(answer, matter_id)
    facts = timeline.history(answer.runtime.store, folded.id, position=answer.position)
    known = (entry for entry in facts if not (answer.looked_at and isinstance(entry.fact, COVERT)))
    return {"items": [shown.fact(entry) for entry in known]}


@router.get("/recurring")
def recurring(
    request: Request,
    year: Annotated[int | None, Query(ge=1949, le=2200)] = None,
    at_least: Annotated[int, Query(ge=2, le=1000)] = 2,
    unit: Text = None,
    as_of: Text = None,
    min_position: Position = None,
    limit: Limit = 100,
) -> dict[str, Any]:
    """What units were given about the same thing at least so many times in a year."""
    answer = answer_to(request, as_of, min_position)
    units = None if answer.visibility.all else answer.visibility.units
    if unit:
        units = frozenset({UnitId(unit)}) & (units if units is not None else {UnitId(unit)})
    asked = year if year is not None else answer.day.year
    with answer.connection() as connection:
        found = topics.recurring(
            connection, asked, position=answer.position, at_least=at_least, units=units, limit=limit
        )
    rows = [
        {"unit": one.unit, "topic": one.said, "count": len(one.matters), "matters": list(one.matters)}
        for one in found
    ]
    return {"items": rows, "year": asked}


@router.get("/overdue")
def overdue(
    request: Request,
    unit: Text = None,
    as_of: Text = None,
    min_position: Position = None,
    cursor: Annotated[str | None, Query(max_length=400)] = None,
    limit: Limit = 200,
) -> dict[str, Any]:
    """What is late and not reported done, worst first."""
    answer = answer_to(request, as_of, min_position)
    asked = filtered(answer, unit=unit, cursor=cursor, limit=limit)
    with answer.connection() as connection:
        return listed(answer, lists.overdue(connection, asked, answer.calendar))


@router.get("/awaiting-verification")
def awaiting_verification(
    request: Request,
    as_of: Text = None,
    min_position: Position = None,
    cursor: Annotated[str | None, Query(max_length=400)] = None,
    limit: Limit = 200,
) -> dict[str, Any]:
    """What waits for the office's verification, the oldest report first."""
    answer = answer_to(request, as_of, min_position)
    asked = filtered(answer, cursor=cursor, limit=limit)
    with answer.connection() as connection:
        page = lists.awaiting_verification(connection, asked, answer.calendar)
    days = answer.runtime.settings.rules.verify_within_working_days
    result = listed(answer, page)
    for row, out in zip(page.items, result["items"], strict=True):
        reported = row.reported_on
        assert reported is not None
        out["verify_due_on"] = answer.calendar.nth_working_day_after(reported, days).on
        out["days_waiting"] = (answer.day - reported).days
    return result


@router.get("/board")
def board_now(request: Request, as_of: Text = None, min_position: Position = None) -> dict[str, Any]:
    """How many matters stand in each stage, in all and by lead unit."""
    answer = answer_to(request, as_of, min_position)
    with answer.connection() as connection:
        units = None if answer.visibility.all else answer.visibility.units
        found = board.board(connection, position=answer.position, units=units)
    return {
        "stages": [{"stage": stage.value, "count": found.stages.get(stage, 0)} for stage in Stage],
        "units": [
            {"unit": unit, "counts": {stage.value: n for stage, n in counts.items() if n}}
            for unit, counts in found.units.items()
        ],
        "position": found.position,
    }


@router.get("/evidence/{evidence_id}", response_class=Response)
def evidence_file(request: Request, evidence_id: str, as_of: Text = None) -> Response:
    """The file of a piece of evidence, for whoever may see one of its matters."""
    return evidence_response(answer_to(request, as_of, None), evidence_id)


def answer_to(request: Request, as_of: str | None, min_position: int | None) -> Answering:
    """What a program asks, as of when. Raises what ``service.answering.answering`` raises."""
    principal = program(request)
    given = request.headers.get("x-duban-now")
    return answering(request, principal, as_of=as_of, given=given, min_position=min_position)


def listed(answer: Answering, page: Page[Item]) -> dict[str, Any]:
    """A page of matters as it is answered."""
    rows = [shown.item(row, answer.directory, answer.day, answer.position) for row in page.items]
    if any(row["look_back_on"] for row in rows) and not answer.looked_at:
        note(answer, Kind.COVERT, once=True)
    if answer.looked_at:
        rows = [{**row, "look_back_on": None} for row in rows]
    return {"items": rows, "next": page.next, "position": page.position}


def _visible(answer: Answering, matter_id: str) -> Matter:
    folded = answer.runtime.handling.load(f"matter-{matter_id}", up_to=answer.position)
    if folded.version == 0:
        raise _unknown()
    matter: Matter = folded.state
    if not may_see(answer.visibility, matter):
        raise Hidden(UNKNOWN)
    if matter.look_back_on is not None and not answer.looked_at:
        note(answer, Kind.COVERT, matter.id, once=True)
    return matter


def _unknown() -> NotFound:
    return NotFound(UNKNOWN)


def _surroundings(answer: Answering) -> Surroundings:
    runtime = answer.runtime
    return Surroundings(
        actor=answer.principal.actor,
        at=answer.asking.moment,
        directory=runtime.directory.now(),
        calendar=runtime.calendars.now(),
        procedures=runtime.settings.procedures,
        rules=runtime.settings.rules,
    )
