"""The fields of a matter's commands, with their choices and what they begin with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from events.matter.correctable import CORRECTABLE, correctable_fields, said_in
from events.matter.links import Relation
from events.matter.state import Matter
from events.matter.telling import told
from events.matter.words import step_label
from events.record.envelope import Recorded
from events.rules.procedures import Procedure
from events.vocabulary import (
    EvidenceKind,
    FailureKind,
    Grade,
    Labelled,
    PetitionerKind,
    Role,
    Starts,
    TransferKind,
    Urgency,
)
from service.pages import fields_within
from service.pages.fields import FieldView, Group, Raw, StepView, first, options, unit_groups, view
from service.pages.form_words import FieldWords, Widget
from service.pages.labels import EXTRAS, FIELD_LABELS, PAPER_FIELDS, SOURCES
from service.pages.views import Option
from service.pages.visiting import Visit
from service.pages.wording import FORMS
from service.pages.words import beijing, day_and_hour

STEPS_OFFERED = 3
MOST_PEOPLE_OFFERED = 500
AMENDABLE = "title kind urgency source source_no problem place object basis chief_leader".split()
LONG_TEXTS = frozenset({"problem", "text", "reason", "findings", "measures", "goal", "quality_requirement"})
DATES = frozenset({"due_on", "until", "forecast_on", "on"})
UPHELD_TO, UPHELD_BACK, DISMISSED = "to-unit", "back", "dismissed"

FAILURE_HINTS = {
    FailureKind.INCOMPLETE.value: "有进展，没有做完",
    FailureKind.FALSE.value: "事实和报结不符",
    FailureKind.PAPERS_ONLY.value: "只有文件，现场没有变化",
}
TRANSFER_HINTS = {
    TransferKind.HANDOVER.value: "不归本级管，交有权机关",
    TransferKind.REFER_FOR_SANCTION.value: "涉嫌违纪违法，移送纪检监察或司法机关",
    TransferKind.REFER_FOR_HANDLING.value: "移请主管部门依职权办理",
}


def command_fields(
    visit: Visit,
    command: str,
    matter: Matter | None,
    raw: Raw,
    problems: Mapping[str, str],
    history: Sequence[Recorded] = (),
) -> tuple[FieldView, ...]:
    """The command's own fields, as typed or as they begin."""
    waited_for = matter is not None and any(part.opinion_at is None for part in matter.helping)
    return tuple(
        _field(visit, command, matter, name, words, raw, problems, history)
        for name, words in FORMS[command].fields.items()
        if waited_for or name != "without_opinions"
    )


def extra_fields(
    raw: Raw, problems: Mapping[str, str], command: str, *, paper: bool
) -> tuple[FieldView, ...]:
    """附言, 依据 and when it really happened; the scan where an act is entered from paper."""
    own = FORMS[command].fields
    extras = tuple(view(name, words, raw, problems) for name, words in EXTRAS.items() if name not in own)
    papers = tuple(view(name, words, raw, problems) for name, words in PAPER_FIELDS.items())
    return (*papers, *extras) if paper else extras


def _field(
    visit: Visit,
    command: str,
    matter: Matter | None,
    name: str,
    words: FieldWords,
    raw: Raw,
    problems: Mapping[str, str],
    history: Sequence[Recorded],
) -> FieldView:
    field = view(name, words, raw, problems)
    if name not in raw and matter is not None:
        field = replace(field, value=_usual(visit, name, matter) or _begins_with(command, name, matter))
    match words.widget:
        case Widget.UNIT:
            return replace(field, groups=unit_groups(visit, [field.value]))
        case Widget.UNITS:
            chosen = raw.get(name) or fields_within.co_units_begun(command, matter)
            return replace(field, groups=unit_groups(visit, chosen))
        case Widget.PARTS:
            return fields_within.parts_field(field, visit, matter, raw)
        case Widget.INSIDERS:
            return replace(field, groups=fields_within.insiders(visit, raw.get(name) or []))
        case Widget.CO_UNITS:
            chosen = raw.get(name) or []
            return replace(field, groups=fields_within.co_unit_groups(visit, matter, chosen))
        case Widget.COLLEAGUE:
            return replace(field, groups=fields_within.colleagues(visit, field.value))
        case Widget.YES_NO:
            return replace(field, options=options(fields_within.YES_NO, [field.value]))
        case Widget.PERSON:
            return replace(field, options=_people(visit))
        case Widget.VERIFIER:
            return replace(field, groups=_verifiers(visit, matter, field.value))
        case Widget.LEADER:
            return replace(field, groups=fields_within.leaders(visit, field.value))
        case Widget.SOURCE:
            return replace(field, options=options((source, "") for source in SOURCES))
        case Widget.LIMIT:
            return _limit(field, visit, command, matter, raw)
        case Widget.STEPS:
            return replace(field, steps=_steps(matter, raw))
        case Widget.VERDICT:
            return replace(field, options=_verdicts(field.value))
        case Widget.CHOICE:
            return _choice(field, visit, command, matter, history)
        case Widget.PARTICULARS:
            return replace(field, parts=tuple(_particulars(visit, matter, raw, problems)))
        case Widget.SAID:
            return replace(field, parts=tuple(_said(visit, history, raw, problems)))
        case _:
            return field


