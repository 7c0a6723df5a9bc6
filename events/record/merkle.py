"""Proofs over the record's Merkle tree (RFC 6962 §2.1): that a fact is in it, and that it only ever grew."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from events.record.chain import Digest

Subtree = Callable[[int, int], bytes]
"""(first, end) → the Merkle tree head over the leaves ``first`` up to but not including ``end``."""


def leaf(digest: Digest, data: bytes) -> bytes:
    """The hash of a leaf."""
    return digest(b"\x00" + data)


def node(digest: Digest, left: bytes, right: bytes) -> bytes:
    """The hash of an inner node."""
    return digest(b"\x01" + left + right)


def split(count: int) -> int:
    """The largest power of two below ``count``, where a tree of more than one leaf divides."""
    return 1 << ((count - 1).bit_length() - 1)


def inclusion(index: int, size: int, subtree: Subtree) -> tuple[bytes, ...]:
    """The audit path of leaf ``index`` (from 0) in the tree of ``size`` leaves, nearest sibling first."""
    first, end, path = 0, size, []
    while end - first > 1:
        middle = first + split(end - first)
        if index < middle:
            path.append(subtree(middle, end))
            end = middle
        else:
            path.append(subtree(first, middle))
            first = middle
    return tuple(reversed(path))


def root_by_inclusion(
    digest: Digest, *, data: bytes, index: int, size: int, path: Sequence[bytes]
) -> bytes | None:
    """The root an audit path leads to; None where it has not the length such a path has (RFC 9162 §2.1.3.2)."""
    if not 0 <= index < size:
        return None
    at, last, found = index, size - 1, leaf(digest, data)
    for sibling in path:
        if last == 0:
            return None
        if at & 1 or at == last:
            found = node(digest, sibling, found)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            found = node(digest, found, sibling)
        at, last = at >> 1, last >> 1
    return found if last == 0 else None


def consistency(old: int, new: int, subtree: Subtree) -> tuple[bytes, ...]:
    """The proof that the tree of ``new`` leaves begins with that of ``old``; empty where old is 0 or new."""
    if old in (0, new):
        return ()
    first, end, whole = 0, new, True
    path: list[bytes] = []
    while old != end:
        middle = first + split(end - first)
        if old <= middle:
            path.append(subtree(middle, end))
            end = middle
        else:
            path.append(subtree(first, middle))
            first, whole = middle, False
    if not whole:
        path.append(subtree(first, end))
    return tuple(reversed(path))


def consistent(
    digest: Digest, *, old: int, old_root: bytes, new: int, new_root: bytes, path: Sequence[bytes]
) -> bool:
    """Whether a consistency proof holds (RFC 9162 §2.1.4.2)."""
    if old == new:
        return not path and old_root == new_root
    if not 0 < old < new or not path:
        return False
    steps = list(path) if old & (old - 1) else [old_root, *path]
    at, last = old - 1, new - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    was = now = steps[0]
    for sibling in steps[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            was, now = node(digest, sibling, was), node(digest, sibling, now)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            now = node(digest, now, sibling)
        at, last = at >> 1, last >> 1
    return last == 0 and was == old_root and now == new_root
