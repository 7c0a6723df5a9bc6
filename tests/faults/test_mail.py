"""A mail server that puts off, hangs up on what it took, or says nothing, while letters are due."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from tests.faults.scene import Scene, scene, slowly

SOAK = bool(os.environ.get("DUBAN_SOAK"))
DROPPED = 5 if SOAK else 1
SILENCE = 40.0
"""Longer than a delivery waits for one answer."""


@pytest.mark.soak
class TestAMailServer:
    def test_that_does_everything_wrong(self, tmp_path: Path) -> None:
        """邮件服务器推迟、收下就断、半天不答：每封信至少到一次，只有没得到答复的会再来。"""
        with scene(tmp_path, roles=("web",)) as made:
            with made.senders.at_work():
                made.senders.wait_for(40)
            twice = self._puts_off(made) + self._drops(made)
            if SOAK:
                twice += self._hangs(made)
            made.server.data = slowly
            made.over(in_flight=twice)

    def _puts_off(self, made: Scene) -> int:
        made.server.data = lambda: "451 try later"
        assert '"sent": 0' in made.run("deliver")
        assert not made.server.taken
        return 0

    def _drops(self, made: Scene) -> int:
        made.clock.forward()
        left = DROPPED

        def drops_some() -> str:
            nonlocal left
            made.server.drops = left > 0
            left -= 1
            return "250 taken"

        made.server.data = drops_some
        made.run("deliver")
        return DROPPED

    def _hangs(self, made: Scene) -> int:
        made.clock.forward()
        silent = iter([SILENCE])

        def hangs_once() -> str:
            time.sleep(next(silent, 0))
            return "250 taken"

        made.server.data = hangs_once
        made.run("deliver")
        return 1
