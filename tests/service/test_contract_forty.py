"""四十个问题: the half-year list of 2008 lived through the API, and its lists held against a plain computation.

Nothing here uses the product's rules: limits, stages and lateness are reckoned again in the few lines below, and
working days come from another library's table.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest

from tests.service.forty import DAY, ENDED, Problem, Step, awaiting_on, overdue_on, problems, standing_on
from tests.service.given import Office, problem

ASKED = ("2008-07-01", "2008-03-02", "2008-06-30", "2008-09-30", "2008-12-31")


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


def on_the_first_of_july(living: Living) -> None:
    """Counted by hand."""
    office = living.office
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
    on_the_first_of_july(living)


@pytest.mark.parametrize("today", ASKED)
def test_were_reckoned_with_something_to_show(today: str) -> None:
    """核对所用的另一套计算自己站得住：每件都算得出，七月一日两张清单都不空。"""
    for one in problems():
        standing_on(one, date.fromisoformat(today))
    assert len(problems()) == 40
    assert overdue_on(date(2008, 7, 1))
    assert awaiting_on(date(2008, 7, 1))
