"""迟早: days late, lights, what waits for verification, and any of it as of an earlier time."""

from __future__ import annotations

from typing import Any

import pytest

from tests.service.given import Office, ids, problem

MONDAY = "2008-03-03"


class TestLateness:
    def test_grows_day_by_day_until_the_report(self, office_on_both: Office) -> None:
        """逾期天数是到期日到当天的日历天数，报结以后停住。"""
        office = office_on_both
        office.at(MONDAY).rectifying(due_on="2008-03-07")
        seen = {}
        for day in ("2008-03-07", "2008-03-08", "2008-03-10", "2008-03-17"):
            item = office.ask("/matters", now=f"{day}T23:59:59+08:00")["items"][0]
            seen[day] = (item["days_late"], item["working_days_late"], item["light"])
        assert seen == {
            "2008-03-07": (0, 0, "yellow"),
            "2008-03-08": (1, 0, "red"),
            "2008-03-10": (3, 1, "red"),
            "2008-03-17": (10, 6, "red"),
        }
        office.at("2008-03-10").report()
        item = office.ask("/matters", now="2008-04-17T09:00:00+08:00")["items"][0]
        assert (item["days_late"], item["working_days_late"], item["light"]) == (3, 1, "red")
        assert office.ask("/overdue", now="2008-04-17T09:00:00+08:00")["items"] == []

    @pytest.mark.parametrize(
        ("day", "light"),
        [
            ("2008-03-13", "green"),
            ("2008-03-16", "green"),
            ("2008-03-17", "yellow"),
            ("2008-03-20", "yellow"),
            ("2008-03-21", "red"),
        ],
    )
    def test_shows_as_a_light(self, office: Office, day: str, light: str) -> None:
        """到期前三个工作日起黄灯，逾期红灯，其余绿灯。"""
        office.at(MONDAY).rectifying(due_on="2008-03-20")
        assert office.look(now=f"{day}T09:00:00+08:00")["light"] == light

    def test_shows_yellow_through_a_holiday(self, office: Office) -> None:
        """放假的日子不算工作日：4月1日起离4月7日只有三个工作日。"""
        office.at(MONDAY).rectifying(due_on="2008-04-07")
        assert office.look(now="2008-03-31T09:00:00+08:00")["light"] == "green"
        assert office.look(now="2008-04-01T09:00:00+08:00")["light"] == "yellow"

    def test_has_no_light_once_ended(self, office: Office) -> None:
        """已结的不亮灯。"""
        for way in ("closed", "cancelled", "transferred", "merged", "confirmed", "relapsed"):
            office.at(MONDAY)
            getattr(office, way)()
            assert office.look(now="2009-01-01T09:00:00+08:00")["light"] == "none", way
            assert office.look(now="2009-01-01T09:00:00+08:00")["days_late"] == 0, way


