"""一起办: what it would do is said before, one correlation afterwards, and sending it twice does it once."""

from __future__ import annotations

import re

import pytest

from events.matter.permitted import PERMITTED
from service.pages.bulk_acts import MOST, in_bulk
from tests.service.given import Office
from tests.service.pages import Visitor, visitor


def ticked(page: str) -> list[str]:
    return re.findall(r'name="m" value="([^"]+)"[^>]*checked', page)


def carried(somebody: Visitor) -> dict[str, list[str]]:
    """Every hidden field of the form, as a browser would send it."""
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', somebody.main()):
        if name not in ("csrf", "command_id"):
            found.setdefault(name, []).append(value)
    return found


@pytest.fixture
def three(office: Office) -> list[str]:
    """Two matters that can be assigned, and one that was."""
    office.at("2008-03-03")
    return [office.register(title="甲"), office.register(title="乙"), office.assigned(title="丙")]


class TestTogether:
    def test_says_before_what_it_would_do_and_then_does_it_once(
        self, office: Office, three: list[str]
    ) -> None:
        """勾三件交办：先看到两件会怎样、一件为什么办不了；办了以后一个批号；再交一次，什么也不多记。"""
        office.tick("2008-03-03 10:00")
        clerk = visitor(office, "clerk")
        query = "&".join(f"m={one}" for one in three)
        clerk.get(f"/bulk?{query}")
        assert "交办 2 件可办" in clerk.text()
        assert "催办 3 件" in clerk.text()
        clerk.get(f"/bulk/assign?{query}")
        clerk.send("/bulk/assign", {"m": three, "lead_unit": office.units["town"]}, status=422)
        assert "填写质量要求" in clerk.text()
        body = {
            "m": three,
            "lead_unit": office.units["town"],
            "quality_requirement": "见底",
            "time_limit": "15个工作日内",
        }
        clerk.send("/bulk/assign", body)
        assert "2 件会办，1 件办不了 · 还没有办" in clerk.text()
        assert "待交办 → 待签收，期限 3月24日（周一），责任单位 青石镇" in clerk.text()
        assert "“交办”只能在“待交办”时办理" in clerk.text()
        assert ticked(clerk.page) == three[:2]
        assert office.look(three[0])["stage"] == "registered"

        form = {**carried(clerk), "m": three[:2], "do": "1"}
        clerk.send("/bulk/assign", form)
        first = clerk.text()
        assert "2 件都办成了" in first
        position = office.ask("/board")["position"]
        clerk.send("/bulk/assign", form)
        assert clerk.text() == first
        assert office.ask("/board")["position"] == position
        assert office.runtime is not None
        written = [list(office.runtime.store.stream(f"matter-{one}"))[-1] for one in three[:2]]
        assert {one.type for one in written} == {"matter-assigned"}
        assert {one.correlation_id for one in written} == set(form["batch"])
        assert len({one.command_id for one in written}) == 2

    def test_goes_back_with_everything_kept(self, office: Office, three: list[str]) -> None:
        """看了以后可以改填的内容，写好的和勾的都在；一件不勾不能办，说清楚。"""
        clerk = visitor(office, "clerk")
        clerk.get("/bulk/urge?" + "&".join(f"m={one}" for one in three))
        clerk.send("/bulk/urge", {"m": three, "text": "本周五前报进展"})
        form = carried(clerk)
        clerk.send("/bulk/urge", {**form, "do": "1"}, status=422)
        assert "一件也没有勾" in clerk.text()
        clerk.send("/bulk/urge", {**form, "again": "1"})
        assert "本周五前报进展" in clerk.page
        assert carried(clerk)["m"] == three
        assert carried(clerk)["back"] == ["/matters"]

    def test_a_decision_is_refused_where_the_matter_moved_on(self, office: Office) -> None:
        """看过以后别人先改了：那一件不办，说明原因，其余照办。"""
        office.at("2008-03-03")
        two = [office.planning(), office.planning()]
        clerk = visitor(office, "clerk")
        clerk.get("/bulk/approve-plan?" + "&".join(f"m={one}" for one in two))
        form = {**carried(clerk), "m": two, "do": "1"}
        office.do("urge", by="clerk", matter=two[0])
        clerk.send("/bulk/approve-plan", form)
        assert "办成 1 件，没办成 1 件" in clerk.text()
        assert "刷新看过最新情况" in clerk.text()
        assert [office.look(one)["stage"] for one in two] == ["planning", "rectifying"]


class TestRefusing:
    def test_what_cannot_be_done_together(self, office: Office, three: list[str]) -> None:
        """没勾、勾太多、勾了不归自己看的、要一件一件办的、看过去的时候：都不办，说清楚。"""
        clerk = visitor(office, "clerk")
        clerk.get("/bulk", 422)
        assert "一件也没有勾" in clerk.text()
        clerk.get("/bulk?" + "&".join(f"m={n}" for n in range(MOST + 1)), 422)
        assert f"一次最多办 {MOST} 件" in clerk.text()
        clerk.get(f"/bulk/cancel?m={three[0]}", 422)
        assert "要一件一件办" in clerk.text()
        clerk.get(f"/bulk/nothing?m={three[0]}", 404)
        clerk.get(f"/bulk?m={three[0]}&as_of=2008-03-03", 422)
        other = visitor(office, "water")
        other.get(f"/bulk?m={three[2]}", 404)
        other.get("/matters")
        other.send("/bulk/urge", {"m": three, "do": "1", "batch": "b"}, status=404)
        assert "不归您看" in other.text()

    def test_is_not_offered_to_who_only_reads(self, office: Office, three: list[str]) -> None:
        """审计和看过去的人没有勾选框；能办的人有，筛出的不超过上限可以全要。"""
        auditor = visitor(office, "auditor")
        auditor.get("/matters")
        assert 'name="m"' not in auditor.page
        clerk = visitor(office, "clerk")
        clerk.get("/matters?as_of=2008-03-03")
        assert 'name="m"' not in clerk.page
        clerk.get("/matters")
        assert clerk.page.count('name="m"') == 3
        clerk.get("/bulk?stage=registered&all=1")
        assert "勾了 2 件" in clerk.text()


def test_every_act_done_together_has_its_form(office: Office, three: list[str]) -> None:
    """能一起办的每一步，表单都打得开；要写明事实或理由才能定的，一步也不在里面。"""
    offered = [name for name in PERMITTED if in_bulk(name)]
    assert {"assign", "acknowledge", "urge", "schedule-verification", "approve-plan"} <= set(offered)
    assert not {"pass-verification", "cancel", "return-plan", "amend", "attach-evidence"} & set(offered)
    clerk = visitor(office, "clerk")
    for name in offered:
        clerk.get(f"/bulk/{name}?m={three[0]}")
