"""Leases: of several processes one does a job; the epoch fences one that was paused and wakes too late."""

from __future__ import annotations

import os
import secrets
import socket
from dataclasses import dataclass
from datetime import datetime, timedelta

from events.record.connections import Database
from events.record.moments import to_micros
from events.record.sql import Driver, plain_text
from events.refusals import Unavailable

_TAKE = plain_text(
    "INSERT INTO leases (name, owner, until, epoch, taken_at) VALUES (?, ?, ?, 1, ?)"
    " ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, until = excluded.until,"
    " epoch = leases.epoch + 1, taken_at = excluded.taken_at"
    " WHERE leases.until < ? OR leases.owner = excluded.owner RETURNING epoch"
)
_GIVE_BACK = plain_text("UPDATE leases SET until = 0 WHERE name = ? AND owner = ? AND epoch = ?")
_TAKEN = plain_text("SELECT taken_at FROM leases WHERE name = ?")
_HOLDS = plain_text("SELECT 1 FROM leases WHERE name = ? AND owner = ? AND epoch = ?")

OWNER = f"{socket.gethostname()}/{os.getpid()}/{secrets.token_hex(4)}"
"""This process, as lease rows name it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """A job held until a moment of the machine's clock. ``epoch`` grows with every change of hands."""

    name: str
    owner: str
    epoch: int

    def holds(self, driver: Driver) -> bool:
        """Whether it is still ours; asked inside the transaction of every effect."""
        return bool(driver.rows(_HOLDS, (self.name, self.owner, self.epoch)))

    def fence(self, driver: Driver) -> None:
        """As the guard of an append. Raises LeaseLost."""
        if not self.holds(driver):
            raise lost()


class LeaseLost(Unavailable):
    """Another process took the job over while this one was paused; nothing was written."""

    code = "lease-lost"


def lost() -> LeaseLost:
    """The refusal for whoever wakes too late."""
    return LeaseLost("这一轮停顿太久，已由另一个进程接手，余下的由它办；稍后看结果即可。")


def beat_at(database: Database, name: str) -> int | None:
    """When a job's lease was last taken (microseconds, machine's clock); None before the first time."""
    with database.reader() as driver:
        found = driver.rows(_TAKEN, (name,))
    return None if not found or found[0][0] is None else int(found[0][0])


@dataclass(frozen=True, slots=True, kw_only=True)
class Leases:
    """Taking and giving back leases, each in one short transaction."""

    database: Database

    def take(self, name: str, at: datetime, lasts: timedelta, *, owner: str = OWNER) -> Lease | None:
        """The lease, if it is free, run out, or held by this owner already; else None."""
        now = to_micros(at)
        with self.database.transaction() as driver:
            found = driver.rows(_TAKE, (name, owner, now + lasts // timedelta(microseconds=1), now, now))
        return Lease(name=name, owner=owner, epoch=int(found[0][0])) if found else None

    def give_back(self, lease: Lease) -> None:
        """Frees a lease before it runs out."""
        with self.database.transaction() as driver:
            driver.change(_GIVE_BACK, (lease.name, lease.owner, lease.epoch))
