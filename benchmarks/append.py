"""Durable commands per second in process, with all projections and letters.

Beside it the same rows written barely, and the ``eventsourcing`` library saving one event a call without a read model.
"""

from __future__ import annotations

import asyncio
import random
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import psycopg
import uvloop
from psycopg import sql

from benchmarks.apart import NOT_THERE, SAVING, asked, environment
from benchmarks.capture import Taken, taken_down, written_barely, written_barely_postgresql
from benchmarks.lives import send, whole_life
from benchmarks.measuring import Benchmark, Line, Measured, Sizes
from benchmarks.office import Office, actors, copied, furnish, opened
from events.vocabulary import MatterId
from service.clock import beijing_day, machine_now
from service.runtime import Runtime

WAITING = (1, 8, 64, 256)
BAR, BAR_RATIO, SAVED_RATIO, BAR_AT = 5_000, 0.25, 1.5, 64
FIRST = "duban_bench_first"
"""The database every run begins with a copy of."""
SAVED = "duban_bench_saved"
SERVER = "host=127.0.0.1 port=5432 user=postgres"
THREADS = (1, 8)
"""With how many the library is tried; what it does best counts."""
WARM_UP = 0.6
"""Seconds before the clock starts: statements are compiled, the first pages are in memory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What one run found."""

    commands: float
    """Per second."""
    barely: float
    """Commands per second at which bare SQL wrote the same rows in the same transactions."""
    cpu: float
    """Microseconds of processor time per command, all threads."""
    batch: float
    """Commands per transaction."""
    rows: dict[str, float]
    """Table → rows per command."""
    saved: float | None = None
    """Events per second the library saved next."""


def measure(sizes: Sizes, room: Path) -> Measured:
    """SQLite, then PostgreSQL where a server answers."""
    lines: list[Line] = []
    notes: list[str] = []
    first = furnish(room / "sqlite")
    _append(sizes, room, first, "SQLite", lines, notes)
    if not answers():
        notes.append("PostgreSQL：127.0.0.1:5432 没有服务，未测。")
        return Measured(lines=tuple(lines), notes=tuple(notes))
    with database(FIRST) as url:
        base = furnish(room / "postgresql", url=url)
        _append(sizes, room, base, "PostgreSQL", lines, notes)
    return Measured(lines=tuple(lines), notes=tuple(notes))


def _append(sizes: Sizes, room: Path, base: Office, engine: str, lines: list[Line], notes: list[str]) -> None:
    for waiting in WAITING if not sizes.quick else (BAR_AT,):
        runs = [
            _one(room / f"{engine}-{waiting}-{n}", base, engine, waiting, sizes) for n in range(sizes.repeats)
        ]
        barred = waiting == BAR_AT
        what, values = f"{engine}，{waiting} 条命令同时等待", tuple(run.commands for run in runs)
        lines.append(
            Line(
                what=what,
                unit="条/秒",
                values=values,
                peer="同样的行、同样的事务，" + ("裸 sqlite3" if engine == "SQLite" else "裸 psycopg"),
                peer_values=tuple(run.barely for run in runs),
                bar=BAR if barred and engine == "SQLite" else None,
                ratio_bar=BAR_RATIO if barred else None,
                note=f"每条 {statistics.median(run.cpu for run in runs):.0f} µs 处理器时间，"
                f"每事务 {statistics.median(run.batch for run in runs):.1f} 条",
            )
        )
        if barred:
            saved = tuple(run.saved for run in runs if run.saved is not None)
            if saved:
                lines.append(_beside_library(what, values, saved))
            else:
                notes.append(NOT_THERE.format(peer="eventsourcing"))
            rows = "，".join(f"{table} {count:.2f}" for table, count in runs[0].rows.items())
            notes.append(f"{engine}：每条命令写 {sum(runs[0].rows.values()):.1f} 行：{rows}")


def _beside_library(what: str, values: tuple[float, ...], saved: tuple[float, ...]) -> Line:
    return Line(
        what=f"{what}，同上",
        unit="条/秒",
        values=values,
        peer="eventsourcing 库，一次存一条，没有投影",
        peer_values=saved,
        ratio_bar=SAVED_RATIO,
    )


def _one(folder: Path, base: Office, engine: str, waiting: int, sizes: Sizes) -> Run:
    run = _beside_bare(folder, base, engine, waiting, sizes)
    apart = environment(folder.parent.parent, SAVING, sizes.peers)
    if apart is None or waiting != BAR_AT:
        return run
    return replace(run, saved=_saved(apart, folder, engine, sizes.seconds))


