"""文书 of a matter over the API and on pages: what they say, as of when, to whom, and what is refused."""

from __future__ import annotations

import io
import re
from pathlib import Path
from urllib.parse import unquote

import docx
import pytest

from events.refusals import Invalid
from service.answering import Answering
from service.asking import asking
from service.documents.model import Form, Official
from service.documents.papers.kinds import KINDS
from service.documents.papers.making import paper
from service.identity import Principal, actor_of
from service.settings import WrongSetting, read_settings
from tests.documents.given import MARKUP, text_of
from tests.service.given import Office, problem
from tests.service.opened import Furnished
from tests.service.pages import visitor
from tests.service.programs import CONFIG


def made(office: Office, form: str, *, by: str = "auditor", **query: str) -> Form | Official:
    """A paper as its model, without rendering it."""
    runtime = office.runtime
    assert runtime is not None
    directory = runtime.directory.now()
    when = asking(runtime.clock, runtime.store, as_of=query.get("as_of"), given=office.now)
    actor = actor_of(directory, by, when.day)  # type: ignore[arg-type]
    answer = Answering(runtime=runtime, principal=Principal(actor=actor), asking=when)
    return paper(answer, office.matter, form)[0]  # type: ignore[arg-type]


def said(document: Form | Official) -> str:
    """Everything a paper says, in a row."""
    return "".join(re.findall(r"'([^']*)'", repr(document)))


class TestPapers:
    def test_each_is_made_from_the_matter(self, office: Office, tmp_path: Path) -> None:
        """五种文书都由事项填好，出成 PDF 和 DOCX，文件名带文号。"""
        office.at("2008-03-03").rectifying(due_on="2008-03-20", title=f"河道清理{MARKUP}")
        office.at("2008-03-26").attach()
        office.report()
        for kind in KINDS:
            path = f"/matters/{office.matter}/documents/{kind.id}"
            answer = office.send("GET", path, params={"format": "pdf"})
            assert answer.status_code == 200, answer.text
            assert answer.headers["content-type"] == "application/pdf"
            name = unquote(answer.headers["content-disposition"])
            assert name == f"attachment; filename*=UTF-8''{kind.label}-督〔2008〕1号.pdf"
            assert "青石镇" in text_of(answer.content, tmp_path)
            assert "{{number}}" in text_of(answer.content, tmp_path)
        word = office.send(
            "GET", f"/matters/{office.matter}/documents/urge-notice", params={"format": "docx"}
        )
        assert any("青石镇：" in p.text for p in docx.Document(io.BytesIO(word.content)).paragraphs)

    def test_it_shows_what_was_known_then(self, office: Office) -> None:
        """按哪一刻看，文书就是哪一刻的：期限、逾期天数都是那时的。"""
        office.at("2008-03-03").rectifying(due_on="2008-03-20")
        before = office.runtime.store.head().position  # type: ignore[union-attr]
        office.at("2008-03-18").do(
            "request-extension", {"until": "2008-04-10", "reason": "连日降雨"}, by="liaison"
        )
        office.at("2008-03-19").do("grant-extension", {"until": "2008-04-10"}, by="head")
        office.at("2008-04-13")
        now, then = said(made(office, "urge-notice")), said(made(office, "urge-notice", as_of=str(before)))
        assert "期限为2008年4月10日，现已逾期3天" in now
        assert "准予延期1次" in now
        assert "期限为2008年3月20日。" in then
        assert f"记录第{before}位" in then

    def test_a_correction_is_what_the_form_says(self, office: Office) -> None:
        """核查意见更正过，审批表上是更正后的。"""
        office.at("2008-03-03").reviewed()
        passed = next(e for e in office.history() if e["type"] == "verification-passed")
        fields = {"position": passed["position"], "reason": "笔误", "fields": {"findings": "已复绿"}}
        office.do("correct", fields, by="head")
        assert "已复绿" in said(made(office, "write-off-approval"))

    def test_a_matter_of_the_other_wording_is_worded_so(self, office: Office) -> None:
        """批示件的审批表叫办结审批表。"""
        office.at("2008-03-03").assigned(kind="leader_instruction", urgency="ordinary")
        assert said(made(office, "rectification-notice")).startswith("督查办理通知书")

    def test_it_is_refused_before_its_time(self, office: Office) -> None:
        """没交办出不了交办单，没报结出不了审批表，了结了没有可催的。"""
        office.at("2008-03-03").registered()
        path = f"/matters/{office.matter}/documents"
        problem(office.send("GET", f"{path}/assignment-slip"), 409, "not-yet-due")
        office.assigned()
        path = f"/matters/{office.matter}/documents"
        problem(office.send("GET", f"{path}/write-off-approval"), 409, "not-yet-due")
        problem(office.send("GET", f"{path}/assignment-slip", params={"format": "odt"}), 422, "wrong-value")
        problem(office.send("GET", f"{path}/love-letter"), 404, "not-found")
        office.do("cancel", {"reason": "重复立项"}, by="head")
        problem(office.send("GET", f"{path}/urge-notice"), 409, "not-yet-due")

    def test_whoever_may_not_see_the_matter_sees_no_paper(self, office: Office) -> None:
        """看不到事项的人，也看不到它的文书。"""
        office.at("2008-03-03").assigned()
        path = f"/matters/{office.matter}/documents/assignment-slip"
        problem(office.send("GET", path, by="water"), 404, "not-found")
        assert office.send("GET", path, by="liaison").status_code == 200
        visitor(office, "water").get(path, status=404)

    def test_a_unit_does_not_draw_up_the_offices_papers(self, office: Office) -> None:
        """催办单、督办函、审批表由督查室出；单位的页上没有，直接要也不给。"""
        office.at("2008-03-03").assigned()
        path = f"/matters/{office.matter}/documents"
        seen = visitor(office, "liaison")
        seen.get(f"/matters/{office.matter}")
        offered = {link.rpartition("/")[2] for link in seen.links() if link.startswith(f"{path}/")}
        assert {name.partition(".")[0] for name in offered} == {"assignment-slip", "rectification-notice"}
        for name in ("urge-notice", "supervision-letter", "write-off-approval"):
            problem(office.send("GET", f"{path}/{name}", by="liaison"), 403, "not-yours")
            assert office.send("GET", f"{path}/{name}", by="head").status_code in (200, 409)


