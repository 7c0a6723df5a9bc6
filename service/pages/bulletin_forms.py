"""Forms of 通报: drafting one, editing its prose, and every other act on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import msgspec
from fastapi import APIRouter, Request
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from events.bulletin.deciding import admit
from events.bulletin.permitted import DRAFT, PERMITTED, Who
from events.bulletin.prose import prose_of, section_of, words_of
from events.bulletin.series import Every
from events.bulletin.signing import is_administrative_head
from events.bulletin.state import Bulletin, BulletinStage, PublicChannel
from events.refusals import NotFound, Refusal
from events.vocabulary import OFFICE, BulletinId
from service.clock import machine_now
from service.commands.circulating import Circulating, circulate
from service.commands.performing import fingerprint
from service.errors import status_of
from service.pages.background import Part
from service.pages.bulletin_page import allowed, load, surroundings
from service.pages.bulletin_words import DRAFT as DRAFT_WORDS
from service.pages.bulletin_words import FORMS, PAPER
from service.pages.fields import FieldView, Raw, first, options, unit_groups, view
from service.pages.form_page import FormPage
from service.pages.form_words import FieldWords, FormWords, Widget
from service.pages.reading_forms import attached_of, file_of, raw_of
from service.pages.rendering import show
from service.pages.views import Pair, Problem
from service.pages.visiting import Sent, Visit, Visiting, shell_of

router = APIRouter(include_in_schema=False)

SEE_OTHER = 303
EDIT = "edit"


@router.get("/bulletins/draft")
def drafting(visit: Visiting) -> Response:
    """The form of 拟稿."""
    visit.must(*OFFICE)
    return show("form.html", _page(visit, None, DRAFT.name, {}))


@router.post("/bulletins/draft")
def draft(request: Request, visit: Visiting, form: Sent) -> Response:
    """拟稿."""
    return _send(request, visit, form, None, DRAFT.name)


@router.get("/bulletins/{bulletin_id}/{command}")
def act(visit: Visiting, bulletin_id: str, command: str) -> Response:
    """The form of a command."""
    found = load(visit, bulletin_id)
    if command not in PERMITTED:
        raise NotFound("没有这一步；回到通报页，看现在可以办什么。")
    if visit.asking.past:
        return RedirectResponse(f"/bulletins/{found.id}?as_of={visit.as_of}", SEE_OTHER)
    if command not in allowed(visit, found) and not _stands_in(visit, command):
        admit(PERMITTED[command], found, surroundings(visit, found))
    raw = {name: visit.query.getlist(name) for name in visit.query if name != "as_of"}
    return show("form.html", _page(visit, found, command, raw))


@router.post("/bulletins/{bulletin_id}/{command}")
def send(request: Request, visit: Visiting, form: Sent, bulletin_id: str, command: str) -> Response:
    """A command."""
    if command not in PERMITTED:
        raise NotFound("没有这一步；回到通报页，看现在可以办什么。")
    return _send(request, visit, form, load(visit, bulletin_id), command)


def _stands_in(visit: Visit, command: str) -> bool:
    """Whether the office enters a unit's paper."""
    by_unit = PERMITTED[command].who in (Who.ADDRESSEE, Who.CO_SIGNER)
    return by_unit and visit.may(*OFFICE) and visit.query.get("for") == "unit"


def _send(request: Request, visit: Visit, form: FormData, found: Bulletin | None, command: str) -> Response:
    raw = raw_of(form)
    words = _words(visit, found, command, raw)
    problems = {
        name: f"{'选' if one.widget in (Widget.CHOICE, Widget.UNIT) else '填写'}{one.label}"
        for name, one in words.fields.items()
        if one.required and not first(raw, name)
    }
    if problems:
        return show("form.html", _page(visit, found, command, raw, problems), status=422)
    fields = _fields(words, raw)
    key = first(raw, "command_id")
    said = msgspec.json.encode(fields, order="deterministic")
    try:
        attached = attached_of(file_of(visit, form, raw), raw)
        answer = circulate(
            visit.runtime,
            Circulating(
                actor=visit.actor,
                name=command,
                id=found.id if found is not None else None,
                fields=fields,
                at=visit.asking.moment,
                received_at=machine_now(),
                command_id=f"{visit.actor.user}:{key}" if key else None,
                fingerprint=fingerprint(request.method, request.url.path, said) if key else None,
                strict=False,
                attached=attached,
            ),
        )
    except Refusal as refusal:
        return _refused(visit, found, command, raw, refusal)
    target = BulletinId(str(answer.get("correction") or answer["id"]))
    return RedirectResponse(f"/bulletins/{target}?done={command}", SEE_OTHER)


