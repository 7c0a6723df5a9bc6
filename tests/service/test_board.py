"""看板: lanes by unit and leader whose counts open what they say, and cards moved by the act the move takes."""

import re

import pytest

from tests.service.given import SENTENCE, Office
from tests.service.pages import Visitor, visitor


def lanes(somebody: Visitor) -> dict[str, str]:
    """The lanes' titles with what stands in each, as HTML."""
    parts = somebody.main().split('<h2 class="lane"><b>')[1:]
    return {part.partition("</b>")[0]: part for part in parts}


def rows(somebody: Visitor, href: str) -> int:
    somebody.get(href.replace("&amp;", "&"))
    return somebody.main().count("data-row")


@pytest.fixture
def busy(office: Office) -> Office:
    """Matters of two units and of a leader, many in one column."""
    office.at("2008-03-03")
    for n in range(8):
        office.rectifying(title=f"清运第{n + 1}处", time_limit=f"{n + 3}日内")
    office.assigned(title="待签收的一件")
    office.register(title="水务局的一件")
    office.do(
        "assign",
        {"lead_unit": office.units["water"], "quality_requirement": SENTENCE, "time_limit": "5日内"},
        by="clerk",
    )
    office.register(title="分管的一件", chief_leader=office.people["leader"])
    office.do(
        "assign",
        {"lead_unit": office.units["water"], "quality_requirement": SENTENCE, "time_limit": "60日内"},
        by="clerk",
    )
    office.reviewed(title="待批的一件")
    office.tick("2008-03-12 08:30")
    return office


class TestLanes:
    def test_of_units_stand_by_lateness_and_open_what_they_count(self, busy: Office) -> None:
        """按单位分：逾期多的在前，每格先列最急的，“再看 N 件”加上已列的，正好是台账里的件数。"""
        clerk = visitor(busy, "clerk")
        clerk.get("/board?by=unit")
        found = lanes(clerk)
        assert list(found) == ["青石镇", "水务局"]
        assert "10 件，逾期 6 件" in found["青石镇"]
        wide = (
            found["青石镇"].partition('data-column="rectifying"')[2].partition('data-column="verifying"')[0]
        )
        shown = re.findall(r'class="t clip"[^>]*>([^<]+)', wide)
        assert shown == [f"清运第{n}处" for n in range(1, 7)]
        more = re.search(r'href="([^"]+)">再看 2 件', wide)
        assert more is not None
        assert "待批的一件" in found["青石镇"].partition('data-column="review"')[2]
        assert rows(clerk, more[1]) == len(shown) + 2

    def test_of_leaders_hold_what_is_reported_to_them(self, busy: Office) -> None:
        """按首席责任领导分：一位领导一道，件数等于台账按他筛出来的；没有定领导的不列，写明在哪里看。"""
        clerk = visitor(busy, "clerk")
        clerk.get("/board?by=leader")
        found = lanes(clerk)
        assert list(found) == ["沈如松"]
        assert "分管的一件" in found["沈如松"]
        assert "没有定首席责任领导的在“不分”里" in clerk.text()
        assert rows(clerk, f"/matters?state=open&leader={busy.people['leader']}") == 1
        assert "首席责任领导 沈如松" in clerk.text()
        clerk.get("/board?by=leader&as_of=2008-03-03")
        assert list(lanes(clerk)) == ["沈如松"]
        clerk.get("/board?by=leader&as_of=1")
        assert lanes(clerk) == {}

    def test_of_a_unit_are_its_own(self, busy: Office) -> None:
        """责任单位的看板只有自己的，没有按领导分的选法；写在网址里也只给不分的。"""
        liaison = visitor(busy, "liaison")
        liaison.get("/board?by=unit")
        assert list(lanes(liaison)) == ["青石镇"]
        liaison.get("/board?by=leader")
        assert lanes(liaison) == {}
        assert "水务局的一件" not in liaison.page
        assert "by=leader" not in liaison.main()

    def test_on_both_engines(self, office_on_both: Office) -> None:
        """两种数据库上，每种分法现在和过去都打得开。"""
        office = office_on_both
        office.at("2008-03-03")
        office.register(chief_leader=office.people["leader"])
        office.rectifying(time_limit="5日内")
        office.tick("2008-03-20")
        clerk = visitor(office, "clerk")
        for path in ("/board?by=unit", "/board?by=leader", "/board?by=unit&as_of=2008-03-04"):
            clerk.get(path)
            assert lanes(clerk)


