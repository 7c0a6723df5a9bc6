"""单位: registered, renamed, moved and closed, every change dated."""

from __future__ import annotations

from datetime import date

import pytest

from events.directory.commands import CloseUnit, MoveUnit, RegisterUnit, RenameUnit
from events.directory.facts import UnitClosed, UnitMoved, UnitRegistered, UnitRenamed
from events.record.envelope import OPERATOR
from events.refusals import Conflict, Invalid, NameTaken, NotFound, NotYours
from events.vocabulary import Role, UnitId
from tests.spec_directory.given import CLERK, TODAY, County

BUREAU, TOWN, OFFICE = UnitId("环保局"), UnitId("河口镇"), UnitId("县政府")


@pytest.fixture
def county() -> County:
    county = County()
    county.unit(OFFICE)
    county.unit(BUREAU, under=OFFICE, kind="部门")
    county.unit(TOWN, under=OFFICE, kind="乡镇")
    return county


def rename(county: County, unit: str, name: str, from_: date | None = None) -> None:
    county.do(f"unit-{unit}", RenameUnit(name=name, from_=from_))


def move(county: County, unit: str, parent: str | None, from_: date | None = None) -> None:
    county.do(f"unit-{unit}", MoveUnit(parent=UnitId(parent) if parent else None, from_=from_))


def close(county: County, unit: str, successor: str | None = None, from_: date | None = None) -> None:
    county.do(f"unit-{unit}", CloseUnit(successor=UnitId(successor) if successor else None, from_=from_))


class TestRegistering:
    def test_enters_the_unit_and_claims_its_name(self) -> None:
        """登记单位：名录里有了它，名称在同一上级之下归它所有。"""
        decision = County().asked("unit-u1", RegisterUnit(name=" 环保局 ", kind="部门"))
        (draft,) = decision.drafts
        assert draft.stream == "unit-u1"
        assert draft.fact == UnitRegistered(name="环保局", from_on=TODAY, parent=None, kind="部门")
        assert [(c.scope, c.key, c.owner) for c in decision.claims] == [("unit-name", "/环保局", "u1")]
        assert decision.role is Role.ADMIN
        assert decision.answer == {"id": "u1"}

    def test_is_open_to_the_operator_too(self) -> None:
        """运维人员在本机上也能登记单位。"""
        assert County(actor=OPERATOR).asked("unit-u1", RegisterUnit(name="环保局")).role is None

    def test_is_refused_to_anybody_else(self, county: County) -> None:
        """督查室经办不能登记、更名、划转、撤销单位。"""
        county.actor = CLERK
        for command in (RegisterUnit(name="水利局"), RenameUnit(name="水利局"), MoveUnit(), CloseUnit()):
            with pytest.raises(NotYours, match="系统管理员"):
                county.do("unit-新" if isinstance(command, RegisterUnit) else f"unit-{BUREAU}", command)

    def test_refuses_a_name_already_under_the_same_parent(self, county: County) -> None:
        """同一上级之下不能有两个同名单位，全角、空格、大小写不算不同。"""
        with pytest.raises(NameTaken, match="已有单位"):
            county.do("unit-x", RegisterUnit(name="环 保　局", parent=OFFICE))

    def test_takes_the_same_name_under_another_parent(self, county: County) -> None:
        """不同上级之下可以同名。"""
        county.do("unit-x", RegisterUnit(name="办公室", parent=BUREAU))
        county.do("unit-y", RegisterUnit(name="办公室", parent=TOWN))

    @pytest.mark.parametrize("name", ["", "   ", "长" * 101, "环保\x00局", "环保\u202e局", "环保\n局"])
    def test_refuses_a_name_nobody_can_read(self, name: str) -> None:
        """空名称、过长的名称、带控制字符的名称都不收。"""
        with pytest.raises(Invalid):
            County().do("unit-x", RegisterUnit(name=name))

    def test_refuses_a_parent_that_is_not_there(self, county: County) -> None:
        """上级单位不存在、已撤销或已定于日后撤销时，不能登记到它之下。"""
        with pytest.raises(Invalid, match="不在单位名录"):
            county.unit("站所", under="没有")
        close(county, TOWN, from_=date(2026, 6, 1))
        with pytest.raises(Invalid, match="2026-06-01撤销"):
            county.unit("站所", under=TOWN)

    def test_refuses_an_id_that_is_in_use(self, county: County) -> None:
        """同一单位不会登记两次。"""
        with pytest.raises(Conflict):
            county.do(f"unit-{BUREAU}", RegisterUnit(name="别的"))


