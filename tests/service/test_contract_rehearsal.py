"""演练: the standing clock of the contract, seen from outside."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from events.refusals import Conflict
from events.vocabulary import UserName
from service.opening import init
from service.runtime import open_runtime
from service.settings import WrongSetting
from tests.service.given import Office, moment, problem
from tests.service.opened import Furnished, an_office, app_client, furnish, settings_at


class TestTheStandingClock:
    def test_stands_at_its_start_before_the_first_moment(self, office: Office) -> None:
        """没有给过时刻以前，演练的钟停在 2000-01-01T00:00:00+08:00。"""
        matter = office.register()
        assert office.look(matter)["registered_at"] == "2000-01-01T00:00:00+08:00"
        assert office.history(matter)[0]["recorded_at"] == "2000-01-01T00:00:00+08:00"

    def test_starts_where_configured(self, tmp_path: Path) -> None:
        """[clock] start 说从哪一刻开始，就从哪一刻开始。"""
        settings = settings_at(tmp_path, clock={"mode": "rehearsal", "start": "2008-02-01T08:30:00+08:00"})
        with an_office(settings) as office:
            assert office.look(office.register())["registered_at"] == "2008-02-01T08:30:00+08:00"

    def test_is_the_latest_moment_given(self, office_on_both: Office) -> None:
        """不带时刻的命令按已给过的最晚时刻办理。"""
        office = office_on_both
        office.at("2008-03-03 10:20").register()
        office.now = None
        assert office.look(office.register())["registered_at"] == "2008-03-03T10:20:00+08:00"

    def test_is_moved_by_a_tick_that_has_nothing_to_say(self, office: Office) -> None:
        """没有可说的走钟也把时钟推到那一刻。"""
        assert office.tick("2008-03-03 10:20") == {}
        office.now = None
        assert office.look(office.register())["registered_at"] == "2008-03-03T10:20:00+08:00"

    def test_takes_a_moment_of_any_zone(self, office: Office) -> None:
        """别的时区的时刻照收，答复一律是北京时间。"""
        office.at("2008-03-03T16:30:00+00:00").register()
        assert office.look()["registered_at"] == "2008-03-04T00:30:00+08:00"
        assert office.look()["registered_on"] == "2008-03-04"

    def test_does_not_go_on_by_itself(self, office: Office) -> None:
        """演练的钟不自己走。"""
        office.at("2008-03-03").register()
        office.now = None
        first = office.look(office.register())["registered_at"]
        second = office.look(office.register())["registered_at"]
        assert first == second == "2008-03-03T09:00:00+08:00"

    def test_accounts_and_tokens_live_by_the_machine(self, office: Office) -> None:
        """令牌的有效期按本机时钟，演练推到 2030 年也不失效。"""
        office.at("2030-03-03")
        assert office.ask("/me", by="clerk")["user"] == "clerk"


class TestAnEarlierMoment:
    @pytest.mark.parametrize(
        ("path", "body", "by"),
        [
            (
                "/matters",
                {"title": "甲", "kind": "rectification", "source": "专项", "problem": "乙"},
                "clerk",
            ),
            ("/units", {"name": "气象局"}, "admin"),
            ("/people", {"name": "高行健", "unit": "town"}, "admin"),
            ("/users", {"name": "newcomer", "person": "auditor", "roles": ["auditor"]}, "admin"),
            ("/users/auditor/disable", {}, "admin"),
            ("/tick", {}, "admin"),
            (
                "/calendars/2031",
                {"days": [{"date": "2031-01-01", "working": False, "name": "元旦"}], "source": "通知"},
                "admin",
            ),
        ],
    )
    def test_of_a_command_is_refused(self, office: Office, path: str, body: dict[str, Any], by: str) -> None:
        """早于时钟的命令答 409 moment-passed，什么都不写。"""
        office.at("2008-03-03").register()
        ids = {"unit": office.units, "person": office.people}
        body = {name: ids[name][value] if name in ids else value for name, value in body.items()}
        before = office.ask("/board")["position"]
        problem(office.post(path, body, by=by, now=moment("2008-03-02")), 409, "moment-passed")
        assert office.ask("/board")["position"] == before

    def test_of_a_matter_command_is_refused(self, office: Office) -> None:
        """对事项的命令早于时钟也一样。"""
        office.at("2008-03-03").register()
        body = {"lead_unit": office.units["town"], "time_limit": "7日内", "quality_requirement": "清完"}
        problem(office.try_("assign", body, by="clerk", now=moment("2008-03-03 08:59")), 409, "moment-passed")
        assert office.look()["stage"] == "registered"

    def test_equal_to_the_clock_is_taken(self, office: Office) -> None:
        """等于时钟的时刻照办。"""
        office.at("2008-03-03").assigned()
        assert office.look()["stage"] == "assigned"

    def test_of_a_question_is_a_look_back(self, office_on_both: Office) -> None:
        """时刻早于时钟的查询，按那一刻作答。"""
        office = office_on_both
        matter = office.at("2008-03-03").register()
        office.at("2008-03-05").do(
            "assign",
            {"lead_unit": office.units["town"], "time_limit": "7日内", "quality_requirement": "清完"},
            by="clerk",
        )
        then = office.look(matter, now=moment("2008-03-04"))
        assert (then["stage"], then["due_on"]) == ("registered", None)
        assert len(office.history(matter, now=moment("2008-03-04"))) == 1
        listed = office.ask("/matters", now=moment("2008-03-04"))["items"]
        assert [item["stage"] for item in listed] == ["registered"]
        stages = office.ask("/board", now=moment("2008-03-04"))["stages"]
        assert {row["stage"]: row["count"] for row in stages}["registered"] == 1
        problem(office.get(f"/matters/{matter}", now=moment("2008-03-02")), 404)
        assert office.ask("/matters", now=moment("2008-03-02"))["items"] == []


class TestALaterMoment:
    def test_of_a_question_judges_there_and_moves_nothing(self, office_on_both: Office) -> None:
        """时刻晚于时钟的查询，按那一刻判迟早，时钟不动。"""
        office = office_on_both
        matter = office.at("2008-03-03").assigned(time_limit="7日内")
        later = office.look(matter, now=moment("2008-03-15"))
        assert (later["due_on"], later["days_late"], later["light"]) == ("2008-03-10", 5, "red")
        assert [i["id"] for i in office.ask("/overdue", now=moment("2008-03-15"))["items"]] == [matter]
        assert office.ask("/overdue", now=moment("2008-03-10"))["items"] == []
        office.now = None
        assert office.look(matter)["days_late"] == 0
        assert office.look(office.register())["registered_at"] == "2008-03-03T09:00:00+08:00"

    def test_of_a_question_opens_no_future(self, office: Office) -> None:
        """as_of 晚于该次查询的时刻仍是 422。"""
        office.at("2008-03-03").assigned()
        problem(office.get("/matters", as_of="2008-03-16", now=moment("2008-03-15")), 422, "as-of-future")


class TestTheHeader:
    @pytest.mark.parametrize("text", ["2008-03-03T09:00:00", "2008-03-03 09:00", "2008-03-03"])
    @pytest.mark.parametrize("method", ["GET", "POST"])
    def test_needs_a_zone(self, office: Office, text: str, method: str) -> None:
        """没有时区的时刻答 400。"""
        problem(office.send(method, "/matters" if method == "GET" else "/tick", by="admin", now=text), 400)

    @pytest.mark.parametrize(
        "text",
        [
            "yesterday",
            "1948-12-31T23:59:59+08:00",
            "0001-01-01T00:00:00+08:00",
            "9999-01-01T00:00:00+08:00",
            "12345",
        ],
    )
    @pytest.mark.parametrize("method", ["GET", "POST"])
    def test_must_be_a_moment(self, office: Office, text: str, method: str) -> None:
        """读不懂、早于 1949 年或远得离谱的时刻答 400。"""
        problem(office.send(method, "/matters" if method == "GET" else "/tick", by="admin", now=text), 400)


class TestTheMode:
    def test_is_not_changed_by_the_configuration(self, an_opened_office: Furnished, tmp_path: Path) -> None:
        """开账时定的模式不能改：配置说成真实办公，启动就拒绝。"""
        with an_opened_office.copy(tmp_path):
            pass
        with pytest.raises(WrongSetting, match="rehearsal"):
            open_runtime(settings_at(tmp_path, clock={"mode": "real"}))

    def test_real_is_not_opened_as_rehearsal(self, tmp_path: Path) -> None:
        """真实办公的记录不能当演练打开。"""
        init(settings_at(tmp_path, clock={"mode": "real"}))
        with pytest.raises(WrongSetting, match="real"):
            open_runtime(settings_at(tmp_path))

    def test_is_opened_once(self, an_opened_office: Furnished, tmp_path: Path) -> None:
        """已有记录的地方不再开账。"""
        with an_opened_office.copy(tmp_path):
            pass
        with pytest.raises(Conflict):
            init(settings_at(tmp_path))


class TestInRealMode:
    def test_no_moment_is_taken(self, tmp_path: Path) -> None:
        """真实办公时带 X-Duban-Now 的请求一律 400 not-rehearsing；不带的按本机时钟。"""
        settings = settings_at(tmp_path, clock={"mode": "real"})
        init(settings)
        runtime = open_runtime(settings)
        with app_client(runtime) as client:
            office = furnish(runtime, client)
            assert office.runtime is not None
            office.tokens["admin"] = office.runtime.accounts.make_token(UserName("admin"), datetime.now(UTC))
            office.register()
            told = datetime.fromisoformat(office.look()["registered_at"])
            assert abs(told - datetime.now(UTC)) < timedelta(minutes=1)
            for path in ("/matters", "/board", "/overdue", "/letters", "/units", "/rates"):
                problem(office.get(path, now=moment("2008-03-03")), 400, "not-rehearsing")
            problem(office.post("/tick", now=moment("2008-03-03")), 400, "not-rehearsing")
            problem(
                office.try_("amend", {"fields": {}}, by="clerk", now=moment("2008-03-03")),
                400,
                "not-rehearsing",
            )
            problem(office.post("/units", {"name": "甲"}, now=moment("2030-03-03")), 400, "not-rehearsing")
            told = problem(office.post("/tick"), office.post("/tick").status_code)
            assert told["code"] == "not-rehearsing"
