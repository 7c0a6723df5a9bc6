"""Counting as a clerk would with the record on paper: one plain loop over the facts, no state, no table, no SQL."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from events.matter.facts import NAMES
from events.record.envelope import Recorded
from events.rules.calendar import WorkingDays
from events.rules.rates import Counted
from events.vocabulary import Stage


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """What the clerk notes of one matter."""

    received: date
    unit: str | None = None
    first_assigned: date | None = None
    assigned: date | None = None
    signed: date | None = None
    due: date | None = None
    first_due: date | None = None
    reported: tuple[date, date | None] | None = None
    stands: bool = False
    """Whether the report was not sent back."""
    handled: bool = False
    passed: bool = False
    extended: int = 0
    closed: date | None = None
    relapsed: bool = False
    gone: bool = False
    """Cancelled, merged or transferred."""
    owed: bool = False
    """Whether the unit still owes its report."""
    open: bool = False
    split: bool = False
    """Whether its parts are counted instead of it."""


BACK = {"completion-returned", "verification-failed", "write-off-rejected", "leader-instructed-again"}
GONE = {"matter-cancelled", "matter-transferred", "matter-merged"}


def noted(facts: Iterable[Recorded]) -> dict[str, Sheet]:
    """One sheet a matter, after going through the facts in their order."""
    sheets: dict[str, Sheet] = {}
    for one in facts:
        kind, matter = NAMES[type(one.fact)], one.stream.removeprefix("matter-")
        on = one.recorded_at.date()
        if kind == "matter-registered":
            sheets[matter] = Sheet(received=on)
        else:
            sheets[matter] = _after(sheets[matter], kind, one.fact, on)
    return sheets


def _after(s: Sheet, kind: str, fact: Any, on: date) -> Sheet:
    limit = getattr(fact, "limit", None)
    if limit is not None:
        s = replace(s, due=limit.due_on, first_due=s.first_due or limit.due_on)
    if kind in ("matter-assigned", "matter-reassigned", "objection-upheld", "leader-instructed-again"):
        unit = {"objection-upheld": "to_unit", "leader-instructed-again": None}.get(kind, "lead_unit")
        s = replace(s, unit=getattr(fact, unit) if unit else s.unit, signed=None, assigned=on)
        s = replace(s, first_assigned=s.first_assigned or on, owed=s.unit is not None, open=True)
    if kind == "assignment-recalled":
        s = replace(s, unit=None, signed=None, assigned=None, owed=False)
    if kind == "assignment-acknowledged":
        s = replace(s, signed=on)
    if kind in ("plan-submitted", "progress-reported"):
        s = replace(s, handled=True)
    if kind == "extension-granted":
        s = replace(s, extended=s.extended + 1, due=fact.until)
    if kind in ("matter-suspended", "completion-reported"):
        s = replace(s, owed=False)
    if kind == "matter-resumed":
        s = replace(s, owed=True)
    if kind == "completion-reported":
        s = replace(s, reported=(on, fact.due_on), stands=True)
    if kind == "due-date-recomputed" and s.stands and s.reported:
        s = replace(s, reported=(s.reported[0], limit.due_on))
    if kind == "verification-passed":
        s = replace(s, passed=True)
    if kind in BACK:
        s = replace(s, owed=True, passed=False, stands=False)
    if kind == "write-off-approved" or (kind == "branch-ended" and fact.whole is Stage.CLOSED):
        s = replace(s, closed=on, open=False)
    if kind == "relapse-found":
        s = replace(s, relapsed=True)
    if kind == "matter-split":
        s = replace(s, split=True, unit=None, first_assigned=None, signed=None, owed=False, due=None)
    if kind in GONE:
        s = replace(s, gone=True, owed=False, open=False)
    if kind == "matter-reopened":
        owed = fact.stage.value in ("assigned", "acknowledged", "planning", "rectifying", "objected")
        s = replace(s, closed=None, gone=False, open=True, owed=owed)
    return s


def counted(
    sheets: Iterable[Sheet],
    calendar: WorkingDays,
    *,
    day: date,
    since: date,
    first: date,
    last: date,
) -> Counter[Counted]:
    """Everything a bulletin counts."""
    found: Counter[Counted] = Counter()
    for s in sheets:
        if first <= s.received <= last and not s.split:
            found[Counted.RECEIVED] += 1
            found[Counted.RECEIVED_ASSIGNED] += s.first_assigned is not None
        on_time = s.reported is not None and s.reported[1] is not None and s.reported[0] <= s.reported[1]
        if s.closed is not None and not s.split and first <= s.closed <= last:
            found[Counted.CLOSED_IN_PERIOD] += 1
            found[Counted.CLOSED_IN_PERIOD_ON_TIME] += on_time
        if s.first_assigned is not None and s.open:
            found[Counted.OPEN] += 1
        if s.owed and s.due is not None and s.due < day:
            found[Counted.OVERDUE] += 1
        if s.first_assigned is None or s.gone:
            continue
        found[Counted.NEWLY_ASSIGNED] += first <= s.first_assigned <= last
        if since <= s.first_assigned <= last:
            found[Counted.ALL] += 1
            found[Counted.CLOSED] += s.closed is not None
            found[Counted.CLOSED_ON_TIME] += s.closed is not None and on_time
            found[Counted.VERIFIED] += s.passed
            found[Counted.HANDLED] += s.handled
            found[Counted.RELAPSED] += s.relapsed
            found[Counted.EXTENDED] += s.extended > 0
            found[Counted.SIGNED_IN_TIME] += _prompt(s, calendar)
    return found


def _prompt(s: Sheet, calendar: WorkingDays) -> bool:
    if s.signed is None or s.assigned is None:
        return False
    day = s.assigned
    while True:
        day = date.fromordinal(day.toordinal() + 1)
        if calendar.is_working(day):
            return s.signed <= day
