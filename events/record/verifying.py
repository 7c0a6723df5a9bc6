"""Checking the whole record: positions, versions, digests, links and the head, with the first place that is broken."""

from __future__ import annotations

import itertools
import os
import pickle
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial

import psycopg

from events.record.chain import ALGORITHMS, GENESIS, Frontier
from events.record.collecting import without_collecting
from events.record.sql import Driver, plain_text
from events.record.store import Head, Store, read_head
from events.record.stretches import PAGE, ROWS, Block, Broken, Stretch, blocks

LONG = 100_000
"""From so many facts on, a further process is worth its start."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What a check found: how many facts, the root over them, and the first break if there is one."""

    facts: int
    root: bytes
    broken: Broken | None
    roots: Mapping[int, bytes] = field(default_factory=dict)
    """Size → root over that many facts, for the sizes asked for as far as the record holds together."""


_STREAMS = plain_text("SELECT stream, version, last_position FROM streams ORDER BY stream")
_ENDS = plain_text(
    "SELECT stream, max(version), max(position), count(*) FROM events GROUP BY stream ORDER BY stream"
)
_INTEGRITY = plain_text("PRAGMA integrity_check('events')")
_UNREADABLE = (
    sqlite3.DatabaseError,
    psycopg.DatabaseError,
    ArithmeticError,
    ValueError,
    TypeError,
    IndexError,
)
"""How a spoilt file or page shows itself when it is read."""


def verify(
    store: Store, sizes: Iterable[int] = (), *, processes: int | None = None, page: int = PAGE
) -> Verified:
    """Reads every row as stored and computes everything anew.

    A changed byte in any column, a missing, added or exchanged row is found with the first broken position. A record
    rebuilt as a whole with a new head can only be found against something kept outside: for that, the roots over the
    first ``sizes`` facts are given as well. The rows are shared among ``processes`` of their own (None: as many as
    the machine has and the length is worth; 1: none), ``page`` rows, a power of two, at a time.
    """
    try:
        with without_collecting(), store.database.reader() as driver:
            driver.say("BEGIN" if driver.engine == "sqlite" else "BEGIN ISOLATION LEVEL REPEATABLE READ")
            wanted = tuple(sorted({size for size in sizes if size > 0}))
            found = _verify(driver, store, wanted, processes, page)
            driver.say("COMMIT")
    except _UNREADABLE as error:
        return Verified(facts=0, root=b"", broken=_first_unreadable(store, error))
    return found


def _verify(driver: Driver, store: Store, sizes: Sequence[int], processes: int | None, page: int) -> Verified:
    head = read_head(driver)
    if head.algorithm not in ALGORITHMS:
        return Verified(
            facts=0, root=b"", broken=Broken(position=0, stream=None, what="记录首行的算法不认识")
        )
    whole = _Whole(frontier=Frontier(ALGORITHMS[head.algorithm]))
    *apart, rest = _stretches(head, sizes, processes, page)
    ends: Broken | None = None
    unreadable: Exception | None = None
    with _checked_apart(store, apart) as found:
        if apart:
            ends, unreadable = _tried(lambda: _streams_and_pages(driver, head.position))
        for stretch, told in zip(apart, found, strict=True):
            made = told()
            whole.take(blocks(driver, stretch) if made is None else made)
        whole.take(blocks(driver, rest))
    broken = whole.broken or _wrong_head(driver, whole)
    if broken is None and not apart:
        ends = _streams_and_pages(driver, head.position)
    if broken is None and unreadable is not None:
        raise unreadable
    frontier = whole.frontier
    return Verified(facts=frontier.size, root=frontier.root(), broken=broken or ends, roots=whole.roots)


@dataclass(slots=True, kw_only=True)
class _Whole:
    """The record as far as it has been put together from its stretches."""

    frontier: Frontier
    hash: bytes = GENESIS
    """Chain hash of the last row that holds."""
    roots: dict[int, bytes] = field(default_factory=dict)
    broken: Broken | None = None

    def take(self, found: Iterable[Block]) -> None:
        """Adds a stretch that follows; nothing after the first break."""
        frontier = self.frontier
        if self.broken is not None:
            return
        for block in found:
            for size, packed in block.marks:
                then = Frontier(frontier.digest, frontier.size, frontier.packed())
                then.join(size - frontier.size, packed)
                self.roots[size] = then.root()
            frontier.join(block.size, block.peaks)
            self.hash, self.broken = block.hash or self.hash, block.broken


