"""核查现场: the verifier's one form, made for a phone: photos with time and place, the verdict, what was seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import msgspec
from fastapi import APIRouter, Request
from starlette.datastructures import FormData, UploadFile
from starlette.responses import Response

from events.matter.state import Matter
from events.refusals import Refusal
from events.vocabulary import EvidenceKind, FailureKind, MatterId
from service.clock import machine_now
from service.commands import performing
from service.commands.performing import Attached, fingerprint, perform_now
from service.errors import status_of
from service.files import safe_name
from service.pages import background
from service.pages.acting import done_with, refuse_unless_allowed
from service.pages.background import Part
from service.pages.command_fields import FAILURE_HINTS
from service.pages.fields import FieldView, Raw, first, options, view
from service.pages.form_page import Filling, FormPage, meanwhile
from service.pages.form_words import FieldWords, Widget, area, date_field
from service.pages.matter import VISIT, kept_under, load
from service.pages.parsing_forms import raw_of
from service.pages.reading_forms import CHUNK, problem_of, said_by_photo
from service.pages.reading_limits import day_of
from service.pages.rendering import show
from service.pages.showing import address
from service.pages.views import Pair, Problem
from service.pages.visiting import SentFiles, Visit, Visiting, shell_of
from service.pages.words import beijing, day_and_hour, full_day, joined

router = APIRouter(include_in_schema=False)

PASSED, FAIL, PASS = "passed", "fail-verification", "pass-verification"
FIELDS: Mapping[str, FieldWords] = {
    "photos": FieldWords(
        label="现场照片",
        widget=Widget.FILES,
        hint="一次可选几张；照片里记着的时间、地点和校验值一并记下，原图保留",
    ),
    "place": FieldWords(label="在哪里看的", hint="照片里没有记地点的，用这里写的"),
    "verdict": FieldWords(label="结论", widget=Widget.CHOICE, required=True),
    "findings": area("看到了什么", "写现场事实，对照质量要求；不写“情况属实”四个字了事", rows=4),
    "due_on": date_field("不通过的，新的期限", "不填，则原期限按报结至退回的天数顺延，不算延期"),
}
VERDICTS = ((PASSED, "通过"), *((kind.value, kind.label) for kind in FailureKind))
HINTS = {PASSED: "问题已解决，送督查室负责人审批", **FAILURE_HINTS}
THEN = "照片先存进材料，再记结论；通过的转督查室负责人审批，不通过的回到整改中，理由通知责任单位。"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """One post of the form."""

    visit: Visit
    address: str
    matter: MatterId
    raw: Raw

    def perform(
        self, name: str, fields: Mapping[str, Any], *, part: str = "", attached: Attached | None = None
    ) -> None:
        """One of the acts the form stands for. Raises a Refusal."""
        visit, key = self.visit, first(self.raw, "command_id")
        digest = attached.stored.sha256 if attached else ""
        said = msgspec.json.encode({**fields, "file": digest, "act": name}, order="deterministic")
        perform_now(
            visit.runtime,
            performing.Request(
                actor=visit.actor,
                name=name,
                matter=self.matter,
                fields=fields,
                at=visit.asking.moment,
                received_at=machine_now(),
                command_id=f"{visit.actor.user}:{key}{part}" if key else None,
                fingerprint=fingerprint("POST", self.address, said) if key else None,
                attached=attached,
                strict=False,
            ),
        )


@router.get("/matters/{matter_id}/visit")
def visiting(visit: Visiting, matter_id: str) -> Response:
    """The form of a visit; a refusal where the visitor is not who was sent."""
    found, history = load(visit, MatterId(matter_id))
    refuse_unless_allowed(visit, found, PASS)
    return show("form.html", _page(visit, Filling(command=PASS, matter=found, history=history, raw={})))


@router.post("/matters/{matter_id}/visit")
def report(request: Request, visit: Visiting, form: SentFiles, matter_id: str) -> Response:
    """Keeps the photos as evidence, whatever becomes of the rest; then records the verdict."""
    found, history = load(visit, MatterId(matter_id))
    filling = Filling(command=PASS, matter=found, history=history, raw=raw_of(form))
    sending = Sending(visit=visit, address=request.url.path, matter=found.id, raw=filling.raw)
    if "resume" in filling.raw:
        return show("form.html", _page(visit, filling))
    try:
        photos = _keep_photos(sending, form)
    except Refusal as refusal:
        return _refused(visit, filling, refusal)
    filling = _after(visit, filling, photos)
    fields, problems = _read(visit, filling.raw)
    if problems:
        return show("form.html", _page(visit, filling, problems), status=422)
    verdict = first(filling.raw, "verdict")
    version = {} if filling.opened_at is None else {"expected_version": filling.opened_at}
    try:
        if verdict == PASSED:
            sending.perform(PASS, {**fields, **version})
        else:
            sending.perform(FAIL, {**fields, "kind": verdict, **version})
    except Refusal as refusal:
        return _refused(visit, filling, refusal)
    return done_with(visit, found.id, VISIT)


def _keep_photos(sending: Sending, form: FormData) -> int:
    """Attaches each photo with what it tells of time and place; gives how many. Raises a Refusal."""
    visit, said = sending.visit, first(sending.raw, "place")
    uploads = [one for one in form.getlist("photos") if isinstance(one, UploadFile) and one.filename]
    if uploads:
        refuse_unless_allowed(visit, load(visit, sending.matter)[0], PASS)
    for index, upload in enumerate(uploads):
        stored = visit.runtime.files.keep(iter(lambda file=upload.file: file.read(CHUNK), b""))  # type: ignore[misc]
        fields = said_by_photo(
            visit, stored, {"kind": EvidenceKind.PHOTO.value, **({"place": said} if said else {})}
        )
        attached = Attached(stored=stored, name=safe_name(upload.filename or ""), kind=EvidenceKind.PHOTO)
        sending.perform("attach-evidence", fields, part=f":{index}", attached=attached)
    return len(uploads)


def _after(visit: Visit, filling: Filling, photos: int) -> Filling:
    """The form after its photos were kept: its own facts are not what others did meanwhile."""
    if not photos:
        return filling
    assert filling.matter is not None
    found, history = load(visit, filling.matter.id)
    opened = filling.opened_at
    raw = filling.raw if opened is None else {**filling.raw, "version": [str(opened + photos)]}
    return replace(filling, matter=found, history=history, raw=raw)


def _read(visit: Visit, raw: Raw) -> tuple[dict[str, Any], dict[str, str]]:
    """The verdict's fields, and what is wrong by field."""
    needed = {"verdict": "选结论", "findings": "填写看到了什么"}
    problems = {name: sentence for name, sentence in needed.items() if not first(raw, name)}
    fields = {"findings": first(raw, "findings")}
    if first(raw, "due_on") and first(raw, "verdict") != PASSED:
        try:
            day = day_of(first(raw, "due_on"), today=visit.day, calendar=visit.calendar)
            fields["due_on"] = day.isoformat()
        except Refusal as refusal:
            problems["due_on"] = refusal.sentence
    return fields, problems


