"""Reading the record: a stream, a page by position, one fact, a kept answer."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from events.record.codec import Codec
from events.record.connections import Database
from events.record.envelope import Recorded
from events.record.moments import from_micros, to_micros
from events.record.sql import Driver, Row, plain_text
from events.record.tables import HEADER_COLUMNS, events

COLUMNS = ", ".join(c.name for c in events.columns)
PAGE = 5_000

_STREAM = plain_text(f"SELECT {COLUMNS} FROM events WHERE stream = ? ORDER BY version")
_STREAM_UP_TO = plain_text(
    f"SELECT {COLUMNS} FROM events WHERE stream = ? AND position <= ? ORDER BY version"
)
_STREAMS = plain_text(
    f"SELECT {COLUMNS} FROM events WHERE stream IN (SELECT value FROM json_each(?)) ORDER BY stream, version",
    f"SELECT {COLUMNS} FROM events WHERE stream = ANY(?) ORDER BY stream, version",
)
_SCAN = plain_text(f"SELECT {COLUMNS} FROM events WHERE position > ? ORDER BY position LIMIT ?")
_AT = plain_text(f"SELECT {COLUMNS} FROM events WHERE position = ?")
_MOMENT = plain_text("SELECT recorded_at FROM events WHERE position = ?")
_TWO = plain_text("SELECT command_id FROM events WHERE position IN (?, ?) ORDER BY position")
_BEFORE = plain_text(
    "SELECT position FROM events WHERE position < ? AND command_id <> ? ORDER BY position DESC LIMIT 1"
)
_AFTER = plain_text(
    "SELECT position FROM events WHERE position > ? AND command_id <> ? ORDER BY position LIMIT 1"
)
_HASH = plain_text("SELECT hash FROM events WHERE position = ?")
_BODIES = plain_text(
    "SELECT position, stream, body FROM events WHERE type IN (SELECT value FROM json_each(?)) AND position > ?"
    " ORDER BY position LIMIT ?",
    "SELECT position, stream, body FROM events WHERE type = ANY(?) AND position > ? ORDER BY position LIMIT ?",
)
_HEAD = plain_text("SELECT position, hash, frontier, epoch, moment, algorithm FROM log_head WHERE id = 1")
_HEAD_LOCKED = plain_text(
    "SELECT position, hash, frontier, epoch, moment, algorithm FROM log_head WHERE id = 1",
    "SELECT position, hash, frontier, epoch, moment, algorithm FROM log_head WHERE id = 1 FOR UPDATE",
)
_COMMAND = plain_text("SELECT fingerprint, result FROM commands WHERE command_id = ?")
_NAMES = plain_text("SELECT stream FROM streams WHERE stream >= ? AND stream < ? ORDER BY stream")
_VERSION = plain_text("SELECT version FROM streams WHERE stream = ?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The end of the record."""

    position: int
    hash: bytes
    frontier: bytes
    epoch: int
    moment: int | None
    """The record's standing moment in microseconds: of its last fact, or of the clock's last beat."""
    algorithm: str


