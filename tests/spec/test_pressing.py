"""提醒台阶 and 重算时限: what the clock says, once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from events.matter.assigning import AssignMatter, DecideObjection, ObjectToAssignment, ReassignMatter
from events.matter.extending import GrantExtension, RequestExtension
from events.matter.looking_back import SelectLookBack
from events.matter.pressing import (
    DueReminded,
    ExtensionReminded,
    LookBackReminded,
    OverdueReminded,
    PassedOver,
    RecomputeDue,
    Remind,
    UnsignedReminded,
    VerificationReminded,
)
from events.matter.reporting import ReturnCompletion
from events.matter.suspending import ResumeMatter, SuspendMatter
from events.record.envelope import CLOCK
from events.refusals import NotYours
from tests.spec.given import ASSIGNMENT, CLERK, HEAD, LIAISON, MONDAY, TOWN, WATER, World, refused

DAY = timedelta(days=1)


def daily(w: World, days: int) -> list[tuple[int, type, int]]:
    """Ticks every day; gives (days gone, type, offset) of what was said."""
    start = w.today
    said = []
    for gone in range(days + 1):
        w.on(start + gone * DAY)
        said += [(gone, type(fact), fact.offset) for fact in w.tick()]
    return said


class TestDueReminders:
    def test_come_seven_three_one_days_before_and_on_the_day(self) -> None:
        """到期前7、3、1日和当日各提醒一次，过后1、3、7、15日催办，此后每15日一次。"""
        said = daily(World().rectifying(time_limit="10日内"), 60)
        assert [(gone, offset) for gone, _, offset in said] == [
            (3, -7), (7, -3), (9, -1), (10, 0),
            (11, 1), (13, 3), (17, 7), (25, 15), (40, 30), (55, 45),
        ]  # fmt: skip
        assert [kind for _, kind, _ in said] == [DueReminded] * 4 + [OverdueReminded] * 6

    def test_do_not_come_from_before_the_assignment(self) -> None:
        """早于交办日的台阶不存在。"""
        said = daily(World().rectifying(time_limit="2日内"), 2)
        assert [(gone, offset) for gone, _, offset in said] == [(1, -1), (2, 0)]

    def test_come_on_the_day_of_assignment_where_it_is_a_rung(self) -> None:
        """台阶正落在交办当日的，当日即提醒。"""
        w = World().rectifying(time_limit="3日内")
        (fact,) = w.tick()
        assert (fact.offset, fact.days_left, fact.slot) == (-3, 3, MONDAY)

    def test_come_once(self) -> None:
        """同一台阶第二次走表不再说。"""
        w = World().rectifying(time_limit="3日内")
        assert len(w.tick()) == 1
        assert w.tick() == []
        assert w.later(hours=12).tick() == []

    def test_say_the_newest_after_a_silence_and_name_the_others(self) -> None:
        """停摆之后只说最新到达的台阶，并列出错过的台阶及日期。"""
        w = World().rectifying(time_limit="10日内").on(MONDAY + 14 * DAY)
        (fact,) = w.tick()
        assert isinstance(fact, OverdueReminded)
        assert (fact.offset, fact.slot, fact.days_late) == (3, MONDAY + 13 * DAY, 4)
        assert fact.passed_over == tuple(
            PassedOver(slot=MONDAY + (10 + offset) * DAY, offset=offset) for offset in (-7, -3, -1, 0, 1)
        )
        assert w.tick() == []
        assert [(gone, offset) for gone, _, offset in daily(w.on(MONDAY + 15 * DAY), 3)] == [(2, 7)]

    def test_say_how_many_days_are_left_when_said(self) -> None:
        """晚说的提醒按说的那天算剩余日数。"""
        w = World().rectifying(time_limit="10日内").on(MONDAY + 5 * DAY)
        (fact,) = w.tick()
        assert isinstance(fact, DueReminded)
        assert (fact.offset, fact.days_left) == (-7, 5)

    @pytest.mark.parametrize("way", ["assigned", "acknowledged", "planning", "rectifying", "objected"])
    def test_come_while_the_unit_owes(self, way: str) -> None:
        """待签收到整改中、异议待裁定，都照常提醒和催办。"""
        w = getattr(World(), way)(time_limit="5日内").on(MONDAY + 6 * DAY)
        assert OverdueReminded in {type(fact) for fact in w.tick()}

    @pytest.mark.parametrize(
        "way", ["registered", "suspended", "reported", "verifying", "reviewed", "closed", "cancelled"]
    )
    def test_are_silent_where_the_unit_owes_nothing(self, way: str) -> None:
        """待交办、已中止、已报结、已了结的，不再提醒单位。"""
        w = getattr(World(), way)() if way == "registered" else getattr(World(), way)(time_limit="5日内")
        w.on(MONDAY + 6 * DAY)
        assert not {DueReminded, OverdueReminded, UnsignedReminded} & {type(fact) for fact in w.tick()}

    def test_count_anew_from_a_moved_date(self) -> None:
        """期限移动后，台阶从新期限重新计算。"""
        w = World().rectifying(time_limit="10日内").on(MONDAY + 11 * DAY)
        assert [fact.offset for fact in w.tick()] == [1]
        w.do("suspend", SuspendMatter(reason="防汛"), HEAD)
        assert daily(w, 20) == []
        w.do("resume", ResumeMatter(), HEAD)
        assert w.due_on == MONDAY + 30 * DAY
        assert [offset for _, _, offset in daily(w.later(days=1), 10)] == [1, 3, 7]

    def test_count_anew_for_another_unit(self) -> None:
        """改派后，新单位从头提醒，即使期限是同一天。"""
        w = World().rectifying(due_on=MONDAY + 7 * DAY)
        assert [fact.offset for fact in w.tick()] == [-7]
        w.do("reassign", ReassignMatter(**ASSIGNMENT | {"lead_unit": WATER}, due_on=MONDAY + 7 * DAY), CLERK)
        assert [fact.offset for fact in w.tick()] == [-7]

    @pytest.mark.parametrize("detour", [None, "other unit", "registered"])
    def test_are_not_said_again_on_the_day_to_the_same_unit(self, detour: str | None) -> None:
        """同一天改派回同一单位、期限未变的，当天说过的台阶不再说；下一台阶照常。"""
        due_on = MONDAY + 7 * DAY
        again = ReassignMatter(**ASSIGNMENT | {"lead_unit": TOWN}, due_on=due_on)
        w = World().rectifying(due_on=due_on)
        assert [fact.offset for fact in w.tick()] == [-7]
        if detour == "registered":
            w.do("object", ObjectToAssignment(reason="不归本镇"), LIAISON)
            w.do("decide-objection", DecideObjection(upheld=True), HEAD)
            w.do("assign", AssignMatter(**ASSIGNMENT, due_on=due_on), CLERK)
        elif detour == "other unit":
            w.do("reassign", ReassignMatter(**ASSIGNMENT | {"lead_unit": WATER}, due_on=due_on), CLERK)
            assert [fact.offset for fact in w.tick()] == [-7]
        w.do("reassign", again, CLERK)
        assert w.tick() == []
        assert [gone for gone, kind, _ in daily(w, 4) if kind is DueReminded] == [4]

    def test_are_not_said_again_where_a_due_date_comes_back(self) -> None:
        """期限改走又改回来的，说过的台阶不再说。"""
        first, second = MONDAY + 7 * DAY, MONDAY + 3 * DAY
        w = World().rectifying(due_on=first)
        said = [fact.offset for fact in w.tick()]
        for due_on in (second, first, second):
            w.do("reassign", ReassignMatter(**ASSIGNMENT, due_on=due_on), CLERK)
            said += [fact.offset for fact in w.tick()]
        assert said == [-7, -3]

    def test_go_on_after_a_return(self) -> None:
        """退回后仍逾期三日的，当天就催办。"""
        w = World().rectifying(time_limit="5日内").later(days=8).report().later(days=6)
        assert w.tick() == []
        w.do("return-completion", ReturnCompletion(reason="没清完"), CLERK)
        assert [(fact.offset, fact.days_late) for fact in w.tick()] == [(3, 3)]


class TestUnsignedReminders:
    def test_come_on_the_first_working_day_and_each_third(self) -> None:
        """未签收的，交办后第1个工作日催办，此后每3个工作日一次。"""
        w = World().assigned(time_limit="3个月内")
        said = [(w.today, fact.offset) for gone in range(12) for fact in w.on(MONDAY + gone * DAY).tick()]
        assert said == [
            (date(2026, 3, 3), 1),
            (date(2026, 3, 6), 4),
            (date(2026, 3, 11), 7),
        ]

    def test_stop_with_the_sign_for(self) -> None:
        """签收后不再催签收。"""
        assert daily(World().acknowledged(time_limit="3个月内"), 9) == []

    def test_pause_with_an_objection(self) -> None:
        """提出异议后不催签收。"""
        w = World().assigned(time_limit="3个月内")
        w.do("object", ObjectToAssignment(reason="不属本镇"), LIAISON)
        assert daily(w, 9) == []

    def test_come_beside_the_due_reminder(self) -> None:
        """同一天既未签收又到期的，两样各说一次。"""
        w = World().assigned(time_limit="1日内").on(MONDAY + DAY)
        assert {type(fact) for fact in w.tick()} == {DueReminded, UnsignedReminded}


class TestExtensionReminders:
    def test_come_shortly_before_an_extended_limit(self) -> None:
        """延期将满前3日、1日另行提醒。"""
        w = World().rectifying(time_limit="10日内")
        w.do("request-extension", RequestExtension(until=MONDAY + 20 * DAY, reason="车"), LIAISON)
        w.do("grant-extension", GrantExtension(until=MONDAY + 20 * DAY), HEAD)
        said = daily(w, 22)
        assert [(gone, offset) for gone, kind, offset in said if kind is ExtensionReminded] == [
            (17, -3),
            (19, -1),
        ]
        assert [gone for gone, kind, _ in said if kind is not ExtensionReminded] == [13, 17, 19, 20, 21]


class TestVerificationReminders:
    def test_come_when_the_office_is_late(self) -> None:
        """报结后10个工作日未核查的，次日提醒督查室，此后每5个工作日一次。"""
        w = World().reported()
        said = daily(w, 40)
        due = date(2026, 3, 16)
        assert [(MONDAY + gone * DAY, offset) for gone, _, offset in said] == [
            (due + DAY, 0),
            (date(2026, 3, 23), 5),
            (date(2026, 3, 30), 10),
            (date(2026, 4, 7), 15),  # 清明 is off
        ]
        assert {kind for _, kind, _ in said} == {VerificationReminded}

    def test_go_on_while_verifying_and_stop_with_the_decision(self) -> None:
        """核查中仍提醒，作出结论即止。"""
        w = World().verifying().on(date(2026, 3, 17))
        (fact,) = w.tick()
        assert (fact.reported_on, fact.verify_due_on) == (MONDAY, date(2026, 3, 16))
        w.pass_()
        assert daily(w, 20) == []


class TestLookBackReminders:
    def test_come_before_on_and_after_the_day(self) -> None:
        """回头看前3日、当日提醒，过后每7日一次，直到完成。"""
        w = World().closed()
        w.do("select-look-back", SelectLookBack(due_on=MONDAY + 10 * DAY), CLERK)
        said = daily(w, 25)
        assert [(gone, offset) for gone, _, offset in said] == [(7, -3), (10, 0), (17, 7), (24, 14)]
        assert {kind for _, kind, _ in said} == {LookBackReminded}

    def test_do_not_come_without_a_selection(self) -> None:
        """没有抽取的不提醒。"""
        assert daily(World().closed(), 30) == []


class TestTheClock:
    def test_is_no_person(self) -> None:
        """提醒和重算只由时钟规则发出。"""
        w = World().rectifying()
        for name, command in (("remind", Remind()), ("recompute-due", RecomputeDue())):
            with refused(NotYours):
                w.do(name, command, HEAD)

    def test_signs_without_a_role(self) -> None:
        """时钟的话记在时钟名下。"""
        w = World().rectifying(time_limit="3日内")
        w.tick()
        assert (w.last().actor, w.last().role) == (CLOCK.user, None)
