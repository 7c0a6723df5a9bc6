"""Durable commands per second over HTTP from one process; beside it FastAPI appending one bare row durably."""

from __future__ import annotations

import asyncio
import json
import random
import statistics
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import uvloop

from benchmarks.client import Answer, Connection, connect
from benchmarks.lives import Step, whole_life
from benchmarks.measuring import Benchmark, Line, Measured, Sizes, percentile
from benchmarks.office import Office, copied, furnish
from benchmarks.serving import served, served_barely
from service.clock import beijing_day, machine_now
from service.commands.performing import REGISTER_NAME

CONNECTIONS = (1, 8, 64)
BAR, BAR_RATIO, BAR_LATEST, BAR_AT = 1_800, 0.35, 120, 64
API = "/api/v1"
Sending = Callable[[Connection, float], Awaitable[None]]
"""Sends on a connection until a moment of the running clock."""
WARM_UP = 0.6
PHOTO = (
    "\r\n".join(
        (
            "--edge",
            'Content-Disposition: form-data; name="kind"',
            "",
            "photo",
            "--edge",
            'Content-Disposition: form-data; name="file"; filename="photo.jpg"',
            "Content-Type: image/jpeg",
            "",
            "",
        )
    ).encode()
    + b"\xff\xd8\xff\xe0 a photo\r\n--edge--\r\n"
)


@dataclass(slots=True, kw_only=True)
class Rush:
    """Many connections that each send one request after another."""

    port: int
    office: Office
    rng: random.Random = field(default_factory=lambda: random.Random(2008))
    took: list[float] = field(default_factory=list)
    """Seconds each request took since the clock was started."""
    answered: int = 0
    """Requests answered, those of the warm-up too."""

    def run(self, connections: int, seconds: float, *, barely: bool = False) -> float:
        """Requests answered per second."""
        return uvloop.run(self._run(connections, seconds, barely))

    async def _run(self, connections: int, seconds: float, barely: bool) -> float:
        opened = await asyncio.gather(*(connect(self.port) for _ in range(connections)))
        sending = self._rows if barely else self._lives
        try:
            await self._rush(opened, sending, WARM_UP)
            return await self._rush(opened, sending, seconds)
        finally:
            for one in opened:
                one.close()

    async def _rush(self, opened: Sequence[Connection], sending: Sending, seconds: float) -> float:
        self.took.clear()
        started = time.perf_counter()
        await asyncio.gather(*(sending(one, started + seconds) for one in opened))
        self.answered += len(self.took)
        return len(self.took) / (time.perf_counter() - started)

    async def _lives(self, connection: Connection, until: float) -> None:
        today = beijing_day(machine_now())
        while True:
            matter = ""
            for step in whole_life(self.office, self.rng, today):
                sent = time.perf_counter()
                if sent > until:
                    return
                answer = await self.send(connection, step, matter)
                self.took.append(time.perf_counter() - sent)
                if answer.status not in (200, 201):
                    raise RuntimeError(f"{step.name}: {answer.status} {answer.body.decode()}")
                matter = matter or json.loads(answer.body)["id"]

    async def send(self, connection: Connection, step: Step, matter: str) -> Answer:
        """One command with a key of its own."""
        path = f"{API}/matters" if step.name == REGISTER_NAME else f"{API}/matters/{matter}/{step.name}"
        headers = f"Authorization: Bearer {self.office.tokens[step.by]}\r\n"
        headers += f"Idempotency-Key: {self.rng.getrandbits(64):016x}\r\n"
        if not step.photo:
            return await connection.ask("POST", path, headers, json.dumps(step.fields).encode())
        headers += "Content-Type: multipart/form-data; boundary=edge\r\n"
        return await connection.ask("POST", path, headers, PHOTO)

    async def _rows(self, connection: Connection, until: float) -> None:
        body = json.dumps({"text": "已完成部分清理，正在推进其余部分", "percent": 40}).encode()
        while (sent := time.perf_counter()) <= until:
            await connection.ask("POST", "/rows", "", body)
            self.took.append(time.perf_counter() - sent)


def measure(sizes: Sizes, room: Path) -> Measured:
    """At 1, 8 and 64 connections, ours and the bare route by turns."""
    base = furnish(room / "office")
    lines: list[Line] = []
    memory = 0.0
    for connections in CONNECTIONS if not sizes.quick else (BAR_AT,):
        ours: list[float] = []
        barely: list[float] = []
        took: list[float] = []
        cpu: list[float] = []
        latest: list[float] = []
        for n in range(sizes.repeats):
            office = copied(base, room / f"{connections}-{n}")
            with served(office, room / "log") as server:
                rush, spent = Rush(port=server.port, office=office), server.spent()
                ours.append(rush.run(connections, sizes.seconds))
                cpu.append((server.spent() - spent) / rush.answered * 1e6)
                took += rush.took
                latest.append(percentile(rush.took, 0.99) * 1e3)
                memory = max(memory, server.memory())
            with served_barely(room / f"{connections}-{n}.sqlite3", room / "log") as server:
                barely.append(
                    Rush(port=server.port, office=office).run(connections, sizes.seconds, barely=True)
                )
        lines.append(
            Line(
                what=f"{connections} 个连接",
                unit="条/秒",
                values=tuple(ours),
                peer="FastAPI 持久写一裸行",
                peer_values=tuple(barely),
                bar=BAR if connections == BAR_AT else None,
                ratio_bar=BAR_RATIO if connections == BAR_AT else None,
                note=f"p50 {percentile(took, 0.5) * 1e3:.1f}，p99 {percentile(took, 0.99) * 1e3:.1f} 毫秒，"
                f"每条 {statistics.median(cpu):.0f} µs 处理器时间",
            )
        )
        if connections == BAR_AT:
            lines.append(
                Line(
                    what=f"{connections} 个连接，p99",
                    unit="毫秒",
                    values=tuple(latest),
                    bar=BAR_LATEST,
                )
            )
    lines.append(Line(what="写入之后的服务进程", unit="MB", values=(memory,), bar=200))
    return Measured(
        lines=tuple(lines), notes=("客户端与服务同在这台机器上；一生十条命令，每条带 Idempotency-Key。",)
    )


BENCHMARK = Benchmark(name="http", title="一个 HTTP 进程的持久命令", run=measure)
