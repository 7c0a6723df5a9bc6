"""Small evidence files drawn by code: a photograph of sorts, and a one-page report. Each text gives another file."""

from __future__ import annotations

import struct
import zlib
from random import Random

from service.demo.tale import dice

WIDTH, HEIGHT = 360, 240
Colour = tuple[int, int, int]

SKIES: tuple[Colour, ...] = ((168, 200, 224), (196, 206, 210), (214, 222, 230), (150, 184, 214))
GROUNDS: tuple[Colour, ...] = ((126, 142, 96), (152, 136, 108), (134, 134, 130), (106, 128, 92))
WALLS: tuple[Colour, ...] = ((222, 214, 196), (204, 186, 164), (186, 196, 202), (232, 226, 214))


def photograph(text: str) -> bytes:
    """A PNG of houses by a road under some sky; the text decides everything in it."""
    rng = dice(text)
    horizon = rng.randrange(84, 128)
    rows = _backdrop(rng, horizon)
    for _ in range(rng.randrange(2, 6)):
        _house(rows, rng, horizon)
    _road(rows, rng, horizon)
    packed = zlib.compress(b"".join(b"\0" + bytes(row) for row in rows), 1)
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    parts = (_chunk(b"IHDR", header), _chunk(b"IDAT", packed), _chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def _backdrop(rng: Random, horizon: int) -> list[bytearray]:
    sky, ground = rng.choice(SKIES), rng.choice(GROUNDS)
    rows = []
    for y in range(HEIGHT):
        if y < horizon:
            shift = 26 * y // horizon
            colour = bytes(min(255, part + shift) for part in sky)
        else:
            shift = 26 * (y - horizon) // (HEIGHT - horizon)
            colour = bytes(max(0, part - shift) for part in ground)
        rows.append(bytearray(colour * WIDTH))
    return rows


def _house(rows: list[bytearray], rng: Random, horizon: int) -> None:
    left, wide, high = rng.randrange(WIDTH - 84), rng.randrange(46, 82), rng.randrange(30, 70)
    top, bottom = horizon - high + 18, horizon + 18
    _rectangle(rows, left, top, wide, bottom - top, rng.choice(WALLS))
    _rectangle(rows, left - 4, top - 8, wide + 8, 9, (124 + rng.randrange(30), 82, 70))
    for x in range(left + 7, left + wide - 10, 18):
        _rectangle(rows, x, top + 10, 9, 11, (96, 116, 132))


def _road(rows: list[bytearray], rng: Random, horizon: int) -> None:
    middle, slope = rng.randrange(120, 240), rng.uniform(0.5, 1.1)
    for y in range(horizon + 18, HEIGHT):
        half = round(8 + (y - horizon) * slope)
        _rectangle(rows, middle - half, y, 2 * half, 1, (104, 106, 110))
        if (y // 14) % 2:
            _rectangle(rows, middle - 2, y, 4, 1, (236, 232, 214))


def _rectangle(rows: list[bytearray], left: int, top: int, wide: int, high: int, colour: Colour) -> None:
    begin, end = max(0, left), min(WIDTH, left + wide)
    if begin >= end:
        return
    for row in rows[max(0, top) : max(0, top + high)]:
        row[begin * 3 : end * 3] = bytes(colour) * (end - begin)


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


LINE = 30
"""Characters a line of the report holds."""


def report(title: str, text: str) -> bytes:
    """A one-page PDF with a title and a text, set in a font every reader of Chinese documents brings along."""
    lines = [text[at : at + LINE] for at in range(0, len(text), LINE)]
    shown = [f"BT /F 18 Tf 72 760 Td <{_utf16(title[:24])}> Tj ET"]
    shown += [
        f"BT /F 12 Tf 72 {720 - 22 * number} Td <{_utf16(line)}> Tj ET"
        for number, line in enumerate(lines[:28])
    ]
    stream = "\n".join(shown).encode("ascii")
    font = "/Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UTF16-H /DescendantFonts [5 0 R]"
    descendant = (
        "/Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000 /FontDescriptor 6 0 R"
        " /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 5 >>"
    )
    descriptor = (
        "/Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880]"
        " /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93"
    )
    page = "/Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 7 0 R /Resources << /Font << /F 4 0 R >> >>"
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        *(f"<< {body} >>".encode() for body in (page, font, descendant, descriptor)),
        b"<< /Length %d >>\nstream\n" % len(stream) + stream + b"\nendstream",
    )
    return _document(objects)


def _document(objects: tuple[bytes, ...]) -> bytes:
    out, offsets = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)


def _utf16(text: str) -> str:
    return text.encode("utf-16-be").hex()
