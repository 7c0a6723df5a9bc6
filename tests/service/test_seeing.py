"""Who sees a closed matter, and who may look at it again."""

from __future__ import annotations

from tests.service.given import Office


class TestLookingBack:
    def test_any_verifier_may_look_again(self, office: Office) -> None:
        """已销号的事项，没被指派核查的核查人员也看得到、可以回头看；在办的看不到。"""
        office.at("2008-03-03").closed()
        assert office.get(f"/matters/{office.matter}", by="verifier2").status_code == 200
        assert [item["id"] for item in office.ask("/matters", by="verifier2")["items"]] == [office.matter]
        office.do("select-look-back", {"due_on": office.now[:10]}, by="clerk")
        office.do("pass-look-back", {"findings": "保持良好"}, by="verifier2")
        assert office.look()["stage"] == "confirmed"
        closed = office.matter
        office.register()
        assert office.get(f"/matters/{office.matter}", by="verifier2").status_code == 404
        assert office.get(f"/matters/{closed}", by="water").status_code == 404

    def test_is_kept_from_the_unit_looked_at(self, office: Office) -> None:
        """抽取回头看，被看的单位在接口里看不到；督查室、核查人员和审计看得到。"""
        office.at("2008-03-03").closed()
        office.do("select-look-back", {"due_on": "2008-03-20"}, by="clerk")
        path = f"/matters/{office.matter}"
        for who, seen in (("liaison", False), ("clerk", True), ("verifier", True), ("auditor", True)):
            types = [item["type"] for item in office.ask(f"{path}/history", by=who)["items"]]
            assert ("look-back-selected" in types) is seen, who
            assert (office.ask(path, by=who)["look_back_on"] is not None) is seen, who
            (item,) = office.ask("/matters", by=who)["items"]
            assert (item["look_back_on"] is not None) is seen, who