class TestMoving:
    def ways(self, somebody: Visitor, matter: str) -> dict[str, list[str]]:
        somebody.get(f"/board/{matter}")
        found: dict[str, list[str]] = {}
        for href, column in re.findall(r'href="([^"]+)" data-move="(\w+)"', somebody.main()):
            found.setdefault(column, []).append(href.rpartition("/")[2])
        return found

    def test_offers_the_columns_an_allowed_act_leads_to(self, office: Office) -> None:
        """能移到哪里，就看现在能办哪一步：待交办移到待签收是交办，报结后退回是退回报结，只列各人能办的。"""
        office.at("2008-03-03")
        clerk, liaison, head = (visitor(office, who) for who in ("clerk", "liaison", "head"))
        matter = office.register()
        assert self.ways(clerk, matter)["assigned"] == ["assign"]
        office.do(
            "assign",
            {"lead_unit": office.units["town"], "quality_requirement": SENTENCE, "time_limit": "30日内"},
            by="clerk",
        )
        assert self.ways(liaison, matter) == {"planning": ["acknowledge"]}
        reported = office.reported()
        assert self.ways(clerk, reported)["rectifying"] == ["return-completion"]
        assert self.ways(liaison, reported) == {}
        assert "现在没有您能移的去处" in liaison.text()
        reviewed = office.reviewed()
        assert self.ways(head, reviewed)["ended"][0] == "approve-write-off"
        assert self.ways(head, reviewed)["rectifying"] == ["reject-write-off"]

    def test_resuming_goes_back_to_the_stage_before(self, office: Office) -> None:
        """中止的恢复，回到中止以前那一步：方案阶段中止的移回方案。"""
        office.at("2008-03-03")
        matter = office.acknowledged()
        office.do("suspend", {"reason": "防汛三级响应"}, by="head")
        assert self.ways(visitor(office, "head"), matter)["planning"] == ["resume"]

    def test_every_way_opens_its_form(self, office: Office) -> None:
        """列出来的每一个去处，点开就是那一步的表，没有会被拒的。"""
        office.at("2008-03-03")
        made = [
            office.register(),
            office.objected(),
            office.planning(),
            office.verifying(),
            office.reviewed(),
        ]
        for who in ("clerk", "head", "liaison", "verifier"):
            somebody = visitor(office, who)
            for matter in made:
                if somebody.client.get(f"/board/{matter}").status_code == 404:
                    continue
                for command in {one for found in self.ways(somebody, matter).values() for one in found}:
                    somebody.get(f"/matters/{matter}/{command}")

    def test_is_not_for_the_past_nor_for_those_who_only_watch(self, office: Office) -> None:
        """看过去、只看不办的人，卡片上没有“移动”；看不到的事项没有移动页。"""
        office.at("2008-03-03")
        matter = office.rectifying()
        clerk = visitor(office, "clerk")
        clerk.get("/board")
        assert f"/board/{matter}" in clerk.links()
        clerk.get("/board?as_of=2008-03-03")
        assert "data-moves" not in clerk.page
        assert self.ways(clerk, f"{matter}?as_of=2008-03-03") == {}
        auditor = visitor(office, "auditor")
        auditor.get("/board")
        assert "data-moves" not in auditor.page
        visitor(office, "water").get(f"/board/{matter}", 404)
