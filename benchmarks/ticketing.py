"""The work of a 督查室 done here and by django-helpdesk, on the same engine, with as many open matters as tickets."""

from __future__ import annotations

import asyncio
import random
import shutil
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import uvloop

from benchmarks.apart import NOT_THERE, TICKETING, asked, environment, tickets_served
from benchmarks.client import Connection, connect
from benchmarks.http import Rush
from benchmarks.lives import Step, assignment, progress, registration, send
from benchmarks.measuring import Benchmark, Line, Measured, Sizes
from benchmarks.office import Office, actors, copied, opened
from benchmarks.reading import clerks_cookie, some_matters
from benchmarks.serving import Server, served
from benchmarks.stock import LAST_DAY, moment, stock
from events.vocabulary import MatterId
from service.runtime import Runtime
from service.ticking import tick

PEER = "django-helpdesk"
PAGE_RATIO, WRITE_RATIO = 0.10, 20.0
"""Of their time at most, and of their writes at least; held where there are so many as BARRED_AT."""
BARRED_AT = 100_000
CONNECTIONS = 64
TWICE = 3
"""How often their pages are asked for after one that does not count: at 100,000 tickets one takes seconds."""
FORM = "Content-Type: application/x-www-form-urlencoded\r\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What somebody wants to see: our address, and theirs; a list of theirs is a page and the rows it then fetches."""

    what: str
    ours: str
    theirs: tuple[str, ...]


PAGES = (
    Page(what="事项页", ours="/matters/{one}", theirs=("/tickets/{one}/",)),
    Page(what="台账首页", ours="/matters", theirs=("/tickets/", "{list}")),
    Page(what="逾期清单", ours="/overdue", theirs=("/tickets/", "{overdue}")),
    Page(what="查找常见词", ours="/matters?q=" + quote("饮水管网"), theirs=("/tickets/", "{search}")),
    Page(what="看板", ours="/board", theirs=("/kanban/",)),
    Page(what="工作台", ours="/", theirs=("/dashboard/",)),
)


def measure(sizes: Sizes, room: Path) -> Measured:
    """At 10,000 and 100,000, where so much is asked for."""
    apart = environment(room.parent, TICKETING, sizes.peers)
    if apart is None:
        return Measured(lines=(), notes=(NOT_THERE.format(peer=PEER),))
    lines: list[Line] = []
    for count in dict.fromkeys((min(sizes.matters, 10_000), sizes.matters)):
        lines += _at(count, sizes, room, apart)
    return Measured(lines=tuple(lines), notes=(_ABOUT,))


def _at(count: int, sizes: Sizes, room: Path, apart: Path) -> list[Line]:
    home = room.parent
    file = room / f"tickets-{count}.sqlite3"
    shutil.copy(_filled(home, apart, count), file)
    office = copied(stock(home, count).office, room / f"office-{count}")
    named = f"{count:,} 件"
    with opened(office) as runtime:
        cookie, matters = clerks_cookie(runtime), some_matters(runtime, sizes.questions)
        lines = _in_process(
            runtime, office, asked(apart, TICKETING, "orm", file, sizes.seconds), sizes, named
        )
    theirs = asked(apart, TICKETING, "session", file)
    with (
        served(office, room / "ours.log") as here,
        tickets_served(apart, file, room / "theirs.log") as there,
    ):
        both = _Both(here=here, there=there, cookie=cookie, theirs=theirs)
        lines += [uvloop.run(both.page(page, matters, sizes.questions, count)) for page in PAGES]
        rush = Rush(port=here.port, office=office)
        written = rush.run(CONNECTIONS, sizes.seconds)
        for what, fields, path in _writes(theirs):
            found = uvloop.run(_many(there.port, path, fields, theirs["cookie"], sizes.seconds))
            lines.append(
                Line(
                    what=f"{named}：{CONNECTIONS} 个连接，{what}",
                    unit="条/秒",
                    values=(written,),
                    peer=f"{PEER}，{what}",
                    peer_values=(found,),
                    ratio_bar=WRITE_RATIO if count >= BARRED_AT else None,
                )
            )
    return [*lines, *_escalated(office, asked(apart, TICKETING, "escalate", file), named)]


def _filled(home: Path, apart: Path, count: int) -> Path:
    """Their tickets, filled once and kept."""
    file = home / f"tickets-{count}-{apart.name.rpartition('-')[2]}.sqlite3"
    if not file.exists():
        making = file.with_suffix(".making")
        making.unlink(missing_ok=True)
        asked(apart, TICKETING, "fill", making, count)
        making.rename(file)
    return file


def _writes(theirs: dict[str, Any]) -> list[tuple[str, dict[str, Any], Callable[[int], str]]]:
    """What is done over HTTP, with which fields, and where; ours is the ten commands of a life."""
    one = {"queue": theirs["queue"], "title": "青石镇12号点饮水管网问题", "priority": 3}
    made = {**one, "body": "群众反映强烈，要求尽快整改到位并长期保持。", "submitter_email": ""}
    said = {**one, "comment": "已完成部分清理", "owner": 0, "public": 1, "new_status": 2}
    tickets = theirs["tickets"]
    return [
        ("新建", made, lambda _: "/tickets/submit/"),
        ("改状态", said, lambda n: f"/tickets/{tickets[n % len(tickets)]}/update/"),
    ]


# In process


