"""时限: how limits are read, which day is their last, and how late a day is."""

from __future__ import annotations

import string
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.rules.calendar import WorkingDays, shipped_years
from events.rules.deadlines import (
    Due,
    DueBeforeStart,
    LimitUnit,
    UnreadableLimit,
    checked_due_on,
    days_late,
    light,
    moved_by_calendar_days,
    moved_by_working_days,
    read_limit,
    reckon,
    working_days_late,
)
from events.vocabulary import ENDED, Light, Stage, Starts

SHIPPED = WorkingDays(shipped_years())
MONDAY = date(2008, 6, 2)

DAYS = st.dates(min_value=date(1980, 1, 1), max_value=date(2060, 12, 31))
AMOUNTS = st.integers(min_value=1, max_value=600)

ONES = list("一二三四五六七八九")
TEENS = ["十", *(f"十{one}" for one in ONES)]
NUMERALS = [*ONES, *TEENS, *(f"{ten}十{one}" for ten in "二三四五" for one in ("", *ONES)), "六十"]


def due(text: str, start: date = MONDAY) -> Due:
    return reckon(read_limit(text), start=start, calendar=SHIPPED)


def due_on(text: str, start: date = MONDAY) -> date:
    return due(text, start).due_on


class TestReadingALimit:
    @pytest.mark.parametrize(
        ("text", "on"),
        [
            ("2008年6月底前", date(2008, 6, 30)),
            ("2008-06-30", date(2008, 6, 30)),
            ("6月30日前", date(2008, 6, 30)),
            ("立行立改", date(2008, 6, 3)),
            ("2008.6.30", date(2008, 6, 30)),
            ("立即", date(2008, 6, 3)),
            ("2008年6月30日", date(2008, 6, 30)),
            ("2008年6月30日前", date(2008, 6, 30)),
            ("2008年7月31日", date(2008, 7, 31)),
            ("2008年10月31日前", date(2008, 10, 31)),
            ("2008年12月31日", date(2008, 12, 31)),
            ("2008年年底前", date(2008, 12, 31)),
            ("7日内", date(2008, 6, 9)),
            ("60日内", date(2008, 8, 1)),
            ("一个月内", date(2008, 7, 2)),
            ("15个工作日内", date(2008, 6, 24)),
        ],
    )
    def test_takes_every_limit_of_a_real_problem_list(self, text: str, on: date) -> None:
        """一份真实整改清单里的每种写法都读得懂：2008年6月2日交办，15个工作日内到6月24日（端午放假不算）。"""
        assert due_on(text) == on

    @pytest.mark.parametrize(
        ("text", "on"),
        [
            ("30天内", date(2008, 7, 2)),
            ("10个自然日内", date(2008, 6, 12)),
            ("两个月内", date(2008, 8, 2)),
            ("两个工作日内", date(2008, 6, 4)),
            ("十五个工作日内", date(2008, 6, 24)),
            ("2008/6/30", date(2008, 6, 30)),
            ("2008.06.30前", date(2008, 6, 30)),
            ("6月30日", date(2008, 6, 30)),
            ("六月三十日前", date(2008, 6, 30)),
            ("6月底前", date(2008, 6, 30)),
            ("十二月底前", date(2008, 12, 31)),
            ("本月底前", date(2008, 6, 30)),
            ("月底前", date(2008, 6, 30)),
            ("年底前", date(2008, 12, 31)),
            ("2009年底前", date(2009, 12, 31)),
            (" 15 个 工作日 内 ", date(2008, 6, 24)),
            ("2008 年 6 月 30 日 前", date(2008, 6, 30)),
            ("２００８年６月３０日前", date(2008, 6, 30)),
            ("２００８．６．３０", date(2008, 6, 30)),
            ("于2008年6月30日前完成", date(2008, 6, 30)),
            ("应于6月底前整改到位", date(2008, 6, 30)),
            ("务必于7日内办结", date(2008, 6, 9)),
            ("在15个工作日内完成", date(2008, 6, 24)),
            ("立即整改到位", date(2008, 6, 3)),
        ],
    )
    def test_takes_the_other_ways_people_write(self, text: str, on: date) -> None:
        """全角数字、中文数字、空格、天与自然日、“于……前完成”都读得懂，意思不变。"""
        assert due_on(text) == on

    @pytest.mark.parametrize(("numeral", "amount"), [(word, n) for n, word in enumerate(NUMERALS, 1)])
    def test_takes_chinese_numerals(self, numeral: str, amount: int) -> None:
        """中文数字一至六十都读得懂，与阿拉伯数字同样算。"""
        assert read_limit(f"{numeral}日内").amount == amount
        assert due_on(f"{numeral}个工作日内") == due_on(f"{amount}个工作日内")

    @pytest.mark.parametrize(
        "text",
        [
            "", " ", "尽快", "近期", "下周", "三天左右", "长期坚持", "采暖期前", "7日", "15个工作日",
            "一周内", "半年内", "一个月", "六十一日内", "一百日内", "两月底前", "30日前", "6月前", "2008年",
            "二〇〇八年六月三十日", "08年6月30日前", "2008年6月30日后", "2008.6", "2008.6/30", "2008-06-30 00:00",
            "1 5日内", "-7日内", "7.5日内", "²日内", "٧日内", "7日内完成或15日内完成", "7" * 50 + "日内",
        ],
    )  # fmt: skip
    def test_refuses_what_it_is_not_sure_of(self, text: str) -> None:
        """没有把握的写法一律不猜，退回并举出能读的写法。"""
        with pytest.raises(UnreadableLimit, match=r"读不懂，请写成.*7日内.*立行立改") as refused:
            read_limit(text)
        assert refused.value.code == "unreadable-limit"
        assert len(refused.value.sentence) < 200

    @pytest.mark.parametrize(
        ("text", "says"),
        [
            ("0日内", "数目不合情理"),
            ("3651日内", "数目不合情理"),
            ("99999个工作日内", "数目不合情理"),
            ("2009年2月29日前", "日历上没有"),
            ("2月30日前", "日历上没有"),
            ("13月1日前", "日历上没有"),
            ("2008.6.31", "日历上没有"),
            ("13月底前", "月份不对"),
            ("0月底前", "月份不对"),
            ("1948年6月30日前", "早于1949年"),
            ("0000年年底前", "早于1949年"),
        ],
    )
    def test_refuses_absurd_numbers_and_dates(self, text: str, says: str) -> None:
        """数目为0或过大、日历上没有的日子、1949年以前的年份，都退回请核对。"""
        with pytest.raises(UnreadableLimit, match=says):
            read_limit(text)

    def test_keeps_the_text_as_typed(self) -> None:
        """时限原文一字不改地留着，便于日后对照。"""
        assert read_limit(" １５个工作日内 ").text == " １５个工作日内 "

    @given(
        amount=st.integers(min_value=1, max_value=3650),
        unit=st.sampled_from(("日", "天", "个工作日", "个月")),
    )
    def test_reads_back_what_was_written(self, amount: int, unit: str) -> None:
        """写几天读出来就是几天，半角全角一样。"""
        written = f"{amount}{unit}内"
        wide = written.translate(str.maketrans(string.digits, "０１２３４５６７８９"))
        half, full = read_limit(written), read_limit(wide)
        assert half.amount == full.amount == amount
        assert half.unit is full.unit

    @given(
        on=DAYS,
        form=st.sampled_from(("{0.year}年{0.month}月{0.day}日前", "{0.year}.{0.month}.{0.day}", "{0}")),
    )
    def test_reads_back_every_date(self, on: date, form: str) -> None:
        """任何日期，无论写成年月日、点号还是横线，读出来都是那一天。"""
        assert due_on(form.format(on), start=on - timedelta(days=30)) == on

    @given(
        text=st.text(
            alphabet="0123456789一二十两个工作自然日天月年底前内于完成立即行改本.-/ ０９", max_size=12
        ),
        start=DAYS,
    )
    def test_never_breaks(self, text: str, start: date) -> None:
        """无论写什么，要么读得懂并给出不早于起算日的期限，要么说清为什么不行。"""
        try:
            outcome = due_on(text, start) >= start
        except (UnreadableLimit, DueBeforeStart) as refused:
            outcome = refused.sentence.endswith("。")
        assert outcome


