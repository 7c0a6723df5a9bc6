"""单位、人员、账号: registered, moved and closed from a day on, and names as of the moment asked."""

from __future__ import annotations

from typing import Any

import pytest

from tests.service.given import Office, problem

MONDAY = "2008-03-03"


def unit(office: Office, id_: str, **more: Any) -> Any:
    return next((one for one in office.ask("/units", **more)["items"] if one["id"] == id_), None)


def person(office: Office, id_: str, **more: Any) -> Any:
    return next((one for one in office.ask("/people", by="admin", **more)["items"] if one["id"] == id_), None)


class TestAUnit:
    def test_is_registered_under_another(self, office_on_both: Office) -> None:
        """单位登记在上级之下，答 201 和编号、位置。"""
        office = office_on_both
        body = {"name": "防汛办", "parent": office.units["water"], "kind": "department"}
        response = office.at(MONDAY).post("/units", body)
        assert response.status_code == 201
        made = response.json()
        assert made["position"] == office.ask("/board")["position"]
        shown = unit(office, made["id"])
        assert (shown["name"], shown["parent"], shown["kind"]) == (
            "防汛办",
            office.units["water"],
            "department",
        )

    def test_has_a_name_of_its_own_under_its_parent(self, office_on_both: Office) -> None:
        """同一上级下不重名，答 409 name-taken；不同上级下可以同名。"""
        office = office_on_both
        office.at(MONDAY)
        for name in ("青石镇", " 青石镇 "):
            problem(
                office.post("/units", {"name": name, "parent": office.units["office"]}), 409, "name-taken"
            )
        office.made("/units", {"name": "青石镇", "parent": office.units["government"]})
        rename = f"/units/{office.units['water']}/rename"
        problem(office.post(rename, {"name": "青石镇"}), 409, "name-taken")
        move = f"/units/{office.units['village']}/move"
        office.made("/units", {"name": "柳湾村", "parent": office.units["water"]})
        problem(office.post(move, {"parent": office.units["water"]}), 409, "name-taken")

    def test_keeps_its_old_name_for_old_days(self, office_on_both: Office) -> None:
        """更名以后，查旧日子仍见旧名，事项也按那一刻的名称。"""
        office = office_on_both
        office.at(MONDAY).assigned()
        town = office.units["town"]
        before = office.ask("/board")["position"]
        office.at("2008-05-01").made(f"/units/{town}/rename", {"name": "青石街道"})
        office.at("2008-05-02")
        assert unit(office, town)["name"] == "青石街道"
        assert office.look()["lead_unit_name"] == "青石街道"
        for then in ("2008-04-30", str(before), "2008-04-30T23:59:59+08:00"):
            assert unit(office, town, as_of=then)["name"] == "青石镇", then
            assert office.look(as_of=then)["lead_unit_name"] == "青石镇", then
            assert office.ask("/matters", as_of=then)["items"][0]["lead_unit_name"] == "青石镇"
        assert unit(office, town, as_of="2008-05-01")["name"] == "青石街道"

    def test_is_renamed_from_a_day_on(self, office: Office) -> None:
        """定在以后更名的，那天以前仍用旧名。"""
        town = office.units["town"]
        office.at(MONDAY).made(f"/units/{town}/rename", {"name": "青石街道", "from": "2008-05-01"})
        assert unit(office, town)["name"] == "青石镇"
        assert unit(office, town, now="2008-04-30T23:59:59+08:00")["name"] == "青石镇"
        assert unit(office, town, now="2008-05-01T00:00:00+08:00")["name"] == "青石街道"

    def test_was_called_otherwise_from_an_earlier_day(self, office: Office) -> None:
        """补记早先的更名：从登记那一位起按新名，以前的位置仍见旧名。"""
        town = office.units["town"]
        office.at("2008-05-10").register()
        position = office.ask("/board")["position"]
        office.made(f"/units/{town}/rename", {"name": "青石街道", "from": "2008-05-01"})
        assert unit(office, town)["name"] == "青石街道"
        assert unit(office, town, as_of=str(position))["name"] == "青石镇"

    def test_moves_with_those_below(self, office: Office) -> None:
        """划转以后，下级跟着走；查旧日子仍在原处。"""
        office.at(MONDAY).register()
        body = {"lead_unit": office.units["village"], "time_limit": "7日内", "quality_requirement": "清完"}
        office.do("assign", body, by="clerk")
        office.at("2008-03-05").made(
            f"/units/{office.units['town']}/move", {"parent": office.units["government"]}
        )
        assert unit(office, office.units["town"])["parent"] == office.units["government"]
        assert unit(office, office.units["town"], as_of="2008-03-04")["parent"] == office.units["office"]
        query = {"unit": office.units["government"], "subtree": "true"}
        assert len(office.ask("/matters", **query)["items"]) == 1
        assert office.ask("/matters", as_of="2008-03-04", **query)["items"] == []
        problem(office.post(f"/units/{office.units['town']}/move", {"parent": office.units["village"]}), 422)
        problem(office.post(f"/units/{office.units['town']}/move", {"parent": "nowhere"}), 422)

    def test_with_open_matters_closes_only_with_a_successor(self, office_on_both: Office) -> None:
        """有未结事项的单位，撤销要写承接单位。"""
        office = office_on_both
        office.at(MONDAY).register()
        body = {"lead_unit": office.units["water"], "time_limit": "7日内", "quality_requirement": "清完"}
        office.do("assign", body, by="clerk")
        close = f"/units/{office.units['water']}/close"
        problem(office.post(close), 422)
        problem(office.post(close, {"successor": "nowhere"}), 422)
        problem(office.post(close, {"successor": office.units["water"]}), 422)
        office.made(close, {"successor": office.units["town"]})
        shown = unit(office, office.units["water"])
        assert (shown["closed"], shown["closed_on"], shown["successor"]) == (
            True,
            MONDAY,
            office.units["town"],
        )

    def test_hands_its_open_matters_to_the_successor(self, office: Office) -> None:
        """承接单位看得到、办得了承接来的事项。"""
        office.at(MONDAY).register()
        body = {"lead_unit": office.units["water"], "time_limit": "7日内", "quality_requirement": "清完"}
        office.do("assign", body, by="clerk")
        office.made(f"/units/{office.units['water']}/close", {"successor": office.units["town"]})
        office.at("2008-03-04")
        assert office.look(by="liaison")["id"] == office.matter
        assert [item["id"] for item in office.ask("/matters", by="liaison")["items"]] == [office.matter]
        assert "acknowledge" in office.look(by="liaison")["permitted"]
        office.do("acknowledge", by="liaison")
        assert office.look()["stage"] == "acknowledged"

    def test_without_matters_closes_alone(self, office: Office) -> None:
        """没有未结事项的单位直接撤销；再撤销一次是拒绝。"""
        close = f"/units/{office.units['schools']}/close"
        office.at(MONDAY).made(close, {"from": "2008-04-01"})
        assert unit(office, office.units["schools"])["closed"] is False
        assert unit(office, office.units["schools"], now="2008-04-01T00:00:00+08:00")["closed"] is True
        assert office.post(close).status_code in (409, 422)

    @pytest.mark.parametrize("from_", ["1948-01-01", "9999-01-01", "2008-02-30", "soon", 5])
    def test_changes_on_a_sane_day_only(self, office: Office, from_: object) -> None:
        """from 不像日期、早于 1949 年或远得离谱，答 422。"""
        office.at(MONDAY)
        for verb, body in (
            ("rename", {"name": "新名"}),
            ("move", {"parent": office.units["government"]}),
            ("close", {}),
        ):
            problem(office.post(f"/units/{office.units['schools']}/{verb}", {**body, "from": from_}), 422)

    def test_is_made_by_an_administrator_only(self, office: Office) -> None:
        """单位、人员、账号、工作日、走钟只有系统管理员办，其余 403。"""
        office.at(MONDAY)
        for who in ("clerk", "head", "liaison", "verifier", "leader", "auditor"):
            problem(office.post("/units", {"name": "气象局"}, by=who), 403, "not-yours")
            problem(
                office.post("/people", {"name": "高", "unit": office.units["town"]}, by=who), 403, "not-yours"
            )
            user = {"name": "newcomer", "person": office.people["clerk"], "roles": ["admin"]}
            problem(office.post("/users", user, by=who), 403, "not-yours")
            problem(office.post("/users/clerk/roles", {"roles": ["admin"]}, by=who), 403, "not-yours")
            problem(
                office.post(f"/units/{office.units['town']}/rename", {"name": "甲"}, by=who), 403, "not-yours"
            )
            problem(office.post(f"/people/{office.people['clerk']}/leave", by=who), 403, "not-yours")
            problem(office.post("/tick", by=who), 403, "not-yours")
            table = {"days": [{"date": "2031-01-01", "working": False, "name": "元旦"}], "source": "通知"}
            problem(office.post("/calendars/2031", table, by=who), 403, "not-yours")


