"""佐证、报结、退回."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from events.matter.evidencing import AttachEvidence, EvidenceAttached
from events.matter.extending import RequestExtension
from events.matter.reporting import CompletionReported, ReportCompletion, ReturnCompletion
from events.refusals import Invalid, MissingEvidence, NotYours, WrongStage
from events.rules.evidence import missing
from events.rules.procedures import Procedure
from events.vocabulary import EvidenceKind, Role, Stage
from tests.spec.given import (
    AUDITOR,
    CLERK,
    HEAD,
    LEADER,
    LIAISON,
    MONDAY,
    OTHER_VERIFIER,
    TOWN,
    VERIFIER,
    WATER_LIAISON,
    World,
    a_file,
    actor,
    refused,
)

REPORT = ReportCompletion(text="已清运完毕")


class TestAttachingEvidence:
    @pytest.mark.parametrize(
        "way", ["registered", "assigned", "rectifying", "suspended", "verifying", "reviewed"]
    )
    def test_is_open_while_the_matter_is(self, way: str) -> None:
        """任何在办阶段都可上传佐证，阶段不变。"""
        w = getattr(World(), way)()
        before = w.stage
        w.attach(by=CLERK)
        assert w.stage is before
        assert w.matter.evidence[-1].kind is EvidenceKind.PHOTO

    def test_is_for_unit_verifier_and_office(self) -> None:
        """责任单位、核查人员、督查室可以上传，其他人不行。"""
        w = World().rectifying()
        for by in (LIAISON, CLERK, HEAD, VERIFIER, OTHER_VERIFIER):
            w.attach(by=by)
        for by in (WATER_LIAISON, AUDITOR, LEADER):
            with refused(NotYours):
                w.attach(by=by)

    def test_is_over_when_the_matter_is(self) -> None:
        """了结后不能再传。"""
        for way in ("closed", "cancelled"):
            with refused(WrongStage):
                getattr(World(), way)().attach(by=CLERK)

    def test_keeps_kind_time_and_place_stated(self) -> None:
        """记下所述种类、拍摄时间和地点。"""
        w = World().rectifying()
        taken = w.now - timedelta(days=1)
        command = AttachEvidence(kind=EvidenceKind.VIDEO, taken_at=taken, place="三号桥")
        w.do("attach-evidence", command, LIAISON, paper=a_file(at=w.now))
        piece = w.matter.evidence[-1]
        assert (piece.kind, piece.taken_at, piece.place) == (EvidenceKind.VIDEO, taken, "三号桥")
        assert len(w.matter.evidence) == 1

    def test_wants_the_file(self) -> None:
        """没有文件不能上传，拍摄时间不能在将来。"""
        w = World().rectifying()
        with refused(Invalid, "missing-file"):
            w.do("attach-evidence", AttachEvidence(kind=EvidenceKind.PHOTO), LIAISON)
        late = AttachEvidence(kind=EvidenceKind.PHOTO, taken_at=w.now + timedelta(hours=1))
        with refused(Invalid, "taken-in-future"):
            w.do("attach-evidence", late, LIAISON, paper=a_file(at=w.now))


class TestTheChecklist:
    @pytest.mark.parametrize(
        ("kind", "wanted"),
        [
            ("rectification", "photo"),
            ("immediate", "photo"),
            ("leader_instruction", "report"),
            ("superior_transfer", "report"),
        ],
    )
    def test_names_what_is_missing(self, kind: str, wanted: str) -> None:
        """问题整改、立行立改报结须有照片，领导批示件、上级交办件须有报告，缺什么说什么。"""
        w = World().rectifying(kind=kind)
        with refused(MissingEvidence, "missing-evidence") as caught:
            w.do("report-completion", REPORT, LIAISON)
        assert caught.value.extra == {"missing": [wanted]}
        assert EvidenceKind[wanted.upper()].label in caught.value.sentence
        w.attach(EvidenceKind[wanted.upper()]).do("report-completion", REPORT, LIAISON)

    def test_counts_what_was_attached_since_the_last_return(self) -> None:
        """退回前的佐证不再算数，须重新上传。"""
        w = World().reported()
        w.do("return-completion", ReturnCompletion(reason="照片不清"), CLERK)
        with refused(MissingEvidence):
            w.do("report-completion", REPORT, LIAISON)
        w.attach().do("report-completion", REPORT, LIAISON)
        assert len(w.matter.evidence) == 2

    def test_takes_either_of_two(self) -> None:
        """清单写“照片|文件”的，有一样即可；随报结附来的纸质件算文件。"""
        procedure = Procedure(kind="petition", label="信访件", evidence=("photo|document", "measurement"))
        w = World(procedures={"petition": procedure}).registered(kind="petition").acknowledged()
        with refused(MissingEvidence) as caught:
            w.do("report-completion", REPORT, LIAISON)
        assert caught.value.extra == {"missing": ["photo|document", "measurement"]}
        w.attach(EvidenceKind.MEASUREMENT)
        w.do("report-completion", REPORT, LIAISON, paper=a_file(at=w.now))
        assert isinstance(w.facts[-2], EvidenceAttached)
        assert isinstance(w.facts[-1], CompletionReported)

    def test_is_a_plain_rule(self) -> None:
        """清单按所列次序报缺项。"""
        assert missing((), ()) == ()
        assert missing(("photo", "report|document"), ["video"]) == ("photo", "report|document")
        assert missing(("photo", "report|document"), ["document"]) == ("photo",)


class TestReportingCompletion:
    def test_stops_the_units_clock(self) -> None:
        """报结后单位计时停止，逾期天数按报结日算。"""
        w = World().rectifying(time_limit="5日内").later(days=8).report()
        assert w.stage is Stage.COMPLETION_REPORTED
        m = w.matter
        assert (m.days_late_at_report, m.last_completion_on) == (3, MONDAY + timedelta(days=8))
        assert m.last_completion_due_on == MONDAY + timedelta(days=5)

    def test_is_in_time_on_the_due_day(self) -> None:
        """到期当日报结不算逾期。"""
        w = World().rectifying(time_limit="5日内").later(days=5).report()
        assert w.matter.days_late_at_report == 0

    def test_wants_words(self) -> None:
        """报结须写完成情况。"""
        with refused(Invalid, "blank-field"):
            World().rectifying().attach().do("report-completion", ReportCompletion(text=""), LIAISON)

    def test_is_the_units(self) -> None:
        """报结由责任单位办理，仅限整改中。"""
        for by in (CLERK, VERIFIER, WATER_LIAISON):
            with refused(NotYours):
                World().rectifying().do("report-completion", REPORT, by)
        for way in ("assigned", "planning", "suspended", "reported", "closed"):
            with refused(WrongStage):
                getattr(World(), way)().do("report-completion", REPORT, LIAISON)


class TestReturningACompletion:
    def test_gives_back_the_days_the_report_lay_here(self) -> None:
        """退回报结，期限顺延报结到退回的日历日数：报结时逾期三日的，退回后仍是逾期三日。"""
        w = World().rectifying(time_limit="5日内").later(days=8).report().later(days=6)
        w.do("return-completion", ReturnCompletion(reason="没清完"), CLERK)
        assert w.due_on is not None
        assert (w.today - w.due_on).days == 3
        assert (w.stage, w.matter.completion_reported_at) == (Stage.RECTIFYING, None)
        assert (w.matter.returned_reason, w.matter.days_late_at_report) == ("没清完", 0)

    def test_gives_back_what_was_left(self) -> None:
        """提前两日报结的，退回后还剩两日，每个旧期限都留存。"""
        w = World().rectifying(time_limit="10日内").later(days=8).report().later(days=30)
        w.do("return-completion", ReturnCompletion(reason="没清完"), CLERK)
        assert w.due_on == w.today + timedelta(days=2)
        assert [d.why for d in w.matter.due_dates] == ["assigned", "returned"]
        assert w.matter.extensions == ()

    def test_takes_a_new_limit(self) -> None:
        """退回时可另定期限，不得早于当日。"""
        w = World().reported().later(days=3)
        with refused(Invalid, "date-passed"):
            w.do("return-completion", ReturnCompletion(reason="没清完", due_on=MONDAY), CLERK)
        w.do("return-completion", ReturnCompletion(reason="没清完", due_on=date(2026, 3, 6)), CLERK)
        assert w.due_on == date(2026, 3, 6)

    def test_wants_a_reason(self) -> None:
        """退回须有理由。"""
        with refused(Invalid, "blank-field"):
            World().reported().do("return-completion", ReturnCompletion(reason=""), CLERK)

    def test_leaves_a_pending_extension_to_be_decided(self) -> None:
        """报结前申请的延期，退回后仍可裁定。"""
        w = World().rectifying()
        w.do("request-extension", RequestExtension(until=date(2026, 4, 1), reason="车"), LIAISON)
        w.report().do("return-completion", ReturnCompletion(reason="没清完"), CLERK)
        assert "grant-extension" in w.permitted(HEAD)

    def test_is_the_offices(self) -> None:
        """退回由督查室办理，承办单位自己的人不得办理，核查中的不能退回。"""
        for by in (LIAISON, actor("兼职", TOWN, Role.OFFICE_CLERK)):
            with refused(NotYours):
                World().reported().do("return-completion", ReturnCompletion(reason="不"), by)
        with refused(WrongStage):
            World().verifying().do("return-completion", ReturnCompletion(reason="不"), CLERK)
