"""期限的移动: extensions, returns, suspensions, objections; every old date kept, none of the moves an extension."""

from __future__ import annotations

from typing import Any

import pytest

from tests.service.given import Office, dates, problem

MONDAY = "2008-03-03"


class TestAnExtension:
    def test_granted_moves_the_limit_and_keeps_the_old(self, office_on_both: Office) -> None:
        """同意延期以后按新期限，旧期限留着，次数记着。"""
        office = office_on_both
        office.at(MONDAY).rectifying(due_on="2008-03-20")
        office.do("request-extension", {"until": "2008-04-10", "reason": "汛期"}, by="liaison")
        shown = office.look()
        assert (shown["due_on"], shown["extension_pending"]) == ("2008-03-20", True)
        office.at("2008-03-12").do("grant-extension", {"until": "2008-04-05"}, by="head")
        shown = office.look()
        assert (shown["due_on"], shown["first_due_on"]) == ("2008-04-05", "2008-03-20")
        assert dates(office) == ["2008-03-20", "2008-04-05"]
        (extension,) = shown["extensions"]
        assert (extension["until"], extension["granted_until"]) == ("2008-04-10", "2008-04-05")
        assert shown["extensions_granted"] == 1

    def test_is_asked_up_to_and_on_the_due_day(self, office: Office) -> None:
        """到期当天24时以前可以申请，第二天不行。"""
        body = {"until": "2008-04-10", "reason": "汛期"}
        office.at(MONDAY).rectifying(due_on="2008-03-20")
        first = office.matter
        office.rectifying(due_on="2008-03-20")
        office.at("2008-03-20 23:59").do("request-extension", body, by="liaison", matter=first)
        office.at("2008-03-21 00:00")
        response = office.try_("request-extension", body, by="liaison")
        assert response.status_code in (409, 422)
        problem(response, response.status_code)

    def test_pending_stops_nothing(self, office: Office) -> None:
        """待批的延期不挡逾期；逾期以后也还能批。"""
        office.at(MONDAY).rectifying(due_on="2008-03-20")
        office.do("request-extension", {"until": "2008-04-10", "reason": "汛期"}, by="liaison")
        office.at("2008-03-25")
        assert [item["days_late"] for item in office.ask("/overdue")["items"]] == [5]
        office.do("grant-extension", {"until": "2008-04-10"}, by="head")
        assert office.ask("/overdue")["items"] == []
        assert office.look()["days_late"] == 0

    def test_refused_leaves_the_limit(self, office: Office) -> None:
        """不同意延期，原期限不变，申请和裁定都留着。"""
        office.at(MONDAY).rectifying(due_on="2008-03-20")
        office.do("request-extension", {"until": "2008-04-10", "reason": "汛期"}, by="liaison")
        office.do("refuse-extension", {"reason": "理由不足"}, by="deputy")
        shown = office.look()
        assert (shown["due_on"], dates(office), len(shown["extensions"])) == ("2008-03-20", ["2008-03-20"], 1)
        assert shown["extensions_granted"] == 0

    def test_is_decided_only_when_asked(self, office: Office) -> None:
        """没有申请就没有可批的：409 wrong-stage。"""
        office.at(MONDAY).rectifying(due_on="2008-03-20")
        problem(office.try_("grant-extension", {"until": "2008-04-10"}, by="head"), 409)
        problem(office.try_("refuse-extension", {"reason": "无"}, by="head"), 409)

    @pytest.mark.parametrize("until", ["2008-03-20", "2008-03-19", "2008-03-01"])
    def test_is_later_than_the_limit(self, office: Office, until: str) -> None:
        """延期要晚于现期限，申请和批准都是。"""
        office.at(MONDAY).rectifying(due_on="2008-03-20")
        problem(office.try_("request-extension", {"until": until, "reason": "汛期"}, by="liaison"), 422)
        office.do("request-extension", {"until": "2008-04-10", "reason": "汛期"}, by="liaison")
        problem(office.try_("grant-extension", {"until": until}, by="head"), 422)

    def test_counts_each_grant(self, office: Office) -> None:
        """每批一次记一次，每个旧期限都在。"""
        office.at(MONDAY).rectifying(due_on="2008-03-20")
        for until in ("2008-04-10", "2008-04-20"):
            office.do("request-extension", {"until": until, "reason": "汛期"}, by="liaison")
            office.do("grant-extension", {"until": until}, by="head")
        assert office.look()["extensions_granted"] == 2
        assert dates(office) == ["2008-03-20", "2008-04-10", "2008-04-20"]


