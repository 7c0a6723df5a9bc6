"""Several processes on one PostgreSQL: through a pooler, with accounts and limits that hold for all of them."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from events.record.connections import open_database, read_url
from events.refusals import NotAuthenticated
from events.vocabulary import UserName
from service.storage.accounts import FAILURES_BEFORE_LOCK, Accounts, Locked
from service.storage.migrating import migrate
from tests.conftest import answers, free_port, program, unprivileged
from tests.faults.scene import scene
from tests.faults.serving import PATIENCE

SOAK = bool(os.environ.get("DUBAN_SOAK"))
ROLES = ("web", "web", "worker", "worker") if SOAK else ("all", "web")
WORK = 200 if SOAK else 60
"""Commands that are answered through the pooler."""

pytestmark = pytest.mark.postgres

POOLER = """[databases]
* = host={host} port={port} user={user}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {listen}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 6
max_client_conn = 400
ignore_startup_parameters = options
logfile = {home}/pgbouncer.log
"""


@contextmanager
def pooler(url: str) -> Iterator[str]:
    """pgbouncer in transaction mode before a database; gives the address to use instead."""
    executable = program("pgbouncer", "/usr/sbin/pgbouncer", what="pgbouncer", package="pgbouncer")
    home = Path(tempfile.mkdtemp(prefix="duban-pooler-"))
    behind, listen = read_url(url), free_port()
    filled = POOLER.format(host=behind.host, port=behind.port, user=behind.username, listen=listen, home=home)
    (home / "pgbouncer.ini").write_text(filled, encoding="ascii")
    as_user = unprivileged(home)
    command = [*as_user, str(executable), str(home / "pgbouncer.ini")]
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        ends = time.monotonic() + PATIENCE
        while not answers(f"host=127.0.0.1 port={listen} user={behind.username}"):
            said = (home / "pgbouncer.log").read_text() if (home / "pgbouncer.log").exists() else ""
            assert child.poll() is None, f"the pooler ended: {said[-2000:]}"
            assert time.monotonic() < ends, f"the pooler did not answer: {said[-2000:]}"
            time.sleep(0.05)
        yield f"postgresql://{behind.username}@127.0.0.1:{listen}/{behind.database}"
    finally:
        child.terminate()
        child.wait(10)
        shutil.rmtree(home)


@pytest.mark.soak
class TestSeveralNodes:
    def test_work_behind_a_pooler_in_transaction_mode(self, tmp_path: Path, own_postgres: str) -> None:
        """几个网页进程、几个走钟送信进程，全隔着事务模式的 pgbouncer：次序不断，信不重，记录完好。"""
        with (
            pooler(own_postgres) as url,
            scene(tmp_path, url=url, roles=ROLES) as made,
        ):
            with made.senders.at_work(8):
                made.senders.wait_for(WORK)
            made.over(in_flight=0)


class TestAccounts:
    """Log-ins are rows that all nodes read."""

    def test_are_locked_for_every_node(self, own_postgres: str) -> None:
        """密码在几台主机上同时乱试：合起来数，够数就都不让进；在一台登录，另一台也认。"""
        now = datetime.now(UTC)
        databases = [open_database(own_postgres) for _ in range(2)]
        try:
            migrate(databases[0])
            here, there = (
                Accounts(database=one, idle=timedelta(hours=1), longest=timedelta(hours=9))
                for one in databases
            )
            zhang = UserName("zhang")
            here.set_password(zhang, "correct-horse-9", now)
            secret = here.log_in(zhang, now)
            session = there.session(secret, now)
            assert session is not None
            assert session.user == zhang

            def guess(n: int) -> type[Exception]:
                with pytest.raises((NotAuthenticated, Locked)) as refused:
                    (here, there)[n % 2].check(zhang, "wrong", now)
                return refused.type

            with ThreadPoolExecutor(FAILURES_BEFORE_LOCK) as pool:
                list(pool.map(guess, range(FAILURES_BEFORE_LOCK)))
            for node in (here, there):
                with pytest.raises(Locked):
                    node.check(zhang, "correct-horse-9", now)
        finally:
            for one in databases:
                one.close()


class TestAnAddress:
    @pytest.mark.parametrize(
        ("written", "hosts"),
        [
            ("postgresql://duban:x@db1:5432,db2:6432/duban?target_session_attrs=read-write", "db1,db2"),
            ("postgresql://db1,db2/duban", "db1,db2"),
            ("postgresql+psycopg://duban@db1:5432/duban", "db1"),
        ],
    )
    def test_may_name_several_hosts(self, written: str, hosts: str) -> None:
        """数据库地址照 libpq 的写法写几台主机，口令和别的参数都在。"""
        database = open_database(written)
        try:
            _, given = database.writing.dialect.create_connect_args(database.url)
            made = psycopg.conninfo.make_conninfo(**{k: v for k, v in given.items() if k != "context"})
            assert f"host={hosts}" in made
            assert "dbname=duban" in made
            again = read_url(database.url.render_as_string(hide_password=False))
            assert again == database.url
        finally:
            database.close()
