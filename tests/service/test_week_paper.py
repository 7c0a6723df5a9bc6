"""纸和电话: what units do by paper or telephone is entered for them, and letters reach them by hand."""

from __future__ import annotations

import asyncio
from typing import Any

from service.delivery import deliver
from tests.service.given import Office, problem
from tests.service.pages import visitor


def undelivered(office: Office) -> list[Any]:
    """E-mail letters about the matter at hand that reached nobody."""
    letters = office.ask("/letters", by="head", matter=office.matter)["items"]
    return [letter for letter in letters if letter["state"] == "no_address" and letter["channel"] == "email"]


class TestByTelephone:
    def test_enters_what_was_said_with_the_callers_name(self, office: Office) -> None:
        """电话报来的，代录写明来电人即可，不用扫描件；不代谁就不能写来电人。"""
        office.at("2008-03-03").assigned(kind="immediate")
        behalf = {"on_behalf_of": office.units["town"]}
        problem(office.try_("acknowledge", behalf, by="clerk"), 422, "missing-paper")
        problem(office.try_("acknowledge", {**behalf, "caller": " "}, by="clerk"), 422, "blank-field")
        office.do("acknowledge", {**behalf, "caller": "何远舟"}, by="clerk")
        assert office.history()[-1]["body"]["text"] == "电话记录（来电人何远舟）。"
        office.do("report-progress", {**behalf, "caller": "何远舟", "text": "清运过半"}, by="clerk")
        assert office.history()[-1]["body"]["text"] == "电话记录（来电人何远舟）：清运过半"
        problem(office.try_("urge", {"caller": "何远舟"}, by="clerk"), 422, "caller-of-nobody")

    def test_is_asked_for_on_the_form(self, office: Office) -> None:
        """代录的表单上有来电人一栏。"""
        office.tick("2008-03-03")
        office.assigned(kind="immediate")
        clerk = visitor(office, "clerk")
        form = f"/matters/{office.matter}/acknowledge"
        assert "来电人" in clerk.get(f"{form}?for=unit")
        clerk.send(form, {"for": "unit", "caller": "程立川"})
        assert "电话记录（来电人程立川）。" in clerk.text()


class TestByHand:
    def test_prints_what_reached_nobody_and_enters_the_receipts(self, office: Office) -> None:
        """没有邮箱的单位，信打印送去，附送达清单；签收人登记回来，这封信就算阅了。"""
        office.made("/people", {"name": "柳三娘", "unit": office.units["village"], "roles": ["unit_liaison"]})
        office.tick("2008-03-03")
        office.assigned(lead_unit=office.units["village"])
        runtime = office.runtime
        assert runtime is not None
        asyncio.run(deliver(runtime, runtime.clock.now()))
        (letter,) = undelivered(office)
        clerk = visitor(office, "clerk")
        assert "柳湾村" in clerk.get("/letters/paper")
        clerk.send("/letters/paper", {"letters": letter["id"]})
        assert "送达清单" in clerk.text()
        assert "现将“三号河道垃圾堆放”" in clerk.text()
        assert undelivered(office) == []
        batch = clerk.address.partition("http://testserver")[2]
        assert clerk.main().count('name="by"') == 1
        clerk.send(batch, {"letter": letter["id"], "by": ""}, status=422)
        clerk.send(batch, {"letter": letter["id"], "by": "柳三娘", "received_on": "2008-03-09"}, status=422)
        clerk.send(batch, {"letter": letter["id"], "by": "柳三娘", "received_on": "2008-03-03"})
        assert "已签收 1 封" in clerk.text()
        assert "代录签收" in clerk.text()
        (read,) = office.ask("/letters", by="head", matter=office.matter, state="read")["items"]
        assert (read["id"], read["read_by"]) == (letter["id"], "柳三娘")
        path = f"/letters/{letter['id']}/receipt"
        problem(office.post(path, {"by": "柳三娘"}, by="clerk"), 409, "already-so")
        problem(office.post("/letters/print", {"letters": [letter["id"]]}, by="clerk"), 409, "already-so")
        problem(office.post("/letters/print", {"letters": []}, by="liaison"), 403, "not-yours")

    def test_enters_no_receipt_for_what_was_not_printed(self, office: Office) -> None:
        """没打印过的信不能登记回执。"""
        office.at("2008-03-03").assigned()
        letter = office.ask("/letters", by="head", matter=office.matter)["items"][0]
        refused = office.post(f"/letters/{letter['id']}/receipt", {"by": "何远舟"}, by="clerk")
        problem(refused, 422, "not-printed")