class TestReckoning:
    @pytest.mark.parametrize(
        ("text", "start", "on"),
        [
            ("1个月内", date(2008, 1, 31), date(2008, 2, 29)),
            ("1个月内", date(2009, 1, 31), date(2009, 2, 28)),
            ("1个月内", date(2008, 2, 29), date(2008, 3, 29)),
            ("12个月内", date(2008, 2, 29), date(2009, 2, 28)),
            ("3个月内", date(2008, 11, 30), date(2009, 2, 28)),
            ("2月底前", date(2008, 1, 10), date(2008, 2, 29)),
            ("2月底前", date(2009, 1, 10), date(2009, 2, 28)),
            ("2月29日前", date(2009, 1, 10), date(2012, 2, 29)),
            ("60日内", date(2007, 12, 31), date(2008, 2, 29)),
        ],
    )
    def test_knows_short_months_and_leap_years(self, text: str, start: date, on: date) -> None:
        """几个月内算到同一天，没有那一天就算到月末；闰年的2月有29日。"""
        assert due_on(text, start) == on

    @pytest.mark.parametrize(
        ("text", "start", "on"),
        [
            ("6月30日前", date(2008, 6, 30), date(2008, 6, 30)),
            ("6月30日前", date(2008, 7, 1), date(2009, 6, 30)),
            ("1月15日前", date(2008, 12, 20), date(2009, 1, 15)),
        ],
    )
    def test_takes_a_bare_date_as_the_next_one(self, text: str, start: date, on: date) -> None:
        """只写月日的，是起算日当天或以后的第一个那一天。"""
        assert due_on(text, start) == on

    @pytest.mark.parametrize("text", ["2008年6月30日前", "6月底前", "2008年6月底前", "2007年底前"])
    def test_refuses_a_day_before_the_start(self, text: str) -> None:
        """算出的期限早于起算日的，退回重定；只写“6月底前”指的是起算当年的6月。"""
        with pytest.raises(DueBeforeStart, match="早于起算日2008-07-01") as refused:
            due(text, date(2008, 7, 1))
        assert refused.value.code == "due-before-start"

    @pytest.mark.parametrize("text", ["2088年1月1日前", "601个月内"])
    def test_refuses_a_day_fifty_years_on(self, text: str) -> None:
        """五十年以后的期限多半是写错了，退回核对。"""
        with pytest.raises(UnreadableLimit, match="超过五十年"):
            due(text)

    def test_checks_a_date_given_outright_the_same_way(self) -> None:
        """直接给定日期的，可以是起算日当天，不可以更早。"""
        assert checked_due_on(MONDAY, start=MONDAY) == MONDAY
        with pytest.raises(DueBeforeStart):
            checked_due_on(MONDAY - timedelta(days=1), start=MONDAY)

    def test_leaves_a_last_day_on_a_rest_day(self) -> None:
        """期限落在休息日的不顺延：2008年6月1日起7日内到6月8日星期日。"""
        assert due_on("7日内", date(2008, 6, 1)) == date(2008, 6, 8)

    @pytest.mark.parametrize(
        ("text", "start", "on"),
        [
            ("立行立改", date(2025, 1, 24), date(2025, 1, 26)),
            ("立即", date(2025, 1, 27), date(2025, 2, 5)),
            ("5个工作日内", date(2025, 1, 24), date(2025, 2, 7)),
            ("6个工作日内", date(2025, 1, 24), date(2025, 2, 8)),
        ],
    )
    def test_counts_working_days_across_spring_festival(self, text: str, start: date, on: date) -> None:
        """春节前后按调休算：2025年1月27日交办的立行立改，到2月5日；补班的1月26日、2月8日都是工作日。"""
        assert due_on(text, start) == on

    def test_marks_a_limit_that_enters_an_unpublished_year(self) -> None:
        """按工作日算的期限跨进未公布的2027年，标为暂定。"""
        reckoned = due("15个工作日内", date(2026, 12, 21))
        assert (reckoned.provisional, reckoned.in_working_days) == (True, True)
        assert reckoned.calendar_versions == ((2026, 1),)

    @pytest.mark.parametrize(
        "text", ["30日内", "2个月内", "2027年1月31日前", "2027年1月底前", "2027年年底前"]
    )
    def test_needs_no_calendar_for_days_and_dates(self, text: str) -> None:
        """按自然日、月或日期定的期限不看放假安排，不会是暂定。"""
        reckoned = due(text, date(2026, 12, 21))
        assert (reckoned.provisional, reckoned.in_working_days) == (False, False)
        assert reckoned.calendar_versions == ()

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("７日内", "自签收次日起7日内，含末日24:00"),
            ("二十个工作日内", "自签收次日起20个工作日内，含末日24:00"),
            ("两个月内", "自签收次日起2个月内，含末日24:00"),
            ("6月30日前", "2008年6月30日前，含当日24:00"),
            ("6月底前", "2008年6月底前，含末日24:00"),
            ("年底前", "2008年年底前，含末日24:00"),
            ("立即", "立行立改，自签收次日起第1个工作日内，含当日24:00"),
        ],
    )
    def test_says_how_it_counted(self, text: str, words: str) -> None:
        """期限旁写明怎么算的：从哪天起、数什么、末日算不算。"""
        reckoned = reckon(read_limit(text), start=MONDAY, calendar=SHIPPED, starts=Starts.ACKNOWLEDGED)
        assert reckoned.words == words

    def test_has_words_for_every_unit_and_start(self) -> None:
        """每种期限、每种起算都有说法，一种不漏。"""
        texts = ("7日内", "7个工作日内", "7个月内", "6月30日前", "6月底前", "年底前", "立即")
        limits = [read_limit(text) for text in texts]
        assert {limit.unit for limit in limits} == set(LimitUnit)
        for starts in Starts:
            for limit in limits:
                assert reckon(limit, start=MONDAY, calendar=SHIPPED, starts=starts).words

    @given(amount=AMOUNTS, start=DAYS)
    def test_never_counts_the_start_day(self, amount: int, start: date) -> None:
        """起算当天不算：n日内就是起算日加n天。"""
        assert due_on(f"{amount}日内", start) == start + timedelta(days=amount)

    @given(amount=AMOUNTS, start=DAYS)
    def test_gives_months_the_same_day_or_the_last(self, amount: int, start: date) -> None:
        """n个月内，到第n个月的同一天；那个月没有这一天的，到月末。"""
        on = due_on(f"{amount}个月内", start)
        assert (on.year * 12 + on.month) - (start.year * 12 + start.month) == amount
        assert on.day == start.day or (on.day < start.day and (on + timedelta(days=1)).day == 1)

    @given(amount=AMOUNTS, start=DAYS)
    def test_ends_working_day_limits_on_a_working_day(self, amount: int, start: date) -> None:
        """按工作日算的期限，末日一定是工作日。"""
        assert SHIPPED.is_working(due_on(f"{amount}个工作日内", start))


