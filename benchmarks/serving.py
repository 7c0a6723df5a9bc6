"""A server as a process of its own: started, found ready, looked at, stopped."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.office import Office

PATIENCE = 60.0
"""Seconds a server may take until it answers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A server that answers on ``port``."""

    port: int
    pid: int
    started_in: float
    """Seconds until it answered."""

    def memory(self) -> float:
        """Resident memory, MB."""
        for line in Path(f"/proc/{self.pid}/status").read_text(encoding="ascii").splitlines():
            if line.startswith("VmRSS"):
                return int(line.split()[1]) / 1024
        return 0.0

    def spent(self) -> float:
        """Processor seconds taken so far."""
        fields = Path(f"/proc/{self.pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def served(office: Office, log: Path) -> Iterator[Server]:
    """``duban serve`` on an office's record."""
    port = free_port()
    words = ["-m", "service.cli", "serve", "--config", str(office.config), "--port", str(port)]
    with running([sys.executable, *words], port, log, _plain()) as server:
        yield server


@contextmanager
def served_barely(file: Path, log: Path) -> Iterator[Server]:
    """The FastAPI route of ``bare_server`` on an SQLite file."""
    port = free_port()
    command = [sys.executable, "-m", "benchmarks.bare_server", str(file), str(port)]
    with running(command, port, log, _plain()) as server:
        yield server


@contextmanager
def running(command: Sequence[str], port: int, log: Path, environment: Mapping[str, str]) -> Iterator[Server]:
    """A command that listens on ``port``, from when it answers until it is told to end."""
    started = time.perf_counter()
    here = Path(__file__).parent.parent
    with log.open("wb") as file:
        child = subprocess.Popen(command, cwd=here, env=environment, stdout=file, stderr=file)
    try:
        _wait(child, port, log)
        yield Server(port=port, pid=child.pid, started_in=time.perf_counter() - started)
    finally:
        child.send_signal(signal.SIGTERM)
        try:
            child.wait(15)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def _wait(child: subprocess.Popen[bytes], port: int, log: Path) -> None:
    ends = time.monotonic() + PATIENCE
    while time.monotonic() < ends:
        if child.poll() is not None:
            raise RuntimeError(
                f"the server ended: {log.read_text(encoding='utf-8', errors='replace')[-2000:]}"
            )
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError(f"the server did not answer within {PATIENCE:.0f} seconds")


def _plain() -> dict[str, str]:
    return {key: value for key, value in os.environ.items() if not key.startswith("DUBAN_")}


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