class TestAPerson:
    def test_moves_and_the_duty_stays(self, office: Office) -> None:
        """人调走以后看不到原单位的事项，接任的看得到。"""
        office.at(MONDAY).assigned()
        path = f"/people/{office.people['liaison']}/move"
        office.made(path, {"unit": office.units["water"], "from": "2008-03-10"})
        assert office.get(f"/matters/{office.matter}", by="liaison").status_code == 200
        assert person(office, office.people["liaison"])["unit"] == office.units["town"]
        office.at("2008-03-10").tick()
        assert person(office, office.people["liaison"])["unit"] == office.units["water"]
        assert person(office, office.people["liaison"], as_of="2008-03-09")["unit"] == office.units["town"]
        problem(office.get(f"/matters/{office.matter}", by="liaison"), 404)
        problem(office.try_("acknowledge", by="liaison"), 404)
        office.do("acknowledge", by="chief")

    def test_who_left_logs_in_no_more(self, office: Office) -> None:
        """离任之日起账号不能再用。"""
        office.at(MONDAY).made(f"/people/{office.people['liaison']}/leave", {"from": "2008-03-10"})
        assert office.get("/me", by="liaison").status_code == 200
        office.tick("2008-03-10")
        problem(office.get("/me", by="liaison"), 401)
        assert person(office, office.people["liaison"])["left_on"] == "2008-03-10"

    def test_belongs_to_a_unit_that_is(self, office: Office) -> None:
        """人员登记在不存在或已撤销的单位，答 422。"""
        office.at(MONDAY)
        problem(office.post("/people", {"name": "高行健", "unit": "nowhere"}), 422)
        office.made(f"/units/{office.units['schools']}/close")
        problem(office.post("/people", {"name": "高行健", "unit": office.units["schools"]}), 422)
        move = f"/people/{office.people['liaison']}/move"
        problem(office.post(move, {"unit": office.units["schools"]}), 422)
        problem(
            office.post("/people", {"name": "高行健", "unit": office.units["town"], "roles": ["king"]}), 422
        )
        problem(
            office.post("/people", {"name": "高行健", "unit": office.units["town"], "email": "no-address"}),
            422,
        )

    def test_is_not_yet_listed_before_being_registered(self, office: Office) -> None:
        """查登记以前的日子，名录里还没有这个人、这个单位。"""
        office.at(MONDAY).register()
        new = office.at("2008-03-05").made("/people", {"name": "高行健", "unit": office.units["town"]})["id"]
        other = office.made("/units", {"name": "气象局"})["id"]
        assert person(office, new, as_of="2008-03-04") is None
        assert unit(office, other, as_of="2008-03-04") is None
        assert person(office, new)["name"] == "高行健"

    def test_shows_no_address_to_other_units(self, office: Office) -> None:
        """电话邮箱只给督查室、领导、审计、管理员和本人看。"""
        listed = office.at(MONDAY).ask("/people", by="liaison")["items"]
        for one in listed:
            assert ("email" in one) == (one["id"] == office.people["liaison"])


