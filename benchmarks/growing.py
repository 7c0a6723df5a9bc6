"""How pages, the idle beat of the clock and the memory grow with the record: a county, a city, a province."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import uvloop

from benchmarks.measuring import Benchmark, Line, Measured, Sizes, percentile
from benchmarks.multiplying import multiplied
from benchmarks.office import copied, opened
from benchmarks.reading import PAGES, asked_one_by_one, clerks_cookie, some_matters
from benchmarks.serving import served
from benchmarks.stock import LAST_DAY, Stock, moment, stock
from service.ticking import tick

PAGE_BAR = {100_000: 20.0, 1_000_000: 40.0}
"""Open matters → milliseconds at p95."""
IDLE_BAR, MEMORY_BAR = 20.0, 200.0
GROWTH_BAR = 2.0
"""From the smallest to the largest."""
MOST_AT_ONCE = 100_000
"""Stocks above are made of a smaller one."""
FULL_SIZES, QUICK_SIZES = (10_000, 100_000, 1_000_000), (1_000, 10_000)
MOST_ASKED = 100
"""How often each page is asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """What one size came to."""

    kept: Stock
    pages: tuple[Line, ...]
    beats: tuple[float, ...]
    """Milliseconds of idle beats."""
    memory: tuple[float, float]
    """MB when opened, and after reading."""
    started_in: float
    bytes_per_fact: float


def measure(sizes: Sizes, room: Path) -> Measured:
    """Every page at every size, then how the largest compares with the smallest."""
    counts = QUICK_SIZES if sizes.quick else FULL_SIZES
    found = [_at(_kept(room.parent, count), sizes, room / f"at-{count}") for count in counts]
    lines = [line for one in found for line in _lines(one)]
    lines += _growth(found[0], found[-1])
    return Measured(lines=tuple(lines), notes=tuple(_about(one) for one in found))


def _kept(home: Path, count: int) -> Stock:
    return stock(home, count) if count <= MOST_AT_ONCE else multiplied(home, count)


def _at(kept: Stock, sizes: Sizes, room: Path) -> _Found:
    office = copied(kept.office, room)
    times = min(sizes.questions, MOST_ASKED)
    with opened(office) as runtime:
        matters, cookie = some_matters(runtime, times), clerks_cookie(runtime)
        at = moment(LAST_DAY, 11)
        uvloop.run(tick(runtime, at))
        beats: list[float] = []
        for _ in range(sizes.repeats * 2):
            started = time.perf_counter()
            uvloop.run(tick(runtime, at))
            beats.append((time.perf_counter() - started) * 1e3)
    bearer = f"Authorization: Bearer {office.tokens['clerk']}\r\n"
    with served(office, room / "log") as server:
        idle = server.memory()
        asking = replace(sizes, questions=times)
        pages = [
            uvloop.run(asked_one_by_one(server, question, matters, cookie, bearer, asking))
            for question in PAGES
        ]
        memory = (idle, server.memory())
        started_in = server.started_in
    size = sum(file.stat().st_size for file in (room / "var").glob("duban.sqlite3*"))
    return _Found(
        kept=kept,
        pages=tuple(pages),
        beats=tuple(beats),
        memory=memory,
        started_in=started_in,
        bytes_per_fact=size / kept.facts,
    )


def _lines(found: _Found) -> list[Line]:
    count = found.kept.matters
    named = f"{count:,} 件"
    bar = PAGE_BAR.get(count)
    pages = [replace(page, what=f"{named}：{page.what}", bar=bar, judged_at=0.95) for page in found.pages]
    idle, after = found.memory
    return [
        *pages,
        Line(what=f"{named}：无事可说的一次走钟", unit="毫秒", values=found.beats, bar=IDLE_BAR),
        Line(
            what=f"{named}：服务进程，刚开", unit="MB", values=(idle,), note=f"{found.started_in:.1f} 秒开好"
        ),
        Line(what=f"{named}：服务进程，读过之后", unit="MB", values=(after,), bar=MEMORY_BAR),
        Line(what=f"{named}：磁盘", unit="字节/事实", values=(found.bytes_per_fact,)),
    ]


def _growth(small: _Found, large: _Found) -> list[Line]:
    """Ratios of medians, held against what may be."""
    what = f"{small.kept.matters:,} 件到 {large.kept.matters:,} 件"
    pairs: list[tuple[str, Sequence[float], Sequence[float]]] = [
        (one.what, one.values, other.values) for one, other in zip(small.pages, large.pages, strict=True)
    ]
    pairs.append(("无事可说的一次走钟", small.beats, large.beats))
    return [
        Line(
            what=f"{what}：{name}",
            unit="倍",
            values=(percentile(after, 0.5) / percentile(before, 0.5),),
            bar=GROWTH_BAR,
        )
        for name, before, after in pairs
    ]


def _about(found: _Found) -> str:
    kept = found.kept
    return (
        f"{kept.matters:,} 件：事实 {kept.facts:,} 条，写成用 {kept.seconds:,.0f} 秒"
        f"（处理器 {kept.cpu:,.0f} 秒），建投影 {kept.building:,.0f} 秒。"
    )


BENCHMARK = Benchmark(name="growing", title="随记录的大小怎么变：县、市、省", run=measure)
