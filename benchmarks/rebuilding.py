"""Facts per second at which all projections are built anew.

Beside it the same rows read, decoded and written barely; and reading and decoding alone beside the ``eventsourcing``
library doing so with as many notifications.
"""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path

from benchmarks.apart import SAVING, asked, environment
from benchmarks.measuring import Benchmark, Line, Measured, Sizes
from benchmarks.office import copied, opened
from benchmarks.stock import stock
from events.record.connections import WRITING
from projections.projection import FULL_TEXT
from service.runtime import Runtime

BAR, BAR_ALONE, BAR_RATIO = 40_000, 100_000, 0.50
NO_ROW_PER_FACT = frozenset(("stage_counts", "deadlines", "parties", "bulletins", "directory"))
"""Projections that keep less than a row for each fact."""
PAGE = 5_000
"""Rows written barely in one transaction."""


def measure(sizes: Sizes, room: Path) -> Measured:
    """All at once, then each projection alone; the others by turns with the whole."""
    kept = stock(room.parent, sizes.matters)
    office = copied(kept.office, room / "office")
    whole: list[float] = []
    decoded: list[float] = []
    barely: list[float] = []
    selected: list[float] = []
    apart = environment(room.parent, SAVING, sizes.peers)
    with opened(office) as runtime:
        facts = runtime.store.head().position
        for n in range(3):
            decoding = _decode(runtime)
            decoded.append(facts / decoding)
            whole.append(facts / _rebuild(runtime))
            barely.append(facts / (decoding + _write_barely(runtime, room / f"barely-{n}")))
            if apart is not None:
                words = ("sqlite", room / f"saved-{n}", min(facts, 50_000))
                selected.append(asked(apart, SAVING, "select", *words)["selected"])
        alone = _alone(runtime, facts) if not sizes.quick else ()
    what = "重建全部投影"
    lines = (
        Line(
            what=what,
            unit="事实/秒",
            values=tuple(whole),
            peer="读出、解码、裸写同样的行和索引",
            peer_values=tuple(barely),
            bar=BAR,
            ratio_bar=BAR_RATIO,
        ),
        Line(
            what="只读出并解码",
            unit="事实/秒",
            values=tuple(decoded),
            peer="eventsourcing 库取出通知并解码" if selected else "",
            peer_values=tuple(selected),
        ),
        *alone,
    )
    about = f"在办 {kept.matters:,} 件，事实 {facts:,} 条。裸写不含全文索引（它的内容读不回来）。"
    return Measured(lines=lines, notes=(about,))


def _alone(runtime: Runtime, facts: int) -> tuple[Line, ...]:
    """Each projection by itself, then the comparison of all."""
    each = [
        Line(
            what=f"只重建 {name}",
            unit="事实/秒",
            values=(facts / _rebuild(runtime, name),),
            bar=BAR_ALONE if name in NO_ROW_PER_FACT else None,
        )
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


def _write_barely(runtime: Runtime, file: Path) -> float:
    """Seconds for the rows and indexes of every projection in a new file, by bare ``sqlite3``."""
    tables = [t for p in runtime.projections.live for t in p.tables if not t.info.get(FULL_TEXT)]
    source = sqlite3.connect(str(runtime.database.url.database))
    target = sqlite3.connect(file, isolation_level=None)
    for pragma in WRITING:
        target.execute(f"PRAGMA {pragma}")
    spent = 0.0
    for table in tables:
        asked_of = "SELECT sql FROM sqlite_master WHERE tbl_name = ? AND sql IS NOT NULL ORDER BY type DESC"
        made, *indexes = (sql for (sql,) in source.execute(asked_of, (table.name,)))
        target.execute(made)
        places = ", ".join("?" * len(table.columns))
        read = source.execute(f"SELECT * FROM {table.name}")
        while rows := read.fetchmany(PAGE):
            started = time.perf_counter()
            target.execute("BEGIN IMMEDIATE")
            target.executemany(f"INSERT INTO {table.name} VALUES ({places})", rows)
            target.execute("COMMIT")
            spent += time.perf_counter() - started
        started = time.perf_counter()
        for index in indexes:
            target.execute(index)
        spent += time.perf_counter() - started
    source.close()
    target.close()
    return spent


BENCHMARK = Benchmark(name="rebuilding", title="重建投影", run=measure)