def _stretches(head: Head, sizes: Sequence[int], processes: int | None, page: int) -> list[Stretch]:
    """What other processes check, and last what is left for this one: the end, and whatever lies beyond it."""
    length = head.position if type(head.position) is int else 0
    count = processes if processes is not None else min(len(os.sched_getaffinity(0)), 1 + length // LONG)
    bounds = [length * n // (count * page) * page for n in range(count + 1)] if count > 1 else [0]
    made = [
        Stretch(algorithm=head.algorithm, after=after, upto=upto, sizes=tuple(sizes), page=page)
        for after, upto in itertools.pairwise(bounds)
        if after < upto
    ]
    return [
        *made,
        Stretch(algorithm=head.algorithm, after=bounds[-1], upto=None, sizes=tuple(sizes), page=page),
    ]


@contextmanager
def _checked_apart(
    store: Store, stretches: Sequence[Stretch]
) -> Iterator[list[Callable[[], list[Block] | None]]]:
    """Processes that check a stretch each; calling gives what one found, None where it could not."""
    url = store.database.url.render_as_string(hide_password=False)
    command = [sys.executable, "-P", "-m", "events.record.verifying_apart"]
    children = [
        subprocess.Popen(  # noqa: S603 - this very program
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        for _ in stretches
    ]
    try:
        for child, stretch in zip(children, stretches, strict=True):
            assert child.stdin is not None
            with suppress(BrokenPipeError), child.stdin as told:
                pickle.dump((url, stretch), told)
        yield [partial(_told, child) for child in children]
    finally:
        for child in children:
            child.kill()
            child.wait()
            if child.stdout is not None:
                child.stdout.close()


def _told(child: subprocess.Popen[bytes]) -> list[Block] | None:
    assert child.stdout is not None
    said = child.stdout.read()
    if child.wait() != 0:
        return None
    found: list[Block] = pickle.loads(said)  # noqa: S301 - from the process this one started
    return found


def _tried(work: Callable[[], Broken | None]) -> tuple[Broken | None, Exception | None]:
    """What a piece of work came to, or what it raised: to be told only where nothing comes before it."""
    try:
        return work(), None
    except _UNREADABLE as error:
        return None, error


def _wrong_head(driver: Driver, whole: _Whole) -> Broken | None:
    head, frontier = read_head(driver), whole.frontier
    if (head.position, head.hash, head.frontier) == (frontier.size, whole.hash, frontier.packed()):
        return None
    return Broken(
        position=frontier.size + 1, stream=None, what="记录末行与最后一位不符：末尾有删减，或末行被改过"
    )


def _streams_and_pages(driver: Driver, facts: int) -> Broken | None:
    kept = {row[0]: (row[1], row[2]) for row in driver.rows(_STREAMS)}
    for stream, version, last, count in driver.rows(_ENDS):
        if version != count:
            return Broken(position=last, stream=stream, what="流的版本不连续")
        if kept.pop(stream, None) != (version, last):
            return Broken(position=last, stream=stream, what="流的末版与事实不符")
    if kept:
        return Broken(position=facts + 1, stream=next(iter(kept)), what="登记了没有事实的流")
    return _pages(driver)


def _pages(driver: Driver) -> Broken | None:
    """What the chain cannot see: an index of an SQLite file that no longer leads to the rows it should."""
    if driver.engine != "sqlite":
        return None
    said = [str(row[0]) for row in driver.rows(_INTEGRITY)]
    if said == ["ok"]:
        return None
    return Broken(position=0, stream=None, what=f"数据库文件的页损坏（{said[0][:80]}）")


def _first_unreadable(store: Store, error: Exception) -> Broken:
    """Where reading stops: the first row the engine itself cannot give."""
    position = 0
    try:
        with store.database.reader() as driver:
            while rows := driver.rows(ROWS, (position, 1)):
                position = rows[0][0]
    except _UNREADABLE:
        pass
    what = f"数据库文件读不出这里的内容（{' '.join(str(error).split())[:80]}）"
    return Broken(position=position + 1, stream=None, what=what)
