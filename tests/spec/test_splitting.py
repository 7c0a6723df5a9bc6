"""分办: one problem for several lead units, each with its own number, limit and clock."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from events.matter import assigning as a
from events.matter import closing, ending, registering
from events.matter.splitting import PartGiven, SplitMatter
from events.refusals import Invalid, NotYours, WrongStage
from events.vocabulary import Stage, UnitId
from tests.spec.contract_table import CONTRACT
from tests.spec.given import CLERK, HEAD, LIAISON, MONDAY, SCHOOLS, TOWN, WATER, World, refused


def split_in_two(w: World | None = None) -> World:
    """三号河道, split between 青石镇 (10 days) and 水务局 (a day of its own)."""
    w = w or World().registered()
    return split(w, PartGiven(lead_unit=TOWN), PartGiven(lead_unit=WATER, due_on=MONDAY + timedelta(days=4)))


def split(w: World, *parts: PartGiven) -> World:
    command = SplitMatter(parts=parts, quality_requirement="清完", time_limit="10日内")
    w.do("split", command, CLERK)
    return w


def cancel(w: World, number: str) -> World:
    w.turn_to(number).do("cancel", ending.CancelMatter(reason="重复"), HEAD)
    return w


def whole(w: World) -> World:
    return w.turn_to("2026-00001")


class TestSplitting:
    def test_gives_each_unit_a_part_of_its_own(self) -> None:
        """一件分给两个单位：各有编号、期限，都待签收；总件不再有牵头单位和期限。"""
        w = split_in_two()
        assert (w.matter.stage, w.matter.lead_unit, w.due_on) == (Stage.RECTIFYING, None, None)
        town, water = (m for m in w.matters.values() if m.parent == w.current)
        assert (town.number, town.lead_unit, town.due_on) == ("2026-00001-1", TOWN, date(2026, 3, 12))
        assert (water.number, water.lead_unit, water.due_on) == ("2026-00001-2", WATER, date(2026, 3, 6))
        assert {town.stage, water.stage} == {Stage.ASSIGNED}
        assert town.problem == w.matter.problem
        assert w.tick() == []

    def test_can_add_a_unit_later(self) -> None:
        """分办以后还能加单位，编号接着排。"""
        w = split(split_in_two(), PartGiven(lead_unit=SCHOOLS))
        assert [w.matters[b.matter].number for b in w.matter.branches] == [
            f"2026-00001-{n}" for n in (1, 2, 3)
        ]

    def test_can_come_after_an_assignment(self) -> None:
        """已经交办的也能分办：原牵头单位以自己那一份为准，重新签收。"""
        w = split_in_two(World().rectifying())
        assert (w.matter.lead_unit, w.due_on) == (None, None)
        assert w.facts[-1].from_unit == TOWN
        w.turn_to("2026-00001-1").do("acknowledge", a.AcknowledgeAssignment(), LIAISON)
        assert w.stage is Stage.ACKNOWLEDGED

    def test_can_go_deeper(self) -> None:
        """分出来的一份还能再分。"""
        w = split_in_two().turn_to("2026-00001-1")
        split(w, PartGiven(lead_unit=SCHOOLS))
        cancel(w, "2026-00001-1-1")
        assert w.turn_to("2026-00001-1").stage is Stage.CANCELLED
        assert whole(w).stage is Stage.RECTIFYING
        assert [branch.ended for branch in w.matter.branches] == [Stage.CANCELLED, None]

    @pytest.mark.parametrize(
        ("parts", "code"),
        [
            ((), "no-parts"),
            ((PartGiven(lead_unit=TOWN), PartGiven(lead_unit=TOWN)), "unit-twice"),
            ((PartGiven(lead_unit=UnitId("没有")),), "unknown-unit"),
            ((PartGiven(lead_unit=TOWN, co_units=(TOWN,)),), "lead-among-co-units"),
        ],
    )
    def test_refuses_wrong_parts(self, parts: tuple[PartGiven, ...], code: str) -> None:
        """没有单位、同一单位两份、没有的单位，都不收。"""
        with refused(Invalid, code):
            split(World().registered(), *parts)

    def test_refuses_a_unit_that_has_a_part(self) -> None:
        """已有一份在办的单位不能再加；它那一份改派给别人以后就可以。"""
        w = split_in_two()
        with refused(Invalid, "unit-twice"):
            split(w, PartGiven(lead_unit=WATER))
        command = a.ReassignMatter(lead_unit=SCHOOLS, quality_requirement="清完", time_limit="3日内")
        w.turn_to("2026-00001-2").do("reassign", command, CLERK)
        split(whole(w), PartGiven(lead_unit=WATER))
        assert len(w.matter.branches) == 3

    def test_is_the_offices(self) -> None:
        """分办由督查室办，责任单位不能自己分。"""
        w = World().rectifying()
        with refused(NotYours):
            w.do("split", SplitMatter(parts=(PartGiven(lead_unit=WATER),), time_limit="3日内"), LIAISON)
        with refused(WrongStage):
            split_in_two(World().reported())

    def test_leaves_the_work_to_the_parts(self) -> None:
        """分办以后，交办、改派等只能对各份办。"""
        w = split_in_two()
        command = a.ReassignMatter(lead_unit=SCHOOLS, quality_requirement="清完", time_limit="3日内")
        with refused(WrongStage) as caught:
            w.do("reassign", command, CLERK)
        assert "2份" in caught.value.sentence
        assert tuple(name for name in w.permitted(HEAD) if name in CONTRACT) == (
            "attach-evidence", "cancel", "transfer", "correct",
        )  # fmt: skip

    def test_takes_no_other_children(self) -> None:
        """已分办的不能再挂别的下级事项。"""
        w = split_in_two()
        command = registering.RegisterMatter(
            title="又一件", kind="rectification", source="督查", problem="又", parent=w.current
        )
        with refused(Invalid, "parent-split"):
            w.do("register", command, CLERK)


class TestTheWhole:
    def test_closes_with_the_last_part(self) -> None:
        """各份都办结，总件才办结；有一份逾期办结，总件也算逾期。"""
        w = split_in_two()
        cancel(w, "2026-00001-2")
        assert whole(w).stage is Stage.RECTIFYING
        w.turn_to("2026-00001-1").do("acknowledge", a.AcknowledgeAssignment(), LIAISON)
        finish(w.later(days=20))
        assert whole(w).stage is Stage.CLOSED
        assert w.matter.closed_late

    def test_is_cancelled_where_every_part_was(self) -> None:
        """各份都撤销，总件随之撤销。"""
        w = cancel(cancel(split_in_two(), "2026-00001-1"), "2026-00001-2")
        assert whole(w).stage is Stage.CANCELLED

    def test_goes_on_with_a_part_that_was_reopened(self) -> None:
        """一份重开，总件跟着回到整改中；总件自己不能重开。"""
        w = cancel(cancel(split_in_two(), "2026-00001-1"), "2026-00001-2")
        with refused(WrongStage):
            whole(w).do("reopen", closing.ReopenMatter(reason="撤错"), HEAD)
        w.turn_to("2026-00001-1").do("reopen", closing.ReopenMatter(reason="撤错"), HEAD)
        assert whole(w).stage is Stage.RECTIFYING
        assert [branch.ended for branch in w.matter.branches] == [None, Stage.CANCELLED]

    def test_is_not_cancelled_before_its_parts(self) -> None:
        """还有分件在办，总件不能撤销、移交；说明是哪几件。"""
        w = split_in_two()
        with refused(Invalid, "open-children") as caught:
            w.do("cancel", ending.CancelMatter(reason="不办了"), HEAD)
        assert "2026-00001-1、2026-00001-2" in caught.value.sentence


def finish(w: World) -> None:
    """From 已签收 to 已销号."""
    from events.matter import rectifying
    from tests.spec.given import a_plan

    w.do("submit-plan", a_plan(w.today), LIAISON)
    w.do("approve-plan", rectifying.ApprovePlan(), CLERK)
    w.report().verify().pass_().close()


PLAN = (
    PartGiven(
        title="安居",
        parts=(
            PartGiven(
                title="危房改造",
                parts=(
                    PartGiven(title="东片二十户", lead_unit=TOWN),
                    PartGiven(title="西片三十户", lead_unit=TOWN, time_limit="20日内"),
                ),
            ),
            PartGiven(title="配套管网", lead_unit=WATER),
        ),
    ),
    PartGiven(title="助学", lead_unit=SCHOOLS),
)


class TestThePlan:
    def test_is_a_tree_of_projects_plans_and_items(self) -> None:
        """项目、计划、事项三层一次分完：各有编号，事项各有单位和期限，一个单位可以有几项。"""
        w = split(World().registered(), *PLAN)
        numbers = {m.number: (m.title, m.lead_unit, m.due_on) for m in w.matters.values()}
        assert numbers["2026-00001-1-1-2"] == ("西片三十户", TOWN, date(2026, 3, 22))
        assert numbers["2026-00001-1-1"] == ("危房改造", None, None)
        assert numbers["2026-00001-2"] == ("助学", SCHOOLS, date(2026, 3, 12))
        assert len(numbers) == 7

    def test_closes_from_below(self) -> None:
        """计划随最后一项了结，项目随最后一个计划了结，总件随最后一个项目了结；重开一项，上面都回来。"""
        w = split(World().registered(), *PLAN)
        for number in ("1-1-1", "1-1-2", "1-2"):
            cancel(w, f"2026-00001-{number}")
        assert w.turn_to("2026-00001-1-1").stage is Stage.CANCELLED
        assert w.turn_to("2026-00001-1").stage is Stage.CANCELLED
        assert whole(w).stage is Stage.RECTIFYING
        cancel(w, "2026-00001-2")
        assert whole(w).stage is Stage.CANCELLED
        w.turn_to("2026-00001-1-1-1").do("reopen", closing.ReopenMatter(reason="撤错"), HEAD)
        assert {w.turn_to(f"2026-00001{n}").stage for n in ("", "-1", "-1-1")} == {Stage.RECTIFYING}
        assert whole(w).matter.branches[0].title == "安居"

    def test_takes_further_items(self) -> None:
        """计划里以后还能加事项，同一单位也行，名称不同即可。"""
        w = split(World().registered(), *PLAN).turn_to("2026-00001-1-1")
        split(w, PartGiven(title="北片十户", lead_unit=TOWN))
        assert w.matter.branches[-1].matter.endswith("-001-001-003")
        with refused(Invalid, "title-twice"):
            split(w, PartGiven(title="北片十户", lead_unit=TOWN))

    @pytest.mark.parametrize(
        ("parts", "code"),
        [
            ((PartGiven(title="项目", lead_unit=TOWN, parts=(PartGiven(lead_unit=TOWN),)),), "unit-above"),
            ((PartGiven(parts=(PartGiven(lead_unit=TOWN),)),), "untitled"),
            ((PartGiven(title="项目"),), "no-unit"),
            ((PartGiven(title="项目", parts=(PartGiven(title="事项"),)),), "no-unit"),
            ((PartGiven(title="项目", parts=(PartGiven(lead_unit=TOWN), PartGiven(lead_unit=TOWN))),),
             "title-twice"),
            ((PartGiven(lead_unit=TOWN, title="甲"), PartGiven(lead_unit=TOWN, title="乙")), "unit-twice"),
            ((PartGiven(title="一", parts=(PartGiven(title="二", parts=(
                PartGiven(title="三", parts=(PartGiven(lead_unit=TOWN),)),)),)),), "too-deep"),
        ],
    )  # fmt: skip
    def test_refuses_a_plan_that_does_not_hold_together(
        self, parts: tuple[PartGiven, ...], code: str
    ) -> None:
        """有分项的要有名称、不写单位；没有分项的要有单位；同名两遍、超过三层的不收；直接分给单位的一单位一份。"""
        with refused(Invalid, code):
            split(World().registered(), *parts)
