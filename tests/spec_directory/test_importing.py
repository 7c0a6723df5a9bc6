"""批量导入: a whole table or none of it, every fault named with its line."""

from __future__ import annotations

import csv
from io import StringIO

import pytest

from events.directory.commands import CloseUnit, ImportDirectory, UnitRow
from events.directory.importing import MOST_ROWS, UnreadableRows
from events.directory.reading import read_rows
from events.refusals import NameTaken, NotYours
from events.vocabulary import Role, UnitId
from tests.spec_directory.given import CLERK, TODAY, County

HEADER = "种类,名称,所在,类别,邮箱,电话,职务\n"


def table(lines: str) -> ImportDirectory:
    reader = csv.DictReader(StringIO(HEADER + lines))
    return read_rows((reader.line_num, row) for row in reader)


def faults(county: County, lines: str) -> dict[int, str]:
    before = len(county.facts)
    with pytest.raises(UnreadableRows) as refused:
        county.imports(table(lines))
    assert len(county.facts) == before
    return {error["line"]: error["detail"] for error in refused.value.extra["errors"]}


class TestImporting:
    def test_enters_units_then_people(self) -> None:
        """一张表登记单位和人员，上级写在后面也可以。"""
        county = County()
        decision = county.imports(
            table(
                "人员,王五,县政府/办公室,,wang@x.cn,,督查室经办、verifier\n"
                "单位,办公室,县政府,部门,,,\n"
                "\n,,,,,,\n"
                "单位,办公室,河口镇,,,,\n"
                "单位,河口镇,县政府,乡镇,,,\n"
                "单位,县政府,,,,,\n"
            )
        )
        assert decision.answer == {"units": 4, "people": 1}
        (person,) = county.directory.people.values()
        assert person.roles(TODAY) == {Role.OFFICE_CLERK, Role.VERIFIER}
        home = county.directory.units[person.unit(TODAY) or UnitId("")]
        assert county.directory.unit_name(home.parent(TODAY), TODAY) == "县政府"
        assert len({draft.stream for draft in decision.drafts}) == 5
        with pytest.raises(NameTaken):
            county.unit("县政府")

    def test_builds_on_what_is_there(self) -> None:
        """上级和所在单位可以是名录里已有的。"""
        county = County()
        county.unit("县政府")
        county.imports(table("单位,环保局,县政府,,,,\n人员,王五,环保局,,,,\n人员,李四,县政府,,,,\n"))
        assert county.directory.subtree(UnitId("县政府"), TODAY) == {"县政府", "new1-1"}

    def test_takes_nothing_where_one_line_is_wrong(self) -> None:
        """有一行不对，整张表都不导入，并逐行说明。"""
        county = County()
        county.unit("县政府")
        county.unit("水利局", under="县政府")
        found = faults(
            county,
            "单位,环保局,没有这个,,,,\n"
            "单位,水利局,县政府,,,,\n"
            "单位,,县政府,,,,\n"
            "人员,王五,,,,,\n"
            "人员,李四,县政府,,不是邮箱,,\n"
            "单位,甲,乙,,,,\n"
            "单位,乙,甲,,,,\n"
            "人员,赵六,县政府,,,,\n"
            "人员,赵六,县政府,,,,\n",
        )
        assert sorted(found) == [2, 3, 4, 5, 6, 7, 8, 10]
        assert "不在单位名录里" in found[2]
        assert "已有单位" in found[3]
        assert "邮箱" in found[6]
        assert "绕成了圈" in found[7]
        assert "已经有了" in found[10]

    def test_refuses_the_same_table_twice(self) -> None:
        """同一张表导入两次，第二次不收，不会把人登记成两份。"""
        county = County()
        lines = "单位,环保局,,,,,\n人员,王五,环保局,,,,\n"
        county.imports(table(lines))
        assert sorted(faults(county, lines)) == [2, 3]

    def test_asks_which_one_where_names_repeat(self) -> None:
        """单位同名时要写成“上级/下级”。"""
        county = County()
        for town in ("甲镇", "乙镇"):
            county.unit(town)
        county.imports(table("单位,办公室,甲镇,,,,\n单位,办公室,乙镇,,,,\n"))
        assert "有2个" in faults(county, "人员,王五,办公室,,,,\n")[2]
        county.imports(table("人员,王五,甲镇/办公室,,,,\n"))

    def test_does_not_use_a_closed_unit(self) -> None:
        """已撤销的单位不能作上级，它的名称可以再用。"""
        county = County()
        county.unit("环保局")
        county.do("unit-环保局", CloseUnit())
        county.later(1)
        assert 2 in faults(county, "单位,监测站,环保局,,,,\n")
        county.imports(table("单位,环保局,,,,,\n单位,监测站,环保局,,,,\n"))

    def test_is_refused_to_anybody_but_the_admin(self) -> None:
        """督查室经办不能导入名录。"""
        with pytest.raises(NotYours):
            County(actor=CLERK).imports(table("单位,环保局,,,,,\n"))

    def test_refuses_an_empty_and_an_endless_table(self) -> None:
        """空表不收，行数太多的请分开。"""
        with pytest.raises(UnreadableRows, match="一行也没有"):
            County().imports(table(""))
        rows = tuple(UnitRow(line=n, name=f"单位{n}") for n in range(MOST_ROWS + 1))
        with pytest.raises(UnreadableRows, match="分成几个文件"):
            County().imports(ImportDirectory(rows=rows))


class TestReading:
    def test_names_the_line_that_cannot_be_read(self) -> None:
        """种类或职务写错的，指出是哪一行。"""
        with pytest.raises(UnreadableRows, match="第2行") as refused:
            table("部门,环保局,,,,,\n人员,王五,环保局,,,,局长\n")
        assert [error["line"] for error in refused.value.extra["errors"]] == [2, 3]
