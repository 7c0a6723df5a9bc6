"""命令行用错了: one line that says what to do, exit code 2."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.service.programs import did, duban, said_no


class TestTheCalendar:
    def test_is_imported_from_a_file(self, opened: Path) -> None:
        """calendar import：--dry-run 只看不写；再来就是公布；表不对一行错误，退出码 2。"""
        (opened / "2027.csv").write_text(
            "date,working,name\n2027-01-01,0,元旦\n2027-01-02,0,元旦\n", encoding="utf-8"
        )
        before = json.loads(did(duban(opened, "status")))["position"]
        did(duban(opened, "calendar", "import", "2027", "2027.csv", "--dry-run"))
        assert json.loads(did(duban(opened, "status")))["position"] == before
        did(duban(opened, "calendar", "import", "2027", "2027.csv"))
        assert json.loads(did(duban(opened, "status")))["position"] == before + 1
        (opened / "bad.csv").write_text("date,working,name\n2028-01-01,0,元旦\n", encoding="utf-8")
        assert "2" in said_no(duban(opened, "calendar", "import", "2027", "bad.csv"))
        (opened / "head.csv").write_text("日期,上班,名称\n2027-01-01,0,元旦\n", encoding="utf-8")
        said_no(duban(opened, "calendar", "import", "2027", "head.csv"))
        (opened / "gbk.csv").write_bytes("date,working,name\n2027-01-01,0,元旦\n".encode("gbk"))
        did(duban(opened, "calendar", "import", "2027", "gbk.csv"))
        said_no(duban(opened, "calendar", "import", "2027", "nowhere.csv"))
        said_no(duban(opened, "calendar", "import", "soon", "2027.csv"))


class TestWrongUse:
    @pytest.mark.parametrize(
        "arguments",
        [
            ["explode"],
            ["tick", "--when", "now"],
            ["token", "create"],
            ["serve", "--role", "king"],
            ["backup"],
            ["serve", "--port", "x"],
        ],
        ids=" ".join,
    )
    def test_is_one_line_and_two(self, opened: Path, arguments: list[str]) -> None:
        """用错了：一行说怎么办，退出码 2。"""
        said_no(duban(opened, *arguments))

    @pytest.mark.parametrize(
        ("text", "told"),
        [
            ("[clock]\nmode = 'fast'\n", "mode"),
            ("[clock\n", "TOML"),
            ("[colour]\nsky = 1\n", "colour"),
            ("[web]\nport = 'x'\n", "port"),
            ("[web]\nprot = 8000\n", "prot"),
            ("[clock]\nmode = 'rehearsal'\nstart = '2008-01-01'\n", "start"),
            ("[database]\nurl = 'nonsense'\n", "url"),
            ("[mail]\nsecurity = 'secret'\n", "security"),
            ("[files]\nmax_mb = 0\n", "max_mb"),
            ("[reminders]\nrungs_before = 'x'\n", "rungs_before"),
            ("[procedures.rectification]\nevidence = ['painting']\n", "evidence"),
        ],
    )
    def test_of_the_configuration_is_told(self, tmp_path: Path, text: str, told: str) -> None:
        """config check 指出文件、键、值和应该怎样。"""
        (tmp_path / "config.toml").write_text(text, encoding="utf-8")
        line = said_no(duban(tmp_path, "config", "check"))
        assert told in line
        assert "config.toml" in line

    def test_of_a_missing_file_is_told(self, tmp_path: Path) -> None:
        """没有配置文件也说得清。"""
        assert "config.toml" in said_no(duban(tmp_path, "status"))
        assert "other.toml" in said_no(duban(tmp_path, "--config", "other.toml", "status"))
        assert "other.toml" in said_no(duban(tmp_path, "status", "--config", "other.toml"))

    def test_of_the_environment_is_told(self, opened: Path) -> None:
        """环境变量盖过文件，写错了也指出来。"""
        did(duban(opened, "config", "check", DUBAN_WEB__PORT="9000"))
        assert "port" in said_no(duban(opened, "config", "check", DUBAN_WEB__PORT="ninety"))
        said_no(duban(opened, "config", "check", DUBAN_WEB__PROT="1"))
