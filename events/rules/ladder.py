"""提醒台阶: on which dates the clock speaks about a matter, and which of them is the newest not yet said.

A rung's date is a function of an anchor (the due date, the assignment day …). Said rungs are remembered per rule
with their anchor; another anchor starts afresh. After a silence only the newest rung reached is said, and it names
those passed over (contract: Clock).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

from events.rules.calendar import WorkingDays
from events.rules.procedures import MatterRules
from events.vocabulary import BEIJING, Labelled, Stage


class Rule(Labelled):
    """What the clock speaks about."""

    LIMIT = "limit", "期限"
    UNSIGNED = "unsigned", "未签收"
    EXTENSION = "extension", "延期将满"
    VERIFICATION = "verification", "核查超时"
    LOOK_BACK = "look_back", "回头看"
    OPINION = "opinion", "配合意见"
    SUPPORT = "support", "求助待答复"


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One rung: its date, and its distance from what its rule counts from."""

    on: date
    offset: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """What is to be said now."""

    slot: Slot
    passed_over: tuple[Slot, ...] = ()
    """Rungs that went by unsaid since the last one, oldest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ladder:
    """The endless row of rungs of one rule for one anchor; rung 0 is the first."""

    rule: Rule
    anchor: date
    floor: date
    """Rungs dated before this day do not exist."""
    nth: Callable[[int], Slot]
    count: Callable[[date], int]
    """How many rungs are dated up to and including a day."""
    ends: int | None = None
    """How many rungs there are; None: no end."""


class SaidRung(Protocol):
    """What is remembered of a spoken rung."""

    @property
    def rule(self) -> str: ...
    @property
    def slot(self) -> date: ...
    @property
    def anchor(self) -> date: ...


class Waited(Protocol):
    """What the clock looks at in a co-unit's part."""

    @property
    def waited_for_on(self) -> date | None: ...


class Pressed(Protocol):
    """What the clock looks at in a matter."""

    @property
    def stage(self) -> Stage: ...
    @property
    def due_on(self) -> date | None: ...
    @property
    def extended(self) -> bool: ...
    @property
    def assigned_at(self) -> datetime | None: ...
    @property
    def completion_reported_at(self) -> datetime | None: ...
    @property
    def look_back_on(self) -> date | None: ...
    @property
    def look_back_selected_on(self) -> date | None: ...
    @property
    def helping(self) -> Sequence[Waited]: ...
    @property
    def support_due_on(self) -> date | None: ...
    @property
    def support_asked_at(self) -> datetime | None: ...
    @property
    def rungs(self) -> Sequence[SaidRung]: ...


def reached(ladder: Ladder, *, today: date, last_said: date | None) -> Reached | None:
    """The newest rung dated up to ``today`` and not yet said, with those passed over; None where there is none."""
    newest = ladder.count(today) - 1
    if ladder.ends is not None:
        newest = min(newest, ladder.ends - 1)
    unsaid: list[Slot] = []
    for index in range(newest, -1, -1):
        slot = ladder.nth(index)
        if slot.on < ladder.floor or (last_said is not None and slot.on <= last_said):
            break
        unsaid.append(slot)
    if not unsaid:
        return None
    return Reached(slot=unsaid[0], passed_over=tuple(reversed(unsaid[1:])))


def following(ladder: Ladder, *, last_said: date | None) -> date | None:
    """The date of the first rung not yet said, gone by or to come; None after the last."""
    after = ladder.floor - ONE_DAY if last_said is None else max(last_said, ladder.floor - ONE_DAY)
    index = ladder.count(after)
    if ladder.ends is not None and index >= ladder.ends:
        return None
    return ladder.nth(index).on


def said_last(ladder: Ladder, rungs: Sequence[SaidRung]) -> date | None:
    """The newest rung said under a ladder's rule and anchor."""
    slots = [rung.slot for rung in rungs if rung.rule == ladder.rule and rung.anchor == ladder.anchor]
    return max(slots, default=None)


def next_rung_on(matter: Pressed, rules: MatterRules, calendar: WorkingDays) -> date | None:
    """The earliest date on which the clock has something to say about a matter; in the past where it is behind."""
    dates = (
        following(ladder, last_said=said_last(ladder, matter.rungs))
        for ladder in ladders(matter, rules, calendar)
    )
    return min((on for on in dates if on is not None), default=None)


def ladders(matter: Pressed, rules: MatterRules, calendar: WorkingDays) -> Iterator[Ladder]:
    """The ladders a matter stands under in its stage; none while suspended."""
    if matter.stage in OWED_BY_UNIT and matter.assigned_at is not None:
        assigned_on = _day(matter.assigned_at)
        if matter.due_on is not None:
            yield limit_ladder(matter.due_on, assigned_on, rules)
            if matter.extended:
                yield extension_ladder(matter.due_on, assigned_on, rules)
        if matter.stage is Stage.ASSIGNED:
            yield unsigned_ladder(assigned_on, rules, calendar)
        if matter.helping:
            yield from _opinion_ladders(matter.helping, assigned_on, rules)
        if matter.support_due_on is not None and matter.stage is Stage.RECTIFYING:
            asked_on = _day(matter.support_asked_at or matter.assigned_at)
            yield support_ladder(matter.support_due_on, asked_on, rules)
    elif matter.stage in OWED_BY_OFFICE and matter.completion_reported_at is not None:
        yield verification_ladder(_day(matter.completion_reported_at), rules, calendar)
    elif matter.stage is Stage.CLOSED and matter.look_back_on is not None:
        selected_on = matter.look_back_selected_on or matter.look_back_on
        yield look_back_ladder(matter.look_back_on, selected_on, rules)


