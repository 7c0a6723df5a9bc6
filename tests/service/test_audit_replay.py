"""当时记录: a matter step by step, and two of its moments side by side."""

from __future__ import annotations

import re

import pytest

from tests.service.given import Office
from tests.service.pages import Visitor, visitor


@pytest.fixture
def told(office: Office) -> Office:
    """A matter with a late entry, a mistake and its correction."""
    office.at("2008-03-03").rectifying(title="渗滤液直排的一件", time_limit="15个工作日内")
    office.at("2008-03-12").do("report-progress", {"text": "清运一期", "percent": 60}, by="liaison")
    said = office.history()[-1]["position"]
    office.at("2008-03-13").do(
        "report-progress",
        {"text": "六日已停排", "occurred_at": "2008-03-06T09:00:00+08:00"},
        by="liaison",
    )
    office.at("2008-03-14").do(
        "correct", {"position": said, "reason": "误记", "fields": {"percent": 45}}, by="head"
    )
    office.tick("2008-03-18")
    return office


def steps(page: str) -> list[str]:
    """The seals in order."""
    row = page.partition('class="seals')[2].partition("</ol>")[0]
    return re.findall(r'<span class="seal[^"]*" aria-hidden="true">(.)</span>', row)


def section(page: Visitor, title: str) -> str:
    part = next(p for p in page.main().split('<section class="sec') if title in p.partition("</h2>")[0])
    return " ".join(re.sub(r"<[^>]+>", " ", part).split())


class TestReplay:
    def test_shows_each_step_as_it_was_known(self, told: Office) -> None:
        """一步一步：这一步改变了什么、之后什么样、时钟知道什么、告诉过谁，都按那一刻。"""
        auditor = visitor(told, "auditor")
        history = told.history()
        page = auditor.get(f"/matters/{told.matter}/replay")
        assert len(steps(page)) == len(history)
        wrong = next(i for i, f in enumerate(history, 1) if f["body"].get("percent") == 60)
        auditor.get(f"/matters/{told.matter}/replay?step={wrong}")
        assert "进展 — 60%" in section(auditor, "这一步改变了什么")
        assert "后来更正" in section(auditor, "这一步：")
        assert "还没有提醒过" in section(auditor, "时钟那时知道什么")
        assert "2008 年第 1 版" in section(auditor, "时钟那时知道什么")
        assert "督办通知" in section(auditor, "那时告诉过谁")
        auditor.get(f"/matters/{told.matter}/replay")
        assert "3月18日说了" in section(auditor, "时钟那时知道什么")
        assert "到期提醒" in section(auditor, "那时告诉过谁")

    def test_marks_what_was_entered_late(self, told: Office) -> None:
        """比所述发生晚过限度才录入的，写明晚了几天。"""
        auditor = visitor(told, "auditor")
        late = next(f for f in told.history() if f["occurred_at"].startswith("2008-03-06"))
        auditor.get(f"/matters/{told.matter}/replay?position={late['position']}")
        assert "迟录：比所述发生的时间晚 7 天" in auditor.text()
        assert '<li class="late-in">' in auditor.main()

    def test_orders_by_what_happened(self, told: Office) -> None:
        """实际发生的顺序：迟录的回到它的日子，更正紧跟被更正的那一条，之后的状态用更正后的数。"""
        auditor = visitor(told, "auditor")
        known = steps(auditor.get(f"/matters/{told.matter}/replay"))
        page = auditor.get(f"/matters/{told.matter}/replay?order=happened")
        happened = steps(page)
        assert sorted(known) == sorted(happened)
        assert known.index("更") > known.index("进") + 1
        at = happened.index("更")
        assert happened[at - 2 : at + 1] == ["进", "进", "更"]
        auditor.get(f"/matters/{told.matter}/replay?order=happened&step={at + 1}")
        assert "进展 60% 45%" in section(auditor, "这一步改变了什么")

    @pytest.mark.parametrize(
        ("query", "sentence"),
        [
            ("step=99", "没有第 99 步"),
            ("step=x", "没有第 x 步"),
            ("position=1", "不是这一件的记录"),
            ("order=y", "这种顺序"),
        ],
    )
    def test_refuses_what_is_no_step(self, told: Office, query: str, sentence: str) -> None:
        """没有的步、别件的位次、没有的顺序，都说清楚。"""
        auditor = visitor(told, "auditor")
        auditor.get(f"/matters/{told.matter}/replay?{query}", 400)
        assert sentence in auditor.text()

    def test_keeps_from_others_what_is_not_theirs(self, told: Office) -> None:
        """不归他看的人，看不到一步；单位看得到自己的，看不到别人收到的信。"""
        visitor(told, "water").get(f"/matters/{told.matter}/replay", 404)
        liaison = visitor(told, "liaison")
        liaison.get(f"/matters/{told.matter}/replay")
        assert "那时谁看得到" not in liaison.text()


class TestComparing:
    def test_two_moments_of_a_matter(self, told: Office) -> None:
        """两个时刻相比：变了的逐项列出，中间记下的一条条列出；时刻可写位次、日期或钟点。"""
        auditor = visitor(told, "auditor")
        auditor.get(f"/matters/{told.matter}/compare?from=2008-03-12&to=2008-03-14 09:00")
        assert "进展 60% 45%" in section(auditor, "变了的")
        assert "更正" in section(auditor, "这中间记下的")
        assert "清运一期" not in section(auditor, "这中间记下的")

    @pytest.mark.parametrize(
        ("query", "status", "sentence"),
        [
            ("from=2008-03-14&to=2008-03-12", 400, "对调"),
            ("from=2008-03-12", 400, "都要写"),
            ("from=2008-03-12&to=2999-01-01", 422, "还没有到"),
            ("from=前天&to=2008-03-12", 400, "不是时刻"),
        ],
    )
    def test_refuses_what_cannot_be_compared(
        self, told: Office, query: str, status: int, sentence: str
    ) -> None:
        """倒过来的、缺一个的、将来的、读不懂的，都说清楚。"""
        auditor = visitor(told, "auditor")
        auditor.get(f"/matters/{told.matter}/compare?{query}", status)
        assert sentence in auditor.text()


def test_why_it_is_red_leads_to_the_facts(office: Office) -> None:
    """为什么是红灯：起算、时限、日历、停表、延期、依据各连到记下它的那一条，点灯和点期限都打开它。"""
    office.at("2008-03-03").rectifying(title="按工作日算的一件", time_limit="5个工作日内")
    by_days = office.matter
    office.suspended(time_limit="5个工作日内", basis="督办办法第九条")
    office.at("2008-03-05").do("resume", by="head")
    office.do("request-extension", {"until": "2008-03-14", "reason": "下雨"}, by="liaison")
    office.do("grant-extension", {"until": "2008-03-14"}, by="head")
    office.tick("2008-03-20")
    auditor = visitor(office, "auditor")
    auditor.get("/overdue")
    opened = [h for h in auditor.links() if h.endswith("?why=1#why")]
    assert sum(office.matter in href for href in opened) == 2, "灯和期限"
    page = auditor.get(next(h for h in opened if office.matter in h).partition("#")[0])
    why = page.partition('id="why"')[2].partition("</details>")[0]
    places = {f["type"]: f["position"] for f in office.history()}
    for fact in ("matter-assigned", "matter-resumed", "extension-requested", "extension-granted"):
        assert f'href="#f{places[fact]}"' in why, fact
        assert f'id="f{places[fact]}"' in page, fact
    assert "督办办法第九条" in why
    assert "问题整改办理程序第 1 版" in why
    assert 'href="/calendars/2008"' in auditor.get(f"/matters/{by_days}?why=1")
