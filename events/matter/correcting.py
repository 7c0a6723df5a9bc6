"""补充、更正: completing what was registered, and answering a mistake with a fact that names it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from events.matter.acting import Command, Happened, became
from events.matter.checking import required
from events.matter.chief_leader import refuse_stranger
from events.matter.correctable import (
    CORRECTABLE,
    DUE_ON,
    Value,
    correctable_fields,
    plain,
    read_optional_text,
    read_text,
    said_in,
)
from events.matter.evidencing import EvidenceAttached
from events.matter.registering import refuse_parent
from events.matter.state import Matter
from events.matter.surroundings import Surroundings
from events.record.envelope import Decision
from events.refusals import Invalid
from events.rules.deadlines import checked_due_on
from events.vocabulary import MatterId, Urgency


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendMatter(Command):
    """Change what was registered, before it is assigned."""

    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectFact(Command):
    """Name a fact of this matter by position and say what is right instead."""

    position: int
    reason: str
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterAmended(Happened):
    """补充: particulars changed before the assignment."""

    old: tuple[tuple[str, Value], ...]
    new: tuple[tuple[str, Value], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FactCorrected(Happened):
    """更正: what the fact at ``position`` should have said; the mistake stays readable."""

    position: int
    corrected_type: str
    reason: str
    old: tuple[tuple[str, Value], ...]
    new: tuple[tuple[str, Value], ...]
    about: str | None = None
    """The evidence meant, where the corrected fact is 佐证材料."""


def amend(command: AmendMatter, matter: Matter, seen: Surroundings) -> Decision:
    """补充: particulars of the registration, before the matter is assigned."""
    new = {name: _amended(name, value, matter, seen) for name, value in command.fields.items()}
    changed = {name: value for name, value in new.items() if plain(getattr(matter, name)) != value}
    if not changed:
        raise Invalid("没有任何改动，请改好要补充的内容再提交。", code="nothing-changed")
    return became(
        matter,
        MatterAmended(
            old=tuple((name, plain(getattr(matter, name))) for name in changed),
            new=tuple(changed.items()),
            text=command.text,
            effective_at=seen.effective_at,
        ),
    )


def correct(command: CorrectFact, matter: Matter, seen: Surroundings) -> Decision:
    """更正: what the fact at a position should have said; never stage, actor, unit or position."""
    fact = seen.fact_at.get(command.position)
    if fact is None:
        raise Invalid(
            f"本件没有第{command.position}号记录，请从本件经过中选择要更正的一条。", code="no-such-fact"
        )
    correctable = CORRECTABLE.get(type(fact))
    if correctable is None:
        raise Invalid("这条记录没有可以更正的内容；写错的更正请对原记录再更正一次。", code="not-correctable")
    new = {name: _corrected(name, value, fact, seen) for name, value in command.fields.items()}
    if (leader := new.get("chief_leader")) is not None:
        refuse_stranger(str(leader), seen)
    if DUE_ON in new:
        _check_due_on(date.fromisoformat(str(new[DUE_ON])), matter, seen)
    standing = {name: _standing(name, fact, command.position, seen) for name in new}
    changed = {name: value for name, value in new.items() if standing[name] != value}
    if not changed:
        raise Invalid("更正的内容与原记录相同，请改好再提交。", code="nothing-changed")
    return became(
        matter,
        FactCorrected(
            position=command.position,
            corrected_type=correctable.name,
            reason=required(command.reason, "更正理由"),
            old=tuple((name, standing[name]) for name in changed),
            new=tuple(changed.items()),
            about=fact.evidence.id if isinstance(fact, EvidenceAttached) else None,
            text=command.text,
            effective_at=seen.effective_at,
        ),
    )


def _amended(name: str, value: Any, matter: Matter, seen: Surroundings) -> Value:
    if name in AMENDABLE_TEXTS:
        return read_text(value, name, seen.today)
    if name in AMENDABLE_OPTIONAL_TEXTS:
        amended = read_optional_text(value, name, seen.today)
        if name == "parent" and amended is not None:
            refuse_parent(MatterId(str(amended)), matter, seen)
        if name == "chief_leader" and amended is not None:
            refuse_stranger(str(amended), seen)
        return amended
    if name == "kind" and value in seen.procedures:
        return str(value)
    if name == "urgency" and (value is None or value in set(Urgency)):
        return plain(value)
    if name in ("kind", "urgency"):
        raise Invalid(f"“{name}”没有“{value}”这个选项，请从列出的选项中选。", code="unknown-choice")
    known = "、".join((*AMENDABLE_TEXTS, *AMENDABLE_OPTIONAL_TEXTS, "kind", "urgency"))
    raise Invalid(f"“{name}”不能补充，可补充的有：{known}。", code="unknown-field")


def _corrected(name: str, value: Any, fact: object, seen: Surroundings) -> Value:
    fields = correctable_fields(fact)
    field = fields.get(name)
    if field is None:
        known = "、".join(fields)
        raise Invalid(
            f"这条记录的“{name}”不能更正，可更正的有：{known}；阶段、经办人、单位和位置不得更正。",
            code="not-correctable",
        )
    return field.read(value, name, seen.today)


def _check_due_on(due_on: date, matter: Matter, seen: Surroundings) -> None:
    if not (seen.basis or "").strip():
        raise Invalid("更正期限要有依据，请在“依据”中写明文号或条款。", code="basis-needed")
    start = matter.limit.start_on if matter.limit is not None else None
    if start is not None:
        checked_due_on(due_on, start=start)


def _standing(name: str, fact: object, position: int, seen: Surroundings) -> Value:
    """What the fact says in a field after the corrections made so far."""
    standing = said_in(fact, name)
    for _, later in sorted(seen.fact_at.items()):
        if isinstance(later, FactCorrected) and later.position == position:
            standing = dict(later.new).get(name, standing)
    return standing


AMENDABLE_TEXTS = ("title", "problem", "source")
AMENDABLE_OPTIONAL_TEXTS = ("place", "object", "source_no", "parent", "basis", "chief_leader")
