"""What lies in ``deploy/`` can be used as it stands: units, the compose file, the panel."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from service.cli import _parser
from service.settings import settings_from
from tests.require import program

TOP = Path(__file__).parent.parent.parent
DEPLOY = TOP / "deploy"
UNITS = sorted(path.name for path in DEPLOY.glob("*.service"))


def parsed(words: list[str]) -> Any:
    """A command line as ``duban`` reads it; leaves the test with its error where it does not."""
    return _parser().parse_args(words)


class TestUnits:
    @pytest.mark.parametrize("name", UNITS)
    def test_are_read_by_systemd(self, name: str, tmp_path: Path) -> None:
        """systemd 单元没有写错的键和值。"""
        analyze = program("systemd-analyze", what="systemd 单元", package="systemd")
        text = (DEPLOY / name).read_text(encoding="utf-8")
        # What they start is not on this machine; everything else is as shipped.
        text = re.sub(r"^ExecStart=\S+", "ExecStart=/bin/true", text, flags=re.MULTILINE)
        text = re.sub(r"^(User|Group)=\S+", r"\1=root", text, flags=re.MULTILINE)
        unit = tmp_path / name.replace("@", "@8000")
        unit.write_text(text, encoding="utf-8")
        done = subprocess.run(
            [str(analyze), "verify", "--man=no", str(unit)], check=False, capture_output=True, text=True
        )
        ours = [line for line in (done.stdout + done.stderr).splitlines() if unit.name in line]
        assert ours == []

    @pytest.mark.parametrize("name", UNITS)
    def test_start_what_duban_knows(self, name: str) -> None:
        """单元里启动的命令，duban 都认得；只许写数据目录。"""
        text = (DEPLOY / name).read_text(encoding="utf-8")
        [command] = re.findall(r"^ExecStart=(.*)$", text, flags=re.MULTILINE)
        words = shlex.split(command.replace("%i", "8000"))
        assert words[0].endswith("/.venv/bin/duban")
        assert parsed(words[1:]).role in ("web", "worker", "all")
        assert "ReadWritePaths=/srv/duban/var" in text
        assert "ProtectSystem=strict" in text


class TestCompose:
    def test_starts_what_duban_knows(self) -> None:
        """编排文件里的命令和设置，程序都认得；口令不写在里面，网页和走钟分开。"""
        compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
        roles = []
        for name in ("worker", "web"):
            service = compose["services"][name]
            _, found, command = service["command"][-1].partition("exec ")
            assert found
            options = parsed(shlex.split(command)[1:])
            roles.append(options.role)
            environment = {key: str(value) for key, value in service["environment"].items()}
            settings = settings_from({}, path=TOP / "config.toml", environment=environment)
            assert settings.database_url.startswith("postgresql://")
            assert service["depends_on"]["database"]["condition"] == "service_healthy"
        assert roles == ["worker", "web"]
        assert {"postgres-password"} == set(compose["secrets"])
        assert set(compose["volumes"]) == {"database", "var"}

    def test_shares_the_data_folder(self) -> None:
        """网页和走钟送信共用一个数据目录，佐证两边都看得见。"""
        compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
        volumes = [compose["services"][name]["volumes"] for name in ("worker", "web")]
        assert volumes[0] == volumes[1] == ["var:/srv/duban/var"]


class TestThePanel:
    def test_asks_for_figures_there_are(self) -> None:
        """监控面板问的每个数，/metrics 都给。"""
        panel = json.loads((DEPLOY / "grafana.json").read_text(encoding="utf-8"))
        asked = {
            name
            for one in panel["panels"]
            for target in one["targets"]
            for name in re.findall(r"duban_\w+", target["expr"])
        }
        given = (TOP / "service" / "health.py").read_text(encoding="utf-8")
        assert asked
        assert [name for name in asked if f'"{name}"' not in given] == []
