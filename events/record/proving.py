"""The Merkle tree of a record at hand: roots and proofs, quick by kept nodes, each one checked before it is given.

A node over every 256 facts is kept in ``merkle_blocks``. It is a convenience, never trusted: a proof that does not
lead to the root it is for is made anew from the chain hashes themselves.
"""

from __future__ import annotations

from functools import cache

from events.record.chain import ALGORITHMS, Digest, Frontier
from events.record.connections import Database
from events.record.merkle import consistency, consistent, inclusion, node, root_by_inclusion, split
from events.record.sql import Driver, Row, insert_missing, plain_text
from events.record.store import CorruptRecord, Store, read_head
from events.record.tables import merkle_blocks

BLOCK = 256
MOST_AT_ONCE = 1_000
"""Blocks kept by one call: about a second's hashing where a long record has none yet."""
_PAGE = 5_000
_HASHES = plain_text("SELECT position, hash FROM events WHERE position > ? ORDER BY position LIMIT ?")
_LAST = plain_text("SELECT max(block) FROM merkle_blocks")
_BLOCKS = plain_text("SELECT block, hash FROM merkle_blocks WHERE block < ? ORDER BY block")
_KEEP = insert_missing(merkle_blocks)


class Tree:
    """Questions to the tree over the facts 1 … ``size``; holds no connection."""

    def __init__(self, store: Store, size: int, *, trusting: bool = True) -> None:
        self._database = store.database
        self.size = size
        head = store.head()
        if size > head.position:
            raise CorruptRecord(head.position + 1, f"记录只到第 {head.position} 位，没有 {size} 条事实")
        self.digest: Digest = ALGORITHMS[head.algorithm]
        self._blocks = _read_blocks(self._database, size) if trusting else {}
        self._leaves: dict[int, list[bytes]] = {}
        self.subtree = cache(self._subtree)

    def root(self) -> bytes:
        """The Merkle tree head."""
        return self.subtree(0, self.size) if self.size else self.digest(b"")

    def hash_of(self, position: int) -> bytes:
        """The chain hash of a fact."""
        return self._block(position - 1)[(position - 1) % BLOCK]

    def inclusion(self, position: int) -> tuple[bytes, ...]:
        """The audit path of a fact."""
        return inclusion(position - 1, self.size, self.subtree)

    def consistency(self, old: int) -> tuple[bytes, ...]:
        """The proof that the tree began with that of ``old`` facts."""
        return consistency(old, self.size, self.subtree)

    def includes(self, position: int, path: tuple[bytes, ...], root: bytes) -> bool:
        """Whether an audit path leads from a fact to a root."""
        found = root_by_inclusion(
            self.digest, data=self.hash_of(position), index=position - 1, size=self.size, path=path
        )
        return found == root

    def grew_from(self, old: int, old_root: bytes, root: bytes) -> bool:
        """Whether this tree with ``root`` began with the one of ``old`` facts and ``old_root``."""
        return consistent(
            self.digest,
            old=old,
            old_root=old_root,
            new=self.size,
            new_root=root,
            path=self.consistency(old),
        )

    def _subtree(self, first: int, end: int) -> bytes:
        count = end - first
        if count == BLOCK and first % BLOCK == 0 and (kept := self._blocks.get(first // BLOCK)) is not None:
            return kept
        if count <= BLOCK and first % BLOCK + count <= BLOCK:
            frontier = Frontier(self.digest)
            at = first % BLOCK
            frontier.extend(self._block(first)[at : at + count])
            return frontier.root()
        middle = first + split(count)
        return node(self.digest, self.subtree(first, middle), self.subtree(middle, end))

    def _block(self, index: int) -> list[bytes]:
        """The chain hashes of the 256 facts around a leaf, read ahead by the page."""
        block = index // BLOCK
        if block not in self._leaves:
            first = block * BLOCK
            with self._database.reader() as driver:
                rows = driver.rows(_HASHES, (first, BLOCK))
            self._leaves[block] = _checked(rows, first)
        return self._leaves[block]


def tree_with_root(store: Store, size: int, root: bytes) -> Tree:
    """The tree of ``size`` facts, whose root is ``root``. Raises CorruptRecord where the facts give another."""
    for trusting in (True, False):
        tree = Tree(store, size, trusting=trusting)
        if tree.root() == root:
            return tree
    raise CorruptRecord(size, "前面的事实算不出封存时的根")


def keep_blocks(database: Database) -> int:
    """Keeps nodes of full blocks of 256 facts that are not kept yet, oldest first; gives how many were added."""
    with database.reader() as driver:
        head = read_head(driver)
        last = driver.rows(_LAST)[0][0]
        first = 0 if last is None else int(last) + 1
        end = min(head.position // BLOCK, first + MOST_AT_ONCE)
        rows = _nodes(driver, first, end, ALGORITHMS[head.algorithm])
    if rows:
        with database.transaction() as driver:
            driver.run(_KEEP, rows)
    return len(rows)


def _nodes(driver: Driver, first: int, end: int, digest: Digest) -> list[Row]:
    made: list[Row] = []
    waiting: list[bytes] = []
    after = first * BLOCK
    while after < end * BLOCK and (rows := driver.rows(_HASHES, (after, _PAGE))):
        waiting.extend(_checked(rows, after))
        after += len(rows)
        while len(waiting) >= BLOCK and first < end:
            frontier = Frontier(digest)
            frontier.extend(waiting[:BLOCK])
            del waiting[:BLOCK]
            made.append((first, frontier.root()))
            first += 1
    return made


def _checked(rows: list[Row], after: int) -> list[bytes]:
    if rows and (rows[0][0] != after + 1 or rows[-1][0] != after + len(rows)):
        raise CorruptRecord(after + 1, "位次不连续")
    return [bytes(row[1]) for row in rows]


def _read_blocks(database: Database, size: int) -> dict[int, bytes]:
    with database.reader() as driver:
        return {row[0]: bytes(row[1]) for row in driver.rows(_BLOCKS, (size // BLOCK,))}
