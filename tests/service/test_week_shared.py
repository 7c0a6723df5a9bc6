"""一题多交、配合、交接 over HTTP, on both engines where lists are asked."""

from __future__ import annotations

from typing import Any

from tests.service.given import Office, ids, problem
from tests.service.pages import visitor


def split(office: Office, *units: str, **fields: Any) -> list[dict[str, Any]]:
    """The matter at hand, split among units; the parts made."""
    parts = [{"lead_unit": office.units[unit]} for unit in units]
    body = {"parts": parts, "quality_requirement": "清完", "time_limit": "10日内", **fields}
    made: list[dict[str, Any]] = office.do("split", body, by="clerk")["parts"]
    return made


class TestSplitting:
    def test_shows_how_many_parts_have_ended_and_the_worst_light(self, office_on_both: Office) -> None:
        """分办：各份编号 n-1、n-2，总件列出几份已了结，亮最差一份的灯；最后一份了结，总件了结。"""
        office = office_on_both.at("2008-03-03")
        whole = office.register()
        parts = split(office, "town", "water")
        assert [part["number"] for part in parts] == ["2008-00001-1", "2008-00001-2"]
        assert {part["due_on"] for part in parts} == {"2008-03-13"}
        office.at("2008-03-20")
        found = office.ask("/matters", state="open")["items"]
        assert [item["number"] for item in found] == ["2008-00001", "2008-00001-1", "2008-00001-2"]
        assert (found[0]["branches"], found[0]["light"], found[0]["due_on"]) == (
            {"ended": 0, "of": 2},
            "red",
            None,
        )
        assert ids(office.ask("/overdue")) == [parts[0]["id"], parts[1]["id"]]
        office.do("cancel", {"reason": "重复"}, by="head", matter=parts[0]["id"])
        assert office.look(whole)["branches"] == {"ended": 1, "of": 2}
        assert [part["stage"] for part in office.look(whole)["parts"]] == ["cancelled", "assigned"]
        office.do("cancel", {"reason": "重复"}, by="head", matter=parts[1]["id"])
        assert office.look(whole)["stage"] == "cancelled"
        office.do("reopen", {"reason": "撤错"}, by="head", matter=parts[1]["id"])
        assert office.look(whole)["stage"] == "rectifying"
        assert office.look(whole, now="2008-03-21T09:00:00+08:00")["light"] == "red"

    def test_refuses_what_leaves_parts_behind(self, office: Office) -> None:
        """同一单位不能分两份；有分件在办的总件不能撤销；单位看不到别人的份。"""
        office.at("2008-03-03").register()
        (part,) = split(office, "town")
        again = {
            "parts": [{"lead_unit": office.units["town"]}],
            "quality_requirement": "清",
            "time_limit": "3日内",
        }
        problem(office.try_("split", again, by="clerk"), 422, "unit-twice")
        problem(office.try_("cancel", {"reason": "不办"}, by="head"), 422, "open-children")
        problem(office.get(f"/matters/{part['id']}", by="water"), 404)
        assert office.look(part["id"], by="liaison")["parent"] == office.matter

    def test_is_done_on_a_page(self, office: Office) -> None:
        """页面上勾选单位、另写一行个别期限，分成三份；总件页列出各份和进度。"""
        office.tick("2008-03-03")
        office.register()
        clerk = visitor(office, "clerk")
        form = f"/matters/{office.matter}/split"
        clerk.get(form)
        clerk.send(form, {"time_limit": "10日内", "quality_requirement": "清完"}, status=422)
        assert "选分给哪些单位" in clerk.text()
        fields = {
            "parts": [office.units["town"], office.units["schools"]],
            "part_unit": [office.units["water"], ""],
            "part_limit": ["2008-03-07", ""],
            "part_person": ["苏念平", ""],
            "time_limit": "10日内",
            "quality_requirement": "清完",
        }
        clerk.send(form, fields)
        assert "0/3 份了结" in clerk.text()
        assert [part["due_on"] for part in office.look()["parts"]] == [
            "2008-03-13",
            "2008-03-13",
            "2008-03-07",
        ]
        assert "分办 3 份" in visitor(office, "clerk").get("/matters")


