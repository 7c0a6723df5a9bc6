"""分办: one problem for several lead units, or a plan of projects and items; the whole closes with its last part."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from events.matter.acting import Command, Happened
from events.matter.assigning import MatterAssigned
from events.matter.branches import Branch, branch_id
from events.matter.checking import required
from events.matter.limits import limit_given
from events.matter.parties import co_units_of, existing_unit, usual_opinions_due_on
from events.matter.registering import MatterRegistered
from events.matter.state import Matter
from events.matter.surroundings import Surroundings
from events.record.envelope import Decision, Draft
from events.refusals import Invalid
from events.vocabulary import Starts, UnitId

MOST_PARTS = 500
"""Units one matter is split among, or projects, plans and items it is broken down into, at most."""
MOST_LEVELS = 3
"""项目、计划、事项 (M011)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartGiven:
    """One unit's part, or a project or plan with parts of its own; what it leaves out is as said for all."""

    lead_unit: UnitId | None = None
    co_units: tuple[UnitId, ...] = ()
    person: str | None = None
    title: str | None = None
    quality_requirement: str | None = None
    due_on: date | None = None
    time_limit: str | None = None
    starts: Starts | None = None
    parts: tuple[PartGiven, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitMatter(Command):
    """Split a matter among lead units, or add units to one that is split already."""

    parts: tuple[PartGiven, ...]
    quality_requirement: str | None = None
    assessment_rule: str | None = None
    due_on: date | None = None
    time_limit: str | None = None
    starts: Starts = Starts.ASSIGNED


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterSplit(Happened):
    """分办: from here on its parts are answered for, each with its own unit, limit and number."""

    branches: tuple[Branch, ...]
    from_unit: UnitId | None = None
    """The lead unit that answered for the whole until now."""


def split(command: SplitMatter, matter: Matter, seen: Surroundings) -> Decision:
    """分办: the parts are registered and assigned with numbers n-1, n-2 … in the same act, and theirs n-1-1 ….

    Raises Invalid ``no-parts``, ``too-many-parts``, ``too-deep``, ``no-unit``, ``untitled``, ``unit-twice``,
    ``title-twice``, and what an assignment refuses.
    """
    _refuse_wrong_parts(command, matter, seen)
    made = tuple(_broken_down(command, command.parts, matter, matter, seen))
    drafts = tuple(draft for one in made for draft in one.drafts)
    return Decision(drafts=drafts, answer={"parts": [one.answer for one in made if one.answer]})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Made:
    """What is written about one matter, and how the answer names it."""

    drafts: tuple[Draft, ...]
    answer: Mapping[str, Any] = field(default_factory=dict)


def _broken_down(
    command: SplitMatter,
    parts: tuple[PartGiven, ...],
    above: Matter,
    whole: Matter,
    seen: Surroundings,
) -> Iterator[_Made]:
    """The split of ``above`` among its parts, and of each part among its own; ``whole`` is what all have in common."""
    begun = len(above.branches)
    owns = [
        Matter(
            id=branch_id(above.id, nth),
            kind=whole.kind,
            urgency=whole.urgency,
            parent=above.id,
            number=f"{above.number}-{nth}",
            title=part.title or whole.title,
        )
        for nth, part in enumerate(parts, start=begun + 1)
    ]
    branches = tuple(
        Branch(matter=own.id, unit=part.lead_unit, title=part.title)
        for own, part in zip(owns, parts, strict=True)
    )
    said = command.text if above is whole else None
    fact = MatterSplit(
        branches=branches, from_unit=above.lead_unit, text=said, effective_at=seen.effective_at
    )
    yield _Made(drafts=(Draft(stream=above.stream, fact=fact),))
    for own, part in zip(owns, parts, strict=True):
        facts: list[object] = [_registered(own, whole, seen)]
        due_on = None
        if not part.parts:
            assigned = _assigned(command, part, own, whole, seen)
            due_on = assigned.limit.due_on
            facts.append(assigned)
        answer = {
            "id": own.id,
            "number": own.number,
            "title": own.title,
            "lead_unit": part.lead_unit,
            "due_on": due_on.isoformat() if due_on is not None else None,
        }
        yield _Made(drafts=tuple(Draft(stream=own.stream, fact=one) for one in facts), answer=answer)
        if part.parts:
            yield from _broken_down(command, part.parts, own, whole, seen)


def _refuse_wrong_parts(command: SplitMatter, matter: Matter, seen: Surroundings) -> None:
    if not command.parts:
        raise Invalid("没有选分办的单位，请至少选一个牵头单位。", code="no-parts")
    if _count(command.parts) + len(matter.branches) > MOST_PARTS:
        raise Invalid(f"一件最多分成{MOST_PARTS}份，请分成几件立项。", code="too-many-parts")
    planned = any(branch.title is not None for branch in matter.branches)
    _refuse_wrong(command.parts, seen, planned=planned, levels=MOST_LEVELS)
    if not planned:
        for part in command.parts:
            if part.lead_unit in seen.branch_units:
                raise _unit_twice(part.lead_unit, seen, "已有一份在办，同一单位不能分两份")
        return
    standing = {(branch.unit, branch.title) for branch in matter.branches if branch.ended is None}
    for part in command.parts:
        if (part.lead_unit, part.title) in standing:
            raise _title_twice(part)


def _refuse_wrong(parts: tuple[PartGiven, ...], seen: Surroundings, *, planned: bool, levels: int) -> None:
    """Parts beside each other: a unit has one, or in a plan one of a title."""
    if not levels:
        raise Invalid(f"计划最多分{MOST_LEVELS}层：项目、计划、事项；请减少层次。", code="too-deep")
    taken: set[tuple[UnitId | None, str | None]] = set()
    for part in parts:
        if part.parts and part.lead_unit is not None:
            raise Invalid(
                f"“{part.title or ''}”下面还有分项，不能再写牵头单位；请把单位写在分项上。", code="unit-above"
            )
        if part.parts and not (part.title or "").strip():
            raise Invalid("有分项的项目或计划要写名称，请补上再分。", code="untitled")
        if not part.parts and part.lead_unit is None:
            raise Invalid(f"“{part.title or '有一份'}”没有写牵头单位，请补上再分。", code="no-unit")
        key = (part.lead_unit, part.title if planned or part.parts else None)
        if key in taken and part.lead_unit is not None and not planned:
            raise _unit_twice(part.lead_unit, seen, "分了两份，同一单位只能有一份")
        if key in taken:
            raise _title_twice(part)
        taken.add(key)
        if part.parts:
            _refuse_wrong(part.parts, seen, planned=True, levels=levels - 1)


def _unit_twice(unit: UnitId | None, seen: Surroundings, why: str) -> Invalid:
    name = seen.directory.unit_name(unit, seen.today)
    return Invalid(f"{name}{why}；请去掉它，要改期限请对那一份改派。", code="unit-twice")


def _title_twice(part: PartGiven) -> Invalid:
    return Invalid(
        f"“{part.title or ''}”在同一项下写了两遍，请去掉一个，或把名称写得不同。", code="title-twice"
    )


def _count(parts: tuple[PartGiven, ...]) -> int:
    return sum(1 + _count(part.parts) for part in parts)


def _registered(own: Matter, whole: Matter, seen: Surroundings) -> MatterRegistered:
    return MatterRegistered(
        title=own.title,
        kind=whole.kind,
        source=whole.source,
        problem=whole.problem,
        place=whole.place,
        object=whole.object,
        source_no=whole.source_no,
        urgency=whole.urgency,
        parent=own.parent,
        basis=whole.basis,
        number=own.number,
        handler=whole.handler,
        effective_at=seen.effective_at,
    )


def _assigned(
    command: SplitMatter, part: PartGiven, own: Matter, whole: Matter, seen: Surroundings
) -> MatterAssigned:
    assert part.lead_unit is not None, "refused before"
    given = part.due_on is not None or part.time_limit is not None
    limit = limit_given(
        own,
        seen,
        due_on=part.due_on if given else command.due_on,
        time_limit=part.time_limit if given else command.time_limit,
        starts=part.starts or command.starts,
        preset=True,
    )
    requirement = part.quality_requirement or command.quality_requirement or whole.quality_requirement or ""
    co_units = co_units_of(part.lead_unit, part.co_units, seen)
    return MatterAssigned(
        lead_unit=existing_unit(part.lead_unit, seen),
        co_units=co_units,
        person=part.person,
        quality_requirement=required(requirement, "质量要求"),
        assessment_rule=command.assessment_rule or whole.assessment_rule,
        limit=limit,
        co_due_on=usual_opinions_due_on(own, co_units, limit, seen),
        effective_at=seen.effective_at,
    )
