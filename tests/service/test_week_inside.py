"""批注 and 审批 over HTTP: what stays in the house stays there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.service.given import Office, ids, problem
from tests.service.opened import Furnished
from tests.service.pages import visitor

CAREFUL = {"rectification": {"registration_approval": True}}
SECRET = "该镇去年同类问题两次反弹，先不提处分"


@pytest.fixture
def careful(an_opened_office: Furnished, tmp_path: Path) -> Iterator[Office]:
    """An office where rectifications are approved before they are assigned."""
    with an_opened_office.copy(tmp_path, procedures=CAREFUL) as office:
        office.tick("2008-03-03")
        yield office


class TestNotes:
    def test_are_seen_by_insiders_only(self, office: Office) -> None:
        """批注只有督查室、领导、审计看得到；责任单位的页面、经过、查询，管理员的页面，都没有。"""
        office.tick("2008-03-03")
        office.rectifying()
        version = office.look()["version"]
        said = {"text": SECRET, "mentions": [office.people["leader"]]}
        assert office.do("note", said, by="clerk")["version"] == version
        path = f"/matters/{office.matter}/notes"
        for who in ("head", "leader", "auditor"):
            assert [note["text"] for note in office.ask(path, by=who)["items"]] == [SECRET]
            assert SECRET in visitor(office, who).get(f"/matters/{office.matter}")
        for who in ("liaison", "admin"):
            problem(office.get(path, by=who), 403, "not-yours")
            assert SECRET not in visitor(office, who).get(f"/matters/{office.matter}")
            assert SECRET not in str(office.history(by=who))
        assert ids(office.ask("/matters", q="两次反弹", by="liaison")) == []
        assert SECRET not in str(office.ask("/letters", by="head"))
        problem(office.try_("note", {"text": "好"}, by="liaison"), 403, "not-yours")

    def test_are_not_carried_outside(self, office: Office) -> None:
        """附言里抄了批注原文，拒收；换个说法就可以。"""
        office.at("2008-03-03").rectifying()
        office.do("note", {"text": SECRET}, by="head")
        problem(office.try_("urge", {"text": f"注意：{SECRET}。"}, by="clerk"), 422, "note-quoted")
        office.do("urge", {"text": "请抓紧"}, by="clerk")
        said = {"text": "收到", "mentions": [office.people["liaison"]]}
        problem(office.try_("note", said, by="clerk"), 422, "not-insider")

    def test_wait_for_a_word_of_whom_they_mention(self, office_on_both: Office) -> None:
        """被提到的人工作台上列着，他写了批注就不再列。"""
        office = office_on_both.at("2008-03-03")
        office.rectifying()
        office.do("note", {"text": SECRET, "mentions": [office.people["leader"]]}, by="clerk")
        (mention,) = office.ask("/mentions", by="leader")["items"]
        assert (mention["matter"], mention["text"]) == (office.matter, SECRET)
        if office_on_both.runtime is not None:
            assert "批注里提到我的" in visitor(office, "leader").get("/")
        office.do("note", {"text": "同意，先整改"}, by="leader")
        assert office.ask("/mentions", by="leader")["items"] == []
        assert office_on_both.runtime is not None
        assert office_on_both.runtime.projections.compare() == []

    def test_carry_files_for_insiders(self, office: Office) -> None:
        """批注的附件只给看得到批注的人；不算佐证。"""
        office.tick("2008-03-03")
        office.rectifying()
        head = visitor(office, "head")
        form = f"/matters/{office.matter}/note"
        head.get(form)
        paper = {"file": ("底数.pdf", b"%PDF-1.4 inside", "application/pdf")}
        head.send(form, {"text": "底数见附件", "mentions": office.people["clerk"]}, files=paper)
        assert "打开 底数.pdf" in head.text()
        (note,) = office.ask(f"/matters/{office.matter}/notes", by="clerk")["items"]
        file = f"/matters/{office.matter}/notes/{note['file']['id']}"
        assert office.get(file, by="leader").content == b"%PDF-1.4 inside"
        problem(office.get(file, by="liaison"), 403, "not-yours")
        problem(office.get(f"/evidence/{note['file']['id']}", by="liaison"), 404)
        assert office.look()["evidence"] == []


class TestApprovals:
    def test_come_before_anything_leaves(self, careful: Office) -> None:
        """要审批的类别，批准前不能交办、不发一封信；领导批准后照拟办意见交办。"""
        office = careful
        office.register()
        body = {"lead_unit": office.units["town"], "quality_requirement": "清", "time_limit": "9日内"}
        problem(office.try_("assign", body, by="clerk"), 409, "wrong-stage")
        proposal = {"text": "拟交青石镇", "lead_unit": office.units["town"], "time_limit": "9日内"}
        office.do("submit-handling-proposal", proposal, by="clerk")
        assert ids(office.ask("/approvals", by="leader")) == [office.matter]
        rules = {letter["rule"] for letter in office.ask("/letters", by="head")["items"]}
        assert rules == {"approval-awaited", "proposal-awaited"}
        problem(office.try_("approve-registration", by="clerk"), 403, "not-yours")
        office.do("approve-registration", {"basis": "县长办公会"}, by="leader")
        problem(office.try_("approve-registration", by="head"), 409, "wrong-stage")
        form = visitor(office, "clerk").get(f"/matters/{office.matter}/assign")
        assert f'value="{office.units["town"]}" selected' in form
        assert 'value="9日内"' in form
        assert office.ask("/approvals", by="leader")["items"] == []

    def test_are_given_to_many_at_once_after_a_look(self, careful: Office) -> None:
        """成批批准先看一遍；一件批不了不影响别的，写明为什么。"""
        office = careful
        matters = [office.register(title=f"第{n}件") for n in range(3)]
        own = office.register(title="自己报的", by="head")
        look = office.made("/approvals", {"matters": [*matters, own], "preview": True}, by="head")
        assert [item["ok"] for item in look["items"]] == [True, True, True, False]
        assert "自己报的" in look["items"][3]["detail"]
        assert len(office.ask("/approvals", by="head")["items"]) == 4
        head = visitor(office, "head")
        assert head.get("/approvals").count("data-row") == 4
        head.send("/approvals", {}, status=422)
        head.send("/approvals", {"matters": [*matters[:2], own], "text": "同意"})
        assert "可以批准 2 件" in head.text()
        head.send("/approvals", {"matters": matters[:2], "text": "同意", "confirm": "1"})
        assert "已批准 2 件" in head.text()
        assert ids(office.ask("/approvals", by="head")) == [matters[2], own]
        assert office.history(matters[0])[-1]["body"]["text"] == "同意"
        problem(office.post("/approvals", {"matters": []}, by="head"), 422, "wrong-number")
