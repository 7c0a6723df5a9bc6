"""配合: what co-units do — sign for their part, give an opinion by its own limit, co-sign what goes out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from events.matter.acting import Command, Happened, became
from events.matter.authority import helping_unit
from events.matter.branches import Helping
from events.matter.checking import required
from events.matter.parties import CoLimit, opinion_limit
from events.matter.state import Matter
from events.matter.surroundings import Surroundings
from events.record.envelope import Decision
from events.refusals import Conflict, Invalid, WrongStage
from events.rules.deadlines import days_late
from events.vocabulary import UnitId


@dataclass(frozen=True, slots=True, kw_only=True)
class AcknowledgeHelping(Command):
    """A co-unit signs for its part."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveOpinion(Command):
    """A co-unit says what it has to say."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AskOpinion(Command):
    """Ask co-units (none named: all of them) for an opinion by a day, for the first time or again."""

    units: tuple[UnitId, ...] = ()
    due_on: date | None = None
    time_limit: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CoSign(Command):
    """A co-unit puts its name to what the lead unit is going to report."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpAcknowledged(Happened):
    """配合签收: a co-unit knows of its part."""

    unit: UnitId


@dataclass(frozen=True, slots=True, kw_only=True)
class OpinionGiven(Happened):
    """配合意见: what a co-unit says; ``days_late`` calendar days after its own limit."""

    unit: UnitId
    text: str
    days_late: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class OpinionAsked(Happened):
    """征求意见: these co-units are asked for an opinion by a day."""

    units: tuple[UnitId, ...]
    due_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class CoSigned(Happened):
    """会签: a co-unit agrees with what is going to be reported."""

    unit: UnitId


def acknowledge_helping(command: AcknowledgeHelping, matter: Matter, seen: Surroundings) -> Decision:
    """配合签收, once."""
    part = _part(matter, seen)
    if part.acknowledged_at is not None:
        name = seen.directory.unit_name(part.unit, seen.today)
        raise Conflict(f"{name}已经签收过这件配合事项，不用再签；接着提意见即可。", code="already-so")
    return became(matter, HelpAcknowledged(unit=part.unit, text=command.text, effective_at=seen.effective_at))


def give_opinion(command: GiveOpinion, matter: Matter, seen: Surroundings) -> Decision:
    """提配合意见; a second one stands in place of the first, and both stay readable."""
    part = _part(matter, seen)
    late = days_late(part.due_on, seen.counted_on) if part.due_on is not None else 0
    return became(
        matter,
        OpinionGiven(
            unit=part.unit,
            text=required(command.text, "配合意见"),
            days_late=late,
            effective_at=seen.effective_at,
        ),
    )


def ask_opinion(command: AskOpinion, matter: Matter, seen: Surroundings) -> Decision:
    """征求配合单位意见, by a day given or the kind's usual one."""
    units = tuple(dict.fromkeys(command.units)) or matter.co_units
    strangers = [unit for unit in units if unit not in matter.co_units]
    if strangers:
        name = seen.directory.unit_name(strangers[0], seen.today)
        raise Invalid(f"{name}不是本件的配合单位，请从配合单位中选，或先改派时加上它。", code="not-co-unit")
    given = CoLimit(due_on=command.due_on, time_limit=command.time_limit)
    if given.due_on is None and given.time_limit is None:
        days = seen.procedure(matter.kind).opinion_within_working_days
        given = CoLimit(time_limit=f"{days}个工作日内")
    due_on = opinion_limit(given, matter, seen)
    assert due_on is not None
    return became(
        matter,
        OpinionAsked(units=units, due_on=due_on, text=command.text, effective_at=seen.effective_at),
    )


def co_sign(command: CoSign, matter: Matter, seen: Surroundings) -> Decision:
    """会签, once a round."""
    part = _part(matter, seen)
    if has_co_signed(part, matter):
        name = seen.directory.unit_name(part.unit, seen.today)
        raise Conflict(f"{name}这一轮已经会签，不用再签。", code="already-so")
    return became(matter, CoSigned(unit=part.unit, text=command.text, effective_at=seen.effective_at))


def wants_co_signing(matter: Matter, seen: Surroundings) -> None:
    """Refuses co-signing where the kind does not ask for it."""
    procedure = seen.procedure(matter.kind)
    if not procedure.co_sign:
        raise WrongStage(f"{procedure.label}不要求会签；有意见请用“提意见”。")


def has_co_units(matter: Matter, seen: Surroundings) -> None:  # noqa: ARG001 - the shape of a requirement
    """Refuses asking where there is nobody to ask."""
    if not matter.co_units:
        raise WrongStage("本件没有配合单位，无从征求意见；需要配合的，请改派时选上配合单位。")


def has_co_signed(part: Helping, matter: Matter) -> bool:
    """Whether a co-unit signed since the last return."""
    signed = part.co_signed_at
    return signed is not None and (matter.returned_at is None or signed > matter.returned_at)


def units_missing(matter: Matter, seen: Surroundings) -> tuple[UnitId, ...]:
    """The co-units that were asked for an opinion or must co-sign, and for whom the lead unit still waits."""
    procedure = seen.procedure(matter.kind)
    if not procedure.opinions_needed:
        return ()
    return tuple(
        part.unit
        for part in matter.helping
        if (part.due_on is not None and part.opinion_at is None)
        or (procedure.co_sign and not has_co_signed(part, matter))
    )


def refuse_missing(matter: Matter, reason: str | None, seen: Surroundings) -> None:
    """Refuses a completion report before all co-units spoke, unless it says why it does not wait."""
    if not matter.helping or (reason or "").strip():
        return
    missing = units_missing(matter, seen)
    if missing:
        names = "、".join(seen.directory.unit_name(unit, seen.today) for unit in missing)
        raise Invalid(
            f"配合单位{names}还没有提意见或会签；请催其办理，确实等不了的，写明不等的理由再报结。",
            code="missing-opinions",
            missing=list(missing),
        )


def assigned_at(matter: Matter) -> datetime | None:
    """The moment of the assignment, on which a co-unit's part rests."""
    return matter.assigned_at


def _part(matter: Matter, seen: Surroundings) -> Helping:
    unit = helping_unit(matter, seen)
    found = next((part for part in matter.helping if part.unit == unit), None)
    assert found is not None, "admitted as a co-unit"
    return found
