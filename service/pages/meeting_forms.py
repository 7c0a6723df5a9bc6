"""Forms of meetings: recording one, every other act on it, and the minutes that were filed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import msgspec
from fastapi import APIRouter, Request
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from events.meeting.permitted import PERMITTED, RECORD, admit
from events.meeting.state import Meeting, MeetingKind
from events.refusals import NotFound, Refusal
from events.vocabulary import OFFICE
from service.answering import stored_file
from service.commands.meetings import Holding, hold, surroundings
from service.commands.performing import fingerprint
from service.errors import status_of
from service.pages.fields import FieldView, Raw, first, options, unit_groups, view
from service.pages.form_page import FormPage, with_staged
from service.pages.form_words import FieldWords, FormWords, Widget
from service.pages.meeting_page import allowed, load
from service.pages.meeting_reading import attendee_lines, attendees_of, lines_of, rewritten
from service.pages.meeting_words import FORMS
from service.pages.meeting_words import RECORD as RECORD_WORDS
from service.pages.reading_forms import attached_of, file_of, raw_of
from service.pages.rendering import show
from service.pages.views import Problem
from service.pages.visiting import Sent, Visit, Visiting, shell_of
from service.staging import StagedFile, staging_beside

router = APIRouter(include_in_schema=False)

SEE_OTHER = 303


@router.get("/meetings/record")
def recording(visit: Visiting) -> Response:
    """The form of 记会议."""
    visit.must(*OFFICE)
    return show("form.html", _page(visit, None, RECORD.name, {}))


@router.post("/meetings/record")
def record(request: Request, visit: Visiting, form: Sent) -> Response:
    """记会议."""
    return _send(request, visit, form, None, RECORD.name)


@router.get("/meetings/{meeting_id}/minutes")
def minutes(visit: Visiting, meeting_id: str) -> Response:
    """The minutes in force, or the copy asked for by its number."""
    found = load(visit, meeting_id)
    nth = visit.query.get("copy", "")
    at = int(nth) - 1 if nth.isascii() and nth.isdigit() and len(nth) < 4 else len(found.minutes) - 1
    if not 0 <= at < len(found.minutes):
        raise NotFound("没有这份会议纪要；回到会议页重新打开。")
    return stored_file(visit.runtime, found.minutes[at])


@router.get("/meetings/{meeting_id}/{command}")
def act(visit: Visiting, meeting_id: str, command: str) -> Response:
    """The form of a command."""
    found = load(visit, meeting_id)
    if command not in PERMITTED:
        raise NotFound("没有这一步；回到会议页，看现在可以办什么。")
    if visit.asking.past:
        return RedirectResponse(f"/meetings/{found.id}?as_of={visit.as_of}", SEE_OTHER)
    if command not in allowed(visit, found):
        row, seen = PERMITTED[command], surroundings(visit.runtime, visit.actor, visit.asking.moment)
        admit(row.who, row.label, found, seen)
    return show("form.html", _page(visit, found, command, {}))


@router.post("/meetings/{meeting_id}/{command}")
def send(request: Request, visit: Visiting, form: Sent, meeting_id: str, command: str) -> Response:
    """A command."""
    if command not in PERMITTED:
        raise NotFound("没有这一步；回到会议页，看现在可以办什么。")
    return _send(request, visit, form, load(visit, meeting_id), command)


def _send(request: Request, visit: Visit, form: FormData, found: Meeting | None, command: str) -> Response:
    raw = raw_of(form)
    words = _words(found, command)
    try:
        staged = file_of(visit, form, raw)
    except Refusal as refusal:
        return _refused(visit, found, command, raw, refusal)
    problems = {
        name: f"{'选' if one.widget in (Widget.CHOICE, Widget.FILE) else '填写'}{one.label}"
        for name, one in words.fields.items()
        if one.required and not (staged if one.widget is Widget.FILE else first(raw, name))
    }
    if problems:
        return show("form.html", _page(visit, found, command, raw, problems, staged=staged), status=422)
    key = first(raw, "command_id")
    try:
        attached = attached_of(staged, raw)
        fields = _fields(visit, found, words, raw)
        said = msgspec.json.encode(
            {**fields, "file": attached.stored.sha256 if attached else ""}, order="deterministic"
        )
        answer = hold(
            visit.runtime,
            Holding(
                actor=visit.actor,
                name=command,
                id=found.id if found is not None else None,
                fields=fields,
                at=visit.asking.moment,
                command_id=f"{visit.actor.user}:{key}" if key else None,
                fingerprint=fingerprint(request.method, request.url.path, said) if key else None,
                attached=attached,
                strict=False,
            ),
        )
    except Refusal as refusal:
        return _refused(visit, found, command, raw, refusal, staged)
    if staged is not None:
        staging_beside(visit.runtime.files).drop(staged.token)
    return RedirectResponse(f"/meetings/{answer['id']}?done={command}", SEE_OTHER)


def _fields(visit: Visit, found: Meeting | None, words: FormWords, raw: Raw) -> dict[str, Any]:
    """The command's fields as the API would take them. Raises Invalid."""
    fields: dict[str, Any] = {}
    for name, one in words.fields.items():
        typed = first(raw, name)
        if name == "attendees":
            fields[name] = attendees_of(visit, typed)
        elif name == "decisions":
            fields[name] = lines_of(typed) if found is None else rewritten(typed, found)
        elif name == "topics":
            fields[name] = lines_of(typed)
        elif one.widget is Widget.UNITS:
            fields[name] = [unit for unit in raw.get(name, []) if unit]
        elif typed or (name == "place" and found is not None and found.place):
            fields[name] = typed
    version = first(raw, "version")
    return {**fields, "expected_version": int(version)} if version.isdigit() else fields


