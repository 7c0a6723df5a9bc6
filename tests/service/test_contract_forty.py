"""四十个问题: the half-year list of 2008 lived through the API, and its lists held against a plain computation.

Nothing here uses the product's rules: limits, stages and lateness are reckoned again in the few lines below, and
working days come from another library's table.
"""

from __future__ import annotations

import csv
import re
from calendar import monthrange
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import chinese_calendar
import pytest

from tests.service.given import Office, problem

DATA = Path(__file__).parents[1] / "data"
DAY = timedelta(days=1)
ASKED = ("2008-07-01", "2008-03-02", "2008-06-30", "2008-09-30", "2008-12-31")
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


# The same through the API


@dataclass(kw_only=True)
class Living:
    """The list being lived, act by act."""

    office: Office
    matters: dict[int, str] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    liaisons: dict[str, str] = field(default_factory=dict)

    def unit(self, name: str) -> str:
        """A unit with a liaison who has an account."""
        if name not in self.units:
            made = self.office.made("/units", {"name": name})["id"]
            person = {"name": f"{name}联络员", "unit": made, "roles": ["unit_liaison"]}
            account = f"liaison{len(self.units)}"
            somebody = self.office.made("/people", person)["id"]
            self.office.made("/users", {"name": account, "person": somebody, "roles": ["unit_liaison"]})
            assert self.office.runtime is not None
            self.office.tokens[account] = self.token(account)
            self.units[name], self.liaisons[made] = made, account
        return self.units[name]

    def token(self, account: str) -> str:
        from datetime import UTC, datetime

        from events.vocabulary import UserName

        assert self.office.runtime is not None
        return self.office.runtime.accounts.make_token(UserName(account), datetime.now(UTC))

    def live(self, one: Problem, step: Step) -> None:
        office, row = self.office, one.row
        if step.act == "assign":
            self.assign(one, step)
            return
        office.matter = self.matters[one.number]
        unit = self.liaisons[office.look()["lead_unit"]]
        elsewhere = {"lead_unit": self.unit("市环保局督查科"), "quality_requirement": row["measures"]}
        match step.act:
            case "acknowledge" | "approve-plan":
                office.do(step.act, by=unit if step.act == "acknowledge" else "clerk")
            case "submit-plan":
                steps = [{"title": row["measures"], "due_on": "2008-12-31"}]
                office.do(
                    "submit-plan", {"measures": row["measures"], "goal": "达标", "steps": steps}, by=unit
                )
            case "report":
                office.report(by=unit)
            case "schedule":
                office.schedule()
            case "pass":
                office.do("pass-verification", {"findings": "属实"}, by="verifier")
            case "close":
                office.do("approve-write-off", {"grade": "pass"}, by="head")
            case "return":
                office.do("return-completion", {"reason": "不实"}, by="clerk")
            case "fail":
                office.do("fail-verification", {"kind": "incomplete", "findings": "未完成"}, by="verifier")
            case "reject":
                office.do("reject-write-off", {"reason": "材料不全"}, by="head")
            case "request":
                office.do("request-extension", {"until": step.said, "reason": "设备未到"}, by=unit)
            case "grant":
                office.do("grant-extension", {"until": step.said}, by="head")
            case "refuse":
                office.do("refuse-extension", {"reason": "理由不足"}, by="head")
            case "suspend":
                office.do("suspend", {"reason": "防汛"}, by="head")
            case "resume":
                office.do("resume", by="head")
            case "object":
                office.do("object", {"reason": "不属本单位"}, by=unit)
            case "dismiss":
                office.do("decide-objection", {"upheld": False}, by="head")
            case "uphold":
                to = self.unit("市水利局")
                office.do(
                    "decide-objection", {"upheld": True, "to_unit": to, "time_limit": step.said}, by="head"
                )
            case "reassign":
                office.do("reassign", {**elsewhere, "time_limit": step.said}, by="clerk")
            case "cancel":
                office.do("cancel", {"reason": "企业已关停"}, by="head")
            case "transfer":
                office.do("transfer", {"kind": "refer_for_handling", "to": "市纪委"}, by="head")
            case "merge":
                office.do("merge", {"into": self.matters[int(step.said)]}, by="clerk")
            case "relapse":
                office.do("find-relapse", {"findings": "又冒黑烟"}, by="verifier")
            case "select":
                office.do("select-look-back", {"due_on": step.said}, by="clerk")
            case "confirm":
                office.do("pass-look-back", {"findings": "保持"}, by="verifier")
            case "reopen":
                office.do("reopen", {"reason": "材料补齐"}, by="head")
            case _:
                raise AssertionError(step.act)

    def assign(self, one: Problem, step: Step) -> None:
        row = one.row
        lead = self.unit(row["lead_unit"])
        co_units = [self.unit(name) for name in row["co_units"].split("、") if name]
        self.matters[one.number] = self.office.register(
            title=f"{row['object']}{row['problem']}",
            kind=one.kind,
            source=row["source"],
            object=row["object"],
            problem=row["problem"],
        )
        limit = {"time_limit": row["time_limit"], **({"starts": step.said} if step.said else {})}
        body = {"lead_unit": lead, "co_units": co_units, "quality_requirement": row["measures"], **limit}
        self.office.do("assign", body, by="clerk")


