"""统计、两个时刻相比, as pages: each figure opens its matters at its position."""

from __future__ import annotations

import re
from html import unescape

import pytest

from tests.service.given import Office
from tests.service.pages import visitor


@pytest.fixture
def busy(office: Office) -> Office:
    office.at("2008-03-03").assigned(title="没签收的一件", time_limit="3日内")
    office.at("2008-03-04").closed(title="办完的一件")
    office.at("2008-03-05").rectifying(title="在办的一件")
    office.at("2008-03-20").tick()
    return office


class TestRates:
    def test_each_figure_opens_its_matters(self, busy: Office) -> None:
        """统计页的数钉在看的那个位次上，后来再办，点开还是那几件。"""
        leader = visitor(busy, "leader")
        page = leader.get(f"/statistics?from=2008-01-01&to=2008-03-20&unit={busy.units['town']}")
        links = re.findall(r'href="(/statistics/matters[^"]+)">(?:<b>)?(\d+)<', page)
        assert len(links) > 30
        busy.at("2008-03-21").closed(title="后来办完的一件")
        for href, number in links:
            leader.get(unescape(href))
            assert leader.main().count("data-row") == int(number), href
            assert "后来办完的一件" not in leader.main()

    def test_figures_of_a_unit_open_too(self, busy: Office) -> None:
        """单位页上的比率，点开就是那几件。"""
        auditor = visitor(busy, "auditor")
        auditor.get(f"/units/{busy.units['town']}")
        href = next(h for h in auditor.links() if h.startswith("/statistics/matters?counted=closed&"))
        auditor.get(unescape(href))
        assert "办完的一件" in auditor.main()
        assert auditor.main().count("data-row") == 1

    def test_are_found_where_they_were(self, busy: Office) -> None:
        """指标原来的地址转到统计页，期间和单位照旧。"""
        auditor = visitor(busy, "auditor")
        assert "3月1日至3月9日" in auditor.get("/rates?from=2008-03-01&to=2008-03-09")


class TestComparing:
    def test_board_and_list(self, busy: Office) -> None:
        """看板两个时刻的件数点开就是那时的清单；清单列出进来的、出去的。"""
        auditor = visitor(busy, "auditor")
        auditor.get("/compare")
        auditor.get("/compare?list=overdue&from=2008-03-04&to=2008-03-20")
        entered = auditor.main().partition('id="entered"')[2].partition("</section>")[0]
        assert "没签收的一件" in entered
        assert "在办的一件" not in entered
        for href, number in re.findall(r'class="num"><a href="([^"]+)">([\d,]+)</a>', auditor.main()):
            auditor.get(unescape(href))
            assert auditor.main().count("data-row") == int(number), href

    @pytest.mark.parametrize(
        ("query", "status"),
        [("list=secret&from=1&to=2", 400), ("from=9&to=1", 400), ("from=1", 400), ("from=1&to=99999", 422)],
    )
    def test_refuses_what_cannot_be_compared(self, busy: Office, query: str, status: int) -> None:
        """没有的清单、倒过来的、缺一个的、将来的时刻，都不比。"""
        visitor(busy, "auditor").get(f"/compare?{query}", status)
        visitor(busy, "liaison").get("/compare?from=1&to=2", 403)
