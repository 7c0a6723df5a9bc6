"""``duban`` in processes of its own, to be killed, stopped and started again, by a clock a test can move."""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from events.vocabulary import BEIJING
from tests.conftest import free_port

TOP = Path(__file__).parent.parent.parent
PATIENCE = 180.0
"""Seconds a start, or a command across restarts, may take."""
AFTER_LEASE = timedelta(minutes=16)
"""Past the lease a killed delivery leaves behind."""


def in_office_hours(moment: datetime) -> datetime:
    """The moment, or the next morning where it lies outside the hours in which letters leave."""
    moment = moment.astimezone(BEIJING)
    opens = moment.replace(hour=8, minute=30, second=0)
    if moment < opens:
        return opens
    return moment if moment.hour < 19 else opens + timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Ahead:
    """A clock in a file: by how much it is ahead of the machine's."""

    file: Path

    @property
    def by(self) -> timedelta:
        """How far ahead."""
        return (
            timedelta(seconds=float(self.file.read_text(encoding="ascii")))
            if self.file.exists()
            else timedelta()
        )

    def set(self, by: timedelta) -> None:
        """Makes it jump, for every process that goes by it."""
        coming = self.file.with_suffix(".coming")
        coming.write_text(str(by.total_seconds()), encoding="ascii")
        coming.replace(self.file)

    def forward(self, by: timedelta = AFTER_LEASE) -> None:
        """Puts it forward, and into office hours."""
        now = datetime.now(UTC)
        self.set(in_office_hours(now + self.by + by) - now)


@dataclass(slots=True)
class Service:
    """One process of ``duban serve`` on a folder."""

    folder: Path
    clock: Ahead
    role: str = "all"
    port: int = field(default_factory=free_port)
    under: Sequence[str] = ()
    """Put before the command (another namespace)."""
    child: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> Path:
        """What it says."""
        return self.folder / f"log-{self.role}-{self.port}"

    def start(self) -> None:
        """Serves, and comes back once it answers."""
        self.launch()
        self.wait()

    def launch(self) -> None:
        """Serves, without waiting for it."""
        command = [
            *self.under,
            *_command(self.folder, "serve", "--port", str(self.port), "--role", self.role),
        ]
        with self.log.open("ab") as log:
            self.child = subprocess.Popen(
                command, env=_environment(self.clock), cwd=TOP, stdout=log, stderr=log
            )

    def wait(self) -> None:
        """Comes back once it answers."""
        assert self.child is not None
        ends = time.monotonic() + PATIENCE
        while not self.answers():
            assert self.child.poll() is None, self.log.read_text(encoding="utf-8")[-3000:]
            if time.monotonic() > ends:
                self.child.send_signal(signal.SIGABRT)
                self.child.wait()
                pytest.fail(f"the service did not answer: {self.log.read_text(encoding='utf-8')[-6000:]}")
            time.sleep(0.05)

    def kill(self) -> None:
        """kill -9."""
        assert self.child is not None
        self.child.kill()
        self.child.wait()

    def pause(self) -> None:
        """As a virtual machine that is frozen."""
        assert self.child is not None
        self.child.send_signal(signal.SIGSTOP)

    def wake(self) -> None:
        """Goes on as if no time had passed."""
        assert self.child is not None
        self.child.send_signal(signal.SIGCONT)

    def stop(self) -> None:
        """As an operator stops it."""
        if self.child is not None and self.child.poll() is None:
            self.wake()
            self.child.terminate()
            self.child.wait(30)

    def answers(self, path: str = "/healthz") -> bool:
        """Whether a page says 200."""
        asking = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            asking.request("GET", path)
            return asking.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            asking.close()


def run(folder: Path, clock: Ahead, *words: str) -> str:
    """One command to its good end; gives what it printed."""
    done = try_run(folder, clock, *words)
    assert done.returncode == 0, f"{words}: {done.returncode} {done.stdout} {done.stderr}"
    return done.stdout


def try_run(
    folder: Path, clock: Ahead, *words: str, under: Sequence[str] = ()
) -> subprocess.CompletedProcess[str]:
    """One command, whatever comes of it."""
    command, environment = [*under, *_command(folder, *words)], _environment(clock)
    return subprocess.run(command, check=False, env=environment, cwd=TOP, capture_output=True, text=True)


def _command(folder: Path, *words: str) -> list[str]:
    return [sys.executable, "-m", "tests.faults.by_day", *words, "--config", str(folder / "config.toml")]


def _environment(clock: Ahead) -> dict[str, str]:
    plain = {name: value for name, value in os.environ.items() if not name.startswith("DUBAN_")}
    return {**plain, "PYTHONFAULTHANDLER": "1", "DUBAN_TEST_CLOCK": str(clock.file)}
