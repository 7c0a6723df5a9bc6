"""By keyboard alone, with a filter's panel on a phone, kept words, and on paper."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.given import PASSWORD, PHONE, Site

pytestmark = pytest.mark.browser

MEDIA_BOX = re.compile(rb"/MediaBox\s*\[\s*0\s+0\s+([\d.]+)\s+([\d.]+)\s*\]")


@pytest.fixture(scope="module")
def two(served_office: Site) -> tuple[str, str]:
    """Two matters, one of them late."""
    office = served_office.office
    office.at("2008-03-03")
    first = office.rectifying(title="南坝镇集镇公厕长期关停", time_limit="10日内")
    second = office.assigned(title="双河镇敬老院消防设施整改不到位")
    office.tick("2008-03-20 08:30")
    return first, second


def test_rows_are_walked_and_opened_by_keys(served_office: Site, two: tuple[str, str]) -> None:
    """台账里 j、k 走行，o 打开，/ 去查，g w 回工作台，? 看快捷键，Esc 关上；打字时不管用。"""
    with served_office.as_("clerk") as page:
        page.goto("/matters")
        page.keyboard.press("j")
        page.keyboard.press("j")
        page.keyboard.press("k")
        expect(page.locator("tr.cur a.t")).to_have_text("南坝镇集镇公厕长期关停")
        page.keyboard.press("o")
        page.wait_for_url(f"**/matters/{two[0]}")
        page.keyboard.press("/")
        expect(page.locator("#q")).to_be_focused()
        page.keyboard.type("jk?")
        expect(page.locator("#q")).to_have_value("jk?")
        page.locator("main").focus()
        page.keyboard.press("Shift+?")
        expect(page.get_by_role("dialog")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_be_hidden()
        page.keyboard.press("g")
        page.keyboard.press("w")
        page.wait_for_url(f"{served_office.url}/")


def test_keys_tick_filter_and_keep_quiet_while_typing(served_office: Site, two: tuple[str, str]) -> None:
    """x 勾上这一行，再按去掉；f 到筛选；打字、开着对话框、按着 Ctrl 时都不管用；走到哪一行看得见。"""
    with served_office.as_("clerk") as page:
        page.goto("/matters")
        page.keyboard.press("j")
        page.keyboard.press("x")
        expect(page.locator("tr.cur input[name=m]")).to_be_checked()
        expect(page.get_by_text("勾了 1 件")).to_be_visible()
        page.keyboard.press("x")
        expect(page.locator("tr.cur input[name=m]")).not_to_be_checked()
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline == "solid"
        page.keyboard.press("Control+j")
        expect(page.locator("tr.cur a.t")).to_have_text("南坝镇集镇公厕长期关停")
        page.keyboard.press("Shift+?")
        page.keyboard.press("j")
        page.keyboard.press("Escape")
        expect(page.locator("tr.cur a.t")).to_have_text("南坝镇集镇公厕长期关停")
        page.keyboard.press("f")
        expect(page.locator("#fq")).to_be_focused()
        page.keyboard.type("jx/")
        expect(page.locator("#fq")).to_have_value("jx/")


def test_keys_can_be_switched_off(served_office: Site, two: tuple[str, str]) -> None:
    """在“我的设置”里关掉，单个键就什么也不做，菜单里也没有快捷键；再开又有了。"""
    with served_office.as_("deputy") as page:
        for choice, works in (("关", 0), ("开", 1)):
            page.goto("/me")
            page.get_by_label(choice, exact=True).check()
            page.get_by_role("button", name="存下").click()
            page.goto("/matters")
            page.keyboard.press("j")
            expect(page.locator("tr.cur")).to_have_count(works)
            expect(page.locator("[data-keys-help]")).to_have_count(works)


def test_an_act_is_done_without_a_mouse(served_office: Site, two: tuple[str, str]) -> None:
    """只用键盘：跳到正文、走到按钮、打开表单、写好、交上去。"""
    with served_office.as_("clerk") as page:
        page.goto(f"/matters/{two[1]}")
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="跳到正文")).to_be_focused()
        page.keyboard.press("Enter")
        for _ in range(3):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.textContent").strip() == "催办":
                break
        page.keyboard.press("Enter")
        page.wait_for_url("**/urge")
        page.locator("textarea").focus()
        page.keyboard.type("抓紧签收")
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.get_by_role("status").filter(has_text="已办：催办")).to_be_visible()


def test_filters_open_on_a_phone(served_office: Site, two: tuple[str, str]) -> None:
    """手机上点“筛选”打开筛选栏，没有脚本也行。"""
    with served_office.as_("clerk", viewport=PHONE, script=False) as page:
        page.goto("/matters")
        expect(page.locator("#filters")).to_be_hidden()
        page.get_by_role("link", name="筛选").click()
        page.locator("#filters").get_by_label("逾期").check()
        page.locator("#filters").get_by_role("button", name="筛选").click()
        expect(page.locator("main")).to_contain_text("南坝镇集镇公厕长期关停")
        expect(page.locator("main")).not_to_contain_text("双河镇敬老院")


def test_unsent_words_survive_a_closed_window(served_office: Site, two: tuple[str, str]) -> None:
    """写了没交的字，关了再开还在；交上去以后就没有了。"""
    context = served_office.context()
    page = served_office.page(context)
    served_office.log_in(page, "liaison")
    page.goto(f"/matters/{two[0]}/report-progress")
    page.get_by_label("进展").fill("正在采购配件")
    page.close()
    page = served_office.page(context)
    page.goto(f"/matters/{two[0]}/report-progress")
    expect(page.get_by_label("进展")).to_have_value("正在采购配件")
    expect(page.get_by_text("上次没有交的字还在")).to_be_visible()
    page.get_by_role("button", name="报进展", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="已办：报进展")).to_be_visible()
    page.wait_for_load_state("load")
    page.goto(f"/matters/{two[0]}/report-progress")
    expect(page.get_by_label("进展")).to_have_value("")
    context.close()


def test_a_session_that_ended_loses_no_words(served_office: Site, two: tuple[str, str]) -> None:
    """写着写着登录过期了：重新登录回到同一张表单，写好的还在，再交就行。"""
    context = served_office.context()
    page = served_office.page(context)
    served_office.log_in(page, "liaison")
    page.goto(f"/matters/{two[0]}/report-progress")
    page.get_by_label("进展").fill("配件已到货")
    context.clear_cookies()
    page.get_by_role("button", name="报进展", exact=True).click()
    page.get_by_label("账号").fill("liaison")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_label("进展")).to_have_value("配件已到货")
    page.get_by_role("button", name="报进展", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="已办：报进展")).to_be_visible()
    page.wait_for_load_state("load")
    page.goto(f"/matters/{two[0]}/report-progress")
    expect(page.get_by_label("进展")).to_have_value("")
    context.close()


def test_settings_of_size_and_contrast_hold(served_office: Site, two: tuple[str, str]) -> None:
    """字号“大”、对比“高”存下后，每一页都照着来。"""
    with served_office.as_("head") as page:
        page.goto("/me")
        page.get_by_label("大").check()
        page.get_by_label("高").check()
        page.get_by_role("button", name="存下").click()
        page.goto(f"/matters/{two[0]}")
        assert page.evaluate("document.documentElement.dataset.size") == "large"
        ink = page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--ink').trim()")
        assert ink == "#000"


def test_paper(served_office: Site, two: tuple[str, str]) -> None:
    """打印：台账横排、事项竖排，没有按钮和导航，灯写成字，页脚写明记录位次。"""
    with served_office.as_("clerk") as page:
        for path, wide in (("/matters", True), (f"/matters/{two[0]}", False)):
            page.goto(path)
            width, height = MEDIA_BOX.search(page.pdf(prefer_css_page_size=True)).groups()  # type: ignore[union-attr]
            assert (float(width) > float(height)) == wide
            page.emulate_media(media="print")
            expect(page.get_by_text("红灯：").first).to_be_visible()
            expect(page.get_by_role("button")).to_have_count(0)
            for gone in (".mast", ".rail", ".tabbar", ".drill", ".acts"):
                expect(page.locator(gone).locator("visible=true")).to_have_count(0)
            foot = page.locator('link[media="print"]').get_attribute("href")
            assert foot is not None
            assert "@bottom-left" in page.request.get(foot).text()
            page.emulate_media(media="screen")
