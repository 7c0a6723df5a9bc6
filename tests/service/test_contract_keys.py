"""Idempotency-Key: the same command sent twice is done once and answered alike."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from events.vocabulary import UserName
from service.runtime import open_runtime
from tests.service.given import PHOTO, Office, moment, problem
from tests.service.opened import Furnished, served, settings_at

MONDAY = "2008-03-03"
MATTER = {"title": "三号河道", "kind": "rectification", "source": "专项督查", "problem": "河道边堆放垃圾"}


class TestTheSameKey:
    def test_gives_the_first_answer_with_its_status(self, office_on_both: Office) -> None:
        """同一个键、同一个内容再来一次，得到第一次的答复和状态码，只办一次。"""
        office = office_on_both
        office.at(MONDAY)
        first = office.post("/matters", MATTER, by="clerk", key="k-1")
        again = office.post("/matters", MATTER, by="clerk", key="k-1")
        assert (first.status_code, first.json()) == (201, again.json())
        assert again.status_code == 201
        assert len(office.ask("/matters")["items"]) == 1
        office.matter = first.json()["id"]
        body = {"lead_unit": office.units["town"], "time_limit": "7日内", "quality_requirement": "清完"}
        one = office.do("assign", body, by="clerk", key="k-2")
        office.do("acknowledge", by="liaison")
        assert office.do("assign", body, by="clerk", key="k-2") == one
        assert office.look()["stage"] == "acknowledged"

    def test_needs_no_same_moment(self, office_on_both: Office) -> None:
        """时刻不在比较之列：时钟走了以后带原时刻或新时刻重发，都得到第一次的答复。"""
        office = office_on_both
        first = office.at(MONDAY).made("/matters", MATTER, by="clerk", key="k-1")
        assert office.at("2008-03-05").made("/matters", MATTER, by="clerk", key="k-1") == first
        office.at("2008-03-06").register()
        assert office.at(MONDAY).made("/matters", MATTER, by="clerk", key="k-1") == first
        office.now = None
        assert office.made("/matters", MATTER, by="clerk", key="k-1") == first

    def test_with_another_body_is_refused(self, office: Office) -> None:
        """同一个键换了内容，答 409 key-reused。"""
        office.at(MONDAY).made("/matters", MATTER, by="clerk", key="k-1")
        problem(
            office.post("/matters", {**MATTER, "title": "四号河道"}, by="clerk", key="k-1"), 409, "key-reused"
        )
        assert len(office.ask("/matters")["items"]) == 1

    def test_with_another_path_is_refused(self, office: Office) -> None:
        """同一个键换了地址，答 409 key-reused。"""
        one = office.at(MONDAY).assigned(kind="immediate")
        office.assigned(kind="immediate")
        office.do("acknowledge", by="liaison", matter=one, key="k-1")
        problem(office.try_("acknowledge", by="liaison", key="k-1"), 409, "key-reused")
        assert office.look()["stage"] == "assigned"

    def test_belongs_to_one_user(self, office: Office) -> None:
        """键按账号分开：别人用同一个键办自己的事。"""
        office.at(MONDAY).made("/matters", MATTER, by="clerk", key="k-1")
        office.made("/matters", {**MATTER, "title": "四号河道"}, by="head", key="k-1")
        assert len(office.ask("/matters")["items"]) == 2

    def test_keeps_no_refusal(self, office_on_both: Office) -> None:
        """被拒绝的不留：条件满足以后同一个键照办。"""
        office = office_on_both
        office.at(MONDAY).rectifying()
        body = {"text": "已清运完毕"}
        problem(office.try_("report-completion", body, by="liaison", key="k-1"), 422, "missing-evidence")
        office.attach()
        office.do("report-completion", body, by="liaison", key="k-1")
        assert office.look()["stage"] == "completion_reported"

    def test_keeps_no_refusal_of_another_body(self, office: Office) -> None:
        """第一次被拒绝，改好内容用同一个键再发，照办。"""
        problem(office.at(MONDAY).post("/matters", {**MATTER, "kind": "none"}, by="clerk", key="k-1"), 422)
        office.made("/matters", MATTER, by="clerk", key="k-1")

    def test_is_as_good_with_a_file(self, office: Office) -> None:
        """带附件的命令也一样。"""
        office.at(MONDAY).acknowledged()
        first = office.attach(key="k-1")
        assert office.attach(key="k-1") == first
        assert len(office.look()["evidence"]) == 1
        problem(office.try_attach(content=PHOTO + b"2", key="k-1"), 409, "key-reused")

    @pytest.mark.parametrize(
        ("path", "body"),
        [
            ("/units", {"name": "气象局"}),
            ("/people", {"name": "高行健", "unit": "town"}),
            (
                "/calendars/2031",
                {"days": [{"date": "2031-01-01", "working": False, "name": "元旦"}], "source": "通知"},
            ),
        ],
    )
    def test_is_kept_for_the_directory_and_calendars(
        self, office: Office, path: str, body: dict[str, Any]
    ) -> None:
        """登记单位、人员，公布工作日也一样。"""
        body = {name: office.units[value] if name == "unit" else value for name, value in body.items()}
        first = office.at(MONDAY).post(path, body, key="k-1")
        again = office.at("2008-03-04").post(path, body, key="k-1")
        assert (again.status_code, again.json()) == (first.status_code, first.json())
        assert first.status_code in (200, 201)

    def test_changes_no_password_a_second_time(self, office: Office) -> None:
        """重发开账号的请求，不会把后来改过的密码改回去。"""
        assert office.runtime is not None
        accounts, user, now = office.runtime.accounts, UserName("newcomer"), datetime.now(UTC)
        body = {
            "name": "newcomer",
            "person": office.people["clerk"],
            "roles": ["auditor"],
            "password": "first-secret-83",
        }
        office.at(MONDAY).made("/users", body, key="k-1")
        accounts.check(user, "first-secret-83", now)
        accounts.set_password(user, "second-secret-83", now)
        assert office.post("/users", body, key="k-1").status_code == 201
        accounts.check(user, "second-secret-83", now)  # raises for a wrong one

    def test_resets_no_password_a_second_time(self, office: Office) -> None:
        """重发重置密码的请求，给出第一次的一次性密码，不再换一个。"""
        assert office.runtime is not None
        first = office.at(MONDAY).made("/users/clerk/reset-password", key="k-1")
        again = office.made("/users/clerk/reset-password", key="k-1")
        assert again["position"] == first["position"]
        secret = first.get("one_time_password")
        assert secret
        office.runtime.accounts.check(UserName("clerk"), secret, datetime.now(UTC))  # raises for a wrong one

    def test_sent_at_once_is_done_once(self, an_opened_office: Furnished, tmp_path: Path) -> None:
        """同一个键同时来十二次，只办一次，十二份答复一样。"""
        with an_opened_office.copy(tmp_path):
            pass
        with served(open_runtime(settings_at(tmp_path))) as client:
            model = an_opened_office
            office = Office(client=client, tokens=model.tokens, units=model.units, people=model.people)
            office.at(MONDAY)
            with ThreadPoolExecutor(12) as pool:
                sent = list(
                    pool.map(lambda _: office.post("/matters", MATTER, by="clerk", key="k-1"), range(12))
                )
            assert {response.status_code for response in sent} == {201}
            assert len({response.text for response in sent}) == 1
            assert len(office.ask("/matters")["items"]) == 1


class TestAKey:
    @pytest.mark.parametrize("key", ["", " ", "x" * 201, "a\tb"])
    def test_that_cannot_be_kept_is_a_bad_header(self, office: Office, key: str) -> None:
        """空的、过长的、含控制字符的键答 400。"""
        problem(office.at(MONDAY).post("/matters", MATTER, by="clerk", key=key), 400)

    def test_is_optional(self, office: Office) -> None:
        """不带键的，来两次办两次。"""
        office.at(MONDAY).register()
        office.register()
        assert len(office.ask("/matters")["items"]) == 2

    def test_survives_a_restart(self, an_opened_office: Furnished, tmp_path: Path) -> None:
        """服务重启以后键还在。"""
        with an_opened_office.copy(tmp_path) as office:
            first = office.at(MONDAY).made("/matters", MATTER, by="clerk", key="k-1")
        runtime = open_runtime(settings_at(tmp_path))
        with served(runtime) as client:
            again = Office(client=client, tokens=an_opened_office.tokens).at(moment("2008-04-01"))
            assert again.made("/matters", MATTER, by="clerk", key="k-1") == first