RETURNS: list[tuple[str, str, dict[str, Any]]] = [
    ("return-completion", "clerk", {"reason": "不实"}),
    ("fail-verification", "verifier", {"kind": "incomplete", "findings": "未完成"}),
    ("reject-write-off", "head", {"reason": "材料不全"}),
]


def up_to(office: Office, command: str) -> None:
    if command in ("fail-verification", "reject-write-off"):
        office.schedule()
    if command == "reject-write-off":
        office.do("pass-verification", {"findings": "属实"}, by="verifier")


@pytest.mark.parametrize(
    ("command", "by", "body"), RETURNS, ids=lambda value: value if isinstance(value, str) else ""
)
class TestAReturn:
    def test_gives_back_the_days_the_report_lay(
        self, office: Office, command: str, by: str, body: dict[str, Any]
    ) -> None:
        """报结时晚三天的，退回时仍是晚三天：期限顺延报结到退回的日历天数。"""
        office.at(MONDAY).rectifying(due_on="2008-03-20")
        office.at("2008-03-23").report()
        assert office.look()["days_late"] == 3
        office.at("2008-03-25")
        up_to(office, command)
        office.at("2008-03-29")
        assert office.look()["days_late"] == 3
        assert office.look(now="2008-06-01T09:00:00+08:00")["days_late"] == 3
        office.do(command, body, by=by)
        shown = office.look()
        assert (shown["stage"], shown["due_on"], shown["days_late"]) == ("rectifying", "2008-03-26", 3)
        assert dates(office) == ["2008-03-20", "2008-03-26"]
        assert (shown["extensions"], shown["extensions_granted"]) == ([], 0)
        assert [item["id"] for item in office.ask("/overdue")["items"]] == [office.matter]

    def test_of_an_early_report_leaves_the_rest_of_the_limit(
        self, office: Office, command: str, by: str, body: dict[str, Any]
    ) -> None:
        """提前五天报结的，退回后还剩五天。"""
        office.at(MONDAY).rectifying(due_on="2008-03-20")
        office.at("2008-03-15").report()
        up_to(office, command)
        office.at("2008-04-02").do(command, body, by=by)
        assert office.look()["due_on"] == "2008-04-07"
        assert office.look()["days_late"] == 0

    def test_on_the_day_of_the_report_moves_nothing(
        self, office: Office, command: str, by: str, body: dict[str, Any]
    ) -> None:
        """当天报结当天退回，期限不动，也不多一个日期。"""
        office.at(MONDAY).rectifying(due_on="2008-03-20")
        office.at("2008-03-15").report()
        up_to(office, command)
        office.do(command, body, by=by)
        assert office.look()["due_on"] == "2008-03-20"

    def test_may_give_another_day(self, office: Office, command: str, by: str, body: dict[str, Any]) -> None:
        """退回时另给期限的，就是那一天。"""
        office.at(MONDAY).rectifying(due_on="2008-03-20")
        office.at("2008-03-23").report()
        up_to(office, command)
        office.at("2008-03-29").do(command, {**body, "due_on": "2008-04-15"}, by=by)
        assert office.look()["due_on"] == "2008-04-15"
        assert dates(office) == ["2008-03-20", "2008-04-15"]

    def test_asks_for_fresh_evidence(
        self, office: Office, command: str, by: str, body: dict[str, Any]
    ) -> None:
        """退回以后，原来的佐证不算，要新的。"""
        office.at(MONDAY).rectifying(due_on="2008-03-20")
        office.report()
        up_to(office, command)
        office.do(command, body, by=by)
        assert office.look()["evidence_missing"] == ["photo"]
        told = problem(
            office.try_("report-completion", {"text": "完成"}, by="liaison"), 422, "missing-evidence"
        )
        assert told["missing"] == ["photo"]
        office.attach()
        office.do("report-completion", {"text": "完成"}, by="liaison")
        assert len(office.look()["evidence"]) == 2


