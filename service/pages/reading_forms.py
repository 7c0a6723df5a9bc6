"""From what was typed in a form to the fields of a command."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.datastructures import FormData, UploadFile

from events.matter.correctable import correctable_fields, plain, said_in
from events.matter.state import Matter
from events.record.envelope import Recorded
from events.refusals import KeyReused, Refusal
from events.vocabulary import EvidenceKind, MatterId
from projections import lists
from service.clock import machine_now
from service.commands.performing import Attached
from service.files import StoredFile, safe_name
from service.pages import parsing_forms
from service.pages.command_fields import AMENDABLE, DISMISSED, UPHELD_TO, chosen_fact
from service.pages.fields import Raw, first
from service.pages.fields_within import parts_of
from service.pages.form_words import FieldWords, Widget
from service.pages.labels import EXTRAS, FIELD_LABELS
from service.pages.reading_limits import day_of, limit_fields
from service.pages.reading_plans import planned_parts
from service.pages.views import Problem
from service.pages.visiting import Visit
from service.pages.wording import FORMS
from service.pages.words import stored_number
from service.photos import shot_of
from service.staging import StagedFile, staging_beside

CHUNK = 1 << 18
CHOSEN = (Widget.COLLEAGUE, Widget.YES_NO)
raw_of = parsing_forms.raw_of
ANOTHER_UNIT = frozenset({"to_unit", "time_limit", "due_on", "starts"})
"""Said only of an objection that is upheld to another unit."""


def missing(command: str, raw: Raw, *, has_file: bool) -> dict[str, str]:
    """What must be filled in and is not: field → sentence."""
    found = {}
    for name, words in FORMS[command].fields.items():
        if not words.required:
            continue
        if words.widget is Widget.FILE:
            filled = has_file
        elif words.widget is Widget.PARTS:
            filled = True  # said by the reading, which knows both ways of naming a unit
        elif words.widget is Widget.STEPS:
            filled = any(raw.get("step_title", []))
        else:
            filled = bool(first(raw, name))
        if not filled:
            found[name] = _fill_in(words)
    return found


def _fill_in(words: FieldWords) -> str:
    chosen = words.widget in (
        Widget.CHOICE,
        Widget.UNIT,
        Widget.VERIFIER,
        Widget.VERDICT,
        Widget.FILE,
        *CHOSEN,
    )
    return f"{'选' if chosen else '填写'}{words.label}"


def fields_of(
    visit: Visit, command: str, raw: Raw, matter: Matter | None, history: Sequence[Recorded]
) -> tuple[dict[str, Any], dict[str, str]]:
    """The command's fields as the API would take them, and what is wrong already."""
    fields: dict[str, Any] = {}
    problems: dict[str, str] = {}
    for name, words in FORMS[command].fields.items():
        _read(visit, name, words, raw, matter, history, fields, problems)
    if command == "decide-objection" and first(raw, "upheld") != UPHELD_TO:
        fields = {name: value for name, value in fields.items() if name not in ANOTHER_UNIT}
    for name in EXTRAS:
        if name not in fields and first(raw, name):
            fields[name] = _moment(first(raw, name)) if name == "occurred_at" else first(raw, name)
    return fields, problems


def _read(
    visit: Visit,
    name: str,
    words: FieldWords,
    raw: Raw,
    matter: Matter | None,
    history: Sequence[Recorded],
    fields: dict[str, Any],
    problems: dict[str, str],
) -> None:
    typed = first(raw, name)
    match words.widget:
        case Widget.FILE:
            return
        case Widget.UNITS | Widget.CO_UNITS | Widget.INSIDERS:
            fields[name] = [unit for unit in raw.get(name, []) if unit]
        case Widget.LIMIT:
            fields.update(limit_fields(typed, first(raw, "starts")))
        case Widget.PARTS:
            fields[name], wrong = parts_of(raw)
            problems.update({name: wrong} if wrong and not first(raw, "plan") else {})
        case Widget.PLAN if typed:
            planned, wrong = planned_parts(visit, typed)
            fields["parts"] = [*fields.get("parts", []), *planned]
            problems.update({name: wrong} if wrong else {})
        case Widget.PLAN:
            return
        case Widget.LINE if name == "co_time_limit":
            fields.update({f"co_{key}": value for key, value in limit_fields(typed, "").items()})
        case Widget.STEPS:
            fields[name], wrong = _steps(raw)
            problems.update({name: wrong} if wrong else {})
        case Widget.VERDICT:
            fields.update({"upheld": typed != DISMISSED} if typed else {})
        case Widget.MATTER if typed:
            found = _matter(visit, typed)
            if found is None:
                problems[name] = f"没有编号是“{typed}”的事项，照台账上的编号写，如〔2025〕12号"
            else:
                fields[name] = found
        case Widget.PARTICULARS:
            fields[name] = _amended(raw, matter)
        case Widget.SAID:
            fields[name] = _corrected(raw, history)
        case Widget.MOMENT if typed:
            fields[name] = _moment(typed)
        case Widget.DAY if typed:
            try:
                fields[name] = day_of(typed, today=visit.day, calendar=visit.calendar).isoformat()
            except Refusal as refusal:
                problems[name] = refusal.sentence
        case _ if typed and name not in fields:
            fields[name] = typed
        case _:
            return


