"""How long somebody waits for the program itself: for its help, and for a server that answers."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.measuring import Benchmark, Line, Measured, Sizes
from benchmarks.office import furnish
from benchmarks.serving import served

HELP_BAR, SERVE_BAR = 0.2, 2.0
"""Seconds."""


def measure(sizes: Sizes, room: Path) -> Measured:
    """``duban --help`` beside an interpreter that does nothing; ``duban serve`` on a furnished record."""
    told, bare = [], []
    for _ in range(sizes.repeats * 3):
        told.append(_took("-m", "service.cli", "--help"))
        bare.append(_took("-c", "pass"))
    office, started = furnish(room / "office"), list[float]()
    for n in range(sizes.repeats):
        with served(office, room / f"log-{n}") as server:
            started.append(server.started_in)
    lines = (
        Line(
            what="duban --help",
            unit="秒",
            values=tuple(told),
            peer="python -c pass",
            peer_values=tuple(bare),
            bar=HELP_BAR,
        ),
        Line(what="duban serve，到能应答", unit="秒", values=tuple(started), bar=SERVE_BAR),
    )
    return Measured(lines=lines)


def _took(*words: str) -> float:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("DUBAN_")}
    here, started = Path(__file__).parent.parent, time.perf_counter()
    command = [sys.executable, *words]
    subprocess.run(command, cwd=here, env=environment, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - started


BENCHMARK = Benchmark(name="starting", title="开起来要多久", run=measure)
