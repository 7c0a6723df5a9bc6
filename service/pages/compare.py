"""两个时刻相比: one matter field by field, and what happened in between."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from fastapi import APIRouter
from starlette.datastructures import QueryParams
from starlette.responses import Response

from events.matter.state import Matter
from events.matter.telling import told
from events.record.envelope import Recorded
from events.refusals import Malformed
from events.vocabulary import MatterId
from service.asking import Asking
from service.pages.looking import at_moment
from service.pages.matter import load
from service.pages.rendering import show
from service.pages.shell import Shell
from service.pages.showing import late_words
from service.pages.state_words import Changed, Known, Then, differences, known
from service.pages.timeline import by_line
from service.pages.views import Link, Row
from service.pages.visiting import Visit, Visiting, shell_of
from service.pages.words import beijing, day_and_hour, joined, place_in_record, whole_moment

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparePage:
    """A matter at two moments."""

    shell: Shell
    number: str
    title: str
    matter: Link
    action: str
    from_: str
    to: str
    from_said: str
    to_said: str
    changed: tuple[Changed, ...]
    same: tuple[Changed, ...]
    between: tuple[Row, ...]


@router.get("/matters/{matter_id}/compare")
def compare(visit: Visiting, matter_id: str) -> Response:
    """One matter at two moments, whatever moment the visit itself looks at."""
    first, last = moments(visit)
    later = visit_at(visit, last)
    found, history = load(later, MatterId(matter_id))
    past = visit.asking.position is not None and place(last) > visit.asking.position
    before, after = _at(visit, found, history, first), _at(visit, found, history, last)
    fields = differences(before, after)
    here = f"/matters/{found.id}"
    page = ComparePage(
        shell=shell_of(visit, f"两个时刻相比 {visit.number(found.number)}"),
        number=visit.number(found.number),
        title=found.title,
        matter=Link(text="事项页", href=visit.then(here)),
        action=f"{here}/compare",
        from_=visit.query.get("from", ""),
        to=visit.query.get("to", ""),
        from_said=moment_said(first),
        to_said=moment_said(last),
        changed=tuple(one for one in fields if not one.same),
        same=tuple(one for one in fields if one.same and one.before != "—"),
        between=tuple(
            _row(later, found, one, (later if past else visit).then)
            for one in history
            if place(first) < one.position <= place(last)
        ),
    )
    return show("compare_matter.html", page)


def moments(visit: Visit) -> tuple[Asking, Asking]:
    """The two moments asked about, the earlier first. Raises Malformed where one is missing or they are exchanged."""
    texts = [visit.query.get(name, "").strip() for name in ("from", "to")]
    if not all(texts):
        raise Malformed("要比较两个时刻，“从”和“到”都要写；写位次、时刻或日期。", code="unreadable-moment")
    first, last = (at_moment(visit, text) for text in texts)
    if (place(first), first.moment) > (place(last), last.moment):
        raise Malformed("“从”晚于“到”；把两个时刻对调再比。", code="wrong-period")
    return first, last


def visit_at(visit: Visit, asked: Asking) -> Visit:
    """The same visitor looking at another moment; links go there."""
    query = QueryParams([(name, value) for name, value in visit.query.multi_items() if name != "as_of"])
    answer = replace(visit.answer, asking=asked, as_of=None)
    return replace(visit, query=query, kept_as_of=str(place(asked)), answer=answer)


def place(asked: Asking) -> int:
    """The position of a moment looked at; a moment named always has one."""
    assert asked.position is not None
    return asked.position


def _at(visit: Visit, found: Matter, history: Sequence[Recorded], asked: Asking) -> Sequence[Known]:
    runtime, position = visit.runtime, place(asked)
    upto = [recorded for recorded in history if recorded.position <= position]
    state: Matter = runtime.handling.fold(found.stream, upto).state
    then = Then(
        directory=runtime.directory.at(position),
        calendar=runtime.calendars.at(position),
        day=asked.day,
        wording=visit.wording(found.kind),
        kind=visit.kind_label(found.kind),
        position=position,
    )
    return known(state, then)


def moment_said(asked: Asking) -> str:
    """A moment with its position, in words."""
    if place(asked) == 0:
        return "第一条记录以前"
    return f"{whole_moment(asked.moment)}，{place_in_record(place(asked))}"


def _row(visit: Visit, found: Matter, recorded: Recorded, then: Callable[[str], str]) -> Row:
    day = beijing(recorded.recorded_at).date()
    said = told(recorded, visit.directory, day, wording=visit.wording(found.kind))
    return Row(
        title=said.title,
        href=then(f"/matters/{found.id}/replay?position={recorded.position}"),
        meta=joined(
            by_line(recorded, visit.directory, day),
            day_and_hour(recorded.recorded_at, visit.day),
            place_in_record(recorded.position),
            late_words(visit, recorded),
        ),
        note=" ".join(said.sentences),
    )
