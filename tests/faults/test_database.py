"""A database that restarts, is gone, breaks off at the commit, or fails over, under load."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import psycopg
import pytest

from events.record import connections
from events.record.verifying import verify
from events.refusals import Unavailable
from tests.faults.clusters import Cluster, cluster, standby
from tests.faults.scene import scene
from tests.faults.serving import PATIENCE, Service
from tests.faults.wire import wire
from tests.record.making import opened, said, texts

SOAK = bool(os.environ.get("DUBAN_SOAK"))
RESTARTS = 30 if SOAK else 1
GONE = 60.0 if SOAK else 0.5
CUTS = 50 if SOAK else 3

pytestmark = pytest.mark.postgres


@pytest.fixture(scope="module")
def started() -> Iterator[Cluster]:
    with cluster() as made:
        yield made


@pytest.fixture
def server(started: Cluster) -> Cluster:
    """The module's server with its database empty, and as it was before anybody asked for a standby."""
    started.empty()
    return started


def said_away(service: Service, token: str) -> None:
    """A program and a person are told the same."""
    at = f"http://127.0.0.1:{service.port}"
    program = httpx2.get(f"{at}/api/v1/units", headers={"Authorization": f"Bearer {token}"}, timeout=30)
    assert (program.status_code, program.json()["code"]) == (503, "database-unavailable")
    person = httpx2.get(f"{at}/matters", cookies={"duban_session": "x"}, timeout=30)
    assert person.status_code == 503
    assert "数据库暂时连不上" in person.text


@contextmanager
def frozen_by(server: Cluster) -> Iterator[psycopg.pq.PGconn]:
    """A bare connection, closed at the end whatever state it is in."""
    made = psycopg.pq.PGconn.connect(server.url.encode())
    try:
        yield made
    finally:
        made.finish()


@pytest.mark.soak
class TestADatabase:
    def test_that_restarts_under_load(self, tmp_path: Path, server: Cluster) -> None:
        """数据库在忙时突然断掉又起来：服务不用重启，自己连上接着办，什么也不少、不重。"""
        with scene(tmp_path, url=server.url, roles=("all", "web")) as made:
            with made.senders.at_work():
                for _ in range(RESTARTS):
                    made.senders.wait_for(20)
                    server.crash()
                    server.start()
                made.senders.wait_for(20)
            made.over(in_flight=RESTARTS)
        assert made.senders.repeated > 0

    def test_that_is_gone_for_a_while(self, tmp_path: Path, server: Cluster) -> None:
        """数据库离线一阵：页面和接口说暂时连不上，/readyz 说出来；回来以后不用人管。"""
        with scene(tmp_path, url=server.url) as made:
            [service] = made.services
            with made.senders.at_work():
                made.senders.wait_for(20)
                server.crash()
                time.sleep(GONE)
                assert service.answers("/healthz")
                assert not service.answers("/readyz")
                said_away(service, made.office.tokens["clerk"])
                server.start()
                made.senders.wait_for(20)
            assert service.answers("/readyz")
            assert "Traceback" not in service.log.read_text(encoding="utf-8")
            made.over(in_flight=1)

    def test_that_fails_over_to_its_synchronous_standby(self, tmp_path: Path, server: Cluster) -> None:
        """主库没了，同步备库升为主库：地址里写着两台，服务自己找到新的那台，答复过的都在。"""
        with standby(server) as second:
            hosts = f"127.0.0.1:{server.port},127.0.0.1:{second.port}"
            url = f"postgresql://postgres@{hosts}/duban?target_session_attrs=read-write"
            with scene(tmp_path, url=url, roles=("all", "web")) as made:
                with made.senders.at_work():
                    made.senders.wait_for(30)
                    server.crash()
                    second.promote()
                    made.senders.wait_for(30)
                made.over(in_flight=1)
            assert made.senders.repeated > 0


class TestAConnection:
    """Cut between the commit and its answer."""

    def test_cut_at_the_commit_is_looked_after(self, server: Cluster) -> None:
        """提交那一刻断了线：连上再看一眼，已存上的照实答复，没有一条重写、一条漏写。"""
        with wire(server.port) as cable:
            url = server.url.replace(str(server.port), str(cable.port))
            with opened(url) as record:
                for n in range(CUTS):
                    cable.cut_after = lambda heard: b"COMMIT" in heard
                    record.writer.append(said(f"said-{n}", str(n)))
                assert cable.cuts == CUTS
                assert texts(record) == [str(n) for n in range(CUTS)]
                assert verify(record.store).broken is None

    def test_cut_before_the_commit_arrives_writes_nothing(self, server: Cluster) -> None:
        """写到一半断了线：说没有保存，库里确实没有；再发一次就成。"""
        with wire(server.port) as cable:
            url = server.url.replace(str(server.port), str(cable.port))
            with opened(url) as record:
                record.writer.append(said("said-a", "一"))
                cable.cut_after = lambda heard: b"INSERT INTO events" in heard
                with pytest.raises(Unavailable, match="没有保存"):
                    record.writer.append(said("said-b", "二"))
                record.writer.append(said("said-b", "二"))
                assert texts(record) == ["一", "二"]

    def test_frozen_with_the_head_in_hand_is_ended(
        self, server: Cluster, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """写到一半的进程被冻住，手里攥着次序：等着的人说没有保存，十几秒后把它断开，接着写。"""
        sooner = connections.GUARDED.replace("'15s'", "'2s'")
        monkeypatch.setattr(connections, "GUARDED", sooner)
        with opened(server.url) as record, frozen_by(server) as frozen:
            frozen.enter_pipeline_mode()
            for said_by_hand in (b"BEGIN", b"SELECT 1 FROM log_head FOR UPDATE"):
                frozen.send_query_params(said_by_hand, None)
            frozen.send_flush_request()
            frozen.flush()
            answers = [frozen.get_result() for _ in range(3)]
            assert answers[-1] is not None
            assert answers[-1].ntuples == 1
            refused, ends = 0, time.monotonic() + PATIENCE
            while True:
                try:
                    record.writer.append(said("said-a", "一"))
                except Unavailable:
                    refused += 1
                    assert time.monotonic() < ends
                else:
                    break
            assert refused > 1
            assert texts(record) == ["一"]

    def test_that_stays_away_leaves_the_outcome_open(
        self, server: Cluster, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """提交后再也连不上：不说“没有保存”，说不知道、请原样再交；再交只有一份。"""
        monkeypatch.setattr("events.record.transacting.SEARCHING", 0.5)
        with wire(server.port) as cable:
            url = server.url.replace(str(server.port), str(cable.port))
            with opened(url) as record:
                record.writer.append(said("said-a", "一"))

                def cut(heard: bytes) -> bool:
                    if b"COMMIT" not in heard:
                        return False
                    cable.to = 9
                    return True

                cable.cut_after = cut
                with pytest.raises(Unavailable, match="不知道") as refused:
                    record.writer.append(said("said-b", "二", key="k"))
                assert refused.value.code == "outcome-unknown"
                cable.to = server.port
                assert record.writer.append(said("said-b", "二", key="k")).repeated
                assert texts(record) == ["一", "二"]
