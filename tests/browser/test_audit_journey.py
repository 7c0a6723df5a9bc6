"""An auditor finds out why a matter its unit says was done by the 18th was called overdue on the 22nd."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.given import DESK, PHONE, Site, overflow, violations
from tests.service.circulating import Circulation

pytestmark = pytest.mark.browser

TITLE = "青石镇柳湾村渗滤液直排柳溪沟"
CIRCULATED = "青石镇柳湾村畜禽粪污堆放"
NUMBER = "云督〔2008〕8号"


@pytest.fixture
def told(served_office: Site) -> Site:
    """Due on the 20th; reported only on the 25th, with the word that it was done on the 18th; closed since."""
    office = served_office.office
    office.at("2008-03-03").rectifying(title=TITLE, due_on="2008-03-20")
    office.at("2008-03-22").tick()
    office.at("2008-03-25").attach()
    office.do(
        "report-completion",
        {"text": "三月十八日已全部清运", "occurred_at": "2008-03-18T17:00:00+08:00"},
        by="liaison",
    )
    office.schedule()
    office.do("pass-verification", {"findings": "已清空"}, by="verifier")
    office.do("approve-write-off", by="head")
    office.at("2008-04-01").tick()
    served_office.seen.clear()
    return served_office


@pytest.fixture
def circulated(served_office: Site) -> Site:
    """Due on the 20th of March and called overdue in March's bulletin; in April reported as done since the 18th, closed."""
    office = served_office.office
    office.at("2008-05-03").rectifying(title=CIRCULATED, due_on="2008-05-20")
    office.at("2008-05-22").tick()
    bulletin = Circulation(office=office.at("2008-06-05")).drafted().issued(NUMBER)
    office.tick()
    office.at("2008-06-06").attach()
    office.do(
        "report-completion",
        {"text": "五月十八日已全部清运", "occurred_at": "2008-05-18T17:00:00+08:00"},
        by="liaison",
    )
    office.schedule()
    office.do("pass-verification", {"findings": "已清空"}, by="verifier")
    office.do("approve-write-off", by="head")
    office.at("2008-06-20").tick()
    assert bulletin.id
    served_office.seen.clear()
    return served_office


def section(page: Page, title: str) -> str:
    return page.locator("section.sec", has=page.get_by_role("heading", name=title)).text_content() or ""


def test_why_it_was_called_overdue(told: Site) -> None:
    """报结说十八日已办完，二十二日的清单却说逾期：审计员看那时的清单、按天算的理由、当时告诉过谁、迟录，全程留在查阅日志里。"""
    with told.as_("auditor") as page:
        page.locator("#look-moment").fill("2008-03-22T18:00")
        page.get_by_role("button", name="看那时").click()
        page.get_by_role("link", name=re.compile("^逾期")).first.click()
        expect(page.locator(".asof")).to_contain_text("2008年3月22日")
        row = page.get_by_role("row").filter(has_text=TITLE)
        expect(row).to_contain_text("逾期 2 天")
        row.get_by_role("link", name=TITLE).click()
        expect(page.locator("#why")).to_contain_text("3月20日")
        expect(page.locator(".tl")).not_to_contain_text("三月十八日")
        page.get_by_role("button", name="回到现在").click()
        expect(page.locator(".tl")).to_contain_text("所述发生时间 3月18日")
        page.get_by_role("link", name="当时记录").first.click()
        page.get_by_role("link", name="实际发生").click()
        reported = page.locator(".seals a", has_text="3/18")
        reported.first.click()
        expect(page.locator("main")).to_contain_text("迟录：比所述发生的时间晚 6 天")
        page.get_by_role("link", name="当时所知").click()
        assert "逾期催办" in section(page, "那时告诉过谁")
        assert violations(page) == []
        page.get_by_role("link", name="单位与人员").first.click()
        page.locator("main").get_by_role("link", name="青石镇").first.click()
        page.get_by_role("link", name="当时记录").click()
        page.get_by_label("从", exact=True).fill("2008-03-20")
        page.get_by_label("到", exact=True).fill("2008-03-25")
        page.get_by_role("button", name="看这一段").click()
        acts = page.locator(".tl .h b").all_inner_texts()
        assert acts.index("逾期催办") < acts.index("报结")
        expect(page.locator(".tl")).to_contain_text("迟录：所述发生时间 3月18日")
        assert violations(page) == []
        page.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
        assert overflow(page) == 0
        page.set_viewport_size({"width": DESK["width"], "height": DESK["height"]})
        page.get_by_role("link", name="查阅日志").click()
        for kind in ("看过去", "看当时记录"):
            expect(page.locator("table.looks")).to_contain_text(kind)
    assert told.seen == []


def test_why_the_bulletin_called_it_overdue(circulated: Site) -> None:
    """单位说五月十八日就办完了，五月的通报却写着逾期：审计员从印发的通报点开那个数，看它数的是哪几件、那件当时的样子、
    当时记录、为什么，再与今天相比：报结是印发以后才记下的。全程留在查阅日志里。"""
    with circulated.as_("auditor") as page:
        page.get_by_role("link", name="通报", exact=True).first.click()
        page.get_by_role("link", name=re.compile("2008年5月份督办事项")).first.click()
        expect(page.locator("main")).to_contain_text(NUMBER)
        page.locator("aside li").filter(has_text=re.compile(r"\d\s*逾期(?!率)")).get_by_role(
            "link"
        ).first.click()
        expect(page.locator(".asof")).to_contain_text("2008年5月31日")
        row = page.get_by_role("row").filter(has_text=CIRCULATED)
        expect(row).to_contain_text("逾期 11 天")
        assert violations(page) == []
        row.get_by_role("link", name=CIRCULATED).click()
        expect(page.locator(".asof")).to_contain_text("2008年5月31日")
        expect(page.locator("#why")).to_contain_text("5月20日")
        expect(page.locator(".tl")).not_to_contain_text("五月十八日")
        page.get_by_role("link", name="当时记录").first.click()
        expect(page.locator(".asof")).to_contain_text("2008年5月31日")
        assert "逾期催办" in section(page, "那时告诉过谁")
        expect(page.locator(".seals a", has_text="报结")).to_have_count(0)
        page.get_by_role("link", name="与现在相比").click()
        expect(page.locator("table.diff").first).to_contain_text("已销号")
        expect(page.locator("main")).to_contain_text("所述发生时间 5月18日")
        assert violations(page) == []
        page.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
        assert overflow(page) == 0
        page.set_viewport_size({"width": DESK["width"], "height": DESK["height"]})
        page.goto("/access")
        for kind in ("看过去", "看当时记录"):
            expect(page.locator("table.looks")).to_contain_text(kind)
    assert circulated.seen == []