def limit_ladder(due_on: date, assigned_on: date, rules: MatterRules) -> Ladder:
    """Before the limit, on it, and after it without end; one ladder, so a long silence is broken once."""
    offsets = (*(-days for days in rules.rungs_before), *rules.rungs_after)
    return _by_days(Rule.LIMIT, due_on, offsets, floor=assigned_on, every=rules.rungs_after_every)


def _opinion_ladders(helping: Sequence[Waited], assigned_on: date, rules: MatterRules) -> Iterator[Ladder]:
    """One for each day on which opinions are due that nobody gave yet."""
    offsets = (*(-days for days in rules.rungs_opinion), *rules.rungs_after)
    for due_on in sorted({on for part in helping if (on := part.waited_for_on) is not None}):
        yield _by_days(Rule.OPINION, due_on, offsets, floor=assigned_on, every=rules.rungs_after_every)


def support_ladder(due_on: date, asked_on: date, rules: MatterRules) -> Ladder:
    """Before the office's own limit for an answer, on it, and after it without end: the office's own delay."""
    offsets = (*(-days for days in rules.rungs_support), *rules.rungs_after)
    return _by_days(Rule.SUPPORT, due_on, offsets, floor=asked_on, every=rules.rungs_after_every)


def extension_ladder(due_on: date, assigned_on: date, rules: MatterRules) -> Ladder:
    """Shortly before an extended limit ends."""
    offsets = tuple(-days for days in rules.rungs_extension)
    return _by_days(Rule.EXTENSION, due_on, offsets, floor=assigned_on, every=None)


def look_back_ladder(look_back_on: date, selected_on: date, rules: MatterRules) -> Ladder:
    """Before a look-back is due, on its day, and after it until it is done."""
    offsets = tuple(-days for days in rules.rungs_look_back)
    return _by_days(Rule.LOOK_BACK, look_back_on, offsets, floor=selected_on, every=rules.look_back_every)


def unsigned_ladder(assigned_on: date, rules: MatterRules, calendar: WorkingDays) -> Ladder:
    """Working days 1, 4, 7 … after the assignment."""
    first, every = rules.unsigned_first, rules.unsigned_every

    def nth(index: int) -> Slot:
        offset = first + index * every
        return Slot(on=calendar.nth_working_day_after(assigned_on, offset).on, offset=offset)

    def count(upto: date) -> int:
        gone = calendar.working_days_between(assigned_on, upto)
        return max((gone - first) // every + 1, 0)

    return Ladder(rule=Rule.UNSIGNED, anchor=assigned_on, floor=assigned_on, nth=nth, count=count)


def verification_ladder(reported_on: date, rules: MatterRules, calendar: WorkingDays) -> Ladder:
    """The day after the last day for a verification, then working days 5, 10 … after that last day."""
    due_on = verify_due_on(reported_on, rules, calendar)
    every = rules.verification_every_working_days

    def nth(index: int) -> Slot:
        if index == 0:
            return Slot(on=due_on + ONE_DAY, offset=0)
        return Slot(on=calendar.nth_working_day_after(due_on, index * every).on, offset=index * every)

    def count(upto: date) -> int:
        return calendar.working_days_between(due_on, upto) // every + 1 if upto > due_on else 0

    return Ladder(rule=Rule.VERIFICATION, anchor=reported_on, floor=reported_on, nth=nth, count=count)


def verify_due_on(reported_on: date, rules: MatterRules, calendar: WorkingDays) -> date:
    """核查期限: the last day for the office to decide on a completion report."""
    return calendar.nth_working_day_after(reported_on, rules.verify_within_working_days).on


def _by_days(rule: Rule, anchor: date, offsets: tuple[int, ...], *, floor: date, every: int | None) -> Ladder:
    fixed = tuple(sorted(offsets))
    last = fixed[-1]

    def nth(index: int) -> Slot:
        beyond = index - len(fixed) + 1
        offset = fixed[index] if beyond <= 0 else last + beyond * (every or 0)
        return Slot(on=anchor + timedelta(days=offset), offset=offset)

    def count(upto: date) -> int:
        days = (upto - anchor).days
        if every is not None and days >= last:
            return len(fixed) + (days - last) // every
        return sum(offset <= days for offset in fixed)

    ends = len(fixed) if every is None else None
    return Ladder(rule=rule, anchor=anchor, floor=floor, nth=nth, count=count, ends=ends)


def _day(at: datetime) -> date:
    return at.astimezone(BEIJING).date()


ONE_DAY = timedelta(days=1)
OWED_BY_UNIT = frozenset(
    {Stage.ASSIGNED, Stage.ACKNOWLEDGED, Stage.PLANNING, Stage.RECTIFYING, Stage.OBJECTED}
)
"""Stages in which the unit's clock runs."""
OWED_BY_OFFICE = frozenset({Stage.COMPLETION_REPORTED, Stage.VERIFYING})
"""Stages in which the office's clock runs."""