class TestHelping:
    def test_keeps_the_lead_unit_waiting(self, office: Office) -> None:
        """配合单位没提意见，牵头单位报结被拒并列出是谁；提了就能报。"""
        office.at("2008-03-03").rectifying(
            kind="immediate", co_units=[office.units["water"]], co_time_limit="5个工作日内"
        )
        assert office.look()["opinions_missing"] == [office.units["water"]]
        office.attach()
        refused = problem(
            office.try_("report-completion", {"text": "清完"}, by="liaison"), 422, "missing-opinions"
        )
        assert refused["missing"] == [office.units["water"]]
        problem(office.try_("give-opinion", {"text": "好"}, by="liaison"), 403, "not-yours")
        water = visitor(office, "water")
        assert "等本单位意见" in water.get("/")
        office.do("acknowledge-helping", by="water")
        office.do("give-opinion", {"text": "管网由我局疏通"}, by="water")
        assert office.look()["helping"][0]["opinion"] == "管网由我局疏通"
        office.do("report-completion", {"text": "清完"}, by="liaison")
        problem(office.try_("give-opinion", {"text": "好"}, by="water"), 409, "wrong-stage")

    def test_takes_a_co_units_paper(self, office: Office) -> None:
        """配合单位的纸质意见由督查室代录，经过里写明代谁录。"""
        office.tick("2008-03-03")
        office.rectifying(kind="immediate", co_units=[office.units["water"]])
        clerk = visitor(office, "clerk")
        form = f"/matters/{office.matter}/give-opinion?for={office.units['water']}"
        assert "代水务局录：提意见" in clerk.get(form)
        fields = {"text": "无意见", "for": office.units["water"]}
        paper = {"file": ("意见.pdf", b"%PDF-1.4 paper", "application/pdf")}
        clerk.send(f"/matters/{office.matter}/give-opinion", fields, files=paper)
        assert office.history()[-1]["on_behalf_of"] == office.units["water"]
        assert "督查室代水务局录入" in clerk.text()


class TestDesks:
    def test_are_told_apart(self, office_on_both: Office) -> None:
        """每件都有经办人；可以只看自己经办的，也可以交接给同事。"""
        office = office_on_both.at("2008-03-03")
        mine = office.register()
        other = office.register(by="head")
        assert ids(office.ask("/matters", by="clerk", handler="me")) == [mine]
        assert office.look(other)["handler_name"] == "马国梁"
        office.do("hand-over", {"to": office.people["clerk"]}, by="head")
        assert ids(office.ask("/matters", by="clerk", handler="me")) == [mine, other]
        refused = office.try_("hand-over", {"to": office.people["liaison"]}, by="clerk")
        problem(refused, 422, "not-office")

    def test_are_cleared_in_one_act(self, office_on_both: Office) -> None:
        """离任前，他经办的全部在办事项一次交给同事；别人的、已了结的不动；专人督办的要有理由。"""
        office = office_on_both.at("2008-03-03")
        mine = [office.register(title=f"第{n}件") for n in range(3)]
        office.do("mark-key-case", {"reason": "影响面广"}, by="head", matter=mine[0])
        ended = office.cancelled()
        theirs = office.register(by="head")
        path, to = f"/people/{office.people['clerk']}/hand-over", office.people["deputy"]
        problem(office.post(path, {"to": to}, by="liaison"), 403, "not-yours")
        problem(office.post(path, {"to": to}, by="head"), 422, "blank-field")
        done = office.made(path, {"to": to, "reason": "调出", "limit": 2}, by="head")
        assert (done["moved"], done["left"]) == (2, 1)
        done = office.made(path, {"to": to, "reason": "调出"}, by="head")
        assert (done["moved"], done["left"]) == (1, 0)
        assert ids(office.ask("/matters", handler=to)) == mine
        assert office.look(ended)["handler"] == office.people["clerk"]
        assert office.look(theirs)["handler"] == office.people["head"]
        problem(office.post(path, {"to": office.people["clerk"]}, by="head"), 422, "same-person")
        problem(office.post(path, {"to": office.people["water"]}, by="head"), 422, "not-office")

    def test_are_cleared_on_a_page_and_keep_to_dos_apart(self, office: Office) -> None:
        """人员页上成批交接；经办的工作台只列自己的待办，同事的不算。"""
        office.tick("2008-03-03")
        office.register(title="林砚秋经办的一件")
        office.register(title="马国梁经办的一件", by="head")
        clerk = visitor(office, "clerk")
        desk = clerk.get("/")
        assert "林砚秋经办的一件" in desk
        assert "马国梁经办的一件" not in desk
        path = f"/people/{office.people['clerk']}"
        head = visitor(office, "head")
        assert "交接他经办的 1 件" in head.get(path)
        head.get(f"{path}/hand-over")
        head.send(f"{path}/hand-over", {}, status=422)
        head.send(f"{path}/hand-over", {"to": office.people["head"], "reason": "休假"})
        assert "交接他经办的" not in head.text()
        assert "林砚秋经办的一件" not in clerk.get("/")


