"""立项审批、拟办意见: what the house approves before anything leaves it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from events.matter.approving import (
    ApproveHandlingProposal,
    ApproveRegistration,
    RejectRegistration,
    ReturnHandlingProposal,
    SubmitHandlingProposal,
)
from events.matter.assigning import AssignMatter
from events.matter.correcting import AmendMatter
from events.matter.proposals import Approval
from events.matter.registering import RegisterMatter
from events.refusals import Invalid, NotYours, WrongStage
from events.rules.deadlines import UnreadableLimit
from events.rules.procedures import PRESETS
from events.vocabulary import Stage, UnitId
from tests.spec.given import ASSIGNMENT, CLERK, HEAD, LEADER, LIAISON, TOWN, WATER, World, refused

ASSIGN = AssignMatter(**ASSIGNMENT, time_limit="10日内")
REGISTER = RegisterMatter(title="河道", kind="rectification", source="督查", problem="垃圾")
PROPOSE = SubmitHandlingProposal(
    text="拟交青石镇办理", lead_unit=TOWN, co_units=(WATER,), time_limit="10日内"
)


def careful(**fields: object) -> World:
    """A registration that waits for approval."""
    kind = replace(PRESETS["rectification"], registration_approval=True)
    return World(procedures={**PRESETS, "rectification": kind}).registered(**fields)


class TestRegistration:
    def test_waits_for_approval_where_the_kind_says_so(self) -> None:
        """要审批的类别：立项后待批，批准才能交办；不要审批的照旧。"""
        w = careful()
        assert w.matter.approval is Approval.PENDING
        with refused(WrongStage) as caught:
            w.do("assign", ASSIGN, CLERK)
        assert "等批准" in caught.value.sentence
        assert "assign" not in w.permitted(CLERK)
        w.do("approve-registration", ApproveRegistration(), LEADER)
        w.do("assign", ASSIGN, CLERK)
        assert w.stage is Stage.ASSIGNED
        assert World().registered().matter.approval is None

    def test_comes_back_with_a_reason_and_goes_again(self) -> None:
        """退回要有理由；补充以后重新待批。"""
        w = careful()
        with refused(Invalid, "blank-field"):
            w.do("reject-registration", RejectRegistration(reason=" "), HEAD)
        w.do("reject-registration", RejectRegistration(reason="事实不清"), HEAD)
        assert (w.matter.approval, w.matter.rejected_reason) == (Approval.REJECTED, "事实不清")
        with refused(WrongStage):
            w.do("assign", ASSIGN, CLERK)
        w.do("amend", AmendMatter(fields={"place": "三号桥"}), CLERK)
        assert w.matter.approval is Approval.PENDING

    def test_is_approved_once(self) -> None:
        """两个人先后批，后一个被告知已经批过。"""
        w = careful()
        w.do("approve-registration", ApproveRegistration(), HEAD)
        with refused(WrongStage) as caught:
            w.do("approve-registration", ApproveRegistration(), LEADER)
        assert "已批准" in caught.value.sentence

    def test_is_approved_by_another(self) -> None:
        """自己报的自己不批；经办和单位都不能批。"""
        w = careful()
        for by in (CLERK, LIAISON):
            with refused(NotYours):
                w.do("approve-registration", ApproveRegistration(), by)
        kind = replace(PRESETS["rectification"], registration_approval=True)
        own = World(procedures={**PRESETS, "rectification": kind})
        own.do("register", REGISTER, HEAD)
        with refused(NotYours):
            own.do("approve-registration", ApproveRegistration(), HEAD)
        own.do("approve-registration", ApproveRegistration(), LEADER)


class TestProposal:
    def test_is_approved_before_the_assignment(self) -> None:
        """报了拟办意见，批准以后才能交办；退回的改好再报。"""
        w = World().registered()
        w.do("submit-handling-proposal", PROPOSE, CLERK)
        with refused(WrongStage):
            w.do("assign", ASSIGN, CLERK)
        w.do("return-handling-proposal", ReturnHandlingProposal(reason="期限太长"), HEAD)
        w.do("submit-handling-proposal", replace(PROPOSE, time_limit="5日内"), CLERK)
        w.do("approve-handling-proposal", ApproveHandlingProposal(), HEAD)
        assert w.matter.proposal is not None
        assert (w.matter.proposal.time_limit, w.matter.proposal.approval) == ("5日内", Approval.APPROVED)
        with refused(WrongStage):
            w.do("approve-handling-proposal", ApproveHandlingProposal(), LEADER)
        w.do("assign", ASSIGN, CLERK)

    def test_is_approved_with_the_registration(self) -> None:
        """立项和拟办意见一起报的，一次批准。"""
        w = careful()
        w.do("submit-handling-proposal", PROPOSE, CLERK)
        w.do("approve-registration", ApproveRegistration(), LEADER)
        w.do("assign", ASSIGN, CLERK)

    @pytest.mark.parametrize(
        ("changed", "code"),
        [
            ({"text": " "}, "blank-field"),
            ({"lead_unit": UnitId("没有")}, "unknown-unit"),
            ({"lead_unit": None}, "missing-lead"),
            ({"co_units": (TOWN,)}, "lead-among-co-units"),
        ],
    )
    def test_refuses_what_could_not_be_assigned(self, changed: dict[str, object], code: str) -> None:
        """拟办意见写的单位、时限，要是交办得了的。"""
        with refused(Invalid, code):
            World().registered().do("submit-handling-proposal", replace(PROPOSE, **changed), CLERK)
        with refused(UnreadableLimit):
            World().registered().do("submit-handling-proposal", replace(PROPOSE, time_limit="尽快"), CLERK)
