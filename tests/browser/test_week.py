"""督查室的一周 over the pages, by the people whose work it is; every evening the pages show what was counted by hand."""

from __future__ import annotations

import re
from collections import Counter
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.given import Site, fill, overflow, site, violations
from tests.service.opened import Furnished
from tests.service.test_week_told import letters_leave
from tests.service.week_story import (
    CAREFUL,
    DECISIONS,
    OPINION,
    OURS,
    PONDS,
    RIVER,
    WEEK,
    before,
)
from tests.service.week_telling import (
    Act,
    ApproveMany,
    Do,
    GoAway,
    Meet,
    PrintLetters,
    Register,
    live,
    shown,
)

pytestmark = pytest.mark.browser

DUTIES = (
    "to-assign support verifications approvals write-offs mine-to-verify objections extensions plans".split()
)
RATES = {"closing_rate": "办结率", "receipt_rate": "签收率", "handling_rate": "处理率"}
NAMES = {"colleague": "陆听雨"}


class ByPage:
    """Lives through the week in browsers, one for each of those it is about."""

    def __init__(self, served: Site, stack: ExitStack, folder: Path) -> None:
        self.site, self.stack, self.office = served, stack, served.office
        self.open: dict[str, Page] = {}
        self.scan = folder / "回执.pdf"
        self.scan.write_bytes(b"%PDF-1.4 signed and stamped")

    def of(self, account: str) -> Page:
        """The browser of somebody, opened once."""
        if account not in self.open:
            self.open[account] = self.stack.enter_context(self.site.as_(account))
        return self.open[account]

    def begin(self, on: str) -> None:
        page = self.of("admin")
        page.goto("/")
        page.get_by_text("拨时间", exact=True).click()
        page.locator("#drill-moment").fill(f"{on}T08:30")
        page.get_by_role("button", name="走到此刻并跑规则").click()
        expect(page.locator(".drill")).to_contain_text("08:30")
        self.office.at(f"{on} 08:30")

    def deliver(self) -> None:
        assert self.office.now is not None
        letters_leave(self.office, f"{self.office.now[:10]} 17:00")

    def act(self, act: Act) -> None:
        page = self.of(act.by)
        match act:
            case Do():
                self._do(page, act)
            case Meet():
                self._meet(page)
            case GoAway():
                page.goto(f"/people/{self.office.people[act.by]}")
                page.get_by_role("link", name="请人代办").click()
                page.locator('[name="to"]').select_option(value=self.office.people[act.to])
                fill(page, until=act.until)
                self._send(page)
                expect(page.locator("main")).to_contain_text(f"由 {NAMES[act.to]} 代办")
            case Register():
                page.goto("/matters/register")
                fill(page, title=act.title, kind="superior_transfer", source="上级督查移交", problem="见来文")
                self._send(page)
                expect(page.get_by_role("heading", level=1)).to_have_text(act.title)
                page.wait_for_load_state()
            case PrintLetters():
                self._print(page, act)
            case ApproveMany():
                page.goto("/approvals")
                for title in act.matters:
                    page.get_by_role("checkbox", name=title).check()
                page.get_by_role("button", name="看一遍再批").click()
                page.get_by_role("button", name=f"批准 {len(act.matters)} 件").click()
                expect(page.get_by_role("status").filter(has_text="已批准")).to_be_visible()

    def _do(self, page: Page, act: Do) -> None:
        matter = self.office.titled(act.matter, act.unit)
        page.goto(f"/matters/{matter}")
        way = "?for=unit" if act.paper or act.telephone else ""
        link = page.locator(f'a[href$="/{matter}/{act.command}{way}"]').first
        if not link.is_visible():
            page.locator("summary", has_text="更多").first.click()
        link.click()
        page.wait_for_url(f"**/{act.command}{way}")
        fill(page, **act.said, **({"file": str(self.scan)} if act.paper else {}))
        self._send(page)
        if act.refused:
            expect(page.get_by_role("alert")).to_contain_text(act.refused)
        else:
            expect(page.get_by_role("status").filter(has_text="已办")).to_be_visible()
            page.wait_for_load_state()

    def _meet(self, page: Page) -> None:
        assert self.office.now is not None
        page.goto("/meetings/record")
        decisions = "\n".join(text for text, _, _ in DECISIONS)
        held = {"title": "汛前调度会", "held_on": self.office.now[:10], "chair": "沈如松"}
        fill(page, kind="scheduling", **held, decisions=decisions)
        self._send(page)
        page.get_by_role("link", name="议定事项立项").click()
        fill(page, kind="immediate", time_limit="10日内", quality_requirement="真改实改")
        for n, (_, units, limit) in enumerate(DECISIONS, 1):
            fill(page, **{f"unit_{n}": units[0], f"limit_{n}": limit})
            if units[1:]:
                page.locator(f"#d-{n} summary").click()
            for unit in units[1:]:
                page.locator(f"#d-{n}").get_by_role("checkbox", name=unit, exact=True).check()
        page.get_by_role("button", name="先看一遍").click()
        expect(page.locator("#d-1")).to_contain_text("会立项，分办给 12 个单位")
        page.get_by_role("button", name=f"立项 {len(DECISIONS)} 项").click()
        expect(page.locator("main")).to_contain_text(f"议定 {len(DECISIONS)} 项，立项 {len(DECISIONS)}")

    def _print(self, page: Page, act: PrintLetters) -> None:
        page.goto("/letters/paper")
        expect(page.locator('[name="letters"]')).to_have_count(act.count)
        page.get_by_role("button", name="打印这一批").click()
        expect(page.locator("table.handover tbody tr")).to_have_count(act.count)
        for unit in act.signed:
            self._sign(page, unit)

    def _sign(self, page: Page, unit: str) -> None:
        """Enters who signed for every 督办通知 of a unit."""
        mine = page.locator("table.handover tbody tr").filter(has_text=unit).filter(has_text="督办通知")
        for nth in range(mine.count()):
            mine.nth(nth).locator("[name=by]").fill(f"{unit}值班员")
            mine.nth(nth).get_by_role("button", name="登记回执").click()
            expect(mine.nth(nth)).to_contain_text(f"{unit}值班员")

    def _send(self, page: Page) -> None:
        page.locator('main .send button[type="submit"]').first.click()

    def board(self) -> tuple[int, ...]:
        page = self.of("head")
        page.goto("/board")
        return tuple(int(text) for text in page.locator(".board .col-h b").all_inner_texts())

    def overdue(self) -> list[tuple[str, int]]:
        page = self.of("head")
        page.goto("/overdue")
        rows = page.locator("main [data-row]")
        days = [re.search(r"逾期 (\d+) 天", text) for text in rows.all_inner_texts()]
        return [
            (title.strip(), int(late[1]))
            for title, late in zip(rows.locator("a.t").all_inner_texts(), days, strict=True)
            if late
        ]

    def owed(self, account: str) -> dict[str, tuple[str, ...]]:
        page = self.of(account)
        page.goto("/")
        found = {}
        for duty in DUTIES:
            part = page.locator(f'section[aria-labelledby="{duty}"]')
            if part.count():
                found[part.locator("h2").inner_text().split()[0]] = self._titles(part)
        if ours := page.locator("article.owe h2 a").all_inner_texts():
            found[OURS] = tuple(ours)
        waited = page.locator('section[aria-labelledby="helping"] [data-row]').filter(has_text="等本单位意见")
        if waited.count():
            found[OPINION] = tuple(waited.locator("a.t").all_inner_texts())
        return found

    def _titles(self, part: Locator) -> tuple[str, ...]:
        return tuple(title.strip() for title in part.locator("[data-row] a.t").all_inner_texts())

    def rates(self, upto: str) -> dict[str, tuple[int, int]]:
        page = self.of("head")
        page.goto(f"/statistics?from=2008-02-01&to={upto}")
        table = page.get_by_role("table", name="各项数字")
        found = {}
        for rule, label in RATES.items():
            row = table.get_by_role("row").filter(has=page.get_by_role("rowheader", name=label, exact=True))
            of = row.locator("a").evaluate_all("all => all.map(a => a.firstChild.textContent)")
            found[rule] = (int(of[0]), int(of[1]))
        return found

    def letters(self, account: str, on: str) -> Counter[str]:
        page = self.of(account)
        page.goto("/letters")
        _, month, day = on.split("-")
        rows = page.locator("main [data-row]").filter(has_text=f"{int(month)}月{int(day)}日 ")
        titles = rows.locator("a.t").evaluate_all("all => all.map(a => a.lastChild.textContent)")
        return Counter(title.partition("：")[0] for title in titles)

    def on_paper(self) -> int:
        page = self.of("head")
        page.goto("/letters/paper")
        return page.locator('[name="letters"]').count()

    def stands_in(self) -> bool:
        page = self.of("colleague")
        matter = self.office.titled(PONDS)
        seen = set()
        for path in ("/", "/board", "/letters", f"/matters/{matter}", f"/matters/{matter}/urge"):
            page.goto(path)
            seen.add(page.locator(".standing", has_text="您在代 林砚秋（").count() == 1)
        (same_everywhere,) = seen
        return same_everywhere


def test_is_right_every_evening(furnished_office: Furnished, chromium: Browser, tmp_path: Path) -> None:
    """周一到周五各人在自己的页面上办完这一周；每天傍晚看板、逾期、工作台、统计、消息和打印送达都与手数的一样。"""
    with (
        site(furnished_office, tmp_path / "site", chromium, procedures=CAREFUL) as served,
        ExitStack() as stack,
    ):
        before(served.office)
        walker = ByPage(served, stack, tmp_path)
        for day in WEEK:
            live(walker, day)
            assert shown(walker, day) == day.evening, day.on
            assert walker.stands_in() is day.stands_in, day.on
        page = walker.of("clerk")
        page.goto(f"/matters/{served.office.titled(PONDS)}")
        expect(page.locator(".tl")).to_contain_text("代林砚秋办理（代）")
        for path in (
            "/",
            "/letters/paper",
            "/approvals",
            f"/matters/{served.office.titled(RIVER, '白渡镇')}",
        ):
            page.goto(path)
            assert violations(page) == []
            assert overflow(page) <= 0
        assert served.seen == []
