"""通报 in the pages: read as 公文, edited, signed, issued and received through forms."""

import dataclasses
import re

import pytest

from events.bulletin.permitted import DRAFT, PERMITTED
from events.bulletin.signing import ApproveNaming
from service.pages.bulletin_words import DRAFT as DRAFT_FORM
from service.pages.bulletin_words import FORMS
from service.proof.attachments import broken_attachment
from tests.service.circulating import Circulation, two_matters
from tests.service.given import Office, problem
from tests.service.pages import visitor


@pytest.fixture
def desk(office: Office) -> Circulation:
    return two_matters(office)


class TestForms:
    def test_every_command_has_one_with_all_its_fields(self) -> None:
        """通报的每一步都有表单，字段齐全；改稿按部分打开。"""
        for name, row in PERMITTED.items():
            wanted = {field.name for field in dataclasses.fields(row.command)}
            offered = {"section", "prose", "text"} if name == "edit" else {*FORMS[name].fields, "text"}
            assert wanted <= offered | ({"basis"} if row.command is ApproveNaming else set()), name
        renames = {"first": "from", "last": "to"}
        fields = {renames.get(f.name, f.name) for f in dataclasses.fields(DRAFT.command)} - {"text"}
        assert set(DRAFT_FORM.fields) == fields


class TestAWay:
    def test_goes_through_the_forms(self, desk: Circulation) -> None:
        """从拟稿到签收全在页面上办：改稿漏了数字当场指出，点名先批准，发文字号写错有提示，单位看到自己的那几件。"""
        office = desk.office
        office.tick()
        clerk, head, liaison = (visitor(office, who) for who in ("clerk", "head", "liaison"))
        clerk.get("/bulletins")
        assert "还没有通报" in clerk.text()
        clerk.get("/bulletins/draft")
        clerk.send("/bulletins/draft", {"series": "monthly"})
        assert "拟稿已记下" in clerk.text()
        here = clerk.address.partition("?")[0].partition("testserver")[2]
        assert "关于2008年3月份督办事项办理情况的通报" in clerk.text()
        figure = next(link for link in clerk.links() if "/statistics/matters" in link and "overdue" in link)
        clerk.get(figure)
        assert "三号河道垃圾堆放" in clerk.text()
        clerk.get(f"{here}/edit?section=situation")
        text = re.search(r"<textarea[^>]*>(.*?)</textarea>", clerk.page, re.DOTALL)
        assert text is not None
        clerk.send(f"{here}/edit", {"section": "situation", "prose": "一切都好，办结率100%。"}, status=422)
        assert "少了数字" in clerk.text()
        assert "一切都好" in clerk.text()
        clerk.send(f"{here}/edit", {"section": "situation", "prose": f"总的看，进展平稳。\n{text[1]}"})
        assert "总的看，进展平稳。" in clerk.text()
        clerk.get(f"{here}/check")
        clerk.send(f"{here}/check")
        head.get("/")
        assert "通报待签" in head.text()
        head.get(f"{here}/approve-naming")
        head.send(f"{here}/approve-naming", {"basis": ""}, status=422)
        head.send(f"{here}/approve-naming", {"basis": "县政府常务会议纪要"})
        head.get(f"{here}/sign")
        head.send(f"{here}/sign", {"document_no": "六号文"}, status=422)
        assert "不是发文字号" in head.text()
        head.send(f"{here}/sign", {"document_no": "云督[2008]6号"})
        clerk.get(f"{here}/issue")
        clerk.send(f"{here}/issue", {"copies_to": "县委办公室\n县政协办公室"})
        assert "第1期" in clerk.text()
        assert "0/2" in clerk.text()
        liaison.get("/")
        assert "通报待签收" in liaison.text()
        liaison.get(here)
        assert "与我单位有关" in liaison.text()
        assert "逾期事项台账" not in liaison.main()
        liaison.get(f"{here}/acknowledge")
        liaison.send(f"{here}/acknowledge")
        assert "签收已记下" in liaison.text()
        liaison.get("/letters")
        assert "通报：关于2008年3月份督办事项办理情况的通报" in liaison.text()
        letter = next(link for link in liaison.links() if re.fullmatch(r"/letters/[0-9a-f]{32}", link))
        liaison.get(letter)
        assert "其中涉及你单位的逾期事项1件" in liaison.text()
        clerk.get(f"{here}/acknowledge?for=unit")
        clerk.send(
            f"{here}/acknowledge", {"for": "unit", "on_behalf_of": office.units["water"], "text": "来电"}
        )
        assert "2/2" in clerk.text()
        assert "督查室代水务局录入" in clerk.text()
        assert visitor(office, "verifier").get(here, 404)

    def test_takes_papers_and_tells_where_it_was_published(self, desk: Circulation) -> None:
        """纸质批准、代录签收都可附扫描件，点得开；公开登记写明渠道、地方、日期和依据，漏了哪项指出哪项；单位看不到附件。"""
        office = desk.office
        scan = {"file": ("批准件.pdf", b"%PDF-1.4 approval", "application/pdf")}
        desk.drafted().do("check", "clerk")
        head, clerk = visitor(office, "head"), visitor(office, "clerk")
        head.get(f"{desk.path}/approve-naming")
        assert 'enctype="multipart/form-data"' in head.page
        head.send(f"{desk.path}/approve-naming", {"basis": "县政府常务会议纪要"}, files=scan)
        desk.do("sign", "head", document_no="云督〔2008〕6号")
        desk.do("issue", "clerk")
        clerk.get(f"{desk.path}/acknowledge?for=unit")
        clerk.send(
            f"{desk.path}/acknowledge",
            {"for": "unit", "on_behalf_of": office.units["water"]},
            files={"file": ("回执.jpg", b"\xff\xd8\xff\xe0 receipt", "image/jpeg")},
        )
        said = {"channel": "newspaper", "place": "云溪日报 第2版", "on": "2008-04-06"}
        clerk.get(f"{desk.path}/publish")
        clerk.send(f"{desk.path}/publish", {**said, "place": ""}, status=422)
        clerk.send(f"{desk.path}/publish", said, status=422)
        assert "经批准才能公开" in clerk.text()
        clerk.send(
            f"{desk.path}/publish", {**said, "basis": "县政府办4月6日批示", "on": "2008-04-09"}, status=422
        )
        clerk.send(f"{desk.path}/publish", {**said, "basis": "县政府办4月6日批示"})
        assert "登记公开已记下" in clerk.text()
        assert "报刊：云溪日报 第2版" in clerk.text()
        assert desk.look()["publications"] == [
            {"channel": "newspaper", "place": "云溪日报 第2版", "on": "2008-04-06"}
        ]
        assert "批准件.pdf" in clerk.text()
        files = list(dict.fromkeys(link for link in clerk.links() if "/files/" in link))
        assert [clerk.client.get(link).content for link in files] == [
            b"\xff\xd8\xff\xe0 receipt",
            b"%PDF-1.4 approval",
        ]
        assert office.get(files[0], by="auditor").content == b"\xff\xd8\xff\xe0 receipt"
        problem(office.get(f"{desk.path}/files/{'0' * 64}", by="clerk"), 404, "not-found")
        problem(office.get(files[0], by="liaison"), 404, "not-found")
        visitor(office, "liaison").get(files[0], 404)
        assert office.runtime is not None
        assert broken_attachment(office.runtime.store, office.runtime.files)[0] is None
        office.runtime.files.path(files[1].rpartition("/")[2]).unlink()
        broken, _ = broken_attachment(office.runtime.store, office.runtime.files)
        assert broken is not None
        assert "批准件.pdf" in broken.what

    def test_is_looked_at_as_of_then(self, desk: Circulation) -> None:
        """通报和列表可以看当时的样子，看过去时没有按钮。"""
        drafted = desk.drafted().look()
        desk.issued()
        clerk = visitor(desk.office, "clerk")
        clerk.get(f"{desk.path}?as_of={drafted['as_of'] + 1}")
        assert "正在看过去" in clerk.text()
        assert f'href="{desk.path}/check"' not in clerk.page
        clerk.get(f"/bulletins?as_of={drafted['as_of'] + 1}")
        assert "云督〔2008〕6号" not in clerk.text()
