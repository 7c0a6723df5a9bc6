"""开着的清单自己更新: counts change in place, news are offered, no row moves; a hidden tab asks nothing."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.given import DESK, PHONE, Site, overflow, violations

pytestmark = pytest.mark.browser

HIDE = "Object.defineProperty(document, 'hidden', {get: () => window.away === true, configurable: true})"


def turned(page: Page, *, away: bool) -> None:
    """As if another tab were looked at, or this one again."""
    page.evaluate(f"window.away = {str(away).lower()}; document.dispatchEvent(new Event('visibilitychange'))")


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["宽屏", "手机"])
def test_news_are_offered_and_nothing_moves(served_office: Site, viewport: dict[str, int]) -> None:
    """别人立了项：下面出现“有 1 件更新”，左栏的数变了，正看的行一行不动，焦点不跳；点了才显示。"""
    office = served_office.office.at("2008-03-03")
    first = f"正在看的一件，{viewport['width']}"
    office.register(title=first)
    with served_office.as_("clerk", viewport=viewport) as page:
        page.clock.install()
        page.goto("/matters?sort=-number")
        row = page.get_by_role("link", name=first)
        row.focus()
        before, rows = row.bounding_box(), page.locator("[data-row]").count()
        count = page.locator('[data-count="/matters"]').first.text_content() or ""
        page.clock.run_for(25_000)
        page.wait_for_load_state("networkidle")
        expect(page.locator("[data-live] a")).to_have_count(0)

        office.register(title=f"后来的一件，{viewport['width']}")
        page.clock.run_for(25_000)
        news = page.get_by_role("link", name="有 1 件更新，点此显示")
        expect(news).to_be_visible()
        assert row.bounding_box() == before
        assert page.locator("[data-row]").count() == rows
        expect(row).to_be_focused()
        expect(page.locator('[data-count="/matters"]').first).to_have_text(str(int(count) + 1))
        assert violations(page) == []
        assert overflow(page) <= 0
        news.click()
        expect(page.locator("[data-row]").first).to_contain_text(f"后来的一件，{viewport['width']}")
    assert served_office.seen == []


def test_figures_and_bell_change_in_their_places(served_office: Site) -> None:
    """工作台上的数和消息数自己变，下面的清单等人点。"""
    office = served_office.office.at("2008-03-04")
    with served_office.as_("clerk") as page:
        page.clock.install()
        page.goto("/")
        figure = page.locator(".tally a", has_text="待交办").locator("b")
        was = int(figure.text_content() or "0")
        office.register(title="新立的一件")
        page.clock.run_for(25_000)
        expect(figure).to_have_text(str(was + 1))
    with served_office.as_("liaison") as page:
        page.clock.install()
        page.goto("/")
        letters = page.locator("[data-unread] b")
        was = int(letters.text_content() or "0")
        office.assigned(title="刚交办的一件")
        page.clock.run_for(25_000)
        expect(letters).to_have_text(str(was + 1))
    assert served_office.seen == []


def test_a_hidden_tab_asks_nothing(served_office: Site) -> None:
    """切到别的标签页，就不再问；切回来马上问一次。"""
    with served_office.as_("clerk") as page:
        page.add_init_script(HIDE)
        page.clock.install()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url) if "/live?" in request.url else None)
        page.goto("/matters")
        turned(page, away=True)
        page.clock.run_for(200_000)
        assert asked == []
        with page.expect_response("**/live?**"):
            turned(page, away=False)
        assert len(asked) == 1


def test_a_session_that_ended_is_said(served_office: Site) -> None:
    """登录过期了，页面说一声，不再问。"""
    with served_office.as_("clerk") as page:
        page.clock.install()
        page.goto("/matters")
        page.context.clear_cookies()
        page.clock.run_for(25_000)
        expect(page.get_by_role("link", name="登录已过期，重新登录")).to_be_visible()
