"""中止、恢复: the clock stands still for a reason."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from events.matter.extending import GrantExtension, RequestExtension
from events.matter.suspending import MatterResumed, ResumeMatter, SuspendMatter
from events.refusals import Invalid, NotYours, WrongStage
from events.vocabulary import Role, Stage
from tests.spec.given import CLERK, HEAD, LIAISON, MONDAY, TOWN, World, actor, refused


def resume(w: World) -> World:
    w.do("resume", ResumeMatter(), HEAD)
    return w


class TestSuspending:
    @pytest.mark.parametrize("way", ["acknowledged", "planning", "rectifying"])
    def test_stops_the_clock_and_goes_back(self, way: str) -> None:
        """签收后到报结前都可中止，恢复后回到原阶段。"""
        w = getattr(World(), way)()
        before = w.stage
        w.do("suspend", SuspendMatter(reason="防汛"), HEAD)
        assert (w.stage, w.matter.suspended_reason) == (Stage.SUSPENDED, "防汛")
        assert resume(w).stage is before
        assert w.matter.suspended_at is None

    def test_wants_a_reason(self) -> None:
        """中止须有理由。"""
        with refused(Invalid, "blank-field"):
            World().rectifying().do("suspend", SuspendMatter(reason=""), HEAD)

    def test_is_for_a_head_outside_the_unit(self) -> None:
        """中止和恢复由督查室负责人决定，承办单位的人不得决定。"""
        own = actor("兼职", TOWN, Role.OFFICE_HEAD)
        for by in (CLERK, LIAISON, own):
            with refused(NotYours):
                World().rectifying().do("suspend", SuspendMatter(reason="防汛"), by)
            with refused(NotYours):
                World().suspended().do("resume", ResumeMatter(), by)

    def test_has_its_stages(self) -> None:
        """待签收、已报结、已中止不能中止；没有中止不能恢复。"""
        for way in ("assigned", "reported", "suspended", "closed"):
            with refused(WrongStage):
                getattr(World(), way)().do("suspend", SuspendMatter(reason="防汛"), HEAD)
        with refused(WrongStage):
            resume(World().rectifying())


class TestResuming:
    def test_moves_the_limit_by_calendar_days(self) -> None:
        """时限按日历日计的，恢复后期限顺延中止的日历日数，不算延期。"""
        w = World().suspended(time_limit="20日内")
        resume(w.later(days=6))
        assert w.due_on == MONDAY + timedelta(days=26)
        fact = w.facts[-1]
        assert isinstance(fact, MatterResumed)
        assert (fact.days, fact.in_working_days, fact.from_due_on) == (6, False, MONDAY + timedelta(days=20))
        assert [d.why for d in w.matter.due_dates] == ["assigned", "resumed"]
        assert w.matter.extensions == ()

    def test_moves_the_limit_by_working_days(self) -> None:
        """时限按工作日计的，恢复后期限顺延中止的工作日数。"""
        w = World().suspended(time_limit="15个工作日内")
        resume(w.later(days=7))  # Monday to Monday: five working days
        assert w.due_on == date(2026, 3, 30)

    def test_moves_nothing_on_the_same_day(self) -> None:
        """当日中止当日恢复，期限不变。"""
        w = World().suspended(time_limit="20日内")
        resume(w)
        assert w.due_on == MONDAY + timedelta(days=20)
        assert len(w.matter.due_dates) == 1

    def test_moves_no_working_day_over_a_weekend(self) -> None:
        """按工作日计的，周末中止不顺延。"""
        w = World().rectifying(time_limit="15个工作日内").on(date(2026, 3, 6))
        w.do("suspend", SuspendMatter(reason="防汛"), HEAD)
        resume(w.on(date(2026, 3, 8)))
        assert w.due_on == date(2026, 3, 23)

    def test_goes_by_calendar_days_after_an_extension(self) -> None:
        """延期到某一日的，此后按日历日顺延。"""
        w = World().rectifying()
        w.do("request-extension", RequestExtension(until=date(2026, 4, 1), reason="车"), LIAISON)
        w.do("grant-extension", GrantExtension(until=date(2026, 4, 1)), HEAD)
        w.do("suspend", SuspendMatter(reason="防汛"), HEAD)
        resume(w.later(days=7))
        assert w.due_on == date(2026, 4, 8)

    def test_keeps_being_late(self) -> None:
        """逾期后中止，恢复后逾期天数不变。"""
        w = World().rectifying(time_limit="5日内").later(days=8)
        w.do("suspend", SuspendMatter(reason="防汛"), HEAD)
        resume(w.later(days=10))
        assert w.due_on is not None
        assert (w.today - w.due_on).days == 3
