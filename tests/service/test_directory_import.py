"""Entering a whole directory from one table on the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from events.vocabulary import UserName
from service.cli import main
from service.opening import init
from service.runtime import open_runtime
from service.settings import read_settings

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
