"""Entering a whole directory from one table on the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from events.vocabulary import UserName
from service.cli import main
from service.opening import init
from service.runtime import open_runtime
from service.settings import read_settings
from tests.service.given import Office, problem
from tests.service.pages import visitor

TABLE = "种类,名称,所在,类别,邮箱,电话,职务\n单位,云溪县,,县级,,,\n单位,青石镇,云溪县,乡镇,,,\n人员,何远舟,青石镇,,he@example.cn,,责任单位联络员\n"


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "config.toml"
    path.write_text('[clock]\nmode = "rehearsal"\n', encoding="utf-8")
    init(read_settings(path, {}), UserName("admin"))
    return path


class TestImporting:
    def test_enters_units_and_people_at_once(self, config: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """一张表录入单位、上下级和人员；GB 18030 的也行；错一行就一条也不录，并说出是哪一行。"""
        table = config.parent / "名录.csv"
        table.write_bytes(TABLE.encode("gb18030"))
        assert main(["directory", "import", str(table), "--config", str(config)]) == 0
        runtime = open_runtime(read_settings(config, {}))
        try:
            directory = runtime.directory.now()
            assert {unit.names[0].value for unit in directory.units.values()} == {"云溪县", "青石镇"}
            assert [person.name for person in directory.people.values()] == ["何远舟"]
        finally:
            runtime.close()
        capsys.readouterr()
        table.write_text(TABLE + "人员,无名氏,没有的镇,,,,\n", encoding="utf-8")
        assert main(["directory", "import", str(table), "--config", str(config)]) == 2
        said = capsys.readouterr().err
        assert said.count("\n") == 1
        assert "5" in said or "2" in said


ANOTHER = TABLE.replace("云溪县", "松岭县").replace("青石镇", "白沙镇")
WRONG = ANOTHER + "人员,无名氏,没有的镇,,,,\n"


class TestPage:
    def test_shows_each_line_s_fate_before_it_enters(self, office: Office) -> None:
        """网页上先逐行看，再录入：错的那行说清楚，一行也不录；改好才有“录入”；双击只录一次；不是管理员的进不来。"""
        admin = visitor(office, "admin")
        admin.get("/units")
        assert "/units/import" in admin.links()
        admin.get("/units/import")
        admin.send("/units/import", {"table": WRONG, "step": "enter"}, status=422)
        assert "不能录入：" in admin.text()
        assert "没有问题，等别的行改好一起录入" in admin.text()
        assert 'value="enter"' not in admin.page
        admin.send("/units/import", files={"file": ("名录.csv", ANOTHER.encode("gb18030"))})
        assert "录入 2 个单位、1 人" in admin.text()
        twice = {"table": ANOTHER, "step": "enter", "command_id": "once"}
        for _ in range(2):
            admin.send("/units/import", twice)
            assert admin.page.count("白沙镇") >= 1
            admin.get("/units/import")
        directory = office.get("/units", by="admin").json()["items"]
        assert sum(unit["name"] == "白沙镇" for unit in directory) == 1
        for bad in ("", "乱写", '种类,名称\n"' + "x" * 140_000):
            admin.send("/units/import", {"table": bad, "step": "look"}, status=422)
        for bytes_ in (b"\x00", b"\xff\xff"):
            admin.send("/units/import", files={"file": ("名录.csv", bytes_)}, status=422)
        visitor(office, "clerk").get("/units/import", status=403)


class TestApi:
    def test_enters_a_table_or_names_the_lines(self, office: Office) -> None:
        """接口也能先看后录；有错的列出每一行；不是管理员的退回；同一个键只录一次。"""
        problem(office.post("/units/import", {"table": ANOTHER}, by="clerk"), 403, "not-yours")
        refused = problem(office.post("/units/import", {"table": WRONG}), 422, "unreadable-rows")
        assert [error["line"] for error in refused["errors"]] == [5]
        looked = office.post("/units/import", {"table": ANOTHER, "dry_run": True}).json()
        assert looked == {"units": 2, "people": 1}
        first = office.post("/units/import", {"table": ANOTHER}, key="k").json()
        assert first["facts"] == ["unit-registered", "unit-registered", "person-registered"]
        assert office.post("/units/import", {"table": ANOTHER}, key="k").json() == first
        problem(office.post("/units/import", {"table": ANOTHER, "rows": 1}), 422)
