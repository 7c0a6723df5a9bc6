"""A stock of a province's size: every matter of a smaller one written again under other ids, with its letters.

What is written was decided, command by command, where the smaller stock was made. Its facts are gone through in order;
each fact of a matter is written as often as there are to be matters, at its own moment, and all are chained anew. So
the record holds together as any other does, and its projections are built from it as an upgrade would build them.
"""

from __future__ import annotations

import re
import shutil
import sqlite3
import time
from array import array
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import uvloop

from benchmarks.office import office_in, opened
from benchmarks.stock import BOOK, LAST_DAY, Stock, kept_in, moment, noted, stock
from events.record.chain import GENESIS, Frontier, header, link, sha256
from events.record.sql import Row
from events.record.store import COLUMNS
from events.record.tables import HEADER_COLUMNS
from service.ticking import tick

TIMES = 20
AT_ONCE = 20_000
"""Rows in one transaction."""
LEFT_OUT = "stream LIKE 'seal-%'"
"""What says how long the smaller record was."""
_NUMBER = re.compile(rb'"number":"(\d{4})-(\d+)"')
_EVIDENCE = re.compile(rb'"id":"([0-9a-f]{32})"')
_SCRATCH = ("journal_mode=WAL", "synchronous=OFF", "cache_size=-200000", "wal_autocheckpoint=20000")


def multiplied(home: Path, matters: int) -> Stock:
    """The stock of so many open matters with three facts each below ``home``; made where there is none yet."""
    base = stock(home, matters // TIMES, brief=True)
    folder = base.office.folder.with_name(
        base.office.folder.name.replace(f"-{base.matters}-", f"-{matters}-")
    )
    if not (folder / BOOK).exists():
        shutil.rmtree(folder, ignore_errors=True)
        noted(folder, _make(base, folder, matters))
    return kept_in(folder)


def _make(base: Stock, folder: Path, matters: int) -> Stock:
    shutil.copytree(base.office.folder, folder, ignore=shutil.ignore_patterns(BOOK))
    started, spent = time.perf_counter(), time.process_time()
    source = sqlite3.connect(base.office.folder / "var" / "duban.sqlite3")
    target = sqlite3.connect(folder / "var" / "duban.sqlite3", isolation_level=None)
    for pragma in _SCRATCH:
        target.execute(f"PRAGMA {pragma}")
    for emptied in ("events", "streams", "letters", "merkle_blocks"):
        target.execute(f"DELETE FROM {emptied}")
    _Multiplying(source, target).run()
    target.execute("UPDATE projections SET fingerprint = ''")
    source.close()
    target.close()
    seconds, cpu = time.perf_counter() - started, time.process_time() - spent
    office, started = office_in(folder), time.perf_counter()
    with opened(office) as runtime:  # the projections are found behind and built here
        said = uvloop.run(tick(runtime, moment(LAST_DAY, 10))).answer()
        facts = runtime.store.head().position
    return replace(
        base,
        office=office,
        matters=matters,
        facts=facts,
        seconds=base.seconds + base.building + seconds,
        cpu=base.cpu + cpu,
        building=time.perf_counter() - started,
        reminders=sum(said.values()),
    )


class _Multiplying:
    """From one record to another."""

    def __init__(self, source: sqlite3.Connection, target: sqlite3.Connection) -> None:
        self.source, self.target = source, target
        (self.next_number,) = source.execute("SELECT max(next) FROM number_series").fetchone()
        self.begins = array("q", [0])
        """Old position → the new one of its first copy."""
        self.position, self.hash, self.frontier = 0, GENESIS, Frontier(sha256)

    def run(self) -> None:
        """Facts, then streams and head, then letters."""
        write = f"INSERT INTO events ({COLUMNS}) VALUES ({', '.join('?' * (HEADER_COLUMNS + 3))})"
        old = self.source.execute(f"SELECT {COLUMNS}, {LEFT_OUT} FROM events ORDER BY position")
        while rows := old.fetchmany(AT_ONCE // TIMES):
            self._together(write, [new for row in rows for new in self._copies(row)])
        self.target.execute(
            "INSERT INTO streams SELECT stream, max(version), max(position) FROM events GROUP BY stream"
        )
        head = (self.position, self.hash, self.frontier.packed())
        self.target.execute("UPDATE log_head SET position = ?, hash = ?, frontier = ?", head)
        self.target.execute("UPDATE number_series SET next = next * ?", (TIMES,))
        letters = self.source.execute("SELECT * FROM letters ORDER BY position")
        places = {column[0]: place for place, column in enumerate(letters.description)}
        write = f"INSERT INTO letters VALUES ({', '.join('?' * len(places))})"
        while rows := letters.fetchmany(AT_ONCE // TIMES):
            self._together(write, [new for row in rows for new in self._letters(row, places)])

    def _together(self, write: str, rows: list[Row]) -> None:
        self.target.execute("BEGIN")
        self.target.executemany(write, rows)
        self.target.execute("COMMIT")

    def _copies(self, row: Row) -> Iterator[Row]:
        *head, digest, _, body, left_out = row
        self.begins.append(self.position + 1)
        if left_out:
            return
        stream, command = str(head[1]), str(head[12])
        for n in range(TIMES if stream.startswith("matter-") else 1):
            if n:
                head[1], head[12] = _other(stream, n), _other(command, n)
                body, digest = self._body(row[-2], n, digest)
            head[13] = head[12] if row[13] == row[12] else head[13]
            self.position += 1
            head[0] = self.position
            self.hash = link(sha256, self.hash, header(tuple(head)), digest)
            self.frontier.add(self.hash)
            yield (*head, digest, self.hash, body)

    def _body(self, body: bytes, n: int, digest: bytes) -> tuple[bytes, bytes]:
        """Official numbers and ids of evidence are nobody else's."""

        def numbered(found: re.Match[bytes]) -> bytes:
            return b'"number":"%s-%05d"' % (found[1], int(found[2]) + n * self.next_number)

        def named(found: re.Match[bytes]) -> bytes:
            return b'"id":"%s"' % _other(found[1].decode(), n).encode()

        other = _EVIDENCE.sub(named, _NUMBER.sub(numbered, body))
        return (body, digest) if other == body else (other, sha256(other))

    def _letters(self, row: Row, places: dict[str, int]) -> Iterator[Row]:
        letter = list(row)
        matter, begins = str(row[places["matter"]]), self.begins[row[places["position"]]]
        for n in range(TIMES if matter else 1):
            letter[places["id"]] = _other(str(row[places["id"]]), n)
            letter[places["matter"]] = _other(matter, n)
            letter[places["position"]] = begins + n
            yield tuple(letter)


def _other(name: str, n: int) -> str:
    """An id of its own for copy ``n``, as near to the first in order; the first keeps its own."""
    return f"{name[:-2]}{int(name[-2:], 16) ^ n:02x}" if n else name
