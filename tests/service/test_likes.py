"""相似事项、关联 over HTTP and on pages: nothing is set going twice unseen."""

from __future__ import annotations

from typing import Any

from tests.service.given import Office, ids, problem
from tests.service.pages import visitor

RIVER = {
    "title": "青石镇三号河道垃圾堆放",
    "problem": "河道边堆放建筑垃圾约两车，群众多次反映。",
    "place": "青石镇三号桥",
    "object": "三号河道",
}


def likes(office: Office, **asked: Any) -> list[dict[str, Any]]:
    """What is said to be like it, by the clerk."""
    items: list[dict[str, Any]] = office.ask("/matters/similar", by="clerk", **asked)["items"]
    return items


class TestSimilar:
    def test_names_the_likest_first_and_says_why(self, office_on_both: Office) -> None:
        """同一对象、同一地点、文字相近的列出来，最像的在前，各写明像在哪里；不相干的不列。"""
        office = office_on_both.at("2008-03-03")
        same = office.register(**RIVER)
        near = office.register(title="三号河道堆放垃圾无人清理", problem="沿河有垃圾", object="三号河道")
        here = office.register(title="三号桥护栏破损", problem="护栏缺口一处", place="青石镇三号桥")
        office.register(title="县城北环路路灯不亮", problem="整条路没有灯", place="城关镇")
        found = likes(office, **RIVER)
        assert ids({"items": found}) == [same, near]
        assert found[0]["alike"] == {"object": True, "place": True, "words": 100}
        assert found[1]["alike"]["object"]
        assert not found[1]["alike"]["place"]
        assert ids({"items": likes(office, title="三号桥护栏缺口", place="青石镇三号桥")}) == [here]
        assert likes(office, title="春耕备耕物资不足") == []
        assert likes(office) == []
        assert ids({"items": likes(office, title="靑石鎮三號河道垃圾堆放")})[0] == same

    def test_leaves_out_itself_and_what_ended_long_ago(self, office_on_both: Office) -> None:
        """问一件的相似，不列它自己；一年内了结的列，更早的不列；单位只看得到自己的。"""
        office = office_on_both.at("2008-03-03")
        ended = office.cancelled(title=RIVER["title"])
        other = office.register(**RIVER)
        assert ids({"items": likes(office, matter=other)}) == [ended]
        assert ids(office.ask("/matters/similar", by="water", **RIVER)) == []
        office.at("2009-02-20")
        assert ended in ids({"items": likes(office, **RIVER)})
        office.at("2009-03-10")
        assert ids({"items": likes(office, **RIVER)}) == [other]
        problem(office.get("/matters/similar", matter="nothing", by="clerk"), 404)

    def test_takes_a_split_matter_once(self, office_on_both: Office) -> None:
        """分办的一件只列总件，不列各份；补充改过的按现在的写法算。"""
        office = office_on_both.at("2008-03-03")
        whole = office.register(**RIVER)
        parts = [{"lead_unit": office.units[unit]} for unit in ("town", "water", "schools")]
        body = {"parts": parts, "quality_requirement": "清", "time_limit": "9日内"}
        office.do("split", body, by="clerk")
        changed = office.register(title="县城北环路路灯不亮")
        assert ids({"items": likes(office, **RIVER)}) == [whole]
        office.do("amend", {"fields": {"title": RIVER["title"]}}, by="clerk", matter=changed)
        assert set(ids({"items": likes(office, **RIVER)})) == {whole, changed}
        assert likes(office, title="县城北环路路灯不亮") == []

    def test_finds_the_one_among_many_of_its_sort(self, office_on_both: Office) -> None:
        """同一类写法的有上百件，最像的那件仍排第一。"""
        office = office_on_both.at("2008-03-03")
        made = [
            office.register(title=f"柳湾乡{n}号点河道垃圾堆放问题", place=f"柳湾乡{n}号点")
            for n in range(1, 91)
        ]
        found = likes(office, title="柳湾乡7号点河道垃圾堆放问题", place="柳湾乡7号点")
        assert found[0]["id"] == made[6]


class TestLinking:
    def test_is_seen_from_both(self, office_on_both: Office) -> None:
        """关联以后两件的经过都有，互相看得到；解除了经过里还在。"""
        office = office_on_both.at("2008-03-03")
        old = office.closed()
        new = office.register()
        office.do("link", {"to": old, "relation": "repeats"}, by="clerk")
        assert office.look(old)["links"] == [
            {"matter": new, "relation": "repeats", "label": "后来又出现同类问题"}
        ]
        assert office.history(old)[-1]["type"] == office.history(new)[-1]["type"] == "matter-linked"
        problem(office.try_("link", {"to": old}, by="clerk"), 422, "linked-already")
        problem(office.try_("link", {"to": "nothing"}, by="clerk"), 404)
        problem(office.try_("link", {"to": old, "relation": "twin"}, by="clerk"), 422, "wrong-value")
        office.do("unlink", {"to": new, "reason": "不是同一处"}, by="clerk", matter=old)
        assert office.look(new)["links"] == []
        assert office.history(new)[-1]["body"]["reason"] == "不是同一处"


