"""重算时限: a published year settles a 暂定 limit."""

from __future__ import annotations

from datetime import date, timedelta

from events.matter.extending import GrantExtension, RequestExtension
from events.matter.pressing import (
    DueDateRecomputed,
    RecomputeDue,
)
from events.matter.reporting import ReturnCompletion
from events.matter.suspending import ResumeMatter, SuspendMatter
from events.record.envelope import CLOCK
from events.rules.calendar import CalendarDay, CalendarYear, WorkingDays, shipped_years
from tests.spec.given import CLERK, HEAD, LIAISON, MONDAY, World

DAY = timedelta(days=1)


UNPUBLISHED = WorkingDays(year for year in shipped_years() if year.year < 2026)


def publish(w: World, *off: date) -> World:
    days = tuple(CalendarDay(on=day, working=False, name="假") for day in off)
    year = CalendarYear(year=2026, version=1, source="公布", days=days)
    w.calendar = UNPUBLISHED.with_year(year)
    return w


class TestRecomputing:
    def provisional(self, **fields: object) -> World:
        return World(calendar=UNPUBLISHED).rectifying(**fields)

    def recompute(self, w: World) -> list[object]:
        before = len(w.record)
        w.do("recompute-due", RecomputeDue(), CLOCK)
        return [r.fact for r in w.record[before:]]

    def test_moves_a_provisional_limit_when_the_year_is_published(self) -> None:
        """放假安排公布后，暂定期限重算，旧期限留存，不再暂定。"""
        w = self.provisional()
        assert w.matter.limit is not None
        assert w.matter.limit.provisional
        before = w.due_on
        (fact,) = self.recompute(publish(w, date(2026, 3, 10)))
        assert isinstance(fact, DueDateRecomputed)
        assert (fact.from_due_on, fact.limit.due_on) == (before, date(2026, 3, 24))
        assert (w.due_on, w.matter.limit.provisional) == (date(2026, 3, 24), False)
        assert w.matter.limit.calendar_versions == ((2026, 1),)
        assert [d.why for d in w.matter.due_dates] == ["assigned", "recomputed"]

    def test_settles_one_that_does_not_move(self) -> None:
        """重算后日期不变的，去掉暂定。"""
        w = publish(self.provisional())
        assert len(self.recompute(w)) == 1
        assert w.due_on == date(2026, 3, 23)
        assert self.recompute(w) == []

    def test_says_nothing_while_nothing_is_published(self) -> None:
        """没有新公布的，不说。"""
        assert self.recompute(self.provisional()) == []

    def test_keeps_what_returns_and_suspensions_moved(self) -> None:
        """退回和中止顺延的日数，重算后仍在。"""
        w = self.provisional(time_limit="5个工作日内").report().later(days=3)
        w.do("return-completion", ReturnCompletion(reason="没清完"), CLERK)
        w.do("suspend", SuspendMatter(reason="防汛"), HEAD)
        w.later(days=4).do("resume", ResumeMatter(), HEAD)
        before = w.due_on
        assert before == date(2026, 3, 16)  # 9 March, three calendar days, two working days
        self.recompute(publish(w))
        assert w.due_on == before
        self.recompute(publish(w, date(2026, 3, 5)))
        assert w.due_on == date(2026, 3, 17)

    def test_moves_again_when_a_year_is_published_anew(self) -> None:
        """同一年再次公布，按新版本重算。"""
        w = World().rectifying()
        self.recompute(publish(w, date(2026, 3, 10)))
        assert w.due_on == date(2026, 3, 24)

    def test_leaves_dates_and_ended_matters_alone(self) -> None:
        """给定日期的、延期到某日的、已了结的，都不再动。"""
        off = date(2026, 3, 10)
        assert self.recompute(publish(self.provisional(due_on=MONDAY + 9 * DAY), off)) == []
        extended = self.provisional()
        extended.do("request-extension", RequestExtension(until=date(2026, 4, 1), reason="车"), LIAISON)
        extended.do("grant-extension", GrantExtension(until=date(2026, 4, 1)), HEAD)
        assert self.recompute(publish(extended, off)) == []
        assert self.recompute(publish(self.provisional().report().verify().pass_().close(), off)) == []

    def test_judges_a_standing_report_anew(self) -> None:
        """报结后期限重算的，是否逾期按新期限重新认定。"""
        w = self.provisional(time_limit="5个工作日内").on(date(2026, 3, 10)).report()
        assert w.matter.days_late_at_report == 1
        self.recompute(publish(w, date(2026, 3, 5)))
        assert (w.due_on, w.matter.days_late_at_report) == (date(2026, 3, 10), 0)
