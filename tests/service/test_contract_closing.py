"""销号、回头看、领导: what ends a matter, and what happens after."""

from __future__ import annotations

import pytest

from tests.service.given import Office, problem

MONDAY = "2008-03-03"


class TestClosing:
    def test_late_stays_late(self, office: Office) -> None:
        """晚三天报结的，销号以后仍是晚三天，重开、回头看也抹不掉。"""
        office.at(MONDAY).rectifying(due_on="2008-03-10")
        office.at("2008-03-13").report()
        office.schedule()
        office.at("2008-04-01").do("pass-verification", {"findings": "属实"}, by="verifier")
        office.do("approve-write-off", {"grade": "pass"}, by="head")
        for when in ("2008-04-01", "2008-06-01", "2009-01-01"):
            shown = office.look(now=f"{when}T09:00:00+08:00")
            assert (shown["days_late"], shown["closed_late"], shown["light"]) == (3, True, "none")
        office.at("2008-04-02").do("reopen", {"reason": "误销"}, by="head")
        office.do("approve-write-off", by="head")
        assert office.look()["closed_late"] is True

    def test_in_time_is_not_late(self, office: Office) -> None:
        """按期报结的，核查拖得再久也不算晚。"""
        office.at(MONDAY).rectifying(due_on="2008-03-10")
        office.at("2008-03-10 23:59").report()
        office.at("2008-05-01")
        shown = office.look()
        assert (shown["days_late"], shown["working_days_late"], shown["closed_late"]) == (0, 0, False)
        office.schedule()
        office.do("pass-verification", {"findings": "属实"}, by="verifier")
        office.do("approve-write-off", by="head")
        assert (office.look()["days_late"], office.look()["closed_late"]) == (0, False)

    def test_waits_for_the_children(self, office: Office) -> None:
        """下级事项没有办结，上级不能销号。"""
        parent = office.at(MONDAY).reviewed()
        child = office.assigned(parent=parent)
        office.matter = parent
        problem(office.try_("approve-write-off", by="head"), 422)
        office.do("cancel", {"reason": "重复"}, by="head", matter=child)
        office.do("approve-write-off", by="head")

    @pytest.mark.parametrize(("when", "status"), [("2008-03-10", 200), ("2008-03-11", 422)])
    def test_is_taken_back_within_five_working_days(self, office: Office, when: str, status: int) -> None:
        """销号后五个工作日内可以重开，过了不行。"""
        office.at(MONDAY).closed()
        response = office.at(when).try_("reopen", {"reason": "误销"}, by="head")
        assert response.status_code == status or (status == 422 and response.status_code == 409), (
            response.text
        )

    def test_taken_back_leaves_both_facts(self, office: Office) -> None:
        """重开以后，销号和重开两条事实都在。"""
        office.at(MONDAY).closed()
        office.do("reopen", {"reason": "误销"}, by="head")
        types = [fact["type"] for fact in office.history()]
        assert types[-2:] == ["write-off-approved", "matter-reopened"]
        assert office.look()["stage"] == "write_off_review"

    def test_grades_are_the_four(self, office: Office) -> None:
        """办结等级只有优良合格不合格四等。"""
        office.at(MONDAY).reviewed()
        problem(office.try_("approve-write-off", {"grade": "superb"}, by="head"), 422)
        office.do("approve-write-off", {"grade": "excellent"}, by="head")
        assert office.look()["grade"] == "excellent"


class TestLookingBack:
    def test_passes_only_when_selected(self, office: Office) -> None:
        """抽取了回头看才有通过可言。"""
        office.at(MONDAY).closed()
        problem(office.try_("pass-look-back", {"findings": "保持"}, by="verifier"), 409)
        problem(office.try_("select-look-back", {"due_on": "2008-03-01"}, by="clerk"), 422)
        office.do("select-look-back", {"due_on": "2008-06-01"}, by="clerk")
        assert office.look()["look_back_on"] == "2008-06-01"
        problem(office.try_("pass-look-back", {"findings": "保持"}, by="clerk"), 403)
        office.do("pass-look-back", {"findings": "保持"}, by="verifier")
        assert office.look()["stage"] == "confirmed"

    def test_finding_it_back_opens_a_linked_matter(self, office_on_both: Office) -> None:
        """反弹生成一件待交办的新事项，两件互相链接，旧的销号不动。"""
        office = office_on_both
        old = office.at(MONDAY).closed(title="四号河道")
        answer = office.at("2008-05-01").do("find-relapse", {"findings": "又堆上了"}, by="verifier")
        new = answer["relapse_matter"]
        shown, fresh = office.look(old), office.look(new)
        assert (shown["stage"], shown["relapse_matter"], fresh["relapse_of"]) == ("relapsed", new, old)
        assert (fresh["stage"], fresh["due_on"]) == ("registered", None)
        assert fresh["number"] != shown["number"]
        assert fresh["registered_at"] == "2008-05-01T09:00:00+08:00"
        assert "write-off-approved" in [fact["type"] for fact in office.history(old)]
        office.matter = new
        body = {"lead_unit": office.units["town"], "quality_requirement": "清完", "time_limit": "10日内"}
        office.do("assign", body, by="clerk")


class TestALeadersInstruction:
    def test_goes_to_the_leader_and_round_again(self, office: Office) -> None:
        """呈报领导、领导阅示、再次批示，第二轮回到原单位，期限另定，各轮期限都在。"""
        office.at(MONDAY).reviewed(kind="leader_instruction", urgency="ordinary")
        office.do("submit-to-leader", by="clerk")
        assert office.look()["stage"] == "write_off_review"
        problem(office.try_("instruct-again", {"text": "要见底"}, by="leader"), 422)
        problem(office.try_("instruct-again", {"text": "要见底", "time_limit": "5日内"}, by="head"), 403)
        office.at("2008-03-10").do("instruct-again", {"text": "要见底", "time_limit": "5日内"}, by="leader")
        shown = office.look()
        assert (shown["stage"], shown["due_on"], shown["round"]) == ("assigned", "2008-03-15", 2)
        assert shown["lead_unit"] == office.units["town"]
        assert [one["due_on"] for one in shown["due_dates"]] == ["2008-03-18", "2008-03-15"]
        assert shown["extensions_granted"] == 0
        office.do("acknowledge", by="liaison")
        assert office.look()["evidence_missing"] == ["report"]
        office.report()
        office.schedule()
        office.do("pass-verification", {"findings": "属实"}, by="verifier")
        office.do("leader-acknowledge", {"text": "很好"}, by="leader")
        assert office.look()["stage"] == "write_off_review"
        office.do("approve-write-off", {"grade": "good"}, by="head")

    @pytest.mark.parametrize("kind", ["rectification", "immediate", "superior_transfer"])
    def test_is_the_only_kind_with_a_leaders_round(self, office: Office, kind: str) -> None:
        """别的类别没有领导这一轮，答 409 wrong-stage。"""
        office.at(MONDAY).reviewed(kind=kind, time_limit="10日内")
        problem(office.try_("submit-to-leader", by="clerk"), 409, "wrong-stage")
        problem(office.try_("leader-acknowledge", by="leader"), 409, "wrong-stage")
        body = {"text": "要见底", "time_limit": "5日内"}
        problem(office.try_("instruct-again", body, by="leader"), 409, "wrong-stage")

    def test_closes_without_the_leader_by_default(self, office: Office) -> None:
        """没有设定须领导阅示时，不呈报也能办结。"""
        office.at(MONDAY).closed(kind="leader_instruction", urgency="urgent")
        assert office.look()["stage"] == "closed"
