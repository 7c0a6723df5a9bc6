"""看板上移动卡片: dragged, by key, without scripts; each time the form of the act is what opens."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.given import DESK, PHONE, Site, overflow, violations

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def cards(served_office: Site) -> dict[str, str]:
    """One matter to be assigned, one reported, one ready for writing off."""
    office = served_office.office.at("2008-03-03")
    return {
        "registered": office.register(title="竹溪乡通村公路塌方路段未设警示"),
        "reported": office.reported(title="旅游厕所管护责任不落实"),
        "reviewed": office.reviewed(title="农村公路安防设施缺失路段整治"),
    }


def card(page: Page, matter: str):  # type: ignore[no-untyped-def]
    return page.locator(f'[data-card="{matter}"]')


def test_a_card_is_dropped_where_an_act_leads(served_office: Site, cards: dict[str, str]) -> None:
    """把待交办的一张拖到“待签收”，打开的是交办的表；拖到去不了的格子，什么也不发生。"""
    with served_office.as_("clerk") as page:
        page.goto("/board")
        card(page, cards["registered"]).hover()
        page.wait_for_load_state("networkidle")
        card(page, cards["registered"]).drag_to(page.locator('[data-column="review"]'))
        expect(page).to_have_url(f"{served_office.url}/board")
        card(page, cards["registered"]).drag_to(page.locator('[data-column="assigned"]'))
        page.wait_for_url(f"**/matters/{cards['registered']}/assign")
        expect(page.get_by_role("heading", level=1)).to_have_text("交办")
    assert served_office.seen == []


def test_a_card_is_moved_by_key(served_office: Site, cards: dict[str, str]) -> None:
    """j 走到卡片，m 打开“移动”，列出能去的几处；Esc 关上，焦点还在；回车打开那一步的表。"""
    with served_office.as_("head") as page:
        page.goto("/board")
        card(page, cards["reviewed"]).locator("a.t").focus()
        page.keyboard.press("m")
        dialog = page.get_by_role("dialog", name="移动")
        expect(dialog).to_contain_text("农村公路安防设施缺失路段整治")
        expect(dialog).to_contain_text("移到：整改中")
        assert violations(page) == []
        page.keyboard.press("j")
        expect(dialog).to_be_visible()
        page.keyboard.press("Escape")
        expect(dialog).to_be_hidden()
        page.keyboard.press("m")
        dialog.get_by_role("link", name="退回整改").focus()
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/matters/{cards['reviewed']}/reject-write-off")
    assert served_office.seen == []


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["宽屏", "手机"])
def test_a_card_is_moved_without_scripts(
    served_office: Site, cards: dict[str, str], viewport: dict[str, int]
) -> None:
    """没有脚本：点卡片上的“移动”，选一处，就是那一步的表。"""
    with served_office.as_("clerk", viewport=viewport, script=False) as page:
        page.goto("/board")
        card(page, cards["reported"]).get_by_role("link", name="移动").click()
        page.get_by_role("link", name="退回报结").click()
        page.wait_for_url(f"**/matters/{cards['reported']}/return-completion")


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["宽屏", "手机"])
def test_boards_and_moves_are_accessible(
    served_office: Site, cards: dict[str, str], viewport: dict[str, int]
) -> None:
    """每种泳道、移动页：无障碍检查零问题，不横向溢出。"""
    wrong = []
    with served_office.as_("clerk", viewport=viewport) as page:
        for path in ("/board", "/board?by=unit", "/board?by=leader", f"/board/{cards['reported']}"):
            page.goto(path)
            assert overflow(page) <= 0, path
            wrong += violations(page)
    assert wrong == []