def _fields(words: FormWords, raw: Raw) -> dict[str, Any]:
    """The command's fields as the API would take them."""
    fields: dict[str, Any] = {}
    for name, one in words.fields.items():
        if one.widget is Widget.UNITS:
            fields[name] = [value for value in raw.get(name, []) if value]
        elif name == "copies_to":
            fields[name] = [line.strip() for line in first(raw, name).splitlines() if line.strip()]
        elif one.widget is not Widget.FILE and first(raw, name):
            fields[name] = first(raw, name)
    version = first(raw, "version")
    if version.isdigit():
        fields["expected_version"] = int(version)
    if "section" in raw:
        fields["section"] = first(raw, "section")
    return fields


def _refused(visit: Visit, found: Bulletin | None, command: str, raw: Raw, refusal: Refusal) -> Response:
    field = str(refusal.extra.get("field", "")) or _FIELD_OF.get(refusal.code, "")
    words = _words(visit, found, command, raw)
    if field in words.fields:
        page = _page(visit, found, command, raw, {field: refusal.sentence})
    else:
        page = _page(visit, found, command, raw, general=(Problem(sentence=refusal.sentence),))
    return show("form.html", page, status=status_of(refusal)[0])


def _words(visit: Visit, found: Bulletin | None, command: str, raw: Raw) -> FormWords:
    """What a form asks for, fitted to who fills it in."""
    if found is None:
        return DRAFT_WORDS
    if command == EDIT:
        section = section_of(found.standing_content, first(raw, "section"))
        known = "、".join(
            f"{{{name}}}" for name in sorted(words_of(found.standing_content.figures)) if "." not in name
        )
        prose = FieldWords(
            label=section.heading,
            widget=Widget.AREA,
            hint="一行一段。花括号里是数字，可以挪动，不能删去或改成手写的数。",
            required=True,
            rows=12,
        )
        then = f"可用的数字：{known}；后面可加 .change（比上期）、.previous（上期）。"
        return FormWords(then=then, fields={"prose": prose})
    words = FORMS[command]
    fields = dict(words.fields)
    if command == "approve-naming":
        if is_administrative_head(surroundings(visit, found)):
            fields.pop("basis")
            fields.pop("file")
        else:
            fields["basis"] = replace(fields["basis"], required=True)
    if first(raw, "for") == "unit":
        unit = FieldWords(label="代哪个单位录入", widget=Widget.UNIT, required=True)
        fields = {
            "on_behalf_of": unit,
            **fields,
            "file": PAPER,
            "text": replace(fields["text"], label="来件或来电情况"),
        }
    return FormWords(then=words.then, fields=fields)


