"""查阅日志: who looked at what that is sensitive, and who was refused; each row carries the hash over all before it.

The log can be shortened only from its old end, never below what the configuration keeps. The hash of what was pruned
stays, so the rest still verifies.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select

from events.record.chain import ALGORITHMS, GENESIS, Digest, header, link
from events.record.connections import Database
from events.record.moments import from_micros, to_micros
from events.record.sql import Driver, Row, insert_rows, plain_text
from events.record.store import read_head
from events.refusals import Invalid
from events.vocabulary import Labelled
from service.storage.tables import access_log as table


class Kind(Labelled):
    """Why a look is written down."""

    AS_OF = "as_of", "看过去"
    REPLAY = "replay", "看当时记录"
    EVIDENCE = "evidence", "看他人材料"
    COVERT = "covert", "看回头看安排"
    PERSONAL = "personal", "看来信人"
    DOSSIER = "dossier", "取卷宗"
    EXPORT = "export", "导出"
    ACCESS = "access", "看查阅日志"
    REFUSED = "refused", "未获准"
    PRUNED = "pruned", "清理旧日志"


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One look. ``moment`` is the past moment looked at; ``refused`` the code of the refusal."""

    at: datetime
    """The machine's clock, in rehearsal too."""
    user: str
    kind: Kind
    address: str
    person: str | None = None
    unit: str | None = None
    target: str | None = None
    """The matter, evidence or unit looked at."""
    as_of: str | None = None
    moment: datetime | None = None
    refused: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked(Look):
    """A look as the log holds it."""

    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which looks are wanted, newest first."""

    user: str | None = None
    target: str | None = None
    kind: Kind | None = None
    since: datetime | None = None
    until: datetime | None = None
    before: int | None = None
    """Number of the last row already shown."""
    limit: int = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokenLog:
    """The first row that does not hold together."""

    number: int
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedLog:
    """How many rows were checked, and the first break if there is one."""

    rows: int
    broken: BrokenLog | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessLog:
    """The log. Every method is one short transaction."""

    database: Database
    lately: dict[tuple[str, str, str], float] = field(default_factory=dict)
    """(user, kind, target) → when last written, for looks that a page repeats by itself."""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, look: Look) -> int:
        """Writes one look down; gives its number."""
        with self.database.transaction() as driver:
            return _append(driver, look)

    def note_once(self, look: Look) -> None:
        """As ``note``; the same look of the same person within some minutes is written once."""
        key, now = (look.user, look.kind.value, look.target or look.address), time.monotonic()
        with self.lock:
            known = self.lately.get(key)
            if known is not None and now - known < ONE_LOOK:
                return
            if len(self.lately) > MOST_REMEMBERED:
                self.lately.clear()
            self.lately[key] = now
        self.note(look)

    def found(self, asked: Asked) -> tuple[Looked, ...]:
        """The looks asked for, newest first."""
        statement = (
            select(table).where(*_conditions(asked)).order_by(table.c.number.desc()).limit(asked.limit)
        )
        with self.database.reading.connect() as connection:
            return tuple(_looked(tuple(row)) for row in connection.execute(statement))

    def verify(self) -> VerifiedLog:
        """Reads every row and computes every hash anew."""
        with self.database.reader() as driver:
            driver.say("BEGIN" if driver.engine == "sqlite" else "BEGIN ISOLATION LEVEL REPEATABLE READ")
            try:
                return _verify(driver)
            finally:
                driver.say("COMMIT")

    def prune(self, look: Look, before: datetime, keep: timedelta) -> int:
        """Drops rows older than ``before`` and writes that down; gives how many.

        Raises Invalid for a moment younger than what must be kept.
        """
        if before > look.at - keep:
            raise Invalid(
                f"查阅日志至少保存 {keep.days} 天，不能清理 {before:%Y-%m-%d} 以前的；写更早的日期。",
                code="must-be-kept",
            )
        with self.database.transaction() as driver:
            driver.rows(_HEAD_LOCKED)
            last = driver.rows(_LAST_BEFORE, (to_micros(before),))[0][0]
            if last is None:
                return 0
            mark = driver.rows(_HASH_OF, (last,))[0][0]
            dropped = driver.change(_DROP, (last,))
            driver.change(_PRUNED, (last, mark))
            _append(driver, look)
        return dropped


ONE_LOOK = 600.0
"""Seconds within which the pictures of one page, opened again, are the same look."""
MOST_REMEMBERED = 10_000
_PAGE = 2_000

_COLUMNS = ", ".join(c.name for c in table.columns)
_PUT = insert_rows(table)
_HEAD = plain_text("SELECT number, hash, pruned, pruned_hash FROM access_head WHERE id = 1")
_HEAD_LOCKED = plain_text(
    "SELECT number, hash, pruned, pruned_hash FROM access_head WHERE id = 1",
    "SELECT number, hash, pruned, pruned_hash FROM access_head WHERE id = 1 FOR UPDATE",
)
_MOVE = plain_text("UPDATE access_head SET number = ?, hash = ? WHERE id = 1")
_PRUNED = plain_text("UPDATE access_head SET pruned = ?, pruned_hash = ? WHERE id = 1")
_LAST_BEFORE = plain_text("SELECT max(number) FROM access_log WHERE at < ?")
_HASH_OF = plain_text("SELECT hash FROM access_log WHERE number = ?")
_DROP = plain_text("DELETE FROM access_log WHERE number <= ?")
_ROWS = plain_text(f"SELECT {_COLUMNS} FROM access_log WHERE number > ? ORDER BY number LIMIT ?")  # noqa: S608


def _append(driver: Driver, look: Look) -> int:
    head = driver.rows(_HEAD_LOCKED)[0]
    number = int(head[0]) + 1
    row = (
        number,
        to_micros(look.at),
        look.user,
        look.person,
        look.unit,
        look.kind.value,
        look.target,
        look.address,
        look.as_of,
        to_micros(look.moment) if look.moment is not None else None,
        look.refused,
    )
    mark = link(_digest(driver), bytes(head[1]), header(row), b"")
    driver.run(_PUT, [(*row, mark)])
    driver.change(_MOVE, (number, mark))
    return number


def _digest(driver: Driver) -> Digest:
    """The record's own."""
    return ALGORITHMS[read_head(driver).algorithm]