class TestPages:
    def test_the_matter_offers_what_it_is_ready_for(self, office: Office) -> None:
        """事项页列出能出的文书，点开就能看、打印、下载，页上的字和 PDF 一样。"""
        office.at("2008-03-03").assigned(title="三号<河道>清理")
        seen = visitor(office, "clerk")
        seen.get(f"/matters/{office.matter}")
        offered = {link for link in seen.links() if "/documents/" in link}
        ready = ("assignment-slip", "rectification-notice", "urge-notice", "supervision-letter")
        assert offered == {
            f"/matters/{office.matter}/documents/{name}{end}"
            for name in ready
            for end in ("", ".pdf", ".docx")
        }
        for name in ready:
            seen.get(f"/matters/{office.matter}/documents/{name}")
            assert "三号<河道>清理" in seen.text()
            assert "<河道>" not in seen.page
        answer = seen.client.get(f"/matters/{office.matter}/documents/assignment-slip.pdf")
        assert answer.headers["content-disposition"].startswith("inline")
        assert answer.content.startswith(b"%PDF")

    def test_the_past_has_papers_too(self, office: Office) -> None:
        """看过去的样子时，文书的链接也停在那一刻。"""
        office.at("2008-03-03").assigned()
        seen = visitor(office, "clerk")
        seen.get(f"/matters/{office.matter}?as_of=2008-03-03")
        assert f"/matters/{office.matter}/documents/assignment-slip.pdf?as_of=2008-03-03" in seen.links()


class TestTemplates:
    def test_an_office_may_word_a_paper_its_own_way(
        self, an_opened_office: Furnished, tmp_path: Path
    ) -> None:
        """自己的模板代替随带的；写错了说是哪个文件、错在哪、可用哪些词。"""
        own = tmp_path / "papers"
        own.mkdir()
        sections = {"templates": "papers", "organ": "云溪县督查考核中心"}
        with an_opened_office.copy(tmp_path, documents=sections) as office:
            office.at("2008-03-03").assigned()
            template = own / "assignment-slip.toml"
            template.write_text('title = "交办单（{{ lead_unit }}）"', encoding="utf-8")
            mine = made(office, "assignment-slip")
            assert isinstance(mine, Form)
            assert (mine.title, mine.organ) == ("交办单（青石镇）", "云溪县督查考核中心")
            wrong = {
                'title = "{{ leed_unit }}"': "leed_unit",
                'title = "{{ title"': "title",
                "title = 交办单": "读不出来",
                'titel = "交办单"': "没有 titel 这一项",
                'number = "1"': "写得不对",
                'title = "单"\ndated = "someday"': "someday",
                'title = "单"\n[[sections]]\nrows = [[{ label = "事项", width = 5 }]]': "twelfths",
                'title = "{{ organ.__class__.__mro__ }}"': "用不了",
            }
            for text, part in wrong.items():
                template.write_text(text, encoding="utf-8")
                with pytest.raises(Invalid, match=re.escape(part)) as caught:
                    made(office, "assignment-slip")
                assert caught.value.code == "broken-template"
                assert "assignment-slip.toml" in caught.value.sentence

    def test_a_font_that_is_not_there_is_named(self, tmp_path: Path) -> None:
        """配置里的字体文件找不到，启动前就说是哪一个。"""
        config = tmp_path / "config.toml"
        config.write_text(f'{CONFIG}\n[documents]\nfonts = ["fonts/xbs.ttf"]\n', encoding="utf-8")
        with pytest.raises(WrongSetting, match=r"fonts/xbs\.ttf.*找不到"):
            read_settings(config, {})
        config.write_text(f'{CONFIG}\n[documents]\ntemplates = "nowhere"\n', encoding="utf-8")
        with pytest.raises(WrongSetting, match="nowhere"):
            read_settings(config, {})
        config.write_text(f"{CONFIG}\n[documents]\nfonts = 3\n", encoding="utf-8")
        with pytest.raises(WrongSetting, match="一列文字"):
            read_settings(config, {})
        config.write_text(CONFIG, encoding="utf-8")
        (tmp_path / "a.ttf").write_bytes(b"no font")
        found = read_settings(config, {"DUBAN_DOCUMENTS__FONTS": "a.ttf, ."})
        assert found.documents.fonts == ("a.ttf", ".")