def _saved(apart: Path, folder: Path, engine: str, seconds: float) -> float:
    found: list[float] = []
    for threads in THREADS:
        if engine == "SQLite":
            place = folder.with_name(f"{folder.name}-{threads}.saved")
            said = asked(apart, SAVING, "save", "sqlite", place, seconds / 2, threads)
        else:
            with database(SAVED):
                said = asked(apart, SAVING, "save", "postgres", SAVED, seconds / 2, threads)
        found.append(said["saves"])
    return max(found)


def _beside_bare(folder: Path, base: Office, engine: str, waiting: int, sizes: Sizes) -> Run:
    if engine == "SQLite":
        office = copied(base, folder)
        bare = copied(base, folder.with_name(f"{folder.name}-bare"))
        taken, since, run = _timed(office, waiting, sizes.seconds)
        seconds = written_barely(str(bare.folder / "var" / "duban.sqlite3"), taken, since)
        return _run(run, taken, since, seconds)
    with (
        database("duban_bench_run", FIRST) as url,
        database("duban_bench_bare", FIRST) as other,
    ):
        taken, since, run = _timed(copied(base, folder, url=url), waiting, sizes.seconds)
        seconds = written_barely_postgresql(other.replace("+psycopg", ""), taken, since)
    return _run(run, taken, since, seconds)


def _run(timed: tuple[int, float, float], taken: Taken, since: int, bare_seconds: float) -> Run:
    commands, seconds, cpu = timed
    rows = taken.rows_by_table(since)
    return Run(
        commands=commands / seconds,
        barely=commands / bare_seconds,
        cpu=cpu / commands * 1e6,
        batch=commands / max(len(taken.transactions) - since, 1),
        rows={table: count / commands for table, count in rows.most_common()},
    )


def _timed(office: Office, waiting: int, seconds: float) -> tuple[Taken, int, tuple[int, float, float]]:
    """What was written, the transaction the timed part begins with, and (commands, seconds, processor time)."""
    with taken_down() as taken, opened(office) as runtime:
        loaded = Load(runtime=runtime, office=office, waiting=waiting)
        loaded.run(WARM_UP)
        since, cpu = len(taken.transactions), time.process_time()
        commands, spent = loaded.run(seconds)
        if len(taken.transactions) <= since:
            raise RuntimeError("nothing was taken down: the writer no longer writes through its Driver")
        return taken, since, (commands, spent, time.process_time() - cpu)


class Load:
    """So many at a time who each send one command after another, life after life."""

    def __init__(self, *, runtime: Runtime, office: Office, waiting: int) -> None:
        self.runtime = runtime
        self.office = office
        self.actors = actors(runtime, office, machine_now())
        self.waiting = waiting
        self.today = beijing_day(machine_now())
        self.rng = random.Random(2008)
        self.sent = 0

    def run(self, seconds: float) -> tuple[int, float]:
        """Commands done and seconds taken, about as many as asked."""
        return uvloop.run(self._run(seconds))

    async def _run(self, seconds: float) -> tuple[int, float]:
        before, started = self.sent, time.perf_counter()
        await asyncio.gather(*(self._somebody(started + seconds) for _ in range(self.waiting)))
        return self.sent - before, time.perf_counter() - started

    async def _somebody(self, until: float) -> None:
        while True:
            matter: MatterId | None = None
            for step in whole_life(self.office, self.rng, self.today):
                if time.perf_counter() > until:
                    return
                key = f"{step.by}:{self.rng.getrandbits(64):016x}"
                matter = await send(self.runtime, self.actors, step, matter, machine_now(), key)
                self.sent += 1


def answers() -> bool:
    """Whether a PostgreSQL server is there."""
    try:
        psycopg.connect(SERVER, dbname="postgres", connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


@contextmanager
def database(name: str, template: str = "template1") -> Iterator[str]:
    """The URL of a new database, dropped afterwards."""
    drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    with psycopg.connect(SERVER, dbname="postgres", autocommit=True) as connection:
        connection.execute(drop)
        make = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        connection.execute(make.format(sql.Identifier(name), sql.Identifier(template)))
        try:
            yield f"postgresql+psycopg://postgres@127.0.0.1:5432/{name}"
        finally:
            connection.execute(drop)


BENCHMARK = Benchmark(name="append", title="进程内写入：带全部投影和信件的持久命令", run=measure)
