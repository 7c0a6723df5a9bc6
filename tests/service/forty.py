"""四十个问题 reckoned plainly: limits, stages and lateness without any of the product's rules, working days by another library."""

from __future__ import annotations

import csv
import re
from calendar import monthrange
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path

import chinese_calendar

DATA = Path(__file__).parents[1] / "data"
DAY = timedelta(days=1)
OWED = {"assigned", "acknowledged", "planning", "rectifying", "objected"}
ENDED = {"closed", "confirmed", "relapsed", "transferred", "merged", "cancelled"}


@dataclass(frozen=True, kw_only=True)
class Step:
    """One act of a life."""

    on: date
    number: int
    act: str
    said: str = ""


@dataclass(frozen=True, kw_only=True)
class Problem:
    """A line of the list, and what became of it."""

    number: int
    kind: str
    row: dict[str, str]
    steps: tuple[Step, ...]


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Where a problem stands, by the plain computation."""

    stage: str = ""
    limit: str = ""
    due_on: date | None = None
    reported_on: date | None = None
    since: date | None = None
    before: str = ""
    waits_for_sign: bool = False
    dates: tuple[date, ...] = field(default=())

    def due(self, on: date | None) -> Standing:
        return self if on is None or on == self.due_on else replace(self, due_on=on, dates=(*self.dates, on))

    def days_late(self, today: date) -> int | None:
        if self.due_on is None:
            return None
        judged = self.reported_on or (self.since if self.stage == "suspended" else None) or today
        return max(0, (judged - self.due_on).days)


def problems() -> list[Problem]:
    with (DATA / "forty_problems.csv").open(encoding="utf-8", newline="") as file:
        rows = {int(row["number"]): row for row in csv.DictReader(file)}
    found = []
    for line in (DATA / "forty_lives.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        head, _, rest = line.partition(":")
        number, kind = int(head.split()[0]), head.split()[1]
        steps = []
        for part in rest.split(";"):
            on, act, *said = part.split()
            steps += [
                Step(on=date.fromisoformat(f"2008-{on}"), number=number, act=one, said=" ".join(said))
                for one in MACROS.get(act, (act,))
            ]
        found.append(Problem(number=number, kind=kind, row=rows[number], steps=tuple(steps)))
    return found


MACROS = {"working": ("acknowledge", "submit-plan", "approve-plan"), "closed": ("schedule", "pass", "close")}


# The plain computation


def nth_working_day(start: date, n: int) -> date:
    on = start
    while n:
        on += DAY
        n -= chinese_calendar.is_workday(on)
    return on


def last_day(limit: str, start: date) -> date:
    if limit in ("立即", "立行立改"):
        return nth_working_day(start, 1)
    if counted := re.fullmatch(r"(\d+)(日|个工作日)内", limit):
        n = int(counted[1])
        return start + n * DAY if counted[2] == "日" else nth_working_day(start, n)
    if limit == "一个月内":
        month = start.month % 12 + 1
        return date(start.year, month, min(start.day, monthrange(start.year, month)[1]))
    if limit.endswith("年底前"):
        return date(2008, 12, 31)
    if ending := re.fullmatch(r"2008年(\d+)月底前", limit):
        return date(2008, int(ending[1]), monthrange(2008, int(ending[1]))[1])
    numbers = [int(one) for one in re.findall(r"\d+", limit.removeprefix("2008"))]
    return date(2008, *numbers)


def after(standing: Standing, step: Step, row: dict[str, str], kind: str) -> Standing:
    s, on = standing, step.on
    match step.act:
        case "assign":
            s = replace(
                s, stage="assigned", limit=row["time_limit"], waits_for_sign=step.said == "acknowledged"
            )
            return s if s.waits_for_sign else s.due(last_day(s.limit, on))
        case "acknowledge":
            s = replace(s, stage="acknowledged" if kind == "rectification" else "rectifying")
            return s.due(last_day(s.limit, on)) if s.waits_for_sign else s
        case "submit-plan":
            return replace(s, stage="planning")
        case "approve-plan":
            return replace(s, stage="rectifying")
        case "report":
            return replace(s, stage="completion_reported", reported_on=on)
        case "schedule":
            return replace(s, stage="verifying")
        case "pass" | "reopen":
            return replace(s, stage="write_off_review")
        case "close":
            return replace(s, stage="closed")
        case "return" | "fail" | "reject":
            assert s.due_on is not None
            assert s.reported_on is not None
            moved = s.due_on + (on - s.reported_on)
            return replace(s, stage="rectifying", reported_on=None).due(moved)
        case "suspend":
            return replace(s, stage="suspended", since=on, before=s.stage)
        case "resume":
            assert s.due_on is not None
            assert s.since is not None
            return replace(s, stage=s.before).due(s.due_on + (on - s.since))
        case "request" | "refuse" | "select":
            return s
        case "grant":
            return s.due(date.fromisoformat(step.said))
        case "object":
            return replace(s, stage="objected", before=s.stage)
        case "dismiss":
            return replace(s, stage=s.before)
        case "uphold" | "reassign":
            return replace(s, stage="assigned", limit=step.said).due(last_day(step.said, on))
        case "cancel" | "transfer" | "merge" | "relapse" | "confirm":
            return replace(s, stage=ENDS[step.act])
        case _:
            raise AssertionError(step.act)


ENDS = {
    "cancel": "cancelled", "transfer": "transferred", "merge": "merged", "relapse": "relapsed", "confirm": "confirmed",
}  # fmt: skip


def standing_on(one: Problem, today: date) -> Standing:
    standing = Standing()
    for step in one.steps:
        if step.on <= today:
            standing = after(standing, step, one.row, one.kind)
    return standing


def overdue_on(today: date) -> list[tuple[int, int]]:
    """(number, days late), worst first."""
    found = []
    for one in problems():
        s = standing_on(one, today)
        if s.stage in OWED and s.due_on is not None and s.due_on < today:
            found.append((one.number, (today - s.due_on).days))
    order = entering_order()
    return sorted(found, key=lambda pair: (-pair[1], order[pair[0]]))


def awaiting_on(today: date) -> dict[int, tuple[str, str, int]]:
    """Number → (reported on, verification due on, days waiting)."""
    found = {}
    for one in problems():
        s = standing_on(one, today)
        if s.stage in ("completion_reported", "verifying"):
            assert s.reported_on is not None
            due = nth_working_day(s.reported_on, 10)
            found[one.number] = (s.reported_on.isoformat(), due.isoformat(), (today - s.reported_on).days)
    return found


def entering_order() -> dict[int, int]:
    """Problems are entered in the order of their assignment, then as in the list; numbers follow."""
    ordered = sorted(problems(), key=lambda one: (one.steps[0].on, one.number))
    return {one.number: n for n, one in enumerate(ordered)}
