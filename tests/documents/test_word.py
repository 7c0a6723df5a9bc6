"""公文 and forms as DOCX: named fonts, page numbers, and that an office suite opens them."""

from __future__ import annotations

import io
import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path

import docx
import pytest
from docx.oxml.ns import qn

from service.documents.fonts import FontShelf
from service.documents.model import Document
from service.documents.word import written
from tests.documents.given import MARKUP, ORGAN, form, letter, official, pages_of, paragraph, text_of

MM = 72 / 25.4


def made(document: Document, shelf: FontShelf) -> bytes:
    return written(document, shelf)[0]


def part(content: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(name).decode()


class TestWriting:
    def test_fonts_carry_the_names_of_the_standard(self, shelf: FontShelf) -> None:
        """DOCX 里写的是仿宋_GB2312、方正小标宋简体、黑体、楷体_GB2312，中文字体名都写明。"""
        body = part(made(official(), shelf), "word/document.xml")
        for name in ("仿宋_GB2312", "方正小标宋简体", "黑体", "楷体_GB2312"):
            assert f'w:eastAsia="{name}"' in body
        opened = docx.Document(io.BytesIO(made(official(), shelf)))
        for run in opened.element.body.iter(qn("w:r")):
            if run.find(qn("w:t")) is not None:
                assert run.find(f"{qn('w:rPr')}/{qn('w:rFonts')}").get(qn("w:eastAsia"))

    def test_the_page_is_that_of_the_standard(self, shelf: FontShelf) -> None:
        """页边距上 37、左 28、右 26、下 35 毫米，行距固定，单双页页码分列两边。"""
        content = made(official(), shelf)
        opened = docx.Document(io.BytesIO(content))
        first = opened.sections[0]
        sides = (first.top_margin, first.left_margin, first.right_margin, first.bottom_margin)
        assert [round(side.mm) for side in sides if side is not None] == [37, 28, 26, 35]
        assert opened.settings.odd_and_even_pages_header_footer
        for foot, align in ((first.footer, "right"), (first.even_page_footer, "left")):
            assert "PAGE" in foot._element.xml
            assert f'w:jc w:val="{align}"' in foot._element.xml
        assert 'w:lineRule="exact"' in part(content, "word/document.xml")

    def test_headings_stay_with_what_follows(self, shelf: FontShelf) -> None:
        """标题不会独自留在页末，大纲级别可用来导航。"""
        opened = docx.Document(io.BytesIO(made(official(), shelf)))
        heads = [p for p in opened.paragraphs if p.text in ("一、基本情况", "1.饮水工程")]
        assert len(heads) == 2
        for head in heads:
            assert head.paragraph_format.keep_with_next
            assert head._p.pPr.find(qn("w:outlineLvl")) is not None

    def test_the_same_document_gives_the_same_bytes(self, shelf: FontShelf) -> None:
        """DOCX 里没有写出的时刻，同样的内容字节相同。"""
        assert made(official(), shelf) == made(official(), shelf)

    def test_markup_and_bad_characters_are_only_text(self, shelf: FontShelf) -> None:
        """标记原样，XML 不许有的字符不进文件。"""
        tricky = f"{MARKUP}\x00\x0b\ufffe\ud800\u202e尾&<"
        opened = docx.Document(io.BytesIO(made(official(body=(paragraph(tricky),), mark=MARKUP), shelf)))
        assert any(p.text == f"{MARKUP}尾&<" for p in opened.paragraphs)

    def test_an_office_suite_opens_them_all(
        self, libreoffice: Path, shelf: FontShelf, tmp_path: Path
    ) -> None:
        """LibreOffice 打得开每一种，字不少，版记在最后一面的下方。"""
        wanted = {
            "bulletin": official(),
            "letter": letter(),
            "form": form(),
            "plain": replace(official(), attachments=()),
        }
        for name, document in wanted.items():
            (tmp_path / f"{name}.docx").write_bytes(made(document, shelf))
        opened_by(libreoffice, tmp_path)
        for name in wanted:
            pdf = (tmp_path / f"{name}.pdf").read_bytes()
            said = text_of(pdf, tmp_path)
            assert ORGAN in said
            if name == "form":
                assert "签收回执" in said
                continue
            assert "一、基本情况" in said
            copies = [word for word in pages_of(pdf, tmp_path)[-1] if "抄送" in word.text]
            assert copies, name
            assert copies[0].top > 225 * MM


def opened_by(libreoffice: Path, folder: Path) -> None:
    """Converts every DOCX of a folder to PDF, in one start of the office suite with a profile of its own."""
    files = sorted(str(path) for path in folder.glob("*.docx"))
    profile = f"-env:UserInstallation=file://{folder}/profile"
    command = [
        str(libreoffice),
        profile,
        "--headless",
        "--convert-to",
        "pdf",
        "--outdir",
        str(folder),
        *files,
    ]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=120)
    if done.returncode:
        pytest.fail(done.stderr)
