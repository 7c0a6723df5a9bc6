"""统计: every figure opens exactly the matters it counts, at any frozen place, and the API gives the same lists."""

import re
from html import unescape

import pytest

from tests.service.given import Office, ids, problem
from tests.service.pages import Visitor, visitor

LINK = re.compile(r'<a[^>]*href="(/statistics/matters\?[^"]+)"[^>]*>(?:<b>)?(\d+)')


@pytest.fixture
def measured(office: Office) -> Office:
    """A month of 青石镇 and 水务局 with different ends."""
    office.at("2008-03-03")
    office.closed(due_on="2008-03-20")
    office.relapsed(due_on="2008-03-20")
    office.rectifying(due_on="2008-03-05")
    office.cancelled(due_on="2008-03-20")
    office.assigned(due_on="2008-03-20")
    office.register()
    body = {"lead_unit": office.units["water"], "quality_requirement": "清完", "due_on": "2008-03-06"}
    office.do("assign", body, by="clerk")
    office.at("2008-03-10").do("acknowledge", by="water")
    return office.at("2008-04-10")


def figures(page: Visitor) -> dict[str, int]:
    """Every number with the address it opens."""
    return {unescape(href): int(number) for href, number in LINK.findall(page.main())}


def agree(page: Visitor, address: str) -> int:
    """Opens every figure of a page; how many there were."""
    page.get(address)
    found = figures(page)
    for href, number in found.items():
        page.get(href)
        assert page.main().count("data-row") == number, href
        assert f"{number} 件 · " in page.text(), href
    return len(found)


class TestStatistics:
    def test_open_exactly_what_they_count(self, measured: Office) -> None:
        """统计页上每个数，点开正好那么多件：此刻、过去某天、某个位置某天判，都是。"""
        head = visitor(measured, "head")
        assert agree(head, "/statistics?from=2008-03-01&to=2008-03-31") > 30
        position = measured.ask("/matters", as_of="2008-03-03T09:00:00+08:00")["position"]
        frozen = f"/statistics?from=2008-03-01&to=2008-03-31&sort=overdue&as_of={position}@2008-03-08"
        assert agree(head, frozen) > 30
        assert "正在看过去" in head.get(frozen)

    def test_show_a_unit_its_own(self, measured: Office) -> None:
        """单位只看到自己牵头或配合的数，数与清单仍然一致。"""
        water = visitor(measured, "water")
        assert agree(water, "/statistics") > 15
        water.get("/statistics")
        assert "水务局" in water.main()
        assert "青石镇" not in water.main()

    def test_say_what_is_wrong_with_an_address(self, measured: Office) -> None:
        """起止颠倒、不是日期、没有写明数的是什么，都说清楚。"""
        head = visitor(measured, "head")
        assert "起始日期晚于截止日期" in head.get("/statistics?from=2008-04-01&to=2008-03-01", 422)
        assert "不是日期" in head.get("/statistics?from=3月", 400)
        assert "没有写明数的是什么" in head.get("/statistics/matters?counted=all_of_them", 400)


class TestFrozen:
    def test_is_a_position_judged_on_a_day(self, measured: Office) -> None:
        """as_of 可写“位置@日期”：事实只到那一位，迟早按那一天判。"""
        position = measured.ask("/matters", as_of="2008-03-03T09:00:00+08:00")["position"]
        assert len(ids(measured.ask("/overdue", as_of=f"{position}"))) == 0
        assert len(ids(measured.ask("/overdue", as_of=f"{position}@2008-03-06"))) == 1
        assert len(ids(measured.ask("/overdue", as_of=f"{position}@2008-03-07"))) == 2
        problem(measured.get("/overdue", as_of=f"{position}@2008-03-02"), 400, "unreadable-moment")
        problem(measured.get("/overdue", as_of=f"{position}@2008-04-31"), 400, "unreadable-moment")
        problem(measured.get("/overdue", as_of=f"{position}@2008-04-11"), 422, "as-of-future")
        problem(measured.get("/overdue", as_of="99999@2008-04-10"), 422, "as-of-future")


class TestRates:
    def test_open_their_matters_over_the_api(self, measured: Office) -> None:
        """接口上每个率的分子、分母各有清单，件数一致；口径的说法在应答里。"""
        for rate in measured.ask("/rates", from_="2008-03-01", to="2008-03-31")["items"]:
            assert rate["statement"].endswith("。")
            for part in ("numerator", "denominator"):
                asked = {"part": part, "from_": "2008-03-01", "to": "2008-03-31", "limit": 200}
                listed = measured.ask(f"/rates/{rate['rule']}/matters", **asked)
                assert len(listed["items"]) == rate[part], (rate["rule"], part)
        problem(measured.get("/rates/nonsense/matters"), 404)
        problem(measured.get("/rates/closing_rate/matters", part="both"), 422, "wrong-value")
        problem(measured.get("/rates/open/matters", part="denominator"), 422, "no-denominator")
