"""How long the clock's beat takes over a county of many open matters: with nothing due, and with one in a hundred."""

from __future__ import annotations

import asyncio
import random
import time
from datetime import timedelta
from pathlib import Path

import uvloop

from benchmarks.lives import Step, registration, send
from benchmarks.measuring import Benchmark, Line, Measured, Sizes
from benchmarks.office import Office, actors, copied, opened
from benchmarks.stock import LAST_DAY, moment, stock
from projections import deadlines
from service.runtime import Runtime
from service.ticking import tick

IDLE_BAR, SAID_BAR = 20, 2_000
"""Milliseconds, and reminders recorded per second."""
SHARE = 50
"""One in so many more matters gets a limit that is 暂定."""


def measure(sizes: Sizes, room: Path) -> Measured:
    """The stock's evening, then the days after it, each with about one matter in a hundred due."""
    kept = stock(room.parent, sizes.matters)
    office = copied(kept.office, room / "office")
    with opened(office) as runtime:
        idle = [_beat(runtime, n, 0)[0] * 1e3 for n in range(sizes.repeats * 4)]
        uvloop.run(_provisional(runtime, office, sizes.matters // SHARE))
        uncertain = [_beat(runtime, n, 0)[0] * 1e3 for n in range(100, 100 + sizes.repeats * 2)]
        days = [_beat(runtime, 0, day) for day in range(1, sizes.repeats + 1)]
        due = _looked(runtime, sizes.questions)
    said = [facts for _, facts in days]
    share = sum(said) / len(said) / kept.matters
    lines = (
        Line(what="无事可说的一次走钟", unit="毫秒", values=tuple(idle), bar=IDLE_BAR),
        Line(
            what="同上，另有暂定时限",
            unit="毫秒",
            values=tuple(uncertain),
            bar=IDLE_BAR,
            note=f"{sizes.matters // SHARE:,} 件跨到未公布的年份",
        ),
        Line(what="只问“有谁到点”", unit="毫秒", values=tuple(due)),
        Line(
            what="次日到点的催办提醒",
            unit="条/秒",
            values=tuple(facts / seconds for seconds, facts in days),
            bar=SAID_BAR,
            note=f"每日 {min(said):,}–{max(said):,} 件到点，占 {share:.1%}",
        ),
    )
    return Measured(lines=lines, notes=(f"在办 {kept.matters:,} 件，事实 {kept.facts:,} 条。",))


def _beat(runtime: Runtime, minutes: int, days: int) -> tuple[float, int]:
    """Seconds a tick took, and how many facts it wrote."""
    at = moment(LAST_DAY, 11) + timedelta(minutes=minutes, days=days)
    started = time.perf_counter()
    ticked = uvloop.run(tick(runtime, at))
    return time.perf_counter() - started, sum(ticked.answer().values())


async def _provisional(runtime: Runtime, office: Office, count: int) -> None:
    """More matters, whose limits run through a year not yet published."""
    at, rng = moment(LAST_DAY, 11) + timedelta(minutes=90), random.Random(12)
    known, turns = actors(runtime, office, at), asyncio.Semaphore(64)

    async def one(unit: int) -> None:
        async with turns:
            matter = await send(runtime, known, registration(rng, "immediate"), None, at, None)
            fields = {
                "lead_unit": office.units[unit],
                "quality_requirement": "改到位",
                "time_limit": "300个工作日内",
            }
            await send(runtime, known, Step(by="clerk", name="assign", fields=fields), matter, at, None)

    await asyncio.gather(*(one(n % len(office.units)) for n in range(count)))


def _looked(runtime: Runtime, times: int) -> list[float]:
    took: list[float] = []
    for _ in range(times):
        started = time.perf_counter()
        with runtime.database.reading.connect() as connection:
            deadlines.due(connection, LAST_DAY, limit=1_000)
        took.append((time.perf_counter() - started) * 1e3)
    return took


BENCHMARK = Benchmark(name="ticking", title="走钟", run=measure)
