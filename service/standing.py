"""How the service stands: one reading that ``/readyz``, ``/metrics`` and ``duban status`` all show."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.exc import DBAPIError

from events.opening.facts import STREAM
from events.record.moments import from_micros, to_micros
from events.record.store import Head
from notifications.outbox.claiming import oldest_due, waiting
from service.clock import machine_now
from service.proof.sealing import SealStanding, seal_standing
from service.runtime import Runtime
from service.storage.leases import beat_at
from service.storage.migrating import migrated

LEAST_FREE = 200_000_000
"""Bytes of free disk below which a day's files may no longer fit."""
LONGEST_BEAT = timedelta(minutes=10)
"""Ten times the tick's pace: by then the clock's job is dead, not late."""
LATE_LETTER = timedelta(hours=24)
"""A letter due this long is stuck: quiet hours and the longest back-off are shorter."""
CLOCK_BEHIND = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What an operator asks first. Moments of machine and record; ages as of the machine's clock."""

    mode: str
    database: str
    head: Head
    tables_fit: bool
    can_write: bool
    stale: tuple[str, ...]
    """Projections this program would build anew."""
    letters_waiting: int
    letter_due_since: datetime | None
    """Since when the oldest letter that should be gone has been due, by the service's clock."""
    ticked_at: datetime | None
    """When the clock last took its lease, by the machine's clock."""
    disk_free: int
    """Bytes."""
    clock_ahead: timedelta | None
    """How far the machine's clock is ahead of the newest fact; None without facts."""
    seals: SealStanding


def standing(runtime: Runtime) -> Standing:
    """Reads how things stand now; changes nothing but a probe that is rolled back."""
    head = runtime.store.head()
    ahead = None if head.moment is None else machine_now() - from_micros(head.moment)
    due = oldest_due(runtime.database, to_micros(runtime.clock.now()))
    ticked = beat_at(runtime.database, "tick")
    return Standing(
        mode=runtime.settings.clock.mode,
        database=runtime.database.kind,
        head=head,
        tables_fit=migrated(runtime.database),
        can_write=runtime.writer.broken is None and _can_write(runtime),
        stale=tuple(runtime.projections.stale()),
        letters_waiting=waiting(runtime.database),
        letter_due_since=None if due is None else from_micros(due),
        ticked_at=None if ticked is None else from_micros(ticked),
        disk_free=shutil.disk_usage(runtime.settings.var).free,
        clock_ahead=ahead,
        seals=seal_standing(runtime, runtime.clock.now()),
    )


def _can_write(runtime: Runtime) -> bool:
    """Takes the writing lock and leaves it; a read-only disk, a standby or a locked file shows here."""
    try:
        with runtime.database.writing.connect() as connection:
            cursor = connection.connection.cursor()
            cursor.execute("BEGIN IMMEDIATE" if runtime.database.kind == "sqlite" else "BEGIN")
            cursor.execute("UPDATE log_head SET id = id WHERE id = 0")
            cursor.execute("ROLLBACK")
    except (DBAPIError, OSError, runtime.database.writing.dialect.loaded_dbapi.Error):
        return False
    return True


def wrong(runtime: Runtime, found: Standing) -> list[str]:
    """What keeps the service from its work, each in a sentence with what to do; empty when all is well."""
    sentences: list[str] = []
    if not found.tables_fit:
        sentences.append("数据库的表与程序版本不符；停服务，运行 duban upgrade 再开")
    if not found.can_write:
        sentences.append("写不进数据库；看磁盘是否已满、只读，数据库是否在线")
    if found.stale:
        sentences.append(f"{'、'.join(found.stale)} 尚未按这一版程序重建；运行 duban rebuild")
    if found.disk_free < LEAST_FREE:
        sentences.append(f"数据目录只剩 {found.disk_free // 1_000_000} MB；腾出空间")
    if not runtime.clock.rehearsal and found.clock_ahead is not None:
        limit = timedelta(days=runtime.settings.clock.max_gap_days)
        if not -CLOCK_BEHIND <= found.clock_ahead <= limit:
            sentences.append("本机时钟与记录相差太大；校准时钟，确实无误就运行 duban clock accept")
    return sentences


def alarms(runtime: Runtime, found: Standing) -> list[str]:
    """What somebody should look at soon although pages work: a clock that stopped, letters that do not leave."""
    sentences = [found.seals.trouble] if found.seals.trouble else []
    if runtime.handling.load(STREAM).state.letters_held:
        sentences.append("这份记录是恢复来的，信件停着；核对后运行 duban letters release 放行")
    if runtime.clock.runs:
        if found.ticked_at is not None and machine_now() - found.ticked_at > LONGEST_BEAT:
            sentences.append("走钟已停了十分钟以上；看 duban serve --role worker 或 all 是否在运行")
        if found.letter_due_since is not None and runtime.clock.now() - found.letter_due_since > LATE_LETTER:
            sentences.append("有信件到点一天还没送出；看 [mail] 和邮件服务器，可用 duban mail test 试送")
    return sentences


def shown(runtime: Runtime, found: Standing) -> Mapping[str, object]:
    """As ``duban status`` prints it."""
    return {
        "position": found.head.position,
        "moment": None if found.head.moment is None else from_micros(found.head.moment).isoformat(),
        "mode": found.mode,
        "database": found.database,
        "hash": found.head.hash.hex(),
        "clock_ahead_seconds": None
        if found.clock_ahead is None
        else round(found.clock_ahead.total_seconds()),
        "ticked_at": None if found.ticked_at is None else found.ticked_at.isoformat(),
        "letters_waiting": found.letters_waiting,
        "letter_due_since": None if found.letter_due_since is None else found.letter_due_since.isoformat(),
        "sealed_on": None if found.seals.last_day is None else found.seals.last_day.isoformat(),
        "disk_free_mb": found.disk_free // 1_000_000,
        "wrong": wrong(runtime, found),
        "alarms": alarms(runtime, found),
    }
