"""A disk that is full, read-only, or answers with errors, under a service on SQLite."""

from __future__ import annotations

import resource
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.disks import small_disk
from tests.faults.scene import Scene, scene
from tests.faults.serving import PATIENCE, Service, try_run

MEGABYTES = 64


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Scene]:
    """A scene without a process yet."""
    with scene(tmp_path, roles=()) as found:
        yield found


def revived(service: Service) -> None:
    """What systemd does: starts anew what ended."""
    assert service.child is not None
    if service.child.poll() is not None:
        service.start()


@pytest.mark.soak
class TestADisk:
    def test_that_is_full(self, made: Scene) -> None:
        """磁盘满了：不保存也不说保存了；腾出空间以后接着办，答复过的都在。"""
        with small_disk(made.folder / "var", MEGABYTES) as disk:
            service = made.another("all")
            service.under = disk.under
            made.senders.ports = [service.port]
            service.start()
            with made.senders.at_work():
                made.senders.wait_for(30)
                disk.fill()
                time.sleep(1)
                stuck = len(made.senders.told)
                time.sleep(1)
                assert len(made.senders.told) == stuck
                disk.clear()
                revived(service)
                made.senders.wait_for(30)
            service.stop()
            disk.take_out()
        made.over(in_flight=1)
        assert made.senders.repeated > 0

    def test_that_is_read_only(self, made: Scene) -> None:
        """磁盘只读：服务起不来，一行说清；改回来照常起、照常办。"""
        with small_disk(made.folder / "var", MEGABYTES) as disk:
            service = made.another("all")
            service.under = disk.under
            made.senders.ports = [service.port]
            service.start()
            with made.senders.at_work():
                made.senders.wait_for(10)
            service.stop()
            disk.remount("ro")
            for command in (("serve", "--port", "0"), ("tick",), ("rebuild",)):
                refused = try_run(made.folder, made.clock, *command, under=disk.under)
                assert refused.returncode == 2, (command, refused.stderr)
                assert "只读" in refused.stderr, (command, refused.stderr)
                assert "Traceback" not in refused.stderr
            disk.remount("rw")
            service.start()
            with made.senders.at_work():
                made.senders.wait_for(10)
            service.stop()
            disk.take_out()
        made.over(in_flight=1)

    def test_that_answers_with_errors(self, made: Scene) -> None:
        """磁盘读写出错：服务停下自己，不拿可疑的缓存再写；重开以后答复过的都在。"""
        service = made.another("all")
        made.senders.ports = [service.port]
        service.start()
        assert service.child is not None
        with made.senders.at_work():
            made.senders.wait_for(30)
            log = made.folder / "var" / "duban.sqlite3-wal"
            resource.prlimit(service.child.pid, resource.RLIMIT_FSIZE, (log.stat().st_size, -1))
            ends = time.monotonic() + PATIENCE
            while service.child.poll() is None:
                assert time.monotonic() < ends, "the service went on"
                time.sleep(0.05)
            revived(service)
            made.senders.wait_for(30)
        made.over(in_flight=1)
