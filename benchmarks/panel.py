"""The register under ten filters of its panel, lanes, the leader's page, what an open list asks; what pages weigh."""

from __future__ import annotations

import gzip
import re
import shutil
import time
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import uvloop
from playwright.sync_api import sync_playwright

from benchmarks.client import connect
from benchmarks.measuring import Benchmark, Line, Measured, Sizes, percentile
from benchmarks.office import Office, copied, opened
from benchmarks.serving import Server, served
from benchmarks.stock import LAST_DAY, stock
from events.vocabulary import UserName
from service.clock import machine_now
from service.identity import COOKIE
from service.storage.accounts import Accounts, one_time_password

BAR, WHOLE_BAR, WEIGHT_BAR = 25, 500, 0.15
"""Milliseconds of a page by p95, of a page with everything in a browser, megabytes of it (issue: The workplace)."""
OPENED = 7
"""How often the browser opens a page it has never seen."""
ASSET = re.compile(rb'(?:href|src)="(/static/[^"]+)"')
MODULE = re.compile(rb'from "\./([a-z]+\.js)"')


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page by its name; ``{unit}`` stands for a unit that leads many matters."""

    what: str
    path: str
    bar: float | None = BAR


SOON, LATER = LAST_DAY.isoformat(), (LAST_DAY + timedelta(days=14)).isoformat()
FILTERS = (
    Page(what="在办", path="/matters?state=open"),
    Page(what="逾期", path="/matters?state=open&overdue=1"),
    Page(what="在办，期限近的在前", path="/matters?state=open&sort=due"),
    Page(what="整改中，期限远的在前", path="/matters?stage=rectifying&sort=-due"),
    Page(what="一个单位的在办，期限近的在前", path="/matters?state=open&unit={unit}&sort=due"),
    Page(what="一个单位的，含配合的", path="/matters?state=open&unit={unit}&wide=co"),
    Page(what="两周内到期", path=f"/matters?state=open&due_after={SOON}&due_before={LATER}"),
    Page(
        what="一个类别、一个来源的在办",
        path="/matters?state=open&kind=rectification&source=" + quote("专项督查"),
    ),
    Page(what="查一个词，在办的", path="/matters?state=open&q=" + quote("柳湾乡")),
    Page(what="全部，新立的在前", path="/matters?state=all&sort=-number"),
)
"""The ten filters named by the issue."""
OTHERS = (
    Page(what="工作台", path="/"),
    Page(what="看板", path="/board"),
    Page(what="看板，按责任单位", path="/board?by=unit"),
)


def measure(sizes: Sizes, room: Path) -> Measured:
    """One connection asks one page after another; a browser opens some with nothing kept."""
    kept = stock(room.parent, sizes.matters)
    office = copied(kept.office, room / "office")
    with opened(office) as runtime:
        head = runtime.store.head().position
        cookies = {name: _session(runtime.accounts, name) for name in ("clerk", "leader")}
    clerk, leader = (f"Cookie: {COOKIE}={cookies[name]}\r\n" for name in ("clerk", "leader"))
    with served(office, room / "log") as server:
        lines = [_p95(server, clerk, f"台账：{page.what}", page, office, sizes) for page in FILTERS]
        lines += [_p95(server, clerk, page.what, page, office, sizes) for page in OTHERS]
        lines.append(_p95(server, leader, "领导一页", Page(what="", path="/"), office, sizes))
        quiet = f'{clerk}If-None-Match: "{head}-{LAST_DAY.isoformat()}"\r\n'
        nothing = Page(what="", path=f"/live?of=/matters&at={head}", bar=None)
        lines.append(_p95(server, quiet, "开着的清单自己问，没有新动静", nothing, office, sizes, status=304))
        busy = Page(what="", path=f"/live?of=/matters&at={head - 100}", bar=None)
        lines.append(_p95(server, clerk, "开着的清单自己问，刚记下一百条", busy, office, sizes))
        lines.append(uvloop.run(_weight(server, clerk, "/matters?state=open")))
        lines += _in_browser(server, cookies["clerk"])
    return Measured(lines=tuple(lines))


def _session(accounts: Accounts, name: str) -> str:
    accounts.set_password(UserName(name), one_time_password(), machine_now())
    return accounts.log_in(UserName(name), machine_now())


def _p95(
    server: Server, headers: str, what: str, page: Page, office: Office, sizes: Sizes, *, status: int = 200
) -> Line:
    before = server.spent()
    path = page.path.replace("{unit}", office.units[0])
    took = uvloop.run(_asked(server, headers, path, sizes.questions, status))
    spent = (server.spent() - before) / (sizes.questions + WARMING) * 1e3
    return Line(
        what=f"{what}，p95",
        unit="毫秒",
        values=(percentile(took, 0.95),),
        bar=page.bar,
        note=f"p50 {percentile(took, 0.5):.1f}，处理器 {spent:.1f}",
    )


WARMING = 3


async def _asked(server: Server, headers: str, path: str, times: int, status: int) -> list[float]:
    connection = await connect(server.port)
    took: list[float] = []
    for n in range(-WARMING, times):
        started = time.perf_counter()
        answer = await connection.ask("GET", path, headers)
        if answer.status != status:
            raise RuntimeError(f"{path}: {answer.status} {answer.body[:500].decode()}")
        if n >= 0:
            took.append((time.perf_counter() - started) * 1e3)
    connection.close()
    return took


async def _weight(server: Server, headers: str, path: str) -> Line:
    """What the first visit carries: the page as it is, sheets and scripts packed."""
    connection = await connect(server.port)
    page = (await connection.ask("GET", path, headers)).body
    found = {asset.decode() for asset in ASSET.findall(page)}
    main = (await connection.ask("GET", "/static/js/main.js", headers)).body
    found |= {f"/static/js/{name.decode()}" for name in MODULE.findall(main)}
    packed = 0
    for asset in sorted(found):
        answer = await connection.ask("GET", asset, f"{headers}Accept-Encoding: gzip\r\n")
        packed += len(answer.body)
    connection.close()
    note = f"页面 {len(page) / 1e3:.0f} KB（压缩后 {len(gzip.compress(page)) / 1e3:.0f}），其余 {packed / 1e3:.0f} KB"
    weight = (len(page) + packed) / 1e6
    return Line(what="头一次打开台账的分量", unit="MB", values=(weight,), bar=WEIGHT_BAR, note=note)


def _in_browser(server: Server, session: str) -> list[Line]:
    """Whole pages in Chromium with an empty cache; nothing where there is no browser to measure with."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        return []
    address, lines = f"http://127.0.0.1:{server.port}", []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        for what, path in (("台账", "/matters?state=open"), ("工作台", "/"), ("看板", "/board")):
            took = []
            for _ in range(OPENED):
                context = browser.new_context(locale="zh-CN", viewport={"width": 1440, "height": 900})
                context.add_cookies([{"name": COOKIE, "value": session, "url": address}])
                page = context.new_page()
                page.goto(f"{address}{path}")
                took.append(
                    float(page.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd"))
                )
                context.close()
            lines.append(
                Line(what=f"Chromium，空缓存：{what}", unit="毫秒", values=tuple(took[1:]), bar=WHOLE_BAR)
            )
        browser.close()
    return lines


BENCHMARK = Benchmark(name="panel", title="台账的筛选、看板与页面的分量", run=measure)
