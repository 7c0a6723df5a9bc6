"""How fast this machine is at the moment: without it no figure can be compared with another day's."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import subprocess
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

REFERENCE = {"links": 1_760_000, "json": 309_000, "loops": 0, "syncs": 6_900}
"""What record.md §3.1 found on the machine its figures are from (``loops`` was not measured there)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Yardstick:
    """Per second: SHA-256 links over 500 bytes, decodings of a 404-byte fact by the standard library's JSON, turns of
    a plain Python loop, and fdatasync after 4 KiB into a file that does not grow."""

    links: float
    json: float
    loops: float
    syncs: float

    def told(self) -> str:
        """One line for a table's head."""
        return (
            f"SHA-256 链 {self.links / 1e6:.2f} M/s（参照机的 {self.links / REFERENCE['links']:.0%}）"
            f"，JSON 解码 {self.json / 1e3:.0f} k/s（{self.json / REFERENCE['json']:.0%}）"
            f"，Python 空转 {self.loops / 1e6:.1f} M/s"
            f"，fdatasync {self.syncs:,.0f}/s（{self.syncs / REFERENCE['syncs']:.0%}）"
        )

    def plain(self) -> dict[str, float]:
        """For the JSON."""
        return asdict(self)


def yardstick(folder: Path, seconds: float = 0.15) -> Yardstick:
    """Measures for about four times ``seconds``; files are made in ``folder``."""
    text = json.dumps(
        {"text": "已完成部分清理，正在推进" * 9, "percent": 50, "quantity": None, "note": "x" * 50}
    )
    return Yardstick(
        links=_rate(_link, 200, seconds),
        json=_rate(lambda n: [json.loads(text) for _ in range(n)], 200, seconds),
        loops=_rate(_loop, 10_000, seconds),
        syncs=_syncs(folder, seconds),
    )


def _rate(work: Callable[[int], object], turns: int, seconds: float) -> float:
    work(turns)
    done, started = 0, time.perf_counter()
    while (spent := time.perf_counter() - started) < seconds:
        work(turns)
        done += turns
    return done / spent


def _link(turns: int) -> bytes:
    body, previous = bytes(500), bytes(32)
    for _ in range(turns):
        previous = hashlib.sha256(previous + body).digest()
    return previous


def _loop(turns: int) -> int:
    total = 0
    for n in range(turns):
        total += n & 7
    return total


def _syncs(folder: Path, seconds: float) -> float:
    path, block, blocks = folder / "yardstick", os.urandom(4096), 64
    file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        os.pwrite(file, block * blocks, 0)
        os.fsync(file)
        place = 0

        def work(turns: int) -> None:
            nonlocal place
            for _ in range(turns):
                os.pwrite(file, block, 4096 * (place % blocks))
                os.fdatasync(file)
                place += 1

        return _rate(work, 10, seconds)
    finally:
        os.close(file)
        path.unlink()


@dataclass(slots=True)
class Watch:
    """How many cores other processes took while something was measured; children count as ours once they ended."""

    _started: tuple[float, float, float] = (0.0, 0.0, 0.0)
    others: float = 0.0

    def __enter__(self) -> Self:
        self._started = (time.perf_counter(), _busy(), _own())
        return self

    def __exit__(self, *_: object) -> None:
        at, busy, own = self._started
        spent = max(time.perf_counter() - at, 1e-6)
        self.others = max(0.0, ((_busy() - busy) - (_own() - own)) / spent)


def _own() -> float:
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


def _busy() -> float:
    fields = [
        int(field) for field in Path("/proc/stat").read_text(encoding="ascii").split("\n", 1)[0].split()[1:]
    ]
    return (sum(fields[:8]) - fields[3] - fields[4]) / os.sysconf("SC_CLK_TCK")


def machine() -> dict[str, Any]:
    """What was measured on, and when."""
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": _commit(),
        "cpu": _cpu(),
        "cores": os.cpu_count(),
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9, 1),
        "python": platform.python_version(),
        "system": platform.platform(),
        "load": os.getloadavg(),
    }


def _cpu() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _commit() -> str:
    """The commit measured, with a plus sign where the tree differs from it; empty outside a clone."""
    here = Path(__file__).parent

    def git(*words: str) -> str:
        return subprocess.run(
            ["git", "-C", here, *words], capture_output=True, text=True, check=False
        ).stdout.strip()

    commit = git("rev-parse", "--short", "HEAD")
    return commit + ("+" if commit and git("status", "--porcelain") else "")
