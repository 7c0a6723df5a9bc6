"""What people and networks do to forms, each in a real browser: nothing breaks, nothing typed is lost."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.given import PASSWORD, PHOTOGRAPH, Site

pytestmark = pytest.mark.browser

TOO_LARGE = 300_000_000


@pytest.fixture(autouse=True)
def complaints(served_office: Site) -> Iterator[None]:
    served_office.seen.clear()
    yield
    assert served_office.seen == []


@pytest.fixture
def rectifying(served_office: Site) -> str:
    """A matter a unit is at work on."""
    office = served_office.office
    office.at("2008-03-03")
    return office.rectifying(title="青石镇柳湾村渗滤液直排柳溪沟")


@pytest.fixture
def huge(tmp_path: Path) -> Path:
    """A photo of 300 MB; it takes no room on the disk."""
    photo = tmp_path / "全景.jpg"
    with photo.open("wb") as file:
        file.write(b"\xff\xd8\xff\xe0")
        file.truncate(TOO_LARGE)
    return photo


def facts(site: Site, kind: str) -> int:
    return [fact["type"] for fact in site.office.history()].count(kind)


def register(page: Page, **typed: str) -> None:
    page.goto("/matters/register")
    page.locator('main [name="kind"][value="rectification"]').check()
    for name, value in {"source": "专项督查", "problem": "渗滤液直排", **typed}.items():
        page.locator(f'main [name="{name}"]').fill(value)
    page.get_by_role("button", name="立项", exact=True).click()


@pytest.mark.parametrize("length", [5_000, 300_000], ids=["五千字", "三十万字"])
def test_a_text_that_is_too_long(served_office: Site, length: int) -> None:
    """写得太长：在那一栏说清有多长、最多多长，别的栏和这一栏写的都还在。"""
    served_office.office.at("2008-03-03")
    with served_office.as_("clerk") as page:
        register(page, title="柳溪沟清运", place="柳湾村", problem="沟" * length)
        said = page.locator("#f-problem-wrong")
        if length > 100_000:
            expect(said).to_contain_text("请删减或改用附件", timeout=60_000)
        if said.count():
            expect(page.locator('[name="place"]')).to_have_value("柳湾村")
            assert len(page.locator('[name="problem"]').input_value()) == length
        else:
            expect(page.locator(".m-problem")).to_contain_text("沟沟沟")


def test_rare_characters_and_emoji(served_office: Site) -> None:
    """生僻字、表情、繁体字：一个字不差地存下、显示、搜得到，粘来的看不见的字去掉；繁体写的人名，用简体也搜得到。"""
    served_office.office.at("2008-03-03")
    title = "𠮷祥路🚧積水點整治"
    with served_office.as_("clerk") as page:
        register(
            page, title=title, object="業主張曉東", problem="路面\u200b積水👷\u200d♀️，𠮷祥路口最深\ufeff"
        )
        expect(page.get_by_role("heading", level=1)).to_have_text(title)
        expect(page.locator(".m-problem")).to_have_text("路面積水👷♀️，𠮷祥路口最深")
        expect(page.locator("main")).to_contain_text("業主張曉東")
        for words in ("𠮷", "积水点", "積水點", "张晓东", "張曉東"):
            page.goto(f"/matters?q={words}")
            expect(page.get_by_role("link", name=title)).to_have_count(1)


def test_pasted_html(served_office: Site) -> None:
    """从网页粘来的代码只是字：照原样显示，什么也不执行。"""
    served_office.office.at("2008-03-03")
    pasted = "<script>document.title='坏了'</script><b onmouseover=alert(1)>粗</b>&amp;"
    with served_office.as_("clerk") as page:
        register(page, title=f"核实网页 {pasted}", problem=pasted)
        expect(page.get_by_role("heading", level=1)).to_have_text(f"核实网页 {pasted}")
        expect(page.locator(".m-problem")).to_have_text(pasted)
        assert page.title() != "坏了"
        assert page.locator(".m-problem b").count() == 0


@pytest.mark.parametrize("script", [True, False], ids=["有脚本", "无脚本"])
def test_a_photo_of_300_megabytes(served_office: Site, rectifying: str, huge: Path, script: bool) -> None:
    """一张 300 MB 的照片：说清超过多少、怎么办；写好的都还在，换一张就能交。"""
    with served_office.as_("liaison", script=script) as page:
        page.goto(f"/matters/{rectifying}/attach-evidence")
        page.locator('[name="kind"][value="photo"]').check()
        page.get_by_label("拍摄地点").fill("沟口")
        page.locator('[name="file"]').set_input_files(huge)
        if not script:
            page.get_by_role("button", name="上传佐证").click(timeout=60_000)
        expect(page.locator(".msg")).to_contain_text("超过 50 MB")
        expect(page.get_by_label("拍摄地点")).to_have_value("沟口")
        page.locator('[name="file"]').set_input_files(
            {"name": "沟口.png", "mimeType": "image/png", "buffer": PHOTOGRAPH}
        )
        page.get_by_role("button", name="上传佐证").click()
        expect(page.locator(".papers")).to_contain_text("沟口.png")
    assert facts(served_office, "evidence-attached") == 1


def test_a_file_whose_type_lies(served_office: Site, rectifying: str) -> None:
    """名叫 .jpg、内容是网页的文件：选上时就说，存下后照实注明，打开只是下载，不会在页面里执行。"""
    page_in_disguise = b"<html><script>alert(document.cookie)</script></html>"
    with served_office.as_("liaison") as page:
        page.goto(f"/matters/{rectifying}/attach-evidence")
        page.locator('[name="kind"][value="photo"]').check()
        page.locator('[name="file"]').set_input_files(
            {"name": "现场.jpg", "mimeType": "image/jpeg", "buffer": page_in_disguise}
        )
        expect(page.locator(".chosen")).to_contain_text("内容不是图片")
        page.get_by_role("button", name="上传佐证").click()
        paper = page.locator(".papers li").filter(has_text="现场.jpg")
        expect(paper).to_contain_text("内容不是图片")
        expect(paper.locator("img")).to_have_count(0)
        answer = page.request.get(
            str(paper.get_by_role("link", name="现场.jpg", exact=True).get_attribute("href"))
        )
        assert answer.headers["content-disposition"].startswith("attachment")
        assert answer.headers["content-type"] == "application/octet-stream"
        assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_file_chosen_stays_chosen(served_office: Site, rectifying: str) -> None:
    """表单没填全被退回来，选好的文件已经收下，不用再选。"""
    with served_office.as_("liaison", script=False) as page:
        page.goto(f"/matters/{rectifying}/attach-evidence")
        page.locator('[name="file"]').set_input_files(
            {"name": "清运后.png", "mimeType": "image/png", "buffer": PHOTOGRAPH}
        )
        page.eval_on_selector_all("[required]", "all => all.forEach(e => e.removeAttribute('required'))")
        page.get_by_role("button", name="上传佐证").click()
        expect(page.get_by_role("alert")).to_contain_text("选是什么材料")
        expect(page.locator(".staged")).to_contain_text("清运后.png")
        page.locator('[name="kind"][value="photo"]').check()
        page.get_by_role("button", name="上传佐证").click()
        expect(page.locator(".papers")).to_contain_text("清运后.png")


@pytest.mark.parametrize("script", [True, False], ids=["有脚本", "无脚本"])
def test_two_tabs_on_the_same_matter(served_office: Site, script: bool) -> None:
    """两个窗口开着同一张表单，一个先办了：另一个办不成，说清之后别人做了什么，写的还在。"""
    office = served_office.office
    office.at("2008-03-03")
    matter = office.planning(title="两个窗口的一件")
    with (
        served_office.as_("clerk", script=script) as first,
        served_office.as_("head", script=script) as second,
    ):
        for page, reason in ((first, "目标要有数字"), (second, "措施太笼统")):
            page.goto(f"/matters/{matter}/return-plan")
            page.get_by_label("退回理由").fill(reason)
        first.get_by_role("button", name="退回方案", exact=True).click()
        expect(first.get_by_role("status").filter(has_text="已办")).to_be_visible()
        second.get_by_role("button", name="退回方案", exact=True).click()
        changes = second.locator(".meanwhile")
        expect(changes).to_contain_text("退回整改方案")
        expect(changes).to_contain_text("林砚秋")
        expect(changes).to_contain_text("目标要有数字")
        expect(second.get_by_label("退回理由")).to_have_value("措施太笼统")
        changes.get_by_role("link", name="退回整改方案").click()
        expect(second).to_have_url(re.compile(rf"/matters/{matter}#f\d+$"))
    assert facts(served_office, "plan-returned") == 1


def test_the_back_button_after_sending(served_office: Site, rectifying: str) -> None:
    """交了以后按“后退”：回到的是一张空表单，不会再记一次。"""
    with served_office.as_("liaison") as page:
        page.goto(f"/matters/{rectifying}/report-progress")
        page.get_by_label("进展").fill("清运 300 吨")
        page.get_by_role("button", name="报进展", exact=True).click()
        expect(page.get_by_role("status").filter(has_text="已办：报进展")).to_be_visible()
        page.wait_for_load_state()
        page.go_back()
        expect(page.get_by_label("进展")).to_have_value("")
        page.go_forward()
        expect(page.locator(".tl")).to_contain_text("清运 300 吨")
        page.reload()
    assert facts(served_office, "progress-reported") == 1


def test_pressing_twice(served_office: Site, rectifying: str) -> None:
    """心急连按两次，只记一次。"""
    with served_office.as_("liaison") as page:
        page.goto(f"/matters/{rectifying}/report-progress")
        page.get_by_label("进展").fill("清运 300 吨")
        page.get_by_role("button", name="报进展", exact=True).dblclick()
        expect(page.get_by_role("status").filter(has_text="已办：报进展")).to_be_visible()
    assert facts(served_office, "progress-reported") == 1


def test_a_changed_form_sent_again(served_office: Site, rectifying: str) -> None:
    """同一张表单交过又改了再交：说清前一次已记下、这一次还没有，写的还在，再交就记成另一次。"""
    with served_office.as_("liaison", script=False) as page:
        page.goto(f"/matters/{rectifying}/report-progress")
        sent = page.eval_on_selector(
            "form.act-form", "form => Object.fromEntries(new FormData(form).entries())"
        )
        assert page.request.post(page.url, form={**sent, "text": "清运 300 吨"}).ok
        page.get_by_label("进展").fill("清运 350 吨")
        page.get_by_role("button", name="报进展", exact=True).click()
        expect(page.get_by_role("alert")).to_contain_text("那一次已记下")
        expect(page.locator(".meanwhile")).to_contain_text("清运 300 吨")
        page.get_by_role("button", name="报进展", exact=True).click()
        expect(page.locator(".tl")).to_contain_text("清运 350 吨")
    assert facts(served_office, "progress-reported") == 2


@pytest.mark.parametrize("script", [True, False], ids=["有脚本", "无脚本"])
def test_the_session_ends_while_typing(served_office: Site, rectifying: str, script: bool) -> None:
    """写着写着登录过期：登录页说写的都在，登录以后回到同一张表单，一个字不少，再交就行。"""
    context = served_office.context(script=script)
    page = served_office.page(context)
    served_office.log_in(page, "liaison")
    page.goto(f"/matters/{rectifying}/report-progress")
    page.get_by_label("进展").fill("配件已到货\n明天装")
    page.locator('[name="percent"]').fill("40")
    context.clear_cookies()
    page.get_by_role("button", name="报进展", exact=True).click()
    expect(page.locator(".door-form")).to_contain_text("写的字都还在")
    page.get_by_label("账号").fill("liaison")
    page.get_by_label("密码").fill("输错的密码一二三")
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("alert")).to_contain_text("账号或密码不对")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    if not script:
        page.get_by_role("button", name="接着填").click()
    expect(page.get_by_label("进展")).to_have_value("配件已到货\n明天装")
    expect(page.locator('[name="percent"]')).to_have_value("40")
    page.get_by_role("button", name="报进展", exact=True).click()
    expect(page.locator(".tl")).to_contain_text("配件已到货")
    context.close()


def test_somebody_else_logs_in_then(served_office: Site, rectifying: str) -> None:
    """登录过期后换了别人登录：前一个人写的不带给他。"""
    context = served_office.context(script=False)
    page = served_office.page(context)
    served_office.log_in(page, "liaison")
    page.goto(f"/matters/{rectifying}/report-progress")
    page.get_by_label("进展").fill("只有我该看到的话")
    context.clear_cookies()
    page.get_by_role("button", name="报进展", exact=True).click()
    page.get_by_label("账号").fill("chief")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page.locator("body")).not_to_contain_text("只有我该看到的话")
    assert "只有我该看到的话" not in page.content()
    context.close()


def test_leaving_with_unsent_words(served_office: Site, rectifying: str) -> None:
    """写了没交就要走开：问一声；没写就不问；留下来字还在，走了再回来字也在，“清掉”就没有了。"""
    asked: list[str] = []
    with served_office.as_("liaison") as page:
        page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
        page.goto(f"/matters/{rectifying}/report-progress")
        page.goto("/matters")
        assert asked == []
        page.goto(f"/matters/{rectifying}/report-progress")
        page.get_by_label("进展").type("还没想好")
        page.goto("/matters")
        assert asked == ["beforeunload"]
        page.goto(f"/matters/{rectifying}/report-progress")
        expect(page.get_by_label("进展")).to_have_value("还没想好")
        page.get_by_role("button", name="不要了，清掉").click()
        expect(page.get_by_label("进展")).to_have_value("")
        page.goto(f"/matters/{rectifying}/report-progress")
        expect(page.get_by_label("进展")).to_have_value("")


def test_going_out_takes_the_words_along(served_office: Site, rectifying: str) -> None:
    """公用电脑上按“退出”，本机不留没交的字和照片。"""
    with served_office.as_("liaison") as page:
        page.goto(f"/matters/{rectifying}/attach-evidence")
        page.get_by_label("拍摄地点").fill("沟口")
        page.locator('[name="file"]').set_input_files(
            {"name": "沟口.png", "mimeType": "image/png", "buffer": PHOTOGRAPH}
        )
        expect(page.locator(".chosen")).to_contain_text("沟口.png")
        page.goto("/")
        page.locator(".mast details.menu summary").click()
        page.get_by_role("button", name="退出").click()
        expect(page.get_by_label("账号")).to_be_visible()
        assert page.evaluate("Object.keys(localStorage).length") == 0
        left = page.evaluate(
            """() => new Promise((done) => {
                const asked = indexedDB.open("duban", 1);
                asked.onsuccess = () => {
                    const count = asked.result.transaction("files").objectStore("files").count();
                    count.onsuccess = () => done(count.result);
                };
            })"""
        )
        assert left == 0


def test_dropped_and_pasted_files(served_office: Site, rectifying: str) -> None:
    """文件拖进来就选上，截图粘贴也行；没有名字的截图按时间起名。"""
    drop = """([name, type]) => {
        const carried = new DataTransfer();
        carried.items.add(new File([new Uint8Array([137, 80, 78, 71, 13, 10, 26, 10])], name, {type: "image/png"}));
        const event = type === "drop"
            ? new DragEvent("drop", {dataTransfer: carried, bubbles: true, cancelable: true})
            : new ClipboardEvent("paste", {clipboardData: carried, bubbles: true, cancelable: true});
        document.querySelector(type === "drop" ? "[data-drop]" : "#f-place").dispatchEvent(event);
    }"""
    with served_office.as_("liaison") as page:
        page.goto(f"/matters/{rectifying}/attach-evidence")
        expect(page.locator("[data-drop]")).to_contain_text("拖到这里")
        page.evaluate(drop, ["拖来的.png", "drop"])
        expect(page.locator(".chosen")).to_contain_text("拖来的.png")
        page.evaluate(drop, ["image.png", "paste"])
        expect(page.locator(".chosen")).to_contain_text("粘贴 ")
        page.locator('[name="kind"][value="photo"]').check()
        page.get_by_role("button", name="上传佐证").click()
        expect(page.locator(".papers")).to_contain_text("粘贴 ")


def test_days_in_words(served_office: Site, rectifying: str) -> None:
    """日期写成“6.30”“10个工作日内”都行，旁边马上说是哪天；从日历上选也行；写错了说清楚。"""
    with served_office.as_("liaison") as page:
        page.goto(f"/matters/{rectifying}/request-extension")
        field = page.locator('[name="until"]')
        said = page.locator("#f-until-words")
        field.fill("10个工作日内")
        expect(said).to_contain_text("即 3月17日（周一）")
        page.get_by_label("从日历上选：延到哪一天").fill("2008-04-18")
        expect(field).to_have_value("2008-04-18")
        expect(said).to_contain_text("即 4月18日（周五）")
        field.fill("2008-02-31")
        expect(said).to_contain_text("没有 2008-02-31 这一天")
        field.fill("4.30")
        page.get_by_label("延期理由").fill("连日降雨")
        page.get_by_role("button", name="申请延期", exact=True).click()
        expect(page.locator(".tl")).to_contain_text("4月30日")
