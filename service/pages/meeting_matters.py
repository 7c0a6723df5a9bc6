"""议定事项立项: a line for each decision, looked at first, then made matters in one go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from events.meeting.permitted import REGISTER, REGISTER_LABEL, Who, admit
from events.meeting.state import Meeting, Resolved
from events.refusals import Refusal
from service.commands.bodies import convert
from service.commands.meetings import surroundings
from service.commands.taking_up import Asked, Became, RegisterDecisions, take_up, title_of
from service.errors import status_of
from service.pages.fields import FieldView, Group, Raw, first, options, unit_groups, view
from service.pages.form_words import LIMIT, FieldWords, Widget
from service.pages.meeting_page import load
from service.pages.reading_forms import raw_of
from service.pages.reading_limits import limit_fields
from service.pages.rendering import show
from service.pages.shell import Shell
from service.pages.showing import address
from service.pages.views import Link, Problem
from service.pages.visiting import Sent, Visit, Visiting, shell_of
from service.pages.words import full_day

router = APIRouter(include_in_schema=False)

SEE_OTHER = 303
ENTER = "enter"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """What becomes, or became, of one decision."""

    n: int
    said: str
    wrong: bool
    matter: Link | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TakingLine:
    """One decision to be followed up, with its own fields."""

    n: int
    text: str
    ticked: bool
    title: FieldView
    unit: FieldView
    more: FieldView
    more_open: bool
    limit: FieldView
    quality: FieldView
    fate: Fate | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TakingPage:
    """The form, with every decision's fate once looked at."""

    shell: Shell
    title: str
    sub: str
    action: str
    back: str
    problems: tuple[Problem, ...]
    common: tuple[FieldView, ...]
    lines: tuple[TakingLine, ...]
    done: tuple[Fate, ...]
    """What was registered just now, where others were refused."""
    ready: int
    """How many would be registered; 0 while nothing was looked at."""


@router.get("/meetings/{meeting_id}/register")
def begin(visit: Visiting, meeting_id: str) -> Response:
    """The form, every decision without a matter ticked."""
    found = load(visit, meeting_id)
    if visit.asking.past:
        return RedirectResponse(f"/meetings/{found.id}?as_of={visit.as_of}", SEE_OTHER)
    admit(Who.OFFICE, REGISTER_LABEL, found, surroundings(visit.runtime, visit.actor, visit.asking.moment))
    if not found.open_decisions:
        return RedirectResponse(f"/meetings/{found.id}", SEE_OTHER)
    begun = {"take": [str(one.n) for one in found.open_decisions]}
    return show("meeting_register.html", _page(visit, found, begun))


@router.post("/meetings/{meeting_id}/register")
def send(visit: Visiting, form: Sent, meeting_id: str) -> Response:
    """Looks at what would become of each, or makes them matters."""
    found, raw = load(visit, meeting_id), raw_of(form)
    enters = first(raw, "step") == ENTER
    key = first(raw, "command_id")
    try:
        command = convert(
            {"decisions": _takings(raw), "preview": not enters}, RegisterDecisions, strict=False
        )
        became = take_up(
            visit.runtime,
            Asked(
                actor=visit.actor,
                at=visit.asking.moment,
                meeting=found.id,
                command=command,
                key=f"{visit.actor.user}:{key}" if key else None,
            ),
        )
    except Refusal as refusal:
        page = _page(visit, found, raw, problems=(Problem(sentence=refusal.sentence, field="decisions"),))
        return show("meeting_register.html", page, status=status_of(refusal)[0])
    refused = [one for one in became if one.refusal is not None]
    if enters and not refused:
        return RedirectResponse(f"/meetings/{found.id}?done={REGISTER}", SEE_OTHER)
    page = _page(visit, load(visit, meeting_id), raw, became=became, written=enters)
    return show("meeting_register.html", page, status=422 if enters else 200)


def _takings(raw: Raw) -> list[dict[str, Any]]:
    """The ticked decisions as the API would take them; what a line leaves out is as said for all."""
    ticked = {int(n) for n in raw.get("take", []) if n.isascii() and n.isdigit() and len(n) < 5}
    return [_taking(n, raw) for n in sorted(ticked)]


def _taking(n: int, raw: Raw) -> dict[str, Any]:
    units = [unit for unit in (first(raw, f"unit_{n}"), *raw.get(f"units_{n}", [])) if unit]
    said = {
        "n": n,
        "kind": first(raw, "kind"),
        "title": first(raw, f"title_{n}"),
        "lead_units": list(dict.fromkeys(units)),
        "quality_requirement": first(raw, f"quality_{n}") or first(raw, "quality_requirement"),
        **limit_fields(first(raw, f"limit_{n}") or first(raw, "time_limit"), first(raw, "starts")),
    }
    return {name: value for name, value in said.items() if value or name in _ALWAYS}


