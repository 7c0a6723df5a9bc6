"""What README and the guides tell people to type is typed here."""

import re
import shlex
import subprocess
from pathlib import Path

import pytest

from service.demo.stock import read_county
from tests.docs.reading import ROOT, commands, furnish, links

PAGES = ["README.md", "README.en.md", *(f"docs/{page.name}" for page in sorted((ROOT / "docs").glob("*.md")))]


class Shell:
    """Types lines in a folder as it is after ``make install``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = furnish(folder)

    def run(self, command: str, *, at: Path | None = None) -> subprocess.CompletedProcess[str]:
        """Types one line; gives what came of it."""
        return subprocess.run(
            ["bash", "-c", command],
            check=False,
            cwd=at or self.folder,
            env=self.environment,
            text=True,
            capture_output=True,
            timeout=300,
        )


@pytest.fixture
def county(tmp_path: Path) -> Shell:
    """A county's folder."""
    return Shell(tmp_path)


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

    def test_every_short_command_works(self, county: Shell) -> None:
        """README 里的每条短命令照样打进去都办得成。"""
        short = [command for command in commands("README.md") if not serves(command)]
        assert len(short) >= 7
        for command in short:
            done = county.run(command)
            assert done.returncode == 0, f"{command}\n{done.stderr}"
            assert done.stdout.strip()

    def test_every_serving_command_exists(self, county: Shell) -> None:
        """README 里长开的命令都存在：make 的目标、duban 的选项。"""
        for command in filter(serves, commands("README.md")):
            words = shlex.split(command)
            if words[0] == "make":
                done = county.run(f"make -n {words[1]}", at=ROOT)
            else:
                done = county.run(f"{words[0]} {words[1]} --help")
                assert all(option in done.stdout for option in words if option.startswith("--"))
            assert done.returncode == 0, f"{command}\n{done.stderr}"

    def test_names_accounts_of_the_demo(self) -> None:
        """README 说到的演示账号，演示县里都有。"""
        demo = read_county()
        users = {place.user for place in demo.places} | {official.user for official in demo.officials}
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

    def test_operations_and_audit_can_be_done(self, county: Shell) -> None:
        """运维页、审计页里的命令按顺序都办得成：备份、恢复、核对、日历、走钟、换规定再走一遍。"""
        assert county.run(".venv/bin/duban init --admin guanli").returncode == 0
        for command in (*commands("docs/operations.md"), *commands("docs/guide/auditor.md")):
            done = county.run(command)
            assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"

    def test_postgres_needs_only_another_url(self, county: Shell, database_url: str) -> None:
        """换数据库只改 [database] url：两种数据库都照样建库、核对、比对。"""
        url = database_url.replace("postgresql+psycopg://", "postgresql://")
        county.environment["DUBAN_DATABASE__URL"] = url
        for command in ("init --admin guanli", "verify", "rebuild --check"):
            done = county.run(f".venv/bin/duban {command}")
            assert done.returncode == 0, f"{command}\n{done.stderr}"
