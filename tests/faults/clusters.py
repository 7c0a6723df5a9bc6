"""PostgreSQL servers of a test's own, to be stopped, started, copied as a standby and promoted."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from tests.conftest import free_port, in_memory, postgres_programs, unprivileged
from tests.require import require

NAME = "duban"
OPTIONS = (
    "-c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c max_wal_size=64MB -c wal_keep_size=256MB"
)


@dataclass(slots=True, kw_only=True)
class Cluster:
    """One server on a folder of its own. It keeps what it said it kept: fsync is on."""

    home: Path
    port: int
    standby_of: Cluster | None = None

    @property
    def url(self) -> str:
        """The database as ``[database] url``."""
        return f"postgresql://postgres@127.0.0.1:{self.port}/{NAME}"

    def start(self) -> None:
        """Starts and waits until it takes connections."""
        self._control("start", "-l", f"{self.home}/log", "-o", f"-p {self.port} {OPTIONS}")

    def crash(self) -> None:
        """Gone at once, as if by a power cut; what was committed is found again at the next start."""
        self._control("stop", "-m", "immediate")

    def promote(self) -> None:
        """A standby becomes the one that is written to."""
        self._control("promote")

    def empty(self) -> None:
        """Up, alone, and with an empty database, whatever a test left behind."""
        if not self.up():
            self.start()
        self.say("ALTER SYSTEM RESET ALL")
        self.say("SELECT pg_reload_conf()")
        self.say(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")
        self.say(f"CREATE DATABASE {NAME}")

    def up(self) -> bool:
        """Whether it was started and not stopped."""
        return (self.home / "data" / "postmaster.pid").exists()

    def say(self, sql: str, database: str = "postgres") -> list[tuple[object, ...]]:
        """One statement outside a transaction."""
        dsn = f"host=127.0.0.1 port={self.port} user=postgres dbname={database}"
        with psycopg.connect(dsn, autocommit=True) as connection:
            found = connection.execute(sql.encode())
            return found.fetchall() if found.description else []

    def _control(self, *words: str) -> None:
        run(self.home, "pg_ctl", "-D", f"{self.home}/data", "-w", "-s", *words)


def run(home: Path, program: str, *words: str) -> None:
    """One of PostgreSQL's own programs, as the user it insists on."""
    programs = postgres_programs() or require("PostgreSQL", "没有 initdb，Debian 上安装 postgresql")
    subprocess.run(
        [*unprivileged(home), f"{programs}/{program}", *words], check=True, stdout=subprocess.DEVNULL
    )


@contextmanager
def cluster() -> Iterator[Cluster]:
    """A running server, to be emptied before it is used."""
    with _folder() as home:
        encoding = ("-E", "UTF8", "--locale", "C.UTF-8", "--no-sync")
        run(home, "initdb", "-D", f"{home}/data", "-U", "postgres", "-A", "trust", *encoding)
        with _running(Cluster(home=home, port=free_port())) as made:
            yield made


@contextmanager
def standby(primary: Cluster) -> Iterator[Cluster]:
    """A synchronous standby: from here on the primary says yes only to what is kept on both."""
    with _folder() as home:
        source = f"host=127.0.0.1 port={primary.port} user=postgres application_name=second"
        run(home, "pg_basebackup", "-D", f"{home}/data", "-d", source, "-R", "-X", "stream", "-c", "fast")
        with _running(Cluster(home=home, port=free_port(), standby_of=primary)) as made:
            primary.say("ALTER SYSTEM SET synchronous_standby_names = 'second'")
            primary.say("SELECT pg_reload_conf()")
            yield made


@contextmanager
def _folder() -> Iterator[Path]:
    home = Path(tempfile.mkdtemp(prefix="duban-faults-", dir=in_memory()))
    try:
        yield home
    finally:
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def _running(made: Cluster) -> Iterator[Cluster]:
    with ExitStack() as stack:
        made.start()
        stack.callback(_stop_whatever, made)
        yield made


def _stop_whatever(made: Cluster) -> None:
    if made.up():
        made.crash()