_ALWAYS = frozenset({"kind", "lead_units", "quality_requirement"})


def _page(
    visit: Visit,
    found: Meeting,
    raw: Raw,
    *,
    became: Sequence[Became] = (),
    written: bool = False,
    problems: tuple[Problem, ...] = (),
) -> TakingPage:
    fates = {one.n: _fate(visit, one, written=written) for one in became}
    refused = [fate for fate in fates.values() if fate.wrong]
    listed = problems or tuple(
        Problem(sentence=f"第{fate.n}项：{fate.said}", field=f"d-{fate.n}") for fate in refused if written
    )
    every = unit_groups(visit, ())
    lines = tuple(_line(one, raw, every, fates.get(one.n)) for one in found.open_decisions)
    return TakingPage(
        shell=shell_of(visit, REGISTER_LABEL),
        title=REGISTER_LABEL,
        sub=found.title,
        action=f"/meetings/{found.id}/{REGISTER}",
        back=f"/meetings/{found.id}",
        problems=listed,
        common=_common(visit, raw),
        lines=lines,
        done=tuple(fate for fate in fates.values() if written and not fate.wrong),
        ready=0 if written else len(fates) - len(refused),
    )


def _fate(visit: Visit, one: Became, *, written: bool) -> Fate:
    if one.refusal is not None:
        return Fate(n=one.n, said=one.refusal.sentence, wrong=True)
    matter = one.matter
    assert matter is not None
    if one.waits:
        said = "立项，等批准后交办"
    elif matter.branches:
        dues = {part["due_on"] for part in one.parts if part["due_on"]}
        until = f"，期限 {full_day(date.fromisoformat(dues.pop()), visit.day)}" if len(dues) == 1 else ""
        said = f"立项，分办给 {len(matter.branches)} 个单位{until}"
    else:
        due = f"，期限 {full_day(matter.due_on, visit.day)}" if matter.due_on is not None else ""
        said = f"立项，交办给{visit.unit_name(matter.lead_unit)}{due}"
    if not written:
        return Fate(n=one.n, said=said, wrong=False)
    link = Link(text=visit.number(matter.number), href=address(matter.id))
    return Fate(n=one.n, said=f"已{said}", wrong=False, matter=link)


def _common(visit: Visit, raw: Raw) -> tuple[FieldView, ...]:
    """What holds for every decision that says nothing else."""
    kinds = [(kind, procedure.label) for kind, procedure in visit.runtime.settings.procedures.items()]
    kind = view("kind", FieldWords(label="类别", widget=Widget.CHOICE, required=True), raw, {})
    limit = replace(view("time_limit", LIMIT, raw, {}), required=False)
    quality = FieldWords(label="质量要求", widget=Widget.AREA, hint="做到什么程度算完成", rows=2)
    chosen = kind.value or next(iter(visit.runtime.settings.procedures), "")
    return (
        replace(kind, options=options(kinds, [chosen])),
        limit,
        view("quality_requirement", quality, raw, {}),
    )


def _line(one: Resolved, raw: Raw, every: Sequence[Group], fate: Fate | None) -> TakingLine:
    said: Mapping[str, FieldWords] = {
        "title": FieldWords(label="标题"),
        "unit": FieldWords(label="牵头单位", widget=Widget.UNIT),
        "units": FieldWords(label="同一项还分给", widget=Widget.UNITS),
        "limit": FieldWords(label="另有期限"),
        "quality": FieldWords(label="另有要求"),
    }
    fields = {name: view(f"{name}_{one.n}", words, raw, {}) for name, words in said.items()}
    several = raw.get(f"units_{one.n}", [])
    return TakingLine(
        n=one.n,
        text=one.text,
        ticked=str(one.n) in raw.get("take", []),
        title=replace(fields["title"], value=fields["title"].value or title_of(one.text)),
        unit=replace(fields["unit"], groups=_chosen(every, [fields["unit"].value])),
        more=replace(fields["units"], groups=_chosen(every, several)),
        more_open=bool(several),
        limit=fields["limit"],
        quality=fields["quality"],
        fate=fate,
    )


def _chosen(every: Sequence[Group], chosen: Sequence[str]) -> tuple[Group, ...]:
    return tuple(
        replace(group, options=tuple(replace(one, chosen=one.value in chosen) for one in group.options))
        for group in every
    )
