"""How long pages and lists take over a county of many open matters, by HTTP and in process, and the memory used."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import uvloop

from benchmarks.client import connect
from benchmarks.http import Rush
from benchmarks.measuring import Benchmark, Line, Measured, Sizes, percentile
from benchmarks.office import copied, opened
from benchmarks.serving import Server, served
from benchmarks.stock import LAST_DAY, Stock, moment, stock
from events.vocabulary import MatterId, UserName
from projections import board, lists
from projections.asking import Asked
from projections.register import register
from service.clock import machine_now
from service.identity import COOKIE
from service.runtime import Runtime
from service.storage.accounts import one_time_password

PAGE_BAR, SIMILAR_BAR, MEMORY_BAR = 20, 30, 200
"""Milliseconds at p95 of every list and page that is opened all day and of the search for the like, and MB."""
LIKELY = {
    "title": "柳湾乡39号点养老院食堂卫生问题",
    "problem": "柳湾乡39号点养老院食堂卫生，群众反映强烈，要求尽快整改。",
    "place": "柳湾乡39号点",
}
"""A matter as it is typed at 立项: hundreds are written alike."""
AT_ONCE = 16
PAST = moment(LAST_DAY - timedelta(days=90), 0).date().isoformat()


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked, as an address; ``{matter}`` stands for one matter after another."""

    what: str
    path: str
    bar: float | None = None


PAGES = (
    Question(what="事项页", path="/matters/{matter}", bar=PAGE_BAR),
    Question(what="事项，接口", path="/api/v1/matters/{matter}", bar=PAGE_BAR),
    Question(what="事项的历史，接口", path="/api/v1/matters/{matter}/history"),
    Question(what="台账首页", path="/matters", bar=PAGE_BAR),
    Question(what="台账首页，接口（50 件）", path="/api/v1/matters", bar=PAGE_BAR),
    Question(what="台账，整改中", path="/api/v1/matters?stage=rectifying"),
    Question(what=f"台账，{PAST} 时", path=f"/api/v1/matters?as_of={PAST}", bar=PAGE_BAR),
    Question(what="搜索常见词", path="/api/v1/matters?q=" + quote("饮水管网")),
    Question(what="搜索少见词", path="/api/v1/matters?q=" + quote("柳湾乡399号点养老院")),
    Question(
        what="相似事项，接口",
        path="/api/v1/matters/similar?" + urlencode(LIKELY),
        bar=SIMILAR_BAR,
    ),
    Question(what="逾期清单页", path="/overdue", bar=PAGE_BAR),
    Question(what="逾期清单，接口（200 件）", path="/api/v1/overdue"),
    Question(what="看板页", path="/board", bar=PAGE_BAR),
    Question(what="看板，接口", path="/api/v1/board"),
    Question(what="工作台页", path="/", bar=PAGE_BAR),
)


def measure(sizes: Sizes, room: Path) -> Measured:
    """One connection asks one page after another; then many at once, for the memory."""
    kept = stock(room.parent, sizes.matters)
    office = copied(kept.office, room / "office")
    with opened(office) as runtime:
        matters, cookie = some_matters(runtime, sizes.questions), clerks_cookie(runtime)
        inside = _in_process(runtime, matters, sizes.questions)
    bearer = f"Authorization: Bearer {office.tokens['clerk']}\r\n"
    with served(office, room / "log") as server:
        idle = server.memory()
        lines = [
            uvloop.run(asked_one_by_one(server, question, matters, cookie, bearer, sizes))
            for question in PAGES
        ]
        read = uvloop.run(_many(server, matters, cookie, bearer, sizes.seconds))
        after_reading = server.memory()
        written = Rush(port=server.port, office=office).run(64, sizes.seconds)
        after = server.memory()
    lines += inside
    lines.append(Line(what=f"{AT_ONCE} 个连接同时读事项页、台账页", unit="页/秒", values=(read,)))
    lines.append(Line(what="64 个连接同时写，库里已有这些事项", unit="条/秒", values=(written,)))
    lines.append(
        Line(
            what="服务进程，刚开",
            unit="MB",
            values=(idle,),
            bar=MEMORY_BAR,
            note=f"{server.started_in:.1f} 秒开好",
        )
    )
    lines.append(Line(what="服务进程，读过之后", unit="MB", values=(after_reading,), bar=MEMORY_BAR))
    lines.append(Line(what="服务进程，又写过之后", unit="MB", values=(after,), bar=MEMORY_BAR))
    return Measured(lines=tuple(lines), notes=(_about(kept),))


