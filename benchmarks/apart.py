"""Peers' programs in environments of their own, so that nothing of theirs is ever part of the service's."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

from benchmarks.serving import Server, free_port, running

PEERS = Path(__file__).parent / "peers"
SAVING, TICKETING = "saving", "ticketing"


NOT_THERE = "同类 {peer}：它的环境没有装成（要联网，或用了 --no-peers），未并排测。"


def environment(home: Path, peer: str, wanted: bool) -> Path | None:
    """The folder of a peer's environment below ``home``, made from its lock, by hash, where there is none yet.

    None where none is wanted, or where it cannot be made: there is no network.
    """
    lock = PEERS / f"{peer}.lock"
    folder = home / f"{peer}-{sha256(lock.read_bytes()).hexdigest()[:10]}"
    done = folder / "made"
    if wanted and not done.exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
        pip: list[str | Path] = [
            folder / "bin" / "python",
            "-m",
            "pip",
            "--disable-pip-version-check",
            "--no-input",
            "--quiet",
        ]
        locked: list[str | Path] = ["--require-hashes", "--no-deps", "--only-binary", ":all:", "-r", lock]
        if subprocess.run([*pip, "install", *locked], check=False).returncode == 0:
            done.touch()
    return folder if wanted and done.exists() else None


def asked(folder: Path, peer: str, *words: object) -> dict[str, Any]:
    """What a peer's program answers to a command."""
    command = [str(word) for word in (folder / "bin" / "python", PEERS / f"{peer}.py", *words)]
    said = subprocess.run(command, capture_output=True, text=True, check=False, env=_plain())
    if said.returncode:
        raise RuntimeError(f"{peer} {words}: {said.stderr[-2000:]}")
    found: dict[str, Any] = json.loads(said.stdout.splitlines()[-1])
    return found


@contextmanager
def tickets_served(folder: Path, file: Path, log: Path) -> Iterator[Server]:
    """django-helpdesk on an SQLite file: a process for each core, four threads in each, as its users run it."""
    port = free_port()
    command = [folder / "bin" / "python", "-m", "gunicorn", "--chdir", PEERS, "--bind", f"127.0.0.1:{port}"]
    command += ["--workers", str(os.cpu_count() or 1), "--worker-class", "gthread", "--threads", "4"]
    command += ["--keep-alive", "60", "--log-level", "warning", "ticketing:application"]
    told = {**_plain(), "HELPDESK_FILE": str(file), "HOME": str(log.parent)}
    with running([str(word) for word in command], port, log, told) as server:
        yield server


def _plain() -> dict[str, str]:
    ours = ("DUBAN_", "PYTHON", "VIRTUAL_ENV")
    return {key: value for key, value in os.environ.items() if not key.startswith(ours)}
