"""一起办: one act on the matters ticked in the register: choose it, fill it in, see what it would do, do it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from events.matter.permitted import PERMITTED
from events.matter.state import Matter
from events.refusals import Invalid, NotFound
from events.vocabulary import MatterId
from projections import lists
from service.pages import bulk_acts
from service.pages.bulk_acts import Batch, Outcome
from service.pages.bulk_views import BulkAct, BulkRow, ChoosePage, PreviewPage, ResultPage
from service.pages.command_fields import command_fields, extra_fields
from service.pages.fields import FieldView, Raw, first
from service.pages.filters import asked_of, read_filters
from service.pages.form_page import FormPage
from service.pages.labels import EXTRAS
from service.pages.login import safe_path
from service.pages.reading_forms import fields_of, missing, raw_of
from service.pages.rendering import show
from service.pages.showing import address
from service.pages.views import Pair, Problem
from service.pages.visiting import Sent, Visit, Visiting, shell_of
from service.pages.wording import FORMS

router = APIRouter(include_in_schema=False)

OWN = frozenset({"csrf", "command_id", "typed_by", "m", "v", "do", "again", "batch", "back"})
"""What a form carries beside what was filled in."""


@router.get("/bulk")
def choose(visit: Visiting) -> Response:
    """The acts the ticked matters can take."""
    matters = bulk_acts.chosen(visit, _ids(visit))
    offered = bulk_acts.offered(visit, matters)
    page = ChoosePage(
        shell=shell_of(visit, "一起办"),
        sub=f"勾了 {len(matters)} 件",
        back=_back(visit.query.get("back")),
        ids=tuple(matter.id for matter in matters),
        acts=tuple(
            BulkAct(
                text=bulk_acts.label_of(visit, name, matters),
                href=f"/bulk/{name}",
                count=f"{count} 件" if count == len(matters) else f"{count} 件可办",
                grave=PERMITTED[name].grave,
            )
            for name, count in offered.items()
        ),
        rows=tuple(_row(visit, matter, "") for matter in matters),
    )
    return show("bulk.html", page)


@router.get("/bulk/{command}")
def fill_in(visit: Visiting, command: str) -> Response:
    """The act's form; where it asks for nothing, what it would do."""
    _must_be_bulk(command)
    matters = bulk_acts.chosen(visit, visit.query.getlist("m"))
    if not FORMS[command].fields:
        return _preview(visit, command, _came_from(visit), matters)
    return show("form.html", _form(visit, command, _came_from(visit), matters, {}))


@router.post("/bulk/{command}")
def send(visit: Visiting, form: Sent, command: str) -> Response:
    """Looks ahead, goes back to the form, or does it."""
    _must_be_bulk(command)
    raw = raw_of(form)
    named = [one.partition(":")[0] for one in raw.get("v", [])]
    if "again" in raw:
        return show("form.html", _form(visit, command, raw, bulk_acts.chosen(visit, named), {}))
    if "do" in raw and not raw.get("m"):
        nothing = (Problem(sentence="一件也没有勾；至少勾一件再办。"),)
        return _preview(visit, command, raw, bulk_acts.chosen(visit, named), problems=nothing)
    matters = bulk_acts.chosen(visit, raw.get("m", []))
    fields, problems = _read(visit, command, raw)
    if problems:
        return show("form.html", _form(visit, command, raw, matters, problems), status=422)
    if "do" not in raw:
        return _preview(visit, command, raw, matters, fields=fields)
    batch = Batch(command=command, fields=fields, id=first(raw, "batch"), versions=_versions(raw))
    if not batch.id:
        raise Invalid("这张表单不全；回台账重新勾选。", code="unreadable-form")
    return _result(visit, command, bulk_acts.done(visit, batch, matters), raw)


def _must_be_bulk(command: str) -> None:
    if command not in PERMITTED:
        raise NotFound("没有这一步；回台账，勾上事项再看可以一起办什么。")
    if not bulk_acts.in_bulk(command):
        label = PERMITTED[command].label
        raise Invalid(f"“{label}”要一件一件办；打开那一件，从它的按钮进去。", code="one-by-one")


def _ids(visit: Visit) -> list[str]:
    """The matters ticked, or with ``all`` those the filters select."""
    if not visit.query.get("all"):
        return visit.query.getlist("m")
    asked = replace(asked_of(visit, read_filters(visit.query)), limit=bulk_acts.MOST + 1)
    with visit.connect() as connection:
        return [item.id for item in lists.matters(connection, asked, visit.calendar).items]


def _read(visit: Visit, command: str, raw: Raw) -> tuple[dict[str, Any], dict[str, str]]:
    problems = missing(command, raw, has_file=False)
    fields, wrong = fields_of(visit, command, raw, None, ())
    return fields, problems | wrong


def _versions(raw: Raw) -> dict[MatterId, int]:
    pairs = (one.partition(":") for one in raw.get("v", []))
    return {MatterId(matter): int(version) for matter, _, version in pairs if version.isdigit()}


