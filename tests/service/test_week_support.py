"""求助 over HTTP and on the pages: a list with the office's own limit, who answered, and a figure."""

from __future__ import annotations

from tests.service.given import Office, ids, problem
from tests.service.pages import visitor


def asking(office: Office, when: str = "2008-03-03", text: str = "请协调消纳场地") -> str:
    """A matter whose unit asked for support."""
    office.at(when).rectifying(kind="immediate")
    office.do("request-support", {"text": text}, by="liaison")
    return office.matter


class TestSupport:
    def test_is_listed_by_its_limit(self, office_on_both: Office) -> None:
        """求助清单：先到限的在前，写着应在哪天前答复、迟几日；答复后转到已答复，写着谁答、迟几日。"""
        office = office_on_both
        first = asking(office)
        second = asking(office, "2008-03-04", "缺设备")
        found = office.ask("/support")["items"]
        assert [item["id"] for item in found] == [first, second]
        assert found[0]["requests"][0]["due_on"] == "2008-03-10"
        office.at("2008-03-12")
        assert office.ask("/support")["items"][0]["requests"][0]["days_late"] == 2
        problem(office.try_("answer-support", {"text": "好"}, by="liaison", matter=first), 403, "not-yours")
        office.do("answer-support", {"text": "已协调南郊"}, by="clerk", matter=first)
        assert ids(office.ask("/support")) == [second]
        assert ids(office.ask("/support", as_of="2008-03-05")) == [first, second]
        (answered,) = [item for item in office.ask("/support", state="answered")["items"] if item["requests"]]
        (request,) = answered["requests"]
        assert (request["answered_by"], request["answer"], request["days_late"]) == ("clerk", "已协调南郊", 2)
        assert office.look(first)["supports"] == answered["requests"]
        assert ids(office.ask("/support", by="water")) == []
        problem(office.get("/support", state="open"), 422, "wrong-value")

    def test_presses_the_office_through_the_clock(self, office_on_both: Office) -> None:
        """答复期限前一天起系统催经办人，超3日起也催负责人；单位收不到；再走一遍钟不再说。"""
        office = office_on_both
        asking(office)
        assert office.tick("2008-03-09").get("reminders") is not None
        assert office.made("/tick")["reminders"] == 0
        office.tick("2008-03-13")
        letters = office.ask("/letters", matter=office.matter, limit=200)["items"]
        due = [one for one in letters if one["rule"] == "support-due"]
        assert {one["person"] or one["role"] for one in due} == {office.people["clerk"], "office_head"}
        assert not [one for one in due if one["unit"]]
        facts = [fact for fact in office.history() if fact["type"] == "support-reminded"]
        assert [fact["body"]["offset"] for fact in facts] == [-1, 3]

    def test_is_a_figure_of_the_office(self, office_on_both: Office) -> None:
        """统计里有求助答复及时率：按时答复的 ÷ 求助过的；超期未答的当天就不算及时。"""
        office = office_on_both
        in_time = asking(office)
        office.do("answer-support", {"text": "同意"}, by="clerk", matter=in_time)
        asking(office)

        def share() -> str:
            auditor = visitor(office, "auditor")
            auditor.get(f"/statistics?as_of={office.now and office.now[:10]}")
            return auditor.text().partition("求助答复及时率")[2][:40]

        assert share().startswith(" 100.0% （ 2 件")
        office.tick("2008-03-11")
        assert share().startswith(" 50.0% （ 1 件")

    def test_is_worked_off_on_pages(self, office: Office) -> None:
        """工作台有件数和灯，求助页写着求什么、应在哪天前答复，点“答复”办完，转到“已答复”。"""
        office.tick("2008-03-03")
        asking(office)
        clerk = visitor(office, "clerk")
        assert "求助待答复" in clerk.get("/")
        assert "请协调消纳场地" in clerk.get("/support")
        assert "应在 3月10日（周一） 前答复" in clerk.text()
        form = f"/matters/{office.matter}/answer-support"
        assert form in clerk.page
        clerk.get(form)
        clerk.send(form, {"text": "已协调南郊"})
        assert "请协调消纳场地" not in clerk.get("/support")
        assert "林砚秋答复" in clerk.get("/support?state=answered")
        assert "answer-support" not in visitor(office, "liaison").get("/support?state=answered")