def _refused(visit: Visit, filling: Filling, refusal: Refusal) -> Response:
    problem = problem_of(refusal, {name: words.label for name, words in FIELDS.items()})
    field = "photos" if problem.field == "file" else problem.field
    assert filling.matter is not None
    found, history = load(visit, filling.matter.id)
    filling = replace(filling, matter=found, history=history)
    problems = {field: problem.sentence} if field else {}
    general = () if field else (problem,)
    return show("form.html", _page(visit, filling, problems, general), status=status_of(refusal)[0])


def _page(
    visit: Visit,
    filling: Filling,
    problems: Mapping[str, str] | None = None,
    general: tuple[Problem, ...] = (),
) -> FormPage:
    found, wrong = filling.matter, problems or {}
    assert found is not None
    where = address(found.id)
    listed = (*(Problem(sentence=said, field=f"f-{name}") for name, said in wrong.items()), *general)
    opened = None if general else filling.opened_at
    return FormPage(
        shell=shell_of(visit, f"核查：{found.title}"),
        title=f"核查：{found.title}",
        sub=_sub(visit, found),
        action=f"{where}/{VISIT}",
        verb="提交核查结论",
        grave=False,
        then=THEN,
        back=where,
        keep=kept_under(visit, found, VISIT),
        until_recorded=True,
        carried=(("version", str(found.version if opened is None else opened)),),
        fields=tuple(_field(name, words, filling.raw, wrong) for name, words in FIELDS.items()),
        extras=(),
        extras_title="",
        extras_open=False,
        has_file=True,
        problems=listed,
        problems_title=f"还有 {len(listed)} 处要改" if wrong else "现在不能交结论",
        notice=None,
        aside=(*_photos(visit, found), *background.parts(visit, found, filling.history, PASS)),
        meanwhile=meanwhile(visit, filling) if general else (),
        again="csrf" in filling.raw,
        most_mb=visit.runtime.files.max_bytes // 1_000_000,
    )


def _sub(visit: Visit, found: Matter) -> str:
    reported = found.completion_reported_at
    on = found.verify_on
    return joined(
        visit.number(found.number),
        f"{full_day(beijing(reported).date(), visit.day)}报结" if reported else "",
        f"安排在 {full_day(on, visit.day)}" if on else "",
    )


def _field(name: str, words: FieldWords, raw: Raw, wrong: Mapping[str, str]) -> FieldView:
    field = view(name, words, raw, wrong)
    return replace(field, options=options(VERDICTS, [field.value], HINTS)) if name == "verdict" else field


def _photos(visit: Visit, found: Matter) -> tuple[Part, ...]:
    """What the visitor attached himself: photos of this visit need not be sent again."""
    own = [one for one in found.evidence if one.attached_by == visit.actor.user]
    lines = tuple(f"{one.name}（{day_and_hour(one.attached_at, visit.day)}）" for one in own)
    return (Part(title="您传过的照片", pairs=(Pair(term=f"{len(own)} 张", lines=lines),)),) if own else ()
