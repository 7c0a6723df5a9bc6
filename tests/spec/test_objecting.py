"""异议与裁定: the unit says the assignment is wrong, the head decides."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from events.matter.assigning import (
    DecideObjection,
    ObjectToAssignment,
    ReassignMatter,
)
from events.refusals import Invalid, NotYours, WrongStage
from events.vocabulary import Stage, UnitId
from tests.spec.given import (
    ASSIGNMENT,
    CLERK,
    HEAD,
    LIAISON,
    MONDAY,
    OTHER_HEAD,
    SCHOOLS,
    TOWN,
    WATER,
    WATER_LIAISON,
    World,
    hire,
    refused,
)


def reassign(**fields: object) -> ReassignMatter:
    return ReassignMatter(**{**ASSIGNMENT, "time_limit": "7日内", **fields})


class TestObjecting:
    @pytest.mark.parametrize("way", ["assigned", "acknowledged", "rectifying"])
    def test_waits_for_a_decision(self, way: str) -> None:
        """待签收、已签收、整改中都可提出异议。"""
        w = getattr(World(), way)()
        w.do("object", ObjectToAssignment(reason="不属本镇"), LIAISON)
        assert (w.stage, w.matter.objection) == (Stage.OBJECTED, "不属本镇")

    def test_needs_a_reason(self) -> None:
        """异议须有理由。"""
        with refused(Invalid, "blank-field"):
            World().assigned().do("object", ObjectToAssignment(reason=""), LIAISON)

    def test_is_open_for_five_working_days(self) -> None:
        """异议应在交办后5个工作日内提出，第5个工作日仍可以，第6个不行。"""
        w = World().assigned().workdays_on(5)
        assert "object" in w.permitted(LIAISON)
        w.later(days=1)
        assert "object" not in w.permitted(LIAISON)
        with refused(Invalid, "objection-too-late"):
            w.do("object", ObjectToAssignment(reason="晚了"), LIAISON)
        World().assigned().workdays_on(5).do("object", ObjectToAssignment(reason="不属本镇"), LIAISON)

    def test_counts_from_the_standing_assignment(self) -> None:
        """改派后异议期重新计算。"""
        w = World().assigned().workdays_on(6)
        w.do("reassign", reassign(lead_unit=WATER), CLERK)
        w.do("object", ObjectToAssignment(reason="不属本局"), WATER_LIAISON)
        assert w.stage is Stage.OBJECTED

    @pytest.mark.parametrize("way", ["planning", "suspended", "reported", "closed"])
    def test_is_not_for_other_stages(self, way: str) -> None:
        """方案待审、已中止、已报结、已销号时不能提异议。"""
        with refused(WrongStage):
            getattr(World(), way)().do("object", ObjectToAssignment(reason="不"), LIAISON)


class TestDecidingAnObjection:
    def test_gives_the_matter_to_another_unit(self) -> None:
        """异议成立并指定单位的，改由该单位牵头，另定期限，不算延期。"""
        w = World().objected(co_units=(WATER, SCHOOLS))
        w.later(days=1)
        w.do("decide-objection", DecideObjection(upheld=True, to_unit=WATER, time_limit="7日内"), HEAD)
        assert (w.stage, w.matter.lead_unit, w.matter.co_units) == (Stage.ASSIGNED, WATER, (SCHOOLS,))
        assert w.due_on == MONDAY + timedelta(days=8)
        assert [d.why for d in w.matter.due_dates] == ["assigned", "objection-upheld"]
        assert w.matter.extensions == ()
        assert w.matter.first_assigned_on == MONDAY

    def test_takes_the_matter_back(self) -> None:
        """异议成立而未指定单位的，退回待交办，没有期限，可以重新交办。"""
        w = World().objected()
        w.do("decide-objection", DecideObjection(upheld=True), HEAD)
        assert (w.stage, w.matter.lead_unit, w.due_on) == (Stage.REGISTERED, None, None)
        w.assigned(lead_unit=WATER)
        assert (w.matter.lead_unit, w.matter.first_assigned_on) == (WATER, MONDAY)
        assert w.matter.handling_units == {TOWN, WATER}

    @pytest.mark.parametrize("way", ["assigned", "acknowledged", "rectifying"])
    def test_goes_back_where_it_was(self, way: str) -> None:
        """异议不成立的，回到提出前的阶段，期限不变。"""
        w = getattr(World(), way)()
        before = (w.stage, w.due_on)
        w.do("object", ObjectToAssignment(reason="不属本镇"), LIAISON)
        w.later(days=3).do("decide-objection", DecideObjection(upheld=False), HEAD)
        assert (w.stage, w.due_on) == before

    def test_needs_a_limit_for_another_unit(self) -> None:
        """异议成立改派须另定时限，单位须存在。"""
        w = World().objected()
        with refused(Invalid, "missing-limit"):
            w.do("decide-objection", DecideObjection(upheld=True, to_unit=WATER), HEAD)
        with refused(Invalid, "unknown-unit"):
            w.do(
                "decide-objection",
                DecideObjection(upheld=True, to_unit=UnitId("无"), time_limit="7日内"),
                HEAD,
            )

    def test_changes_nothing_when_dismissed(self) -> None:
        """异议不成立时不得同时改派或改期限。"""
        with refused(Invalid, "nothing-to-change"):
            World().objected().do("decide-objection", DecideObjection(upheld=False, to_unit=WATER), HEAD)

    def test_gives_no_limit_without_a_unit(self) -> None:
        """退回待交办的没有期限，给了期限即被拒绝。"""
        with refused(Invalid, "limit-without-unit"):
            World().objected().do("decide-objection", DecideObjection(upheld=True, time_limit="7日内"), HEAD)

    def test_is_for_the_head(self) -> None:
        """异议由督查室负责人裁定。"""
        for by in (CLERK, LIAISON):
            with refused(NotYours):
                World().objected().do("decide-objection", DecideObjection(upheld=False), by)

    def test_is_for_another_than_who_assigned(self) -> None:
        """交办人不裁定对自己交办的异议，另有负责人时由另一人裁定。"""
        w = World().objected(by=HEAD)
        hire(w.directory, OTHER_HEAD)
        assert "decide-objection" not in w.permitted(HEAD)
        with refused(NotYours):
            w.do("decide-objection", DecideObjection(upheld=False), HEAD)
        w.do("decide-objection", DecideObjection(upheld=False), OTHER_HEAD)
        assert w.stage is Stage.ASSIGNED

    def test_is_for_the_only_head_there_is(self) -> None:
        """没有另一位负责人时，交办人可以裁定；同一人的另一个账号不算另一位。"""
        alias = replace(HEAD, user="马国梁二")
        w = World().objected(by=HEAD)
        hire(w.directory, alias)
        w.do("decide-objection", DecideObjection(upheld=False), HEAD)
        assert w.stage is Stage.ASSIGNED

    def test_is_not_for_the_second_account_of_who_assigned(self) -> None:
        """交办人换一个账号也不能裁定。"""
        alias = replace(HEAD, user="马国梁二")
        w = World().objected(by=HEAD)
        hire(w.directory, OTHER_HEAD)
        with refused(NotYours):
            w.do("decide-objection", DecideObjection(upheld=False), alias)

    def test_wants_an_objection(self) -> None:
        """没有异议，无可裁定。"""
        with refused(WrongStage):
            World().assigned().do("decide-objection", DecideObjection(upheld=False), HEAD)
