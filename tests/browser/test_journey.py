"""The whole life of a matter in a browser, from 立项 to 回头看, by the people whose work it is."""

import re
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.given import DESK, PHONE, PHOTOGRAPH, Site, fill, overflow

pytestmark = pytest.mark.browser

TITLE = "青石镇柳湾村垃圾堆放点渗滤液直排柳溪沟"


@dataclass(frozen=True, kw_only=True)
class Way:
    """How the life of a matter is walked, and when."""

    script: bool
    phone: bool
    begins: str
    later: str
    """A day of the plan, and of the look-back."""
    visit: str


WAYS = {
    "有脚本": Way(script=True, phone=False, begins="2008-03-03", later="2008-03-20", visit="2008-03-04"),
    "无脚本": Way(script=False, phone=False, begins="2008-05-05", later="2008-05-20", visit="2008-05-06"),
    "手机": Way(script=True, phone=True, begins="2008-05-19", later="2008-06-10", visit="2008-05-20"),
    "手机无脚本": Way(script=False, phone=True, begins="2008-05-26", later="2008-06-10", visit="2008-05-27"),
}


@pytest.fixture(params=WAYS.values(), ids=WAYS)
def way(request: pytest.FixtureRequest) -> Way:
    found: Way = request.param
    return found


@pytest.fixture
def journey(served_office: Site, way: Way) -> Iterator["Journey"]:
    served_office.seen.clear()
    served_office.office.at(way.begins)
    served_office.office.tick()
    yield Journey(served_office, way)
    assert served_office.seen == []


class Journey:
    """Walks as one person after the other, each in a browser of his own."""

    def __init__(self, site: Site, way: Way) -> None:
        self.site, self.way, self.matter = site, way, ""

    def as_(self, account: str) -> AbstractContextManager[Page]:
        """Somebody's browser; units and verifiers work on a phone always."""
        phone = self.way.phone or account in ("liaison", "verifier")
        return self.site.as_(account, viewport=PHONE if phone else DESK, script=self.way.script)

    def walk(self, account: str, command: str, button: str, **typed: str) -> None:
        """Opens the matter, goes to the form by its button, fills it in and sends it."""
        with self.as_(account) as page:
            page.goto(self.matter)
            link = page.locator(f'a[href$="/{command}"]').first
            if not link.is_visible():
                page.get_by_text("更多", exact=True).click()
            link.click()
            fill(page, **typed)
            assert overflow(page) <= 0, command
            page.locator("main").get_by_role("button", name=button, exact=True).click()
            expect(page.get_by_role("status").filter(has_text="已办")).to_be_visible()


def test_from_registering_to_looking_back(journey: Journey, tmp_path: Path) -> None:
    """一件事从立项、交办、签收、方案、批准、进展、佐证、报结、核查、销号到回头看，四个人在各自的浏览器里办完：电脑上、手机上，有没有脚本都行；立项前看过相似的一件。"""
    photo = tmp_path / "清运后.png"
    photo.write_bytes(PHOTOGRAPH)
    journey.site.office.register(title=TITLE)
    with journey.as_("clerk") as page:
        page.get_by_role("link", name="登记立项").click()
        fill(page, title=TITLE, kind="rectification", source="专项督查", problem="渗滤液直排，气味明显")
        if journey.way.script:
            expect(page.locator("#likes")).to_contain_text("文字 100% 相同")
        else:
            page.get_by_role("button", name="立项").click()
            expect(page.get_by_role("status").filter(has_text="有相似的事项")).to_be_visible()
        page.get_by_role("button", name="立项").click()
        expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
        journey.matter = re.sub(r"\?.*", "", page.url)
    assign = {"quality_requirement": "清运见底", "time_limit": "15个工作日内", "co_units": "水务局"}
    journey.walk("clerk", "assign", "交办", lead_unit="青石镇", **assign)
    journey.walk("liaison", "acknowledge", "签收")
    day = journey.way.later
    plan = {"measures": "分两期清运", "goal": "见底", "step_title": "一期", "step_due_on": day}
    journey.walk("liaison", "submit-plan", "报送方案", **plan)
    journey.walk("clerk", "approve-plan", "批准方案")
    journey.walk("liaison", "report-progress", "报进展", text="清运 600 吨", percent="60")
    journey.walk("liaison", "attach-evidence", "上传佐证", file=str(photo), kind="photo", place="柳湾村")
    without = {"without_opinions": "水务局电话答复无意见"}
    journey.walk("liaison", "report-completion", "报结", text="已全部清运，沟水见清", **without)
    journey.walk("clerk", "schedule-verification", "派人核查", verifier="顾清和", on=journey.way.visit)
    journey.walk("verifier", "pass-verification", "核查通过", findings="堆放点已清空，沟水无异味")
    journey.walk("head", "approve-write-off", "销号", grade="good")
    journey.walk("clerk", "select-look-back", "抽取回头看", due_on=day)
    journey.walk("verifier", "pass-look-back", "回头看通过", findings="没有反弹")
    with journey.as_("clerk") as page:
        page.goto(journey.matter)
        titles = page.locator(".tl .h b").all_inner_texts()
        assert titles[::-1] == [
            "立项",
            "交办",
            "签收",
            "报送整改方案",
            "批准整改方案",
            "报送进展",
            "佐证材料",
            "报结",
            "安排核查",
            "核查通过",
            "销号",
            "抽取回头看",
            "回头看通过",
        ]
        expect(page.locator(".papers")).to_contain_text("清运后.png")
        page.goto(f"/letters/sent?matter={journey.matter.rpartition('/')[2]}")
        for letter in ("青石镇联络员 何远舟：督办通知", "核查通过通知", "销号通知"):
            expect(page.locator("main")).to_contain_text(letter)
    with journey.as_("liaison") as page:
        page.goto(journey.matter)
        expect(page.locator(".tl")).not_to_contain_text("抽取回头看")
        expect(page.locator(".tl")).to_contain_text("回头看通过")


