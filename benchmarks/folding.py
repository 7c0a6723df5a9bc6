"""How long it takes until a matter of a hundred facts stands before a decider; beside it reading its rows alone."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from pathlib import Path

import uvloop

from benchmarks.append import answers, database
from benchmarks.lives import Step, assignment, progress, registration, send
from benchmarks.measuring import Benchmark, Line, Measured, Sizes
from benchmarks.office import Office, actors, furnish, opened
from events.vocabulary import MatterId
from service.clock import beijing_day, machine_now
from service.runtime import Runtime

FACTS = 100
BARS = {"SQLite": 0.7, "PostgreSQL": 1.2}
"""Milliseconds."""


def measure(sizes: Sizes, room: Path) -> Measured:
    """On SQLite, then on PostgreSQL where a server answers."""
    lines = [_on("SQLite", furnish(room / "sqlite"), sizes)]
    if not answers():
        return Measured(lines=tuple(lines), notes=("PostgreSQL：127.0.0.1:5432 没有服务，未测。",))
    with database("duban_bench_fold") as url:
        lines.append(_on("PostgreSQL", furnish(room / "postgresql", url=url), sizes))
    return Measured(lines=tuple(lines))


def _on(engine: str, office: Office, sizes: Sizes) -> Line:
    with opened(office) as runtime:
        stream = f"matter-{uvloop.run(_long(runtime, office))}"
        if runtime.handling.load(stream).version != FACTS:
            raise RuntimeError("the matter is not as long as it should be")
        turns = range(sizes.questions)
        loaded = [_took(lambda: runtime.handling.load(stream)) for _ in turns]
        read = [_took(lambda: runtime.store.stream_rows(stream)) for _ in turns]
    return Line(
        what=f"{engine}：读出并折叠一件 {FACTS} 条事实的事项",
        unit="毫秒",
        values=tuple(loaded),
        peer="只读出各行",
        peer_values=tuple(read),
        bar=BARS[engine],
    )


async def _long(runtime: Runtime, office: Office) -> MatterId:
    rng, at = random.Random(5), machine_now()
    known, by = actors(runtime, office, at), office.liaison(0)
    matter = await send(runtime, known, registration(rng, "immediate"), None, at, None)
    await send(runtime, known, assignment(office, 0, rng, beijing_day(at)), matter, at, None)
    await send(runtime, known, Step(by=by, name="acknowledge", fields={}), matter, at, None)
    for _ in range(FACTS - 3):
        await send(runtime, known, progress(by, rng), matter, at, None)
    return matter


def _took(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1e3


BENCHMARK = Benchmark(name="folding", title="读出并折叠一件事项", run=measure)
