"""一个单位的当时记录, and what was unread then."""

from __future__ import annotations

import re

import pytest

from tests.service.given import Office
from tests.service.pages import visitor


@pytest.fixture
def busy(office: Office) -> Office:
    """青石镇 leads one matter, loses another to 水务局, and co-operates in a third; 水务局 has a fourth of its own."""
    office.at("2008-03-03").rectifying(title="青石镇的一件", due_on="2008-03-20")
    office.at("2008-03-05").do("report-progress", {"text": "清了一半", "percent": 50}, by="liaison")
    office.at("2008-03-06").do("urge", {"text": "抓紧"}, by="clerk")
    office.assigned(title="改派走的一件", due_on="2008-03-20")
    water = {"quality_requirement": "同上", "due_on": "2008-04-20", "lead_unit": office.units["water"]}
    office.at("2008-03-07").do("reassign", water, by="clerk")
    office.at("2008-03-10").do("acknowledge", by="water")
    office.register(title="配合的一件")
    office.do("assign", {**water, "co_units": [office.units["town"]]}, by="clerk")
    office.register(title="不相干的一件")
    office.do("assign", water, by="clerk")
    return office


def doings(page: str) -> list[tuple[str, str]]:
    """What was done, and to which matter."""
    rows = re.findall(r"data-row>.*?<b>(.*?)</b>.*?<p class=\"small\"><a[^>]*>(.*?)</a>", page, re.DOTALL)
    return [(title, matter.partition(" ")[2] or matter) for title, matter in rows]


class TestUnitReplay:
    def test_tells_what_it_did_and_what_was_done_to_it(self, busy: Office) -> None:
        """一段时间里单位办的、别人对它办的都在，收走之后的不在，不相干的不在；两边加起来正好是全部。"""
        auditor = visitor(busy, "auditor")
        here = f"/units/{busy.units['town']}/replay?from=2008-03-01&to=2008-03-31"
        auditor.get(here)
        told = doings(auditor.main())
        assert [title for title, matter in told if "改派走" in matter] == ["交办", "改派"]
        assert {matter[-4:] for _, matter in told} >= {"配合的一件"[-4:]}
        assert "不相干" not in auditor.main()
        auditor.get(f"{here}&side=by")
        own = doings(auditor.main())
        assert "报送进展" in [title for title, _ in own]
        assert "催办" not in [title for title, _ in own]
        auditor.get(f"{here}&side=to")
        assert sorted(own + doings(auditor.main())) == sorted(told)
        auditor.get(f"/units/{busy.units['town']}/replay?from=2008-03-05&to=2008-03-05")
        assert [title for title, _ in doings(auditor.main())] == ["报送进展"]
        auditor.get(f"/units/{busy.units['town']}")
        assert any(link.endswith("/replay") for link in auditor.links())
        assert "看当时记录" in auditor.get("/access?kind=replay")

    @pytest.mark.parametrize(
        ("query", "status", "sentence"),
        [
            ("from=2008-03-09&to=2008-03-01", 400, "对调"),
            ("from=三月", 400, "不是日期"),
            ("side=none", 400, "没有“none”"),
        ],
    )
    def test_refuses_what_is_no_period(self, busy: Office, query: str, status: int, sentence: str) -> None:
        """读不懂的日子、倒过来的期间、没有的看法，都说清楚；没有的单位、别的角色也是。"""
        auditor = visitor(busy, "auditor")
        auditor.get(f"/units/{busy.units['town']}/replay?{query}", status)
        assert sentence in auditor.text()
        auditor.get("/units/nobody/replay", 404)
        visitor(busy, "liaison").get(f"/units/{busy.units['town']}/replay", 403)


class TestUnread:
    def test_is_that_of_then(self, busy: Office) -> None:
        """看过去时，未读数是那时的：后来读了的当时还没读，后来才写的当时没有。"""
        liaison = visitor(busy, "liaison")

        def unread(query: str) -> tuple[int, int]:
            """On the bell, and in the list."""
            liaison.get(f"/letters?unread=1{query}")
            bell = re.search(r'class="bell"[^>]*>消息<span data-unread><b>(\d+)<', liaison.page)
            return int(bell[1]) if bell else 0, liaison.main().count('href="/letters/')

        then = unread("&as_of=2008-03-03")
        first, *_ = unread("")
        assert first > then[0] == then[1] > 0
        busy.at("2008-03-11").tick()
        liaison.get("/letters")
        liaison.send("/letters/read-all")
        assert unread("") == (0, 0)
        assert unread("&as_of=2008-03-03") == then
        assert unread("&as_of=2008-03-10")[0] == first