class TestPages:
    def test_stops_once_before_registering_what_is_there(self, office: Office) -> None:
        """登记时有相似的，先给看、还没有立项；看过再点就立。打字时的提示是同一份。"""
        office.tick("2008-03-03")
        first = office.register(**RIVER)
        clerk = visitor(office, "clerk")
        clerk.get("/matters/register")
        assert 'hx-get="/matters/similar"' in clerk.page
        said = {**RIVER, "kind": "immediate", "source": "专项督查"}
        clerk.send("/matters/register", said)
        shown = clerk.text()
        assert "有相似的事项" in shown
        assert "同一对象、同一地点，文字 100% 相同" in shown
        assert RIVER["problem"] in shown
        assert len(office.ask("/matters")["items"]) == 1
        clerk.send("/matters/register", {**said, "seen_likes": clerk.hidden("seen_likes")})
        assert len(office.ask("/matters")["items"]) == 2
        typed = clerk.get(f"/matters/similar?title={RIVER['title']}&object=三号河道")
        assert f"/matters/{first}" in typed
        assert "<html" not in typed
        assert clerk.get("/matters/similar?title=三号").strip() == ""
        clerk.get("/matters/register")
        other = {"title": "县城北环路路灯不亮", "problem": "没有灯", "kind": "immediate", "source": "来信"}
        clerk.send("/matters/register", other)
        assert "已立项" in clerk.text()

    def test_says_first_what_is_wrong(self, office: Office) -> None:
        """有相似的，可写得太长也立不了：先说太长，不先问是不是同一件。"""
        office.tick("2008-03-03")
        office.register(**RIVER)
        clerk = visitor(office, "clerk")
        clerk.get("/matters/register")
        said = {**RIVER, "problem": "沟" * 300_000, "kind": "immediate", "source": "专项督查"}
        clerk.send("/matters/register", said, status=422)
        assert "请删减或改用附件" in clerk.text()
        assert "有相似的事项" not in clerk.text()

    def test_offers_to_merge_or_link(self, office: Office) -> None:
        """事项页看得到相似的，可以并入，也可以关联；表里填好编号。责任单位看不到这一栏。"""
        office.tick("2008-03-03")
        office.register(**RIVER)
        second = office.register(**RIVER)
        clerk = visitor(office, "clerk")
        assert f'hx-get="/matters/{second}/likes?part=1"' in clerk.get(f"/matters/{second}")
        clerk.get(f"/matters/{second}/likes")
        assert f"/matters/{second}/merge?into=2008-00001" in clerk.links()
        clerk.get(f"/matters/{second}/link?to=2008-00001")
        assert 'value="2008-00001"' in clerk.page
        clerk.send(f"/matters/{second}/link", {"to": "2008-00001", "relation": "related"})
        assert "和2008-00001关联：有牵连。" in clerk.text()
        clerk.get(f"/matters/{second}/unlink")
        clerk.send(f"/matters/{second}/unlink", {"to": "2008-00001", "reason": "看错了"})
        assert "解除关联，理由：看错了。" in clerk.text()
        office.assigned(title="青石镇农贸市场污水横流")
        assert "/likes" not in visitor(office, "liaison").get(f"/matters/{office.matter}")
        visitor(office, "liaison").get(f"/matters/{office.matter}/likes", status=403)


class TestRecurring:
    def test_counts_by_unit_and_topic(self, office_on_both: Office) -> None:
        """同一单位同一对象今年第几次，按立项年份数；撤销的不数，改派走了不数，换了年份重新数。"""
        office = office_on_both.at("2008-03-03")
        town, water = office.units["town"], office.units["water"]
        given = {"quality_requirement": "清", "time_limit": "9日内"}

        def again(unit: str, **fields: Any) -> str:
            matter = office.register(**{**RIVER, **fields})
            office.do("assign", {**given, "lead_unit": unit}, by="clerk")
            return matter

        first, second = again(town), again(town, title="三号河道漂浮物", object="三號河道 ")
        gone, other = again(town), again(water)
        office.do("cancel", {"reason": "重复"}, by="head", matter=gone)
        assert office.look(first)["recurrence"] == {"nth": 1, "of": 2, "year": 2008, "topic": "三号河道"}
        assert office.look(second)["recurrence"]["nth"] == 2
        assert office.look(other)["recurrence"]["of"] == 1
        assert office.look(gone)["recurrence"] is None
        (item,) = office.ask("/recurring")["items"]
        assert (item["unit"], item["count"], item["matters"]) == (town, 2, [first, second])
        assert office.ask("/recurring", at_least=3)["items"] == []
        assert office.ask("/recurring", unit=water)["items"] == []
        assert office.ask("/recurring", by="water")["items"] == []
        office.do("reassign", {**given, "lead_unit": water}, by="clerk", matter=second)
        assert office.look(second)["recurrence"]["nth"] == 1
        assert office.ask("/recurring", by="water")["items"][0]["matters"] == [second, other]
        office.at("2009-01-05")
        assert office.look(again(water))["recurrence"]["of"] == 1
        assert office.ask("/recurring", year=2008)["items"][0]["count"] == 2
        problem(office.get("/recurring", at_least=1), 422)

    def test_is_said_when_assigning_and_on_the_matter(self, office: Office) -> None:
        """交办时写着这一对象今年给过谁几次；事项上写着第几次；清单按单位和对象列出。"""
        office.tick("2008-03-03")
        for _ in range(3):
            office.assigned(title="三号河道垃圾堆放")
        third = office.matter
        waiting = office.register(title="三号河道垃圾堆放")
        clerk = visitor(office, "clerk")
        clerk.get(f"/matters/{waiting}/assign")
        assert "青石镇 已有 3 件，再交办是第 4 次" in clerk.text()
        clerk.get(f"/matters/{third}")
        assert "青石镇“三号河道垃圾堆放” 2008 年第 3 次，共 3 件" in clerk.text()
        clerk.get("/recurring?times=3")
        assert "青石镇：三号河道垃圾堆放 3" in clerk.text()
        assert "2008 年没有交办过 5 次以上的" in clerk.get("/recurring?times=5")
        clerk.get("/recurring?year=2008&unit=nothing&times=x")
        assert "青石镇：三号河道垃圾堆放" in visitor(office, "liaison").get("/recurring")
        assert "青石镇：三号河道垃圾堆放" not in visitor(office, "water").get("/recurring")
