"""GET /support: requests for support that wait for the office's answer, and those answered."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request

from events.matter.state import Matter
from events.refusals import Invalid
from events.rules.deadlines import days_late
from projections import lists
from service.answering import Answering, filtered
from service.api import shown
from service.api.lists import answer_to, listed

router = APIRouter()

PENDING, ANSWERED, ALL = "pending", "answered", "all"

Text = Annotated[str | None, Query(max_length=200)]


@router.get("/support")
def support(
    request: Request,
    state: str = PENDING,
    unit: Text = None,
    handler: Text = None,
    as_of: Text = None,
    min_position: Annotated[int | None, Query(ge=0, le=2**62)] = None,
    cursor: Annotated[str | None, Query(max_length=400)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> dict[str, Any]:
    """Matters with their requests of a state: pending ones the earliest due first, the others by number."""
    if state not in (PENDING, ANSWERED, ALL):
        raise Invalid(
            f"state 应是 {PENDING}、{ANSWERED} 或 {ALL}，请改好再查。", code="wrong-value", field="state"
        )
    answer = answer_to(request, as_of, min_position)
    asked = filtered(answer, unit=unit, handler=handler, cursor=cursor, limit=limit)
    question = lists.support_asked if state == PENDING else lists.support_ever_asked
    with answer.connection() as connection:
        page = question(connection, asked, answer.calendar)
    result = listed(answer, page)
    for row, out in zip(page.items, result["items"], strict=True):
        matter: Matter = answer.runtime.handling.load(f"matter-{row.id}", up_to=answer.position).state
        out["requests"] = [one for one in shown.supports(matter, answer.directory) if _is(state, one)]
        for one in out["requests"]:
            one["days_late"] = _late(answer, one)
    return result


def _is(state: str, one: dict[str, Any]) -> bool:
    return state == ALL or one["state"] == state


def _late(answer: Answering, one: dict[str, Any]) -> int:
    """Calendar days after the office's own limit, on the day asked where nobody answered yet."""
    waits = one["state"] == PENDING and one["due_on"] is not None
    return days_late(one["due_on"], answer.day) if waits else int(one["days_late"])
