"""公布工作日: limits across an unpublished year are 暂定, and settled by the tick after its publication."""

from __future__ import annotations

from typing import Any

import pytest

from tests.service.given import Office, problem

START = "2026-12-21"
NEW_YEAR = [{"date": f"2027-01-0{n}", "working": False, "name": "元旦"} for n in range(1, 6)]
SHORTER = NEW_YEAR[:3]


def publish(office: Office, days: list[dict[str, Any]] | None = None, **more: Any) -> Any:
    body = {"days": NEW_YEAR if days is None else days, "source": "国办发明电〔2026〕9号"}
    return office.post("/calendars/2027", body, **more)


class TestALimitAcrossAnUnpublishedYear:
    def test_is_provisional_until_published(self, office_on_both: Office) -> None:
        """跨到没有公布的年份，时限暂定；公布以后走钟重算，写下新事实，旧日期留着，信也有。"""
        office = office_on_both
        office.at(START).rectifying(time_limit="15个工作日内")
        before = office.look()
        assert before["provisional"] is True
        assert office.ask("/matters")["items"][0]["provisional"] is True
        answer = publish(office.at("2026-12-22"))
        assert answer.status_code in (200, 201), answer.text
        moves = answer.json()["moves"]
        assert [(one["matter"], one["old"], one["new"]) for one in moves] == [
            (office.matter, before["due_on"], "2027-01-14")
        ]
        assert office.tick() == {"calendar": 1}
        assert office.tick() == {}
        after = office.look()
        assert (after["due_on"], after["provisional"]) == ("2027-01-14", False)
        assert [one["due_on"] for one in after["due_dates"]] == [before["due_on"], "2027-01-14"]
        assert after["extensions_granted"] == 0
        assert office.history()[-1]["type"] == "due-date-recomputed"
        rules = {
            letter["rule"] for letter in office.ask("/letters", matter=office.matter, limit=200)["items"]
        }
        assert "due-changed" in rules

    def test_of_a_day_or_of_calendar_days_is_not(self, office: Office) -> None:
        """不数工作日的时限不暂定，也不因公布而动。"""
        office.at(START)
        for limit in (
            {"due_on": "2027-01-11"},
            {"time_limit": "30日内"},
            {"time_limit": "一个月内"},
            {"time_limit": "8个工作日内"},
        ):
            office.assigned(**limit)
            assert office.look()["provisional"] is False, limit
        publish(office)
        assert "calendar" not in office.tick("2026-12-22")

    def test_closed_never_moves(self, office: Office) -> None:
        """已结的事项不因公布而动。"""
        closed = office.at(START).closed(time_limit="15个工作日内")
        due_on = office.look(closed)["due_on"]
        cancelled = office.cancelled(time_limit="15个工作日内")
        assert publish(office).json()["moves"] == []
        assert "calendar" not in office.tick("2026-12-22")
        assert office.look(closed)["due_on"] == due_on
        assert len(office.look(cancelled)["due_dates"]) == 1

    def test_moved_by_a_suspension_is_settled_too(self, office: Office) -> None:
        """中止跨过未公布的年份，恢复后的期限也暂定，公布后重算。"""
        office.at(START).rectifying(time_limit="5个工作日内")
        assert office.look()["provisional"] is False
        office.do("suspend", {"reason": "防汛"}, by="head")
        office.at("2027-01-08").do("resume", by="head")
        assert office.look()["provisional"] is True
        publish(office)
        office.tick()
        # 中止 12-21 至 01-07：12 月 22 至 31 日八个工作日，1 月 6、7、8 日三个；期限 12-28 加十一个工作日
        assert (office.look()["provisional"], office.look()["due_on"]) == (False, office.look()["due_on"])

    def test_looks_the_same_before_the_publication(self, office: Office) -> None:
        """公布以前的位置，仍见暂定的期限。"""
        office.at(START).rectifying(time_limit="15个工作日内")
        position, shown = office.ask("/board")["position"], office.look()
        publish(office.at("2026-12-22"))
        office.tick()
        again = office.look(as_of=str(position))
        assert (again["due_on"], again["provisional"]) == (shown["due_on"], True)


class TestAPublication:
    def test_a_second_time_is_a_new_version(self, office_on_both: Office) -> None:
        """同一年再公布一次是新的一版。"""
        office = office_on_both
        first = publish(office.at(START)).json()
        second = publish(office, SHORTER).json()
        assert (first["version"], second["version"]) == (1, 2)
        office.rectifying(time_limit="15个工作日内")
        assert (office.look()["due_on"], office.look()["provisional"]) == ("2027-01-12", False)

    @pytest.mark.parametrize(
        "days",
        [
            [],
            [{"date": "2026-12-31", "working": False, "name": "元旦"}],
            [{"date": "2027-02-30", "working": False, "name": "元旦"}],
            [{"date": "soon", "working": False, "name": "元旦"}],
            [NEW_YEAR[0], NEW_YEAR[0]],
            [{"date": "2027-01-01", "working": "perhaps", "name": "元旦"}],
            [{"date": "2027-01-01", "working": False, "name": "元\x00旦"}],
            [{"date": "2027-01-01", "working": False, "name": "元旦", "colour": "red"}],
            [{"working": False}],
            ["2027-01-01"],
        ],
        ids=str,
    )
    def test_that_is_no_table_is_refused(self, office: Office, days: list[Any]) -> None:
        """表里有别的年份、没有的日子、重复的日子、读不懂的项，整表不收。"""
        problem(publish(office.at(START), days), 422)
        office.assigned(time_limit="15个工作日内")
        assert office.look()["provisional"] is True

    @pytest.mark.parametrize("year", ["1948", "0", "9999", "-1", "soon", "20270", "2027.5"])
    def test_of_an_absurd_year_is_refused(self, office: Office, year: str) -> None:
        """离谱的年份不收。"""
        response = office.at(START).post(f"/calendars/{year}", {"days": NEW_YEAR, "source": "通知"})
        assert response.status_code in (404, 422), response.text
        problem(response, response.status_code)

    def test_needs_its_source(self, office: Office) -> None:
        """要写明依据的通知。"""
        office.at(START)
        for source in ("", "  "):
            problem(office.post("/calendars/2027", {"days": NEW_YEAR, "source": source}), 422)
        problem(office.post("/calendars/2027", {"days": NEW_YEAR}), 422)
