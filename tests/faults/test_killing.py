"""kill -9 at random moments under load: what was acknowledged is there once, and no letter goes out twice."""

from __future__ import annotations

import os
import random
import time
from pathlib import Path

import pytest

from benchmarks.office import SQLITE
from tests.faults.scene import Scene, scene

SOAK = os.environ.get("DUBAN_SOAK", "")
KILLS = 100 if SOAK == "full" else int(SOAK) if SOAK.isdigit() else 2
SHORTEST, LONGEST = 0.2, 5.0 if SOAK else 3.0
"""Seconds a service lives after it first answers; its first delivery begins two seconds after the start."""

ROLES = ("web", "web", "worker", "worker") if SOAK else ("all", "web")


def kill_again_and_again(made: Scene) -> None:
    chance = random.SystemRandom()
    with made.senders.at_work():
        for _ in range(KILLS):
            time.sleep(chance.uniform(SHORTEST, LONGEST))
            struck = chance.choice(made.services)
            struck.kill()
            made.clock.forward()
            struck.start()
        time.sleep(1)
        made.senders.wait_for(1)


@pytest.mark.soak
class TestKilling:
    def test_one_process_on_sqlite(self, tmp_path: Path) -> None:
        """SQLite 单机被反复杀掉重开：答复过的命令一条不少、各只一次；记录完好；信至多在途的一封重来。"""
        with scene(tmp_path, url=SQLITE) as made:
            kill_again_and_again(made)
            made.over(in_flight=KILLS)
        assert made.senders.repeated > 0

    @pytest.mark.postgres
    def test_any_of_several_processes_on_postgresql(self, tmp_path: Path, own_postgres: str) -> None:
        """PostgreSQL 上几个进程，随便杀哪个：别的照办，什么也不少、不重。"""
        with scene(tmp_path, url=own_postgres, roles=ROLES) as made:
            kill_again_and_again(made)
            made.over(in_flight=KILLS)
