"""代录、补录: acts entered for somebody else, or after their day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest

from events.matter.assigning import AcknowledgeAssignment, AssignMatter
from events.matter.evidencing import AttachEvidence, EvidenceAttached
from events.matter.pressing import UrgeMatter
from events.matter.rectifying import ReportProgress
from events.matter.reporting import ReportCompletion
from events.refusals import Invalid, NotYours
from events.vocabulary import BEIJING, EvidenceKind, Role, Stage
from tests.spec.given import (
    ASSIGNMENT,
    CLERK,
    HEAD,
    LIAISON,
    MONDAY,
    TOWN,
    VERIFIER,
    WATER,
    World,
    a_file,
    a_plan,
    actor,
    refused,
)

SIGN = AcknowledgeAssignment()
SIGN_WITH_WORDS = AcknowledgeAssignment(text="纸质回执今日送到")


def moment(day: date, hour: int = 10) -> datetime:
    return datetime.combine(day, time(hour), BEIJING)


class TestEnteringForAUnit:
    def test_is_done_by_the_office_with_words_or_paper(self) -> None:
        """督查室可凭说明或文件代责任单位录入，两者都记名。"""
        for more, command in (({}, SIGN_WITH_WORDS), ({"paper": True}, SIGN)):
            w = World().assigned()
            paper = {"paper": a_file("回执.pdf", at=w.now)} if more else {}
            decision = w.do("acknowledge", command, CLERK, on_behalf_of=TOWN, **paper)
            assert (w.last().actor, w.last().on_behalf_of) == (CLERK.user, TOWN)
            assert decision.role is Role.OFFICE_CLERK
            assert w.stage is Stage.ACKNOWLEDGED

    def test_wants_words_or_paper(self) -> None:
        """既无说明又无文件，不能代录。"""
        with refused(Invalid, "missing-paper"):
            World().assigned().do("acknowledge", SIGN, CLERK, on_behalf_of=TOWN)

    def test_does_not_make_the_clerk_a_handler(self) -> None:
        """代录的人不算经手人，仍可依职权办理。"""
        w = World().assigned()
        w.do("acknowledge", SIGN_WITH_WORDS, HEAD, on_behalf_of=TOWN)
        assert HEAD.user not in w.matter.handlers
        w.do("submit-plan", a_plan(w.today), LIAISON)
        assert w.matter.handlers == {LIAISON.user}

    def test_is_for_the_lead_unit_only(self) -> None:
        """只能代牵头单位录入。"""
        with refused(Invalid, "not-lead-unit"):
            World().assigned().do("acknowledge", SIGN_WITH_WORDS, CLERK, on_behalf_of=WATER)

    def test_is_for_acts_of_a_unit_only(self) -> None:
        """督查室自己的事、核查人员的事不能代录。"""
        w = World().assigned()
        with refused(Invalid, "not-on-behalf"):
            w.do("urge", UrgeMatter(text="催"), CLERK, on_behalf_of=TOWN)

    def test_is_not_for_others(self) -> None:
        """不是督查室的人不能代录，本单位也不必代录。"""
        for by in (LIAISON, VERIFIER, actor("外人", WATER, Role.UNIT_LIAISON)):
            with refused(NotYours):
                World().assigned().do("acknowledge", SIGN_WITH_WORDS, by, on_behalf_of=TOWN)

    def test_is_not_done_silently(self) -> None:
        """督查室不注明代录，就不能办责任单位的事。"""
        with refused(NotYours):
            World().assigned().do("acknowledge", SIGN_WITH_WORDS, CLERK)

    def test_attaches_the_paper_first(self) -> None:
        """随附的纸质件先成为佐证，再有该行为。"""
        w = World().assigned()
        w.do(
            "acknowledge",
            SIGN,
            CLERK,
            on_behalf_of=TOWN,
            paper=a_file("回执.pdf", EvidenceKind.PHOTO, at=w.now),
        )
        assert isinstance(w.facts[-2], EvidenceAttached)
        assert w.matter.evidence[0].kind is EvidenceKind.DOCUMENT


def reported_on_paper(
    w: World, happened: datetime, *, text: str = "6日已报结，有签章", by: object = CLERK
) -> None:
    paper = a_file("报结单.pdf", at=w.now)
    w.do(
        "report-completion",
        ReportCompletion(text=text),
        by,
        on_behalf_of=TOWN,
        paper=paper,
        occurred_at=happened,
    )


class TestWhenAnActCounts:
    def test_is_when_it_was_recorded(self) -> None:
        """责任单位自称早已报结的，只作陈述，逾期按记录时间算。"""
        w = World().rectifying(time_limit="5日内").later(days=8).attach()
        happened = w.now - timedelta(days=4)
        w.do("report-completion", ReportCompletion(text="早就报了"), LIAISON, occurred_at=happened)
        assert (w.last().occurred_at, w.matter.completion_reported_at) == (happened, w.now)
        assert w.matter.days_late_at_report == 3

    def test_is_when_it_happened_if_the_office_enters_it_with_words_and_paper(self) -> None:
        """督查室凭说明和文件补录的早先行为，按发生时间计。"""
        w = World().rectifying(time_limit="5日内").attach().later(days=8)
        happened = moment(MONDAY + timedelta(days=4))
        reported_on_paper(w, happened)
        assert w.matter.completion_reported_at == happened
        assert w.matter.days_late_at_report == 0
        assert w.facts[-1].effective_at == happened
        assert w.last().recorded_at == w.now

    def test_is_when_it_was_recorded_without_a_file(self) -> None:
        """只有说明没有文件的，仍按记录时间计。"""
        w = World().rectifying(time_limit="5日内").attach().later(days=8)
        happened = moment(MONDAY + timedelta(days=4))
        command = ReportCompletion(text="有说明无文件")
        w.do("report-completion", command, CLERK, on_behalf_of=TOWN, occurred_at=happened)
        assert w.matter.days_late_at_report == 3

    def test_is_when_it_was_recorded_if_ones_own_unit_handles_it(self) -> None:
        """兼任督查室的承办单位人员，不能替本单位补录。"""
        own = actor("兼职", TOWN, Role.OFFICE_CLERK)
        w = World().rectifying(time_limit="5日内").attach().later(days=8)
        reported_on_paper(w, moment(MONDAY + timedelta(days=4)), by=own)
        assert w.matter.days_late_at_report == 3

    def test_reaches_back_thirty_days(self) -> None:
        """补录至多回溯30日。"""
        w = World().rectifying(time_limit="3个月内").attach().later(days=30)
        reported_on_paper(w, moment(MONDAY))
        late = World().rectifying(time_limit="3个月内").attach().later(days=31)
        with refused(Invalid, "late-entry-too-old"):
            reported_on_paper(late, moment(MONDAY))

    def test_counts_for_the_offices_own_paper_acts(self) -> None:
        """督查室自己早先的纸质交办同样可凭说明和文件补录，时限从那天起算。"""
        w = World().on(MONDAY - timedelta(days=5)).registered().on(MONDAY)
        happened = moment(MONDAY - timedelta(days=4))
        command = AssignMatter(**ASSIGNMENT, time_limit="10日内", text="已发交办单")
        w.do("assign", command, CLERK, paper=a_file("交办单.pdf", at=w.now), occurred_at=happened)
        assert w.due_on == MONDAY + timedelta(days=6)
        assert w.matter.first_assigned_on == happened.date()

    def test_is_never_in_the_future(self) -> None:
        """发生时间不得在将来。"""
        w = World().rectifying()
        with refused(Invalid, "occurred-in-future"):
            w.do(
                "report-progress",
                ReportProgress(text="好"),
                LIAISON,
                occurred_at=w.now + timedelta(seconds=1),
            )

    def test_is_never_before_what_it_depends_on(self) -> None:
        """发生时间不得早于所依据的上一步。"""
        w = World().assigned().later(days=2)
        with refused(Invalid, "occurred-before-previous"):
            w.do("acknowledge", SIGN, LIAISON, occurred_at=moment(MONDAY - timedelta(days=1)))
        w.do("acknowledge", SIGN, LIAISON, occurred_at=moment(MONDAY))

    def test_follows_what_was_stated_before(self) -> None:
        """前一步以补录的发生时间为准，后一步可以接着补录。"""
        w = World().assigned(time_limit="20日内").later(days=10)
        paper = {"paper": a_file("a.pdf", at=w.now), "on_behalf_of": TOWN}
        w.do("acknowledge", SIGN_WITH_WORDS, CLERK, occurred_at=moment(MONDAY + timedelta(days=1)), **paper)
        assert w.matter.first_acknowledged_on == MONDAY + timedelta(days=1)
        with refused(Invalid, "occurred-before-previous"):
            w.do(
                "submit-plan",
                replace(a_plan(w.today), text="纸质方案"),
                CLERK,
                occurred_at=moment(MONDAY),
                **paper,
            )
        w.do(
            "submit-plan",
            replace(a_plan(w.today), text="纸质方案"),
            CLERK,
            occurred_at=moment(MONDAY + timedelta(days=2)),
            **paper,
        )
        assert w.stage is Stage.PLANNING

    @pytest.mark.parametrize("days", [0, 5])
    def test_of_evidence_goes_back_to_the_registration(self, days: int) -> None:
        """佐证可以早于当前阶段，但不早于立项。"""
        w = World().registered().later(days=3).assigned()
        command = AttachEvidence(kind=EvidenceKind.PHOTO)
        w.do("attach-evidence", command, LIAISON, paper=a_file(at=w.now), occurred_at=moment(MONDAY))
        with refused(Invalid, "occurred-before-previous"):
            w.do(
                "attach-evidence",
                command,
                LIAISON,
                paper=a_file(at=w.now),
                occurred_at=moment(MONDAY - timedelta(days=1 + days)),
            )
