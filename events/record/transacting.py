"""The writer's one connection: begun anew where a server went away, and asked again where it broke at the commit."""

from __future__ import annotations

import time
from typing import Any

import structlog

from events.record.connections import Database, begin
from events.record.failing import DOUBTFUL, LOST
from events.record.sql import Driver, plain_text
from events.record.store import hash_on, read_head
from events.refusals import Unavailable

SEARCHING = 20.0
"""Seconds to ask a database whether it kept what it was told to commit when the connection broke."""

_END_FROZEN = plain_text(
    "SELECT 1 WHERE 1 = 0",
    "SELECT DISTINCT pg_terminate_backend(a.pid), a.pid FROM pg_stat_activity a JOIN pg_locks l ON l.pid = a.pid"
    " WHERE l.relation = 'log_head'::regclass AND l.granted AND l.mode IN ('RowShareLock', 'RowExclusiveLock')"
    " AND a.state = 'active' AND a.wait_event_type = 'Client' AND a.pid <> pg_backend_pid()"
    " AND a.state_change < now() - interval '10 seconds'",
)
"""Sessions that hold the head and wait for a client in the middle of its statements: no limit of the server's own
counts there. A move that holds the head on purpose is idle in its transaction, not active."""

log = structlog.get_logger("duban.writer")


class WritingConnection:
    """Connects at the first transaction, and again after ``drop``. Belongs to one thread."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._driver: Driver | None = None
        self.stopping = False
        """Set when nobody should be kept waiting any longer."""

    def begin(self) -> Driver:
        """Begins a writing transaction. A server that was started anew meanwhile is connected to again."""
        if self._driver is not None:
            try:
                self._driver.say(begin(self._database.kind))
            except LOST:
                self.drop()
            else:
                return self._driver
        pooled: Any = self._database.writing.raw_connection()
        connection = pooled.driver_connection
        pooled.detach()
        self._driver = Driver(self._database.kind, connection)
        self._driver.say(begin(self._database.kind))
        return self._driver

    def commit(self, last: tuple[int, bytes] | None) -> None:
        """Commits. ``last``: position and hash of the last fact written, None where there is none.

        Where the connection breaks just then, looks whether that fact is in the record. Raises what broke where it is
        not, and Unavailable ``outcome-unknown`` where nobody could be asked.
        """
        assert self._driver is not None
        try:
            self._driver.say("COMMIT")
        except LOST as error:
            self.drop()
            if last is None:
                raise
            log.warning("connection lost at the commit, looking whether it is kept", error=repr(error))
            if not self._kept(*last):
                raise

    def rollback(self) -> None:
        """Rolls back, if there is a connection; one that cannot is thrown away."""
        try:
            if self._driver is not None:
                self._driver.say("ROLLBACK")
        except Exception as error:  # noqa: BLE001 - whatever is wrong with it, it is thrown away
            log.warning("rollback failed, connecting anew", error=repr(error))
            self.drop()

    def end_frozen(self) -> None:
        """After a wait for the head that was too long: ends whoever froze with it in hand."""
        try:
            ended = self.begin().rows(_END_FROZEN)
            self.commit(None)
        except LOST as error:
            log.warning("nobody could be asked who holds the head", error=repr(error))
            self.drop()
        else:
            if ended:
                log.warning("ended sessions that froze holding the head", sessions=[pid for _, pid in ended])

    def drop(self) -> None:
        """Closes the connection."""
        driver, self._driver = self._driver, None
        if driver is not None:
            try:
                driver.connection.close()
            except Exception as error:  # noqa: BLE001 - it is broken already
                log.warning("closing a broken connection failed", error=repr(error))

    def _kept(self, position: int, hash_: bytes) -> bool:
        """Asked under the head's lock, which waits for a server that is still busy with our commit."""
        ends = time.monotonic() + SEARCHING
        while True:
            try:
                driver = self.begin()
                read_head(driver, for_update=True)
                kept = hash_on(driver, position) == hash_
                driver.say("ROLLBACK")
            except LOST as error:
                self.drop()
                if time.monotonic() > ends or self.stopping:
                    raise Unavailable(DOUBTFUL, code="outcome-unknown") from error
                time.sleep(0.2)
            else:
                return kept
