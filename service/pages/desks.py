"""成批交接: the form that puts everything on one desk on another, portion by portion, and how far it is."""

from __future__ import annotations

from dataclasses import dataclass, replace

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from events.directory.state import Person
from events.refusals import NotFound, Refusal
from events.vocabulary import OFFICE, PersonId
from service.commands.handing_over import HandOverAll, hand_over_all, on_desk
from service.errors import status_of
from service.pages.fields import FieldView, Raw, first, view
from service.pages.fields_within import colleagues
from service.pages.form_page import FormPage
from service.pages.reading_forms import problem_of, raw_of
from service.pages.rendering import show
from service.pages.shell import Shell
from service.pages.views import Problem
from service.pages.visiting import Sent, Visit, Visiting, shell_of
from service.pages.wording import FORMS

router = APIRouter(include_in_schema=False)

AT_ONCE = 1_000
"""Matters one sending of the form hands over; the page then says how far it is and goes on."""
SEE_OTHER = 303


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgressPage:
    """How far a hand-over is, with the button that goes on."""

    shell: Shell
    title: str
    sub: str
    moved: int
    of: int
    percent: int
    action: str
    carried: tuple[tuple[str, str], ...]


@router.get("/people/{person_id}/hand-over")
def handing_over(visit: Visiting, person_id: str) -> Response:
    """The form."""
    visit.must(*OFFICE)
    return show("form.html", _form(visit, _known(visit, person_id), {}, ()))


@router.post("/people/{person_id}/hand-over")
def hand_over(visit: Visiting, form: Sent, person_id: str) -> Response:
    """A portion goes over; then the next, until the desk is empty."""
    visit.must(*OFFICE)
    known, raw = _known(visit, person_id), raw_of(form)
    to, moved = first(raw, "to"), int(first(raw, "moved", "0")[:9] or 0)
    if not to:
        return show(
            "form.html", _form(visit, known, raw, (Problem(sentence="选交给谁", field="to"),)), status=422
        )
    command = HandOverAll(to=PersonId(to), reason=first(raw, "reason") or None, limit=AT_ONCE)
    try:
        done = hand_over_all(visit.runtime, visit.actor, known.id, command, visit.asking.moment)
    except Refusal as refusal:
        problem = problem_of(refusal, {"to": "交给谁", "reason": "理由"})
        return show("form.html", _form(visit, known, raw, (problem,)), status=status_of(refusal)[0])
    moved += done.moved
    if not done.left:
        return RedirectResponse(f"/people/{known.id}?done=hand-over", SEE_OTHER)
    page = ProgressPage(
        shell=shell_of(visit, "成批交接"),
        title="成批交接",
        sub=f"{known.name} → {visit.directory.person_name(to)}",
        moved=moved,
        of=moved + done.left,
        percent=100 * moved // (moved + done.left),
        action=f"/people/{known.id}/hand-over",
        carried=(("to", to), ("reason", first(raw, "reason")), ("moved", str(moved))),
    )
    return show("handing_over.html", page)


def _form(visit: Visit, known: Person, raw: Raw, problems: tuple[Problem, ...]) -> FormPage:
    count = on_desk(visit.runtime, known.id)
    wrong = {problem.field: problem.sentence for problem in problems if problem.field}
    here = f"/people/{known.id}"
    return FormPage(
        shell=shell_of(visit, "成批交接"),
        title="成批交接",
        sub=f"{known.name} 经办的在办事项 {count:,} 件",
        action=f"{here}/hand-over",
        verb="全部交接",
        grave=False,
        then="这些事项以后都由接手的人办，列在他的“要我办”里；每一件的经过里都记下谁交给谁。",
        back=here,
        keep="",
        until_recorded=False,
        carried=(),
        fields=tuple(_fields(visit, raw, wrong)),
        extras=(),
        extras_title="",
        extras_open=False,
        has_file=False,
        problems=problems,
        problems_title="现在不能交接",
        notice=None,
        aside=(),
    )


def _fields(visit: Visit, raw: Raw, wrong: dict[str, str]) -> list[FieldView]:
    words = FORMS["hand-over"].fields
    to = view("to", words["to"], raw, wrong)
    return [
        replace(to, groups=colleagues(visit, to.value)),
        view("reason", words["reason"], raw, wrong),
    ]


def _known(visit: Visit, person_id: str) -> Person:
    known = visit.directory.people.get(PersonId(person_id))
    if known is None:
        raise NotFound("没有这个人；到单位与人员里找。")
    return known