def _form(
    visit: Visit, command: str, raw: Raw, matters: Sequence[Matter], problems: Mapping[str, str]
) -> FormPage:
    label = bulk_acts.label_of(visit, command, matters)
    extras = extra_fields(raw, problems, command, paper=False)
    listed = tuple(Problem(sentence=said, field=f"f-{name}") for name, said in problems.items())
    return FormPage(
        shell=shell_of(visit, f"一起{label}"),
        title=f"一起{label}",
        sub=f"{len(matters)} 件，填一次，对每一件都办",
        action=f"/bulk/{command}",
        verb="看会怎样",
        grave=False,
        then=f"下一步先看每一件会怎样，再定办不办。{FORMS[command].then}",
        back=_back(first(raw, "back")),
        keep=f"bulk-{command}",
        until_recorded=False,
        carried=(("back", _back(first(raw, "back"))), *(("m", matter.id) for matter in matters)),
        fields=command_fields(visit, command, None, raw, problems),
        extras=extras,
        extras_title="附言、依据、实际发生时间",
        extras_open=any(field.value or field.problem for field in extras),
        has_file=False,
        problems=listed,
        problems_title=f"还有 {len(listed)} 处要改",
        notice=None,
        aside=(),
    )


def _preview(
    visit: Visit,
    command: str,
    raw: Raw,
    matters: Sequence[Matter],
    *,
    fields: Mapping[str, Any] | None = None,
    problems: tuple[Problem, ...] = (),
) -> Response:
    batch = Batch(
        command=command,
        fields=_read(visit, command, raw)[0] if fields is None else fields,
        id=first(raw, "batch"),
        versions={},
    )
    outcomes = bulk_acts.looked_ahead(visit, batch, matters)
    label, shell = bulk_acts.label_of(visit, command, matters), shell_of(visit, "看会怎样")
    able = tuple(_outcome_row(visit, one) for one in outcomes if one.done)
    typed = [(name, value) for name, values in raw.items() if name not in OWN for value in values if value]
    page = PreviewPage(
        shell=shell,
        title=f"一起{label}：看会怎样",
        sub=f"{_counted(len(able), len(outcomes) - len(able))} · 还没有办",
        then=FORMS[command].then,
        action=f"/bulk/{command}",
        back=_back(first(raw, "back")),
        verb=label,
        grave=PERMITTED[command].grave,
        said=_said(visit, command, raw),
        carried=(*typed, *(("v", f"{matter.id}:{matter.version}") for matter in matters)),
        batch=first(raw, "batch") or shell.command_id,
        may_change=bool(FORMS[command].fields),
        problems=problems,
        able=able,
        unable=tuple(_outcome_row(visit, one) for one in outcomes if not one.done),
    )
    return show("bulk_preview.html", page, status=422 if problems else 200)


def _result(visit: Visit, command: str, outcomes: Sequence[Outcome], raw: Raw) -> Response:
    done = tuple(_outcome_row(visit, one) for one in outcomes if one.done)
    refused = tuple(_outcome_row(visit, one) for one in outcomes if not one.done)
    label = bulk_acts.label_of(visit, command, [one.matter for one in outcomes])
    page = ResultPage(
        shell=shell_of(visit, "办理结果"),
        title=f"一起{label}：办理结果",
        sub=f"办成 {len(done)} 件，没办成 {len(refused)} 件" if refused else f"{len(done)} 件都办成了",
        done=done,
        refused=refused,
        back=_back(first(raw, "back")),
        batch=first(raw, "batch"),
    )
    return show("bulk_result.html", page)


def _counted(able: int, unable: int) -> str:
    said = [f"{able} 件会办"] if able else []
    return "，".join([*said, f"{unable} 件办不了"] if unable else said)


def _back(path: str | None) -> str:
    """The list one came from; the register where none is said."""
    found = safe_path(path or "")
    return "/matters" if found == "/" else found


def _came_from(visit: Visit) -> dict[str, list[str]]:
    return {"back": [_back(visit.query.get("back"))]}


def _said(visit: Visit, command: str, raw: Raw) -> tuple[Pair, ...]:
    """What was filled in, in the form's own words."""
    fields = (*command_fields(visit, command, None, raw, {}), *extra_fields(raw, {}, command, paper=False))
    known = [field for field in fields if field.name in FORMS[command].fields or field.name in EXTRAS]
    pairs = ((field, _shown(field, raw)) for field in known)
    return tuple(Pair(term=field.label, lines=lines) for field, lines in pairs if lines)


def _shown(field: FieldView, raw: Raw) -> tuple[str, ...]:
    options = [*field.options, *(option for group in field.groups for option in group.options)]
    values = [value for value in raw.get(field.name, []) if value]
    labels = {option.value: option.label for option in options if option.label}
    return tuple(line for value in values for line in labels.get(value, value).splitlines())


def _outcome_row(visit: Visit, outcome: Outcome) -> BulkRow:
    return replace(_row(visit, outcome.matter, outcome.said), done=outcome.done)


def _row(visit: Visit, matter: Matter, said: str) -> BulkRow:
    return BulkRow(
        id=matter.id,
        number=visit.number(matter.number),
        title=matter.title,
        href=address(matter.id),
        said=said,
        done=False,
    )
