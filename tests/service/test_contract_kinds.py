"""程序与并行: kinds by configuration, what co-units may do, parents and merges, numbers under pressure."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.service.given import Office, problem
from tests.service.opened import Furnished

MONDAY = "2008-03-03"
PROCEDURES: dict[str, Any] = {
    "leader_instruction": {"acknowledgement": True},
    "pledge": {
        "label": "公开承诺",
        "evidence": ["photo|document", "receipt"],
        "time_limit": "20个工作日内",
        "look_back_after_days": 30,
        "extension_max_times": 1,
    },
}


@pytest.fixture
def configured(an_opened_office: Furnished, tmp_path: Path) -> Iterator[Office]:
    """An office with a kind of its own and the leader's acknowledgement required."""
    with an_opened_office.copy(tmp_path, procedures=PROCEDURES) as office:
        yield office.at(MONDAY)


class TestAKindByConfiguration:
    def test_has_its_own_limit_checklist_and_look_back(self, configured: Office) -> None:
        """新的类别只是配置：预置时限、佐证清单（两种任一）、延期次数、到期回头看。"""
        office = configured
        office.register(kind="pledge")
        office.do("assign", {"lead_unit": office.units["town"], "quality_requirement": "清完"}, by="clerk")
        assert office.look()["due_on"] == "2008-03-31"
        office.do("acknowledge", by="liaison")
        assert office.look()["stage"] == "rectifying"
        assert office.look()["evidence_missing"] == ["photo|document", "receipt"]
        office.attach("document")
        told = problem(
            office.try_("report-completion", {"text": "完成"}, by="liaison"), 422, "missing-evidence"
        )
        assert told["missing"] == ["receipt"]
        office.attach("receipt")
        office.do("request-extension", {"until": "2008-04-10", "reason": "汛期"}, by="liaison")
        office.do("grant-extension", {"until": "2008-04-10"}, by="head")
        body = {"until": "2008-04-20", "reason": "汛期"}
        assert office.try_("request-extension", body, by="liaison").status_code in (409, 422)
        office.do("report-completion", {"text": "完成"}, by="liaison")
        office.schedule()
        office.do("pass-verification", {"findings": "属实"}, by="verifier")
        office.do("approve-write-off", by="head")
        assert office.look()["look_back_on"] == "2008-04-02"
        assert office.ask("/matters", kind="pledge")["items"][0]["id"] == office.matter

    def test_may_need_the_leader(self, configured: Office) -> None:
        """设了须领导阅示的，领导没有阅示不能办结。"""
        office = configured
        office.reviewed(kind="leader_instruction", urgency="urgent")
        problem(office.try_("approve-write-off", by="head"), 422)
        office.do("submit-to-leader", by="clerk")
        office.do("leader-acknowledge", by="leader")
        office.do("approve-write-off", by="head")


class TestACoUnit:
    def test_sees_and_does_not_act(self, office: Office) -> None:
        """配合单位看得到、下载得到，办不了责任单位的事；平行单位看不到。"""
        office.at(MONDAY).assigned(kind="immediate", time_limit="7日内", co_units=[office.units["water"]])
        assert set(office.look(by="water")["permitted"]) <= {"acknowledge-helping", "give-opinion"}
        assert [item["id"] for item in office.ask("/matters", by="water")["items"]] == [office.matter]
        problem(office.try_("acknowledge", by="water"), 403, "not-yours")
        office.do("acknowledge", by="liaison")
        office.attach()
        (piece,) = office.look(by="water")["evidence"]
        assert office.get(f"/evidence/{piece['id']}", by="water").status_code == 200
        problem(office.try_("report-completion", {"text": "完成"}, by="water"), 403, "not-yours")
        assert office.ask("/matters", by="verifier")["items"] == []

    def test_is_no_verifier_either(self, office: Office) -> None:
        """配合单位的人也不能核查。"""
        office.at(MONDAY).reported(
            kind="immediate", time_limit="7日内", co_units=[office.units["environment"]]
        )
        body = {"verifier": office.people["verifier"], "on": "2008-03-04"}
        problem(office.try_("schedule-verification", body, by="clerk"), 422)

    def test_is_not_named_twice(self, office: Office) -> None:
        """配合单位不重复，也不是牵头单位自己。"""
        office.at(MONDAY).register()
        body = {"lead_unit": office.units["town"], "time_limit": "7日内", "quality_requirement": "清完"}
        twice = [office.units["water"], office.units["water"]]
        for co_units in (twice, [office.units["town"]]):
            response = office.try_("assign", {**body, "co_units": co_units}, by="clerk")
            if response.status_code == 200:
                shown = office.look()["co_units"]
                assert len(shown) == len(set(shown))
                assert office.units["town"] not in shown
                office.register()
            else:
                problem(response, 422)


