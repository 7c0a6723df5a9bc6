"""How long the office's large acts take: one matter split among 200 units, one desk of 5,000 matters put on another."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Mapping
from pathlib import Path

import uvloop

from benchmarks.lives import Step, registration, send
from benchmarks.measuring import Benchmark, Line, Measured, Sizes
from benchmarks.office import TOP, actors, furnish, opened
from benchmarks.stock import LAST_DAY, moment
from events.directory.commands import ImportDirectory, UnitRow
from events.record.envelope import OPERATOR, Actor
from events.vocabulary import MatterId, PersonId
from service.clock import beijing_day
from service.commands.directing import import_directory
from service.commands.handing_over import HandOverAll, hand_over_all
from service.runtime import Runtime

TOWNSHIPS, SPLIT_BAR = 200, 1_000
DESK, DESK_BAR = 5_000, 5_000
"""Matters, and milliseconds for all of them."""
AT_ONCE = 1_000
"""Matters handed over before it is said how far it is, as on the page."""
WAITING = 64


def measure(sizes: Sizes, room: Path) -> Measured:
    """A fresh record; every repeat splits another matter, and puts the desk back where it came from."""
    at = moment(LAST_DAY, 9)
    office = furnish(room / "office", mode="rehearsal", at=at)
    desk = min(DESK, max(sizes.matters // 2, 1))
    with opened(office) as runtime:
        townships = _townships(runtime)
        known = actors(runtime, office, at)
        uvloop.run(_register(runtime, known, desk))
        people = [known["clerk"].person, known["head"].person]
        handed = [
            _handed_over(runtime, known["head"], *(people if n % 2 == 0 else people[::-1]))
            for n in range(sizes.repeats)
        ]
        split = [
            uvloop.run(_split(runtime, known, townships, random.Random(n))) for n in range(sizes.repeats * 2)
        ]
        facts = runtime.store.head().position
    lines = (
        Line(
            what=f"一件分给 {TOWNSHIPS} 个单位：编号、交办、时限、信件，一次落盘",
            unit="毫秒",
            values=tuple(split),
            bar=SPLIT_BAR,
        ),
        Line(
            what=f"一个人经办的 {handed[0][0]:,} 件全部交接",
            unit="毫秒",
            values=tuple(took for _, took in handed),
            bar=DESK_BAR,
            note=f"每 {AT_ONCE:,} 件说一次进度",
        ),
    )
    return Measured(lines=lines, notes=(f"SQLite，事实 {facts:,} 条。",))


def _townships(runtime: Runtime) -> list[str]:
    """Two hundred further units, by id."""
    at = moment(LAST_DAY, 9)
    names = {f"第{n}乡镇" for n in range(TOWNSHIPS)}
    rows = tuple(UnitRow(line=n, name=name, parent=TOP) for n, name in enumerate(sorted(names), start=1))
    import_directory(runtime, OPERATOR, ImportDirectory(rows=rows), at)
    units = runtime.directory.now().units
    return [key for key, unit in units.items() if unit.name(beijing_day(at)) in names]


async def _split(
    runtime: Runtime, known: Mapping[str, Actor], townships: list[str], rng: random.Random
) -> float:
    """Milliseconds until all parts are durable."""
    at = moment(LAST_DAY, 13)
    matter = await send(runtime, known, registration(rng, "immediate"), None, at, None)
    fields = {
        "parts": [{"lead_unit": unit} for unit in townships],
        "quality_requirement": "真改实改，佐证附现场照片",
        "time_limit": "15个工作日内",
    }
    started = time.perf_counter()
    await send(runtime, known, Step(by="clerk", name="split", fields=fields), matter, at, None)
    return (time.perf_counter() - started) * 1e3


async def _register(runtime: Runtime, known: Mapping[str, Actor], count: int) -> None:
    turns, rng, at = asyncio.Semaphore(WAITING), random.Random(7), moment(LAST_DAY, 11)

    async def one() -> MatterId:
        async with turns:
            return await send(runtime, known, registration(rng, "immediate"), None, at, None)

    await asyncio.gather(*(one() for _ in range(count)))


def _handed_over(
    runtime: Runtime, actor: Actor, one: PersonId | None, other: PersonId | None
) -> tuple[int, float]:
    """How many matters went from one desk to the other, and the milliseconds it took."""
    assert one is not None
    assert other is not None
    at, moved = moment(LAST_DAY, 12), 0
    command = HandOverAll(to=other, reason="轮岗", limit=AT_ONCE)
    started = time.perf_counter()
    while (done := hand_over_all(runtime, actor, one, command, at)).left:
        moved += done.moved
    return moved + done.moved, (time.perf_counter() - started) * 1e3


BENCHMARK = Benchmark(name="sharing", title="分办与交接", run=measure)