def test_a_form_sent_twice_is_one_act(served_office: Site) -> None:
    """同一张表单交两次，只记一次，答复一样。"""
    office = served_office.office
    office.at("2008-06-02")
    matter = office.rectifying()
    with served_office.as_("liaison") as page:
        page.goto(f"/matters/{matter}/report-progress")
        page.get_by_label("进展").fill("清运 300 吨")
        fields = page.eval_on_selector(
            "form[data-keep]", "form => Object.fromEntries(new FormData(form).entries())"
        )
        for _ in range(2):
            answer = page.request.post(f"/matters/{matter}/report-progress", form=fields)
            assert answer.ok
    assert [f["type"] for f in office.history()].count("progress-reported") == 1


def test_what_was_typed_stays(served_office: Site) -> None:
    """没填全的交不上去：每一处都列出来、连到那一栏，写好的都还在。"""
    office = served_office.office
    office.at("2008-06-03")
    office.register(title="待交办的一件")
    with served_office.as_("clerk", script=False) as page:
        page.goto(f"/matters/{office.matter}/assign")
        page.get_by_label("质量要求").fill("整改到位，长期保持")
        page.eval_on_selector_all("[required]", "all => all.forEach(e => e.removeAttribute('required'))")
        page.locator('[name="time_limit"]').fill("尽快")
        page.get_by_role("button", name="交办", exact=True).click()
        expect(page.get_by_role("alert")).to_contain_text("选牵头单位")
        page.get_by_role("alert").get_by_role("link", name="选牵头单位").click()
        assert page.url.endswith("#f-lead_unit")
        expect(page.get_by_label("质量要求")).to_have_value("整改到位，长期保持")
        page.locator('[name="lead_unit"]').select_option(label="水务局")
        page.get_by_role("button", name="交办", exact=True).click()
        expect(page.get_by_role("alert")).to_contain_text("时限“尽快”读不懂")
        expect(page.locator('[name="time_limit"]')).to_have_attribute("aria-invalid", "true")
        expect(page.get_by_label("质量要求")).to_have_value("整改到位，长期保持")


def test_the_limit_is_said_as_a_day(served_office: Site) -> None:
    """期限写成话，旁边马上说出是哪一天。"""
    office = served_office.office
    office.at("2008-06-04")
    office.register(title="算期限的一件")
    with served_office.as_("clerk") as page:
        page.goto(f"/matters/{office.matter}/assign")
        page.locator('[name="time_limit"]').fill("15个工作日内")
        expect(page.locator(".limit-words")).to_contain_text("即 6月26日（周四） 24:00 前")
        page.locator('[name="time_limit"]').fill("三五天")
        expect(page.locator(".limit-words")).to_contain_text("读不懂")


def test_somebody_else_was_quicker(served_office: Site) -> None:
    """打开表单以后别人先改了：不覆盖，字还在，看过最新情况可以再交。"""
    office = served_office.office
    office.at("2008-06-05")
    matter = office.planning()
    with served_office.as_("head") as page:
        page.goto(f"/matters/{matter}/return-plan")
        page.get_by_label("退回理由").fill("目标要有数字")
        office.do("urge", {"text": "抓紧"}, by="clerk")
        page.get_by_role("button", name="退回方案", exact=True).click()
        expect(page.get_by_role("status").filter(has_text="别人刚改过")).to_be_visible()
        expect(page.get_by_label("退回理由")).to_have_value("目标要有数字")
        page.get_by_role("button", name="退回方案", exact=True).click()
        expect(page.get_by_role("status").filter(has_text="已办")).to_be_visible()


def test_the_office_enters_a_paper_for_a_unit(served_office: Site, tmp_path: Path) -> None:
    """单位送来纸质件，督查室代录：附扫描件，经过里写明代谁录。"""
    paper = tmp_path / "报结材料.pdf"
    paper.write_bytes(b"%PDF-1.4 paper")
    office = served_office.office
    office.at("2008-06-06")
    matter = office.rectifying()
    with served_office.as_("clerk") as page:
        page.goto(f"/matters/{matter}")
        page.get_by_text("更多").click()
        page.get_by_role("link", name="代录：报进展").click()
        page.get_by_label("进展").fill("已清运一半")
        page.get_by_label("纸质件扫描件").set_input_files(paper)
        page.get_by_role("button", name="报进展", exact=True).click()
        expect(page.locator(".tl")).to_contain_text("督查室代青石镇录入（代录）")
        expect(page.locator(".papers")).to_contain_text("报结材料.pdf")