class Store:
    """Questions to the record. Every method opens and gives back its own reading connection."""

    def __init__(self, database: Database, codec: Codec) -> None:
        self.database = database
        self.codec = codec

    def head(self) -> Head:
        """The end of the record now."""
        with self.database.reader() as driver:
            return read_head(driver)

    def stream(self, stream: str, *, up_to: int | None = None) -> list[Recorded]:
        """All facts of a stream in order, up to a position (inclusive); empty for an unknown stream."""
        with self.database.reader() as driver:
            return self.stream_on(driver, stream, up_to=up_to)

    def stream_on(self, driver: Driver, stream: str, *, up_to: int | None = None) -> list[Recorded]:
        """As ``stream``, on a connection at hand."""
        if up_to is None:
            return self.recorded(driver.rows(_STREAM, (stream,)))
        return self.recorded(driver.rows(_STREAM_UP_TO, (stream, up_to)))

    def streams(self, streams: Sequence[str]) -> dict[str, list[Recorded]]:
        """All facts of many streams in one question; an unknown stream is not among the keys."""
        found: dict[str, list[Recorded]] = {}
        with self.database.reader() as driver:
            rows = driver.rows_in(_STREAMS, streams)
        for recorded in self.recorded(rows):
            found.setdefault(recorded.stream, []).append(recorded)
        return found

    def scan(self, after: int, limit: int = PAGE) -> list[Recorded]:
        """The next facts after a position."""
        return self.recorded(self.rows(after, limit))

    def rows(self, after: int, limit: int = PAGE) -> list[Row]:
        """The next rows after a position, as stored."""
        with self.database.reader() as driver:
            return driver.rows(_SCAN, (after, limit))

    def pages(self, after: int = 0, limit: int = PAGE) -> Iterator[list[Recorded]]:
        """Every fact after a position, page by page; raises CorruptRecord on a hole."""
        while page := self.scan(after, limit):
            if page[-1].position != after + len(page):
                raise CorruptRecord(after + 1, "位次不连续")
            yield page
            after = page[-1].position

    def at(self, position: int) -> Recorded | None:
        """One fact by its position."""
        with self.database.reader() as driver:
            found = self.recorded(driver.rows(_AT, (position,)))
        return found[0] if found else None

    def hash_at(self, position: int) -> bytes | None:
        """The chain hash of one fact; None where there is none."""
        with self.database.reader() as driver:
            return hash_on(driver, position)

    def stream_rows(self, stream: str) -> list[Row]:
        """The rows of a stream in order, as stored; ``COLUMNS`` names what they hold."""
        with self.database.reader() as driver:
            return driver.rows(_STREAM, (stream,))

    def bodies(self, types: Sequence[str], limit: int = PAGE) -> Iterator[tuple[int, str, bytes]]:
        """Position, stream and stored body of every fact of some types. Reads the whole table: no index serves it."""
        after = 0
        while True:
            with self.database.reader() as driver:
                wanted = json.dumps(list(types)) if driver.engine == "sqlite" else list(types)
                rows = driver.rows(_BODIES, (wanted, after, limit))
            if not rows:
                return
            yield from ((position, stream, bytes(body)) for position, stream, body in rows)
            after = rows[-1][0]

    def names(self, prefix: str) -> list[str]:
        """Names of every stream that begin so, in order."""
        with self.database.reader() as driver:
            return [name for (name,) in driver.rows(_NAMES, (prefix, prefix + "\U0010ffff"))]

    def version(self, stream: str) -> int:
        """The version a stream has now; 0 for an unknown stream."""
        with self.database.reader() as driver:
            found = driver.rows(_VERSION, (stream,))
        return int(found[0][0]) if found else 0

    def command(self, command_id: str) -> tuple[bytes, bytes] | None:
        """Fingerprint and kept answer of a command, if it was admitted before."""
        with self.database.reader() as driver:
            found = driver.rows(_COMMAND, (command_id,))
        return (bytes(found[0][0]), bytes(found[0][1])) if found else None

    def position_at(self, moment: datetime) -> int:
        """The last position recorded at or before a moment; 0 if none. Recorded moments never go back."""
        wanted = to_micros(moment)
        with self.database.reader() as driver:
            low, high = 0, read_head(driver).position
            while low < high:
                middle = (low + high + 1) // 2
                if driver.rows(_MOMENT, (middle,))[0][0] <= wanted:
                    low = middle
                else:
                    high = middle - 1
        return low

    def moment_of(self, position: int) -> datetime | None:
        """When a position was recorded; None where there is none."""
        with self.database.reader() as driver:
            found = driver.rows(_MOMENT, (position,))
        return from_micros(found[0][0]) if found else None

    def cut_through(self, position: int) -> tuple[int, int] | None:
        """First and last position of the one act that ``position`` stops in the middle of; None between two acts."""
        with self.database.reader() as driver:
            ids = [command for (command,) in driver.rows(_TWO, (position, position + 1))]
            if len(ids) < 2 or ids[0] != ids[1]:
                return None
            before = driver.rows(_BEFORE, (position, ids[0]))
            after = driver.rows(_AFTER, (position, ids[0]))
            head = read_head(driver).position
        return (before[0][0] + 1 if before else 1, after[0][0] - 1 if after else head)

    def recorded(self, rows: Sequence[Row]) -> list[Recorded]:
        """Rows as facts in their envelopes."""
        decode = self.codec.decode
        return [_recorded(row, decode(row[3], row[4], bytes(row[HEADER_COLUMNS + 2]))) for row in rows]


class CorruptRecord(Exception):
    """The record does not hold together at ``position``."""

    def __init__(self, position: int, what: str, stream: str | None = None) -> None:
        super().__init__(f"第 {position} 位（{stream or '未知'}）：{what}")
        self.position = position
        self.what = what
        self.stream = stream


def read_head(driver: Driver, *, for_update: bool = False) -> Head:
    """The head row; ``for_update`` takes the ordering lock on PostgreSQL (SQLite holds it by BEGIN IMMEDIATE)."""
    statement = _HEAD_LOCKED if for_update else _HEAD
    row = driver.rows(statement)[0]
    return Head(
        position=row[0],
        hash=_bytes(row[1]),
        frontier=_bytes(row[2]),
        epoch=row[3],
        moment=row[4],
        algorithm=row[5],
    )


def hash_on(driver: Driver, position: int) -> bytes | None:
    """The chain hash of one fact on a connection at hand; None where there is none."""
    found = driver.rows(_HASH, (position,))
    return _bytes(found[0][0]) if found else None


def _bytes(value: Any) -> bytes:
    """Stored bytes; raises TypeError for anything else: ``bytes`` of a spoilt number would be as many zeros."""
    return value if type(value) is bytes else bytes(memoryview(value))


def _recorded(row: Row, fact: object) -> Recorded:
    place, stream, version, name, schema, actor, unit, role, on_behalf, basis, occurred, recorded, *rest = row
    command, correlation, causation, _, hash_, _ = rest
    recorded_at = from_micros(recorded)
    occurred_at = recorded_at if occurred == recorded else from_micros(occurred)
    said_by = (actor, unit, role, on_behalf, basis)
    ids = (command, correlation, causation)
    return Recorded(
        place, stream, version, name, schema, fact, *said_by, occurred_at, recorded_at, *ids, bytes(hash_)
    )