def _about(kept: Stock) -> str:
    return (
        f"样本库：在办 {kept.matters:,} 件，事实 {kept.facts:,} 条；"
        f"{kept.commands:,} 条命令用 {kept.seconds:.0f} 秒写成"
        f"（{kept.commands / kept.seconds:,.0f} 条/秒，投影其后一次建成）。p50 为中位，另注 p95；要求按 p95 判断。"
    )


def clerks_cookie(runtime: Runtime) -> str:
    """A line of a request by a clerk who is logged in."""
    runtime.accounts.set_password(UserName("clerk"), one_time_password(), machine_now())
    return f"Cookie: {COOKIE}={runtime.accounts.log_in(UserName('clerk'), machine_now())}\r\n"


def some_matters(runtime: Runtime, count: int) -> list[MatterId]:
    """Ids of matters that lie scattered over the stock."""
    with runtime.database.reading.connect() as connection:
        ids = [row.id for row in connection.execute(register.select().with_only_columns(register.c.id))]
    return random.Random(7).sample(ids, min(count, len(ids)))


async def asked_one_by_one(
    server: Server, question: Question, matters: list[MatterId], cookie: str, bearer: str, sizes: Sizes
) -> Line:
    """How long a page takes, asked again and again by one connection; told with p95 and processor time."""
    connection = await connect(server.port)
    headers = bearer if question.path.startswith("/api/") else cookie
    took: list[float] = []
    spent = 0.0
    for n in range(-3, sizes.questions):
        spent = spent if n else server.spent()
        path = question.path.replace("{matter}", matters[n % len(matters)])
        started = time.perf_counter()
        answer = await connection.ask("GET", path, headers)
        if answer.status != 200:
            raise RuntimeError(f"{path}: {answer.status} {answer.body[:500].decode()}")
        if n >= 0:
            took.append((time.perf_counter() - started) * 1e3)
    connection.close()
    spent = (server.spent() - spent) / sizes.questions * 1e3
    return _line(f"HTTP：{question.what}", took, question.bar, f"，处理器 {spent:.1f}")


def _line(what: str, took: list[float], bar: float | None = None, more: str = "") -> Line:
    note = f"p95 {percentile(took, 0.95):.1f}{more}"
    return Line(what=what, unit="毫秒", values=tuple(took), bar=bar, judged_at=0.95, note=note)


async def _many(server: Server, matters: list[MatterId], cookie: str, bearer: str, seconds: float) -> float:
    """Pages per second with several readers at once."""
    until, started, read = time.perf_counter() + seconds, time.perf_counter(), 0

    async def somebody(who: int) -> None:
        nonlocal read
        connection = await connect(server.port)
        n = who
        while time.perf_counter() < until:
            path = f"/matters/{matters[n % len(matters)]}" if n % 2 else "/matters"
            await connection.ask("GET", path, cookie + bearer)
            read, n = read + 1, n + AT_ONCE + 1
        connection.close()

    await asyncio.gather(*(somebody(n) for n in range(AT_ONCE)))
    return read / (time.perf_counter() - started)


def _in_process(runtime: Runtime, matters: list[MatterId], times: int) -> list[Line]:
    day, calendar = LAST_DAY, runtime.calendars.now()
    past = runtime.store.position_at(moment(LAST_DAY - timedelta(days=90)))

    def asking(question: Callable[..., Any], **words: Any) -> Callable[[int], object]:
        def ask(_: int) -> object:
            with runtime.database.reading.connect() as connection:
                return question(connection, Asked(day=day, **words), calendar)

        return ask

    def board_now(_: int) -> object:
        with runtime.database.reading.connect() as connection:
            return board.board(connection)

    inside: dict[str, Callable[[int], object]] = {
        "事项折叠": lambda n: runtime.handling.load(f"matter-{matters[n % len(matters)]}"),
        "台账首页": asking(lists.matters),
        f"台账，{PAST} 时": asking(lists.matters, position=past),
        "搜索常见词": asking(lists.matters, q="饮水管网"),
        "搜索少见词": asking(lists.matters, q="柳湾乡399号点养老院"),
        "逾期清单": asking(lists.overdue, limit=200),
        "待核查": asking(lists.awaiting_verification),
        "看板": board_now,
    }
    return [_timed(f"进程内：{what}", work, times) for what, work in inside.items()]


def _timed(what: str, work: Callable[[int], object], times: int) -> Line:
    work(0)
    took: list[float] = []
    for n in range(times):
        started = time.perf_counter()
        work(n)
        took.append((time.perf_counter() - started) * 1e3)
    return _line(what, took)


BENCHMARK = Benchmark(name="reading", title="页面与清单", run=measure)
