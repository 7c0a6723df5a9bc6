"""催办、提醒: the office presses, and the clock speaks at each rung once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from events.matter.acting import Command, Happened
from events.matter.state import Limit


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
class DueDateRecomputed:
    """重算时限: a published calendar settled a 暂定 limit."""

    from_due_on: date
    limit: Limit
