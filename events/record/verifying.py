"""Checking the whole record: positions, versions, digests, links and the head, with the first place that is broken."""

from __future__ import annotations

import sqlite3
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import psycopg

from events.record.chain import ALGORITHMS, GENESIS, HASHING, Frontier, Hashing, header
from events.record.collecting import without_collecting
from events.record.sql import Driver, Row, plain_text
from events.record.store import COLUMNS, Store, read_head
from events.record.tables import HEADER_COLUMNS


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """The first place where the record does not hold together."""

    position: int
    stream: str | None
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What a check found: how many facts, the root over them, and the first break if there is one."""

    facts: int
    root: bytes
    broken: Broken | None
    roots: Mapping[int, bytes] = field(default_factory=dict)
    """Size → root over that many facts, for the sizes asked for as far as the record holds together."""


_PAGE = 2_000
_ROWS = plain_text(f"SELECT {COLUMNS} FROM events WHERE position > ? ORDER BY position LIMIT ?")
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


def verify(store: Store, sizes: Iterable[int] = ()) -> Verified:
    """Reads every row as stored and computes everything anew.

    A changed byte in any column, a missing, added or exchanged row is found with the first broken position. A record
    rebuilt as a whole with a new head can only be found against something kept outside: for that, the roots over the
    first ``sizes`` facts are given as well.
    """
    try:
        with without_collecting(), store.database.reader() as driver:
            driver.say("BEGIN" if driver.engine == "sqlite" else "BEGIN ISOLATION LEVEL REPEATABLE READ")
            found = _verify(driver, sorted({size for size in sizes if size > 0}))
            driver.say("COMMIT")
    except _UNREADABLE as error:
        return Verified(facts=0, root=b"", broken=_first_unreadable(store, error))
    return found


def _verify(driver: Driver, sizes: list[int]) -> Verified:
    head = read_head(driver)
    digest = ALGORITHMS.get(head.algorithm)
    if digest is None:
        return Verified(
            facts=0, root=b"", broken=Broken(position=0, stream=None, what="记录首行的算法不认识")
        )
    previous, frontier, roots = GENESIS, Frontier(digest), dict[int, bytes]()
    for rows in _pages_ending_at(driver, sizes):
        page = _Page(hashing=HASHING[head.algorithm], after=frontier.size, previous=previous)
        what = page.check(rows)
        frontier.extend(page.hashes)
        if what is not None:
            broken = Broken(position=frontier.size + 1, stream=str(rows[len(page.hashes)][1]), what=what)
            return Verified(facts=frontier.size, root=frontier.root(), broken=broken, roots=roots)
        previous = page.hashes[-1]
        if frontier.size in sizes:
            roots[frontier.size] = frontier.root()
    ends = _ends(driver, previous, frontier, frontier.size)
    return Verified(facts=frontier.size, root=frontier.root(), broken=ends, roots=roots)


def _pages_ending_at(driver: Driver, sizes: Sequence[int]) -> Iterator[list[Row]]:
    """Every row in order; a page ends at each of the sizes, at the latest after PAGE rows."""
    after, ends = 0, deque(sizes)
    while True:
        while ends and ends[0] <= after:
            ends.popleft()
        limit = min(_PAGE, ends[0] - after) if ends else _PAGE
        rows = driver.rows(_ROWS, (after, limit))
        if not rows:
            return
        yield rows
        after += len(rows)


@dataclass(slots=True, kw_only=True)
class _Page:
    """Consecutive rows under examination."""

    hashing: Hashing
    after: int
    """Position before the first row."""
    previous: bytes
    """Chain hash there."""
    hashes: list[bytes] = field(default_factory=list)
    """Chain hashes of the rows that hold, up to the first that does not."""

    def check(self, rows: Sequence[Row]) -> str | None:
        """What is wrong with the first row that does not hold; None where all do."""
        hashing, pack, previous, add = self.hashing, header, self.previous, self.hashes.append
        position = self.after
        for row in rows:
            position += 1
            body_digest, hash_, body = row[HEADER_COLUMNS:]
            if row[0] != position or type(body) is not bytes or hashing(body).digest() != body_digest:
                break
            previous = hashing(b"\x00" + previous + pack(row[:HEADER_COLUMNS]) + body_digest).digest()
            if previous != hash_:
                break
            add(previous)
        else:
            return None
        return _wrong(row, position, hashing)


def _wrong(row: Row, position: int, hashing: Hashing) -> str:
    body_digest, hash_, body = row[HEADER_COLUMNS:]
    if row[0] != position:
        return f"位次不连续：应为第 {position} 位，读到第 {row[0]} 位"
    if body is None:
        return "内容缺失"
    if not all(isinstance(value, bytes) for value in (body_digest, hash_, body)):
        return "内容或摘要的类型被改过"
    if hashing(body).digest() != body_digest:
        return "内容与摘要不符"
    return "与前一位的链接不符：这一位被改过，或其前有增删、调换"


def _ends(driver: Driver, last_hash: bytes, frontier: Frontier, position: int) -> Broken | None:
    head = read_head(driver)
    if (head.position, head.hash, head.frontier) != (position, last_hash, frontier.packed()):
        return Broken(
            position=position + 1, stream=None, what="记录末行与最后一位不符：末尾有删减，或末行被改过"
        )
    kept = {row[0]: (row[1], row[2]) for row in driver.rows(_STREAMS)}
    for stream, version, last, count in driver.rows(_ENDS):
        if version != count:
            return Broken(position=last, stream=stream, what="流的版本不连续")
        if kept.pop(stream, None) != (version, last):
            return Broken(position=last, stream=stream, what="流的末版与事实不符")
    if kept:
        return Broken(position=position + 1, stream=next(iter(kept)), what="登记了没有事实的流")
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
            while rows := driver.rows(_ROWS, (position, 1)):
                position = rows[0][0]
    except _UNREADABLE:
        pass
    what = f"数据库文件读不出这里的内容（{' '.join(str(error).split())[:80]}）"
    return Broken(position=position + 1, stream=None, what=what)
