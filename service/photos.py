"""What a camera wrote into a photo: when it was taken, and where. A statement like any other; it can be made up."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from events.vocabulary import BEIJING

LOOKED_AT = 256 * 1024
"""Bytes from the start of a file in which it may stand."""
EXIF_PART, GPS_PART, TAKEN = 0x8769, 0x8825, 0x9003
NORTH_OR_SOUTH, LATITUDE, EAST_OR_WEST, LONGITUDE = 1, 2, 3, 4
ASCII, SHORT, LONG, RATIONAL = 2, 3, 4, 5
SIZES = {ASCII: 1, SHORT: 2, LONG: 4, RATIONAL: 8}
MOST_ENTRIES = 200

_Entry = tuple[int, int, int]
"""Type, count, and where the value stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """When and where a photo says it was taken; the camera's wall clock is taken for Beijing's."""

    taken_at: datetime | None = None
    place: str = ""
    """“北纬 30.12345，东经 104.12345”."""


def shot_of(path: Path) -> Shot:
    """What a stored JPEG says of itself; nothing for any other file, or for one that is broken."""
    with path.open("rb") as file:
        head = file.read(LOOKED_AT)
    try:
        start = _tiff_start(head)
        return _Tiff(head, start).shot() if start else Shot()
    except (struct.error, ValueError, IndexError, ZeroDivisionError, OverflowError):
        return Shot()


def _tiff_start(head: bytes) -> int:
    if head[:2] != b"\xff\xd8":
        return 0
    at = 2
    while at + 10 < len(head) and head[at] == 0xFF:
        if head[at + 1] == 0xE1 and head[at + 4 : at + 10] == b"Exif\0\0":
            return at + 10
        at += 2 + int.from_bytes(head[at + 2 : at + 4], "big")
    return 0


class _Tiff:
    """The tagged part of a photo's head."""

    def __init__(self, head: bytes, start: int) -> None:
        self.head, self.start = head, start
        self.order = "<" if head[start : start + 2] == b"II" else ">"

    def shot(self) -> Shot:
        first = self._entries(self._number("I", self.start + 4))
        exif = self._entries(self._values(first[EXIF_PART])[0]) if EXIF_PART in first else {}
        gps = self._entries(self._values(first[GPS_PART])[0]) if GPS_PART in first else {}
        taken = self._text(exif[TAKEN]) if TAKEN in exif else ""
        return Shot(taken_at=_moment(taken), place=self._place(gps))

    def _entries(self, offset: float) -> Mapping[int, _Entry]:
        at = self.start + int(offset)
        found = {}
        for index in range(min(self._number("H", at), MOST_ENTRIES)):
            one = at + 2 + index * 12
            kind, count = self._number("H", one + 2), self._number("I", one + 4)
            inside = SIZES.get(kind, 1) * count <= 4
            value = one + 8 if inside else self.start + self._number("I", one + 8)
            found[self._number("H", one)] = (kind, count, value)
        return found

    def _number(self, form: str, at: int) -> int:
        return int(struct.unpack_from(f"{self.order}{form}", self.head, at)[0])

    def _values(self, entry: _Entry) -> list[float]:
        kind, count, at = entry
        if kind == RATIONAL:
            places = range(at, at + 8 * min(count, 3), 8)
            return [self._number("I", one) / self._number("I", one + 4) for one in places]
        form, size = ("H", 2) if kind == SHORT else ("I", 4)
        return [self._number(form, at + size * index) for index in range(min(count, 3))]

    def _text(self, entry: _Entry) -> str:
        _, count, at = entry
        return self.head[at : at + count].split(b"\0")[0].decode("ascii", "replace")

    def _place(self, gps: Mapping[int, _Entry]) -> str:
        if LATITUDE not in gps or LONGITUDE not in gps:
            return ""
        latitude, longitude = self._degrees(gps[LATITUDE]), self._degrees(gps[LONGITUDE])
        if not (0 < latitude <= 90 and 0 < longitude <= 180):
            return ""
        south = NORTH_OR_SOUTH in gps and self._text(gps[NORTH_OR_SOUTH]) == "S"
        west = EAST_OR_WEST in gps and self._text(gps[EAST_OR_WEST]) == "W"
        return f"{'南纬' if south else '北纬'} {latitude:.5f}，{'西经' if west else '东经'} {longitude:.5f}"

    def _degrees(self, entry: _Entry) -> float:
        whole, minutes, seconds = self._values(entry)
        return whole + minutes / 60 + seconds / 3600


def _moment(said: str) -> datetime | None:
    try:
        return datetime.strptime(said.strip(), "%Y:%m:%d %H:%M:%S").replace(tzinfo=BEIJING)
    except ValueError:
        return None
