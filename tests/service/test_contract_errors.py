"""HTTP: what cannot be read, is not allowed or does not fit is told as problem+json, and nothing is half written."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from service.runtime import open_runtime
from tests.service.given import (
    API,
    Furnished,
    Office,
    later,
    plan,
    problem,
    served,
    settings_at,
)

MONDAY = "2008-03-03"
MATTER = {"title": "三号河道", "kind": "rectification", "source": "专项督查", "problem": "河道边堆放垃圾"}


@pytest.fixture
def online(an_opened_office: Furnished, tmp_path: Path) -> Iterator[Office]:
    """The office behind a real server."""
    with an_opened_office.copy(tmp_path):
        pass
    runtime = open_runtime(settings_at(tmp_path))
    with served(runtime) as client:
        model = an_opened_office
        yield Office(
            client=client, tokens=dict(model.tokens), units=dict(model.units), people=dict(model.people)
        ).at(MONDAY)


def raw(
    office: Office, content: bytes | Iterator[bytes], media: str = "application/json", path: str = "/matters"
) -> Any:
    headers = {"Content-Type": media} if media else {}
    return office.send("POST", path, by="clerk", content=content, headers=headers)


class TestWhoAsks:
    @pytest.mark.parametrize(
        "path", ["/matters", "/board", "/me", "/units", "/people", "/overdue", "/rates", "/letters"]
    )
    def test_must_be_known(self, office: Office, path: str) -> None:
        """没有令牌、令牌不对，一律 401。"""
        problem(office.client.get(API + path), 401)
        for given in ("Bearer nonsense", "Bearer ", "Basic YTpi", "Bearer \x7f", "nonsense"):
            problem(office.client.get(API + path, headers={"Authorization": given}), 401)
        problem(office.client.post(f"{API}/matters", json=MATTER), 401)

    def test_must_be_enabled(self, office: Office) -> None:
        """停用的账号立即 401。"""
        office.made("/users/clerk/disable")
        problem(office.get("/matters", by="clerk"), 401)
        office.made("/users/clerk/enable")


class TestABody:
    @pytest.mark.parametrize(
        "content",
        [
            b"{",
            b"nonsense",
            b'{"title": }',
            b"[1, 2]",
            b'"text"',
            b"1",
            b"null",
            b"\xff\xfe{}",
            b'{"title":"\xc3\x28"}',
        ]
        + [b"[" * 100_000, b'{"a":' * 50_000, b'{"title": NaN}', b'{"title": "\\ud800"}', b"{} {}"],
        ids=lambda content: repr(content[:20]),
    )
    def test_that_is_no_object_is_refused(self, office: Office, content: bytes) -> None:
        """读不懂的 JSON 答 400。"""
        office.at(MONDAY)
        problem(raw(office, content), 400)

    @pytest.mark.parametrize(
        "media", ["text/plain", "application/xml", "application/x-www-form-urlencoded", "image/png"]
    )
    def test_of_another_media_type_is_refused(self, office: Office, media: str) -> None:
        """不是 JSON 的内容类型答 415。"""
        office.at(MONDAY)
        for path in ("/matters", "/units", "/calendars/2031"):
            problem(raw(office, b"{}", media, path), 415)

    def test_over_a_megabyte_is_refused(self, online: Office) -> None:
        """超过 1 MB 的 JSON 答 413，10 MB 的也不会读完才说。"""
        for size in (1_000_001, 10_000_000):
            body = json.dumps({**MATTER, "problem": "x" * size}).encode()
            for path in ("/matters", "/units", "/people", "/users", "/calendars/2031"):
                problem(raw(online, body, path=path), 413)
        assert online.ask("/matters")["items"] == []

    def test_over_a_megabyte_in_chunks_is_refused(self, online: Office) -> None:
        """不说长度、分块送来的也一样。"""
        problem(raw(online, (b" " * 100_000 for _ in range(100))), 413)
        assert online.ask("/me", by="clerk")["user"] == "clerk"

    def test_of_a_megabyte_is_read(self, office: Office) -> None:
        """1 MB 以内照读。"""
        body = json.dumps({**MATTER, "title": ""}).encode()
        assert raw(office.at(MONDAY), body + b" " * (999_000 - len(body))).status_code == 422

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("title", 1), ("title", None), ("title", ["甲"]), ("title", {"a": 1}), ("title", True),
            ("kind", 7), ("problem", False), ("urgency", "quick"), ("parent", 3), ("occurred_at", 5),
            ("expected_version", "1"), ("expected_version", 1.5), ("expected_version", True), ("place", []),
        ],
    )  # fmt: skip
    def test_of_wrong_types_is_refused(self, office: Office, field: str, value: Any) -> None:
        """类型不对答 422，指明是哪个字段。"""
        told = problem(office.at(MONDAY).post("/matters", {**MATTER, field: value}, by="clerk"), 422)
        assert field in told["detail"] or told.get("field") == field
        assert office.ask("/matters")["items"] == []

    @pytest.mark.parametrize("field", ["titel", "stage", "lead_unit", "id", "", "__class__", "actor", "题目"])
    def test_with_unknown_fields_is_refused(self, office: Office, field: str) -> None:
        """不认识的字段答 422 unknown-field。"""
        problem(office.at(MONDAY).post("/matters", {**MATTER, field: "甲"}, by="clerk"), 422, "unknown-field")
        assert office.ask("/matters")["items"] == []

    def test_with_unknown_fields_inside_is_refused(self, office: Office) -> None:
        """方案步骤里不认识的字段也一样。"""
        office.at(MONDAY).acknowledged()
        body = plan(office.now)
        body["steps"][0]["owner"] = "何远舟"
        problem(office.try_("submit-plan", body, by="liaison"), 422, "unknown-field")

    @pytest.mark.parametrize("missing", ["title", "kind", "source", "problem"])
    def test_without_a_needed_field_is_refused(self, office: Office, missing: str) -> None:
        """缺必填字段、只写空白，都是 422。"""
        office.at(MONDAY)
        body = {name: value for name, value in MATTER.items() if name != missing}
        problem(office.post("/matters", body, by="clerk"), 422)
        for blank in ("", "  ", "\u3000", "\n"):
            problem(office.post("/matters", {**MATTER, missing: blank}, by="clerk"), 422)

    @pytest.mark.parametrize("sign", ["\x00", "\x07", "\x1b", "\x7f", "\x85", "\u202e", "\u2066", "\ufeff"])
    def test_with_control_characters_is_refused(self, office: Office, sign: str) -> None:
        """看不见的控制字符答 422，不论写在哪里。"""
        office.at(MONDAY)
        for field in ("title", "problem", "place", "source", "source_no", "text", "basis"):
            problem(office.post("/matters", {**MATTER, field: f"河{sign}道"}, by="clerk"), 422)
        problem(office.post("/units", {"name": f"气象{sign}局"}), 422)
        problem(office.post("/people", {"name": f"高{sign}", "unit": office.units["town"]}), 422)
        assert office.ask("/matters")["items"] == []

    def test_keeps_what_people_write(self, office: Office) -> None:
        """换行、表情、生僻字、尖括号照原样保存。"""
        text = "第一行\n第二行 <b>&amp;</b> '; DROP TABLE events; -- 𠮷野家 👍🏽 \u3000全角 %s {0}"
        office.at(MONDAY).register(problem=text)
        assert office.look()["problem"] == text

    def test_of_an_endless_title_is_refused(self, office: Office) -> None:
        """标题长得离谱答 422。"""
        problem(office.at(MONDAY).post("/matters", {**MATTER, "title": "长" * 5_000}, by="clerk"), 422)


class TestATime:
    @pytest.mark.parametrize("told", ["2008-03-03T08:00:00", "2008-03-03 08:00:00", "2008-03-03"])
    def test_without_zone_is_unreadable(self, office: Office, told: str) -> None:
        """没有时区的时刻答 400。"""
        response = office.at(MONDAY).post("/matters", {**MATTER, "occurred_at": told}, by="clerk")
        problem(response, 400 if "T" in told or " " in told else response.status_code)
        assert response.status_code in (400, 422)
        assert office.ask("/matters")["items"] == []

    @pytest.mark.parametrize(
        "told", ["1948-12-31T08:00:00+08:00", "0001-01-01T00:00:00+08:00", "9999-12-31T23:59:59+08:00"]
    )
    def test_before_1949_or_absurdly_far_is_refused(self, office: Office, told: str) -> None:
        """早于 1949 年或远得离谱的时刻不收。"""
        response = office.at(MONDAY).post("/matters", {**MATTER, "occurred_at": told}, by="clerk")
        problem(response, response.status_code)
        assert response.status_code in (400, 422)
        assert office.ask("/matters")["items"] == []

    def test_in_the_future_is_refused(self, office: Office) -> None:
        """发生时间不能在将来。"""
        body = {**MATTER, "occurred_at": "2008-03-03T09:00:01+08:00"}
        problem(office.at(MONDAY).post("/matters", body, by="clerk"), 422)

    @pytest.mark.parametrize("told", ["1948-12-31", "0001-01-01", "9999-12-31", "2999-01-01"])
    def test_of_a_date_is_sane_everywhere(self, office: Office, told: str) -> None:
        """方案步骤、延期、核查、回头看的日期早于 1949 年或远得离谱都是 422。"""
        office.at(MONDAY).acknowledged()
        body = plan(office.now)
        body["steps"][0]["due_on"] = told
        problem(office.try_("submit-plan", body, by="liaison"), 422)
        problem(office.try_("request-extension", {"until": told, "reason": "汛期"}, by="liaison"), 422)
        office.do("submit-plan", plan(office.now), by="liaison")
        office.do("approve-plan", by="clerk")
        problem(office.try_("report-progress", {"text": "过半", "forecast_on": told}, by="liaison"), 422)
        office.report()
        schedule = {"verifier": office.people["verifier"], "on": told}
        problem(office.try_("schedule-verification", schedule, by="clerk"), 422)
        problem(office.try_("return-completion", {"reason": "不实", "due_on": told}, by="clerk"), 422)
        office.schedule()
        office.do("pass-verification", {"findings": "属实"}, by="verifier")
        office.do("approve-write-off", by="head")
        problem(office.try_("select-look-back", {"due_on": told}, by="clerk"), 422)


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
        ]
        + [{"state": "maybe"}, {"due_before": "soon"}, {"due_after": "2008-02-30"}, {"overdue": "perhaps"}]
        + [{"min_position": "x"}, {"min_position": "-1"}, {"co": "2"}],
        ids=str,
    )
    def test_with_unreadable_filters_is_refused(self, office: Office, query: dict[str, str]) -> None:
        """看不懂的筛选条件答 400 或 422，不当没写。"""
        response = office.at(MONDAY).get("/matters", **query)
        assert response.status_code in (400, 422), response.text
        problem(response, response.status_code)

    @pytest.mark.parametrize(
        "as_of", ["2008-03-03T09:00:00", "soon", "2008-02-30", "1.5", "-1", "２０", "0x1"]
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