def _page(
    visit: Visit,
    found: Bulletin | None,
    command: str,
    raw: Raw,
    problems: Mapping[str, str] | None = None,
    *,
    general: tuple[Problem, ...] = (),
) -> FormPage:
    row = DRAFT if found is None else PERMITTED[command]
    words = _words(visit, found, command, raw)
    problems = problems or {}
    listed = (*(Problem(sentence=said, field=f"f-{name}") for name, said in problems.items()), *general)
    back = "/bulletins" if found is None else f"/bulletins/{found.id}"
    label = f"代录：{row.label}" if first(raw, "for") == "unit" else row.label
    return FormPage(
        shell=shell_of(visit, label),
        title=label,
        sub="".join(found.title.split()) if found is not None else "",
        action=f"{back}/{command}",
        verb=row.label,
        grave=row.grave,
        then=words.then,
        back=back,
        keep=f"{visit.actor.user}:{back}/{command}:{first(raw, 'section')}",
        until_recorded=False,
        carried=_carried(found, raw),
        fields=tuple(_field(visit, found, name, one, raw, problems) for name, one in words.fields.items()),
        extras=(),
        extras_title="",
        extras_open=False,
        has_file=any(one.widget is Widget.FILE for one in words.fields.values()),
        problems=listed,
        problems_title=f"还有 {len(listed)} 处要改" if problems else f"现在不能{row.label}",
        notice=None,
        aside=_aside(visit, found, command),
    )


def _carried(found: Bulletin | None, raw: Raw) -> tuple[tuple[str, str], ...]:
    carried = [("version", str(found.version))] if found is not None else []
    carried += [(name, first(raw, name)) for name in ("for", "section") if first(raw, name)]
    return tuple(carried)


def _field(
    visit: Visit,
    found: Bulletin | None,
    name: str,
    words: FieldWords,
    raw: Raw,
    problems: Mapping[str, str],
) -> FieldView:
    field = view(name, words, raw, problems)
    if name == "series":
        configured = visit.runtime.settings.bulletins.values()
        pairs = [(one.id, one.name) for one in configured]
        hints = {one.id: "要写事由" if one.every is Every.AD_HOC else one.every.label for one in configured}
        return replace(field, options=options(pairs, [first(raw, name)], hints))
    if name == "channel":
        return replace(
            field, options=options([(one.value, one.label) for one in PublicChannel], [first(raw, name)])
        )
    if name == "prose" and name not in raw and found is not None:
        section = section_of(found.standing_content, first(raw, "section"))
        return replace(field, value="\n".join(prose_of(section, found.prose)))
    if name == "on_behalf_of" and found is not None:
        return replace(field, groups=_standing(visit, found, first(raw, name)))
    if words.widget is Widget.UNITS:
        listed = list(found.standing_content.units) if found is not None and name == "units" else []
        return replace(field, groups=unit_groups(visit, raw.get(name, []), without=listed))
    return field


def _standing(visit: Visit, found: Bulletin, chosen: str) -> Any:
    """The units whose paper may be entered: those that owe a receipt or a 会签."""
    issued = found.stage is BulletinStage.ISSUED
    units = {one.unit for one in found.unreceived} if issued else set(found.waiting_co_signers)
    every = unit_groups(visit, [chosen])
    kept = (
        replace(group, options=tuple(one for one in group.options if one.value in units)) for group in every
    )
    return tuple(group for group in kept if group.options)


def _aside(visit: Visit, found: Bulletin | None, command: str) -> tuple[Part, ...]:
    """What one should know before signing or approving."""
    if found is None or command not in ("sign", "approve-naming", "issue", "co-sign"):
        return ()
    content = found.standing_content
    named = "、".join(visit.unit_name(unit) for unit in content.named_units) or "没有点名"
    pairs = (
        Pair(term="期间", lines=(content.period.label,)),
        Pair(
            term="数据定格",
            lines=(f"记录第 {content.frozen.as_of:,} 位", f"按 {content.frozen.judged_on} 判迟早"),
        ),
        Pair(term="点名", lines=(named,)),
        Pair(
            term="会签",
            lines=(f"{len(found.co_signatures)}/{len(found.co_signers)}" if found.co_signers else "不需要",),
        ),
    )
    return (Part(title="这一份", pairs=pairs),)


_FIELD_OF = {
    "document-no": "document_no",
    "name-taken": "document_no",
    "missing-basis": "basis",
    "unknown-figure": "prose",
    "figure-missing": "prose",
    "stray-brace": "prose",
    "empty-prose": "prose",
    "wrong-period": "from",
    "period-to-come": "to",
    "missing-paper": "text",
}
"""Code of a refusal → the field it is about."""