def _in_process(
    runtime: Runtime, office: Office, theirs: dict[str, float], sizes: Sizes, named: str
) -> list[Line]:
    """One after the other, nobody else waiting."""
    created, changed = uvloop.run(_alone(runtime, office, sizes.seconds))
    return [
        Line(
            what=f"{named}：进程内，一条接一条，{what}",
            unit="条/秒",
            values=(ours,),
            peer=f"{PEER} 的 ORM",
            peer_values=(other,),
        )
        for what, ours, other in (
            ("新建", created, theirs["create"]),
            ("改状态", changed, theirs["change"]),
        )
    ]


async def _alone(runtime: Runtime, office: Office, seconds: float) -> tuple[float, float]:
    rng, at = random.Random(3), moment(LAST_DAY, 11)
    known, by = actors(runtime, office, at), office.liaison(0)

    async def create() -> MatterId:
        return await send(runtime, known, registration(rng, "immediate"), None, at, None)

    matter = await create()
    await send(runtime, known, assignment(office, 0, rng, LAST_DAY), matter, at, None)
    await send(runtime, known, Step(by=by, name="acknowledge", fields={}), matter, at, None)

    async def change() -> object:
        return await send(runtime, known, progress(by, rng), matter, at, None)

    return await _rate(create, seconds), await _rate(change, seconds)


async def _rate(work: Callable[[], Awaitable[object]], seconds: float) -> float:
    done, started = 0, time.perf_counter()
    while (spent := time.perf_counter() - started) < seconds:
        await work()
        done += 1
    return done / spent


def _escalated(office: Office, theirs: dict[str, float], named: str) -> list[Line]:
    with opened(office) as runtime:
        at = moment(LAST_DAY, 11)
        uvloop.run(tick(runtime, at))
        day = at + timedelta(days=3)
        started = time.perf_counter()
        said = sum(uvloop.run(tick(runtime, day)).answer().values())
        first = time.perf_counter() - started
        started = time.perf_counter()
        uvloop.run(tick(runtime, day))
        idle = time.perf_counter() - started
    return [
        Line(
            what=f"{named}：走钟，有事可说（{said:,} 条）",
            unit="条/秒",
            values=(said / first,),
            peer=f"{PEER} escalate_tickets（{theirs['said']:,} 条）",
            peer_values=(theirs["said"] / theirs["seconds"],),
        ),
        Line(
            what=f"{named}：走钟，无事可说",
            unit="毫秒",
            values=(idle * 1e3,),
            peer=f"{PEER} escalate_tickets",
            peer_values=(theirs["idle"] * 1e3,),
        ),
    ]


# Over HTTP


@dataclass(frozen=True, slots=True, kw_only=True)
class _Both:
    """Two servers that are asked by turns."""

    here: Server
    there: Server
    cookie: str
    """A line of our request."""
    theirs: dict[str, Any]
    """What their ``session`` answered."""

    async def page(self, page: Page, matters: Sequence[MatterId], times: int, count: int) -> Line:
        """Milliseconds until everything somebody wants to see has come."""
        ours, theirs = await connect(self.here.port), await connect(self.there.port)
        header = f"Cookie: {self.theirs['cookie']}\r\n"
        asked_here = [[page.ours.replace("{one}", matters[n])] for n in range(-1, times)]
        asked_there = [
            [path.format(one=self.theirs["tickets"][n], **self.theirs) for path in page.theirs]
            for n in range(-1, TWICE)
        ]
        other = [await _took(theirs, paths, header) for paths in asked_there]
        found = [await _took(ours, paths, self.cookie) for paths in asked_here]
        ours.close()
        theirs.close()
        return Line(
            what=f"{count:,} 件：{page.what}",
            unit="毫秒",
            values=tuple(found[1:]),
            peer=PEER,
            peer_values=tuple(other[1:]),
            ratio_bar=PAGE_RATIO if count >= BARRED_AT else None,
        )


async def _took(connection: Connection, paths: Sequence[str], headers: str) -> float:
    started = time.perf_counter()
    for path in paths:
        answer = await connection.ask("GET", path, headers)
        if answer.status != 200:
            raise RuntimeError(f"{path}: {answer.status} {answer.body[:300].decode()}")
    return (time.perf_counter() - started) * 1e3


async def _many(
    port: int, path: Callable[[int], str], fields: dict[str, Any], cookie: str, seconds: float
) -> float:
    """Their forms answered per second, by many connections at once; the status of each is flipped as it goes."""
    opened = await asyncio.gather(*(connect(port) for _ in range(CONNECTIONS)))
    until, started, done = time.perf_counter() + seconds, time.perf_counter(), 0

    async def somebody(who: int, connection: Connection) -> None:
        nonlocal done
        n = who
        while time.perf_counter() < until:
            flipped = {"new_status": 1 + (n // CONNECTIONS) % 2} if "new_status" in fields else {}
            body = urlencode({**fields, **flipped, "comment": f"第{n}次"}).encode()
            answer = await connection.ask("POST", path(n), f"Cookie: {cookie}\r\n{FORM}", body)
            if answer.status != 302:
                raise RuntimeError(f"{path(n)}: {answer.status} {answer.body[:500].decode()}")
            done, n = done + 1, n + CONNECTIONS
        connection.close()

    await asyncio.gather(*(somebody(n, one) for n, one in enumerate(opened)))
    return done / (time.perf_counter() - started)


_ABOUT = (
    "django-helpdesk 在自己的环境里，每核一个进程、各四个线程，SQLite 同样 WAL、synchronous=FULL；"
    "它的清单是一页加一次取行，两次都算。写入一项，我们是一生十条命令，它是一张表单。"
)

BENCHMARK = Benchmark(name="ticketing", title="同样的工作，与 django-helpdesk 并排", run=measure)
