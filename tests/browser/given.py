"""A furnished office behind real pages: served on the loopback, entered with a browser as anybody."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import axe_playwright_python
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, expect

from events.vocabulary import UserName
from service.app import make_app
from service.identity import COOKIE
from service.runtime import Runtime
from tests.service.given import STAFF, Office
from tests.service.opened import Furnished

AXE = Path(axe_playwright_python.__file__).parent / "axe.min.js"
PASSWORD = "柳溪沟-清运-2008"
PHOTOGRAPH = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001a5f6"
    "45400000000049454e44ae426082"
)
"""The smallest picture."""
PATIENCE = 40_000
"""Milliseconds: a busy machine is no failure."""
expect.set_options(timeout=PATIENCE / 2)
DESK, PHONE = {"width": 1440, "height": 900}, {"width": 360, "height": 800}


@dataclass(kw_only=True)
class Site:
    """A served office. ``seen`` holds what a browser complained about since it was last emptied."""

    url: str
    office: Office
    browser: Browser
    seen: list[str] = field(default_factory=list)

    @contextmanager
    def as_(self, account: str, *, viewport: dict[str, int] = DESK, script: bool = True) -> Iterator[Page]:
        """A browser in which somebody is logged in, on 工作台."""
        context = self.context(viewport=viewport, script=script)
        page = self.page(context)
        self.enter(context, account)
        page.goto("/")
        try:
            yield page
        finally:
            context.close()

    def context(self, *, viewport: dict[str, int] = DESK, script: bool = True) -> BrowserContext:
        """A browser of its own, in Chinese."""
        return self.browser.new_context(
            base_url=self.url,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            viewport={"width": viewport["width"], "height": viewport["height"]},
            java_script_enabled=script,
        )

    def page(self, context: BrowserContext) -> Page:
        """A page whose complaints are noted: of scripts, of the content security policy, of files not found."""
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: self.seen.append(f"{page.url}: {error}"))
        page.on("console", lambda said: self._note(page, said.type, said.text))
        return page

    def _note(self, page: Page, kind: str, text: str) -> None:
        if kind in ("error", "warning") and "status of 4" not in text:
            self.seen.append(f"{page.url}: {text}")

    def enter(self, context: BrowserContext, account: str) -> None:
        """As after the door: passing it with a password each time is slow on purpose."""
        assert self.office.runtime is not None
        session = self.office.runtime.accounts.log_in(UserName(account), datetime.now(UTC))
        context.add_cookies([{"name": COOKIE, "value": session, "url": self.url}])

    def log_in(self, page: Page, account: str) -> None:
        """Through the door."""
        page.goto("/login")
        page.get_by_label("账号").fill(account)
        page.get_by_label("密码").fill(PASSWORD)
        page.get_by_role("button", name="登录").click()
        page.wait_for_url(f"{self.url}/")


def with_passwords(runtime: Runtime) -> None:
    """Gives everybody the same password: hashing is slow on purpose, so one is copied to all."""
    from sqlalchemy import select

    from service.storage.tables import accounts

    runtime.accounts.set_password(UserName("admin"), PASSWORD, datetime.now(UTC))
    with runtime.database.writing.connect() as connection, connection.begin():
        row = dict(
            connection.execute(select(accounts).where(accounts.c.user_name == "admin")).mappings().one()
        )
        for account in STAFF:
            connection.execute(accounts.delete().where(accounts.c.user_name == account))
            connection.execute(accounts.insert().values(**{**row, "user_name": account}))


@contextmanager
def site(model: Furnished, folder: Path, browser: Browser, **sections: Mapping[str, Any]) -> Iterator[Site]:
    """A copy of an office on a real server."""
    organization = {"name": "云溪县人民政府督查室", "code": "云督"}
    with model.copy(folder, organization=organization, **sections) as office:
        assert office.runtime is not None
        with_passwords(office.runtime)
        with _serving(office.runtime) as url:
            yield Site(url=url, office=office, browser=browser)


@contextmanager
def _serving(runtime: Runtime) -> Iterator[str]:
    config = uvicorn.Config(make_app(runtime), host="127.0.0.1", port=0, log_level="error", lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    ends = time.monotonic() + 20
    while not server.started:
        assert time.monotonic() < ends, "the server did not start"
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(timeout=20)


def fill(page: Page, **typed: str) -> None:
    """Fills in fields by name: a choice by its stored value, a tick and a list by their words, a file by its path."""
    for name, value in typed.items():
        field = page.locator(f'main [name="{name}"]')
        if not field.first.is_visible():
            page.locator("main details.more-fields").filter(has=field).locator("summary").click()
        kind = field.first.get_attribute("type")
        if kind == "radio":
            page.locator(f'main [name="{name}"][value="{value}"]').check()
        elif kind == "checkbox":
            page.get_by_role("checkbox", name=value).check()
        elif kind == "file":
            field.set_input_files(value)
        elif field.first.evaluate("e => e.tagName") == "SELECT":
            field.select_option(label=value)
        else:
            field.first.fill(value)


def overflow(page: Page) -> int:
    """By how many pixels a page is wider than its window."""
    wider: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return wider


def violations(page: Page) -> list[str]:
    """What axe finds wrong with a page (wcag 2.0 to 2.2 A and AA, and best practice)."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[dict[str, Any]] = page.evaluate(
        """async () => (await axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa',
        'best-practice']})).violations"""
    )
    return [f"{page.url} {one['id']}: {one['nodes'][0]['html'][:160]}" for one in found]