class TestAsOf:
    def test_a_position_a_moment_and_a_day(self, office_on_both: Office) -> None:
        """按位置、按时刻、按日期回看，事实到那里为止，迟早也判到那里。"""
        office = office_on_both
        matter = office.at(MONDAY).assigned(due_on="2008-03-05")
        assigned = office.ask("/board")["position"]
        office.at("2008-03-08 10:00").do("acknowledge", by="liaison")
        signed = office.ask("/board")["position"]
        office.at("2008-03-08 15:00").do("cancel", {"reason": "重复"}, by="head")
        office.tick("2008-03-20")
        looks = {
            as_of: (shown["stage"], shown["days_late"])
            for as_of in (
                str(assigned), str(signed), "2008-03-03", "2008-03-07", "2008-03-08", "2008-03-08T09:59:59+08:00",
                "2008-03-08T10:00:00+08:00", "2008-03-08 10:00:00 08:00", "2008-03-08T02:00:00Z",
            )
            for shown in (office.look(matter, as_of=as_of),)
        }  # fmt: skip
        assert looks == {
            str(assigned): ("assigned", 0),
            str(signed): ("acknowledged", 3),
            "2008-03-03": ("assigned", 0),
            "2008-03-07": ("assigned", 2),
            "2008-03-08": ("cancelled", 3),
            "2008-03-08T09:59:59+08:00": ("assigned", 3),
            "2008-03-08T10:00:00+08:00": ("acknowledged", 3),
            "2008-03-08 10:00:00 08:00": ("acknowledged", 3),
            "2008-03-08T02:00:00Z": ("acknowledged", 3),
        }
        assert ids(office.ask("/overdue", as_of="2008-03-07")) == [matter]
        assert ids(office.ask("/overdue", as_of="2008-03-08")) == []
        assert len(office.history(matter, as_of=str(signed))) == 3

    def test_a_day_of_today_ends_now(self, office: Office) -> None:
        """as_of 今天，看到此刻为止。"""
        office.at("2008-03-03 10:00").assigned()
        assert office.look(as_of="2008-03-03")["stage"] == "assigned"
        problem(office.get("/matters", as_of="2008-03-04"), 422, "as-of-future")

    def test_before_everything_is_empty(self, office: Office) -> None:
        """最早以前，什么都没有。"""
        office.at(MONDAY).assigned()
        for as_of in ("0", "1999-01-01", "1949-10-01"):
            assert office.ask("/matters", as_of=as_of)["items"] == []
            assert sum(row["count"] for row in office.ask("/board", as_of=as_of)["stages"]) == 0
            problem(office.get(f"/matters/{office.matter}", as_of=as_of), 404)

    def test_equals_what_was_seen_then(self, office_on_both: Office) -> None:
        """以后再按当时的位置看，与当时看到的一模一样。"""
        office = office_on_both
        kept: list[tuple[str, str, Any]] = []

        def note() -> None:
            position = str(office.ask("/board")["position"])
            paths = ("/matters", "/overdue", "/awaiting-verification", "/board", "/rates")
            kept.extend((position, path, office.ask(path)) for path in paths)

        office.at(MONDAY).assigned(due_on="2008-03-05")
        note()
        office.at("2008-03-08").closed(due_on="2008-03-09")
        note()
        office.at("2008-03-12").reported(due_on="2008-03-15")
        note()
        office.at("2008-03-20").rectifying(due_on="2008-03-25")
        note()
        office.at("2008-05-01").relapsed()
        office.tick("2008-06-01")
        for position, path, then in kept:
            again = office.ask(path, as_of=position)
            then.pop("position", None), again.pop("position", None)
            assert again == then, (position, path)


class TestAwaitingVerification:
    def test_lists_the_reported_and_the_visited(self, office_on_both: Office) -> None:
        """待核查清单：已报结和核查中的，写明报结日、应核查日和已等天数。"""
        office = office_on_both
        first = office.at("2008-03-20").reported(due_on="2008-03-31")
        second = office.at("2008-03-25").verifying(due_on="2008-03-31")
        office.reviewed(due_on="2008-03-31")
        office.at("2008-04-10")
        listed = office.ask("/awaiting-verification")["items"]
        assert [(i["id"], i["reported_on"], i["verify_due_on"], i["days_waiting"]) for i in listed] == [
            (first, "2008-03-20", "2008-04-03", 21),
            (second, "2008-03-25", "2008-04-09", 16),
        ]
        assert ids(office.ask("/awaiting-verification", as_of="2008-03-24")) == [first]

    def test_counts_from_the_last_report(self, office: Office) -> None:
        """退回后再报结的，从最后一次报结算。"""
        office.at("2008-03-20").reported(due_on="2008-03-31")
        office.at("2008-03-25").do("return-completion", {"reason": "不实"}, by="clerk")
        office.at("2008-03-27").report()
        (item,) = office.ask("/awaiting-verification", now="2008-04-01T09:00:00+08:00")["items"]
        assert (item["reported_on"], item["days_waiting"]) == ("2008-03-27", 5)
