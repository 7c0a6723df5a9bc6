"""What a database's errors mean to whoever waits: which are the machine's fault, and what to do next."""

from __future__ import annotations

import sqlite3
from enum import StrEnum

import psycopg
import sqlalchemy.exc

LOST = (psycopg.OperationalError, psycopg.InterfaceError)
"""A server that cannot be reached, went away in the middle, or would wait too long for a lock."""

WAITED = (psycopg.errors.LockNotAvailable,)
"""A lock another session did not let go of in time."""

DOUBTFUL = "数据库在保存的那一刻断开，不知道是否已经存上；请稍后原样再提交一次，已经存上的不会记成两次。"
"""Said where nobody can tell; the same command id given again settles it."""

ERRORS = (psycopg.Error, sqlite3.OperationalError, sqlalchemy.exc.DBAPIError)
"""Everything a driver raises that may be the machine's fault."""

READ_ONLY_STATES = frozenset({"25006", "25P03"})
"""PostgreSQL's codes for a server that has become a standby, and for a session it gave up while we were paused."""


class Failure(StrEnum):
    """Kinds of failure, by the refusal's code."""

    FULL = "disk-full"
    READ_ONLY = "disk-read-only"
    DISK = "disk-error"
    UNOPENED = "database-not-opened"
    AWAY = "database-unavailable"

    @property
    def sentence(self) -> str:
        """What people are told."""
        return _SENTENCES[self]


_SENTENCES = {
    Failure.FULL: "磁盘已满，刚才的内容没有保存；请运维清出空间后再做一次。",
    Failure.READ_ONLY: "数据库现在只能读，刚才的内容没有保存；请运维查看磁盘是否只读、数据库是否连到了备库。",
    Failure.DISK: "磁盘读写出错，刚才的内容没有保存；已停止写入，请运维检查磁盘后重启服务。",
    Failure.UNOPENED: "数据库文件打不开，刚才的内容没有保存；请运维查看磁盘是否只读、文件有没有权限。",
    Failure.AWAY: "数据库暂时连不上，刚才的内容没有保存；请稍后再试。",
}

ASKED = {
    Failure.FULL: "磁盘已满，数据库没有答复；请运维清出空间后再试。",
    Failure.READ_ONLY: "数据库现在只能读，这一步办不了；请运维查看磁盘是否只读、数据库是否连到了备库。",
    Failure.DISK: "磁盘读写出错，数据库没有答复；请运维检查磁盘。",
    Failure.UNOPENED: "数据库文件打不开；请运维查看磁盘是否只读、文件有没有权限。",
    Failure.AWAY: "数据库暂时连不上；请过一会儿再试，仍不行就告诉运维。",
}
"""What is said where something was only asked, or had not come to be written."""


def failure_of(error: BaseException) -> Failure | None:
    """The failure behind an error of a database; None for every other error, which is a fault of the program."""
    if isinstance(error, sqlalchemy.exc.DBAPIError) and error.orig is not None:
        error = error.orig
    if isinstance(error, sqlite3.OperationalError):
        return _of_sqlite(str(error))
    if isinstance(error, psycopg.errors.DiskFull):
        return Failure.FULL
    if isinstance(error, psycopg.Error) and error.sqlstate in READ_ONLY_STATES:
        return Failure.READ_ONLY if error.sqlstate == "25006" else Failure.AWAY
    return Failure.AWAY if isinstance(error, LOST) else None


def _of_sqlite(said: str) -> Failure | None:
    if "full" in said:
        return Failure.FULL
    if "readonly" in said:
        return Failure.READ_ONLY
    if "I/O" in said:
        return Failure.DISK
    if "unable to open" in said:
        return Failure.UNOPENED
    return Failure.AWAY if "locked" in said else None
