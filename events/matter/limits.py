"""How a matter's limit comes to be and moves: given, started by the sign-for, put off, settled anew."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from events.matter.checking import not_before
from events.matter.state import Limit, Matter, Move
from events.matter.surroundings import Surroundings
from events.refusals import Invalid
from events.rules.calendar import WorkingDays
from events.rules.deadlines import (
    DueBeforeStart,
    checked_due_on,
    moved_by_calendar_days,
    moved_by_working_days,
    read_limit,
    reckon,
)
from events.vocabulary import BEIJING, Starts


def limit_given(
    matter: Matter,
    seen: Surroundings,
    *,
    due_on: date | None,
    time_limit: str | None,
    starts: Starts,
    preset: bool,
) -> Limit:
    """The limit a command names: a date, or words; with ``preset`` its kind's where it names none (M017).

    Raises Invalid ``missing-limit``, ``two-limits``, and what reading and reckoning refuse.
    """
    procedure = seen.procedure(matter.kind)
    if due_on is not None and time_limit is not None:
        raise Invalid("期限日期和时限文字只能给一个，请去掉其中一个。", code="two-limits")
    if due_on is not None:
        return _limit_on(due_on, seen, starts, version=procedure.version)
    words = (
        time_limit if time_limit is not None else procedure.preset_limit(matter.urgency) if preset else None
    )
    if words is None:
        raise Invalid("没有办理时限，请给出期限日期，或写明时限，如“15个工作日内”。", code="missing-limit")
    return _limit_in_words(words, seen, starts, version=procedure.version)


def started(limit: Limit, matter: Matter, seen: Surroundings) -> Limit:
    """The limit of a clock that starts with the sign-for, on its day."""
    on = seen.counted_on
    words = read_limit(limit.time_limit or "")
    try:
        due = reckon(words, start=on, calendar=seen.calendar, starts=Starts.ACKNOWLEDGED)
    except DueBeforeStart:  # a named day that went by before the sign-for: it binds, and is late already
        since = matter.assigned_at.astimezone(BEIJING).date() if matter.assigned_at else on
        due = reckon(words, start=since, calendar=seen.calendar, starts=Starts.ACKNOWLEDGED)
    return replace(
        limit,
        start_on=on,
        due_on=due.due_on,
        provisional=due.provisional,
        calendar_versions=due.calendar_versions,
    )


def returned(matter: Matter, seen: Surroundings, *, due_on: date | None) -> tuple[Limit | None, int | None]:
    """The limit after a completion report came back, and the calendar days it moved (None: a date was given)."""
    limit = matter.limit
    if due_on is not None:
        not_before(due_on, "新期限", today=seen.counted_on)
        return at_date(limit, due_on, start_on=seen.counted_on, version=_version(limit)), None
    reported = matter.completion_reported_at
    days = (seen.counted_on - reported.astimezone(BEIJING).date()).days if reported else 0
    if limit is None or limit.due_on is None:
        return limit, days
    if days <= 0:
        return limit, 0
    return _moved(limit, limit.due_on, Move(days=days), seen.calendar), days


def resumed(matter: Matter, seen: Surroundings) -> tuple[Limit | None, int]:
    """The limit after a suspension, and the days it moved: working days where it was in working days."""
    limit, since, on = matter.limit, matter.suspended_at, seen.counted_on
    stopped_on = since.astimezone(BEIJING).date() if since else on
    if limit is not None and limit.in_working_days:
        days = seen.calendar.working_days_between(stopped_on, on)
    else:
        days = max((on - stopped_on).days, 0)
    if limit is None or limit.due_on is None or days == 0:
        return limit, days
    move = Move(days=days, in_working_days=limit.in_working_days)
    return _moved(limit, limit.due_on, move, seen.calendar), days


def recomputed(limit: Limit, calendar: WorkingDays) -> Limit:
    """The limit as its ingredients give it under this calendar; itself where no working days were counted."""
    if limit.time_limit is None or limit.start_on is None or not limit.in_working_days:
        return limit
    due = reckon(read_limit(limit.time_limit), start=limit.start_on, calendar=calendar, starts=limit.starts)
    fresh = replace(
        limit,
        provisional=due.provisional,
        calendar_versions=due.calendar_versions,
        due_on=due.due_on,
        moves=(),
    )
    on = due.due_on
    for move in limit.moves:
        fresh = _moved(fresh, on, move, calendar)
        on = fresh.due_on or on
    return fresh


def _moved(limit: Limit, due_on: date, move: Move, calendar: WorkingDays) -> Limit:
    if not move.in_working_days:
        moved = moved_by_calendar_days(due_on, move.days)
        return replace(limit, due_on=moved, moves=(*limit.moves, move))
    counted = moved_by_working_days(due_on, move.days, calendar)
    return replace(
        limit,
        due_on=counted.on,
        provisional=limit.provisional or counted.provisional,
        calendar_versions=_together(limit.calendar_versions, counted.versions),
        moves=(*limit.moves, move),
    )


def at_date(limit: Limit | None, due_on: date, *, start_on: date | None, version: int) -> Limit:
    """A limit that is a date outright, in place of ``limit``; nothing is left to compute."""
    return Limit(
        time_limit=None,
        starts=limit.starts if limit else Starts.ASSIGNED,
        start_on=start_on if limit is None else limit.start_on,
        due_on=due_on,
        procedure_version=version,
    )


def _limit_on(due_on: date, seen: Surroundings, starts: Starts, *, version: int) -> Limit:
    if starts is Starts.ACKNOWLEDGED:
        raise Invalid(
            "给定期限日期时不能再从签收起算，请去掉“自签收之日起”，或改写时限，如“15个工作日内”。",
            code="date-starts-nothing",
        )
    start = seen.counted_on
    return at_date(None, checked_due_on(due_on, start=start), start_on=start, version=version)


def _limit_in_words(words: str, seen: Surroundings, starts: Starts, *, version: int) -> Limit:
    due = reckon(read_limit(words), start=seen.counted_on, calendar=seen.calendar, starts=starts)
    runs = starts is Starts.ASSIGNED
    return Limit(
        time_limit=words,
        starts=starts,
        start_on=seen.counted_on if runs else None,
        due_on=due.due_on if runs else None,
        provisional=due.provisional and runs,
        in_working_days=due.in_working_days,
        calendar_versions=due.calendar_versions if runs else (),
        procedure_version=version,
    )


def _version(limit: Limit | None) -> int:
    return limit.procedure_version if limit else 1


def _together(
    one: tuple[tuple[int, int], ...], other: tuple[tuple[int, int], ...]
) -> tuple[tuple[int, int], ...]:
    return tuple(sorted({**dict(one), **dict(other)}.items()))