class TestRenaming:
    def test_holds_from_its_day_on(self, county: County) -> None:
        """更名从生效之日起用新名，此前的日子仍是旧名。"""
        rename(county, BUREAU, "生态环境局", date(2026, 4, 1))
        unit = county.directory.units[BUREAU]
        assert county.facts[-1].fact == UnitRenamed(name="生态环境局", from_on=date(2026, 4, 1))
        assert unit.name(date(2026, 3, 31)) == "环保局"
        assert unit.name(date(2026, 4, 1)) == "生态环境局"

    def test_without_a_day_holds_from_today(self, county: County) -> None:
        """不写生效日期，就从今天起。"""
        rename(county, BUREAU, "生态环境局")
        assert county.directory.unit_name(BUREAU, TODAY) == "生态环境局"

    def test_may_be_dated_before_the_registration(self, county: County) -> None:
        """登记晚于实际更名的，可以补写以前的日期，从那天起就是新名。"""
        rename(county, BUREAU, "生态环境局", date(2018, 11, 1))
        unit = county.directory.units[BUREAU]
        assert unit.name(date(2018, 10, 31)) == "环保局"
        assert unit.name(TODAY) == "生态环境局"

    def test_said_later_for_the_same_day_counts(self, county: County) -> None:
        """同一天两次更名，以后记的为准。"""
        rename(county, BUREAU, "生态局")
        rename(county, BUREAU, "生态环境局")
        assert county.directory.unit_name(BUREAU, TODAY) == "生态环境局"

    def test_gives_the_old_name_back(self, county: County) -> None:
        """更名后旧名可由别的单位使用，新名归它所有。"""
        rename(county, BUREAU, "生态环境局")
        county.do("unit-x", RegisterUnit(name="环保局", parent=OFFICE))
        with pytest.raises(NameTaken):
            county.do("unit-y", RegisterUnit(name="生态环境局", parent=OFFICE))

    def test_keeps_the_old_name_until_the_day(self, county: County) -> None:
        """定于日后更名的，到那天之前旧名仍归它，别的单位不能用。"""
        rename(county, BUREAU, "生态环境局", date(2026, 4, 1))
        with pytest.raises(NameTaken):
            county.do("unit-x", RegisterUnit(name="环保局", parent=OFFICE))
        county.on(date(2026, 4, 1)).do("unit-x", RegisterUnit(name="环保局", parent=OFFICE))

    def test_refuses_the_name_it_has(self, county: County) -> None:
        """已叫这个名称的，不再更名。"""
        with pytest.raises(Conflict, match="已叫"):
            rename(county, BUREAU, "环保局")

    def test_refuses_a_neighbours_name(self, county: County) -> None:
        """不能更成同一上级之下别的单位的名称。"""
        with pytest.raises(NameTaken):
            rename(county, BUREAU, TOWN)

    @pytest.mark.parametrize("from_", [date(1948, 12, 31), date(2077, 1, 1), date.max, date.min])
    def test_refuses_an_absurd_day(self, county: County, from_: date) -> None:
        """生效日期早于1949年或远得离谱的，不收。"""
        with pytest.raises(Invalid, match="不合情理"):
            rename(county, BUREAU, "生态环境局", from_)

    def test_refuses_an_unknown_unit(self, county: County) -> None:
        """名录里没有的单位，不能更名、划转、撤销。"""
        for command in (RenameUnit(name="甲"), MoveUnit(), CloseUnit()):
            with pytest.raises(NotFound):
                county.do("unit-没有", command)

    def test_refuses_a_closed_unit(self, county: County) -> None:
        """已撤销的单位不再更名。"""
        close(county, TOWN)
        with pytest.raises(Invalid, match="已于2026-03-02撤销"):
            rename(county, TOWN, "河口街道")


