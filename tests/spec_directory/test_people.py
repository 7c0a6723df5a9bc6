"""人员: who holds which post, from which day to which."""

from __future__ import annotations

from datetime import date

import pytest

from events.directory.commands import ChangePerson, CloseUnit, LeavePerson, MovePerson, RegisterPerson
from events.directory.facts import PersonMoved, PersonRegistered
from events.refusals import Conflict, Invalid, NotFound, NotYours
from events.vocabulary import PersonId, Role, UnitId
from tests.spec_directory.given import CLERK, TODAY, County

BUREAU, TOWN = UnitId("环保局"), UnitId("河口镇")
WANG = PersonId("王五")


@pytest.fixture
def county() -> County:
    county = County()
    county.unit(BUREAU)
    county.unit(TOWN)
    county.person(WANG, BUREAU, Role.UNIT_LIAISON, email="wang@example.gov.cn")
    return county


def move(county: County, unit: str, *roles: Role, from_: date | None = None, keep: bool = False) -> None:
    county.do(f"person-{WANG}", MovePerson(unit=UnitId(unit), roles=None if keep else roles, from_=from_))


class TestRegistering:
    def test_enters_the_person_with_posts(self) -> None:
        """登记人员：记下单位、邮箱、电话和所任职务。"""
        county = County()
        county.unit(BUREAU)
        decision = county.asked(
            "person-p1",
            RegisterPerson(
                name=" 李四 ",
                unit=BUREAU,
                email="li.si@example.gov.cn",
                phone="０５４６-1234567",
                roles=(Role.UNIT_HEAD, Role.UNIT_LIAISON, Role.UNIT_HEAD),
            ),
        )
        assert decision.drafts[0].fact == PersonRegistered(
            name="李四",
            unit=BUREAU,
            from_on=TODAY,
            email="li.si@example.gov.cn",
            phone="0546-1234567",
            roles=(Role.UNIT_LIAISON, Role.UNIT_HEAD),
        )
        assert decision.answer == {"id": "p1"}

    def test_takes_two_people_of_one_name(self, county: County) -> None:
        """同名同姓的两个人可以都登记。"""
        county.do("person-p2", RegisterPerson(name=WANG, unit=BUREAU))

    def test_is_not_done_twice(self, county: County) -> None:
        """同一人员不会登记两次。"""
        with pytest.raises(Conflict, match="已经登记"):
            county.person(WANG, TOWN)

    def test_refuses_a_unit_that_is_not_there_or_closed(self, county: County) -> None:
        """单位不存在或已撤销的，不能登记到那里，并说明承接单位。"""
        with pytest.raises(Invalid, match="不在单位名录"):
            county.person("李四", "没有")
        county.do(f"unit-{TOWN}", CloseUnit(successor=BUREAU))
        with pytest.raises(Invalid, match="承接单位“环保局”") as refused:
            county.person("李四", TOWN)
        assert refused.value.code == "unit-closed"

    @pytest.mark.parametrize(
        "email",
        [
            "wang",
            "a@b@c",
            "a b@c.cn",
            "a@",
            "@c.cn",
            "a@c.cn\nBcc: x@y.cn",
            "王@c.cn",
            "a@c..\x00",
            "<a@c.cn>",
        ],
    )
    def test_refuses_what_is_no_address(self, county: County, email: str) -> None:
        """不像邮箱的、带空格或换行的，不收。"""
        with pytest.raises(Invalid, match="邮箱"):
            county.person("李四", BUREAU, email=email)

    @pytest.mark.parametrize("phone", ["没有", "12", "1" * 40, "13800138000\n", "138;00138000", "--------"])
    def test_refuses_what_is_no_number(self, county: County, phone: str) -> None:
        """不像电话号码的，不收。"""
        if phone.endswith("\n"):  # a blank at the end is cut off, in the middle it is refused
            phone = "138\n00138000"
        with pytest.raises(Invalid, match="电话"):
            county.do("person-x", RegisterPerson(name="李四", unit=BUREAU, phone=phone))

    def test_is_refused_to_anybody_but_the_admin(self, county: County) -> None:
        """督查室经办不能登记人员。"""
        county.actor = CLERK
        with pytest.raises(NotYours):
            county.person("李四", BUREAU)