def _verify(driver: Driver) -> VerifiedLog:
    head = driver.rows(_HEAD)
    if not head:
        return VerifiedLog(rows=0, broken=BrokenLog(number=0, what="首行不见了"))
    number, end, pruned, previous = int(head[0][0]), bytes(head[0][1]), int(head[0][2]), bytes(head[0][3])
    if pruned == 0 and previous != GENESIS:
        return VerifiedLog(rows=0, broken=BrokenLog(number=0, what="首行被改过"))
    digest, position, checked = _digest(driver), pruned, 0
    while rows := driver.rows(_ROWS, (position, _PAGE)):
        for row in rows:
            position, checked = position + 1, checked + 1
            what = _wrong(row, position)
            previous = link(digest, previous, header(row[:-1]), b"") if what is None else previous
            if what is None and previous != row[-1]:
                what = "与前一条的链接不符：这一条被改过，或其前有增删、调换"
            if what is not None:
                return VerifiedLog(rows=checked, broken=BrokenLog(number=position, what=what))
    if (position, previous) != (number, end):
        return VerifiedLog(
            rows=checked, broken=BrokenLog(number=position + 1, what="末尾有删减，或首行被改过")
        )
    return VerifiedLog(rows=checked, broken=None)


def _wrong(row: Row, number: int) -> str | None:
    if row[0] != number:
        return f"编号不连续：应为第 {number} 条，读到第 {row[0]} 条"
    return None if isinstance(row[-1], bytes) else "链接的类型被改过"


def _conditions(asked: Asked) -> Iterator[ColumnElement[bool]]:
    c = table.c
    if asked.user is not None:
        yield c.user_name == asked.user
    if asked.target is not None:
        yield c.target == asked.target
    if asked.kind is not None:
        yield c.kind == asked.kind.value
    if asked.since is not None:
        yield c.at >= to_micros(asked.since)
    if asked.until is not None:
        yield c.at < to_micros(asked.until)
    if asked.before is not None:
        yield c.number < asked.before


def _looked(row: Row) -> Looked:
    return Looked(
        number=row[0],
        at=from_micros(row[1]),
        user=row[2],
        person=row[3],
        unit=row[4],
        kind=Kind(row[5]),
        target=row[6],
        address=row[7],
        as_of=row[8],
        moment=from_micros(row[9]) if row[9] is not None else None,
        refused=row[10],
    )
