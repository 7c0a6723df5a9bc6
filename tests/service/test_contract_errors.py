"""HTTP: what cannot be read, is not allowed or does not fit is told as problem+json, and nothing is half written."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from tests.service.given import API, Office, plan, problem

MONDAY = "2008-03-03"
MATTER = {"title": "三号河道", "kind": "rectification", "source": "专项督查", "problem": "河道边堆放垃圾"}


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


class TestADatabaseThatIsAway:
    @pytest.mark.parametrize("path", ["/matters", "/matters/x/acknowledge", "/matters/x/no-such-command"])
    def test_is_said_of_every_command(
        self, office: Office, path: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """数据库暂时连不上时，立项、每条命令都答 503 请稍后再试，不说服务出错。"""

        def away(*_: object) -> None:
            raise psycopg.OperationalError("the server closed the connection unexpectedly")

        monkeypatch.setattr("service.api.commands.program", away)
        told = problem(office.send("POST", path, by="clerk", json=MATTER), 503)
        assert told["code"] == "database-unavailable"


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
            b"[" * 100_000,
            b'{"a":' * 50_000,
            b'{"title": NaN}',
            b'{"title": "\\ud800"}',
            b"{} {}",
        ],
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