class TestMoving:
    def test_adds_calendar_days(self) -> None:
        """退回补时按自然日顺推，跨月跨年照算。"""
        assert moved_by_calendar_days(date(2008, 12, 30), 3) == date(2009, 1, 2)

    def test_adds_working_days(self) -> None:
        """中止的是工作日期限的，恢复后按工作日顺推：9月30日推1个工作日到10月9日。"""
        moved = moved_by_working_days(date(2025, 9, 30), 1, SHIPPED)
        assert (moved.on, moved.provisional, moved.versions) == (date(2025, 10, 9), False, ((2025, 1),))

    def test_by_nothing_changes_nothing(self) -> None:
        """顺推0天，期限不变，也不看放假安排。"""
        assert moved_by_calendar_days(MONDAY, 0) == MONDAY
        assert moved_by_working_days(MONDAY, 0, SHIPPED).on == MONDAY

    def test_never_goes_back(self) -> None:
        """期限只能往后推，不能往前。"""
        with pytest.raises(ValueError, match="expected 0 or more"):
            moved_by_calendar_days(MONDAY, -1)
        with pytest.raises(ValueError, match="expected 1 or more"):
            moved_by_working_days(MONDAY, -1, SHIPPED)


class TestLateness:
    @pytest.mark.parametrize(
        ("judged_on", "days", "working_days"),
        [
            (date(2025, 9, 29), 0, 0),
            (date(2025, 9, 30), 0, 0),
            (date(2025, 10, 1), 1, 0),
            (date(2025, 10, 8), 8, 0),
            (date(2025, 10, 9), 9, 1),
            (date(2025, 10, 11), 11, 3),
        ],
    )
    def test_begins_the_day_after_the_last_day(self, judged_on: date, days: int, working_days: int) -> None:
        """末日24时前不算逾期；9月30日到期、10月8日来看，逾期8天、0个工作日。"""
        last_day = date(2025, 9, 30)
        assert days_late(last_day, judged_on) == days
        assert working_days_late(last_day, judged_on, SHIPPED) == working_days


