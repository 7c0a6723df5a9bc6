"""领导批示件: the round between the result and its closing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from events.matter.assigning import AcknowledgeAssignment
from events.matter.closing import ApproveWriteOff
from events.matter.leading import AcknowledgeResult, InstructAgain, InstructMatter, SubmitToLeader
from events.matter.reporting import ReportCompletion
from events.refusals import Invalid, MissingEvidence, NotYours, WrongStage
from events.vocabulary import EvidenceKind, Stage
from tests.spec.given import CLERK, HEAD, LEADER, LIAISON, MONDAY, TOWN, World, refused

ACTS = [
    ("submit-to-leader", SubmitToLeader(), CLERK),
    ("leader-acknowledge", AcknowledgeResult(text="阅"), LEADER),
    ("instruct-again", InstructAgain(text="再办", time_limit="7日内"), LEADER),
]


class TestTheRound:
    def test_lays_the_result_before_the_leader(self) -> None:
        """结果核查后可呈报领导，领导阅示，阶段不变。"""
        w = World().leading()
        w.do("submit-to-leader", SubmitToLeader(), CLERK)
        assert (w.stage, w.matter.submitted_to_leader_at) == (Stage.WRITE_OFF_REVIEW, w.now)
        w.do("leader-acknowledge", AcknowledgeResult(text="很好"), LEADER)
        assert (w.stage, w.matter.leader_acknowledged_at) == (Stage.WRITE_OFF_REVIEW, w.now)

    @pytest.mark.parametrize(("name", "command", "by"), ACTS)
    def test_is_for_leaders_instructions_only(self, name: str, command: object, by: object) -> None:
        """呈报、阅示、再次批示只用于领导批示件。"""
        w = World().reviewed()
        assert name not in w.permitted(by)
        with refused(WrongStage):
            w.do(name, command, by)

    @pytest.mark.parametrize(("name", "command", "by"), ACTS)
    def test_comes_after_verification(self, name: str, command: object, by: object) -> None:
        """核查通过之前和办结之后都不行。"""
        for way in ("reported", "closed"):
            with refused(WrongStage):
                getattr(World(), way)(kind="leader_instruction").do(name, command, by)

    def test_has_its_persons(self) -> None:
        """呈报由督查室，阅示和再次批示由领导。"""
        w = World().leading()
        for name, command, by in ACTS:
            for other in (LIAISON, LEADER if by is CLERK else HEAD):
                with refused(NotYours):
                    w.do(name, command, other)

    def test_is_closed_without_the_leader_by_default(self) -> None:
        """默认不要求领导阅示即可办结。"""
        assert World().leading().close().stage is Stage.CLOSED

    def test_waits_for_the_leader_where_configured(self) -> None:
        """配置为须经领导阅示的，未阅示不能办结。"""
        w = World()
        w.procedures["leader_instruction"] = replace(w.procedures["leader_instruction"], acknowledgement=True)
        w.leading()
        with refused(Invalid, "not-acknowledged"):
            w.do("approve-write-off", ApproveWriteOff(), HEAD)
        w.do("leader-acknowledge", AcknowledgeResult(), LEADER)
        assert w.close().stage is Stage.CLOSED

    def test_wants_the_acknowledgement_of_this_result(self) -> None:
        """退回重办后，领导须对新的结果重新阅示。"""
        w = World()
        w.procedures["leader_instruction"] = replace(w.procedures["leader_instruction"], acknowledgement=True)
        w.leading().do("leader-acknowledge", AcknowledgeResult(), LEADER)
        w.instruct_again(time_limit="7日内")
        assert w.matter.leader_acknowledged_at is None


class TestInstructingAgain:
    def test_begins_the_next_round(self) -> None:
        """再次批示开始下一轮：牵头单位不变，待签收，期限另定，不算延期。"""
        w = World().leading().later(days=20)
        w.instruct_again(time_limit="7日内")
        m = w.matter
        assert (m.stage, m.round, m.lead_unit, m.due_on) == (
            Stage.ASSIGNED,
            2,
            TOWN,
            w.today + timedelta(days=7),
        )
        assert (m.first_assigned_on, m.instructing_leader) == (MONDAY, LEADER.user)
        assert [d.why for d in m.due_dates] == ["assigned", "instructed-again"]
        assert (m.acknowledged_at, m.completion_reported_at, m.verification_passed) == (None, None, False)

    def test_wants_new_evidence(self) -> None:
        """下一轮须重新提供佐证，可一直办到办结。"""
        w = World().leading()
        w.instruct_again(due_on=MONDAY + timedelta(days=9))
        w.do("acknowledge", AcknowledgeAssignment(), LIAISON)
        with refused(MissingEvidence):
            w.do("report-completion", ReportCompletion(text="好了"), LIAISON)
        w.attach(EvidenceKind.REPORT).report().verify().pass_().close()
        assert (w.stage, w.matter.round) == (Stage.CLOSED, 2)

    def test_needs_a_limit_and_words(self) -> None:
        """再次批示须有批示内容和时限，急件也不套用预设。"""
        w = World().registered(kind="leader_instruction", urgency="urgent").leading()
        with refused(Invalid, "missing-limit"):
            w.instruct_again()
        with refused(Invalid, "blank-field"):
            w.instruct_again(text=" ", time_limit="7日内")


class TestInstructing:
    """批示: a word of the leader's on a matter that is still open."""

    def test_is_written_down_and_changes_nothing_else(self) -> None:
        """领导对在办的事项批示，成一条记录；阶段、期限、办理人都不变。"""
        for way in ("registered", "assigned", "rectifying", "reported", "suspended"):
            w = getattr(World(), way)()
            before = w.matter
            w.do("instruct", InstructMatter(text="月底前见到彻底清运。"), LEADER)
            assert replace(w.matter, version=before.version, last_at=before.last_at) == before

    def test_is_the_leaders_on_open_matters(self) -> None:
        """只有领导能批示；办结以后不能，要重办的另走重开或反弹。"""
        for who in (CLERK, HEAD, LIAISON):
            with refused(NotYours):
                World().rectifying().do("instruct", InstructMatter(text="抓紧"), who)
        with refused(WrongStage):
            World().closed().do("instruct", InstructMatter(text="抓紧"), LEADER)

    def test_says_something(self) -> None:
        """空的批示不收。"""
        with refused(Invalid):
            World().rectifying().do("instruct", InstructMatter(text="  "), LEADER)
