"""Checking a stretch of the record by itself: rows, digests and links, and the Merkle tree over each page of it."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from events.record.chain import ALGORITHMS, GENESIS, HASHING, Frontier, Hashing, header
from events.record.sql import Driver, Row, plain_text
from events.record.store import COLUMNS
from events.record.tables import HEADER_COLUMNS

ROWS = plain_text(f"SELECT {COLUMNS} FROM events WHERE position > ? ORDER BY position LIMIT ?")
_HASH = plain_text("SELECT hash FROM events WHERE position = ?")
PAGE = 2_048
"""Rows read at a time: a power of two, so that the trees over whole pages join into the tree over all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """The first place where the record does not hold together."""

    position: int
    stream: str | None
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Positions after one up to and with another; ``upto`` None: to the end."""

    algorithm: str
    after: int
    upto: int | None
    sizes: tuple[int, ...]
    """Sizes of the whole record at which the tree is wanted, in order; those outside the stretch are passed over."""
    page: int = PAGE


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """What a page of rows came to."""

    size: int
    """Rows that hold."""
    peaks: bytes
    """The frontier of the tree over these rows alone."""
    hash: bytes
    """Chain hash of the last of them; empty where there is none."""
    marks: tuple[tuple[int, bytes], ...] = ()
    """(size of the whole record, frontier over the page's rows up to there) for the sizes asked for."""
    broken: Broken | None = None
    """What is wrong with the row after them."""


def blocks(driver: Driver, stretch: Stretch) -> Iterator[Block]:
    """Checks a stretch page by page, up to the first row that does not hold.

    What stands before a stretch is taken from the row there: whoever checks the stretch before says whether it holds.
    Raises what reading a spoilt database raises.
    """
    hashing = HASHING[stretch.algorithm]
    after, previous = stretch.after, _hash_at(driver, stretch.after)
    sizes = deque(size for size in stretch.sizes if size > after)
    while stretch.upto is None or after < stretch.upto:
        limit = stretch.page if stretch.upto is None else min(stretch.page, stretch.upto - after)
        rows = driver.rows(ROWS, (after, limit))
        if not rows:
            return
        page = _Page(hashing=hashing, after=after, previous=previous)
        what = page.check(rows)
        yield _block(page, rows, what, stretch.algorithm, sizes)
        if what is not None:
            return
        after, previous = after + len(rows), page.hashes[-1]


def _hash_at(driver: Driver, position: int) -> bytes:
    if position == 0:
        return GENESIS
    found = driver.rows(_HASH, (position,))
    return found[0][0] if found and type(found[0][0]) is bytes else b""


def _block(page: _Page, rows: Sequence[Row], what: str | None, algorithm: str, sizes: deque[int]) -> Block:
    frontier = Frontier(ALGORITHMS[algorithm])
    done, marks = 0, []
    while sizes and sizes[0] <= page.after + len(page.hashes):
        upto = sizes.popleft() - page.after
        frontier.extend(page.hashes[done:upto])
        done = upto
        marks.append((page.after + done, frontier.packed()))
    frontier.extend(page.hashes[done:])
    broken = None
    if what is not None:
        place = page.after + len(page.hashes) + 1
        broken = Broken(position=place, stream=str(rows[len(page.hashes)][1]), what=what)
    return Block(
        size=len(page.hashes),
        peaks=frontier.packed(),
        hash=page.hashes[-1] if page.hashes else b"",
        marks=tuple(marks),
        broken=broken,
    )


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
