"""催办、提醒: the office presses, and the clock speaks at each rung once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import assert_never

from events.matter.acting import Command, Happened, became
from events.matter.limits import recomputed
from events.matter.state import Limit, Matter
from events.matter.surroundings import Surroundings
from events.record.envelope import Decision
from events.rules.deadlines import days_late
from events.rules.ladder import Ladder, Reached, Rule, ladders, reached, said_last, verify_due_on
from events.vocabulary import UnitId


@dataclass(frozen=True, slots=True, kw_only=True)
class UrgeMatter(Command):
    """Press the unit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remind(Command):
    """Sent by the clock: say what is due to be said about the matter today."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecomputeDue(Command):
    """Sent by the clock when a year's working days were published: settle a 暂定 limit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PassedOver:
    """A rung that went by unsaid."""

    slot: date
    offset: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterUrged(Happened):
    """催办: the office pressed the unit."""

    times: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DueReminded:
    """到期提醒: so many days before the limit, or on its day. ``offset`` ≤ 0, calendar days from ``due_on``."""

    slot: date
    offset: int
    days_left: int
    """Calendar days from the day it was said to ``due_on``."""
    due_on: date
    passed_over: tuple[PassedOver, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OverdueReminded:
    """逾期催办: ``days_late`` on the day it was said; ``offset`` > 0 is the rung's own."""

    slot: date
    offset: int
    days_late: int
    due_on: date
    passed_over: tuple[PassedOver, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class UnsignedReminded:
    """未签收催办: ``offset`` is the working day after the assignment."""

    slot: date
    offset: int
    assigned_on: date
    passed_over: tuple[PassedOver, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionReminded:
    """延期将满提醒: the extended limit is near; ``offset`` < 0, calendar days from ``due_on``."""

    slot: date
    offset: int
    due_on: date
    passed_over: tuple[PassedOver, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class VerificationReminded:
    """核查超时提醒: the office's own delay; ``verify_due_on`` was the last day for it."""

    slot: date
    offset: int
    """Working days after ``verify_due_on`` (0 for the first, which falls on the very next day)."""
    reported_on: date
    verify_due_on: date
    passed_over: tuple[PassedOver, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LookBackReminded:
    """回头看提醒: ``offset`` calendar days from ``look_back_on``."""

    slot: date
    offset: int
    look_back_on: date
    passed_over: tuple[PassedOver, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OpinionReminded:
    """配合意见提醒: ``units`` have not given theirs; ``offset`` calendar days from ``due_on``."""

    slot: date
    offset: int
    due_on: date
    units: tuple[UnitId, ...]
    passed_over: tuple[PassedOver, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SupportReminded:
    """求助待答复提醒: the office's own delay; ``offset`` calendar days from ``due_on``, its last day to answer."""

    slot: date
    offset: int
    due_on: date
    asked_on: date
    passed_over: tuple[PassedOver, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DueDateRecomputed:
    """重算时限: a published calendar settled a 暂定 limit."""

    from_due_on: date
    limit: Limit


def urge(command: UrgeMatter, matter: Matter, seen: Surroundings) -> Decision:
    """催办."""
    return became(
        matter, MatterUrged(times=matter.urged + 1, text=command.text, effective_at=seen.effective_at)
    )


def remind(command: Remind, matter: Matter, seen: Surroundings) -> Decision:  # noqa: ARG001 - the shape of a decision
    """The clock's command in the shape of the others."""
    return speak(matter, seen)


def speak(matter: Matter, seen: Surroundings) -> Decision:
    """Everything the clock has to say about a matter now, once per rule; nothing where it was said already."""
    return became(matter, *_spoken(matter, seen))


def recompute(command: RecomputeDue, matter: Matter, seen: Surroundings) -> Decision:  # noqa: ARG001
    """The clock's command in the shape of the others."""
    return recompute_due(matter, seen)


def recompute_due(matter: Matter, seen: Surroundings) -> Decision:
    """Settles a limit counted in working days under the calendar as published now; ended matters never move."""
    limit = matter.limit
    if matter.stage.ended or limit is None or limit.due_on is None:
        return became(matter)
    fresh = recomputed(limit, seen.calendar)
    if fresh.due_on == limit.due_on and fresh.provisional == limit.provisional:
        return became(matter)
    return became(matter, DueDateRecomputed(from_due_on=limit.due_on, limit=fresh))


def _spoken(matter: Matter, seen: Surroundings) -> Iterator[object]:
    for ladder in ladders(matter, seen.rules, seen.calendar):
        found = reached(ladder, today=seen.today, last_said=said_last(ladder, matter.rungs))
        if found is not None:
            yield _reminder(ladder, found, matter, seen)


Reminder = (
    DueReminded
    | OverdueReminded
    | UnsignedReminded
    | ExtensionReminded
    | VerificationReminded
    | LookBackReminded
    | OpinionReminded
    | SupportReminded
)


def _reminder(ladder: Ladder, found: Reached, matter: Matter, seen: Surroundings) -> Reminder:
    slot, offset, anchor = found.slot.on, found.slot.offset, ladder.anchor
    passed = tuple(PassedOver(slot=s.on, offset=s.offset) for s in found.passed_over)
    match ladder.rule:
        case Rule.LIMIT if offset > 0:
            late = days_late(anchor, seen.today)
            return OverdueReminded(
                slot=slot, offset=offset, days_late=late, due_on=anchor, passed_over=passed
            )
        case Rule.LIMIT:
            left = (anchor - seen.today).days
            return DueReminded(slot=slot, offset=offset, days_left=left, due_on=anchor, passed_over=passed)
        case Rule.UNSIGNED:
            return UnsignedReminded(slot=slot, offset=offset, assigned_on=anchor, passed_over=passed)
        case Rule.EXTENSION:
            return ExtensionReminded(slot=slot, offset=offset, due_on=anchor, passed_over=passed)
        case Rule.VERIFICATION:
            due_on = verify_due_on(anchor, seen.rules, seen.calendar)
            return VerificationReminded(
                slot=slot, offset=offset, reported_on=anchor, verify_due_on=due_on, passed_over=passed
            )
        case Rule.LOOK_BACK:
            return LookBackReminded(slot=slot, offset=offset, look_back_on=anchor, passed_over=passed)
        case Rule.OPINION:
            units = tuple(part.unit for part in matter.helping if part.waited_for_on == anchor)
            return OpinionReminded(slot=slot, offset=offset, due_on=anchor, units=units, passed_over=passed)
        case Rule.SUPPORT:
            asked_on = ladder.floor
            return SupportReminded(
                slot=slot, offset=offset, due_on=anchor, asked_on=asked_on, passed_over=passed
            )
        case _:
            assert_never(ladder.rule)
