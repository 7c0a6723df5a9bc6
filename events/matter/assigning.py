"""交办、签收、异议与裁定、改派: who answers for the matter, by when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from events.matter.acting import Command, Happened
from events.matter.state import Limit
from events.vocabulary import Stage, Starts, UnitId


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


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectionDismissed(Happened):
    """异议不成立: the matter goes back to the stage before the objection."""

    stage: Stage