class TestMoving:
    def test_puts_it_under_another_unit_from_its_day_on(self, county: County) -> None:
        """划转从生效之日起改换上级，此前的日子仍在原上级之下。"""
        county.unit("监测站", under=BUREAU)
        move(county, "监测站", TOWN, date(2026, 5, 1))
        unit = county.directory.units[UnitId("监测站")]
        assert county.facts[-1].fact == UnitMoved(parent=TOWN, from_on=date(2026, 5, 1))
        assert (unit.parent(date(2026, 4, 30)), unit.parent(date(2026, 5, 1))) == (BUREAU, TOWN)
        assert unit.id in county.directory.subtree(TOWN, date(2026, 5, 1))
        assert unit.id not in county.directory.subtree(TOWN, TODAY)

    def test_puts_it_at_the_top(self, county: County) -> None:
        """不写上级，就划为最上一级。"""
        move(county, BUREAU, None)
        assert county.directory.units[BUREAU].parent(TODAY) is None

    def test_takes_its_name_along(self, county: County) -> None:
        """划转后，名称在新上级之下归它所有，原处的名称空出来。"""
        county.unit("监测站", under=BUREAU)
        move(county, "监测站", TOWN)
        county.do("unit-x", RegisterUnit(name="监测站", parent=BUREAU))
        with pytest.raises(NameTaken):
            county.do("unit-y", RegisterUnit(name="监测站", parent=TOWN))

    def test_refuses_a_place_where_the_name_is_taken(self, county: County) -> None:
        """新上级之下已有同名单位的，不能划过去。"""
        county.do("unit-x", RegisterUnit(name="监测站", parent=BUREAU))
        county.do("unit-y", RegisterUnit(name="监测站", parent=TOWN))
        with pytest.raises(NameTaken):
            move(county, "x", TOWN)

    def test_refuses_a_circle(self, county: County) -> None:
        """不能划到自己或自己的下级之下。"""
        county.unit("监测站", under=BUREAU)
        for parent in (BUREAU, "监测站"):
            with pytest.raises(Invalid, match="自己"):
                move(county, BUREAU, parent)

    def test_refuses_a_circle_to_come(self, county: County) -> None:
        """两次定于日后的划转合起来绕成圈的，后一次不收。"""
        move(county, BUREAU, TOWN, date(2026, 6, 1))
        with pytest.raises(Invalid, match="自己"):
            move(county, TOWN, BUREAU, date(2026, 4, 1))

    def test_refuses_where_it_is(self, county: County) -> None:
        """已在这个上级之下的，不再划转。"""
        with pytest.raises(Conflict):
            move(county, BUREAU, OFFICE)


class TestClosing:
    def test_names_its_successor(self, county: County) -> None:
        """撤销从生效之日起，写明承接单位。"""
        close(county, TOWN, BUREAU, date(2026, 4, 1))
        unit = county.directory.units[TOWN]
        assert county.facts[-1].fact == UnitClosed(from_on=date(2026, 4, 1), successor=BUREAU)
        assert (unit.closed(date(2026, 3, 31)), unit.closed(date(2026, 4, 1))) == (False, True)
        assert unit.successor == BUREAU

    def test_with_open_matters_needs_a_successor(self, county: County) -> None:
        """还有未结事项的单位，没有承接单位不能撤销。"""
        county.open_matters = 3
        with pytest.raises(Invalid, match="还有3件未结事项") as refused:
            close(county, TOWN)
        assert refused.value.code == "missing-successor"
        close(county, TOWN, BUREAU)

    def test_refuses_a_successor_that_cannot_take_over(self, county: County) -> None:
        """承接单位不能是它自己、不存在的或已撤销的单位。"""
        county.unit("林业局")
        close(county, "林业局", BUREAU)
        for successor in (TOWN, "没有", "林业局"):
            with pytest.raises(Invalid):
                close(county, TOWN, successor)

    def test_refuses_while_units_stand_below(self, county: County) -> None:
        """还有下级单位的，先划转或撤销下级。"""
        county.unit("监测站", under=BUREAU)
        with pytest.raises(Invalid, match="监测站"):
            close(county, BUREAU)
        close(county, "监测站")
        close(county, BUREAU)

    def test_gives_the_name_back(self, county: County) -> None:
        """撤销后名称可由新单位使用；定于日后撤销的，到那天才空出来。"""
        close(county, TOWN, from_=date(2026, 4, 1))
        with pytest.raises(NameTaken):
            county.do("unit-x", RegisterUnit(name=TOWN, parent=OFFICE))
        county.on(date(2026, 4, 1)).do("unit-x", RegisterUnit(name=TOWN, parent=OFFICE))

    def test_refuses_a_second_time(self, county: County) -> None:
        """已撤销的不再撤销。"""
        close(county, TOWN)
        with pytest.raises(Conflict, match="已登记于"):
            close(county, TOWN)