class TestSeveralReturns:
    def test_add_up(self, office: Office) -> None:
        """几次退回一次一次顺延，每个日期都在。"""
        office.at(MONDAY).rectifying(due_on="2008-03-20")
        office.at("2008-03-18").report()
        office.at("2008-03-22").do("return-completion", {"reason": "不实"}, by="clerk")
        assert office.look()["due_on"] == "2008-03-24"
        office.at("2008-03-24").report()
        assert office.look()["days_late"] == 0
        office.schedule()
        office.at("2008-03-31").do("fail-verification", {"kind": "false", "findings": "假"}, by="verifier")
        assert dates(office) == ["2008-03-20", "2008-03-24", "2008-03-31"]


class TestASuspension:
    @pytest.mark.parametrize(
        ("limit", "suspended", "resumed", "due_on"),
        [
            ({"due_on": "2008-03-24"}, "2008-03-10", "2008-03-17", "2008-03-31"),
            ({"time_limit": "21日内"}, "2008-03-10", "2008-03-17", "2008-03-31"),
            ({"time_limit": "15个工作日内"}, "2008-03-10", "2008-03-17", "2008-03-31"),
            ({"time_limit": "一个月内"}, "2008-03-10", "2008-03-12", "2008-04-05"),
            ({"time_limit": "30个工作日内"}, "2008-03-31", "2008-04-08", "2008-04-22"),
            ({"due_on": "2008-03-24"}, "2008-03-10", "2008-03-10 17:00", "2008-03-24"),
        ],
    )
    def test_does_not_count(
        self, office: Office, limit: dict[str, str], suspended: str, resumed: str, due_on: str
    ) -> None:
        """中止的日子不算：按日的顺延日历天数，按工作日的顺延工作日。"""
        office.at(MONDAY).rectifying(**limit)
        before = office.look()["due_on"]
        office.at(suspended).do("suspend", {"reason": "防汛"}, by="head")
        office.at(resumed).do("resume", by="head")
        shown = office.look()
        assert (shown["stage"], shown["due_on"]) == ("rectifying", due_on)
        assert dates(office)[0] == before
        assert shown["extensions_granted"] == 0

    def test_stops_everything_from_growing(self, office_on_both: Office) -> None:
        """中止期间什么都不长：逾期天数停在中止那天，灯不亮，不在逾期清单上，走钟不说话。"""
        office = office_on_both
        office.at(MONDAY).rectifying(due_on="2008-03-10")
        office.at("2008-03-12").do("suspend", {"reason": "防汛"}, by="head")
        for when in ("2008-03-12", "2008-03-20", "2008-06-01"):
            shown = office.look(now=f"{when}T09:00:00+08:00")
            assert (shown["days_late"], shown["light"]) == (2, "none"), when
            assert office.ask("/overdue", now=f"{when}T09:00:00+08:00")["items"] == []
        assert office.tick("2008-03-20") == {}
        office.at("2008-03-22").do("resume", by="head")
        shown = office.look()
        assert (shown["due_on"], shown["days_late"]) == ("2008-03-20", 2)

    @pytest.mark.parametrize("stage", ["acknowledged", "planning", "rectifying"])
    def test_comes_back_to_its_stage(self, office: Office, stage: str) -> None:
        """恢复到中止以前的阶段。"""
        office.at(MONDAY)
        getattr(office, stage)()
        office.do("suspend", {"reason": "防汛"}, by="head")
        office.do("resume", by="deputy")
        assert office.look()["stage"] == stage