class TestMoving:
    def test_leaves_the_post_behind(self, county: County) -> None:
        """人调走了，职责留在岗位上：从那天起原岗位无人，新单位有人。"""
        move(county, TOWN, Role.UNIT_HEAD, from_=date(2026, 4, 1))
        assert county.facts[-1].fact == PersonMoved(
            unit=TOWN, from_on=date(2026, 4, 1), roles=(Role.UNIT_HEAD,)
        )
        before, after = date(2026, 3, 31), date(2026, 4, 1)
        holders = county.directory.holders
        assert [p.id for p in holders(BUREAU, Role.UNIT_LIAISON, before)] == [WANG]
        assert not holders(BUREAU, Role.UNIT_LIAISON, after)
        assert not holders(TOWN, Role.UNIT_HEAD, before)
        assert [p.id for p in holders(TOWN, Role.UNIT_HEAD, after)] == [WANG]

    def test_keeps_the_posts_where_none_are_named(self, county: County) -> None:
        """不写职务，就还任原来的职务。"""
        move(county, TOWN, keep=True)
        assert [p.id for p in county.directory.holders(TOWN, Role.UNIT_LIAISON, TODAY)] == [WANG]

    def test_may_change_posts_in_the_same_unit(self, county: County) -> None:
        """在同一单位内改任职务也是调动。"""
        move(county, BUREAU, Role.UNIT_HEAD)
        assert county.directory.people[WANG].roles(TODAY) == {Role.UNIT_HEAD}

    def test_refuses_what_is_already_so(self, county: County) -> None:
        """单位和职务都没有变的，不收。"""
        with pytest.raises(Conflict):
            move(county, BUREAU, Role.UNIT_LIAISON)
        with pytest.raises(Conflict):
            move(county, BUREAU, keep=True)

    def test_refuses_who_has_left(self, county: County) -> None:
        """离任之后不能再调动。"""
        county.do(f"person-{WANG}", LeavePerson(from_=date(2026, 4, 1)))
        move(county, TOWN, from_=date(2026, 3, 20))
        with pytest.raises(Invalid, match="离任"):
            move(county, BUREAU, from_=date(2026, 4, 1))

    def test_refuses_an_unknown_person(self, county: County) -> None:
        """名录里没有的人，不能调动、离任、改信息。"""
        for command in (MovePerson(unit=TOWN), LeavePerson(), ChangePerson(name="甲")):
            with pytest.raises(NotFound):
                county.do("person-没有", command)


class TestLeaving:
    def test_ends_every_post_on_its_day(self, county: County) -> None:
        """离任从生效之日起不再任职，账号也不能再登录。"""
        county.user("wang", WANG, Role.UNIT_LIAISON)
        county.do(f"person-{WANG}", LeavePerson(from_=date(2026, 4, 1)))
        person = county.directory.people[WANG]
        assert person.roles(date(2026, 3, 31)) == {Role.UNIT_LIAISON}
        assert person.roles(date(2026, 4, 1)) == frozenset()
        assert county.directory.may_log_in("wang", date(2026, 3, 31))
        assert not county.directory.may_log_in("wang", date(2026, 4, 1))

    def test_may_be_given_another_day(self, county: County) -> None:
        """离任日期记错了，可以改；同一天不重复登记。"""
        county.do(f"person-{WANG}", LeavePerson(from_=date(2026, 4, 1)))
        county.do(f"person-{WANG}", LeavePerson(from_=date(2026, 5, 1)))
        assert county.directory.people[WANG].left_on == date(2026, 5, 1)
        with pytest.raises(Conflict):
            county.do(f"person-{WANG}", LeavePerson(from_=date(2026, 5, 1)))

    def test_refuses_the_last_admin(self, county: County) -> None:
        """最后一个管理员不能离任，先有别的管理员。"""
        county.user("root", WANG, Role.ADMIN)
        with pytest.raises(Conflict, match="最后一个") as refused:
            county.do(f"person-{WANG}", LeavePerson())
        assert refused.value.code == "last-admin"
        county.person("李四", BUREAU)
        county.user("root2", "李四", Role.ADMIN)
        county.do(f"person-{WANG}", LeavePerson())


class TestChanging:
    def test_changes_what_is_given(self, county: County) -> None:
        """只改写出来的几项；写成空的，就是去掉。"""
        county.do(f"person-{WANG}", ChangePerson(name="王武", email="", phone="110"))
        person = county.directory.people[WANG]
        assert (person.name, person.email, person.phone) == ("王武", None, "110")
        county.do(f"person-{WANG}", ChangePerson(email="w@x.cn"))
        person = county.directory.people[WANG]
        assert (person.name, person.email, person.phone) == ("王武", "w@x.cn", "110")

    def test_refuses_nothing_to_change(self, county: County) -> None:
        """没有变化的，不收。"""
        for command in (ChangePerson(), ChangePerson(email="wang@example.gov.cn", phone="")):
            with pytest.raises(Conflict):
                county.do(f"person-{WANG}", command)
