"""交办、签收、异议、改派: who answers, by when."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from events.directory.state import Unit
from events.matter.assigning import (
    AcknowledgeAssignment,
    AssignMatter,
    AssignmentAcknowledged,
    MatterAssigned,
    ReassignMatter,
)
from events.matter.extending import RequestExtension
from events.matter.state import Limit
from events.refusals import Invalid, NotYours, WrongStage
from events.rules.calendar import WorkingDays
from events.rules.deadlines import DueBeforeStart, UnreadableLimit
from events.vocabulary import Role, Stage, Starts, UnitId, Urgency
from tests.spec.given import (
    ASSIGNMENT,
    CLERK,
    LIAISON,
    MONDAY,
    SCHOOLS,
    TOWN,
    TOWN_HEAD,
    VERIFIER,
    WATER,
    WATER_LIAISON,
    World,
    actor,
    directory,
    refused,
)


def assign(**fields: object) -> AssignMatter:
    limit = {} if {"due_on", "time_limit"} & set(fields) else {"time_limit": "15个工作日内"}
    return AssignMatter(**{**ASSIGNMENT, **limit, **fields})


def reassign(**fields: object) -> ReassignMatter:
    return ReassignMatter(**{**ASSIGNMENT, "time_limit": "7日内", **fields})


class TestAssigning:
    def test_hands_the_matter_to_a_unit(self) -> None:
        """交办须有牵头单位、时限、质量要求，办成后待签收。"""
        w = World().assigned(co_units=(WATER,), person="程立川", assessment_rule="年度考核")
        assert (w.stage, w.matter.lead_unit, w.matter.co_units) == (Stage.ASSIGNED, TOWN, (WATER,))
        assert (w.matter.person, w.matter.assessment_rule) == ("程立川", "年度考核")
        assert w.matter.first_assigned_on == MONDAY

    def test_keeps_the_limit_and_what_it_was_reckoned_from(self) -> None:
        """期限连同所写时限、起算日、日历版本、程序版本一并记下。"""
        w = World().assigned()
        assert w.matter.limit == Limit(
            time_limit="15个工作日内",
            starts=Starts.ASSIGNED,
            start_on=MONDAY,
            due_on=date(2026, 3, 23),
            in_working_days=True,
            calendar_versions=((2026, 1),),
            procedure_version=1,
        )
        assert [(d.due_on, d.set_on, d.why) for d in w.matter.due_dates] == [
            (date(2026, 3, 23), MONDAY, "assigned")
        ]

    def test_takes_a_date_outright(self) -> None:
        """也可以直接给定期限日期，当日也可以。"""
        assert World().assigned(due_on=MONDAY).due_on == MONDAY

    def test_marks_a_limit_through_an_unpublished_year(self) -> None:
        """跨入未公布放假安排的年份，期限记为暂定。"""
        w = World(calendar=WorkingDays(())).assigned()
        assert w.matter.limit is not None
        assert w.matter.limit.provisional
        assert w.matter.due_dates[-1].provisional

    @pytest.mark.parametrize(
        "kind", ["rectification", "immediate", "superior_transfer", "leader_instruction"]
    )
    def test_needs_a_limit(self, kind: str) -> None:
        """没有预设时限的类别，交办不写时限即被拒绝。"""
        w = World().registered(kind=kind)
        with refused(Invalid, "missing-limit"):
            w.do("assign", AssignMatter(**ASSIGNMENT), CLERK)

    @pytest.mark.parametrize(
        ("urgency", "days"), [(Urgency.URGENT, 5), (Urgency.ORDINARY, 15), (Urgency.HARD, 30)]
    )
    def test_presets_the_limit_by_urgency(self, urgency: Urgency, days: int) -> None:
        """领导批示件急件5日、一般件15日、疑难件30日，可另定。"""
        w = World().registered(kind="leader_instruction", urgency=urgency)
        w.do("assign", AssignMatter(**ASSIGNMENT), CLERK)
        assert w.due_on == MONDAY + timedelta(days=days)
        other = World().registered(kind="leader_instruction", urgency=urgency)
        other.do("assign", assign(time_limit="3日内"), CLERK)
        assert other.due_on == MONDAY + timedelta(days=3)

    def test_takes_one_limit_only(self) -> None:
        """期限日期和时限文字只能给一个。"""
        with refused(Invalid, "two-limits"):
            World().assigned(due_on=MONDAY, time_limit="7日内")

    def test_reads_limits_as_people_write_them(self) -> None:
        """读不懂的时限被拒绝，早于起算日的期限被拒绝。"""
        with refused(UnreadableLimit, "unreadable-limit"):
            World().assigned(time_limit="尽快")
        with refused(DueBeforeStart, "due-before-start"):
            World().assigned(due_on=MONDAY - timedelta(days=1))

    def test_needs_a_quality_requirement(self) -> None:
        """质量要求不能为空。"""
        with refused(Invalid, "blank-field"):
            World().assigned(quality_requirement=" ")

    def test_needs_units_that_exist(self) -> None:
        """牵头单位和配合单位必须存在、未撤销，牵头单位不得兼作配合单位。"""
        w = World()
        w.directory.units[SCHOOLS] = replace(w.directory.units[SCHOOLS], closed_on=MONDAY, successor=WATER)
        for fields, code in (
            ({"lead_unit": UnitId("没有")}, "unknown-unit"),
            ({"lead_unit": SCHOOLS}, "unit-closed"),
            ({"co_units": (UnitId("没有"),)}, "unknown-unit"),
            ({"co_units": (SCHOOLS,)}, "unit-closed"),
            ({"co_units": (TOWN,)}, "lead-among-co-units"),
        ):
            with refused(Invalid, code):
                w.assigned(**fields)

    def test_is_for_the_office(self) -> None:
        """交办由督查室办理，责任单位和核查人员不能办理。"""
        w = World().registered()
        for by in (LIAISON, VERIFIER):
            with refused(NotYours, "not-yours"):
                w.do("assign", assign(), by)

    def test_happens_once(self) -> None:
        """已交办的不能再交办，提示现在可以办什么。"""
        w = World().assigned()
        with refused(WrongStage, "wrong-stage") as caught:
            w.do("assign", assign(), CLERK)
        assert "待签收" in caught.value.sentence
        assert "改派" in caught.value.sentence


class TestAcknowledging:
    def test_leads_to_the_plan_where_one_is_needed(self) -> None:
        """问题整改签收后报方案。"""
        assert World().acknowledged().stage is Stage.ACKNOWLEDGED

    @pytest.mark.parametrize("kind", ["immediate", "leader_instruction", "superior_transfer"])
    def test_leads_to_the_work_where_no_plan_is_needed(self, kind: str) -> None:
        """立行立改、领导批示件、上级交办件签收后直接办理。"""
        assert World().acknowledged(kind=kind).stage is Stage.RECTIFYING

    def test_is_for_the_lead_unit(self) -> None:
        """签收由牵头单位联络员或负责人办理，其他单位、配合单位、督查室都不行。"""
        w = World().assigned(co_units=(WATER,))
        for by in (WATER_LIAISON, CLERK, VERIFIER):
            with refused(NotYours):
                w.do("acknowledge", AcknowledgeAssignment(), by)
        assert w.do("acknowledge", AcknowledgeAssignment(), TOWN_HEAD).role is Role.UNIT_HEAD

    def test_is_for_the_successor_of_a_closed_unit(self) -> None:
        """牵头单位撤销后，由承接单位办理。"""
        w = World().assigned()
        w.directory.units[TOWN] = replace(w.directory.units[TOWN], closed_on=MONDAY, successor=WATER)
        w.do("acknowledge", AcknowledgeAssignment(), WATER_LIAISON)
        assert w.stage is Stage.ACKNOWLEDGED

    def test_happens_once(self) -> None:
        """不能重复签收。"""
        w = World().acknowledged()
        with refused(WrongStage):
            w.do("acknowledge", AcknowledgeAssignment(), LIAISON)

    def test_starts_the_clock_where_agreed(self) -> None:
        """约定自签收起算的，签收前没有期限，签收后算出。"""
        w = World().assigned(time_limit="10日内", starts=Starts.ACKNOWLEDGED)
        assert w.due_on is None
        assert w.matter.due_dates == ()
        w.later(days=4).do("acknowledge", AcknowledgeAssignment(), LIAISON)
        assert w.due_on == MONDAY + timedelta(days=14)
        assert [d.why for d in w.matter.due_dates] == ["acknowledged"]
        fact = w.facts[-1]
        assert isinstance(fact, AssignmentAcknowledged)
        assert fact.limit is not None
        assert fact.limit.start_on == MONDAY + timedelta(days=4)

    def test_leaves_a_running_clock_alone(self) -> None:
        """自交办起算的，签收不改变期限。"""
        w = World().assigned()
        before = w.due_on
        w.later(days=3).do("acknowledge", AcknowledgeAssignment(), LIAISON)
        assert w.due_on == before
        assert len(w.matter.due_dates) == 1

    def test_is_never_refused_for_a_date_gone_by(self) -> None:
        """自签收起算而所写日期已过的，仍可签收，期限就是那一天。"""
        w = World().assigned(time_limit="2026年3月4日前", starts=Starts.ACKNOWLEDGED)
        w.later(days=4).do("acknowledge", AcknowledgeAssignment(), LIAISON)
        assert w.due_on == date(2026, 3, 4)

    def test_starts_nothing_with_a_date_outright(self) -> None:
        """给定了期限日期，就不能再自签收起算。"""
        with refused(Invalid, "date-starts-nothing"):
            World().assigned(due_on=MONDAY, starts=Starts.ACKNOWLEDGED)


class TestReassigning:
    @pytest.mark.parametrize("way", ["assigned", "acknowledged", "planning", "rectifying", "suspended"])
    def test_replaces_the_assignment(self, way: str) -> None:
        """待签收到整改中、已中止都可改派，改派后待签收，期限另算，旧期限留存，不算延期。"""
        w = getattr(World(), way)()
        w.later(days=2).do("reassign", reassign(lead_unit=WATER), CLERK)
        assert (w.stage, w.matter.lead_unit) == (Stage.ASSIGNED, WATER)
        assert w.due_on == MONDAY + timedelta(days=9)
        assert [d.why for d in w.matter.due_dates] == ["assigned", "reassigned"]
        assert w.matter.extensions == ()
        assert w.matter.suspended_at is None
        assert w.matter.handling_units == {TOWN, WATER}

    def test_needs_what_an_assignment_needs(self) -> None:
        """改派同样须有时限、质量要求、存在的单位。"""
        w = World().assigned()
        with refused(Invalid, "missing-limit"):
            w.do("reassign", ReassignMatter(**ASSIGNMENT), CLERK)
        with refused(Invalid, "blank-field"):
            w.do("reassign", reassign(quality_requirement=""), CLERK)
        with refused(Invalid, "unknown-unit"):
            w.do("reassign", reassign(lead_unit=UnitId("无")), CLERK)

    def test_lets_a_pending_extension_lapse(self) -> None:
        """改派后，原单位未裁定的延期申请失效。"""
        w = World().rectifying()
        w.do("request-extension", RequestExtension(until=date(2026, 4, 1), reason="车辆不足"), LIAISON)
        w.do("reassign", reassign(lead_unit=WATER), CLERK)
        assert [e.decision for e in w.matter.extensions] == ["lapsed"]

    @pytest.mark.parametrize("way", ["registered", "objected", "reported", "closed"])
    def test_is_not_for_other_stages(self, way: str) -> None:
        """待交办、异议中、已报结、已销号不能改派。"""
        with refused(WrongStage):
            getattr(World(), way)().do("reassign", reassign(), CLERK)

    def test_is_for_the_office(self) -> None:
        """改派由督查室办理。"""
        with refused(NotYours):
            World().assigned().do("reassign", reassign(), LIAISON)


def test_an_assignment_to_a_unit_without_people_is_accepted() -> None:
    """没有人员的单位也可以交办。"""
    empty = UnitId("新设局")
    w = World(directory=directory(CLERK))
    w.directory.units[empty] = Unit(id=empty)
    w.assigned(lead_unit=empty)
    assert isinstance(w.facts[-1], MatterAssigned)
    assert actor("无", empty).unit == w.matter.lead_unit
