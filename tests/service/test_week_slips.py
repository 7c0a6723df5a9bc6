"""手误 over HTTP and on the pages: a wrong unit, file, date or ending has a way back, and both facts stay."""

from __future__ import annotations

import asyncio
from datetime import datetime

from service.delivery import deliver
from tests.service.given import Office, moment, problem
from tests.service.pages import visitor


def states(office: Office, rule: str) -> list[str]:
    """What became of the e-mails under a rule, by when they were written."""
    found = office.ask("/letters", by="clerk", matter=office.matter)["items"]
    found = [one for one in found if one["rule"] == rule and one["channel"] == "email"]
    return [one["state"] for one in sorted(found, key=lambda one: one["position"])]


def delivered(office: Office, when: str) -> None:
    """Hands over what is waiting at a moment, which becomes the standing one."""
    office.at(when)
    assert office.runtime is not None
    asyncio.run(deliver(office.runtime, datetime.fromisoformat(moment(when))))


class TestWrongUnit:
    def test_is_called_back_before_and_after_it_signed(self, office_on_both: Office) -> None:
        """交错单位：签收前后都能收回，没寄出的交办信不再寄，寄出的跟一封收回通知；再交对的单位。"""
        office = office_on_both.at("2008-03-03")
        office.assigned(co_units=[office.units["schools"]])
        office.do("recall-assignment", {"reason": "应交水务局"}, by="clerk")
        delivered(office, "2008-03-03 10:00")
        assert set(states(office, "assigned")) == {"overtaken"}
        assert len(states(office, "recalled")) == 3
        recalled = office.history()[-1]
        assigned = next(fact for fact in office.history() if fact["type"] == "matter-assigned")
        assert recalled["body"]["position"] == assigned["position"]
        assert (office.look()["stage"], office.look()["lead_unit"]) == ("registered", None)
        problem(office.get(f"/matters/{office.matter}", by="water"), 404)

        office.at("2008-03-04").assigned()
        office.at("2008-03-05")
        delivered(office, "2008-03-05 10:00")
        assert "kept" in states(office, "assigned")
        office.at("2008-03-05 11:00").do("acknowledge", by="liaison")
        office.do("recall-assignment", {"reason": "重名的单位"}, by="clerk")
        delivered(office, "2008-03-05 12:00")
        assert states(office, "recalled")[-1] == "kept"

    def test_shows_both_on_the_page(self, office: Office) -> None:
        """页面上写理由收回；经过里原交办标“已收回”，收回那一条点得到原来那一条。"""
        office.tick("2008-03-03")
        office.assigned()
        clerk = visitor(office, "clerk")
        form = f"/matters/{office.matter}/recall-assignment"
        clerk.get(form)
        clerk.send(form, {}, status=422)
        assert "填写收回理由" in clerk.text()
        clerk.send(form, {"reason": "选错了单位"})
        assert "已办：收回交办" in clerk.text()
        assert "已收回" in clerk.text()
        assert "看原来那一条" in clerk.text()
        liaison = visitor(office, "liaison").get("/letters")
        assert "收回交办通知" in liaison


class TestWrongFile:
    def test_stays_in_the_record_and_counts_no_longer(self, office_on_both: Office) -> None:
        """传错文件：撤回后报结清单又缺这一样；文件打得开，列着谁何时为何撤回；督查室撤的告诉单位。"""
        office = office_on_both.at("2008-03-03")
        office.rectifying(kind="immediate")
        office.attach()
        wrong = office.look()["evidence"][0]
        assert office.look()["evidence_missing"] == []
        assert "withdraw-evidence" in office.look(by="liaison")["permitted"]
        body = {"evidence": wrong["id"], "reason": "是二号桥的"}
        problem(office.try_("withdraw-evidence", body, by="water"), 404)
        office.at("2008-03-03 10:00").do("withdraw-evidence", body, by="clerk")
        found = office.look()
        assert found["evidence_missing"] == ["photo"]
        (kept,) = found["evidence"]
        assert (kept["withdrawn_by"], kept["withdrawn_reason"]) == ("clerk", "是二号桥的")
        assert kept["withdrawn_at"] == moment("2008-03-03 10:00")
        assert office.get(f"/evidence/{wrong['id']}").status_code == 200
        before = str(office.history()[-1]["position"] - 1)
        assert office.look(as_of=before)["evidence_missing"] == []
        assert states(office, "evidence-withdrawn") == ["waiting"]
        problem(office.try_("withdraw-evidence", body, by="clerk"), 409, "wrong-stage")

    def test_is_withdrawn_beside_the_file(self, office: Office) -> None:
        """材料一栏每份旁边可撤回；撤后标“已撤回”，不再算数。"""
        office.tick("2008-03-03")
        office.rectifying(kind="immediate")
        office.attach()
        evidence = office.look()["evidence"][0]["id"]
        liaison = visitor(office, "liaison")
        here = f"/matters/{office.matter}"
        assert f"{here}/withdraw-evidence?evidence={evidence}" in liaison.get(here)
        assert "checked" in liaison.get(f"{here}/withdraw-evidence?evidence={evidence}")
        liaison.send(f"{here}/withdraw-evidence", {"evidence": evidence, "reason": "传错了"})
        assert "已撤回：" in liaison.text()
        assert "报结还缺： 照片" in liaison.text()
        assert "withdraw-evidence?" not in liaison.page


class TestWrongEnding:
    def test_tells_everybody_who_heard_of_it(self, office_on_both: Office) -> None:
        """撤销、并案都能在五个工作日内收回：牵头、配合单位都收到重开通知，被并入的那件也记下、也通知。"""
        office = office_on_both.at("2008-03-03")
        target = office.assigned()
        merged = office.assigned(co_units=[office.units["schools"]])
        office.do("merge", {"into": target}, by="clerk")
        office.do("reopen", {"reason": "不是一回事"}, by="head")
        assert len(states(office, "reopened")) == 3
        assert [fact["type"] for fact in office.history(target)][-2:] == [
            "matter-absorbed",
            "matter-released",
        ]
        office.matter = target
        assert states(office, "released") == ["waiting"]
        delivered(office, "2008-03-03 10:00")
        office.matter = merged
        assert set(states(office, "merged")) == {"overtaken"}

    def test_waits_for_what_is_above(self, office_on_both: Office) -> None:
        """上级事项已销号，下级不能单独重开；先重开上级。"""
        office = office_on_both.at("2008-03-03")
        parent = office.reviewed(kind="immediate")
        child = office.register(parent=parent)
        office.do("cancel", {"reason": "误立"}, by="head", matter=child)
        office.do("approve-write-off", by="head", matter=parent)
        refused = office.try_("reopen", {"reason": "撤错"}, by="head", matter=child)
        assert office.look(parent)["number"] in problem(refused, 422, "parent-ended")["detail"]
        office.do("reopen", {"reason": "销早了"}, by="head", matter=parent)
        office.do("reopen", {"reason": "撤错"}, by="head", matter=child)
        assert office.look(child)["stage"] == "registered"
