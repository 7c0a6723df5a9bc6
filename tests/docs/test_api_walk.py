"""The walk through the API in ``docs/api.md`` is walked here, line by line."""

import json
import re
import subprocess
from pathlib import Path

from tests.conftest import free_port
from tests.docs.reading import commands, furnish
from tests.require import program


def test_walk_through_the_api(tmp_path: Path) -> None:
    """接口文档里的每条命令照样执行：立项、交办、签收、被拒、报结、走钟、看当时、来信人、案卷。"""
    program("curl", what="curl", package="curl")
    port = free_port()
    script = "\n".join(["set -euo pipefail", *(_line(command, port) for command in commands("docs/api.md"))])
    done = subprocess.run(
        ["bash", "-c", script],
        check=False,
        cwd=tmp_path,
        env=furnish(tmp_path),
        text=True,
        capture_output=True,
        timeout=300,
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    assert "相符：" in done.stdout
    _check([json.loads(answer) for answer in re.findall(r"^\{.*\}$", done.stdout, re.MULTILINE)])


def _line(command: str, port: int) -> str:
    """A line with the free port, one answer a line, and a wait for the server it starts."""
    line = command.replace("8000", str(port))
    if " serve " in line:
        ready = f"for _ in $(seq 150); do curl -fs http://127.0.0.1:{port}/readyz >/dev/null && break; sleep 0.2; done"
        return f"{line}\nSERVER=$!\ntrap 'kill $SERVER; wait $SERVER || true' EXIT\n{ready}"
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
    awaiting, back_then, letters, noted, people, hidden = lists
    assert [item["stage"] for item in awaiting["items"]] == ["completion_reported"]  # type: ignore[attr-defined]
    assert [item["stage"] for item in back_then["items"]] == ["rectifying"]  # type: ignore[attr-defined]
    assert letters["items"]
    assert people["items"][0]["id"] == noted["petitioner"]  # type: ignore[index]
    assert hidden["code"] == "not-yours"
