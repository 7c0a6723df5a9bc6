"""Facts per second at which all projections are built anew; beside it reading and decoding the facts alone."""

from __future__ import annotations

import time
from pathlib import Path

from benchmarks.measuring import Benchmark, Line, Measured, Sizes
from benchmarks.office import copied, opened
from benchmarks.stock import stock
from service.runtime import Runtime

BAR = 25_000


def measure(sizes: Sizes, room: Path) -> Measured:
    """All at once, then each projection alone; reading and decoding by turns with the whole."""
    kept = stock(room.parent, sizes.matters)
    office = copied(kept.office, room / "office")
    whole: list[float] = []
    decoded: list[float] = []
    with opened(office) as runtime:
        facts = runtime.store.head().position
        for _ in range(sizes.repeats if sizes.quick else 3):
            decoded.append(facts / _decode(runtime))
            whole.append(facts / _rebuild(runtime))
        alone = _alone(runtime, facts) if not sizes.quick else ()
    first = Line(
        what="重建全部投影",
        unit="事实/秒",
        values=tuple(whole),
        peer="只读出并解码",
        peer_values=tuple(decoded),
        bar=BAR,
    )
    return Measured(lines=(first, *alone), notes=(f"在办 {kept.matters:,} 件，事实 {facts:,} 条。",))


def _alone(runtime: Runtime, facts: int) -> tuple[Line, ...]:
    """Each projection by itself, then the comparison of all."""
    each = [
        Line(what=f"只重建 {name}", unit="事实/秒", values=(facts / _rebuild(runtime, name),))
        for name in runtime.projections.names
    ]
    started = time.perf_counter()
    differences = runtime.projections.compare((), runtime.writer)
    rate = facts / (time.perf_counter() - started)
    check = Line(
        what="比对全部投影（--check）", unit="事实/秒", values=(rate,), note=f"{len(differences)} 处不同"
    )
    return (*each, check)


def _decode(runtime: Runtime) -> float:
    started = time.perf_counter()
    for _ in runtime.store.pages():
        pass
    return time.perf_counter() - started


def _rebuild(runtime: Runtime, *names: str) -> float:
    started = time.perf_counter()
    runtime.projections.rebuild(runtime.writer, names)
    return time.perf_counter() - started


BENCHMARK = Benchmark(name="rebuilding", title="重建投影", run=measure)