def _refused(
    visit: Visit,
    found: Meeting | None,
    command: str,
    raw: Raw,
    refusal: Refusal,
    staged: StagedFile | None = None,
) -> Response:
    field = str(refusal.extra.get("field", "")) or _FIELD_OF.get(refusal.code, "")
    if field in _words(found, command).fields:
        page = _page(visit, found, command, raw, {field: refusal.sentence}, staged=staged)
    else:
        page = _page(visit, found, command, raw, general=(Problem(sentence=refusal.sentence),), staged=staged)
    return show("form.html", page, status=status_of(refusal)[0])


def _words(found: Meeting | None, command: str) -> FormWords:
    return RECORD_WORDS if found is None else FORMS[command]


def _page(
    visit: Visit,
    found: Meeting | None,
    command: str,
    raw: Raw,
    problems: Mapping[str, str] | None = None,
    *,
    general: tuple[Problem, ...] = (),
    staged: StagedFile | None = None,
) -> FormPage:
    row = RECORD if found is None else PERMITTED[command]
    words, problems = _words(found, command), problems or {}
    listed = (*(Problem(sentence=said, field=f"f-{name}") for name, said in problems.items()), *general)
    back = "/meetings" if found is None else f"/meetings/{found.id}"
    fields = tuple(_field(visit, found, name, one, raw, problems) for name, one in words.fields.items())
    return FormPage(
        shell=shell_of(visit, row.label),
        title="记一次会议" if found is None else row.label,
        sub=found.title if found is not None else "",
        action=f"{back}/{command}",
        verb=row.label,
        grave=row.grave,
        then=words.then,
        back=back,
        keep=f"{visit.actor.user}:{back}/{command}",
        until_recorded=False,
        carried=(("version", str(found.version)),) if found is not None else (),
        fields=with_staged(fields, staged),
        extras=(),
        extras_title="",
        extras_open=False,
        has_file=any(one.widget is Widget.FILE for one in words.fields.values()),
        problems=listed,
        problems_title=f"还有 {len(listed)} 处要改" if problems else f"现在不能{row.label}",
        notice=None,
        aside=(),
        again="csrf" in raw,
        most_mb=visit.runtime.files.max_bytes // 1_000_000,
    )


def _field(
    visit: Visit, found: Meeting | None, name: str, words: FieldWords, raw: Raw, problems: Mapping[str, str]
) -> FieldView:
    field = view(name, words, raw, problems)
    if name not in raw and found is not None:
        field = replace(field, value=_standing(visit, found, name))
    if words.widget is Widget.CHOICE:
        return replace(field, options=options([(one.value, one.label) for one in MeetingKind], [field.value]))
    if words.widget is Widget.UNITS:
        chosen = raw.get(name, []) if raw or found is None else found.organizers
        return replace(field, groups=unit_groups(visit, chosen))
    return field


def _standing(visit: Visit, found: Meeting, name: str) -> str:
    """What a field of 更正 begins with."""
    said = {
        "kind": found.kind.value,
        "title": found.title,
        "held_on": found.held_on.isoformat() if found.held_on is not None else "",
        "chair": found.chair,
        "place": found.place or "",
        "attendees": attendee_lines(visit, found.attendees),
        "topics": "\n".join(found.topics),
        "decisions": "\n".join(one.text for one in found.decisions),
    }
    return said.get(name, "")


_FIELD_OF = {
    "not-held-yet": "held_on",
    "implausible-date": "held_on",
    "unit-closed": "attendees",
    "blank-attendee": "attendees",
    "too-many-attendees": "attendees",
    "decision-twice": "decisions",
    "too-many-decisions": "decisions",
    "no-file": "file",
    "same-file": "file",
}
"""Code of a refusal → the field it is about."""
