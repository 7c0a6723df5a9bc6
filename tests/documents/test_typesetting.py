"""公文 and forms as PDF: measured, read again, and the same each time."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

from service.documents.fonts import FontShelf
from service.documents.jobs import FontSetting
from service.documents.model import Attachment, Heading, Letterhead, Orientation
from service.documents.typesetting import typeset
from tests.documents.given import (
    BARE,
    MARKUP,
    ORGAN,
    Word,
    form,
    letter,
    official,
    pages_of,
    paragraph,
    poppler,
    register,
    text_of,
)

MM = 72 / 25.4
HAN = "督查交办整改核查销号回头看通报"


def pdf(document: object, shelf: FontShelf) -> bytes:
    return typeset(document, shelf)[0]  # type: ignore[arg-type]


def lines_of(words: list[Word]) -> list[list[Word]]:
    """The words of a page by line, from the top."""
    tops = sorted({round(word.top, 1) for word in words})
    return [[word for word in words if round(word.top, 1) == top] for top in tops]


class TestMeasures:
    def test_a_page_holds_22_lines_of_28_characters(self, shelf: FontShelf, tmp_path: Path) -> None:
        """正文每面 22 行、每行 28 字，版心 156 毫米宽。"""
        body = (paragraph(HAN * 150),)
        page = pages_of(pdf(official(body=body, attachments=()), shelf), tmp_path)[1]
        rows = [row for row in lines_of(page) if row[0].top < 262 * MM]
        assert [sum(len(word.text) for word in row) for row in rows] == [28] * 22
        assert abs(rows[0][0].top - 37 * MM) < 6
        pitches = [below[0].top - above[0].top for above, below in pairwise(rows)]
        assert all(abs(pitch - 225 * MM / 22) < 0.05 for pitch in pitches)
        left = min(word.left for row in rows for word in row)
        right = max(word.right for row in rows for word in row)
        assert abs(left - 28 * MM) < 0.5
        assert abs(right - 184 * MM) < 1

    def test_the_head_keeps_its_order_and_its_distances(self, shelf: FontShelf, tmp_path: Path) -> None:
        """版头自上而下是份号、密级、紧急程度，发文机关标志，发文字号和签发人，标题，主送机关。"""
        head = Letterhead(
            issuer_mark=f"{ORGAN}文件",
            number="云督〔2026〕6号",
            signatory="马国梁",
            copy_no="000012",
            urgency="特急",
        )
        first = pages_of(pdf(official(letterhead=head), shelf), tmp_path)[0]
        said = "".join(word.text for word in sorted(first, key=lambda word: (round(word.top), word.left)))
        order = [
            "000012",
            "特急",
            "云溪县人民政府督查室文件",
            "云督〔2026〕6号",
            "签发人：马国梁",
            "的通报",
            "各乡镇",
        ]
        places = [said.index(part) for part in order]
        assert places == sorted(places)

    def test_the_imprint_stands_at_the_foot_of_the_last_page(self, shelf: FontShelf, tmp_path: Path) -> None:
        """版记在最后一面版心的最下方。"""
        for document in (official(), official(attachments=()), letter()):
            pages = pages_of(pdf(document, shelf), tmp_path)
            lowest = max(word.bottom for word in pages[-1] if word.bottom < 263 * MM)
            assert lowest > 250 * MM
            copies = [word for word in pages[-1] if "抄送" in word.text]
            assert copies
            assert copies[0].top > 225 * MM

    def test_pages_are_numbered_outside(self, shelf: FontShelf, tmp_path: Path) -> None:
        """页码左右各一条一字线，单页居右、双页居左；信函首页不显示页码。"""
        body = (paragraph(HAN * 60),)
        pages = pages_of(pdf(official(body=body, attachments=(), proof=""), shelf), tmp_path)
        feet = [[word for word in page if word.top > 262 * MM] for page in pages[:2]]
        assert ["".join(word.text for word in foot) for foot in feet] == ["—1—", "—2—"]
        assert feet[0][0].left > 105 * MM > feet[1][-1].right
        first = pages_of(pdf(letter(proof=""), shelf), tmp_path)[0]
        assert not [word for word in first if word.top > 262 * MM]

    def test_a_table_on_its_side_keeps_the_place_of_the_number(
        self, shelf: FontShelf, tmp_path: Path
    ) -> None:
        """横排的附件，页码在纸上的位置与别的页一致：转过来看在左侧，单页靠下、双页靠上。"""
        wide = [
            Attachment(title=f"第{n}张表", blocks=(paragraph("表。"),), orientation=Orientation.LANDSCAPE)
            for n in (1, 2)
        ]
        pages = pages_of(
            pdf(official(body=(paragraph("正文。"),), attachments=tuple(wide), proof=""), shelf), tmp_path
        )
        lying = list(enumerate(pages, 1))[-2:]
        for n, page in lying:
            (said,) = [word for word in page if str(n) in word.text and word.right < 29 * MM]
            assert said.left > 20 * MM
            top, bottom = (150, 184) if n % 2 else (28, 60)
            assert top * MM < said.top < said.bottom < bottom * MM
            assert not [word for word in page if word.top > 190 * MM]

    def test_the_organ_never_stands_on_a_page_without_text(self, shelf: FontShelf, tmp_path: Path) -> None:
        """署名所在的那一面总有正文。"""
        for count in range(6, 24, 3):
            body = tuple(paragraph(f"第{n}段。") for n in range(count))
            pages = pages_of(pdf(official(body=body, attachments=(), imprint=None), shelf), tmp_path)
            signed = next(page for page in pages if any("2026年11月5日" in word.text for word in page))
            assert any(f"第{count - 1}段。" in word.text for word in signed)


class TestContent:
    def test_every_part_is_there_and_numbered(self, shelf: FontShelf, tmp_path: Path) -> None:
        """层次序数依次是一、（一）1.（1），附件说明、署名、日期、附注、版记俱全。"""
        said = text_of(pdf(official(), shelf), tmp_path)
        for part in (
            "一、基本情况", "二、存在的问题", "（一）久拖不决。松岭镇", "1.饮水工程", "（1）二标段", "三、下步要求",
            "附件：1.各单位办理情况一览表", "2.逾期事项登记表", f"{ORGAN}2026年11月5日", "（此件公开发布）", "附件1",
            "抄送：县委办公室，县人大常委会办公室。", "2026年11月6日印发", "数据定格：记录第48,102位", "第6期",
        ):  # fmt: skip
            assert part in said, part

    def test_lower_levels_start_anew(self, shelf: FontShelf, tmp_path: Path) -> None:
        """换了上一层，下一层的序数从头起。"""
        levels = (1, 2, 2, 1, 2, 3, 4, 4, 3, 4)
        body = tuple(Heading(level=level, text="标题") for level in levels)
        said = text_of(pdf(official(body=body, attachments=()), shelf), tmp_path)
        assert "一、标题（一）标题（二）标题二、标题（一）标题1.标题（1）标题（2）标题2.标题（1）标题" in said

    def test_markup_in_text_is_only_text(self, shelf: FontShelf, tmp_path: Path) -> None:
        """填写的文字里像标记的符号原样印出，不起作用。"""
        cell = Attachment(title=MARKUP, blocks=(paragraph(MARKUP),))
        made = pdf(
            official(body=(paragraph(MARKUP), Heading(level=1, text=MARKUP)), attachments=(cell,)), shelf
        )
        assert text_of(made, tmp_path).count("".join(MARKUP.split())) == 5
        assert '#image("x")*粗*' in text_of(pdf(form(opening=(MARKUP,)), shelf), tmp_path)

    def test_a_long_table_repeats_its_head_and_breaks_between_rows(
        self, shelf: FontShelf, tmp_path: Path
    ) -> None:
        """表格跨页时每页重复表头，长单位名在格内换行，一行不拆到两页。"""
        attached = register(rows=120)
        table = attached.blocks[0]
        name = "云溪县松岭镇农村饮水安全巩固提升工程二标段项目建设指挥部办公室" * 3
        long = replace(
            table,
            rows=(*table.rows, (table.rows[0][0], replace(table.rows[0][1], text=name), table.rows[0][2])),
        )  # type: ignore[union-attr,type-var]
        pages = pages_of(pdf(official(attachments=(replace(attached, blocks=(long,)),)), shelf), tmp_path)
        with_rows = [page for page in pages if any("80.0%（4/5）" in word.text for word in page)]
        assert len(with_rows) > 3
        for page in with_rows:
            assert any(word.text == "按期办结率" for word in page)
        assert all(word.right < 262 * MM for page in with_rows for word in page)

    def test_an_empty_form_is_still_a_form(self, shelf: FontShelf, tmp_path: Path) -> None:
        """没有填的栏目留空格，签名处留空，回执前有裁开线。"""
        said = text_of(pdf(form(), shelf), tmp_path)
        for part in ("督查交办单", "松岭镇人民政府：", "三号河道清理", "裁开", "签收回执", "签名：年月日"):
            assert part in said


class TestFonts:
    def test_all_fonts_are_embedded(self, shelf: FontShelf, tmp_path: Path) -> None:
        """PDF 里的字体全部嵌入，换台机器打印不变样。"""
        table = poppler("pdffonts", pdf(official(), shelf), tmp_path).splitlines()[2:]
        assert table
        assert all(line.split()[-5] == "yes" for line in table)

    def test_the_same_document_gives_the_same_bytes(self, shelf: FontShelf) -> None:
        """同样的内容、同样的版本，PDF 一个字节都不差。"""
        first, faces = typeset(official(), shelf)
        again, others = typeset(official(), FontShelf(BARE))
        assert first == again
        assert faces.version == others.version
        assert typeset(official(title="另一件"), shelf)[0] != first

    def test_a_character_no_font_has_is_written_by_its_number(self, shelf: FontShelf, tmp_path: Path) -> None:
        """生僻字镕、喆照常显示；任何字体都没有的字写成编码并列出来，不留空框。"""
        made, faces = typeset(official(main_recipients=("朱镕、陶喆、𠮷田",)), shelf)
        assert faces.missing == {"𠮷"}
        said = text_of(made, tmp_path)
        assert "朱镕、陶喆、〔U+20BB7〕田：" in said
        assert "字库里没有" in said

    def test_a_font_of_the_machine_lends_the_character(self, tmp_path: Path) -> None:
        """本机别的字体有这个字，就借它显示。"""
        shelf = FontShelf(FontSetting(system=True, chains=BARE.chains))
        made, faces = typeset(official(main_recipients=("𠮷田村",)), shelf)
        if "𠮷" in faces.borrowed:
            assert "𠮷田村：" in text_of(made, tmp_path)
            assert faces.borrowed["𠮷"] in faces.families["body"]
        else:
            assert faces.missing == {"𠮷"}

    def test_invisible_characters_turn_no_line_round(self, shelf: FontShelf, tmp_path: Path) -> None:
        """看不见的控制字符不进文书。"""
        tricky = "甲\u202e乙\u200b丙\x00丁\ufffe戊\t己\U000e0101"
        made = pdf(official(main_recipients=(tricky,)), shelf)
        assert "甲乙丙丁戊己：" in text_of(made, tmp_path)

    def test_nothing_to_say_is_still_a_document(self, shelf: FontShelf, tmp_path: Path) -> None:
        """没有正文、没有抄送也能成文。"""
        empty = official(body=(), attachments=(), notes=(), imprint=None, main_recipients=(), title="")
        assert f"{ORGAN}2026年11月5日" in text_of(pdf(empty, shelf), tmp_path)
