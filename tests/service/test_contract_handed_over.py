"""异议、改派、更正与期限: a new limit where somebody else answers, old dates kept."""

from __future__ import annotations

import pytest

from tests.service.given import Office, dates, problem

MONDAY = "2008-03-03"


class TestAnObjection:
    def test_not_upheld_goes_back(self, office: Office) -> None:
        """异议不成立，回到原来的阶段，期限不动。"""
        office.at(MONDAY).acknowledged(due_on="2008-03-20")
        office.at("2008-03-05").do("object", {"reason": "不属本镇"}, by="liaison")
        office.at("2008-03-07").do("decide-objection", {"upheld": False}, by="head")
        assert (office.look()["stage"], dates(office)) == ("acknowledged", ["2008-03-20"])

    def test_upheld_to_another_unit_needs_a_limit(self, office: Office) -> None:
        """异议成立转别的单位，要另定期限，不算延期。"""
        office.at(MONDAY).objected(due_on="2008-03-20")
        body = {"upheld": True, "to_unit": office.units["water"]}
        problem(office.try_("decide-objection", body, by="head"), 422)
        office.at("2008-03-05").do("decide-objection", {**body, "time_limit": "10日内"}, by="head")
        shown = office.look()
        assert (shown["stage"], shown["lead_unit"], shown["due_on"]) == (
            "assigned",
            office.units["water"],
            "2008-03-15",
        )
        assert dates(office) == ["2008-03-20", "2008-03-15"]
        assert shown["extensions_granted"] == 0

    def test_upheld_to_nobody_waits_again(self, office: Office) -> None:
        """异议成立没有转给谁，回到待交办，没有期限。"""
        office.at(MONDAY).objected(due_on="2008-03-20")
        office.do("decide-objection", {"upheld": True}, by="head")
        shown = office.look()
        assert (shown["stage"], shown["due_on"], shown["lead_unit"]) == ("registered", None, None)
        assert dates(office) == ["2008-03-20"]

    def test_is_made_within_five_working_days(self, office: Office) -> None:
        """交办后五个工作日内可以提，第六个不行。"""
        office.at(MONDAY).assigned(due_on="2008-04-20")
        first = office.matter
        office.assigned(due_on="2008-04-20")
        office.at("2008-03-10 23:59").do("object", {"reason": "不属本镇"}, by="liaison", matter=first)
        response = office.at("2008-03-11").try_("object", {"reason": "不属本镇"}, by="liaison")
        assert response.status_code in (409, 422)

    def test_stands_in_the_overdue_list(self, office: Office) -> None:
        """异议待裁定的，过了期限照样在逾期清单上。"""
        office.at(MONDAY).objected(due_on="2008-03-06")
        assert [i["days_late"] for i in office.at("2008-03-10").ask("/overdue")["items"]] == [4]

    def test_is_not_decided_by_who_assigned(self, office: Office) -> None:
        """谁交办的不由谁裁定，另有负责人时。"""
        office.at(MONDAY).assigned(by="head")
        office.do("object", {"reason": "不属本镇"}, by="liaison")
        problem(office.try_("decide-objection", {"upheld": False}, by="head"), 403)
        office.do("decide-objection", {"upheld": False}, by="deputy")

    def test_is_decided_by_who_assigned_where_nobody_else_can(self, office: Office) -> None:
        """只有一个负责人时，由他裁定。"""
        office.at(MONDAY).made("/users/deputy/disable")
        office.assigned(by="head")
        office.do("object", {"reason": "不属本镇"}, by="liaison")
        office.do("decide-objection", {"upheld": False}, by="head")


class TestAReassignment:
    def test_needs_a_limit_and_is_no_extension(self, office: Office) -> None:
        """改派要另定期限，旧期限留着，不算延期。"""
        office.at(MONDAY).rectifying(due_on="2008-03-20")
        body = {"lead_unit": office.units["water"], "quality_requirement": "清完"}
        problem(office.try_("reassign", body, by="clerk"), 422)
        office.at("2008-03-25").do("reassign", {**body, "time_limit": "10日内"}, by="clerk")
        shown = office.look()
        assert (shown["stage"], shown["lead_unit"], shown["due_on"]) == (
            "assigned",
            office.units["water"],
            "2008-04-04",
        )
        assert (dates(office), shown["extensions_granted"]) == (["2008-03-20", "2008-04-04"], 0)
        assert shown["days_late"] == 0

    def test_drops_a_pending_extension(self, office: Office) -> None:
        """改派以后，原单位的延期申请不再待批。"""
        office.at(MONDAY).rectifying(due_on="2008-03-20")
        office.do("request-extension", {"until": "2008-04-10", "reason": "汛期"}, by="liaison")
        body = {"lead_unit": office.units["water"], "quality_requirement": "清完", "time_limit": "10日内"}
        office.do("reassign", body, by="clerk")
        office.do("acknowledge", by="water")
        assert office.look()["extension_pending"] is False
        problem(office.try_("grant-extension", {"until": "2008-04-10"}, by="head"), 409)


class TestACorrection:
    def test_moves_the_limit_only_with_a_basis(self, office: Office) -> None:
        """更正期限要有依据；更正以前的位置仍见旧期限。"""
        office.at(MONDAY).assigned(due_on="2008-03-20")
        position = office.history()[-1]["position"]
        body = {"position": position, "reason": "录入有误", "fields": {"due_on": "2008-03-30"}}
        problem(office.try_("correct", body, by="head"), 422)
        office.at("2008-03-25")
        assert len(office.ask("/overdue")["items"]) == 1
        office.do("correct", {**body, "basis": "县府办〔2008〕12号"}, by="head")
        assert (office.look()["due_on"], dates(office)) == ("2008-03-30", ["2008-03-20", "2008-03-30"])
        assert office.ask("/overdue")["items"] == []
        assert office.look(as_of=str(position))["due_on"] == "2008-03-20"
        assert len(office.ask("/overdue", as_of="2008-03-24")["items"]) == 1

    @pytest.mark.parametrize(
        "field", ["stage", "actor", "lead_unit", "unit", "position", "number", "version", "nonsense"]
    )
    def test_never_moves_stage_actor_unit_or_position(self, office: Office, field: str) -> None:
        """更正不改阶段、办理人、单位、位置。"""
        office.at(MONDAY).assigned()
        position = office.history()[-1]["position"]
        body = {"position": position, "reason": "录入有误", "basis": "甲", "fields": {field: "water"}}
        problem(office.try_("correct", body, by="head"), 422)

    def test_is_of_a_fact_of_this_matter(self, office: Office) -> None:
        """只更正本件的事实。"""
        office.at(MONDAY).assigned()
        other = office.history()[0]["position"]
        office.assigned()
        for position in (other, 0, 99999, -1):
            body = {"position": position, "reason": "录入有误", "fields": {"title": "新标题"}}
            response = office.try_("correct", body, by="head")
            assert response.status_code in (404, 422), response.text
