"""Letters of 通报: with the PDF attached, each once, to the posts of the day; and what units and persons did with them."""

import asyncio
import email
import hashlib
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest

from service.delivery import deliver as hand_over
from tests.service.circulating import PAPER, Circulation, two_matters
from tests.service.given import Office, problem
from tests.service.pages import visitor

MATTER = {"title": "甲", "kind": "rectification", "source": "督查", "problem": "乙"}


@pytest.fixture
def desk(office: Office) -> Circulation:
    found = two_matters(office)
    office.made("/tick")
    deliver(office)
    return found


def deliver(office: Office) -> list[EmailMessage]:
    """Hands over what waits; gives the letters that left, as mail programs read them."""
    assert office.runtime is not None
    folder = office.runtime.letters_folder
    before = set(folder.rglob("*.eml"))
    asyncio.run(hand_over(office.runtime, office.runtime.clock.now()))
    new = sorted(set(folder.rglob("*.eml")) - before)
    return [email.message_from_bytes(path.read_bytes(), policy=default) for path in new]  # type: ignore[misc]


def to(mails: list[EmailMessage], account: str) -> list[EmailMessage]:
    return [mail for mail in mails if f"{account}@" in mail["To"]]


def words(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return body.get_content()


def letters(desk: Circulation, rule: str) -> list[dict[str, Any]]:
    items = desk.office.ask("/letters", by="auditor", limit=200)["items"]
    return [one for one in items if one["bulletin"] == desk.id and one["rule"] == rule]


class TestIssuing:
    def test_sends_the_pdf_to_every_post_once(self, desk: Circulation) -> None:
        """印发的通报附 PDF 发到各单位在岗的人：单位得公开部分和自己的逾期事项，领导得全文；再投一次不重发。"""
        office = desk.office
        desk.drafted().issued()
        shown = desk.look()
        mails = deliver(office)
        (mine,) = [mail for mail in to(mails, "liaison") if "通报" in mail["Subject"]]
        assert mine["Subject"] == "【通报】关于2008年3月份督办事项办理情况的通报（云督〔2008〕6号）"
        assert "其中涉及你单位的逾期事项1件" in words(mine)
        (pdf,) = list(mine.iter_attachments())
        assert pdf.get_content_type() == "application/pdf"
        assert pdf.get_filename() == "云督〔2008〕6号 关于2008年3月份督办事项办理情况的通报.pdf"
        assert hashlib.sha256(pdf.get_content()).hexdigest() == shown["documents"]["public"]["sha256"]
        (other,) = [mail for mail in to(mails, "water") if "通报" in mail["Subject"]]
        assert "其中没有你单位的逾期事项" in words(other)
        (whole,) = to(mails, "leader")
        (full,) = list(whole.iter_attachments())
        assert hashlib.sha256(full.get_content()).hexdigest() == shown["documents"]["full"]["sha256"]
        assert deliver(office) == []
        sent = letters(desk, "bulletin-issued")
        assert {(one["channel"], one["state"]) for one in sent} == {("email", "kept"), ("inbox", "sent")}
        assert len(sent) == 2 * len({(one["unit"], one["role"]) for one in sent})

    def test_is_overtaken_by_a_withdrawal(self, desk: Circulation) -> None:
        """印发的信还没投就撤回的，不再投出，只投撤回的信。"""
        desk.drafted().issued()
        desk.do("withdraw", "head", reason="数字有误")
        subjects = [mail["Subject"] for mail in to(deliver(desk.office), "liaison")]
        assert subjects == ["【通报撤回】关于2008年3月份督办事项办理情况的通报（云督〔2008〕6号）"]
        assert {one["state"] for one in letters(desk, "bulletin-issued")} == {"overtaken", "sent"}


class TestBeforeIssuing:
    def test_tells_who_has_to_act(self, desk: Circulation) -> None:
        """送签时告诉负责人、行政首长和会签单位负责人，退回时告诉督查室；已过时的不发。"""
        office = desk.office
        office.made(f"/people/{office.people['leader']}/change", {"administrative_head": True})
        desk.drafted().do("check", "clerk", co_signers=[office.units["town"]])
        mails = deliver(office)
        assert [mail["Subject"][:6] for mail in to(mails, "head")] == ["【通报待签】"]
        assert "点名1个单位" in words(to(mails, "head")[0])
        assert [mail["Subject"][:6] for mail in to(mails, "leader")] == ["【通报待签】"]
        assert [mail["Subject"][:6] for mail in to(mails, "chief")] == ["【通报会签】"]
        desk.do("return", "head", reason="补写措施")
        desk.do("check", "clerk")
        desk.do("approve-naming", "head", basis=PAPER)
        subjects = [mail["Subject"][:6] for mail in deliver(office)]
        assert "【通报退回" not in subjects

    def test_reminds_the_units_and_tells_the_office(self, desk: Circulation) -> None:
        """到期未签收的，催单位联络员和负责人，督查室看得到是哪几家。"""
        desk.drafted().issued()
        deliver(desk.office)
        desk.do("acknowledge", "water")
        desk.office.tick("2008-04-09")
        mails = [mail for mail in deliver(desk.office) if "通报催签" in mail["Subject"]]
        assert sorted(mail["To"].partition("<")[2] for mail in mails) == [
            "chief@yunxi.example>",
            "liaison@yunxi.example>",
        ]
        units = {one["unit"] for one in letters(desk, "bulletin-unreceived")}
        assert units == {desk.office.units["town"], None}


class TestChiefLeaders:
    def test_get_the_matters_under_them_with_the_monthly_bulletin(self, office: Office) -> None:
        """月通报印发时，每位首席责任领导收到名下在办事项的清单；没有名下事项的、周通报，都不发。"""
        leader = office.people["leader"]
        office.at("2008-03-02")
        problem(office.post("/matters", {**MATTER, "chief_leader": office.people["water"]}, by="clerk"), 422)
        office.at("2008-03-03").register(chief_leader=leader, title="三号河道")
        limit = {"lead_unit": office.units["town"], "quality_requirement": "见底", "due_on": "2008-03-20"}
        office.do("assign", limit, by="clerk")
        assert office.look()["chief_leader_name"] == "沈如松"
        desk = two_matters(office)
        office.made("/tick")
        deliver(office)
        desk.drafted().issued()
        (mail,) = [one for one in to(deliver(office), "leader") if "清单" in one["Subject"]]
        assert mail["Subject"] == "【名下督办事项清单】2008年3月份1件"
        assert "督〔2008〕1号“三号河道”，青石镇，待签收，期限2008年3月20日，逾期11天。" in words(mail)
        page, read = visitor(office, "leader"), visitor(office, "auditor")
        assert "我名下的" in page.get("/")
        page.get(f"/matters?state=open&leader={leader}")
        assert page.main().count("data-row") == 1
        assert "首席责任领导" in page.text()
        assert [one["title"] for one in office.ask("/matters", by="leader", chief="me")["items"]] == [
            "三号河道"
        ]
        assert office.ask("/matters", chief="me")["items"] == []
        assert office.ask("/matters", chief=leader, as_of="2008-03-02")["items"] == []
        page.get(desk.path)
        assert "我名下的" in page.main()
        assert "逾期 11 天" in page.text()
        assert "我名下的" not in read.get(desk.path)
        weekly = desk.drafted("weekly").issued("云督〔2008〕7号")
        assert [one for one in to(deliver(office), "leader") if "清单" in one["Subject"]] == []
        assert letters(weekly, "leader-list") == []
