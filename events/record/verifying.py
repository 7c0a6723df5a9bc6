"""Checking the whole record: positions, versions, digests, links and the head, with the first place that is broken."""

from __future__ import annotations

from dataclasses import dataclass

from events.record.chain import ALGORITHMS, GENESIS, Digest, Frontier, header, link
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


_PAGE = 2_000
_ROWS = plain_text(f"SELECT {COLUMNS} FROM events WHERE position > ? ORDER BY position LIMIT ?")
_STREAMS = plain_text("SELECT stream, version, last_position FROM streams ORDER BY stream")
_ENDS = plain_text(
    "SELECT stream, max(version), max(position), count(*) FROM events GROUP BY stream ORDER BY stream"
)


def verify(store: Store) -> Verified:
    """Reads every row as stored and computes everything anew.

    A changed byte in any column, a missing, added or exchanged row is found with the first broken position. A record
    rebuilt as a whole with a new head can only be found against something kept outside.
    """
    with store.database.reader() as driver:
        driver.say("BEGIN")
        try:
            return _verify(driver)
        finally:
            driver.say("COMMIT")


def _verify(driver: Driver) -> Verified:
    head = read_head(driver)
    digest = ALGORITHMS.get(head.algorithm)
    if digest is None:
        return Verified(
            facts=0, root=b"", broken=Broken(position=0, stream=None, what="记录首行的算法不认识")
        )
    previous, frontier, position = GENESIS, Frontier(digest), 0
    while rows := driver.rows(_ROWS, (position, _PAGE)):
        for row in rows:
            position += 1
            what = _wrong(row, position, digest)
            if what is None:
                previous = link(digest, previous, header(row[:HEADER_COLUMNS]), row[HEADER_COLUMNS])
                if previous != row[HEADER_COLUMNS + 1]:
                    what = "与前一位的链接不符：这一位被改过，或其前有增删、调换"
            if what is not None:
                broken = Broken(position=position, stream=str(row[1]), what=what)
                return Verified(facts=position - 1, root=frontier.root(), broken=broken)
            frontier.add(previous)
    return Verified(facts=position, root=frontier.root(), broken=_ends(driver, previous, frontier, position))


def _wrong(row: Row, position: int, digest: Digest) -> str | None:
    if row[0] != position:
        return f"位次不连续：应为第 {position} 位，读到第 {row[0]} 位"
    if row[HEADER_COLUMNS + 2] is None:
        return "内容缺失"
    if not all(isinstance(row[i], bytes) for i in (HEADER_COLUMNS, HEADER_COLUMNS + 1, HEADER_COLUMNS + 2)):
        return "内容或摘要的类型被改过"
    if digest(row[HEADER_COLUMNS + 2]) != row[HEADER_COLUMNS]:
        return "内容与摘要不符"
    return None


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
    return None
