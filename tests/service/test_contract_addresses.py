"""地址与并发: what is not there, filters that cannot be read, writers that collide, units that are closed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.service.given import Office, ids, later, problem
from tests.service.pages import stranger

MONDAY = "2008-03-03"
MATTER = {"title": "三号河道", "kind": "rectification", "source": "专项督查", "problem": "河道边堆放垃圾"}


class TestAnAddress:
    @pytest.mark.parametrize(
        "id_", ["nobody", "0", "a'b", "%00", "x" * 3000, "%F0%9F%91%8D", "matter-1", "%0A", "-"]
    )
    def test_of_no_matter_is_not_found(self, office: Office, id_: str) -> None:
        """没有的事项一律 404。"""
        office.at(MONDAY)
        for path in (f"/matters/{id_}", f"/matters/{id_}/history", f"/evidence/{id_}"):
            problem(office.get(path), 404)
        problem(office.post(f"/matters/{id_}/acknowledge", by="liaison"), 404)

    def test_with_a_control_character_is_refused(self, office: Office) -> None:
        """地址里有控制字符的答 404，查询条件里有的答 422 并说出是哪一项，两种数据库一样，页面也一样。"""
        office.at(MONDAY).register()
        asked = [("/matters", name) for name in ("q", "unit", "cursor", "as_of", "unheard-of")]
        asked += [("/overdue", "unit"), ("/letters", "matter"), ("/units", "as_of"), ("/nowhere", "q")]
        for path, name in asked:
            for sign in "\x00\x1b\x7f\x85":
                told = problem(office.get(path, **{name: f"a{sign}b"}), 422, "control-character")
                assert name in told["detail"]
        problem(office.get("/matters", **{"a\x00": "b"}), 422, "control-character")
        for path in ("/matters/%00", "/matters/%1F/history", "/evidence/a%00b", "/calendars/%00"):
            problem(office.get(path), 404, "not-found")
        for path in ("/units/%00/close", "/people/%00/leave", "/users/%C2%85/disable", "/matters/%00/urge"):
            problem(office.post(path), 404, "not-found")
        page = stranger(office)
        assert "控制字符" in page.get("/matters?q=a%00b", 422)
        assert "控制字符" in page.get("/matters/%00", 404)

    def test_with_white_space_is_read(self, office_on_both: Office) -> None:
        """从表格里连着制表符、换行一起贴进查询框的，照查。"""
        office = office_on_both
        office.at(MONDAY).register(title="三号河道")
        assert ids(office.ask("/matters", q="三号河道\t\r\n")) == [office.matter]

    def test_of_no_command_is_not_found(self, office: Office) -> None:
        """没有的命令 404。"""
        office.at(MONDAY).register()
        for name in ("explode", "remind", "recompute-due", "ASSIGN", "assign "):
            problem(office.try_(name, by="clerk"), 404)
        for path in (
            "/units/x/explode",
            "/people/x/rename",
            "/users/auditor/explode",
            "/nothing",
            "/units/x/register",
        ):
            problem(office.post(path), 404)

    def test_registers_nothing_a_second_time(self, office: Office) -> None:
        """立项只有 POST /matters：已有的事项不能再立项，编号也不由来者定。"""
        office.at(MONDAY).assigned()
        for id_ in (office.matter, "chosen-by-me"):
            problem(office.post(f"/matters/{id_}/register", MATTER, by="clerk"), 404)
        assert [fact["type"] for fact in office.history()] == ["matter-registered", "matter-assigned"]

    def test_that_may_not_be_seen_is_not_found(self, office: Office) -> None:
        """别的单位看不见的事项，读和办都是 404。"""
        office.at(MONDAY).assigned()
        problem(office.get(f"/matters/{office.matter}", by="water"), 404)
        problem(office.get(f"/matters/{office.matter}/history", by="verifier"), 404)
        problem(office.try_("acknowledge", by="water"), 404)
        assert office.ask("/matters", by="water")["items"] == []
        assert office.ask("/overdue", by="water", now="2009-03-03T09:00:00+08:00")["items"] == []

    def test_takes_only_its_methods(self, office: Office) -> None:
        """方法不对不是 500。"""
        office.at(MONDAY).register()
        for method, path in (("DELETE", f"/matters/{office.matter}"), ("PUT", "/units"), ("PATCH", "/board")):
            response = office.send(method, path, by="admin")
            problem(response, 405)

    @pytest.mark.parametrize(
        "query",
        [
            {"limit": "0"},
            {"limit": "201"},
            {"limit": "many"},
            {"limit": "-1"},
            {"cursor": "nonsense"},
            {"stage": "nowhere"},
            {"state": "maybe"},
            {"due_before": "soon"},
            {"due_after": "2008-02-30"},
            {"overdue": "perhaps"},
            {"min_position": "x"},
            {"min_position": "-1"},
            {"co": "2"},
        ],
        ids=str,
    )
    def test_with_unreadable_filters_is_refused(self, office: Office, query: dict[str, str]) -> None:
        """看不懂的筛选条件答 400 或 422，不当没写。"""
        response = office.at(MONDAY).get("/matters", **query)
        assert response.status_code in (400, 422), response.text
        problem(response, response.status_code)

    @pytest.mark.parametrize(
        "as_of",
        [
            "2008-03-03T09:00:00",
            "0001-01-01",
            "1948-12-31",
            "0001-01-01T00:00:00+08:00",
            "soon",
            "2008-02-30",
            "1.5",
            "-1",
            "２０",
            "0x1",
        ],
    )
    def test_with_an_unreadable_as_of_is_refused(self, office: Office, as_of: str) -> None:
        """看不懂的 as_of 答 400 或 422。"""
        office.at(MONDAY).register()
        for path in (
            "/matters",
            "/board",
            "/overdue",
            "/rates",
            "/awaiting-verification",
            f"/matters/{office.matter}",
        ):
            response = office.get(path, as_of=as_of)
            assert response.status_code in (400, 422), f"{path} {response.text}"
            problem(response, response.status_code)

    @pytest.mark.parametrize(
        "as_of", ["2008-03-04", "2008-03-03T09:00:01+08:00", "999999", "9" * 30, "2300-01-01"]
    )
    def test_with_a_future_as_of_is_refused(self, office: Office, as_of: str) -> None:
        """将来的 as_of 答 422 as-of-future。"""
        office.at(MONDAY).register()
        for path in ("/matters", "/board", "/overdue", "/rates", f"/matters/{office.matter}/history"):
            problem(office.get(path, as_of=as_of), 422, "as-of-future")

    def test_that_waits_for_the_future_says_not_yet(self, online: Office) -> None:
        """min_position 还没有写到，等两秒答 503 not-yet；已写到的立即答。"""
        online.register()
        position = online.ask("/board")["position"]
        for path in ("/matters", "/board", "/units", f"/matters/{online.matter}", "/letters", "/rates"):
            assert online.get(path, min_position=position).status_code == 200
        problem(online.get("/matters", min_position=position + 1), 503, "not-yet")

    def test_that_waits_is_answered_when_written(self, online: Office) -> None:
        """等的那一位写到了就答。"""
        position = online.register() and online.ask("/board")["position"]
        with ThreadPoolExecutor(1) as pool:
            waiting = pool.submit(online.get, "/matters", min_position=position + 1)
            online.register()
            assert waiting.result().status_code == 200


class TestTwoWriters:
    def test_on_one_version_only_one_writes(self, online: Office) -> None:
        """两个人对着同一版本各办各的，只有一个办成，另一个 409 stale-version。"""
        online.assigned()
        version = online.look()["version"]
        body = {"text": "请抓紧", "expected_version": version}
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda _: online.try_("urge", body, by="clerk"), range(8)))
        assert sorted(answer.status_code for answer in answers) == [200] + [409] * 7
        for answer in answers:
            if answer.status_code == 409:
                problem(answer, 409, "stale-version")
        assert online.look()["version"] == version + 1

    def test_without_versions_all_write_in_some_order(self, online: Office) -> None:
        """不说版本的，先后都办成，一件不丢。"""
        online.assigned()
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda n: online.do("urge", {"text": f"第{n}次"}, by="clerk"), range(24)))
        assert len({answer["position"] for answer in answers}) == 24
        said = [
            fact["body"]["text"]
            for fact in online.history()
            if fact["type"].startswith(("urge", "matter-urge"))
        ]
        assert sorted(said) == sorted(f"第{n}次" for n in range(24))

    def test_of_one_signing_only_one_signs(self, online: Office) -> None:
        """同时签收，只签一次，其余 409 wrong-stage。"""
        online.assigned(kind="immediate")
        with ThreadPoolExecutor(6) as pool:
            answers = list(pool.map(lambda _: online.try_("acknowledge", by="liaison"), range(6)))
        assert sorted(answer.status_code for answer in answers) == [200] + [409] * 5

    @pytest.mark.parametrize("version", [0, 1, 99, -1, 2**63])
    def test_who_is_behind_is_told(self, office_on_both: Office, version: int) -> None:
        """expected_version 不是现在的版本，答 409 stale-version。"""
        office = office_on_both
        office.at(MONDAY).assigned()
        response = office.try_("acknowledge", {"expected_version": version}, by="liaison")
        if version == 2**63 or version < 0:
            assert response.status_code in (409, 422)
        else:
            problem(response, 409, "stale-version")
        assert office.look()["stage"] == "assigned"


class TestUnitsThatAreNot:
    def test_nothing_is_assigned_to_an_unknown_unit(self, office: Office) -> None:
        """不存在的单位不能交办、配合、改派。"""
        office.at(MONDAY).register()
        body = {"lead_unit": "nowhere", "time_limit": "7日内", "quality_requirement": "清完"}
        problem(office.try_("assign", body, by="clerk"), 422)
        known = {**body, "lead_unit": office.units["town"]}
        problem(office.try_("assign", {**known, "co_units": ["nowhere"]}, by="clerk"), 422)
        problem(office.try_("assign", {**known, "lead_unit": ""}, by="clerk"), 422)
        office.do("assign", known, by="clerk")
        problem(office.try_("reassign", body, by="clerk"), 422)

    def test_nothing_is_assigned_to_a_closed_unit(self, office: Office) -> None:
        """已撤销的单位不能交办、配合。"""
        office.at(MONDAY).made(f"/units/{office.units['schools']}/close")
        office.register()
        body = {"lead_unit": office.units["schools"], "time_limit": "7日内", "quality_requirement": "清完"}
        problem(office.try_("assign", body, by="clerk"), 422)
        body = {**body, "lead_unit": office.units["town"], "co_units": [office.units["schools"]]}
        problem(office.try_("assign", body, by="clerk"), 422)
        assert office.look()["stage"] == "registered"

    def test_a_unit_closing_later_still_takes(self, office: Office) -> None:
        """定在以后撤销的单位，撤销以前照收。"""
        day = later(office.at(MONDAY).now or "", 10)
        office.made(f"/units/{office.units['schools']}/close", {"from": day})
        office.register()
        body = {"lead_unit": office.units["schools"], "time_limit": "7日内", "quality_requirement": "清完"}
        office.do("assign", body, by="clerk")
        office.at(day).register()
        problem(office.try_("assign", body, by="clerk"), 422)
