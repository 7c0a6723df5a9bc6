"""工作日历: each publication a fact, the newest in force, the past still to be asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time
from functools import cache

import pytest

from events.calendars.facts import CalendarPublished
from events.calendars.folding import apply, begin, evolve
from events.calendars.publishing import (
    CalendarSurroundings,
    Moved,
    PublishCalendar,
    WrittenDay,
    decide,
    preview,
    shipped_drafts,
)
from events.calendars.state import Calendars, YearTables
from events.matter.state import Limit, Matter
from events.record.envelope import OPERATOR, Actor, Decision
from events.refusals import Invalid, NotYours
from events.rules.calendar import CalendarDay, CalendarYear, UnreadableCalendar, WorkingDays, shipped_years
from events.vocabulary import BEIJING, MatterId, Role, Stage, Starts
from tests.spec_directory.given import ADMIN, CLERK, TODAY, recorded_as

AT = datetime.combine(TODAY, time(9), BEIJING)
NEW_YEAR = (
    WrittenDay(date="2027-01-01", working=False, name="元旦"),
    WrittenDay(date="2027/1/2", working="1"),
)
NOTICE = "国务院办公厅关于2027年部分节假日安排的通知"
published = cache(lambda: WorkingDays(shipped_years()))


def asked(
    *days: WrittenDay,
    year: int = 2027,
    tables: YearTables | None = None,
    source: str = NOTICE,
    actor: Actor = ADMIN,
) -> Decision:
    command = PublishCalendar(days=days, source=source)
    seen = CalendarSurroundings(actor=actor, at=AT)
    return decide(year, command, tables or begin(f"calendar-{year}"), seen)


def after(*decisions: Decision) -> Calendars:
    calendars = Calendars()
    for position, decision in enumerate(decisions, 10):
        (draft,) = decision.drafts
        recorded = recorded_as(draft.fact, draft.stream, position=position, version=1, at=AT)
        apply(calendars, recorded)
    return calendars


class TestPublishing:
    def test_makes_the_table_a_fact(self) -> None:
        """公布某年放假安排：写明哪天放假、哪天补班、出自哪个通知。"""
        decision = asked(*NEW_YEAR)
        (draft,) = decision.drafts
        assert draft.stream == "calendar-2027"
        assert draft.fact == CalendarPublished(
            year=2027,
            version=1,
            source=NOTICE,
            days=(
                CalendarDay(on=date(2027, 1, 1), working=False, name="元旦"),
                CalendarDay(on=date(2027, 1, 2), working=True, name=""),
            ),
        )
        assert decision.answer == {"year": 2027, "version": 1}
        assert decision.role is Role.ADMIN
        assert asked(*NEW_YEAR, actor=OPERATOR).role is None

    def test_counts_a_second_publication_as_a_new_version(self) -> None:
        """同一年再次公布，是新的一版，原来那版仍可按当时查到。"""
        first = asked(*NEW_YEAR)
        tables = evolve(
            begin("calendar-2027"),
            recorded_as(first.drafts[0].fact, "calendar-2027", position=10, version=1, at=AT),
        )
        second = asked(WrittenDay(date="2027-01-01", working=True, name="元旦"), tables=tables)
        assert second.answer == {"year": 2027, "version": 2}
        calendars = after(first, second)
        assert calendars.working_days().version_of(2027) == 2
        assert calendars.working_days().is_working(date(2027, 1, 1))
        assert calendars.working_days(10).version_of(2027) == 1
        assert not calendars.working_days(10).is_working(date(2027, 1, 1))
        assert not calendars.working_days(9).published(2027)

    def test_is_refused_to_anybody_but_the_admin(self) -> None:
        """督查室经办不能公布放假安排。"""
        with pytest.raises(NotYours):
            asked(*NEW_YEAR, actor=CLERK)

    @pytest.mark.parametrize(
        ("days", "what"),
        [
            ((), "一天也没有"),
            ((WrittenDay(date="2026-12-31", working=False),), "不在2027年"),
            ((NEW_YEAR[0], NEW_YEAR[0]), "已经写过"),
            ((WrittenDay(date="2027-02-30", working=False),), "第1行"),
            ((NEW_YEAR[0], WrittenDay(date="2027-01-03", working="也许")), "第2行"),
        ],
    )
    def test_refuses_a_table_that_cannot_be(self, days: tuple[WrittenDay, ...], what: str) -> None:
        """空表、别的年份的日子、重复的日子、读不懂的行，都不收，并指出是哪一行。"""
        with pytest.raises(UnreadableCalendar, match=what):
            asked(*days)

    @pytest.mark.parametrize("source", ["", "  ", "长" * 501, "通知\x07"])
    def test_asks_for_its_source(self, source: str) -> None:
        """没有写明出处的，不收。"""
        with pytest.raises(Invalid, match="出处"):
            asked(*NEW_YEAR, source=source)

    def test_refuses_an_absurd_year(self) -> None:
        """离谱的年份不收。"""
        with pytest.raises(UnreadableCalendar):
            asked(*NEW_YEAR, year=1900)


class TestShipped:
    def test_publishes_every_year_that_comes_along(self) -> None:
        """新开的记录里，2004到2026年的放假安排已经公布，结果和随附的表一致。"""
        calendars = Calendars()
        drafts = shipped_drafts()
        for position, draft in enumerate(drafts, 1):
            apply(calendars, recorded_as(draft.fact, draft.stream, position=position, version=1, at=AT))
        assert sorted(calendars.years) == list(range(2004, 2027))
        first, last = date(2004, 1, 1), date(2026, 12, 31)
        assert calendars.working_days().working_days_between(first, last) == published().working_days_between(
            first, last
        )
        assert [d.stream for d in shipped_drafts([2008, 2009])] == ["calendar-2008", "calendar-2009"]


class TestAsking:
    def test_gives_the_same_collection_until_something_is_published(self) -> None:
        """没有新的公布，就不重算。"""
        calendars = after(asked(*NEW_YEAR))
        kept = calendars.working_days()
        assert calendars.working_days() is kept
        assert calendars.working_days(10) is kept
        copy = calendars.copy()
        copy.add(begin("calendar-2028"), 11)
        assert calendars.working_days() is kept
        assert 2028 not in calendars.years

    def test_leaves_other_facts_alone(self) -> None:
        """别的事实不影响日历。"""
        calendars = Calendars()
        apply(calendars, recorded_as(object(), "unit-x", position=5, version=1, at=AT))
        assert calendars == Calendars()


class TestPreviewing:
    def limited(self, **limit: object) -> Matter:
        whole: dict[str, object] = {
            "time_limit": "10个工作日内",
            "starts": Starts.ASSIGNED,
            "start_on": date(2026, 12, 24),
            "due_on": published().nth_working_day_after(date(2026, 12, 24), 10).on,
            "provisional": True,
            "in_working_days": True,
        }
        return Matter(
            id=MatterId("m1"),
            number="2026-00001",
            stage=Stage.RECTIFYING,
            limit=Limit(**{**whole, **limit}),  # type: ignore[arg-type]
        )

    def calendar(self) -> WorkingDays:
        days = tuple(
            CalendarDay(on=date(2027, 1, day), working=False, name="元旦") for day in (1, 2, 3, 4, 5)
        )
        return published().with_year(CalendarYear(year=2027, version=1, source=NOTICE, days=days))

    def test_shows_which_limits_move(self) -> None:
        """公布之前先看：哪些暂定时限会变，从哪天变到哪天。"""
        matter = self.limited()
        assert preview([(matter.id, matter)], self.calendar()) == (
            Moved(
                matter=matter.id,
                number="2026-00001",
                old=date(2027, 1, 8),
                new=date(2027, 1, 12),
                still_provisional=False,
            ),
        )

    def test_moves_a_settled_limit_too(self) -> None:
        """一年的安排再次公布，在办事项已经算定的工作日时限也随之改。"""
        matter = self.limited(provisional=False)
        (moved,) = preview([(matter.id, matter)], self.calendar())
        assert (moved.old, moved.new) == (date(2027, 1, 8), date(2027, 1, 12))

    def test_leaves_the_others_out(self) -> None:
        """不按工作日算的、已经了结的，都不变。"""
        matter = self.limited()
        others = [
            self.limited(time_limit=None, in_working_days=False),
            self.limited(due_on=None),
            replace(matter, stage=Stage.CLOSED),
            replace(matter, limit=None),
            self.limited(due_on=date(2027, 1, 12)),
        ]
        assert preview([(m.id, m) for m in others], self.calendar()) == ()
