"""Hash chain and Merkle frontier over the record: pure functions of bytes.

``hash(n) = H(0x00 ‖ hash(n-1) ‖ header(n) ‖ body_digest(n))``: the chain covers the digest of a body, so a body can
be erased by law and the chain still verifies. The header is a MessagePack array of every other column of the row
in table order, a length-prefixed binary layout. The Merkle tree is that of RFC 6962 over the chain hashes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from functools import cache

import msgspec

Digest = Callable[[bytes], bytes]
GENESIS = bytes(32)
"""What stands before the first fact."""


def sha256(data: bytes) -> bytes:
    """SHA-256, the default."""
    return hashlib.sha256(data).digest()


def sm3(data: bytes) -> bytes:
    """SM3 (GB/T 32905), for installations that answer for 国密."""
    return _sm3_of(data).digest()


@cache
def _sm3_of_nothing() -> hashlib._Hash:
    return hashlib.new("sm3")


def _sm3_of(data: bytes) -> hashlib._Hash:
    """A copy of one begun: looking the algorithm up by its name takes longer than hashing a short text."""
    begun = _sm3_of_nothing().copy()
    begun.update(data)
    return begun


ALGORITHMS: dict[str, Digest] = {"sha256": sha256, "sm3": sm3}

Hashing = Callable[[bytes], "hashlib._Hash"]
HASHING: dict[str, Hashing] = {"sha256": hashlib.sha256, "sm3": _sm3_of}
"""The same without a call in between, for whoever hashes the whole record."""
_HASHING_AS: dict[Digest, Hashing] = {ALGORITHMS[name]: hashing for name, hashing in HASHING.items()}


header: Callable[[tuple[object, ...]], bytes] = msgspec.msgpack.Encoder().encode
"""Canonical bytes of a row's columns other than body, digest and hash."""


def link(digest: Digest, previous: bytes, head: bytes, body_digest: bytes) -> bytes:
    """The chain hash of one fact."""
    return digest(b"\x00" + previous + head + body_digest)


class Frontier:
    """The right edge of the Merkle tree: one hash per set bit of the size, largest subtree first.

    Adding a leaf costs one hash and on average one more; the state is at most 64 hashes.
    """

    __slots__ = ("digest", "peaks", "size")

    def __init__(self, digest: Digest, size: int = 0, packed: bytes = b"") -> None:
        self.digest = digest
        self.size = size
        self.peaks = [packed[i : i + 32] for i in range(0, len(packed), 32)]
        if len(self.peaks) != size.bit_count():
            raise ValueError("a frontier holds one hash per set bit of its size")

    def add(self, data: bytes) -> None:
        """Adds the leaf of one fact's chain hash."""
        node = self.digest(b"\x00" + data)
        size = self.size
        while size & 1:
            node = self.digest(b"\x01" + self.peaks.pop() + node)
            size >>= 1
        self.peaks.append(node)
        self.size += 1

    def extend(self, leaves: Iterable[bytes]) -> None:
        """Adds many leaves: whole subtrees at once, level by level, which costs half of adding them one by one."""
        hashing = _HASHING_AS[self.digest]
        nodes = [hashing(b"\x00" + leaf).digest() for leaf in leaves]
        start = 0
        while left := len(nodes) - start:
            span = 1 << (left.bit_length() - 1)
            if self.size:
                span = min(span, self.size & -self.size)
            self._push(_folded(hashing, nodes[start : start + span]), span)
            start += span

    def join(self, size: int, packed: bytes) -> None:
        """Adds the tree over the next ``size`` leaves by its frontier.

        Raises ValueError where this size is no multiple of the largest subtree in it: then the trees do not join.
        """
        other = Frontier(self.digest, size, packed)
        if size and self.size % (1 << (size.bit_length() - 1)):
            raise ValueError("a tree joins only where its largest subtree may stand")
        for peak in other.peaks:
            span = 1 << (size.bit_length() - 1)
            self._push(peak, span)
            size -= span

    def _push(self, node: bytes, span: int) -> None:
        """Adds a whole subtree of ``span`` leaves, a power of two that the size is a multiple of."""
        trees = self.size // span
        while trees & 1:
            node = self.digest(b"\x01" + self.peaks.pop() + node)
            trees >>= 1
        self.peaks.append(node)
        self.size += span

    def packed(self) -> bytes:
        """The peaks as stored in the head row."""
        return b"".join(self.peaks)

    def root(self) -> bytes:
        """The Merkle tree head over all leaves so far (RFC 6962 §2.1)."""
        if not self.peaks:
            return self.digest(b"")
        node = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            node = self.digest(b"\x01" + peak + node)
        return node


def _folded(hashing: Hashing, nodes: list[bytes]) -> bytes:
    """The root over the leaves of a whole subtree."""
    while len(nodes) > 1:
        pairs = iter(nodes)
        nodes = [hashing(b"\x01" + left + right).digest() for left, right in zip(pairs, pairs, strict=True)]
    return nodes[0]
