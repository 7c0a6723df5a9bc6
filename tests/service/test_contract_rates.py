"""比率: every rate with its fraction, by unit, period and as it was."""

from __future__ import annotations

import pytest

from tests.service.given import Office, problem

MONDAY = "2008-03-03"
ANSWER = "reminders overdue unsigned extensions verification look_backs bulletins calendar seals".split()
FACTS = {"due-reminded", "overdue-reminded", "unsigned-reminded", "extension-reminded"}
FACTS |= {"verification-reminded", "look-back-reminded"}


class TestRates:
    @pytest.fixture
    def measured(self, office: Office) -> Office:
        """Ten matters of 青石镇 with different ends, one of 水务局."""
        office.at(MONDAY)
        for _ in range(2):
            office.closed(due_on="2008-03-20")
        office.rectifying(due_on="2008-03-20")
        office.assigned(due_on="2008-03-20")
        office.relapsed(due_on="2008-03-20")
        late = office.rectifying(due_on="2008-03-05")
        for way in ("cancelled", "transferred", "merged"):
            getattr(office, way)(due_on="2008-03-20")
        office.registered()
        office.at("2008-03-10").register()
        body = {"lead_unit": office.units["water"], "quality_requirement": "清完", "due_on": "2008-03-20"}
        office.do("assign", body, by="clerk")
        office.matter = late
        office.report()
        office.schedule()
        office.do("pass-verification", {"findings": "属实"}, by="verifier")
        office.do("approve-write-off", by="head")
        office.at("2008-03-12").do(
            "acknowledge", by="water", matter=office.ask("/matters", limit=200)["items"][-1]["id"]
        )
        return office

    def test_count_as_the_contract_says(self, measured: Office) -> None:
        """各比率的分子、分母、百分数都对。"""
        found = {one["rule"]: one for one in measured.ask("/rates")["items"]}
        told = {rule: (one["numerator"], one["denominator"], one["percent"]) for rule, one in found.items()}
        # 两件按期办结、一件反弹、一件晚办结、在办三件（含水务局）、并入的那件一件；撤销、移交、并案的不算
        assert told == {
            "closing_rate": (4, 8, 50.0),
            "on_time_closing_rate": (3, 4, 75.0),
            "receipt_rate": (5, 8, 62.5),
            "rectification_rate": (4, 8, 50.0),
            "write_off_rate": (4, 8, 50.0),
            "handling_rate": (5, 8, 62.5),
            "conclusion_rate": (4, 8, 50.0),
            "relapse_rate": (1, 4, 25.0),
        }

    def test_of_one_unit_and_period(self, measured: Office) -> None:
        """按牵头单位、按首次交办日期（两头都含）选。"""
        water = {one["rule"]: one for one in measured.ask("/rates", unit=measured.units["water"])["items"]}
        assert (water["closing_rate"]["numerator"], water["closing_rate"]["denominator"]) == (0, 1)
        assert water["on_time_closing_rate"]["percent"] is None
        assert water["receipt_rate"]["numerator"] == 0

        def denominator(**period: str) -> int:
            answer = measured.ask("/rates", **period)["items"]
            found: int = next(one["denominator"] for one in answer if one["rule"] == "closing_rate")
            return found

        assert denominator(from_="2008-03-10", to="2008-03-10") == 1
        assert denominator(from_=MONDAY, to="2008-03-09") == 7
        assert denominator(from_="2008-03-04", to="2008-03-09") == 0
        assert denominator(to=MONDAY) == 7
        assert denominator(from_="2008-03-11") == 0
        problem(measured.get("/rates", from_="2008-03-11", to="2008-03-10"), 422)

    def test_as_they_were(self, measured: Office) -> None:
        """as_of 以前的比率，只算到那时。"""
        found = {one["rule"]: one for one in measured.ask("/rates", as_of="2008-03-09")["items"]}
        assert (found["closing_rate"]["numerator"], found["closing_rate"]["denominator"]) == (3, 7)

    def test_of_a_reopened_matter_is_open(self, office: Office) -> None:
        """重开的按没有办结过算。"""
        office.at(MONDAY).closed()
        office.do("reopen", {"reason": "误销"}, by="head")
        found = {one["rule"]: one for one in office.ask("/rates")["items"]}
        assert (found["closing_rate"]["numerator"], found["closing_rate"]["denominator"]) == (0, 1)
        assert found["relapse_rate"]["percent"] is None

    def test_are_rounded_half_up(self, office: Office) -> None:
        """百分数一位小数，四舍五入：1/16 是 6.3，不是 6.2。"""
        office.at(MONDAY).closed(kind="immediate", time_limit="7日内")
        for _ in range(15):
            office.assigned(kind="immediate", time_limit="7日内")
        found = {one["rule"]: one["percent"] for one in office.ask("/rates")["items"]}
        assert found["closing_rate"] == 6.3