class TestFamilies:
    def test_have_a_parent_that_is(self, office: Office) -> None:
        """上级事项要有，看得到。"""
        body = {"title": "甲", "kind": "rectification", "source": "专项", "problem": "乙"}
        response = office.at(MONDAY).post("/matters", {**body, "parent": "nowhere"}, by="clerk")
        assert response.status_code in (404, 422)
        parent = office.register()
        child = office.register(parent=parent)
        assert office.look(child)["parent"] == parent

    def test_are_not_merged_into_themselves(self, office: Office) -> None:
        """不能并入自己，不能并入没有的、已结的。"""
        office.at(MONDAY).assigned()
        response = office.try_("merge", {"into": office.matter}, by="clerk")
        assert response.status_code in (409, 422)
        assert office.try_("merge", {"into": "nowhere"}, by="clerk").status_code in (404, 422)
        mine = office.matter
        ended = office.cancelled()
        office.matter = mine
        assert office.try_("merge", {"into": ended}, by="clerk").status_code in (409, 422)
        assert office.look()["stage"] == "assigned"

    def test_merged_are_told_on_both(self, office: Office) -> None:
        """并案在两件的历史里都看得到。"""
        into = office.at(MONDAY).assigned()
        mine = office.assigned()
        office.do("merge", {"into": into}, by="clerk")
        assert office.look(mine)["merged_into"] == into
        assert office.history(into)[-1]["type"] == "matter-absorbed"
        assert office.history(mine)[-1]["type"] == "matter-merged"


class TestUnderPressure:
    def test_numbers_stay_consecutive(self, online: Office) -> None:
        """多人同时立项，编号不重不跳；同时起同一个单位名，只成一个。"""
        body = {"title": "甲", "kind": "rectification", "source": "专项", "problem": "乙"}
        with ThreadPoolExecutor(8) as pool:
            made = list(pool.map(lambda _: online.made("/matters", body, by="clerk"), range(40)))
            named = list(pool.map(lambda _: online.post("/units", {"name": "气象局"}), range(8)))
        numbers = sorted(int(one["number"].rpartition("-")[2]) for one in made)
        assert numbers == list(range(1, 41))
        assert len({one["position"] for one in made}) == 40
        assert sorted(one.status_code for one in named) == [201] + [409] * 7

    def test_lists_show_what_was_answered(self, online: Office) -> None:
        """答复了的，下一次查询一定看得到；看板与清单始终一致。"""

        def one(n: int) -> bool:
            body = {"title": f"第{n}件", "kind": "rectification", "source": "专项", "problem": "乙"}
            made = online.made("/matters", body, by="clerk")
            listed = online.ask("/matters", limit=200)["items"]
            assign = {"lead_unit": online.units["town"], "time_limit": "7日内", "quality_requirement": "清完"}
            online.do("assign", assign, by="clerk", matter=made["id"])
            shown = online.look(made["id"])
            return made["id"] in {item["id"] for item in listed} and shown["stage"] == "assigned"

        with ThreadPoolExecutor(6) as pool:
            assert all(pool.map(one, range(30)))
        board = {row["stage"]: row["count"] for row in online.ask("/board")["stages"]}
        assert board["assigned"] == 30
        assert len(online.ask("/matters", stage="assigned", limit=200)["items"]) == 30
