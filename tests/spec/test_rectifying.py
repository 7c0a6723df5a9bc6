"""整改方案、进展、求助."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from events.matter.pressing import SupportReminded
from events.matter.rectifying import (
    AnswerSupport,
    ApprovePlan,
    ReportProgress,
    RequestSupport,
    ReturnPlan,
    SubmitPlan,
)
from events.matter.state import PlanStep
from events.refusals import Invalid, NotYours, WrongStage
from events.vocabulary import Role, Stage
from tests.spec.given import (
    CLERK,
    HEAD,
    LIAISON,
    MONDAY,
    TOWN,
    VERIFIER,
    WATER,
    WATER_LIAISON,
    World,
    a_plan,
    actor,
    hire,
    refused,
)


class TestPlanning:
    def test_lays_a_plan_before_the_office(self) -> None:
        """已签收的报送方案，写明措施、目标、步骤、时间和人。"""
        w = World().planning()
        plan = w.matter.plan
        assert w.stage is Stage.PLANNING
        assert plan is not None
        assert (plan.goal, plan.steps[0].person, plan.submitted_on) == ("见底", "何远舟", MONDAY)
        assert w.matter.plan_or_progress

    @pytest.mark.parametrize("field", ["measures", "goal"])
    def test_wants_measures_and_goal(self, field: str) -> None:
        """措施、目标不能为空。"""
        with refused(Invalid, "blank-field"):
            World().acknowledged().do("submit-plan", replace(a_plan(MONDAY), **{field: ""}), LIAISON)

    def test_wants_dated_steps(self) -> None:
        """至少一步，每步有名称和合理的日期。"""
        w = World().acknowledged()
        for steps, code in (
            ((), "no-steps"),
            ((PlanStep(title=" ", due_on=MONDAY),), "blank-field"),
            ((PlanStep(title="清运", due_on=date(1948, 12, 31)),), "implausible-date"),
            ((PlanStep(title="清运", due_on=date(2077, 1, 1)),), "implausible-date"),
        ):
            with refused(Invalid, code):
                w.do("submit-plan", SubmitPlan(measures="清", goal="净", steps=steps), LIAISON)

    def test_takes_no_secrets_in_steps(self) -> None:
        """步骤文字中的密级标志同样拒收。"""
        step = PlanStep(title="绝密行动", due_on=MONDAY)
        with refused(Invalid, "secret"):
            World().acknowledged().do(
                "submit-plan", SubmitPlan(measures="清", goal="净", steps=(step,)), LIAISON
            )

    def test_is_returned_with_a_reason(self) -> None:
        """督查室可退回方案并说明理由，单位重新报送。"""
        w = World().planning()
        with refused(Invalid, "blank-field"):
            w.do("return-plan", ReturnPlan(reason=""), CLERK)
        w.do("return-plan", ReturnPlan(reason="没有责任人"), CLERK)
        assert w.stage is Stage.ACKNOWLEDGED
        w.do("submit-plan", a_plan(MONDAY), LIAISON)
        assert w.stage is Stage.PLANNING

    def test_is_approved(self) -> None:
        """方案批准后进入整改。"""
        w = World().planning()
        w.do("approve-plan", ApprovePlan(), CLERK)
        assert w.stage is Stage.RECTIFYING
        assert w.matter.plan is not None
        assert w.matter.plan.approved_on == MONDAY

    def test_is_the_units_to_write_and_the_offices_to_judge(self) -> None:
        """方案由责任单位报送，由督查室审；承办单位自己的人不得审。"""
        w = World().acknowledged()
        for by in (CLERK, WATER_LIAISON, VERIFIER):
            with refused(NotYours):
                w.do("submit-plan", a_plan(MONDAY), by)
        own = actor("兼职", TOWN, Role.OFFICE_CLERK)
        w.do("submit-plan", a_plan(MONDAY), LIAISON)
        for by in (LIAISON, own):
            for name, command in (("approve-plan", ApprovePlan()), ("return-plan", ReturnPlan(reason="不"))):
                with refused(NotYours):
                    w.do(name, command, by)

    def test_has_its_stages(self) -> None:
        """未签收不能报方案，没报方案不能审。"""
        with refused(WrongStage):
            World().assigned().do("submit-plan", a_plan(MONDAY), LIAISON)
        with refused(WrongStage):
            World().acknowledged().do("approve-plan", ApprovePlan(), CLERK)
        with refused(WrongStage):
            World().rectifying().do("return-plan", ReturnPlan(reason="晚了"), CLERK)


class TestReportingProgress:
    def test_says_how_far_it_is(self) -> None:
        """进展写文字、比例、数量、预计完成日期，阶段不变。"""
        w = World().rectifying()
        forecast = MONDAY + timedelta(days=9)
        w.do(
            "report-progress",
            ReportProgress(text="一期完", percent=60, quantity="1200吨", forecast_on=forecast),
            LIAISON,
        )
        m = w.matter
        assert (m.stage, m.percent, m.quantity, m.forecast_on) == (Stage.RECTIFYING, 60, "1200吨", forecast)
        assert m.last_progress_at == w.now

    def test_leaves_what_it_does_not_say(self) -> None:
        """没写的比例、数量沿用上次的。"""
        w = World().rectifying()
        w.do("report-progress", ReportProgress(text="一期完", percent=60, quantity=1200), LIAISON)
        w.do("report-progress", ReportProgress(text="在继续"), LIAISON)
        assert (w.matter.percent, w.matter.quantity) == (60, 1200)

    @pytest.mark.parametrize("percent", [-1, 101])
    def test_has_a_percentage_of_a_hundred(self, percent: int) -> None:
        """比例在0到100之间。"""
        w = World().rectifying()
        with refused(Invalid, "percent-out-of-range"):
            w.do("report-progress", ReportProgress(text="好", percent=percent), LIAISON)
        w.do("report-progress", ReportProgress(text="好", percent=0), LIAISON)
        w.do("report-progress", ReportProgress(text="好", percent=100), LIAISON)

    def test_wants_words_and_plausible_dates(self) -> None:
        """进展须有文字，预计日期须合理。"""
        w = World().rectifying()
        with refused(Invalid, "blank-field"):
            w.do("report-progress", ReportProgress(text=""), LIAISON)
        with refused(Invalid, "implausible-date"):
            w.do("report-progress", ReportProgress(text="好", forecast_on=date(1900, 1, 1)), LIAISON)

    def test_is_the_units(self) -> None:
        """进展由责任单位报送，仅限整改中。"""
        with refused(NotYours):
            World().rectifying().do("report-progress", ReportProgress(text="好"), WATER_LIAISON)
        with refused(WrongStage):
            World().planning().do("report-progress", ReportProgress(text="好"), LIAISON)
        with refused(WrongStage):
            World().reported().do("report-progress", ReportProgress(text="好"), LIAISON)


class TestAskingForSupport:
    def test_waits_for_an_answer(self) -> None:
        """责任单位求助，督查室答复。"""
        w = World().rectifying()
        w.do("request-support", RequestSupport(text="缺两辆车"), LIAISON)
        assert w.matter.support_pending == "缺两辆车"
        assert "answer-support" in w.permitted(CLERK)
        w.do("answer-support", AnswerSupport(text="已调两辆"), HEAD)
        assert w.matter.support_pending is None
        assert w.stage is Stage.RECTIFYING

    def test_gives_the_office_a_limit_of_its_own(self) -> None:
        """督查室应在5个工作日内答复，按类别可配置；再求一次仍按第一次的日子；记下谁答、迟几日。"""
        w = World().rectifying()
        w.do("request-support", RequestSupport(text="缺两辆车"), LIAISON)
        due = w.calendar.nth_working_day_after(MONDAY, 5).on
        assert w.matter.support_due_on == due
        w.workdays_on(2).do("request-support", RequestSupport(text="还缺司机"), LIAISON)
        assert w.matter.support_due_on == due
        w.on(due + timedelta(days=3)).do("answer-support", AnswerSupport(text="已调"), CLERK)
        assert w.last().fact.days_late == 3
        assert [(one.answered_by, one.days_late) for one in w.matter.supports] == [(CLERK.user, 3)] * 2
        w.procedures["rectification"] = replace(
            w.procedures["rectification"], support_answer_within_working_days=1
        )
        w.do("request-support", RequestSupport(text="缺钱"), LIAISON)
        assert w.matter.support_due_on == w.calendar.nth_working_day_after(w.today, 1).on

    def test_reminds_the_office_of_its_own_delay(self) -> None:
        """答复期限前一天、当天和超期后，系统催督查室，每个台阶说一次；答复以后不再说。"""
        w = World().rectifying()
        w.do("request-support", RequestSupport(text="缺两辆车"), LIAISON)
        due = w.matter.support_due_on
        assert due is not None
        said = []
        for days in (-2, -1, 0, 1, 3, 7):
            w.on(due + timedelta(days=days))
            said += [fact.offset for fact in w.tick() if isinstance(fact, SupportReminded)]
            assert not [fact for fact in w.tick() if isinstance(fact, SupportReminded)]
        assert said == [-1, 0, 1, 3, 7]
        w.do("answer-support", AnswerSupport(text="已调"), CLERK)
        w.on(due + timedelta(days=40))
        assert not [fact for fact in w.tick() if isinstance(fact, SupportReminded)]

    def test_falls_away_with_the_completion_report(self) -> None:
        """单位一报结，没答复的求助就不再等，也不再催督查室。"""
        w = World().rectifying()
        w.do("request-support", RequestSupport(text="缺两辆车"), LIAISON)
        w.report()
        assert (w.matter.support_pending, w.matter.support_due_on) == (None, None)
        (request,) = w.matter.supports
        assert request.lapsed
        assert not request.waits

    def test_is_answered_once_asked(self) -> None:
        """没有求助，不必答复。"""
        w = World().rectifying()
        assert "answer-support" not in w.permitted(CLERK)
        with refused(WrongStage):
            w.do("answer-support", AnswerSupport(text="好"), CLERK)

    def test_wants_words(self) -> None:
        """求助和答复都不能空白。"""
        w = World().rectifying()
        with refused(Invalid, "blank-field"):
            w.do("request-support", RequestSupport(text=""), LIAISON)
        w.do("request-support", RequestSupport(text="缺车"), LIAISON)
        with refused(Invalid, "blank-field"):
            w.do("answer-support", AnswerSupport(text=""), CLERK)

    def test_has_its_persons(self) -> None:
        """求助由责任单位提出，答复由督查室作出。"""
        w = World().rectifying()
        with refused(NotYours):
            w.do("request-support", RequestSupport(text="缺车"), CLERK)
        w.do("request-support", RequestSupport(text="缺车"), LIAISON)
        with refused(NotYours):
            w.do("answer-support", AnswerSupport(text="好"), LIAISON)
        with refused(WrongStage):
            World().acknowledged().do("request-support", RequestSupport(text="缺车"), LIAISON)


def test_a_person_that_moved_answers_for_the_new_unit_only() -> None:
    """人员调走后，职责留在原单位。"""
    w = World().rectifying()
    moved = replace(LIAISON, unit=WATER)
    hire(w.directory, moved)
    with refused(NotYours):
        w.do("report-progress", ReportProgress(text="好"), moved)
