"""Opening the database: one engine that writes, one that only reads, on SQLite or PostgreSQL."""

from __future__ import annotations

import re
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy
from sqlalchemy import event
from sqlalchemy.engine import URL, make_url

from events.record.failing import LOST
from events.record.sql import Driver, Engine

BUSY_SECONDS = 30
"""How long a writer waits for another process's short transaction on the same SQLite file."""
WRITING = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "cache_size=-32768",
    # 16 MB of log before it is moved into the file: a page written often is moved once instead of four times.
    "wal_autocheckpoint=4000",
)
"""What a writing connection to an SQLite file is told (PRAGMA)."""
WATCHED = {
    "connect_timeout": "5",
    "keepalives_idle": "10",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "20000",
}
"""How soon a server that fell silent is given up (libpq); the URL may say otherwise."""
SILENT = "-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3"
"""How soon the server gives up a host that froze with a transaction open."""
GUARDED = (
    "BEGIN; SET LOCAL lock_timeout = '15s'; SET LOCAL idle_in_transaction_session_timeout = '15s';"
    " SET LOCAL synchronous_commit = on"
)
"""Said with every writing transaction: behind a pooler no two need be on the same session."""
MOST_IDLE = 16
RESTED_LONG = 5.0
"""Seconds."""
_MANY_HOSTS = re.compile(r"(?P<front>[^/@]*://(?:[^/@]*@)?)(?P<hosts>[^/?]*,[^/?]*)(?P<rest>.*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Database:
    """Two engines on one database. ``kind`` names the dialect."""

    kind: Engine
    url: URL
    writing: sqlalchemy.Engine
    reading: sqlalchemy.Engine
    idle: deque[tuple[float, Driver]] = field(default_factory=deque)
    """Reading connections at rest, and since when; a pool's checking in and out costs more than the questions."""

    @contextmanager
    def reader(self) -> Iterator[Driver]:
        """A driver-level connection that can only read; sees what is committed when each statement starts."""
        driver = self._rested() or self._reader()
        try:
            yield driver
        except BaseException as error:
            driver.connection.close()
            if isinstance(error, LOST):
                self._let_go()
            raise
        if len(self.idle) < MOST_IDLE:
            self.idle.append((time.monotonic(), driver))
        else:
            driver.connection.close()

    def _rested(self) -> Driver | None:
        """A connection at rest; one that rested long is asked whether its server is still there."""
        while self.idle:
            try:
                since, driver = self.idle.pop()
            except IndexError:
                return None
            if self.kind == "sqlite" or time.monotonic() - since < RESTED_LONG or _answers(driver):
                return driver
            driver.connection.close()
        return None

    def _reader(self) -> Driver:
        pooled = self.reading.raw_connection()
        connection = pooled.driver_connection
        pooled.detach()
        return Driver(self.kind, connection)

    @contextmanager
    def transaction(self) -> Iterator[Driver]:
        """A short writing transaction outside the record (accounts, leases, letters' states)."""
        pooled = self.writing.raw_connection()
        driver = Driver(self.kind, pooled.driver_connection)
        try:
            driver.say(begin(self.kind))
            try:
                yield driver
            except BaseException:
                driver.say("ROLLBACK")
                raise
            driver.say("COMMIT")
        finally:
            pooled.close()

    def _let_go(self) -> None:
        """Closes what rests: a server that lost one connection has mostly lost them all."""
        while self.idle:
            with suppress(IndexError):
                self.idle.pop()[1].connection.close()

    def close(self) -> None:
        """Closes every connection."""
        self._let_go()
        self.writing.dispose()
        self.reading.dispose()


def _answers(driver: Driver) -> bool:
    try:
        driver.say("SELECT 1")
    except Exception:  # noqa: BLE001 - whatever is wrong with it, it is thrown away
        return False
    return True


def begin(kind: Engine) -> str:
    """How a writing transaction starts. SQLite must take the lock at once: a later upgrade fails at once."""
    return "BEGIN IMMEDIATE" if kind == "sqlite" else GUARDED


def read_url(text: str) -> URL:
    """A database's address; PostgreSQL's may name several hosts as libpq does (``h1:5432,h2:5432``).

    Raises sqlalchemy.exc.ArgumentError for what is no address.
    """
    several = _MANY_HOSTS.fullmatch(text)
    if several is None:
        return make_url(text)
    named = make_url(several["front"] + "one" + several["rest"])
    hosts = tuple(host if ":" in host else f"{host}:5432" for host in several["hosts"].split(","))
    return named._replace(host=None).update_query_dict({"host": hosts})


def open_database(url: str) -> Database:
    """Opens a database by its URL; makes the folder of an SQLite file.

    Raises ValueError for a URL that is neither SQLite nor PostgreSQL.
    """
    parsed = read_url(url)
    backend = parsed.get_backend_name()
    if backend == "sqlite":
        if not parsed.database or parsed.database == ":memory:":
            raise ValueError("[database] url：SQLite 要写文件路径，例如 sqlite:///var/duban.sqlite3")
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        return _open_sqlite(parsed)
    if backend == "postgresql":
        return _open_postgresql(parsed.set(drivername="postgresql+psycopg"))
    raise ValueError(f"[database] url：只认 sqlite 和 postgresql，写的是 {backend}")


def _open_sqlite(url: URL) -> Database:
    arguments = {"check_same_thread": False, "isolation_level": None, "timeout": BUSY_SECONDS}
    writing = sqlalchemy.create_engine(url, connect_args=arguments, pool_size=4, max_overflow=12)
    reading = sqlalchemy.create_engine(url, connect_args=arguments, pool_size=16, max_overflow=48)

    @event.listens_for(writing, "connect")
    def _writing(connection: Any, _: Any) -> None:
        for pragma in WRITING:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(reading, "connect")
    def _reading(connection: Any, _: Any) -> None:
        for pragma in ("query_only=ON", "cache_size=-8192"):
            connection.execute(f"PRAGMA {pragma}")

    return Database(kind="sqlite", url=url, writing=writing, reading=reading)


def _open_postgresql(url: URL) -> Database:
    watched = {name: value for name, value in WATCHED.items() if name not in url.query}
    arguments = {**watched, "prepare_threshold": None, "autocommit": True}
    writing = sqlalchemy.create_engine(
        url,
        connect_args={**arguments, "options": f"-c timezone=UTC {SILENT}"},
        pool_size=4,
        max_overflow=12,
        pool_pre_ping=True,
        isolation_level="AUTOCOMMIT",
    )
    # "read-write" asks the session itself, and a reader's says no: it wants the same server for another reason.
    same = (
        {"target_session_attrs": "primary"} if url.query.get("target_session_attrs") == "read-write" else {}
    )
    reading = sqlalchemy.create_engine(
        url,
        connect_args={
            **arguments,
            **same,
            "options": "-c default_transaction_read_only=on -c jit=off -c timezone=UTC",
        },
        pool_size=16,
        max_overflow=48,
        pool_pre_ping=True,
        isolation_level="AUTOCOMMIT",
    )
    return Database(kind="postgresql", url=url, writing=writing, reading=reading)
