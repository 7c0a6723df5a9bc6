"""Which characters a font file can draw: its ``cmap`` table, read without any font library."""

from __future__ import annotations

import struct
from bisect import bisect_right
from dataclasses import dataclass
from pathlib import Path

COLLECTION = b"ttcf"
SEGMENTED, GROUPED = 4, 12
"""The two table formats that matter: 16-bit segments, and groups of any code point."""


class Unreadable(Exception):
    """A file that is no font, or a damaged one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """Ranges of code points, sorted; ``starts`` and ``ends`` inclusive."""

    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def covers(self, character: str) -> bool:
        """Whether the font has a glyph for the character."""
        code = ord(character)
        index = bisect_right(self.starts, code) - 1
        return index >= 0 and code <= self.ends[index]


def coverage(path: Path, index: int = 0) -> Coverage:
    """What face ``index`` of a font file can draw. Raises Unreadable naming the file."""
    try:
        with path.open("rb") as file:
            start = _face(file.read(12 + 4 * (index + 1)), index)
            file.seek(start)
            count = struct.unpack(">4xH6x", file.read(12))[0]
            offset, length = _table(file.read(16 * count), b"cmap")
            file.seek(offset)
            ranges = _ranges(file.read(length))
    except (OSError, struct.error, IndexError) as error:
        raise Unreadable(f"{path} 读不出来，或不是字体文件；换成 .ttf、.otf 或 .ttc") from error
    ordered = sorted(ranges)
    return Coverage(starts=tuple(s for s, _ in ordered), ends=tuple(e for _, e in ordered))


def _face(head: bytes, index: int) -> int:
    if head[:4] != COLLECTION:
        return 0
    return int(struct.unpack_from(">I", head, 12 + 4 * index)[0])


def _table(directory: bytes, tag: bytes) -> tuple[int, int]:
    for name, _, offset, length in struct.iter_unpack(">4sIII", directory):
        if name == tag:
            return offset, length
    raise struct.error(f"no {tag!r}")


def _ranges(cmap: bytes) -> set[tuple[int, int]]:
    (count,) = struct.unpack_from(">2xH", cmap)
    found: set[tuple[int, int]] = set()
    for index in range(count):
        (offset,) = struct.unpack_from(">4xI", cmap, 4 + 8 * index)
        (kind,) = struct.unpack_from(">H", cmap, offset)
        if kind == GROUPED:
            found |= _groups(cmap, offset)
        elif kind == SEGMENTED:
            found |= _segments(cmap, offset)
    # Formats overlap; the union is what can be drawn.
    return _merged(found)


def _groups(cmap: bytes, offset: int) -> set[tuple[int, int]]:
    (count,) = struct.unpack_from(">12xI", cmap, offset)
    body = cmap[offset + 16 : offset + 16 + 12 * count]
    return {(start, end) for start, end, _ in struct.iter_unpack(">III", body)}


def _segments(cmap: bytes, offset: int) -> set[tuple[int, int]]:
    (doubled,) = struct.unpack_from(">6xH", cmap, offset)
    count = doubled // 2
    ends = struct.unpack_from(f">{count}H", cmap, offset + 14)
    starts = struct.unpack_from(f">{count}H", cmap, offset + 16 + doubled)
    # The last segment is the table's own end mark.
    return {(start, end) for start, end in zip(starts, ends, strict=True) if start != 0xFFFF}


def _merged(ranges: set[tuple[int, int]]) -> set[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(ranges):
        if merged and start <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return set(merged)
