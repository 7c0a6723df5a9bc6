"""Which period a bulletin speaks of, when its draft is due, and how the configuration is read."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from events.bulletin.series import (
    PRESETS,
    Every,
    Period,
    due_on,
    due_periods,
    in_words,
    period_before,
    period_of,
)
from events.bulletin.series_reading import series_from
from service.settings import WrongSetting, read_settings

D = date.fromisoformat


def period(first: str, last: str) -> Period:
    return Period(first=D(first), last=D(last))


class TestPeriods:
    @pytest.mark.parametrize(
        ("every", "first", "last", "words"),
        [
            (Every.DAY, "2026-02-28", "2026-02-28", "2026年2月28日"),
            (Every.WEEK, "2026-02-23", "2026-03-01", "2026年第9周"),
            (Every.MONTH, "2026-02-01", "2026-02-28", "2026年2月份"),
            (Every.QUARTER, "2026-01-01", "2026-03-31", "2026年第一季度"),
            (Every.HALF_YEAR, "2026-01-01", "2026-06-30", "2026年上半年"),
            (Every.YEAR, "2026-01-01", "2026-12-31", "2026年度"),
        ],
    )
    def test_are_whole(self, every: Every, first: str, last: str, words: str) -> None:
        """日、周、月、季、半年、年各取整期，名称照公文的说法。"""
        found = period_of(every, D("2026-02-28"))
        assert found == period(first, last)
        assert in_words(every, found) == words
        following = period_of(every, date.fromordinal(found.last.toordinal() + 1))
        assert period_before(every, following.first) == found

    def test_of_other_days_are_said_by_their_days(self) -> None:
        """不是整期的，写起止日期。"""
        assert in_words(Every.MONTH, period("2026-02-02", "2026-02-20")) == "2026年2月2日至20日"
        assert in_words(Every.AD_HOC, period("2026-02-02", "2026-03-01")) == "2026年2月2日至3月1日"
        assert in_words(Every.WEEK, period("2025-12-30", "2026-01-02")) == "2025年12月30日至2026年1月2日"

    def test_weeks_at_the_turn_of_the_year_bear_their_own_year(self) -> None:
        """跨年的一周，按国家标准的周序编年。"""
        assert in_words(Every.WEEK, period_of(Every.WEEK, D("2025-12-31"))) == "2026年第1周"


class TestDraftsDue:
    @pytest.mark.parametrize(
        ("series", "ends", "due"),
        [
            ("daily", "2026-02-28", "2026-03-01"),
            ("weekly", "2026-03-01", "2026-03-02"),
            ("monthly", "2026-02-28", "2026-03-05"),
            ("quarterly", "2026-03-31", "2026-04-10"),
            ("half_year", "2026-06-30", "2026-07-15"),
            ("yearly", "2026-12-31", "2027-01-20"),
        ],
    )
    def test_on_the_configured_day_after_the_period(self, series: str, ends: str, due: str) -> None:
        """期满之后，到了定好的那一天拟稿。"""
        found = PRESETS[series]
        assert due_on(found, period_of(found.every, D(ends))) == D(due)

    def test_on_the_last_day_of_a_month_too_short(self) -> None:
        """定在31日的，遇小月在月末那天拟。"""
        monthly = series_from({"monthly": {"day": 31}})["monthly"]
        assert due_on(monthly, period("2026-01-01", "2026-01-31")) == D("2026-02-28")

    def test_for_every_period_since_the_first_matter(self) -> None:
        """有了第一件事项的那一期起，一期不缺；之前没有可说的，不拟。"""
        monthly = PRESETS["monthly"]
        found = list(due_periods(monthly, D("2026-01-20"), D("2026-04-05")))
        assert [one.first.month for one in found] == [1, 2, 3]
        assert list(due_periods(monthly, D("2026-01-20"), D("2026-02-04"))) == []

    def test_not_for_what_is_switched_off_or_ad_hoc(self) -> None:
        """停用的系列和一督查一通报，时钟都不拟。"""
        assert list(due_periods(PRESETS["daily"], D("2026-01-01"), D("2026-04-05"))) == []
        assert list(due_periods(PRESETS["ad_hoc"], D("2026-01-01"), D("2026-04-05"))) == []

    def test_not_before_the_day_it_was_taken_up(self) -> None:
        """写明从哪天起的，早先的各期不补。"""
        weekly = series_from({"weekly": {"since": "2026-03-01"}})["weekly"]
        first = next(due_periods(weekly, D("2026-01-01"), D("2026-04-05")))
        assert first == period("2026-02-23", "2026-03-01")


class TestConfiguredSeries:
    @pytest.mark.parametrize(
        ("tables", "says"),
        [
            ({"monthly": {"day": 32}}, "[bulletins.monthly] day"),
            ({"weekly": {"day": 8}}, "1 到 7"),
            ({"monthly": {"dya": 1}}, "没有 dya 这个键"),
            ({"monthly": {"enabled": "yes"}}, "true 或 false"),
            ({"monthly": {"title": "关于{month}的通报"}}, "{month}"),
            ({"monthly": {"title": "关于{period的通报"}}, "花括号"),
            ({"town": {"every": "month"}}, "缺 name"),
            ({"town": {"name": "镇通报", "every": "often"}}, "day、week"),
            ({"town": {"name": "月通报", "every": "month"}}, "同叫“月通报”"),
            ({"town": "monthly"}, "应是一节"),
            ({"enabled": 1}, "[bulletins] enabled"),
        ],
    )
    def test_refuses_what_it_cannot_use(self, tables: dict[str, Any], says: str) -> None:
        """系列名重复、键名写错、日子不合的，配置不收，指出是哪一处。"""
        with pytest.raises(ValueError, match=re.escape(says)):
            series_from(tables)

    def test_refuses_a_series_written_twice(self, tmp_path: Path) -> None:
        """同一系列写了两节，指出是哪一节。"""
        file = tmp_path / "config.toml"
        file.write_text("[bulletins.monthly]\nday = 5\n[bulletins.monthly]\nday = 6\n", encoding="utf-8")
        with pytest.raises(WrongSetting, match=r"\[bulletins\.monthly\] 写了两次"):
            read_settings(file, environment={})

    def test_takes_a_new_one_and_the_environment(self, tmp_path: Path) -> None:
        """可以新增系列；环境变量也能改。"""
        file = tmp_path / "config.toml"
        file.write_text('[bulletins.town]\nname = "镇通报"\nevery = "month"\n', encoding="utf-8")
        found = read_settings(
            file, environment={"DUBAN_BULLETINS__TOWN__DAY": "9", "DUBAN_BULLETINS__WEEKLY__ENABLED": "false"}
        ).bulletins
        assert (found["town"].day, found["weekly"].enabled, found["monthly"].enabled) == (9, False, True)

    def test_one_switch_stops_all_drafting(self) -> None:
        """一个开关停下时钟的全部拟稿。"""
        assert not any(series.enabled for series in series_from({"enabled": False}).values())
