"""交办、签收、异议与裁定、改派: who answers for the matter, by when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from events.matter.acting import Command, Happened, became
from events.matter.checking import required
from events.matter.limits import limit_given, started
from events.matter.parties import CoLimit, co_units_of, existing_unit, opinions_due_on, usual_opinions_due_on
from events.matter.state import Limit, Matter
from events.matter.surroundings import Surroundings
from events.record.envelope import Decision
from events.refusals import Invalid
from events.vocabulary import BEIJING, Role, Stage, Starts, UnitId, UserName


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignMatter(Command):
    """Hand a registered matter to its responsible unit with a limit and a quality requirement (M016–M018)."""

    lead_unit: UnitId
    quality_requirement: str
    co_units: tuple[UnitId, ...] = ()
    person: str | None = None
    assessment_rule: str | None = None
    due_on: date | None = None
    time_limit: str | None = None
    starts: Starts = Starts.ASSIGNED
    co_due_on: date | None = None
    co_time_limit: str | None = None
    """By when the co-units give their opinion; neither: none is asked for yet (``ask-opinion``)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReassignMatter(AssignMatter):
    """Hand an assigned matter to another unit, or to the same one on other terms."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AcknowledgeAssignment(Command):
    """Sign for an assignment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectToAssignment(Command):
    """Say, with a reason, that the assignment is wrong."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideObjection(Command):
    """Uphold an objection (to another unit, or back to 待交办) or dismiss it."""

    upheld: bool
    to_unit: UnitId | None = None
    due_on: date | None = None
    time_limit: str | None = None
    starts: Starts = Starts.ASSIGNED


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterAssigned(Happened):
    """交办: a unit answers for the matter from here on."""

    lead_unit: UnitId
    co_units: tuple[UnitId, ...] = ()
    person: str | None = None
    quality_requirement: str
    assessment_rule: str | None = None
    limit: Limit
    co_due_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterReassigned(Happened):
    """改派: another assignment replaces the standing one; its limit is new, not an extension."""

    from_unit: UnitId | None
    lead_unit: UnitId
    co_units: tuple[UnitId, ...] = ()
    person: str | None = None
    quality_requirement: str
    assessment_rule: str | None = None
    limit: Limit
    co_due_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentAcknowledged(Happened):
    """签收: the unit signed for the matter; ``stage`` is where its kind goes from here."""

    stage: Stage
    limit: Limit | None = None
    """The limit that starts with the sign-for; None where it already ran since the assignment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentObjected(Happened):
    """异议: the unit says the assignment is wrong."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectionUpheld(Happened):
    """异议成立: to ``to_unit`` with a new limit, or back to 待交办 where there is none."""

    from_unit: UnitId | None
    to_unit: UnitId | None = None
    co_units: tuple[UnitId, ...] = ()
    limit: Limit | None = None
    co_due_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectionDismissed(Happened):
    """异议不成立: the matter goes back to the stage before the objection."""

    stage: Stage


def assign(command: AssignMatter, matter: Matter, seen: Surroundings) -> Decision:
    """交办: admits an assignment with lead unit, limit and quality requirement (M017, M018)."""
    lead_unit, co_units, limit, co_due_on = _given(command, matter, seen)
    return became(
        matter,
        MatterAssigned(
            lead_unit=lead_unit,
            co_units=co_units,
            person=command.person,
            quality_requirement=required(command.quality_requirement, "质量要求"),
            assessment_rule=command.assessment_rule,
            limit=limit,
            co_due_on=co_due_on,
            text=command.text,
            effective_at=seen.effective_at,
        ),
    )


def reassign(command: ReassignMatter, matter: Matter, seen: Surroundings) -> Decision:
    """改派: admits another assignment in place of the standing one, with a limit as 交办 needs it."""
    lead_unit, co_units, limit, co_due_on = _given(command, matter, seen)
    return became(
        matter,
        MatterReassigned(
            from_unit=matter.lead_unit,
            lead_unit=lead_unit,
            co_units=co_units,
            person=command.person,
            quality_requirement=required(command.quality_requirement, "质量要求"),
            assessment_rule=command.assessment_rule,
            limit=limit,
            co_due_on=co_due_on,
            text=command.text,
            effective_at=seen.effective_at,
        ),
    )


def acknowledge(command: AcknowledgeAssignment, matter: Matter, seen: Surroundings) -> Decision:
    """签收: on to the plan where the kind needs one, else to the work; may start the clock."""
    needs_plan = seen.procedure(matter.kind).needs_plan
    limit = matter.limit
    starts_now = limit is not None and limit.due_on is None
    return became(
        matter,
        AssignmentAcknowledged(
            stage=Stage.ACKNOWLEDGED if needs_plan else Stage.RECTIFYING,
            limit=started(limit, matter, seen) if limit is not None and starts_now else None,
            text=command.text,
            effective_at=seen.effective_at,
        ),
    )


def object_to(command: ObjectToAssignment, matter: Matter, seen: Surroundings) -> Decision:
    """提出异议: the matter waits for a decision; the limit keeps running."""
    reason = required(command.reason, "异议理由")
    return became(
        matter, AssignmentObjected(reason=reason, text=command.text, effective_at=seen.effective_at)
    )


def decide_objection(command: DecideObjection, matter: Matter, seen: Surroundings) -> Decision:
    """裁定异议: upheld to another unit with a new limit, upheld back to 待交办, or dismissed."""
    if not command.upheld:
        if command.to_unit is not None or command.due_on is not None or command.time_limit is not None:
            raise Invalid(
                "异议不成立时不改派也不改期限，请去掉单位和时限后再裁定。", code="nothing-to-change"
            )
        stage = matter.stage_before or Stage.ASSIGNED
        return became(
            matter, ObjectionDismissed(stage=stage, text=command.text, effective_at=seen.effective_at)
        )
    to_unit = command.to_unit
    if to_unit is None and (command.due_on is not None or command.time_limit is not None):
        raise Invalid("退回待交办时没有期限，请去掉期限，或指定改交的单位。", code="limit-without-unit")
    limit = _limit(command, matter, seen) if to_unit is not None else None
    co_units = tuple(unit for unit in matter.co_units if unit != to_unit) if to_unit is not None else ()
    return became(
        matter,
        ObjectionUpheld(
            from_unit=matter.lead_unit,
            to_unit=existing_unit(to_unit, seen) if to_unit is not None else None,
            co_units=co_units,
            limit=limit,
            co_due_on=_still_asked(matter, co_units, limit, seen),
            text=command.text,
            effective_at=seen.effective_at,
        ),
    )


def may_object_now(matter: Matter, seen: Surroundings) -> None:
    """异议期: refuses an objection later than the working days its kind gives since the assignment."""
    if matter.assigned_at is None:
        return
    days = seen.procedure(matter.kind).objection_within_working_days
    assigned_on = matter.assigned_at.astimezone(BEIJING).date()
    if seen.calendar.working_days_between(assigned_on, seen.counted_on) > days:
        raise Invalid(
            f"异议应在交办后{days}个工作日内提出，本件{assigned_on}交办，已经超过；请照办，确有困难可申请延期或请示求助。",
            code="objection-too-late",
        )


def decided_by_another(matter: Matter, seen: Surroundings) -> bool:
    """回避: whether the actor did not make the assignment objected to, or no other head exists to decide."""
    actor = seen.actor
    if matter.assigned_by != actor.user and not _same_person(matter.assigned_by, seen):
        return True
    return not any(
        user.name != actor.user and (user.person is None or user.person != actor.person)
        for user in seen.directory.users_with(Role.OFFICE_HEAD)
    )


def _given(
    command: AssignMatter, matter: Matter, seen: Surroundings
) -> tuple[UnitId, tuple[UnitId, ...], Limit, date | None]:
    """Lead unit, co-units, the lead's limit and the co-units'."""
    lead_unit = existing_unit(command.lead_unit, seen)
    co_units = co_units_of(lead_unit, command.co_units, seen)
    limit = _limit(command, matter, seen)
    given = CoLimit(due_on=command.co_due_on, time_limit=command.co_time_limit)
    return lead_unit, co_units, limit, opinions_due_on(matter, co_units, given, seen)


def _still_asked(
    matter: Matter, co_units: tuple[UnitId, ...], limit: Limit | None, seen: Surroundings
) -> date | None:
    """Co-units that were asked for an opinion are asked again beside the new lead unit."""
    if limit is None or not any(part.due_on is not None for part in matter.helping):
        return None
    return usual_opinions_due_on(matter, co_units, limit, seen)


def _limit(command: AssignMatter | DecideObjection, matter: Matter, seen: Surroundings) -> Limit:
    return limit_given(
        matter,
        seen,
        due_on=command.due_on,
        time_limit=command.time_limit,
        starts=command.starts,
        preset=True,
    )


def _same_person(user: str | None, seen: Surroundings) -> bool:
    known = seen.directory.users.get(UserName(user)) if user is not None else None
    return known is not None and known.person is not None and known.person == seen.actor.person
