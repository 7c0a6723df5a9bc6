"""Every page for every role, wide and narrow: nothing inaccessible, nothing overflowing, nothing complained about."""

import pytest

from tests.browser.given import DESK, PHONE, Site, overflow, violations
from tests.browser.stages import one_in_each_stage
from tests.service.circulating import Circulation
from tests.service.test_meetings import meeting, take, taking

pytestmark = pytest.mark.browser

PAGES = {
    "clerk": (
        "/",
        "/matters",
        "/matters?q=没有这回事",
        "/matters?as_of=2008-03-20",
        "/matters?sort=due&col=unit&col=due&col=light&col=last&col=source&col=place&col=percent&col=problem",
        "/views",
        "/views/new?stage=rectifying",
        "/board",
        "/board?by=unit",
        "/overdue",
        "/support",
        "/support?state=answered",
        "/units",
        "/calendars/2008",
        "/letters",
        "/letters/sent",
        "/me",
        "/me/password",
        "/matters/register",
    ),
    "head": ("/",),
    "liaison": ("/", "/matters"),
    "verifier": ("/", "/look-backs"),
    "leader": ("/",),
    "auditor": ("/",),
    "admin": (
        "/",
        "/calendars",
        "/users",
        "/users/clerk",
        "/users/clerk/roles",
        "/people/register",
        "/calendars/2027/publish",
    ),
}
MATTERS = {
    "clerk": ("registered", "relapsed", "planned", "recalled"),
    "head": ("asked", "reviewed", "closed"),
    "liaison": ("suspended",),
}
FORMS = {
    "clerk": "assign approve-plan schedule-verification amend split recall-assignment withdraw-evidence".split(),
    "head": "decide-objection grant-extension correct reject-write-off".split(),
    "liaison": "submit-plan report-progress attach-evidence".split(),
    "verifier": ["fail-verification"],
    "leader": ["instruct-again", "instruct"],
}


@pytest.fixture(scope="module")
def matters(served_office: Site) -> dict[str, str]:
    """One matter in each stage a form needs; some of them late by the day the pages are looked at."""
    return one_in_each_stage(served_office.office)


@pytest.fixture(scope="module")
def bulletins(served_office: Site, matters: dict[str, str]) -> dict[str, tuple[str, ...]]:
    """Addresses of bulletins by who looks: one issued, one being written."""
    desk = Circulation(office=served_office.office)
    issued = desk.drafted(
        "ad_hoc", subject="防汛专项督查情况", **{"from": "2008-03-01", "to": "2008-04-01"}
    ).issued()
    out = f"/bulletins/{issued.id}"
    draft = f"/bulletins/{Circulation(office=served_office.office).drafted().id}"
    return {
        "clerk": ("/bulletins", "/bulletins/draft", out, f"{draft}/edit?section=situation", f"{draft}/check"),
        "head": (draft,),
        "liaison": (out,),
    }


@pytest.fixture(scope="module")
def meetings(served_office: Site, matters: dict[str, str]) -> dict[str, tuple[str, ...]]:
    """Addresses of a meeting by who looks: one decision is followed up, one waits."""
    office = served_office.office
    id_ = meeting(office)
    take(office, id_, taking(office, 2, "town", "schools", "environment"))
    here = f"/meetings/{id_}"
    forms = ("register", "add-decision", "attach-minutes")
    return {
        "clerk": ("/meetings", "/meetings/record", here, *(f"{here}/{form}" for form in forms)),
        "head": (f"{here}/correct", f"{here}/withdraw"),
        "leader": ("/meetings?q=没有", here),
    }


@pytest.mark.parametrize("account", PAGES)
def test_pages_are_accessible_and_fit(
    served_office: Site,
    matters: dict[str, str],
    bulletins: dict[str, tuple[str, ...]],
    meetings: dict[str, tuple[str, ...]],
    account: str,
) -> None:
    """每个角色看得到的每一页：无障碍检查零问题，宽屏和手机都不横向溢出，脚本和安全策略不报错。"""
    own = tuple(f"/matters/{matters[stage]}" for stage in MATTERS.get(account, ()))
    wrong = []
    with served_office.as_(account) as page:
        for path in (*PAGES[account], *own, *bulletins.get(account, ()), *meetings.get(account, ())):
            answer = page.goto(path)
            assert answer is not None
            assert answer.status == 200, f"{account} {path}: {answer.status}"
            assert page.locator("h1").count() == 1, path
            wrong += violations(page)
            for size in (PHONE, DESK):
                page.set_viewport_size(size)  # type: ignore[arg-type]
                assert overflow(page) <= 0, f"{path} is {overflow(page)} px too wide at {size['width']}"
    assert wrong == []
    assert served_office.seen == []


