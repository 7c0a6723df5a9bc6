"""清单: filters, orders, as_of, walks by cursor, lateness and lights; board, rates, letters and history beside them."""

from __future__ import annotations

from collections import Counter
from typing import Any

from tests.service.given import Office, ids, problem

MONDAY = "2008-03-03"


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