def _usual(visit: Visit, name: str, matter: Matter) -> str:
    procedure = _procedure(visit, matter) if name == "co_time_limit" else None
    return f"{procedure.opinion_within_working_days}个工作日内" if procedure else ""


def _begins_with(command: str, name: str, matter: Matter) -> str:
    pending = matter.pending_extension
    if command == "grant-extension" and name == "until" and pending is not None:
        return pending.until.isoformat()
    if command in ("assign", "submit-handling-proposal") and matter.proposal is not None:
        return fields_within.as_proposed(name, matter.proposal, command)
    if command == "split" and name in ("quality_requirement", "assessment_rule"):
        return str(getattr(matter, name) or "")
    if command == "mark-key-case" and name == "key_case":
        return "false" if matter.key_case else "true"
    if command == "reassign" and name in ("person", "quality_requirement", "assessment_rule"):
        return str(getattr(matter, name) or "")
    if command == "schedule-verification" and name == "verifier":
        return str(matter.verifier or "")
    if command == "submit-plan" and matter.plan is not None and name in ("measures", "goal"):
        return str(getattr(matter.plan, name))
    if command == "report-progress" and name == "percent" and matter.percent is not None:
        return str(matter.percent)
    return ""


def _limit(field: FieldView, visit: Visit, command: str, matter: Matter | None, raw: Raw) -> FieldView:
    procedure = _procedure(visit, matter)
    preset = procedure.preset_limit(matter.urgency) if procedure and matter else None
    hint = (
        f"{field.hint}；不填按本类默认：{preset}"
        if preset and command not in ("instruct-again", "ask-opinion")
        else field.hint
    )
    required = field.required or (preset is None and command in ("assign", "reassign"))
    starts = (
        ()
        if command in ("instruct-again", "ask-opinion")
        else options(((s.value, s.label) for s in Starts), [first(raw, "starts", Starts.ASSIGNED.value)])
    )
    return replace(field, hint=hint, required=required, options=starts)


def _steps(matter: Matter | None, raw: Raw) -> tuple[StepView, ...]:
    titles = raw.get("step_title")
    if titles is not None:
        days, people = raw.get("step_due_on", []), raw.get("step_person", [])
        typed = [
            StepView(title=title, due_on=_at(days, index), person=_at(people, index))
            for index, title in enumerate(titles)
        ]
        more = 2 if first(raw, "more_steps") else 0
        return (*typed, *(StepView() for _ in range(max(more, STEPS_OFFERED - len(typed)))))
    filed = matter.plan.steps if matter and matter.plan else ()
    begun = [StepView(title=s.title, due_on=s.due_on.isoformat(), person=s.person or "") for s in filed]
    return (*begun, *(StepView() for _ in range(max(0, STEPS_OFFERED - len(begun)))))


def _at(values: list[str], index: int) -> str:
    return values[index] if index < len(values) else ""


def _verdicts(chosen: str) -> tuple[Option, ...]:
    said = (
        (UPHELD_TO, "成立，改交另一单位"),
        (UPHELD_BACK, "成立，退回待交办"),
        (DISMISSED, "不成立，原单位继续办"),
    )
    return options(said, [chosen])


def _choice(
    field: FieldView, visit: Visit, command: str, matter: Matter | None, history: Sequence[Recorded]
) -> FieldView:
    chosen = [field.value]
    if command == "correct":
        picks = tuple(_correctable(visit, history))
        return replace(field, widget="select", groups=(Group(title="", options=_marked(picks, chosen)),))
    if field.name == "kind" and command in ("register", "amend"):
        return replace(field, options=_kinds(visit, chosen))
    if field.name == "urgency":
        return replace(field, options=options((("", "不写"), *_pairs(Urgency)), chosen))
    if field.name == "grade":
        return replace(field, options=options((("", "不评"), *_pairs(Grade)), chosen))
    if command == "note-petitioner":
        usual = [field.value or PetitionerKind.PETITIONER.value]
        return replace(field, options=options(_pairs(PetitionerKind), usual))
    if command == "erase-petitioner":
        return replace(field, options=options(fields_within.erasable(visit, history), chosen))
    if command == "withdraw-evidence":
        return replace(field, options=options(fields_within.withdrawable_papers(visit, matter), chosen))
    if command == "fail-verification":
        return replace(field, options=options(_pairs(FailureKind), chosen, FAILURE_HINTS))
    if command == "link":
        return replace(field, options=options(_pairs(Relation), [field.value or Relation.RELATED.value]))
    if command == "transfer":
        return replace(field, options=options(_pairs(TransferKind), chosen, TRANSFER_HINTS))
    return replace(field, options=options(_pairs(EvidenceKind), chosen))


