"""Fixtures every test may ask for: real databases, a real browser, a real office suite."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path

import hypothesis
import psycopg
import pytest
from playwright.sync_api import Browser, sync_playwright
from psycopg import sql

from tests.require import program, require, untested

# A slow machine is no failure, and what failed once must fail again on the next run.
hypothesis.settings.register_profile("duban", deadline=None, derandomize=bool(os.environ.get("CI")))
hypothesis.settings.load_profile("duban")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for line, tests in untested(terminalreporter.stats.get("skipped", [])).items():
        terminalreporter.write_line(f"{line}（{tests} 项测试）", yellow=True, bold=True)


# Databases


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A new, empty database for this test alone; the test runs once on each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/duban.sqlite3"
        return
    with new_database(request.getfixturevalue("postgres_server")) as url:
        yield url


@pytest.fixture(scope="session")
def postgres_url(postgres_server: str) -> Iterator[str]:
    """One PostgreSQL database for the whole run of this worker."""
    with new_database(postgres_server) as url:
        yield url


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """A server to make databases on, as a connection string: one started for this run, or the machine's own.

    One of our own never waits for a disk: a database comes and goes there in a twentieth of the time.
    """
    running = "host=127.0.0.1 port=5432 user=postgres"
    if not can_start_one() and answers(running):
        yield running
        return
    with private_cluster() as started:
        yield started


CREATE = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
ENCODED = sql.SQL(" ENCODING 'UTF8' LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8'")
BY_FILES = sql.SQL(" STRATEGY file_copy")
DROP = sql.SQL("DROP DATABASE {} WITH (FORCE)")

_serial = count(1)


@contextmanager
def new_database(server: str, template: str = "template0") -> Iterator[str]:
    """A database made for the time being, empty or like another one."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    name = f"duban_test_{os.getpid()}_{worker}_{next(_serial)}"
    create = CREATE.format(sql.Identifier(name), sql.Identifier(template))
    with psycopg.connect(server, dbname="postgres", autocommit=True) as connection:
        address = connection.info
        if template == "template0":
            create += ENCODED
        if address.server_version >= 150000:
            create += BY_FILES
        connection.execute(create)
        try:
            yield f"postgresql+psycopg://{address.user}@{address.host}:{address.port}/{name}"
        finally:
            connection.execute(DROP.format(sql.Identifier(name)))


def answers(server: str) -> bool:
    try:
        psycopg.connect(server, dbname="postgres", connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


@contextmanager
def private_cluster() -> Iterator[str]:
    programs = postgres_programs() or require(
        "PostgreSQL", "127.0.0.1:5432 无服务，也没有 initdb，Debian 上安装 postgresql"
    )
    with ExitStack() as stack:
        home = Path(tempfile.mkdtemp(prefix="duban-postgres-", dir=in_memory()))
        stack.callback(shutil.rmtree, home, ignore_errors=True)
        data = home / "data"
        as_user = unprivileged(home)
        initdb = [*as_user, f"{programs}/initdb", "-D", f"{data}", "-U", "postgres", "-A", "trust"]
        utf8 = ["-E", "UTF8", "--locale", "C.UTF-8", "--no-sync"]
        subprocess.run([*initdb, *utf8], check=True, stdout=subprocess.DEVNULL)
        port = free_port()
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' {HASTY}"
        control = [*as_user, f"{programs}/pg_ctl", "-D", f"{data}", "-w"]
        start = [*control, "-l", f"{home}/log", "-o", options, "start"]
        subprocess.run(start, check=True, stdout=subprocess.DEVNULL)
        stack.callback(subprocess.call, [*control, "-m", "immediate", "stop"], stdout=subprocess.DEVNULL)
        yield f"host=127.0.0.1 port={port} user=postgres"


HASTY = "-c fsync=off -c full_page_writes=off -c autovacuum=off -c max_wal_size=64MB"
"""A server that lives for one run need not outlive the machine."""
ROOM = 2 * 2**30


def in_memory() -> str | None:
    """A folder kept in memory, where there is one with room."""
    memory = Path("/dev/shm")
    roomy = os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > ROOM
    return str(memory) if roomy else None


def postgres_programs() -> Path | None:
    """The folder that holds initdb and pg_ctl; Debian keeps it off the path, one for each version."""
    if on_path := shutil.which("initdb"):
        return Path(on_path).resolve().parent
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((folder for folder in folders if (folder / "initdb").exists()), None)


def server_owner() -> pwd.struct_passwd | None:
    """Who a server of our own would run as: PostgreSQL refuses to be root."""
    try:
        return pwd.getpwnam("postgres") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
    except KeyError:
        return None


def can_start_one() -> bool:
    return postgres_programs() is not None and server_owner() is not None


def unprivileged(home: Path) -> list[str]:
    """What to put before a server command."""
    if os.geteuid() != 0:
        return []
    owner = server_owner() or require("PostgreSQL", "以 root 运行，却没有 postgres 用户可用来启动服务")
    os.chown(home, owner.pw_uid, owner.pw_gid)
    return ["runuser", "-u", "postgres", "--"]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


# Programs


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The system's chromium, headless; one for each test module.

    While it is open its event loop belongs to this thread: no ``asyncio.run`` in a module that uses it.
    """
    executable = program("chromium", "chromium-browser", what="浏览器", package="chromium")
    flags = [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=flags)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def libreoffice() -> Path:
    """LibreOffice's program, to prove that a written document opens."""
    return program("soffice", "libreoffice", what="LibreOffice", package="libreoffice-writer")
