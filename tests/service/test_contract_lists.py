"""清单: filters, orders, as_of, walks by cursor, lateness and lights; board, rates, letters and history beside them."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from tests.service.given import Office, problem

MONDAY = "2008-03-03"


def ids(answer: Any) -> list[str]:
    return [item["id"] for item in answer["items"]]


def assign(office: Office, unit: str, matter: str = "", **more: Any) -> None:
    limit = {} if {"due_on", "time_limit"} & set(more) else {"time_limit": "10日内"}
    body = {"lead_unit": office.units[unit], "quality_requirement": "清完", **limit, **more}
    office.do("assign", body, by="clerk", matter=matter)


class TestFilters:
    def test_by_stage_and_state(self, office_on_both: Office) -> None:
        """stage 是恰好那一阶段，可写多个；state 分在办和已结。"""
        office = office_on_both
        office.at(MONDAY)
        found = {
            name: getattr(office, name)()
            for name in (
                "registered",
                "assigned",
                "rectifying",
                "closed",
                "cancelled",
                "confirmed",
                "relapsed",
            )
        }
        assert ids(office.ask("/matters", stage="assigned")) == [found["assigned"]]
        assert ids(office.ask("/matters", stage=["assigned", "closed"])) == [
            found["assigned"],
            found["closed"],
        ]
        ended = ids(office.ask("/matters", state="ended"))
        assert ended == [found[name] for name in ("closed", "cancelled", "confirmed", "relapsed")]
        opened = ids(office.ask("/matters", state="open"))
        assert set(opened) & set(ended) == set()
        assert set(opened) | set(ended) == set(ids(office.ask("/matters")))
        assert ids(office.ask("/matters", state="open", stage="closed")) == []

    def test_by_unit_co_units_and_subtree(self, office_on_both: Office) -> None:
        """unit 是牵头单位；co 加上配合单位；subtree 加上下级。"""
        office = office_on_both
        town = office.at(MONDAY).register()
        assign(office, "town", co_units=[office.units["water"]])
        village = office.register()
        assign(office, "village")
        water = office.register()
        assign(office, "water", co_units=[office.units["village"]])
        unit = office.units
        assert ids(office.ask("/matters", unit=unit["town"])) == [town]
        assert ids(office.ask("/matters", unit=unit["town"], subtree="true")) == [town, village]
        assert ids(office.ask("/matters", unit=unit["water"], co="true")) == [town, water]
        assert ids(office.ask("/matters", unit=unit["town"], subtree="true", co="true")) == [
            town,
            village,
            water,
        ]
        assert ids(office.ask("/matters", unit=unit["office"], subtree="true")) == [town, village, water]
        assert ids(office.ask("/matters", unit="nowhere")) == []

    def test_by_kind_source_words_and_dates(self, office_on_both: Office) -> None:
        """类别、来源、关键词、期限起止都能筛，期限两头都包括。"""
        office = office_on_both
        first = office.at(MONDAY).register(title="三号河道垃圾", source="专项督查", kind="immediate")
        assign(office, "town", due_on="2008-03-10")
        second = office.register(
            title="垃圾转运站", source="领导批示", kind="rectification", problem="河道以外"
        )
        assign(office, "water", due_on="2008-03-20")
        office.register(title="路灯不亮", source="专项督查", problem="夜里黑")
        ask = lambda **query: ids(office.ask("/matters", **query))  # noqa: E731
        assert ask(kind="immediate") == [first]
        assert ask(source="领导批示") == [second]
        assert ask(due_before="2008-03-10") == [first]
        assert ask(due_after="2008-03-10") == [first, second]
        assert ask(due_after="2008-03-11", due_before="2008-03-20") == [second]
        assert ask(due_after="2008-03-11", due_before="2008-03-19") == []
        assert ask(q="三号") == [first]
        assert ask(q="垃圾") == [first, second]
        assert ask(q="垃圾", unit=office.units["water"], kind="rectification", state="open") == [second]
        for nothing in ("不存在的词", "%", "_", "'", '"', "垃圾'; --", "*", "NEAR"):
            assert ask(q=nothing) == [], nothing
        number = office.look(second)["number"]
        assert ask(q=number) == [second]

    def test_by_lateness(self, office: Office) -> None:
        """overdue=true 只列逾期的。"""
        late = office.at(MONDAY).assigned(due_on="2008-03-05")
        office.assigned(due_on="2008-03-15")
        assert ids(office.ask("/matters", overdue="true", now="2008-03-06T00:00:00+08:00")) == [late]
        assert ids(office.ask("/matters", overdue="true", now="2008-03-05T23:59:59+08:00")) == []


class TestWalks:
    def test_show_the_list_as_of_their_first_page(self, office_on_both: Office) -> None:
        """翻页途中别人在写，看到的还是第一页时的清单，不重不漏。"""
        office = office_on_both
        office.at(MONDAY)
        matters = [office.register(title=f"第{n}件") for n in range(7)]
        seen: list[str] = []
        cursor, pages = None, 0
        while True:
            page = office.ask("/matters", stage="registered", limit=3, cursor=cursor)
            seen += ids(page)
            pages += 1
            cursor = page["next"]
            if cursor is None:
                break
            office.register(title="后来的")
            assign(office, "town", matters[0])
            assign(office, "town", matters[6]) if pages == 1 else None
            matters = matters[1:]
        assert pages == 3
        assert len(seen) == len(set(seen)) == 7

    def test_in_number_order_whatever_the_page(self, office: Office) -> None:
        """按编号排，一页多少件都一样；整除的最后一页 next 为空。"""
        office.at("2007-12-31")
        for _ in range(3):
            office.register()
        office.at("2008-01-01")
        for _ in range(3):
            office.register()
        whole = ids(office.ask("/matters", limit=200))
        assert office.ask("/matters", limit=6)["next"] is None
        for limit in (1, 2, 3, 4, 5):
            walked: list[str] = []
            cursor = None
            while True:
                page = office.ask("/matters", limit=limit, cursor=cursor)
                assert len(page["items"]) <= limit
                walked += ids(page)
                cursor = page["next"]
                if cursor is None:
                    break
            assert walked == whole

    def test_of_the_overdue_list_too(self, office_on_both: Office) -> None:
        """逾期清单也能翻页，最晚的在前，同样晚的按编号。"""
        office = office_on_both
        office.at(MONDAY)
        due = ["2008-03-10", "2008-03-05", "2008-03-10", "2008-03-04", "2008-03-05"]
        matters = [office.assigned(due_on=day) for day in due]
        office.at("2008-03-20")
        wanted = [matters[n] for n in (3, 1, 4, 0, 2)]
        assert ids(office.ask("/overdue")) == wanted
        walked, cursor = [], None
        while True:
            page = office.ask("/overdue", limit=2, cursor=cursor)
            walked += ids(page)
            cursor = page["next"]
            if cursor is None:
                break
        assert walked == wanted
        assert ids(office.ask("/overdue", unit=office.units["water"])) == []

    def test_end_with_a_foreign_cursor_politely(self, office: Office) -> None:
        """拿别的清单的 cursor 来翻，不是 500。"""
        office.at(MONDAY)
        for _ in range(3):
            office.assigned(due_on="2008-03-04")
        office.at("2008-03-20")
        foreign = office.ask("/overdue", limit=1)["next"]
        own = office.ask("/matters", limit=1)["next"]
        for path, cursor in (
            ("/matters", foreign),
            ("/overdue", own),
            ("/letters", own),
            ("/awaiting-verification", own),
        ):
            assert office.get(path, cursor=cursor).status_code in (200, 400, 422)
        for junk in ("x", "=", own[:-2] if own else "x", "A" * 300, "😀"):
            response = office.get("/matters", cursor=junk)
            assert response.status_code in (400, 422), junk
            problem(response, response.status_code)


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
            for path in ("/matters", "/overdue", "/awaiting-verification", "/board", "/rates"):
                kept.append((position, path, office.ask(path)))

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


class TestHistory:
    def test_tells_every_fact_with_its_envelope(self, office_on_both: Office) -> None:
        """历史逐条写明位置、版本、类型、两个时间、谁、哪个单位、什么身份、依据、内容、哈希。"""
        office = office_on_both
        office.at(MONDAY).assigned(basis="县府办〔2008〕1号")
        items = office.history()
        assert [item["version"] for item in items] == [1, 2]
        fact = items[1]
        assert {
            "position",
            "version",
            "type",
            "occurred_at",
            "recorded_at",
            "actor",
            "unit",
            "role",
            "on_behalf_of",
        } <= set(fact)
        assert (fact["type"], fact["actor"], fact["role"]) == ("matter-assigned", "clerk", "office_clerk")
        assert (fact["unit"], fact["basis"]) == (office.units["office"], "县府办〔2008〕1号")
        assert fact["occurred_at"] == fact["recorded_at"] == "2008-03-03T09:00:00+08:00"
        assert fact["body"]["lead_unit"] == office.units["town"]
        assert len(fact["hash"]) == 64
        assert len({item["hash"] for item in items}) == 2


class TestTheBoard:
    def test_equals_the_lists(self, office_on_both: Office) -> None:
        """看板上的每个数都等于清单的件数，各单位合计也等于。"""
        office = office_on_both
        office.at(MONDAY)
        for way in (
            "registered",
            "assigned",
            "rectifying",
            "suspended",
            "closed",
            "relapsed",
            "merged",
            "objected",
        ):
            getattr(office, way)()
        office.register()
        assign(office, "water")
        board = office.ask("/board")
        listed = office.ask("/matters", limit=200)["items"]
        assert {r["stage"]: r["count"] for r in board["stages"] if r["count"]} == Counter(
            i["stage"] for i in listed
        )
        units: dict[str, Counter[str]] = {}
        for item in listed:
            if item["lead_unit"]:
                units.setdefault(item["lead_unit"], Counter())[item["stage"]] += 1
        shown = {
            row["unit"]: {s: n for s, n in row["counts"].items() if n}
            for row in board["units"]
            if row["unit"]
        }
        assert shown == units
        assert board["position"] == office.history(listed[-1]["id"])[-1]["position"]
        for row in board["stages"]:
            assert len(office.ask("/matters", stage=row["stage"], limit=200)["items"]) == row["count"]
