"""督查室的一周 over HTTP, on both engines: every evening the lists, rates and letters are those counted by hand."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from service.delivery import deliver
from tests.service.given import Office, moment, problem
from tests.service.inside import on_the_loop
from tests.service.test_meetings import take
from tests.service.week_story import (
    APPROVE,
    COLLEAGUE,
    DECISIONS,
    GO,
    OPINION,
    OURS,
    PONDS,
    SUPPORT,
    TO_ASSIGN,
    VERIFY,
    WEEK,
    WRITE_OFF,
    before,
)
from tests.service.week_telling import (
    Act,
    ApproveMany,
    Do,
    GoAway,
    Meet,
    PrintLetters,
    Register,
    live,
    shown,
)

COLUMNS = (
    {"registered"},
    {"assigned", "objected"},
    {"acknowledged", "planning"},
    {"rectifying", "suspended"},
    {"completion_reported", "verifying"},
    {"write_off_review"},
)
HEADS = ("head", "deputy")
RUNNING = {"assigned", "acknowledged", "planning", "rectifying", "objected"}


def letters_leave(office: Office, when: str) -> None:
    """Hands over what waits at a moment, which becomes the standing one."""
    runtime = office.at(when).runtime
    assert runtime is not None
    on_the_loop(deliver(runtime, datetime.fromisoformat(moment(when))))


@dataclass
class ByRequest:
    """Lives through the week with a program's requests."""

    office: Office

    def begin(self, on: str) -> None:
        self.office.tick(f"{on} 08:30")

    def deliver(self) -> None:
        assert self.office.now is not None
        letters_leave(self.office, f"{self.office.now[:10]} 17:00")

    def act(self, act: Act) -> None:
        office = self.office
        match act:
            case Do():
                self._do(act)
            case Meet():
                self._meet(act)
            case GoAway():
                body = {"to": office.people[act.to], "until": act.until}
                office.made(f"/people/{office.people[act.by]}/delegate", body, by=act.by)
            case Register():
                office.register(by=act.by, kind="superior_transfer", title=act.title)
            case PrintLetters():
                self._print(act)
            case ApproveMany():
                body = {"matters": [office.titled(title) for title in act.matters], "preview": True}
                look = office.made("/approvals", body, by=act.by)
                assert all(one["ok"] for one in look["items"])
                done = office.made("/approvals", {**body, "preview": False}, by=act.by)
                assert done["approved"] == len(act.matters)

    def _do(self, act: Do) -> None:
        office = self.office
        office.matter = office.titled(act.matter, act.unit)
        names = {"lead_unit": self._unit, "verifier": self._person}
        said: dict[str, Any] = {
            name: names[name](text) if name in names else text for name, text in act.said.items()
        }
        if act.paper or act.telephone:
            said["on_behalf_of"] = self._unit(act.unit)
        if act.paper:
            response = office.paper(act.command, said, by=act.by)
        else:
            response = office.try_(act.command, said, by=act.by)
        if act.refused:
            assert act.refused in problem(response, 422)["detail"]
        else:
            assert response.status_code == 200, response.text

    def _meet(self, act: Meet) -> None:
        office = self.office
        assert office.now is not None
        said = {
            "kind": "scheduling",
            "title": "汛前调度会",
            "held_on": office.now[:10],
            "chair": "沈如松",
            "decisions": [text for text, _, _ in DECISIONS],
        }
        meeting = office.made("/meetings", said, by=act.by)["id"]
        common = {"kind": "immediate", "quality_requirement": "真改实改"}
        takings = [
            {
                **common,
                "n": n,
                "lead_units": [self._unit(unit) for unit in units],
                "time_limit": limit or "10日内",
            }
            for n, (_, units, limit) in enumerate(DECISIONS, 1)
        ]
        assert all("refused" not in one for one in take(office, meeting, *takings))

    def _print(self, act: PrintLetters) -> None:
        office = self.office
        waiting = self._unreached()
        assert len(waiting) == act.count
        office.made("/letters/print", {"letters": [one["id"] for one in waiting]}, by=act.by)
        for one in waiting:
            name = self._name(one["unit"])
            if one["rule"] == "assigned" and name in act.signed:
                office.made(f"/letters/{one['id']}/receipt", {"by": f"{name}值班员"}, by=act.by)

    def board(self) -> tuple[int, ...]:
        counts = {row["stage"]: row["count"] for row in self.office.ask("/board")["stages"]}
        return tuple(sum(counts[stage] for stage in column) for column in COLUMNS)

    def overdue(self) -> list[tuple[str, int]]:
        return [(item["title"], item["days_late"]) for item in self.office.ask("/overdue")["items"]]

    def owed(self, account: str) -> dict[str, tuple[str, ...]]:
        lists = {
            "clerk": self._of_office,
            "colleague": self._of_office,
            "head": self._of_office,
            "liaison": self._of_unit,
            "water": self._of_unit,
            "leader": lambda by: {APPROVE: self._titles("/approvals", by=by)},
            "verifier": self._of_verifier,
        }
        return {kind: titles for kind, titles in lists[account](account).items() if titles}

    def _of_office(self, by: str) -> dict[str, tuple[str, ...]]:
        desk = {} if by in HEADS else {"handler": "me"}
        found = {
            TO_ASSIGN: self._titles("/matters", by=by, stage="registered", **desk),
            SUPPORT: self._titles("/support", by=by, **desk),
            VERIFY: self._titles("/matters", by=by, stage="completion_reported", **desk),
        }
        if by in HEADS:
            found[APPROVE] = self._titles("/approvals", by=by)
            found[WRITE_OFF] = self._titles("/matters", by=by, stage="write_off_review")
        return found

    def _of_unit(self, by: str) -> dict[str, tuple[str, ...]]:
        unit = self.office.units["town" if by == "liaison" else "water"]
        items = self.office.ask("/matters", by=by, unit=unit, limit=200)["items"]
        running = sorted(
            (item for item in items if item["stage"] in RUNNING),
            key=lambda item: (item["due_on"], item["number"]),
        )
        helped = self.office.ask("/matters", by=by, unit=unit, co="true", state="open", limit=200)["items"]
        waited = [
            item["title"]
            for item in helped
            if item["stage"] in RUNNING and unit in self.office.look(item["id"])["opinions_missing"]
        ]
        return {OURS: tuple(item["title"] for item in running), OPINION: tuple(waited)}

    def _of_verifier(self, by: str) -> dict[str, tuple[str, ...]]:
        items = self.office.ask("/awaiting-verification", by=by)["items"]
        own = [one for one in items if self.office.look(one["id"])["verifier"] == self.office.people[by]]
        return {GO: tuple(one["title"] for one in own if one["stage"] == "verifying")}

    def _titles(self, path: str, **asked: Any) -> tuple[str, ...]:
        return tuple(item["title"] for item in self.office.ask(path, limit=200, **asked)["items"])

    def rates(self, upto: str) -> dict[str, tuple[int, int]]:
        items = self.office.ask("/rates", from_="2008-02-01", to=upto)["items"]
        return {one["rule"]: (one["numerator"], one["denominator"]) for one in items}

    def letters(self, account: str, on: str) -> Counter[str]:
        office = self.office
        posts = {
            "liaison": {"unit": office.units["town"], "role": "unit_liaison"},
            "water": {"unit": office.units["water"], "role": "unit_liaison"},
            "head": {"unit": None, "role": "office_head"},
            "clerk": {"unit": None, "role": "office_clerk"},
            "colleague": {"unit": None, "role": "office_clerk"},
        }
        mine = {office.people[account]}
        if account == "colleague" and self.stands_in():
            mine.add(office.people["clerk"])
        return Counter(
            one["title"]
            for one in self._letters()
            if one["channel"] == "inbox"
            and one["written_at"].startswith(on)
            and (
                one["person"] in mine
                or (
                    account in posts
                    and one["person"] is None
                    and all(one[name] == value for name, value in posts[account].items())
                )
            )
        )

    def on_paper(self) -> int:
        return len(self._unreached())

    def _unreached(self) -> list[Any]:
        found = self._letters(state="no_address")
        return [one for one in found if one["channel"] == "email" and one["unit"] is not None]

    def _letters(self, **asked: Any) -> list[Any]:
        found, cursor = [], None
        while True:
            page = self.office.ask("/letters", by="head", limit=200, cursor=cursor, **asked)
            found += page["items"]
            if (cursor := page["next"]) is None:
                return found

    def stands_in(self) -> bool:
        office = self.office
        away = {one["id"]: one for one in office.ask("/people", by="clerk")["items"]}[office.people["clerk"]]
        today = (office.now or "")[:10]
        return any(
            one["to"] == office.people["colleague"] and one["from"] <= today <= one["until"]
            for one in away["delegations"]
        )

    def _unit(self, name: str) -> str:
        units = {one["name"]: one["id"] for one in self.office.ask("/units")["items"]}
        return str(units[name])

    def _name(self, unit: str) -> str:
        return {one["id"]: str(one["name"]) for one in self.office.ask("/units")["items"]}[unit]

    def _person(self, name: str) -> str:
        people = {one["name"]: one["id"] for one in self.office.ask("/people")["items"]}
        return str(people[name])


def test_is_right_every_evening(careful_on_both: Office) -> None:
    """周一到周五：会议九项立项、请假代办、纸质来件、等配合意见、成批批准、误销重开；每天傍晚看板、逾期、待办、比率、信件都对。"""
    office = careful_on_both
    before(office)
    walker = ByRequest(office)
    for day in WEEK:
        live(walker, day)
        assert shown(walker, day) == day.evening, day.on
        assert walker.stands_in() is day.stands_in
    told = {fact["type"]: fact for fact in office.history(office.titled(PONDS))}
    assert told["matter-urged"]["on_behalf_of"] == f"@{office.people['clerk']}"
    assert COLLEAGUE in str(office.ask("/people", by="clerk"))
    assert office.runtime is not None
    assert office.runtime.projections.compare() == []
