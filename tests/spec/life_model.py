"""A matter as a clerk with a ledger would know it: the plain model beside which ``test_life`` walks."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from events.record.envelope import Actor
from events.vocabulary import Stage
from tests.spec.given import (
    CLERK,
    HEAD,
    LEADER,
    LIAISON,
    OTHER_VERIFIER,
    SHIPPED,
    TOWN,
    VERIFIER,
    WATER,
    WATER_LIAISON,
)

S = Stage
ACTORS = (CLERK, HEAD, LIAISON, WATER_LIAISON, VERIFIER, OTHER_VERIFIER, LEADER)
LIAISONS = {TOWN: LIAISON, WATER: WATER_LIAISON}
DAY = timedelta(days=1)
ENDED = {S.CLOSED, S.CONFIRMED, S.RELAPSED, S.TRANSFERRED, S.MERGED, S.CANCELLED}


def working_days(after: date, upto: date) -> int:
    """Counted day by day."""
    return sum(SHIPPED.is_working(after + n * DAY) for n in range(1, (upto - after).days + 1))


def nth_working_day(after: date, n: int) -> date:
    """Found day by day."""
    while n:
        after += DAY
        n -= SHIPPED.is_working(after)
    return after


@dataclass
class Model:
    """What a clerk with a ledger would know of the matter."""

    kind: str
    stage: Stage = S.REGISTERED
    lead: str | None = None
    units: set[str] = field(default_factory=set)
    assigned_on: date | None = None
    due: date | None = None
    in_working_days: bool = False
    waits_for_sign: int = 0
    """Days the limit will have from the sign-for; 0 where it runs already."""
    before: Stage | None = None
    ended_from: Stage | None = None
    ended_on: date | None = None
    suspended_on: date | None = None
    reported_on: date | None = None
    asked: bool = False
    granted: int = 0
    support: bool = False
    fresh_evidence: bool = False
    sent: Actor | None = None
    late: bool = False
    closed_late: bool = False
    selected: bool = False
    round: int = 1
    urged: int = 0
    dates: list[date] = field(default_factory=list)

    def due_set(self, due: date, *, in_working_days: bool = False) -> None:
        self.in_working_days = in_working_days
        if due != self.due or not self.dates:
            self.dates.append(due)
        self.due = due

    def handed(self, unit: str, today: date, days: int, *, working: bool, on_sign: bool) -> None:
        self.stage, self.lead, self.assigned_on = S.ASSIGNED, unit, today
        self.units.add(unit)
        self.before = self.suspended_on = None
        self.asked = self.support = False
        self.waits_for_sign = days if on_sign else 0
        if on_sign:
            self.due = None
        elif working:
            self.due_set(nth_working_day(today, days), in_working_days=True)
        else:
            self.due_set(today + days * DAY)

    def sent_back(self, today: date, given: date | None) -> None:
        assert self.reported_on is not None
        assert self.due is not None
        moved = self.due + (today - self.reported_on)
        keep = self.in_working_days and given is None
        self.due_set(given or moved, in_working_days=keep)
        self.stage, self.reported_on, self.sent = S.RECTIFYING, None, None
        self.fresh_evidence = self.late = False

    def ended(self, stage: Stage, today: date) -> None:
        self.ended_from, self.stage, self.ended_on, self.asked = self.stage, stage, today, False