def lamp(
    due_on: date | None, today: date, *, stage: Stage = Stage.RECTIFYING, judged_on: date | None = None
) -> Light:
    return light(stage=stage, due_on=due_on, judged_on=judged_on or today, today=today, calendar=SHIPPED)


class TestLight:
    @pytest.mark.parametrize(
        ("today", "shown"),
        [
            (date(2025, 9, 26), Light.GREEN),  # Friday: 28, 29, 30 September and 9 October are worked
            (date(2025, 9, 28), Light.YELLOW),  # Sunday, worked: 29, 30, 9 October
            (date(2025, 10, 1), Light.YELLOW),
            (date(2025, 10, 9), Light.YELLOW),
            (date(2025, 10, 10), Light.RED),
        ],
    )
    def test_turns_yellow_three_working_days_before_and_red_after(self, today: date, shown: Light) -> None:
        """到期前3个工作日内和到期当天亮黄灯，过期亮红灯，其余亮绿灯；国庆长假不算工作日。"""
        assert lamp(date(2025, 10, 9), today) is shown

    def test_stays_by_the_day_of_the_completion_report(self) -> None:
        """按时报结的，等待核查再久也不亮红灯；逾期报结的一直亮红灯。"""
        in_time, late = date(2025, 10, 9), date(2025, 10, 10)
        verifying = Stage.VERIFYING
        assert lamp(date(2025, 10, 9), date(2025, 11, 3), stage=verifying, judged_on=in_time) is Light.GREEN
        assert lamp(date(2025, 10, 9), date(2025, 11, 3), stage=verifying, judged_on=late) is Light.RED

    @pytest.mark.parametrize("stage", [Stage.SUSPENDED, *sorted(ENDED)])
    def test_is_off_while_suspended_or_ended(self, stage: Stage) -> None:
        """已中止和已办完的不亮灯。"""
        assert lamp(date(2025, 10, 9), date(2025, 12, 1), stage=stage) is Light.NONE

    def test_is_green_without_a_due_day(self) -> None:
        """还没有期限的亮绿灯。"""
        assert lamp(None, date(2025, 10, 9), stage=Stage.REGISTERED) is Light.GREEN
