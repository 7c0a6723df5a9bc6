"""One rebuild at a time on one database: of several nodes and commands one builds, the others wait for it."""

from __future__ import annotations

import fcntl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import structlog
from uuid_utils.compat import uuid7

from events.record.admitting import Guard
from events.record.connections import Database
from events.record.failing import ERRORS
from events.record.sql import Driver
from events.refusals import Unavailable
from service.clock import machine_now
from service.storage.leases import OWNER, Lease, Leases, lost

NAME = "rebuild"
LASTS, BEAT = timedelta(seconds=60), 10.0
"""How long a lease outlives its builder, and how often a living one renews it (seconds)."""
PATIENCE = 3600.0
"""Seconds to wait for another rebuild: the longest records take minutes."""

log = structlog.get_logger("duban.rebuild")


@contextmanager
def only_rebuild(database: Database) -> Iterator[Guard]:
    """Holds the one place of whoever builds read models while the block runs; gives what to ask at the switch.

    Waits for another one. Raises Unavailable when patience ends.
    """
    if database.kind == "sqlite":
        with _lock_beside(Path(str(database.url.database))):
            yield lambda _: None
        return
    leases = Leases(database=database)
    kept = _Kept(leases, _taken(leases))
    try:
        yield kept.fence
    finally:
        kept.end()


class _Kept:
    """A lease renewed by a thread of its own while its holder works."""

    def __init__(self, leases: Leases, lease: Lease) -> None:
        self._leases = leases
        self._lease: Lease | None = lease
        self._renewing = threading.Lock()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="duban-rebuild-lease", daemon=True)
        self._thread.start()

    def fence(self, driver: Driver) -> None:
        """Raises LeaseLost where another one took over meanwhile."""
        with self._renewing:
            if self._lease is None:
                raise lost()
            self._lease.fence(driver)

    def end(self) -> None:
        """Gives the place to the next."""
        self._ended.set()
        self._thread.join()
        if self._lease is not None:
            self._leases.give_back(self._lease)

    def _beat(self) -> None:
        while not self._ended.wait(BEAT):
            with self._renewing:
                if self._lease is None:
                    return
                try:
                    self._lease = self._leases.take(NAME, machine_now(), LASTS, owner=self._lease.owner)
                except ERRORS as error:
                    log.warning("the lease was not renewed", error=repr(error))


def _taken(leases: Leases) -> Lease:
    owner, ends = f"{OWNER}/{uuid7().hex}", time.monotonic() + PATIENCE
    told = False
    while (lease := leases.take(NAME, machine_now(), LASTS, owner=owner)) is None:
        told = _wait(told, ends)
    return lease


@contextmanager
def _lock_beside(file: Path) -> Iterator[None]:
    """A lock the system itself gives back where a process dies."""
    ends, told = time.monotonic() + PATIENCE, False
    with file.with_suffix(".rebuild").open("a+") as lock:
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                told = _wait(told, ends)
            else:
                break
        yield


def _wait(told: bool, ends: float) -> bool:
    if time.monotonic() > ends:
        raise Unavailable("另一个进程一直在重建看板台账，等了一小时；查明后再试。", code="lease-busy")
    if not told:
        log.warning("another process is rebuilding, waiting for it")
    time.sleep(0.25)
    return True
