"""Photographs as cameras write them, made by hand."""

from __future__ import annotations

import struct

JPEG_END = b"\xff\xd9"


def jpeg(*, taken: str = "", latitude: tuple[int, int, int] | None = None, south: bool = False) -> bytes:
    """The head of a JPEG that says when it was taken (``2008:03:18 10:42:05``) and where (degrees, minutes, seconds;
    always 104° 30′ 36″ east); it holds no picture.
    """
    exif = _directory([(0x9003, 2, taken.encode() + b"\0")]) if taken else b""
    gps = (
        _directory(
            [
                (1, 2, b"S\0" if south else b"N\0"),
                (2, 5, _degrees(*latitude)),
                (3, 2, b"E\0"),
                (4, 5, _degrees(104, 30, 36)),
            ]
        )
        if latitude
        else b""
    )
    parts = [part for part in ((0x8769, exif), (0x8825, gps)) if part[1]]
    at = 8 + 2 + 12 * len(parts) + 4
    first = struct.pack("<H", len(parts))
    rest = b""
    for tag, part in parts:
        first += struct.pack("<HHII", tag, 4, 1, at + len(rest))
        rest += _moved(part, at + len(rest))
    tiff = b"II*\0" + struct.pack("<I", 8) + first + b"\0\0\0\0" + rest
    told = b"Exif\0\0" + tiff
    return b"\xff\xd8\xff\xe1" + struct.pack(">H", len(told) + 2) + told + JPEG_END


def _degrees(*parts: int) -> bytes:
    return b"".join(struct.pack("<II", part, 1) for part in parts)


def _directory(entries: list[tuple[int, int, bytes]]) -> bytes:
    """Entries whose long values follow; offsets count from the directory itself until it is moved."""
    head, tail = struct.pack("<H", len(entries)), b""
    at = 2 + 12 * len(entries) + 4
    for tag, kind, value in entries:
        count = len(value) // (8 if kind == 5 else 1)
        if len(value) <= 4:
            head += struct.pack("<HHI", tag, kind, count) + value.ljust(4, b"\0")
        else:
            head += struct.pack("<HHII", tag, kind, count, at + len(tail))
            tail += value
    return head + b"\0\0\0\0" + tail


def _moved(directory: bytes, by: int) -> bytes:
    """The directory with its offsets counted from the start of the file."""
    count = struct.unpack_from("<H", directory)[0]
    moved = bytearray(directory)
    for index in range(count):
        at = 2 + 12 * index
        _, kind, number, value = struct.unpack_from("<HHII", directory, at)
        if number * (8 if kind == 5 else 1) > 4:
            struct.pack_into("<I", moved, at + 8, value + by)
    return bytes(moved)
