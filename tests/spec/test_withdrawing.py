"""收回交办、撤回佐证: a slip is answered by a fact that names it, and both stay."""

from __future__ import annotations

from datetime import timedelta

import pytest

from events.matter.assigning import AssignMatter, DecideObjection, ObjectToAssignment
from events.matter.rectifying import ReportProgress
from events.matter.reporting import ReportCompletion, ReturnCompletion
from events.matter.withdrawing import (
    AssignmentRecalled,
    EvidenceWithdrawn,
    RecallAssignment,
    WithdrawEvidence,
)
from events.refusals import Conflict, Invalid, MissingEvidence, NotYours, WrongStage
from events.vocabulary import EvidenceId, EvidenceKind, Stage
from tests.spec.given import (
    CLERK,
    HEAD,
    LIAISON,
    OTHER_VERIFIER,
    TOWN,
    VERIFIER,
    WATER,
    WATER_LIAISON,
    World,
    refused,
)

RECALL = RecallAssignment(reason="应交水务局，选错了")


def withdraw(w: World, nth: int = -1, reason: str = "传成别处的了") -> WithdrawEvidence:
    return WithdrawEvidence(evidence=w.matter.evidence[nth].id, reason=reason)


class TestRecalling:
    @pytest.mark.parametrize("way", ["assigned", "acknowledged"])
    def test_takes_a_wrong_assignment_back(self, way: str) -> None:
        """交错单位，签收前后都可以收回：回到待交办，收回点明是哪一次交办，两条都在。"""
        w = getattr(World(), way)(co_units=(WATER,), co_time_limit="5个工作日内")
        given = next(r for r in w.record if r.type == "matter-assigned")
        w.do("recall-assignment", RECALL, CLERK)
        m = w.matter
        assert (m.stage, m.lead_unit, m.co_units, m.limit) == (Stage.REGISTERED, None, (), None)
        fact = w.last().fact
        assert isinstance(fact, AssignmentRecalled)
        assert (fact.position, fact.from_unit, fact.co_units) == (given.position, TOWN, (WATER,))
        assert given in w.record

    def test_lets_it_be_assigned_to_the_right_unit(self) -> None:
        """收回以后可以另交别的单位，期限重新算；原来的期限仍列在期限变化里。"""
        w = World().assigned()
        w.do("recall-assignment", RECALL, CLERK)
        w.later(days=1).do(
            "assign",
            AssignMatter(lead_unit=WATER, quality_requirement="清完", time_limit="5日内"),
            CLERK,
        )
        assert (w.matter.lead_unit, w.stage) == (WATER, Stage.ASSIGNED)
        assert [due.why for due in w.matter.due_dates] == ["assigned", "assigned"]

    def test_names_the_newest_assignment(self) -> None:
        """异议成立改交错了，收回的是改交的那一次。"""
        w = World().assigned()
        w.do("object", ObjectToAssignment(reason="不归本镇"), LIAISON)
        w.do("decide-objection", DecideObjection(upheld=True, to_unit=WATER, time_limit="5日内"), HEAD)
        upheld = w.last().position
        w.do("recall-assignment", RECALL, CLERK)
        assert (w.last().fact.position, w.last().fact.from_unit) == (upheld, WATER)

    def test_comes_too_late_once_the_unit_filed_something(self) -> None:
        """单位报过方案或进展的，不是误交，用改派或撤销；没报之前的都能收回。"""
        w = World().rectifying()
        assert "recall-assignment" not in w.permitted(CLERK)
        with refused(WrongStage) as caught:
            w.do("recall-assignment", RECALL, CLERK)
        assert "改派" in caught.value.sentence
        other = World().rectifying(kind="immediate")
        assert "recall-assignment" in other.permitted(CLERK)
        other.do("report-progress", ReportProgress(text="清了一半"), LIAISON)
        with refused(WrongStage):
            other.do("recall-assignment", RECALL, CLERK)

    def test_is_for_the_office_with_a_reason(self) -> None:
        """收回由督查室办，要写理由；单位自己不能收回。"""
        w = World().assigned()
        with refused(Invalid, "blank-field"):
            w.do("recall-assignment", RecallAssignment(reason=" "), CLERK)
        with refused(NotYours):
            w.do("recall-assignment", RECALL, LIAISON)
        with refused(WrongStage):
            World().registered().do("recall-assignment", RECALL, CLERK)

    def test_stops_the_clock(self) -> None:
        """收回以后不再提醒、不再催签。"""
        w = World().assigned(time_limit="5日内")
        w.do("recall-assignment", RECALL, CLERK)
        assert w.later(days=30).tick() == []