STAGE_OF = {
    "assign": "registered",
    "amend": "registered",
    "merge": "registered",
    "acknowledge": "assigned",
    "object": "assigned",
    "reassign": "assigned",
    "submit-plan": "acknowledged",
    "split": "registered",
    "recall-assignment": "assigned",
    "withdraw-evidence": "reported",
    "approve-plan": "planning",
    "return-plan": "planning",
    "answer-support": "asked",
    "grant-extension": "asked",
    "decide-objection": "objected",
    "schedule-verification": "reported",
    "pass-verification": "verifying",
    "fail-verification": "verifying",
    "approve-write-off": "reviewed",
    "reject-write-off": "reviewed",
    "instruct-again": "instructed",
    "leader-acknowledge": "instructed",
}


@pytest.mark.parametrize("account", FORMS)
def test_forms_are_accessible_and_fit(served_office: Site, matters: dict[str, str], account: str) -> None:
    """每种控件的表单：无障碍检查零问题，手机上不横向溢出。"""
    wrong = []
    with served_office.as_(account, viewport=PHONE) as page:
        for command in FORMS[account]:
            path = f"/matters/{matters[STAGE_OF.get(command, 'rectifying')]}/{command}"
            answer = page.goto(path)
            assert answer is not None
            assert answer.status == 200, f"{path}: {answer.status}"
            assert overflow(page) <= 0, path
            wrong += violations(page)
    assert wrong == []
    assert served_office.seen == []


@pytest.mark.parametrize("width", [320, 720, 1024, 1280, 1920])
def test_main_pages_fit_every_width(served_office: Site, matters: dict[str, str], width: int) -> None:
    """工作台、台账、看板、事项在 320 到 1920 像素、大字号下都不横向溢出。"""
    with served_office.as_("clerk", viewport={"width": width, "height": 800}) as page:
        for path in ("/", "/matters", "/board", f"/matters/{matters['asked']}"):
            page.goto(path)
            assert overflow(page) <= 0, path
            page.evaluate("document.documentElement.dataset.size = 'large'")
            assert overflow(page) <= 0, f"{path} in large type"


def test_menus_open_within_a_phone(served_office: Site, matters: dict[str, str]) -> None:
    """手机上打开的每个菜单都在屏幕里面，不切边。"""
    with served_office.as_("clerk", viewport=PHONE) as page:
        for path in ("/matters", "/board", f"/matters/{matters['rectifying']}"):
            page.goto(path)
            for menu in page.locator("details.menu:visible").all():
                menu.locator("summary").click()
                box = menu.locator("> div").bounding_box()
                assert box is not None
                assert box["x"] >= 0, path
                assert box["x"] + box["width"] <= PHONE["width"], path
                assert overflow(page) <= 0, path
                menu.locator("summary").click()


def test_the_door_is_accessible(served_office: Site) -> None:
    """登录页和输错密码后的登录页：无障碍检查零问题。"""
    context = served_office.context()
    page = served_office.page(context)
    page.goto("/login")
    wrong = violations(page)
    page.get_by_label("账号").fill("clerk")
    page.get_by_label("密码").fill("错的密码错的密码")
    page.get_by_role("button", name="登录").click()
    page.get_by_text("账号或密码不对").wait_for()
    wrong += violations(page)
    context.close()
    assert wrong == []


def test_refusals_look_like_the_rest(served_office: Site) -> None:
    """没有的网址、没有的事项、不归自己的页面：同一个样子，说清楚，有去处。"""
    with served_office.as_("liaison") as page:
        for path, status in (
            ("/nowhere", 404),
            ("/matters/none", 404),
            ("/letters/sent", 403),
            ("/users", 403),
        ):
            answer = page.goto(path)
            assert answer is not None
            assert answer.status == status
            assert page.get_by_role("link", name="回工作台").is_visible()
            assert violations(page) == []