def _kinds(visit: Visit, chosen: Iterable[str]) -> tuple[Option, ...]:
    procedures = visit.runtime.settings.procedures.values()
    hints = {procedure.kind: _kind_hint(procedure) for procedure in procedures}
    return options(((procedure.kind, procedure.label) for procedure in procedures), chosen, hints)


def _kind_hint(procedure: Procedure) -> str:
    needed = "、".join(
        "或".join(EvidenceKind(kind.strip()).label for kind in entry.split("|"))
        for entry in procedure.evidence
    )
    plan = "先报方案" if procedure.needs_plan else "不报方案"
    return f"{plan}；报结要有{needed}" if needed else plan


def _people(visit: Visit) -> tuple[Option, ...]:
    here = (p for p in visit.directory.people.values() if p.left_on is None or p.left_on > visit.day)
    found = sorted((person.name, visit.unit_name(person.unit(visit.day))) for person in here)
    return options(found[:MOST_PEOPLE_OFFERED])


def _verifiers(visit: Visit, matter: Matter | None, chosen: str) -> tuple[Group, ...]:
    directory, day = visit.directory, visit.day
    handling = matter.handling_units if matter else frozenset()
    granted = {user.person for user in directory.users_with(Role.VERIFIER)}
    groups: dict[str, list[Option]] = {}
    for person in directory.people.values():
        unit = person.unit(day)
        holds = person.id in granted or Role.VERIFIER in person.roles(day)
        gone = person.left_on is not None and person.left_on <= day
        if holds and not gone and unit not in handling:
            option = Option(value=person.id, label=person.name, chosen=person.id == chosen)
            groups.setdefault(visit.unit_name(unit), []).append(option)
    return tuple(Group(title=unit, options=tuple(groups[unit])) for unit in sorted(groups))


def _particulars(
    visit: Visit, matter: Matter | None, raw: Raw, problems: Mapping[str, str]
) -> Iterable[FieldView]:
    words = FORMS["register"].fields
    for name in AMENDABLE:
        known = words.get(name) or EXTRAS[name]
        standing = str(getattr(matter, name) or "") if matter else ""
        field = view(name, replace(known, required=False), {name: [first(raw, name, standing)]}, problems)
        if known.widget is Widget.CHOICE:
            chosen = _choice(field, visit, "amend", matter, ())
            field = replace(
                field, widget="select", groups=(Group(title="", options=_only_real(chosen.options)),)
            )
        elif known.widget is Widget.LEADER:
            field = replace(field, groups=fields_within.leaders(visit, field.value))
        elif known.widget is Widget.SOURCE:
            field = replace(field, options=options((source, "") for source in SOURCES))
        yield field


def _said(
    visit: Visit, history: Sequence[Recorded], raw: Raw, problems: Mapping[str, str]
) -> Iterable[FieldView]:
    found = chosen_fact(history, first(raw, "position"))
    if found is None:
        return
    for name in correctable_fields(found.fact):
        value = said_in(found.fact, name)
        part = name.rpartition(".")[2]
        widget = Widget.AREA if name in LONG_TEXTS else Widget.DATE if part in DATES else Widget.LINE
        words = FieldWords(label=step_label(name) or FIELD_LABELS.get(name, name), widget=widget)
        key = f"said_{name}"
        field = view(key, words, {key: [first(raw, key, "" if value is None else str(value))]}, problems)
        if name == "chief_leader":
            field = replace(
                field, widget=Widget.LEADER.value, groups=fields_within.leaders(visit, field.value)
            )
        yield field


def chosen_fact(history: Sequence[Recorded], position: str) -> Recorded | None:
    """The fact that is to be corrected."""
    return next((r for r in history if str(r.position) == position and type(r.fact) in CORRECTABLE), None)


def _correctable(visit: Visit, history: Sequence[Recorded]) -> Iterable[Option]:
    for recorded in reversed(history):
        if type(recorded.fact) in CORRECTABLE:
            title = told(recorded, visit.directory, beijing(recorded.recorded_at).date()).title
            label = f"{day_and_hour(recorded.recorded_at, visit.day)} {title}"
            yield Option(value=str(recorded.position), label=label)


def _marked(picks: tuple[Option, ...], chosen: list[str]) -> tuple[Option, ...]:
    return tuple(replace(pick, chosen=pick.value in chosen) for pick in picks)


def _only_real(picks: tuple[Option, ...]) -> tuple[Option, ...]:
    return tuple(pick for pick in picks if pick.value)


def _pairs(choices: type[Labelled]) -> tuple[tuple[str, str], ...]:
    return tuple((choice.value, choice.label) for choice in choices)


def _procedure(visit: Visit, matter: Matter | None) -> Procedure | None:
    return visit.runtime.settings.procedures.get(matter.kind) if matter else None
