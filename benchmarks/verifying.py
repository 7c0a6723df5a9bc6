"""Facts per second at which the record is verified, by one core and by all; beside it hashing the same bytes alone."""

from __future__ import annotations

import hashlib
import os
import time
from pathlib import Path

from benchmarks.measuring import Benchmark, Line, Measured, Sizes
from benchmarks.office import opened
from benchmarks.stock import stock
from events.record.sql import Row
from events.record.tables import HEADER_COLUMNS
from events.record.verifying import LONG, verify
from service.runtime import Runtime

BAR = 180_000
TOGETHER_BAR = 200_000
"""Two million facts in ten seconds on two cores (issue: Replay and proof)."""
PAGE = 5_000


def measure(sizes: Sizes, room: Path) -> Measured:
    """By turns: verifying, hashing bodies and links alone, reading rows alone."""
    kept = stock(room.parent, sizes.matters)
    verified: list[float] = []
    shared: list[float] = []
    hashed: list[float] = []
    read: list[float] = []
    with opened(kept.office) as runtime:
        facts = runtime.store.head().position
        for _ in range(sizes.repeats):
            started = time.process_time()
            found = verify(runtime.store, processes=1)
            verified.append(facts / (time.process_time() - started))
            if found.broken is not None or found.facts != facts:
                raise RuntimeError(f"the record does not verify: {found}")
            begun = time.perf_counter()
            if verify(runtime.store).broken is not None:
                raise RuntimeError("shared among processes the record does not verify")
            shared.append(facts / (time.perf_counter() - begun))
            reading, hashing = _alone(runtime)
            read.append(facts / reading)
            hashed.append(facts / hashing)
    cores = len(os.sched_getaffinity(0))
    lines = (
        Line(
            what="核对整部记录",
            unit="事实/秒/核",
            values=tuple(verified),
            peer="同样的字节只算 SHA-256（正文、链、默克尔）",
            peer_values=tuple(hashed),
            bar=BAR,
        ),
        Line(
            what="同上，有几个核用几个，按墙上时间",
            unit="事实/秒",
            values=tuple(shared),
            bar=TOGETHER_BAR if facts >= LONG and cores > 1 else None,
            note=f"{cores} 核",
        ),
        Line(what="只读出各行", unit="事实/秒/核", values=tuple(read)),
    )
    return Measured(lines=lines, notes=(f"事实 {facts:,} 条；除写明的以外，按处理器时间计。",))


def _alone(runtime: Runtime) -> tuple[float, float]:
    """Processor seconds for reading every row, and for the hashing a verification cannot do without."""
    reading = hashing = 0.0
    after = 0
    while True:
        started = time.process_time()
        rows = runtime.store.rows(after, PAGE)
        reading += time.process_time() - started
        if not rows:
            return reading, hashing
        after = rows[-1][0]
        started = time.process_time()
        _hash(rows)
        hashing += time.process_time() - started


def _hash(rows: list[Row]) -> None:
    """Per fact: its body, its link (the row's bytes are about 300), a leaf and on average one node of the tree."""
    sha256, head, node = hashlib.sha256, bytes(300), bytes(65)
    for row in rows:
        sha256(row[HEADER_COLUMNS + 2]).digest()
        sha256(head + row[HEADER_COLUMNS + 1] + row[HEADER_COLUMNS]).digest()
        sha256(row[HEADER_COLUMNS + 1]).digest()
        sha256(node).digest()


BENCHMARK = Benchmark(name="verifying", title="核对记录", run=measure)
