"""休假与代办 over HTTP: acts, letters and to-dos reach both, and every screen shows 代."""

from __future__ import annotations

from typing import Any

import pytest

from tests.service.given import Office, problem
from tests.service.pages import visitor


def away(office: Office, who: str, to: str, until: str = "2008-03-07", **more: Any) -> Any:
    """Somebody is away from the standing day on."""
    body = {"to": office.people[to], "until": until, **more}
    return office.post(f"/people/{office.people[who]}/delegate", body, by=more.pop("by", "admin"))


@pytest.fixture
def secretary(office: Office) -> Office:
    """沈如松 is away; 周文 of the 县政府, who holds no role in the work, stands in for the leader's acts."""
    office.at("2008-03-03")
    office.newcomer("secretary", "周文", "government", "auditor")
    return office


class TestStandingIn:
    def test_lets_a_secretary_enter_the_leaders_word(self, secretary: Office) -> None:
        """秘书代领导批示，带扫描件：没有代办时不行；有了就行，记录和页面都写明代谁。"""
        office = secretary
        office.reviewed(kind="leader_instruction", urgency="ordinary")
        office.do("submit-to-leader", by="clerk")
        problem(office.try_("leader-acknowledge", by="secretary"), 403, "not-yours")
        acts = ["leader-acknowledge", "instruct-again"]
        assert away(office, "leader", "secretary", acts=acts).status_code == 200
        assert "等我阅示" in visitor(office, "secretary").get("/")
        assert office.look(by="secretary")["permitted"] == acts
        paper = {"text": "要见底", "time_limit": "7日内"}
        assert office.paper("instruct-again", paper, by="secretary").status_code == 200
        fact = office.history()[-1]
        assert (fact["actor"], fact["role"]) == ("secretary", "leader")
        assert fact["on_behalf_of"] == f"@{office.people['leader']}"
        page = visitor(office, "clerk").get(f"/matters/{office.matter}")
        assert "代沈如松办理（代）。" in page
        assert "周文，代沈如松" in page

    def test_ends_with_its_last_day(self, secretary: Office) -> None:
        """过了止日，就不能再代。"""
        office = secretary
        office.reviewed(kind="leader_instruction", urgency="ordinary")
        away(office, "leader", "secretary", until="2008-03-04")
        office.do("submit-to-leader", by="clerk")
        assert "leader-acknowledge" in office.at("2008-03-04").look(by="secretary")["permitted"]
        office.tick("2008-03-05")
        problem(office.try_("leader-acknowledge", by="secretary"), 403, "not-yours")

    def test_brings_to_dos_and_letters_to_both(self, office: Office) -> None:
        """单位联络员休假，代办的人看得到那个单位的待办和来信，也能签收；本人照样收得到。"""
        office.tick("2008-03-03")
        away(office, "liaison", "water", acts=["acknowledge", "report-progress"])
        office.assigned(kind="immediate")
        water = visitor(office, "water")
        assert "代何远舟" in water.get("/")
        assert "您在代 何远舟" in water.page
        assert "三号河道垃圾堆放" in water.main()
        assert "督办通知" in water.get("/letters")
        assert "督办通知" in visitor(office, "liaison").get("/letters")
        office.do("acknowledge", by="water")
        office.attach()
        problem(office.try_("report-completion", {"text": "完"}, by="water"), 403, "not-yours")
        assert [fact["on_behalf_of"] for fact in office.history()][2] == f"@{office.people['liaison']}"
        office.made(f"/people/{office.people['liaison']}/end-delegation")
        problem(office.get(f"/matters/{office.matter}", by="water"), 404)

    def test_keeps_both_to_the_rules_of_avoidance(self, office: Office) -> None:
        """代办的人承办过的，代了也不能核查、销号；正核查某单位的人，不能代那个单位的人。"""
        office.at("2008-03-03")
        away(office, "head", "liaison")
        office.reviewed(kind="immediate")
        assert "approve-write-off" not in office.look(by="liaison")["permitted"]
        problem(office.try_("approve-write-off", by="liaison"), 403, "not-yours")
        office.verifying(kind="immediate")
        problem(away(office, "chief", "verifier"), 422, "delegation-to-verifier")

    def test_marks_what_is_done_for_an_absent_handler(self, office: Office) -> None:
        """同事代经办人办他经办的件，也记明是代的；办自己的件不记。"""
        office.at("2008-03-03")
        away(office, "clerk", "head", acts=["urge"])
        theirs, own = office.assigned(), office.register(by="head")
        office.do("urge", by="head", matter=theirs)
        assert office.history(theirs)[-1]["on_behalf_of"] == f"@{office.people['clerk']}"
        office.do("urge", by="head", matter=own)
        assert office.history(own)[-1]["on_behalf_of"] is None

    def test_is_arranged_on_a_page(self, office: Office) -> None:
        """本人在自己的人员页上请人代办、结束代办；名录里看得到谁代谁。"""
        office.tick("2008-03-03")
        clerk = visitor(office, "clerk")
        here = f"/people/{office.people['clerk']}"
        assert "请人代办" in clerk.get(here)
        clerk.get(f"{here}/delegate")
        clerk.send(f"{here}/delegate", {"to": office.people["clerk"], "until": "2008-03-07"}, status=422)
        clerk.send(f"{here}/delegate", {"to": office.people["head"], "until": "2008-03-07", "acts": "urge"})
        assert "由 马国梁 代办，到 3月7日" in clerk.text()
        listed = {one["id"]: one for one in office.ask("/people", by="clerk")["items"]}
        assert listed[office.people["clerk"]]["delegations"][0]["to"] == office.people["head"]
        visitor(office, "liaison").get(f"{here}/delegate", status=403)
        problem(away(office, "clerk", "deputy", acts=["fly"]), 422, "unknown-act")
