"""The walk through the API in ``docs/api.md`` is walked here, line by line."""

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

from tests.conftest import free_port
from tests.docs.reading import ROOT, commands
from tests.require import program


def test_walk_through_the_api(tmp_path: Path) -> None:
    """接口文档里的每条命令照样执行：立项、交办、签收、被拒、报结、走钟、看当时。"""
    program("curl", what="curl", package="curl")
    port = free_port()
    (tmp_path / "config.toml").write_bytes((ROOT / "config.toml").read_bytes())
    lines = [_line(command, port) for command in commands("docs/api.md")]
    script = "\n".join(["set -euo pipefail", f'duban() {{ {sys.executable} -m service.cli "$@"; }}', *lines])
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DUBAN_")}
    done = subprocess.Popen(
        ["bash", "-c", script],
        cwd=tmp_path,
        env={**environment, "PYTHONPATH": str(ROOT)},
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        out, error = done.communicate(timeout=180)
    finally:
        os.killpg(done.pid, signal.SIGTERM) if _alive(done.pid) else None
    assert done.returncode == 0, f"{out}\n{error}"
    answers = [json.loads(answer) for answer in re.findall(r"^\{.*\}$", out, re.MULTILINE)]
    _check(answers)


def _line(command: str, port: int) -> str:
    """A line with the free port, one answer a line, and a wait for the server it starts."""
    line = command.replace("8000", str(port)).replace(".venv/bin/duban", "duban")
    if line.startswith("duban serve"):
        ready = f"for _ in $(seq 150); do curl -fs http://127.0.0.1:{port}/readyz >/dev/null && break; sleep 0.2; done"
        return f"{line}\nSERVER=$!\ntrap 'kill $SERVER' EXIT\n{ready}"
    return f"{line}; echo" if line.startswith("call ") else line


def _check(answers: list[dict[str, object]]) -> None:
    assigned, acknowledged, shown, history, refused, attached, reported, again, ticked, *lists = answers
    assert assigned["stage"] == "assigned"
    assert acknowledged["stage"] == "rectifying"
    assert shown["due_on"] == "2026-03-09"
    assert "report-completion" in str(shown["permitted"])
    assert len(history["items"]) == 3  # type: ignore[arg-type]
    assert (refused["code"], refused["missing"]) == ("missing-evidence", ["photo"])
    assert attached["facts"] == ["evidence-attached"]
    assert reported == again
    assert ticked["verification"] == 1
    awaiting, back_then, letters = lists
    assert [item["stage"] for item in awaiting["items"]] == ["completion_reported"]  # type: ignore[attr-defined]
    assert [item["stage"] for item in back_then["items"]] == ["rectifying"]  # type: ignore[attr-defined]
    assert letters["items"]


def _alive(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True
