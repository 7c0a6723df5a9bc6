"""Whether the benchmarks still run and tell what they found; how fast things are is not judged here."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

TOP = Path(__file__).parent.parent.parent


class TestBenchmarks:
    @pytest.mark.parametrize("names", [("verifying", "rebuilding")])
    def test_print_a_table_and_write_json(self, tmp_path: Path, names: tuple[str, ...]) -> None:
        """基准测试跑得起来，印出表格，数据另存为 JSON。"""
        written = tmp_path / "found.json"
        command = [
            sys.executable,
            "-m",
            "benchmarks",
            *names,
            "--quick",
            "--matters",
            "40",
            "--no-peers",
            "--json",
            str(written),
        ]
        environment = {**os.environ, "DUBAN_BENCH_DIR": str(tmp_path / "bench")}
        done = subprocess.run(command, env=environment, cwd=TOP, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        found = json.loads(written.read_text(encoding="utf-8"))
        assert [one["name"] for one in found["benchmarks"]] == list(names)
        for one in found["benchmarks"]:
            assert f"（{one['name']}）" in done.stdout
            for line in one["lines"]:
                assert line["what"] in done.stdout
                assert line["median"] > 0

    def test_name_the_ones_there_are(self) -> None:
        """写错名字时说出有哪些可测。"""
        command = [sys.executable, "-m", "benchmarks", "no-such"]
        done = subprocess.run(command, cwd=TOP, capture_output=True, text=True, check=False)
        assert done.returncode == 2
        assert "append" in done.stderr