def lived(office: Office) -> Living:
    """The whole year, act by act in the order of days; a tick each Monday, sent twice."""
    living = Living(office=office)
    ordered = {one.number: one for one in problems()}
    steps = sorted((step for one in ordered.values() for step in one.steps), key=lambda step: step.on)
    today = date(2008, 1, 1)
    for step in steps:
        while today < step.on:
            today += DAY
            if today.weekday() == 0:
                office.tick(today.isoformat() + "T07:00:00+08:00")
                assert office.tick() == {}
        office.at(f"{step.on} 10:00")
        living.live(ordered[step.number], step)
    office.tick("2009-01-05")
    assert office.tick() == {}
    return living


def numbers(living: Living, items: list[Any]) -> list[int]:
    back = {matter: number for number, matter in living.matters.items()}
    return [back[item["id"]] for item in items]


def test_stand_as_a_plain_computation_says(office_on_both: Office) -> None:
    """四十个问题按 2008 年的时刻录入、走向不同的结局；各日的逾期清单、待核查清单、期限都与另算的一致。"""
    office = office_on_both
    living = lived(office)
    assert len(living.matters) == 40
    months = [date(2008, month, 1).isoformat() for month in range(2, 13)]
    for day in (*ASKED, *months):
        today = date.fromisoformat(day)
        listed = office.ask("/overdue", as_of=day, limit=200)["items"]
        late = [
            (number, item["days_late"]) for number, item in zip(numbers(living, listed), listed, strict=True)
        ]
        assert late == overdue_on(today), day
        waiting = office.ask("/awaiting-verification", as_of=day, limit=200)["items"]
        told = {
            number: (item["reported_on"], item["verify_due_on"], item["days_waiting"])
            for number, item in zip(numbers(living, waiting), waiting, strict=True)
        }
        assert told == awaiting_on(today), day
        every = office.ask("/matters", as_of=day, limit=200)["items"]
        shown = {item["id"]: item for item in every}
        for one in problems():
            standing = standing_on(one, today)
            item = shown.get(living.matters[one.number])
            assert (item is None) == (not standing.stage), (day, one.number)
            if item is None:
                continue
            wanted = (standing.stage, standing.due_on and standing.due_on.isoformat())
            assert (item["stage"], item["due_on"]) == wanted, (day, one.number)
            if standing.stage not in ENDED or standing.reported_on:
                assert item["days_late"] == standing.days_late(today), (day, one.number)


def test_on_the_first_of_july_are_these(office: Office) -> None:
    """二〇〇八年七月一日：逾期的、待核查的正是这些（手数的）。"""
    living = lived(office)
    late = office.ask("/overdue", as_of="2008-07-01", limit=200)["items"]
    assert {n: item["days_late"] for n, item in zip(numbers(living, late), late, strict=True)} == {
        6: 167, 37: 119, 21: 4, 39: 2, 2: 1, 3: 1, 5: 1, 10: 1, 22: 1, 25: 1, 26: 1, 32: 1,
    }  # fmt: skip
    waiting = office.ask("/awaiting-verification", as_of="2008-07-01")["items"]
    assert set(numbers(living, waiting)) == {8, 13, 23}
    for number, dates in {
        11: ["2008-06-30", "2008-07-31"],
        9: ["2008-06-30", "2008-08-31"],
        13: ["2008-06-30", "2008-07-06"],
        28: ["2008-06-30", "2008-07-09"],
        40: ["2008-07-07"],
    }.items():
        assert [one["due_on"] for one in office.look(living.matters[number])["due_dates"]] == dates, number
    assert office.look(living.matters[7])["closed_late"] is True
    problem(office.get("/overdue", as_of="2009-07-01"), 422, "as-of-future")


@pytest.mark.parametrize("today", ASKED)
def test_were_reckoned_with_something_to_show(today: str) -> None:
    """核对所用的另一套计算自己站得住：每件都算得出，七月一日两张清单都不空。"""
    for one in problems():
        standing_on(one, date.fromisoformat(today))
    assert len(problems()) == 40
    assert overdue_on(date(2008, 7, 1))
    assert awaiting_on(date(2008, 7, 1))
