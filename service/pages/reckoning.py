"""The days a matter's limit is counted in: which count, which are pauses, and how many there were (domain D.0)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from events.matter.closing import WriteOffRejected
from events.matter.reporting import CompletionReturned
from events.matter.state import Limit, Matter
from events.matter.suspending import MatterResumed
from events.matter.verifying import VerificationFailed
from events.record.envelope import Recorded
from events.rules.calendar import WorkingDays
from events.vocabulary import BEIJING, Stage

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """Days that did not count: after ``after`` up to and with ``upto``."""

    after: date
    upto: date
    why: str
    position: int | None = None

    def covers(self, day: date) -> bool:
        """Whether a day lies in it."""
        return self.after < day <= self.upto


@dataclass(frozen=True, slots=True, kw_only=True)
class Reckoning:
    """What clocks and why are made from."""

    matter: Matter
    limit: Limit
    start: date
    due: date
    judged: date
    today: date
    pauses: tuple[Pause, ...]
    history: Sequence[Recorded]
    calendar: WorkingDays
    kind: str = ""
    """The kind's Chinese name."""
    then: Callable[[str], str] = str
    """Keeps the moment looked at in an address."""

    @property
    def unit(self) -> str:
        """个工作日 or 天."""
        return "个工作日" if self.limit.in_working_days else "天"

    def counts(self, day: date) -> bool:
        """Whether a day is one of those the limit is counted in."""
        if any(pause.covers(day) for pause in self.pauses):
            return False
        return not self.limit.in_working_days or self.calendar.is_working(day)

    def counted(self, upto: date) -> int:
        """Counted days after the start day up to and with ``upto``."""
        return sum(1 for day in days(self.start + ONE_DAY, upto) if self.counts(day))


def reckoning(
    matter: Matter, history: Sequence[Recorded], today: date, calendar: WorkingDays
) -> Reckoning | None:
    """The reckoning of the standing limit; None where no clock runs yet."""
    limit = matter.limit
    if limit is None or limit.due_on is None or limit.start_on is None:
        return None
    judged = min(today, judged_on(matter, today))
    pauses = tuple(_pauses(matter, history, limit.start_on, today))
    return Reckoning(
        matter=matter,
        limit=limit,
        start=limit.start_on,
        due=limit.due_on,
        judged=max(judged, limit.start_on),
        today=today,
        pauses=pauses,
        history=history,
        calendar=calendar,
    )


def judged_on(matter: Matter, today: date) -> date:
    """The day the unit's clock is read: today, or the day it stopped."""
    for stopped in (matter.completion_reported_at, matter.suspended_at, matter.ended_at):
        if stopped is not None and (stopped is not matter.suspended_at or matter.stage is Stage.SUSPENDED):
            return min(today, stopped.astimezone(BEIJING).date())
    return today


def _pauses(matter: Matter, history: Sequence[Recorded], since: date, today: date) -> Iterator[Pause]:
    """Suspensions and the days a report lay with the office before it came back."""
    for recorded in history:
        on = recorded.recorded_at.astimezone(BEIJING).date()
        fact = recorded.fact
        if isinstance(fact, MatterResumed) and fact.suspended_on >= since and on > fact.suspended_on:
            yield Pause(after=fact.suspended_on, upto=on, why="中止", position=recorded.position)
        came_back = isinstance(fact, CompletionReturned | VerificationFailed | WriteOffRejected)
        if came_back and fact.days and fact.reported_on >= since:
            upto = fact.reported_on + timedelta(days=fact.days)
            yield Pause(after=fact.reported_on, upto=upto, why="报结待核", position=recorded.position)
    if matter.stage is Stage.SUSPENDED and matter.suspended_at is not None:
        after = matter.suspended_at.astimezone(BEIJING).date()
        if today > after:
            yield Pause(after=after, upto=today, why="中止")


def last_fact(history: Sequence[Recorded], *kinds: type[object]) -> Recorded | None:
    """The newest fact of these kinds."""
    return next((r for r in reversed(history) if isinstance(r.fact, kinds)), None)


def days(first: date, last: date) -> Iterator[date]:
    """Every day from the first to the last."""
    day = first
    while day <= last:
        yield day
        day += ONE_DAY