TABLE = """项目\t计划\t事项\t牵头单位\t期限\t责任人
安居\t危房改造\t东片二十户\t青石镇\t2008-03-20\t程立川
\t\t西片三十户\t青石镇\t\t
安居\t\t配套管网\t水务局\t20日内\t
助学\t资助\t高中一百人\t教育局\t\t"""


class TestThePlan:
    def test_is_a_tree_with_progress_by_branch(self, office_on_both: Office) -> None:
        """项目、计划、事项：树上每一枝都说几项里了结了几项，亮最差一项的灯；过去某一刻也问得出。"""
        office = office_on_both.at("2008-03-03")
        root = office.register()
        units = office.units
        parts = [
            {"title": "安居", "parts": [
                {"title": "危房改造", "parts": [
                    {"title": "东片", "lead_unit": units["town"]},
                    {"title": "西片", "lead_unit": units["town"], "time_limit": "20日内"},
                ]},
                {"title": "管网", "lead_unit": units["water"]},
            ]},
            {"title": "助学", "lead_unit": units["schools"]},
        ]  # fmt: skip
        body = {"parts": parts, "quality_requirement": "建成", "time_limit": "10日内"}
        made = {part["title"]: part["id"] for part in office.do("split", body, by="clerk")["parts"]}
        office.at("2008-03-04").do("cancel", {"reason": "已建"}, by="head", matter=made["东片"])
        office.at("2008-03-20")
        tree = office.ask(f"/matters/{root}/tree")
        assert (tree["ended"], tree["of"], tree["light"]) == (1, 4, "red")
        homes, school = tree["parts"]
        assert (homes["title"], homes["ended"], homes["of"], homes["percent_ended"]) == ("安居", 1, 3, 33)
        assert (homes["parts"][0]["ended"], homes["parts"][0]["of"], homes["parts"][0]["light"]) == (
            1,
            2,
            "yellow",
        )
        assert (school["title"], school["due_on"], school["parts"]) == ("助学", "2008-03-13", [])
        assert office.ask(f"/matters/{root}/tree", as_of="2008-03-03")["ended"] == 0
        problem(office.get(f"/matters/{root}/tree", by="liaison"), 404)
        wrong = [{"title": "甲", "parts": [{"title": "乙", "unit": "x"}]}]
        again = {**body, "parts": wrong}
        problem(office.try_("split", again, by="clerk"), 422, "unknown-field")

    def test_is_pasted_from_a_table(self, office: Office) -> None:
        """计划表从表格粘贴过来一次分完，第几行错、错什么说得清；页面上是一棵带进度的树。"""
        office.tick("2008-03-03")
        office.register()
        clerk = visitor(office, "clerk")
        form = f"/matters/{office.matter}/split"
        clerk.get(form)
        rest = {"time_limit": "10日内", "quality_requirement": "建成"}
        clerk.send(form, {"plan": TABLE.replace("水务局", "水利局"), **rest}, status=422)
        assert "第 4 行：没有叫“水利局”的单位" in clerk.text()
        assert "西片三十户" in clerk.page
        clerk.send(form, {"plan": "安居，危房改造", **rest}, status=422)
        assert "第 1 行应有" in clerk.text()
        clerk.send(form, {"plan": TABLE, **rest})
        assert "0/4 项了结" in clerk.text()
        assert "0/2 项了结" in clerk.text()
        tree = office.ask(f"/matters/{office.matter}/tree")
        assert [part["title"] for part in tree["parts"]] == ["安居", "助学"]
        assert [leaf["due_on"] for leaf in tree["parts"][0]["parts"][0]["parts"]] == [
            "2008-03-20",
            "2008-03-13",
        ]