def _steps(raw: Raw) -> tuple[list[dict[str, str]], str]:
    titles, days, people = raw.get("step_title", []), raw.get("step_due_on", []), raw.get("step_person", [])
    steps, wrong = [], ""
    for index, title in enumerate(titles):
        day = days[index] if index < len(days) else ""
        person = people[index] if index < len(people) else ""
        if not (title or day or person):
            continue
        if not title or not day:
            wrong = wrong or f"第 {index + 1} 步要写做什么和哪天完成"
        step = {"title": title, "due_on": day}
        steps.append({**step, "person": person} if person else step)
    return steps, wrong


def _matter(visit: Visit, number: str) -> MatterId | None:
    with visit.connect() as connection:
        found = lists.matter_of_number(connection, stored_number(number))
        return found if found is not None and lists.may_see(connection, found, visit.visibility) else None


def _amended(raw: Raw, matter: Matter | None) -> dict[str, Any]:
    changed = {}
    for name in AMENDABLE:
        if name not in raw:
            continue
        standing = str(getattr(matter, name) or "")
        if first(raw, name) != standing:
            changed[name] = first(raw, name) or None
    return changed


def _corrected(raw: Raw, history: Sequence[Recorded]) -> dict[str, Any]:
    found = chosen_fact(history, first(raw, "position"))
    if found is None:
        return {}
    changed: dict[str, Any] = {}
    for name in correctable_fields(found.fact):
        if f"said_{name}" not in raw:
            continue
        typed = first(raw, f"said_{name}")
        standing = plain(said_in(found.fact, name))
        if typed != ("" if standing is None else str(standing)):
            changed[name] = int(typed) if name == "percent" and typed.isdigit() else typed or None
    return changed


def _moment(typed: str) -> str:
    """A datetime-local value is Beijing time."""
    return (
        typed
        if "+" in typed or typed.endswith("Z")
        else f"{typed}:00+08:00"[: len("2008-06-30T09:00:00+08:00")]
    )


def file_of(visit: Visit, form: FormData, raw: Raw) -> StagedFile | None:
    """The file that came with a form, stored, or the one that came with it before; None without any.

    Raises TooLarge, Invalid, Unavailable.
    """
    upload, waiting = form.get("file"), staging_beside(visit.runtime.files)
    if not isinstance(upload, UploadFile) or not upload.filename:
        return waiting.of(visit.actor.user, first(raw, "staged"))
    stored = visit.runtime.files.keep(iter(lambda: upload.file.read(CHUNK), b""))
    return waiting.put(visit.actor.user, stored, safe_name(upload.filename), machine_now())


def said_by_photo(visit: Visit, stored: StoredFile, fields: Mapping[str, Any]) -> dict[str, Any]:
    """An attachment's fields with the time and place its photo tells, where nothing was typed."""
    shot = shot_of(visit.runtime.files.path(stored.sha256))
    told: dict[str, Any] = {}
    if shot.taken_at is not None and shot.taken_at <= visit.asking.moment:
        told["taken_at"] = shot.taken_at.isoformat()
    if shot.place:
        told["place"] = shot.place
    return {**told, **fields}


def attached_of(staged: StagedFile | None, raw: Raw) -> Attached | None:
    """A form's file as a command carries it."""
    if staged is None:
        return None
    kind = first(raw, "kind")
    known = EvidenceKind(kind) if kind in set(EvidenceKind) else EvidenceKind.DOCUMENT
    return Attached(stored=staged.stored, name=staged.name, kind=known)


def problem_of(refusal: Refusal, labels: Mapping[str, str]) -> Problem:
    """A refusal beside the field it speaks of, in the form's own words."""
    field = str(refusal.extra.get("field") or "")
    name = field.partition(".")[0].partition("[")[0]
    name = BY_CODE.get(refusal.code, name)
    if name not in labels:
        name = next((n for n, label in labels.items() if refusal.sentence.startswith((label, f"“{n}”"))), "")
    label = labels.get(name, FIELD_LABELS.get(name, ""))
    sentence = SENT_BEFORE if isinstance(refusal, KeyReused) else refusal.sentence
    if refusal.code in REWORDED and label:
        sentence = REWORDED[refusal.code].format(label=label)
    return Problem(
        sentence=sentence.replace(f"“{name}”", f"“{label}”") if name and label else sentence,
        field=name or None,
    )


BY_CODE = {
    "missing-limit": "time_limit",
    "two-limits": "time_limit",
    "unreadable-limit": "time_limit",
    "due-before-start": "time_limit",
    "unknown-parent": "parent",
    "parent-ended": "parent",
    "not-a-verifier": "verifier",
    "verifier-handles": "verifier",
    "lead-among-co-units": "co_units",
    "basis-needed": "basis",
    "occurred-in-future": "occurred_at",
    "empty-file": "file",
    "file-too-large": "file",
    "nothing-changed": "fields",
}
REWORDED = {
    "missing-field": "“{label}”没有填；填上再交。",
    "wrong-type": "“{label}”的写法不对；改好再交。",
    "wrong-value": "“{label}”没有这个选项；从列出的里面选。",
}
SENT_BEFORE = (
    "这张表单刚才已经交过，那一次已记下；下面写的和那一次不同，还没有交。看过经过，要再记一次就再交。"
)
