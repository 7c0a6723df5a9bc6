"""补充、更正."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from events.matter.assigning import MatterAssigned, ReassignMatter
from events.matter.correctable import CORRECTABLE
from events.matter.correcting import CorrectFact, FactCorrected
from events.matter.evidencing import EvidenceAttached
from events.matter.extending import ExtensionRequested, RequestExtension
from events.matter.facts import NAMES
from events.matter.looking_back import LookBackSelected, SelectLookBack
from events.matter.pressing import DueReminded
from events.matter.rectifying import (
    AnswerSupport,
    PlanSubmitted,
    ProgressReported,
    ReportProgress,
    RequestSupport,
    SupportRequested,
)
from events.matter.registering import MatterRegistered
from events.matter.state import Matter, PlanStep
from events.matter.telling import told
from events.matter.verifying import VerificationScheduled
from events.refusals import Invalid, NotYours
from events.rules.deadlines import DueBeforeStart
from events.vocabulary import BEIJING, Role
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
    actor,
    refused,
)


def correct(w: World, fact: type, *, basis: str | None = None, **fields: object) -> FactCorrected:
    command = CorrectFact(position=w.position_of(fact), reason="笔误", fields=fields)
    w.do("correct", command, HEAD, basis=basis)
    written = w.facts[-1]
    assert isinstance(written, FactCorrected)
    return written


def progressed(**fields: object) -> World:
    w = World().rectifying()
    w.do("report-progress", ReportProgress(**{"text": "一期完", "percent": 60, **fields}), LIAISON)
    return w


class TestCorrecting:
    def test_names_the_fact_and_keeps_the_mistake(self) -> None:
        """更正指明是哪一条，前后都有记载，原记录不变。"""
        w = progressed()
        fact = correct(w, ProgressReported, percent=45)
        assert (fact.corrected_type, fact.old, fact.new) == (
            "progress-reported",
            (("percent", 60),),
            (("percent", 45),),
        )
        assert w.matter.percent == 45
        original = next(f for f in w.facts if isinstance(f, ProgressReported))
        assert original.percent == 60

    def test_may_be_corrected_again(self) -> None:
        """同一条可以再更正，以最后一次为准。"""
        w = progressed()
        correct(w, ProgressReported, percent=45)
        fact = correct(w, ProgressReported, percent=50)
        assert fact.old == (("percent", 45),)
        assert w.matter.percent == 50
        with refused(Invalid, "nothing-changed"):
            correct(w, ProgressReported, percent=50)

    def test_supplies_what_was_left_out(self) -> None:
        """漏写的也可更正补上。"""
        w = progressed(percent=None)
        correct(w, ProgressReported, percent=45, quantity=1200, forecast_on="2026-03-20")
        assert (w.matter.percent, w.matter.quantity, w.matter.forecast_on) == (45, 1200, date(2026, 3, 20))

    def test_does_not_reach_what_a_later_fact_said(self) -> None:
        """更正早先的进展，不影响后来报的进展。"""
        w = progressed()
        w.do("report-progress", ReportProgress(text="二期", percent=60), LIAISON)
        first = next(r.position for r in w.record if isinstance(r.fact, ProgressReported))
        w.do("correct", CorrectFact(position=first, reason="误", fields={"percent": 10}), HEAD)
        assert w.matter.percent == 60

    def test_does_not_reach_another_assignment(self) -> None:
        """改派以后，更正前一单位的进展不影响现状。"""
        w = progressed(percent=None)
        position = w.position_of(ProgressReported)
        w.do("reassign", ReassignMatter(**ASSIGNMENT | {"lead_unit": WATER}, time_limit="7日内"), CLERK)
        w.do("correct", CorrectFact(position=position, reason="误", fields={"percent": 10}), HEAD)
        assert w.matter.percent is None

    def test_does_not_bring_back_what_is_settled(self) -> None:
        """更正已答复的求助，不会重新变成待答复。"""
        w = World().rectifying()
        w.do("request-support", RequestSupport(text="缺两辆车"), LIAISON)
        correct(w, SupportRequested, text="缺三辆车")
        assert w.matter.support_pending == "缺三辆车"
        w.do("answer-support", AnswerSupport(text="已调"), CLERK)
        correct(w, SupportRequested, text="缺四辆车")
        assert w.matter.support_pending is None

    def test_reaches_the_steps_of_a_plan(self) -> None:
        """方案各步的内容、完成日期、责任人都可更正，写成 steps.第几步.字段；没有的步骤退回。"""
        w = World().rectifying()
        correct(w, PlanSubmitted, **{"steps.1.due_on": "2026-03-20", "steps.1.title": "分两期清运"})
        correct(w, PlanSubmitted, **{"steps.1.person": None, "goal": "彻底"})
        plan = w.matter.plan
        assert plan is not None
        assert plan.steps == (PlanStep(title="分两期清运", due_on=date(2026, 3, 20)),)
        assert plan.goal == "彻底"
        lines = told(w.last(), w.directory, w.today).sentences
        assert "第1步的责任人：“何远舟”改为“（空）”。" in lines
        for wrong in ("steps.2.title", "steps.0.title", "steps", "steps.1", "steps.1.done"):
            with refused(Invalid, "not-correctable"):
                correct(w, PlanSubmitted, **{wrong: "x"})
        with refused(Invalid, "wrong-type"):
            correct(w, PlanSubmitted, **{"steps.1.due_on": "三月"})

    def test_reaches_texts_dates_and_names(self) -> None:
        """文字、日期、名称、方案、核查日期、回头看日期、佐证地点等都可更正。"""
        w = World().rectifying(person="程立川")
        correct(w, MatterRegistered, title="二号河道", place="二号桥")
        correct(w, MatterAssigned, person="何远舟", quality_requirement="净")
        correct(w, PlanSubmitted, goal="彻底", measures="一期清完")
        m = w.matter
        assert (m.title, m.place, m.person, m.quality_requirement) == ("二号河道", "二号桥", "何远舟", "净")
        assert m.plan is not None
        assert (m.plan.goal, m.plan.measures) == ("彻底", "一期清完")
        w.do("request-extension", RequestExtension(until=date(2026, 4, 1), reason="车"), LIAISON)
        correct(w, ExtensionRequested, until="2026-04-02", reason="人")
        pending = w.matter.pending_extension
        assert pending is not None
        assert (pending.until, pending.reason) == (date(2026, 4, 2), "人")
        w.report().verify()
        correct(w, VerificationScheduled, on=MONDAY + timedelta(days=1))
        taken = datetime(2026, 3, 1, 8, tzinfo=BEIJING)
        correct(w, EvidenceAttached, place="三号桥", taken_at=taken.isoformat())
        assert w.matter.verify_on == MONDAY + timedelta(days=1)
        assert (w.matter.evidence[-1].place, w.matter.evidence[-1].taken_at) == ("三号桥", taken)

    @pytest.mark.parametrize(
        "way", ["registered", "assigned", "rectifying", "suspended", "reviewed", "closed", "cancelled"]
    )
    def test_is_possible_in_any_stage(self, way: str) -> None:
        """任何阶段都可更正，阶段不变。"""
        w = getattr(World(), way)()
        before = w.stage
        correct(w, MatterRegistered, problem="垃圾约六十吨")
        assert (w.stage, w.matter.problem) == (before, "垃圾约六十吨")

    @pytest.mark.parametrize(
        "field", ["stage", "lead_unit", "co_units", "actor", "position", "unit", "limit", "number"]
    )
    def test_never_reaches_stage_actor_unit_or_position(self, field: str) -> None:
        """阶段、经办人、单位、位置不得更正。"""
        with refused(Invalid, "not-correctable"):
            correct(World().assigned(), MatterAssigned, **{field: "x"})

    @pytest.mark.parametrize(
        ("fields", "code"),
        [
            ({"percent": 101}, "percent-out-of-range"),
            ({"percent": "六十"}, "wrong-type"),
            ({"percent": True}, "wrong-type"),
            ({"text": None}, "wrong-type"),
            ({"text": " "}, "blank-field"),
            ({"text": "机密★"}, "secret"),
            ({"quantity": ["x"]}, "wrong-type"),
            ({"forecast_on": "明天"}, "wrong-type"),
            ({"forecast_on": "1900-01-01"}, "implausible-date"),
            ({}, "nothing-changed"),
        ],
    )
    def test_refuses_what_the_fact_could_not_have_said(self, fields: dict[str, object], code: str) -> None:
        """更正的内容同样要合规。"""
        with refused(Invalid, code):
            correct(progressed(), ProgressReported, **fields)

    def test_refuses_a_moment_without_zone(self) -> None:
        """时刻须带时区。"""
        with refused(Invalid, "wrong-type"):
            correct(World().rectifying().attach(), EvidenceAttached, taken_at="2026-03-01T08:00:00")

    def test_wants_a_fact_of_this_matter_and_a_reason(self) -> None:
        """须指明本件的一条记录，并说明理由；时钟的话和更正本身不得更正。"""
        w = World().rectifying(time_limit="3日内")
        w.tick()
        with refused(Invalid, "no-such-fact"):
            w.do("correct", CorrectFact(position=999, reason="误", fields={"text": "x"}), HEAD)
        with refused(Invalid, "blank-field"):
            w.do("correct", CorrectFact(position=1, reason=" ", fields={"title": "x"}), HEAD)
        with refused(Invalid, "not-correctable"):
            correct(w, DueReminded, offset=1)
        correct(w, MatterRegistered, title="x")
        with refused(Invalid, "not-correctable"):
            correct(w, FactCorrected, reason="x")

    def test_is_for_a_head_outside_the_unit(self) -> None:
        """更正由承办单位以外的督查室负责人办理。"""
        w = progressed()
        for by in (CLERK, LIAISON, VERIFIER, actor("兼职", TOWN, Role.OFFICE_HEAD)):
            with refused(NotYours):
                w.do("correct", CorrectFact(position=1, reason="误", fields={"title": "x"}), by)


class TestCorrectingALimit:
    def test_needs_a_basis(self) -> None:
        """更正期限须有依据。"""
        w = World().assigned()
        for basis in (None, " "):
            with refused(Invalid, "basis-needed"):
                correct(w, MatterAssigned, basis=basis, due_on="2026-03-30")

    def test_keeps_the_old_date(self) -> None:
        """更正后的期限生效，旧期限留存，不算延期。"""
        w = World().assigned()
        fact = correct(w, MatterAssigned, basis="云督〔2026〕1号", due_on="2026-03-30")
        assert fact.old == (("due_on", "2026-03-23"),)
        assert w.due_on == date(2026, 3, 30)
        assert [(d.due_on, d.why) for d in w.matter.due_dates] == [
            (date(2026, 3, 23), "assigned"),
            (date(2026, 3, 30), "corrected"),
        ]

    def test_does_not_reach_a_limit_given_later(self) -> None:
        """改派后更正原交办的期限，不影响现期限。"""
        w = World().assigned()
        w.do("reassign", ReassignMatter(**ASSIGNMENT, time_limit="7日内"), CLERK)
        before = w.due_on
        correct(w, MatterAssigned, basis="文", due_on="2026-03-30")
        assert w.due_on == before

    def test_judges_a_standing_report_anew(self) -> None:
        """报结后更正期限，是否逾期重新认定。"""
        w = World().rectifying(time_limit="5日内").later(days=8).report()
        assert w.matter.days_late_at_report == 3
        correct(w, MatterAssigned, basis="文", due_on="2026-03-10")
        assert w.matter.days_late_at_report == 0
        assert not w.verify().pass_().close().matter.closed_late

    def test_is_not_before_the_start(self) -> None:
        """更正的期限不得早于起算日。"""
        with refused(DueBeforeStart, "due-before-start"):
            correct(World().assigned(), MatterAssigned, basis="文", due_on="2026-03-01")

    def test_reaches_a_look_back(self) -> None:
        """回头看日期的更正同样要有依据。"""
        w = World().closed()
        w.do("select-look-back", SelectLookBack(due_on=date(2026, 4, 1)), CLERK)
        with refused(Invalid, "basis-needed"):
            correct(w, LookBackSelected, due_on="2026-04-02")
        correct(w, LookBackSelected, basis="文", due_on="2026-04-02")
        assert w.matter.look_back_on == date(2026, 4, 2)


def test_names_every_fact_as_it_is_stored() -> None:
    """可更正的每种记录都写对了存储名，字段都在。"""
    for fact, correctable in CORRECTABLE.items():
        assert NAMES[fact] == correctable.name
        for name, field in correctable.fields.items():
            if correctable.inside is None and name != "due_on":
                assert name in fact.__dataclass_fields__, (fact, name)
            if field.said is not None and "." not in field.said and field.said != "due_on":
                assert field.said in Matter.__dataclass_fields__, field.said


def test_corrects_nothing_of_a_person_nor_of_a_stage() -> None:
    """任何记录都不开放更正阶段、经办人、单位。"""
    named = {name for correctable in CORRECTABLE.values() for name in correctable.fields}
    assert not named & {
        "stage",
        "lead_unit",
        "co_units",
        "to_unit",
        "from_unit",
        "verifier",
        "kind",
        "into",
        "round",
    }
