"""A verifier on the spot with a phone: today's visits, photos with time and place, a network that comes and goes."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.given import PHONE, Site, overflow, violations
from tests.photographs import jpeg

pytestmark = pytest.mark.browser


@pytest.fixture
def visit(served_office: Site) -> str:
    """A matter to be verified today."""
    office = served_office.office
    office.at("2008-03-03")
    return office.verifying(title="松岭镇集中供水厂消毒设备故障")


def photo(name: str, taken: str) -> dict[str, object]:
    return {"name": name, "mimeType": "image/jpeg", "buffer": jpeg(taken=taken, latitude=(30, 15, 18))}


def choose(page: Page, *photos: dict[str, object]) -> None:
    page.locator('[name="photos"]').set_input_files(list(photos))


@pytest.mark.parametrize("script", [True, False], ids=["有脚本", "无脚本"])
def test_a_visit_on_a_phone(served_office: Site, visit: str, script: bool) -> None:
    """核查人员在手机上：从“要我核查的”进去，拍两张照片，选结论，写看到的，一次交上去；时间、地点取自照片。"""
    with served_office.as_("verifier", viewport=PHONE, script=script) as page:
        page.locator(f'a[href="/matters/{visit}/visit"]').click()
        choose(page, photo("加氯间.jpg", "2008:03:02 10:44:00"), photo("清水池.jpg", "2008:03:02 10:47:00"))
        page.get_by_text("通过", exact=True).click()
        page.get_by_label("看到了什么").fill("发生器已更换并运行，值守记录连续")
        assert overflow(page) <= 0
        if script:
            assert violations(page) == []
        page.get_by_role("button", name="提交核查结论").click()
        expect(page.get_by_role("status").filter(has_text="核查结论已交")).to_be_visible()
        for name in ("加氯间.jpg", "清水池.jpg"):
            paper = page.locator(".papers li").filter(has_text=name)
            expect(paper).to_contain_text("摄于 3月2日 10:4")
            expect(paper).to_contain_text("北纬 30.25500，东经 104.51000")
    office = served_office.office
    types = [fact["type"] for fact in office.history()]
    assert types[-3:] == ["evidence-attached", "evidence-attached", "verification-passed"]


def test_what_is_missing_is_asked_for(served_office: Site, visit: str) -> None:
    """没选结论就交：照片已经存下，不用再传；缺什么列出来，点一下就到那一栏。"""
    with served_office.as_("verifier", viewport=PHONE, script=False) as page:
        page.goto(f"/matters/{visit}/visit")
        page.eval_on_selector_all("[required]", "all => all.forEach(e => e.removeAttribute('required'))")
        choose(page, photo("加氯间.jpg", "2008:03:02 10:44:00"))
        page.get_by_label("看到了什么").fill("发生器没有换")
        page.get_by_role("button", name="提交核查结论").click()
        alert = page.get_by_role("alert")
        expect(alert).to_contain_text("选结论")
        alert.get_by_role("link", name="选结论").click()
        assert page.url.endswith("#f-verdict")
        expect(page.get_by_label("这一件的情况")).to_contain_text("加氯间.jpg")
        expect(page.get_by_label("看到了什么")).to_have_value("发生器没有换")
        page.get_by_text("虚假整改", exact=True).click()
        page.get_by_role("button", name="提交核查结论").click()
        expect(page.get_by_role("status").filter(has_text="不再归您看")).to_be_visible()
    types = [fact["type"] for fact in served_office.office.history()]
    assert types.count("evidence-attached") == 2
    assert types[-1] == "verification-failed"


def test_the_network_drops(served_office: Site, visit: str) -> None:
    """交的时候没有网络：写明都存在本机；连上以后自己交，只记一次。"""
    with served_office.as_("verifier", viewport=PHONE) as page:
        page.goto(f"/matters/{visit}/visit")
        choose(page, photo("加氯间.jpg", "2008:03:02 10:44:00"))
        page.get_by_text("通过", exact=True).click()
        page.get_by_label("看到了什么").fill("发生器已更换并运行")
        page.context.set_offline(True)
        page.get_by_role("button", name="提交核查结论").click()
        expect(page.locator("[data-offline]")).to_contain_text("都存在本机")
        page.context.set_offline(False)
        expect(page.get_by_role("status").filter(has_text="核查结论已交")).to_be_visible()
    types = [fact["type"] for fact in served_office.office.history()]
    assert types.count("verification-passed") == 1


def test_a_closed_window_keeps_words_and_photos(served_office: Site, visit: str) -> None:
    """没交就关了：再打开同一张表单，选过的结论、写的字、拍的照片都还在；交上去以后本机不留。"""
    with served_office.as_("verifier", viewport=PHONE) as page:
        page.goto(f"/matters/{visit}/visit")
        choose(page, photo("加氯间.jpg", "2008:03:02 10:44:00"), photo("清水池.jpg", "2008:03:02 10:47:00"))
        page.get_by_text("通过", exact=True).click()
        page.get_by_label("看到了什么").fill("发生器已更换并运行")
        expect(page.locator(".chosen")).to_contain_text("清水池.jpg")
        context = page.context
        page.close()
        again = served_office.page(context)
        again.goto(f"/matters/{visit}/visit")
        expect(again.locator(".chosen")).to_contain_text("清水池.jpg")
        expect(again.get_by_label("看到了什么")).to_have_value("发生器已更换并运行")
        expect(again.get_by_text("上次没有交的字还在")).to_be_visible()
        again.get_by_role("button", name="提交核查结论").click()
        expect(again.get_by_role("status").filter(has_text="核查结论已交")).to_be_visible()
        expect(again.locator(".papers")).to_contain_text("加氯间.jpg")
        again.wait_for_function("Object.keys(localStorage).length === 0")


def test_an_answer_that_was_lost(served_office: Site, visit: str) -> None:
    """交上去了、回音却丢在路上：再打开再交一次，还是同一次。"""
    office = served_office.office
    office.at("2008-03-03")
    matter = office.rectifying(title="回音丢了的一件")
    with served_office.as_("liaison", viewport=PHONE) as page:
        page.goto(f"/matters/{matter}/report-progress")
        page.get_by_label("进展").fill("清运 300 吨")
        page.route(
            f"**/matters/{matter}/report-progress",
            lambda route: (route.fetch(max_redirects=0), route.abort()),
        )
        with page.expect_event("requestfailed"):
            page.get_by_role("button", name="报进展", exact=True).click()
        page.unroute(f"**/matters/{matter}/report-progress")
        page.goto(f"/matters/{matter}/report-progress")
        expect(page.get_by_label("进展")).to_have_value("清运 300 吨")
        page.get_by_role("button", name="报进展", exact=True).click()
        expect(page.get_by_role("status").filter(has_text="已办：报进展")).to_be_visible()
    assert [fact["type"] for fact in office.history()].count("progress-reported") == 1


def test_only_who_was_sent_reports(served_office: Site, visit: str) -> None:
    """不是派去的人打不开核查表单，说清楚是谁去。"""
    with served_office.as_("verifier2", viewport=PHONE) as page:
        answer = page.goto(f"/matters/{visit}/visit")
        assert answer is not None
        assert answer.status in (403, 404)
    with served_office.as_("head", viewport=PHONE) as page:
        answer = page.goto(f"/matters/{visit}/visit")
        assert answer is not None
        assert answer.status == 403