class TestWithdrawing:
    def test_keeps_the_file_and_counts_it_no_longer(self) -> None:
        """传错的文件撤回后不算佐证，文件和上传的经过都在，谁何时为何撤回看得到。"""
        w = World().rectifying().attach(name="别处.jpg")
        attached = w.last()
        w.later(hours=1).do("withdraw-evidence", withdraw(w), LIAISON)
        fact = w.last().fact
        assert isinstance(fact, EvidenceWithdrawn)
        assert (fact.position, fact.name, fact.reason) == (attached.position, "别处.jpg", "传成别处的了")
        gone = w.matter.withdrawal_of(w.matter.evidence[0].id)
        assert gone is not None
        assert (gone.by, gone.at) == (LIAISON.user, w.now)
        assert len(w.matter.evidence) == 1
        with refused(MissingEvidence) as caught:
            w.do("report-completion", ReportCompletion(text="清完"), LIAISON)
        assert caught.value.extra["missing"] == ["photo"]
        w.attach(name="三号桥.jpg").do("report-completion", ReportCompletion(text="清完"), LIAISON)
        assert w.stage is Stage.COMPLETION_REPORTED

    def test_is_for_who_attached_it_and_for_the_office(self) -> None:
        """谁传的谁撤回，同单位的也行，督查室都行；别的单位、别的核查人员不行。"""
        w = World().rectifying(co_units=(WATER,)).attach()
        assert "withdraw-evidence" not in w.permitted(OTHER_VERIFIER)
        for by in (WATER_LIAISON, OTHER_VERIFIER):
            with refused(NotYours):
                w.do("withdraw-evidence", withdraw(w), by)
        w.do("withdraw-evidence", withdraw(w), CLERK)
        w = World().verifying().attach(by=VERIFIER, name="核查.jpg")
        w.do("withdraw-evidence", withdraw(w), VERIFIER)
        with refused(NotYours):
            w.do("withdraw-evidence", withdraw(w, 0), VERIFIER)

    def test_leaves_no_report_without_its_papers(self) -> None:
        """已经报结的，撤回后材料就不全的不能撤；补传一份对的，或退回报结，再撤。"""
        w = World().reported()
        with refused(Invalid, "evidence-relied-on") as caught:
            w.do("withdraw-evidence", withdraw(w), LIAISON)
        assert "照片" in caught.value.sentence
        w.attach(name="对的.jpg").do("withdraw-evidence", withdraw(w, 0), LIAISON)
        other = World().reported()
        other.do("return-completion", ReturnCompletion(reason="照片不对"), CLERK)
        other.do("withdraw-evidence", withdraw(other), LIAISON)
        assert other.matter.counted_evidence == ()

    def test_is_said_once_about_a_file_of_this_matter(self) -> None:
        """撤过的不再撤，不是本件的撤不了，要写理由，了结以后不撤。"""
        w = World().rectifying().attach().attach(EvidenceKind.DOCUMENT, name="说明.pdf")
        with refused(Invalid, "blank-field"):
            w.do("withdraw-evidence", withdraw(w, reason=""), LIAISON)
        w.do("withdraw-evidence", withdraw(w), LIAISON)
        with refused(Conflict, "already-so"):
            w.do("withdraw-evidence", withdraw(w), LIAISON)
        with refused(Invalid, "unknown-evidence"):
            w.do("withdraw-evidence", WithdrawEvidence(evidence=EvidenceId("x"), reason="错"), LIAISON)
        with refused(WrongStage):
            ended = World().closed()
            ended.do("withdraw-evidence", withdraw(ended), CLERK)

    def test_may_be_entered_for_the_unit(self) -> None:
        """单位来电说传错了，督查室可以代录撤回。"""
        w = World().rectifying().attach().later(minutes=1)
        w.do("withdraw-evidence", withdraw(w), CLERK, on_behalf_of=TOWN, caller="何远舟")
        assert w.last().on_behalf_of == TOWN
        assert timedelta() < w.now - w.matter.evidence[0].attached_at
