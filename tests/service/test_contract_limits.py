"""时限: limits written as people write them, sent with an assignment and read back from the matter."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from tests.service.given import Office, problem

MONDAY = "2008-03-03"

READ = [
    ("7日内", "2008-03-10"),
    ("七日内", "2008-03-10"),
    ("７日内", "2008-03-10"),
    ("十五日内", "2008-03-18"),
    ("六十日内", "2008-05-02"),
    ("60日内", "2008-05-02"),
    ("1个工作日内", "2008-03-04"),
    ("5个工作日内", "2008-03-10"),
    ("15个工作日内", "2008-03-24"),
    ("１５个工作日内", "2008-03-24"),
    ("十五个工作日内", "2008-03-24"),
    ("24个工作日内", "2008-04-07"),  # 4月4日清明放假
    ("一个月内", "2008-04-03"),
    ("1个月内", "2008-04-03"),
    ("三个月内", "2008-06-03"),
    ("12个月内", "2009-03-03"),
    ("3月底前", "2008-03-31"),
    ("6月底前", "2008-06-30"),
    ("2008年6月底前", "2008-06-30"),
    ("2009年2月底前", "2009-02-28"),
    ("年底前", "2008-12-31"),
    ("2008年年底前", "2008-12-31"),
    ("2009年年底前", "2009-12-31"),
    ("6月30日前", "2008-06-30"),
    ("6月30日", "2008-06-30"),
    ("3月3日前", "2008-03-03"),
    ("3月2日前", "2009-03-02"),
    ("2月28日", "2009-02-28"),
    ("2008.6.30", "2008-06-30"),
    ("2008/6/30", "2008-06-30"),
    ("2008-06-30", "2008-06-30"),
    ("2008-6-30", "2008-06-30"),
    ("２００８．６．３０", "2008-06-30"),
    ("2008年6月30日", "2008-06-30"),
    ("2008年6月30日前", "2008-06-30"),
    ("2008年六月三十日前", "2008-06-30"),
    ("2008年10月31日前", "2008-10-31"),
    ("2008年3月3日", "2008-03-03"),
    ("2008年6月29日前", "2008-06-29"),  # 星期日，期限不动
    ("立行立改", "2008-03-04"),
    ("立即", "2008-03-04"),
]

UNREAD = [
    "尽快",
    "抓紧",
    "",
    "   ",
    "七",
    "0日内",
    "-3日内",
    "六十一日内",
    "1.5日内",
    "2008年2月30日",
    "13月底前",
]
UNREAD += [
    "6月31日前",
    "2008-13-01",
    "1948年6月30日",
    "99999日内",
    "9999年12月31日",
    "7日内或8日内",
    "7\n日内<b>",
]

CROSSING = [
    ("2008-01-31", "5个工作日内", "2008-02-05"),  # 2月2日、3日调休上班
    ("2008-01-31", "6个工作日内", "2008-02-13"),  # 春节2月6日至12日
    ("2008-01-31", "一个月内", "2008-02-29"),
    ("2007-01-31", "一个月内", "2007-02-28"),
    ("2008-08-31", "六个月内", "2009-02-28"),
    ("2008-09-26", "立行立改", "2008-09-27"),  # 星期六，调休上班
    ("2008-09-28", "立即", "2008-10-06"),
    ("2008-09-26", "3日内", "2008-09-29"),
    ("2007-12-29", "1个工作日内", "2008-01-02"),
    ("2008-12-31", "年底前", "2008-12-31"),
    ("2008-12-31", "1月1日前", "2009-01-01"),
    ("2007-03-01", "2月29日前", "2008-02-29"),
    ("2008-03-08", "1个工作日内", "2008-03-10"),
    ("2026-01-30", "2月15日前", "2026-02-15"),
]


def assign(office: Office, **limit: Any) -> Any:
    body = {"lead_unit": office.units["town"], "quality_requirement": "清完", **limit}
    return office.try_("assign", body, by="clerk")


class TestALimit:
    @pytest.mark.parametrize(("limit", "due_on"), READ)
    def test_is_read_as_people_write_it(self, office: Office, limit: str, due_on: str) -> None:
        """时限按人写的样子读，起算日不算在内。"""
        office.at(MONDAY).register()
        response = assign(office, time_limit=limit)
        assert response.status_code == 200, response.text
        assert office.look()["due_on"] == due_on

    @pytest.mark.parametrize("limit", UNREAD)
    def test_that_cannot_be_read_is_refused(self, office: Office, limit: str) -> None:
        """读不懂的时限答 422 unreadable-limit，什么都不写。"""
        office.at(MONDAY).register()
        told = problem(assign(office, time_limit=limit), 422)
        assert told["code"] in ("unreadable-limit", "control-character"), told
        assert office.look()["stage"] == "registered"

    @pytest.mark.parametrize(("start", "limit", "due_on"), CROSSING)
    def test_crosses_months_years_and_holidays(
        self, office: Office, start: str, limit: str, due_on: str
    ) -> None:
        """跨月、跨年、遇调休和节假日，都按公布的工作日安排。"""
        office.at(start).register()
        assert assign(office, time_limit=limit).status_code == 200
        assert office.look()["due_on"] == due_on

    @pytest.mark.parametrize(
        ("start", "limit"),
        [
            ("2008-07-10", "6月底前"),
            (MONDAY, "2008年3月2日前"),
            (MONDAY, "2007年年底前"),
            (MONDAY, "2008.1.1"),
        ],
    )
    def test_before_its_start_is_refused(self, office: Office, start: str, limit: str) -> None:
        """算出来早于起算日的时限答 422。"""
        office.at(start).register()
        problem(assign(office, time_limit=limit), 422)

    def test_starts_on_the_beijing_day(self, office: Office) -> None:
        """起算日是交办那一刻的北京日期。"""
        office.at("2008-03-03T16:30:00+00:00").register()
        assert assign(office, time_limit="7日内").status_code == 200
        assert office.look()["due_on"] == "2008-03-11"

    def test_counts_working_days_like_an_independent_table(self, office: Office) -> None:
        """二十个工作日的每个起点都与另一张工作日表一致。"""
        import chinese_calendar

        for week in range(0, 340, 17):
            start = date(2008, 1, 4) + timedelta(days=week)
            office.at(start.isoformat()).register()
            assert assign(office, time_limit="20个工作日内").status_code == 200
            expected, left = start, 20
            while left:
                expected += timedelta(days=1)
                left -= chinese_calendar.is_workday(expected)
            assert office.look()["due_on"] == expected.isoformat(), start


class TestADueDate:
    def test_is_taken_as_it_is(self, office: Office) -> None:
        """给定期限日期就是那一天，休息日也不挪。"""
        office.at(MONDAY).register()
        assert assign(office, due_on="2008-06-29").status_code == 200
        assert office.look()["due_on"] == "2008-06-29"

    def test_may_be_the_start_day(self, office: Office) -> None:
        """当天到期可以，早一天不行。"""
        office.at(MONDAY).register()
        problem(assign(office, due_on="2008-03-02"), 422)
        assert assign(office, due_on=MONDAY).status_code == 200

    @pytest.mark.parametrize(
        "due_on", ["1948-06-30", "9999-12-31", "2008-6-3", "2008-02-30", "很快", 20080630, True]
    )
    def test_that_is_none_is_refused(self, office: Office, due_on: object) -> None:
        """不像日期、早于 1949 年或远得离谱的期限答 422。"""
        office.at(MONDAY).register()
        problem(assign(office, due_on=due_on), 422)

    def test_excludes_a_limit_in_words(self, office: Office) -> None:
        """期限日期和时限只写一个。"""
        office.at(MONDAY).register()
        problem(assign(office, due_on="2008-06-30", time_limit="7日内"), 422)

    def test_is_unknown_before_the_assignment(self, office: Office) -> None:
        """待交办的事项没有期限，也没有逾期天数。"""
        office.at(MONDAY).register()
        shown = office.look()
        assert (shown["due_on"], shown["days_late"], shown["working_days_late"]) == (None, None, None)


class TestAnAssignmentWithoutLimit:
    @pytest.mark.parametrize(
        ("urgency", "due_on"), [("urgent", "2008-03-08"), ("ordinary", "2008-03-18"), ("hard", "2008-04-02")]
    )
    def test_of_a_leaders_instruction_is_preset(self, office: Office, urgency: str, due_on: str) -> None:
        """领导批示件按急件 5 日、一般件 15 日、疑难件 30 日预置。"""
        office.at(MONDAY).register(kind="leader_instruction", urgency=urgency)
        assert assign(office).status_code == 200
        assert office.look()["due_on"] == due_on

    @pytest.mark.parametrize("kind", ["rectification", "immediate", "superior_transfer"])
    def test_of_another_kind_is_refused(self, office: Office, kind: str) -> None:
        """没有预置时限的类别，不写时限不能交办。"""
        office.at(MONDAY).register(kind=kind)
        problem(assign(office), 422)

    def test_says_its_limit_over_the_preset(self, office: Office) -> None:
        """写了时限就按写的。"""
        office.at(MONDAY).register(kind="leader_instruction", urgency="urgent")
        assert assign(office, time_limit="20日内").status_code == 200
        assert office.look()["due_on"] == "2008-03-23"


class TestAClockStartedBySigning:
    def test_has_no_due_day_until_signed(self, office_on_both: Office) -> None:
        """从签收起算的，签收以前没有期限。"""
        office = office_on_both
        office.at(MONDAY).register()
        assert assign(office, time_limit="5个工作日内", starts="acknowledged").status_code == 200
        assert office.look()["due_on"] is None
        assert office.look()["days_late"] is None
        assert office.ask("/overdue", now="2008-05-01T09:00:00+08:00")["items"] == []
        office.at("2008-03-06").do("acknowledge", by="liaison")
        assert office.look()["due_on"] == "2008-03-13"

    def test_runs_again_after_a_reassignment(self, office: Office) -> None:
        """改派后从新的签收起算，签收以前又没有期限。"""
        office.at(MONDAY).acknowledged(time_limit="5日内", starts="acknowledged")
        assert office.look()["due_on"] == "2008-03-08"
        body = {"lead_unit": office.units["water"], "quality_requirement": "清完", "time_limit": "立即"}
        office.at("2008-03-07").do("reassign", {**body, "starts": "acknowledged"}, by="clerk")
        assert office.look()["due_on"] is None
        office.at("2008-03-14").do("acknowledge", by="water")
        assert office.look()["due_on"] == "2008-03-17"

    def test_reads_a_bare_day_from_the_signing(self, office: Office) -> None:
        """“3月5日前”从签收日看：签收晚于它就是下一年。"""
        office.at(MONDAY).register()
        assert assign(office, time_limit="3月5日前", starts="acknowledged").status_code == 200
        office.at("2008-03-06").do("acknowledge", by="liaison")
        assert office.look()["due_on"] == "2009-03-05"

    def test_of_another_name_is_refused(self, office: Office) -> None:
        """starts 只能是 assigned 或 acknowledged。"""
        office.at(MONDAY).register()
        problem(assign(office, time_limit="5日内", starts="planned"), 422)


class TestIdentifiers:
    @pytest.mark.parametrize(
        "kind", ["rectification", "immediate", "leader_instruction", "superior_transfer"]
    )
    def test_kinds_take_their_path(self, office: Office, kind: str) -> None:
        """只有问题整改签收后要报方案，其余签收即办理。"""
        office.at(MONDAY).acknowledged(kind=kind, time_limit="15日内")
        assert office.look()["stage"] == ("acknowledged" if kind == "rectification" else "rectifying")
        required = ["photo"] if kind in ("rectification", "immediate") else ["report"]
        assert office.look()["evidence_required"] == required

    def test_unknown_kinds_are_refused(self, office: Office) -> None:
        """没有的类别答 422。"""
        body = {"title": "甲", "kind": "campaign", "source": "专项", "problem": "乙"}
        problem(office.at(MONDAY).post("/matters", body, by="clerk"), 422)

    @pytest.mark.parametrize("kind", "photo video report document measurement receipt other".split())
    def test_evidence_kinds_are_these(self, office: Office, kind: str) -> None:
        """佐证种类就是合约上的七种。"""
        office.at(MONDAY).acknowledged()
        office.attach(kind)
        assert office.look()["evidence"][0]["kind"] == kind

    def test_another_evidence_kind_is_refused(self, office: Office) -> None:
        """没有的佐证种类答 422。"""
        office.at(MONDAY).acknowledged()
        problem(office.try_attach("painting"), 422)

    def test_numbers_are_consecutive_in_each_year(self, office_on_both: Office) -> None:
        """编号按登记年份连续，不跳号，被拒绝的不占号。"""
        office = office_on_both
        numbers = []
        for when in ("2008-12-30", "2008-12-31 23:59", "2009-01-01 00:00", "2009-01-02"):
            office.at(when).register()
            numbers.append(office.look()["number"])
            problem(office.post("/matters", {"title": "甲"}, by="clerk"), 422)
            refused = {"title": "甲", "kind": "none", "source": "乙", "problem": "丙"}
            problem(office.post("/matters", refused, by="clerk"), 422)
        assert len(set(numbers)) == 4
        first, second, third, fourth = (int(number.rpartition("-")[2]) for number in numbers)
        assert (second, fourth) == (first + 1, third + 1)
        assert third == first
        listed = [item["number"] for item in office.ask("/matters")["items"]]
        assert listed == sorted(numbers)
