"""A child process that waits for work: one of our modules at the other end of a socket pair."""

from __future__ import annotations

import socket
import subprocess
import sys
from multiprocessing.connection import Connection
from typing import Any


class Child:
    """``python -m MODULE N``, where N is the number of an open socket; what it is told first comes along."""

    def __init__(self, module: str, told: object) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            command = [sys.executable, "-m", module, str(theirs.fileno())]
            self._process = subprocess.Popen(  # noqa: S603 - our own module, no text of anybody's in it
                command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL
            )
        self._pipe: Connection[Any, Any] = Connection(ours.detach())
        self._pipe.send(told)

    @property
    def alive(self) -> bool:
        """Whether it still waits for work."""
        return self._process.poll() is None

    def ask(self, job: object, seconds: float) -> object:
        """Sends a job and waits. Raises TimeoutError, EOFError, OSError."""
        self._pipe.send(job)
        if not self._pipe.poll(seconds):
            raise TimeoutError
        return self._pipe.recv()

    def end(self) -> None:
        """Kills and buries it."""
        self._pipe.close()
        self._process.kill()
        self._process.wait()
