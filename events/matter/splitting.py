"""分办: one problem for several lead units, a part for each; the whole closes with the last of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

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
"""Units one matter is split among at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartGiven:
    """One unit's part; what it leaves out is as said for all."""

    lead_unit: UnitId
    co_units: tuple[UnitId, ...] = ()
    person: str | None = None
    title: str | None = None
    quality_requirement: str | None = None
    due_on: date | None = None
    time_limit: str | None = None
    starts: Starts | None = None


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
    """分办: the parts are registered and assigned with numbers n-1, n-2 … in the same act.

    Raises Invalid ``no-parts``, ``unit-twice``, and what an assignment refuses.
    """
    _refuse_wrong_parts(command, matter, seen)
    begun = len(matter.branches)
    branches = tuple(
        Branch(matter=branch_id(matter.id, begun + nth), unit=part.lead_unit)
        for nth, part in enumerate(command.parts, start=1)
    )
    fact = MatterSplit(
        branches=branches, from_unit=matter.lead_unit, text=command.text, effective_at=seen.effective_at
    )
    drafts = [Draft(stream=matter.stream, fact=fact)]
    numbers = []
    for nth, (branch, part) in enumerate(zip(branches, command.parts, strict=True), start=begun + 1):
        own = Matter(id=branch.matter, kind=matter.kind, urgency=matter.urgency)
        number = f"{matter.number}-{nth}"
        numbers.append({"id": branch.matter, "number": number, "lead_unit": part.lead_unit})
        facts = _part(command, part, matter, own, number, seen)
        drafts += [Draft(stream=own.stream, fact=one) for one in facts]
    return Decision(drafts=tuple(drafts), answer={"parts": numbers})


def _refuse_wrong_parts(command: SplitMatter, matter: Matter, seen: Surroundings) -> None:
    if not command.parts:
        raise Invalid("没有选分办的单位，请至少选一个牵头单位。", code="no-parts")
    if len(command.parts) + len(matter.branches) > MOST_PARTS:
        raise Invalid(f"一件最多分给{MOST_PARTS}个单位，请分成几件立项。", code="too-many-parts")
    taken = set(seen.branch_units)
    for part in command.parts:
        if part.lead_unit in taken:
            name = seen.directory.unit_name(part.lead_unit, seen.today)
            raise Invalid(
                f"{name}已有一份在办，同一单位不能分两份；请去掉它，要改期限请对那一份改派。",
                code="unit-twice",
            )
        taken.add(part.lead_unit)


def _part(
    command: SplitMatter, part: PartGiven, whole: Matter, own: Matter, number: str, seen: Surroundings
) -> Iterator[object]:
    yield MatterRegistered(
        title=part.title or whole.title,
        kind=whole.kind,
        source=whole.source,
        problem=whole.problem,
        place=whole.place,
        object=whole.object,
        source_no=whole.source_no,
        urgency=whole.urgency,
        parent=whole.id,
        basis=whole.basis,
        number=number,
        handler=whole.handler,
        effective_at=seen.effective_at,
    )
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
    yield MatterAssigned(
        lead_unit=existing_unit(part.lead_unit, seen),
        co_units=co_units,
        person=part.person,
        quality_requirement=required(requirement, "质量要求"),
        assessment_rule=command.assessment_rule or whole.assessment_rule,
        limit=limit,
        co_due_on=usual_opinions_due_on(own, co_units, limit, seen),
        effective_at=seen.effective_at,
    )
