"""Who beats the heart: a leader that was paused, two at once, and a machine's clock that jumps."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from benchmarks.office import SQLITE
from tests.faults.scene import Scene, scene
from tests.faults.serving import PATIENCE

LATER = timedelta(days=40)
"""By then everything assigned is overdue."""
PAST_LEASE = timedelta(minutes=2)
MATTERS = 20


@pytest.fixture
def overdue(tmp_path: Path, own_postgres: str) -> Iterator[Scene]:
    """Matters that fell due while nobody beat the heart, behind a web process on PostgreSQL."""
    with scene(tmp_path, url=own_postgres, roles=("web",)) as made:
        with made.senders.at_work():
            made.senders.wait_for(5 * MATTERS)
        made.clock.forward(LATER)
        yield made


def left(made: Scene) -> tuple[int, int]:
    """How many matters were assigned, and how many of them nothing was said of yet."""
    facts = made.facts()
    assigned = {r.stream for r in facts if r.type == "matter-assigned"}
    said = {r.stream for r in facts if r.type.endswith("-reminded")}
    return len(assigned), len(assigned - said)


def wait_until(made: Scene, enough: Callable[[int, int], bool]) -> None:
    ends = time.monotonic() + PATIENCE
    while not enough(*(found := left(made))):
        assert time.monotonic() < ends, found
        time.sleep(0.05)


@pytest.mark.soak
@pytest.mark.postgres
class TestALeader:
    def test_that_was_paused_says_nothing_twice(self, overdue: Scene) -> None:
        """走钟的进程走到一半被冻住，另一台接手走完；它醒来以后什么也不重说。"""
        paused, other = overdue.another("worker"), overdue.another("worker")
        paused.start()
        wait_until(overdue, lambda all_, quiet: quiet < all_)
        paused.pause()
        overdue.clock.set(overdue.clock.by + PAST_LEASE)
        other.start()
        wait_until(overdue, lambda _, quiet: quiet == 0)
        paused.wake()
        time.sleep(2)
        overdue.over(in_flight=1)

    def test_beside_another_says_everything_once(self, overdue: Scene) -> None:
        """两个走钟送信的进程同时开：每一句只说一次，每封信只送一次。"""
        both = overdue.another("worker"), overdue.another("worker")
        for one in both:
            one.launch()
        for one in both:
            one.wait()
        wait_until(overdue, lambda _, quiet: quiet == 0)
        overdue.over(in_flight=0)


@pytest.mark.soak
class TestAMachinesClock:
    def test_that_jumps_stops_the_writing_until_it_is_right_or_accepted(self, tmp_path: Path) -> None:
        """时钟倒退十分钟、猛进四百多天：停写并说明；拨正了自己接着办，认可了也接着办。"""
        with scene(tmp_path, url=SQLITE) as made:
            [service] = made.services
            right = made.clock.by
            with made.senders.at_work():
                made.senders.wait_for(20)
                for jump in (timedelta(minutes=-10), timedelta(days=410)):
                    made.clock.set(right + jump)
                    time.sleep(1)
                    stuck = len(made.senders.told)
                    time.sleep(1)
                    assert len(made.senders.told) == stuck
                    assert not service.answers("/readyz")
                    made.clock.set(right)
                    made.senders.wait_for(20)
                made.clock.set(right + timedelta(days=410))
                time.sleep(1)
                made.run("clock", "accept")
                made.senders.wait_for(20)
            made.over(in_flight=0)
