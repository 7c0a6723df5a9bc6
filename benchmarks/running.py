"""Running benchmarks, each in a process of its own."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import structlog

from benchmarks import (
    append,
    auditing,
    circulating,
    folding,
    growing,
    http,
    panel,
    proving,
    reading,
    rebuilding,
    sharing,
    starting,
    ticketing,
    ticking,
    verifying,
)
from benchmarks.measuring import Benchmark, Sizes
from benchmarks.telling import told
from benchmarks.yardstick import Watch, yardstick

BENCHMARKS: tuple[Benchmark, ...] = (
    append.BENCHMARK,
    http.BENCHMARK,
    reading.BENCHMARK,
    panel.BENCHMARK,
    ticking.BENCHMARK,
    folding.BENCHMARK,
    rebuilding.BENCHMARK,
    verifying.BENCHMARK,
    circulating.BENCHMARK,
    auditing.BENCHMARK,
    starting.BENCHMARK,
    proving.BENCHMARK,
    growing.BENCHMARK,
    ticketing.BENCHMARK,
    sharing.BENCHMARK,
)
"""In the order they run."""


def each_apart(names: Sequence[str], sizes: Sizes, home: Path) -> Iterator[tuple[dict[str, Any], str]]:
    """Each in a process of its own: what one leaves in memory must not slow the next."""
    spawn = get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=spawn, max_tasks_per_child=1) as apart:
        for name in names:
            yield apart.submit(_run_named, name, sizes, home).result()


def _run_named(name: str, sizes: Sizes, home: Path) -> tuple[dict[str, Any], str]:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    return _run({one.name: one for one in BENCHMARKS}[name], sizes, home)


def _run(benchmark: Benchmark, sizes: Sizes, home: Path) -> tuple[dict[str, Any], str]:
    """Everything measured, and the table told."""
    room = Path(tempfile.mkdtemp(prefix=f"{benchmark.name}-", dir=home))
    try:
        before = yardstick(room)
        started = time.perf_counter()
        with Watch() as watch:
            found = benchmark.run(sizes, room)
        seconds = time.perf_counter() - started
        after = yardstick(room)
    finally:
        shutil.rmtree(room, ignore_errors=True)
    table = told(benchmark, found, (before, after), watch.others)
    print(table, flush=True)
    plain = {
        "name": benchmark.name,
        "title": benchmark.title,
        "seconds": seconds,
        "yardstick": [before.plain(), after.plain()],
        "others_cores": watch.others,
        "lines": [line.plain() for line in found.lines],
        "notes": list(found.notes),
    }
    return plain, table
