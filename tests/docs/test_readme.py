"""What README and the guides tell people to type is typed here."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from service.demo.stock import read_county
from tests.docs.reading import ROOT, commands, links

PAGES = ["README.md", "README.en.md", *(f"docs/{page.name}" for page in sorted((ROOT / "docs").glob("*.md")))]


@pytest.fixture
def county(tmp_path: Path) -> Path:
    """A folder as it is after ``make install``: a configuration and a ``.venv`` with duban in it."""
    (tmp_path / "config.toml").write_bytes((ROOT / "config.toml").read_bytes())
    programs = tmp_path / ".venv" / "bin"
    programs.mkdir(parents=True)
    duban = programs / "duban"
    duban.write_text(f'#!/bin/sh\nexec {sys.executable} -m service.cli "$@"\n')
    duban.chmod(0o755)
    return tmp_path


def run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Types one line in a folder."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DUBAN_")}
    environment["PYTHONPATH"] = str(ROOT)
    return subprocess.run(
        ["bash", "-c", command], cwd=folder, env=environment, text=True, capture_output=True, timeout=120
    )


def serves(command: str) -> bool:
    """Whether a line goes on until it is stopped, or sets up a machine."""
    return command.startswith("make ") or " serve" in command


class TestReadme:
    def test_says_the_same_in_both_languages(self) -> None:
        """中英两份 README 的命令、链接、小节数一致。"""
        assert commands("README.md") == commands("README.en.md")
        chinese, english = links("README.md"), links("README.en.md")
        assert set(chinese) - {"README.en.md"} == set(english) - {"README.md"}
        sizes = [(ROOT / page).read_text(encoding="utf-8").count("\n## ") for page in PAGES[:2]]
        assert sizes[0] == sizes[1]

    def test_every_short_command_works(self, county: Path) -> None:
        """README 里的每条短命令照样打进去都办得成。"""
        short = [command for command in commands("README.md") if not serves(command)]
        assert len(short) >= 7
        for command in short:
            done = run(command, county)
            assert done.returncode == 0, f"{command}\n{done.stderr}"
            assert done.stdout.strip()

    def test_every_serving_command_exists(self, county: Path) -> None:
        """README 里长开的命令都存在：make 的目标、duban 的选项。"""
        for command in filter(serves, commands("README.md")):
            words = shlex.split(command)
            if words[0] == "make":
                done = run(f"make -n {words[1]}", ROOT)
            else:
                done = run(f"{words[0]} {words[1]} --help", county)
                assert all(option in done.stdout for option in words if option.startswith("--"))
            assert done.returncode == 0, f"{command}\n{done.stderr}"

    def test_names_accounts_of_the_demo(self) -> None:
        """README 说到的演示账号，演示县里都有。"""
        county_ = read_county()
        users = {place.user for place in county_.places} | {official.user for official in county_.officials}
        for page in PAGES[:2]:
            text = (ROOT / page).read_text(encoding="utf-8")
            named = set(re.findall(r"`([a-z]{4,10})`", text)) & {
                "jingban",
                "shuiwu",
                "hecha",
                "zhuren",
                "lingdao",
            }
            assert len(named) == 5
            assert named <= users


class TestPages:
    @pytest.mark.parametrize("page", PAGES)
    def test_links_lead_somewhere(self, page: str) -> None:
        """文档里的链接都指到仓库里有的文件。"""
        folder = (ROOT / page).parent
        assert [link for link in links(page) if not (folder / link).exists()] == []

    def test_every_decision_is_listed(self) -> None:
        """docs/decisions 里的每一页都列在目录里。"""
        files = {page.name for page in (ROOT / "docs/decisions").glob("0*.md")}
        assert set(links("docs/decisions/README.md")) == files

    def test_operations_can_be_done(self, county: Path) -> None:
        """运维页里的命令按顺序都办得成：备份、恢复、核对、日历、走钟。"""
        assert run(".venv/bin/duban init --admin guanli", county).returncode == 0
        for command in commands("docs/operations.md"):
            done = run(command, county)
            assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
