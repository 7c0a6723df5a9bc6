"""提醒台阶 as arithmetic: nothing twice, nothing forgotten, whenever one looks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.rules.ladder import (
    Ladder,
    Slot,
    extension_ladder,
    following,
    limit_ladder,
    look_back_ladder,
    next_rung_on,
    reached,
    unsigned_ladder,
    verification_ladder,
)
from events.rules.procedures import MatterRules
from tests.spec.given import SHIPPED, World

RULES = MatterRules()
DAY = timedelta(days=1)
DAYS = st.dates(min_value=date(2006, 1, 1), max_value=date(2025, 6, 30))


@st.composite
def some_ladder(draw: st.DrawFn) -> Ladder:
    start = draw(DAYS)
    anchor = start + draw(st.integers(0, 120)) * DAY
    return draw(
        st.sampled_from(
            [
                limit_ladder(anchor, start, RULES),
                extension_ladder(anchor, start, RULES),
                look_back_ladder(anchor, start, RULES),
                unsigned_ladder(start, RULES, SHIPPED),
                verification_ladder(start, RULES, SHIPPED),
            ]
        )
    )


def walked(ladder: Ladder, upto: date) -> Iterator[Slot]:
    """Every rung that exists up to a day, by looking at one after the other."""
    index = 0
    while ladder.ends is None or index < ladder.ends:
        slot = ladder.nth(index)
        if slot.on > upto:
            return
        if slot.on >= ladder.floor:
            yield slot
        index += 1


class TestReaching:
    @given(ladder=some_ladder(), gone=st.integers(0, 200))
    def test_finds_what_walking_finds(self, ladder: Ladder, gone: int) -> None:
        """最新到达的台阶和错过的台阶，与逐级数下来的一致。"""
        today = ladder.floor + gone * DAY
        rungs = list(walked(ladder, today))
        found = reached(ladder, today=today, last_said=None)
        assert (found is None) == (not rungs)
        if found is not None:
            assert (*found.passed_over, found.slot) == tuple(rungs)

    @given(ladder=some_ladder(), gone=st.integers(0, 200))
    def test_says_nothing_twice(self, ladder: Ladder, gone: int) -> None:
        """说过之后，同一天不再说。"""
        today = ladder.floor + gone * DAY
        found = reached(ladder, today=today, last_said=None)
        if found is not None:
            assert reached(ladder, today=today, last_said=found.slot.on) is None

    @given(ladder=some_ladder(), gone=st.integers(0, 200))
    def test_comes_next_after_what_was_said(self, ladder: Ladder, gone: int) -> None:
        """说过之后，下一台阶必在今天之后；没说过的，下一台阶就是第一级。"""
        today = ladder.floor + gone * DAY
        found = reached(ladder, today=today, last_said=None)
        first = following(ladder, last_said=None)
        rungs = list(walked(ladder, today))
        if rungs:
            assert first == rungs[0].on
        if found is not None:
            after = following(ladder, last_said=found.slot.on)
            assert after is None or after > today

    @given(ladder=some_ladder(), gone=st.integers(0, 120))
    def test_is_the_same_by_day_and_after_a_silence(self, ladder: Ladder, gone: int) -> None:
        """每天走表与停摆后走一次表，最后说的是同一台阶，合起来一级不漏。"""
        said: list[Slot] = []
        last = None
        for day in range(gone + 1):
            found = reached(ladder, today=ladder.floor + day * DAY, last_said=last)
            if found is not None:
                said += [*found.passed_over, found.slot]
                last = found.slot.on
        at_once = reached(ladder, today=ladder.floor + gone * DAY, last_said=None)
        assert said == ([*at_once.passed_over, at_once.slot] if at_once else [])

    @given(ladder=some_ladder(), gone=st.integers(0, 120))
    def test_tells_the_clock_when_to_look(self, ladder: Ladder, gone: int) -> None:
        """下一台阶之前的任何一天，都没有话说。"""
        on = following(ladder, last_said=None)
        today = ladder.floor + gone * DAY
        assert (reached(ladder, today=today, last_said=None) is not None) == (on is not None and on <= today)


class TestTheRungs:
    def test_of_a_limit(self) -> None:
        """期限台阶：前7、3、1日，当日，后1、3、7、15日，再每15日。"""
        ladder = limit_ladder(date(2026, 6, 30), date(2026, 1, 1), RULES)
        assert [ladder.nth(n).offset for n in range(11)] == [-7, -3, -1, 0, 1, 3, 7, 15, 30, 45, 60]

    def test_of_the_unsigned(self) -> None:
        """未签收台阶：第1、4、7个工作日，跳过春节。"""
        ladder = unsigned_ladder(date(2026, 2, 12), RULES, SHIPPED)
        assert [ladder.nth(n).on for n in range(3)] == [
            date(2026, 2, 13),
            date(2026, 2, 25),
            date(2026, 2, 28),
        ]

    def test_follow_the_settings(self) -> None:
        """台阶可以配置。"""
        rules = MatterRules(rungs_before=(5, 0), rungs_after=(2,), rungs_after_every=10)
        ladder = limit_ladder(date(2026, 6, 30), date(2026, 1, 1), rules)
        assert [ladder.nth(n).offset for n in range(5)] == [-5, 0, 2, 12, 22]


def next_on(w: World) -> date | None:
    return next_rung_on(w.matter, w.rules, w.calendar)


class TestNextRung:
    @pytest.mark.parametrize("way", ["registered", "suspended", "reviewed", "closed", "cancelled"])
    def test_is_none_where_the_clock_is_silent(self, way: str) -> None:
        """没有提醒可说的阶段，没有下次走表日。"""
        assert next_on(getattr(World(), way)()) is None

    @pytest.mark.parametrize("way", ["assigned", "rectifying", "objected", "reported", "verifying"])
    @given(gaps=st.lists(st.integers(1, 40), min_size=1, max_size=8))
    def test_is_when_the_clock_next_speaks(self, way: str, gaps: list[int]) -> None:
        """下次走表日之前走表无话，到日必有话，说完之后下次走表日必在今天之后。"""
        w = getattr(World(), way)()
        for gap in gaps:
            w.later(days=gap)
            due = next_on(w)
            said = w.tick()
            assert bool(said) == (due is not None and due <= w.today)
            after = next_on(w)
            assert after is None or after > w.today