class TestAnAccount:
    def test_has_one_name(self, office: Office) -> None:
        """账号名不重复，答 409 name-taken。"""
        body = {"name": "clerk", "person": office.people["clerk"], "roles": ["office_clerk"]}
        problem(office.at(MONDAY).post("/users", body), 409, "name-taken")
        problem(office.post("/users", {**body, "name": "CLERK"}), 409, "name-taken")

    def test_is_for_somebody_known(self, office: Office) -> None:
        """账号要对应名录里的人，角色要是合约上的。"""
        office.at(MONDAY)
        problem(office.post("/users", {"name": "new", "person": "nobody", "roles": ["leader"]}), 422)
        problem(
            office.post("/users", {"name": "new", "person": office.people["clerk"], "roles": ["king"]}), 422
        )
        problem(office.post("/users", {"name": "new", "person": office.people["clerk"]}), 422)

    def test_does_what_its_roles_say(self, office: Office) -> None:
        """改了角色，立即按新的角色。"""
        office.at(MONDAY)
        office.made("/users/auditor/roles", {"roles": ["auditor", "office_clerk"]})
        assert sorted(office.ask("/me", by="auditor")["roles"]) == ["auditor", "office_clerk"]
        office.register(by="auditor")
        office.made("/users/auditor/roles", {"roles": ["auditor"]})
        body = {"lead_unit": office.units["town"], "time_limit": "7日内", "quality_requirement": "清完"}
        problem(office.try_("assign", body, by="auditor"), 403, "not-yours")

    def test_takes_a_day_with_each_command(self, office: Office) -> None:
        """账号的各个命令也收 from，默认当天。"""
        office.at(MONDAY)
        for verb, body in (
            ("disable", {}),
            ("enable", {}),
            ("reset-password", {}),
            ("roles", {"roles": ["office_head"]}),
        ):
            response = office.post(f"/users/clerk/{verb}", {**body, "from": MONDAY})
            assert response.status_code == 200, f"{verb}: {response.text}"

    def test_of_nobody_is_not_found(self, office: Office) -> None:
        """没有的账号、单位、人员答 404。"""
        office.at(MONDAY)
        for path in ("/users/nobody/disable", "/units/nowhere/close", "/people/nobody/leave"):
            problem(office.post(path), 404)

    def test_of_the_last_administrator_stays(self, office: Office) -> None:
        """最后一个系统管理员不能停用，也不能收回角色。"""
        problem(office.at(MONDAY).post("/users/admin/disable"), 409)
        problem(office.post("/users/admin/roles", {"roles": ["auditor"]}), 409)

    def test_says_nothing_of_secrets(self, office: Office) -> None:
        """给的密码不在答复里，也不在任何名录里；太弱的密码答 422。"""
        office.at(MONDAY)
        body = {
            "name": "new",
            "person": office.people["clerk"],
            "roles": ["leader"],
            "password": "river-lantern-48",
        }
        assert "river-lantern-48" not in office.post("/users", body).text
        problem(office.post("/users/new/reset-password", {"password": "123"}), 422)
