"""Running duban: in this process, or the installed program in one of its own."""

from __future__ import annotations

import contextlib
import io
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2

from service.cli import main
from tests.conftest import free_port

CONFIG = """
[clock]
mode = "rehearsal"
[database]
url = "sqlite:///var/duban.sqlite3"
[bulletins]
enabled = false
"""


PROGRAM = str(Path(sys.executable).with_name("duban"))


@dataclass(frozen=True, kw_only=True)
class Ran:
    """What a command came to."""

    returncode: int
    stdout: str
    stderr: str


def duban(folder: Path, *arguments: str, **environment: str) -> Ran:
    """Runs a command in a folder, in this process: starting a program each time takes a second."""
    out, err = io.StringIO(), io.StringIO()
    streams = contextlib.redirect_stdout(out), contextlib.redirect_stderr(err)
    with contextlib.chdir(folder), _environment(environment), streams[0], streams[1]:
        try:
            code = main(arguments)
        except SystemExit as left:
            code = left.code if isinstance(left.code, int) else 1
    return Ran(returncode=code, stdout=out.getvalue(), stderr=err.getvalue())


@contextmanager
def _environment(changed: dict[str, str]) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.update(changed)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def program(folder: Path, *arguments: str) -> Ran:
    """Runs the installed program, in a process of its own."""
    command = [PROGRAM, *arguments]
    ran = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False)
    return Ran(returncode=ran.returncode, stdout=ran.stdout, stderr=ran.stderr)


def said_no(ran: Ran, code: int = 2) -> str:
    """The one line of a refusal."""
    assert ran.returncode == code, (ran.returncode, ran.stdout, ran.stderr)
    assert "Traceback" not in ran.stderr
    line = ran.stderr.strip()
    assert line
    assert "\n" not in line, ran.stderr
    assert any("一" <= sign <= "鿿" for sign in line), line
    return line


def did(ran: Ran) -> str:
    assert ran.returncode == 0, (ran.returncode, ran.stdout, ran.stderr)
    assert ran.stderr == ""
    return ran.stdout.strip()


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """The program serving in a process of its own; its address."""
    port = free_port()
    command = [PROGRAM, "serve", "--port", str(port)]
    with (folder / "served.log").open("w") as log:
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
        address = f"http://127.0.0.1:{port}"
        try:
            for _ in range(300):
                try:
                    if httpx2.get(f"{address}/healthz").status_code == 200:
                        break
                except httpx2.TransportError:
                    assert process.poll() is None, (folder / "served.log").read_text()
                    time.sleep(0.1)
            yield address
        finally:
            process.terminate()
            process.wait(timeout=30)
