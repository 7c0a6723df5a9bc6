"""账号: who may log in and what for; no secret in any fact."""

from __future__ import annotations

import pytest

from events.directory.commands import (
    CreateUser,
    DisableUser,
    EnableUser,
    LeavePerson,
    ResetPassword,
    SetRoles,
)
from events.directory.facts import UserCreated, UserPasswordReset
from events.record.envelope import OPERATOR
from events.refusals import Conflict, Invalid, NameTaken, NotFound, NotYours
from events.vocabulary import PersonId, Role, UserName
from tests.spec_directory.given import CLERK, TODAY, County

WANG, LI = PersonId("王五"), PersonId("李四")


@pytest.fixture
def county() -> County:
    county = County()
    county.unit("环保局")
    county.person(WANG, "环保局")
    county.person(LI, "环保局")
    county.user("root", LI, Role.ADMIN)
    return county


def roles_of(county: County, user: str) -> frozenset[Role]:
    return county.directory.users[UserName(user)].current_roles


class TestCreating:
    def test_opens_the_account_without_its_password(self, county: County) -> None:
        """开立账号：记下人和角色，密码不进记录，也不显示出来。"""
        command = CreateUser(
            name=UserName("wang.wu"), person=WANG, roles=(Role.UNIT_HEAD,), password="Geheim-12345"
        )
        decision = county.do("user-wang.wu", command)
        assert decision.drafts[0].fact == UserCreated(person=WANG, roles=(Role.UNIT_HEAD,))
        assert decision.answer == {"id": "wang.wu"}
        assert "Geheim" not in repr((command, decision, ResetPassword(password="Geheim-12345")))
        assert county.directory.may_log_in(UserName("wang.wu"), TODAY)

    @pytest.mark.parametrize("name", ["ab", "王五", "w-2_3.x", "9x", "x" * 40])
    def test_takes_letters_digits_and_hanzi(self, county: County, name: str) -> None:
        """账号名可用字母、数字、汉字和 . _ -，2到40个。"""
        county.user(name, WANG, Role.UNIT_HEAD)

    @pytest.mark.parametrize(
        "name", ["", "a", "..", "-ab", "ab-", "a b", "a/b", "ab\n", "x" * 41, "ａｂ", "a<b>c"]
    )
    def test_refuses_other_names(self, county: County, name: str) -> None:
        """其他写法的账号名不收。"""
        with pytest.raises(Invalid, match="账号名"):
            county.user(name, WANG, Role.UNIT_HEAD)

    @pytest.mark.parametrize("name", ["root", "ROOT", "Root", "clock", "Operator"])
    def test_refuses_a_name_in_use_or_reserved(self, county: County, name: str) -> None:
        """账号名已用过的、只差大小写的、系统保留的，不收。"""
        with pytest.raises(NameTaken):
            county.user(name, WANG, Role.UNIT_HEAD)

    def test_refuses_who_is_not_there(self, county: County) -> None:
        """人员不在名录里或已离任的，不能开立账号。"""
        with pytest.raises(Invalid, match="不在人员名录"):
            county.user("zhao", "没有", Role.UNIT_HEAD)
        county.do(f"person-{WANG}", LeavePerson())
        with pytest.raises(Invalid, match="离任"):
            county.user("wang", WANG, Role.UNIT_HEAD)

    def test_refuses_no_roles_and_no_person(self, county: County) -> None:
        """没有角色、没有对应的人，不能开立账号；只有运维开立的第一个管理员可以没有人。"""
        with pytest.raises(Invalid, match="角色"):
            county.user("wang", WANG)
        nobody = CreateUser(name=UserName("admin"), roles=(Role.ADMIN,))
        with pytest.raises(Invalid, match="person"):
            county.do("user-admin", nobody)
        county.actor = OPERATOR
        county.do("user-admin", nobody)
        assert county.directory.may_log_in(UserName("admin"), TODAY)

    def test_is_refused_to_anybody_but_the_admin(self, county: County) -> None:
        """督查室经办不能开立或改动账号。"""
        county.actor = CLERK
        for command in (DisableUser(), EnableUser(), ResetPassword(), SetRoles(roles=(Role.ADMIN,))):
            with pytest.raises(NotYours):
                county.do("user-root", command)


class TestChanging:
    def test_disables_and_enables(self, county: County) -> None:
        """停用后不能登录，启用后又可以；重复的不收。"""
        wang = county.user("wang", WANG, Role.UNIT_HEAD)
        county.do("user-wang", DisableUser())
        assert not county.directory.may_log_in(wang, TODAY)
        assert not county.directory.users_of(WANG)
        with pytest.raises(Conflict):
            county.do("user-wang", DisableUser())
        county.do("user-wang", EnableUser())
        assert county.directory.may_log_in(wang, TODAY)
        with pytest.raises(Conflict):
            county.do("user-wang", EnableUser())

    def test_says_that_a_password_was_reset(self, county: County) -> None:
        """重置密码只记这件事，不记密码。"""
        decision = county.do("user-root", ResetPassword(password="Geheim-12345"))
        assert decision.drafts[0].fact == UserPasswordReset()

    def test_sets_roles(self, county: County) -> None:
        """调整角色，以最后一次为准；没有变化的、一个不给的，不收。"""
        county.user("wang", WANG, Role.UNIT_HEAD)
        county.do("user-wang", SetRoles(roles=(Role.VERIFIER, Role.OFFICE_CLERK)))
        assert roles_of(county, "wang") == {Role.VERIFIER, Role.OFFICE_CLERK}
        with pytest.raises(Conflict):
            county.do("user-wang", SetRoles(roles=(Role.OFFICE_CLERK, Role.VERIFIER)))
        with pytest.raises(Invalid):
            county.do("user-wang", SetRoles(roles=()))

    def test_keeps_the_last_admin(self, county: County) -> None:
        """最后一个管理员不能停用，也不能收回管理员角色；有了第二个就可以。"""
        for command in (DisableUser(), SetRoles(roles=(Role.AUDITOR,))):
            with pytest.raises(Conflict, match="最后一个"):
                county.do("user-root", command)
        county.user("root2", WANG, Role.ADMIN)
        county.do("user-root", DisableUser())
        with pytest.raises(Conflict, match="最后一个"):
            county.do("user-root2", SetRoles(roles=(Role.AUDITOR,)))

    def test_does_not_count_an_admin_who_left(self, county: County) -> None:
        """已离任的管理员不算数。"""
        county.user("root2", WANG, Role.ADMIN)
        county.do(f"person-{WANG}", LeavePerson())
        with pytest.raises(Conflict, match="最后一个"):
            county.do("user-root", DisableUser())
        county.do("user-root2", DisableUser())

    def test_refuses_an_unknown_account(self, county: County) -> None:
        """没有的账号，不能停用、启用、重置密码、调整角色。"""
        for command in (DisableUser(), EnableUser(), ResetPassword(), SetRoles(roles=(Role.ADMIN,))):
            with pytest.raises(NotFound):
                county.do("user-nobody", command)
