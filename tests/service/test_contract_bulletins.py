"""通报 over HTTP, by the clock and on the command line."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.service.circulating import PAPER, SWITCHED_ON, Circulation, two_matters
from tests.service.given import Office, problem
from tests.service.opened import Furnished
from tests.service.programs import CONFIG, duban


@pytest.fixture
def desk(office: Office) -> Circulation:
    return two_matters(office)


@pytest.fixture
def by_the_clock(an_opened_office: Furnished, tmp_path: Path) -> Iterator[Circulation]:
    """The same with every series switched on."""
    with an_opened_office.copy(tmp_path, bulletins=SWITCHED_ON) as office:
        yield two_matters(office)


class TestALife:
    def test_goes_from_draft_to_receipt(self, office_on_both: Office) -> None:
        """一份月通报从拟稿、核数、点名批准、签发、编号、印发到签收，每步都有事实；投影与重建的一致。"""
        desk = two_matters(office_on_both).drafted()
        overdue = office_on_both.ask("/matters", by="clerk", q="三号")["items"][0]["id"]
        drafted = desk.look()
        assert (drafted["from"], drafted["to"], drafted["stage"]) == ("2008-03-01", "2008-03-31", "drafted")
        assert drafted["title"] == "关于2008年3月份督办事项办理情况的通报"
        assert [row["matter"] for row in drafted["overdue"]] == [overdue]
        assert drafted["permitted"] == ["edit", "redraft", "check"]
        assert desk.listed(by="liaison") == []
        problem(desk.try_("issue", "clerk"), 409, "wrong-stage")
        desk.do("check", "clerk")
        problem(desk.try_("sign", "head", document_no="云督〔2008〕6号"), 422, "naming-not-approved")
        desk.do("approve-naming", "head", basis=PAPER)
        desk.do("sign", "head", document_no="云督[2008]6号")
        answer = desk.do("issue", "clerk", copies_to=["县委办公室"])
        assert (answer["stage"], answer["facts"]) == ("issued", ["bulletin-issued"])
        issued = desk.look()
        assert (issued["document_no"], issued["issue_no"]) == ("云督〔2008〕6号", "2008-00001")
        assert [one["name"] for one in issued["recipients"]] == ["青石镇", "水务局"]
        problem(desk.try_("acknowledge", "verifier"), 404, "not-found")
        problem(
            desk.try_("acknowledge", "liaison", on_behalf_of=office_on_both.units["water"]), 403, "not-yours"
        )
        desk.do("acknowledge", "liaison")
        problem(desk.try_("acknowledge", "chief"), 409, "already-so")
        assert desk.listed(by="liaison")[0]["acknowledged"] == 1
        assert office_on_both.tick()["bulletins"] == 1
        assert office_on_both.tick().get("bulletins") is None
        named = office_on_both.history(overdue, by="liaison")[-1]
        assert (named["type"], named["body"]["why"]) == ("matter-named", "problem")
        types = [one["type"] for one in office_on_both.ask(f"{desk.path}/history", by="clerk")["items"]]
        assert types == [
            "bulletin-drafted",
            "bulletin-numbers-checked",
            "bulletin-naming-approved",
            "bulletin-signed",
            "bulletin-numbered",
            "bulletin-issued",
            "bulletin-acknowledged",
        ]
        past = desk.look(as_of=drafted["as_of"] + 1)
        assert past["stage"] == "drafted"
        assert office_on_both.runtime is not None
        assert office_on_both.runtime.projections.compare() == []

    def test_shows_a_unit_the_public_part_and_its_own(self, desk: Circulation) -> None:
        """单位收到公开部分和自己的逾期事项；别的单位看不到；草稿只有督查室看得到。"""
        office = desk.office
        desk.drafted().issued()
        mine, all_ = desk.look(by="liaison"), desk.look(by="leader")
        assert [row["unit_name"] for row in mine["overdue"]] == ["青石镇"]
        assert (set(mine["documents"]), set(all_["documents"])) == ({"public"}, {"full", "public"})
        problem(office.get(desk.path, by="verifier"), 404, "not-found")
        assert desk.look(by="water")["overdue"] == []
        whole = office.get(f"{desk.path}/document", by="leader", format="pdf")
        part = office.get(f"{desk.path}/document", by="liaison")
        assert hashlib.sha256(whole.content).hexdigest() == all_["documents"]["full"]["sha256"]
        assert hashlib.sha256(part.content).hexdigest() == mine["documents"]["public"]["sha256"]
        assert part.content.startswith(b"%PDF")
        assert part.content != whole.content
        word = office.get(f"{desk.path}/document", by="clerk", format="docx")
        assert word.content.startswith(b"PK")
        problem(office.get(f"{desk.path}/document", by="clerk", format="odt"), 422, "wrong-value")

    def test_gives_numbers_without_holes_and_none_twice(self, desk: Circulation) -> None:
        """期号逐份连着给；同一发文字号不能用两次；换个键重发一次印发，答复相同。"""
        office = desk.office
        desk.drafted(
            "ad_hoc", subject="防汛专项督查情况", **{"from": "2008-03-01", "to": "2008-03-31"}
        ).signed()
        first = office.post(f"{desk.path}/issue", {}, by="clerk", key="k1").json()
        assert office.post(f"{desk.path}/issue", {}, by="clerk", key="k1").json() == first
        other = Circulation(office=office).drafted(
            "ad_hoc", subject="供热专项督查情况", **{"from": "2008-03-01", "to": "2008-03-31"}
        )
        other.do("check", "clerk")
        other.do("approve-naming", "head", basis=PAPER)
        problem(other.try_("sign", "head", document_no="云督〔2008〕6号"), 409, "name-taken")
        other.do("sign", "head", document_no="云督〔2008〕9号")
        other.do("issue", "clerk")
        assert [one["issue_no"] for one in desk.listed()] == ["2008-00002", "2008-00001"]

    @pytest.mark.parametrize(
        ("body", "status", "code"),
        [
            ({"series": "yearbook"}, 404, "unknown-series"),
            ({}, 422, "missing-field"),
            ({"series": "monthly", "month": 3}, 422, "unknown-field"),
            ({"series": "monthly", "from": "2008-03-09", "to": "2008-03-01"}, 422, "wrong-period"),
            ({"series": "monthly", "from": "2008-03-09"}, 422, "missing-field"),
            ({"series": "monthly", "from": "2008-03-09", "to": "2008-05-01"}, 422, "period-to-come"),
            ({"series": "ad_hoc", "from": "2008-03-01", "to": "2008-03-05"}, 422, "blank-field"),
            (
                {"series": "ad_hoc", "subject": "绝密", "from": "2008-03-01", "to": "2008-03-05"},
                422,
                "secret",
            ),
        ],
    )
    def test_refuses_a_draft_of_nothing(
        self, an_opened_office: Furnished, office: Office, body: dict[str, Any], status: int, code: str
    ) -> None:
        """系列不认识、期间写反、写到将来、事由没写、带密级字样的，都不拟。"""
        office.at("2008-04-06")
        problem(office.post("/bulletins", body, by="clerk"), status, code)

    def test_refuses_strangers_and_overlaps(self, desk: Circulation) -> None:
        """不是督查室的不能拟；同一系列已印发的期间不能重叠。"""
        office = desk.office
        problem(office.post("/bulletins", {"series": "monthly"}, by="liaison"), 403, "not-yours")
        desk.drafted()
        problem(office.post("/bulletins", {"series": "monthly"}, by="clerk"), 409, "already-drafted")
        desk.issued()
        body = {"series": "monthly", "from": "2008-03-15", "to": "2008-04-05"}
        told = problem(office.post("/bulletins", body, by="clerk"), 409, "period-overlaps")
        assert told["other"] == desk.id
        problem(office.post("/bulletins/nobody/check", {}, by="clerk"), 404, "not-found")
        problem(desk.try_("shred", "clerk"), 404)
        problem(office.get("/bulletins", by="clerk", stage="burnt"), 422, "wrong-value")
        problem(office.get("/bulletins", by="clerk", cursor="?"), 400, "unreadable-cursor")

    def test_walks_a_list_by_cursor(self, desk: Circulation) -> None:
        """通报列表可以翻页，最近拟的在前。"""
        for day in ("03", "04", "05"):
            desk.drafted("daily", **{"from": f"2008-03-{day}", "to": f"2008-03-{day}"})
        page = desk.office.ask("/bulletins", by="clerk", limit=2)
        rest = desk.office.ask("/bulletins", by="clerk", limit=2, cursor=page["next"])
        assert [one["from"] for one in (*page["items"], *rest["items"])] == [
            "2008-03-05",
            "2008-03-04",
            "2008-03-03",
        ]
        assert rest["next"] is None

    def test_is_corrected_by_a_new_document(self, desk: Circulation) -> None:
        """更正另发一份，列出更正之处；原通报标明被哪一份更正；撤回的写明理由。"""
        office = desk.office
        desk.drafted().issued()
        overdue = desk.look()["overdue"][0]["matter"]
        office.at("2008-04-07").do("cancel", {"reason": "重复立项"}, by="head", matter=overdue)
        new = Circulation(office=office, id=desk.do("correct", "head", reason="漏计")["correction"])
        assert new.look()["corrects"] == desk.id
        assert "逾期由1件更正为0件" in new.look()["changes"]
        new.issued("云督〔2008〕7号")
        assert (desk.look()["stage"], desk.look()["corrected_by"]) == ("corrected", new.id)
        new.do("withdraw", "head", reason="重复印发")
        assert new.look(by="liaison")["withdrawn_reason"] == "重复印发"


class TestTheClock:
    def test_drafts_each_period_once_after_a_stop(self, by_the_clock: Circulation) -> None:
        """停了几天再走钟，欠的每期各拟一份，写明应拟和实拟的日子；再走一次什么也不做。"""
        desk, office = by_the_clock, by_the_clock.office
        said = office.tick("2008-04-20")
        items = desk.listed()
        assert said["bulletins"] == len(items) == 8
        found = {(one["series"], one["from"]): one["due_on"] for one in items}
        assert found["monthly", "2008-03-01"] == "2008-04-05"
        assert found["quarterly", "2008-01-01"] == "2008-04-10"
        assert [due for (series, _), due in sorted(found.items()) if series == "weekly"] == [
            "2008-03-10",
            "2008-03-17",
            "2008-03-24",
            "2008-03-31",
            "2008-04-07",
            "2008-04-14",
        ]
        assert {one["drafted_at"][:10] for one in items} == {"2008-04-20"}
        assert office.tick().get("bulletins") is None
        assert office.tick("2008-04-21").get("bulletins") == 1
        weekly = next(one for one in desk.listed() if one["from"] == "2008-04-14")
        empty = office.ask(f"/bulletins/{weekly['id']}", by="clerk")["sections"][0]["shown"][0]
        assert "没有新立项" in empty

    def test_reminds_units_that_have_not_received(self, desk: Circulation) -> None:
        """印发后到期未签收的单位，时钟催签；签收了就不再催。"""
        desk.drafted().issued()
        desk.office.tick()
        assert desk.office.tick("2008-04-08").get("bulletins") is None
        assert desk.office.tick("2008-04-09").get("bulletins") == 1
        assert desk.office.tick("2008-04-10").get("bulletins") is None
        desk.do("acknowledge", "chief")
        desk.do("acknowledge", "clerk", on_behalf_of=desk.office.units["water"], text="来电告知已收")
        assert desk.office.tick("2008-04-30").get("bulletins") is None


class TestTheCommandLine:
    def test_lists_drafts_shows_and_checks(self, an_opened_office: Furnished, tmp_path: Path) -> None:
        """命令行列出、拟稿、查看、核对；PDF 被换掉，核对就指出来，退出码 1。"""
        with an_opened_office.copy(tmp_path) as office:
            desk = two_matters(office).drafted().issued()
            full = desk.look()["documents"]["full"]["sha256"]
        (tmp_path / "config.toml").write_text(CONFIG, encoding="utf-8")
        listed = duban(tmp_path, "bulletin", "list")
        assert "云督〔2008〕6号" in listed.stdout
        assert "已印发" in listed.stdout
        shown = duban(tmp_path, "bulletin", "show", "云督〔2008〕6号")
        assert "存在的问题" in shown.stdout
        drafted = duban(tmp_path, "bulletin", "draft", "weekly", "--at", "2008-04-08T09:00:00+08:00")
        assert (drafted.returncode, '"stage": "drafted"' in drafted.stdout) == (0, True)
        sound = duban(tmp_path, "bulletin", "check", "--all")
        assert (sound.returncode, sound.stdout.strip()) == (0, "核对 1 份通报：每个数字都与记录相符")
        stored = tmp_path / "var" / "files" / full[:2] / full[2:4] / full
        stored.write_bytes(stored.read_bytes() + b" ")
        broken = duban(tmp_path, "bulletin", "check", "云督〔2008〕6号")
        assert broken.returncode == 1
        assert "不是同一份" in broken.stderr
        all_ = duban(tmp_path, "bulletin", "check", "--all")
        assert (all_.returncode, "不是同一份" in all_.stderr, "1 份不符" in all_.stdout) == (1, True, True)
        missing = duban(tmp_path, "bulletin", "check", "云督〔2008〕60号")
        assert (missing.returncode, "没有这份通报" in missing.stderr) == (2, True)
