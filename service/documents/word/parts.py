"""A DOCX being written: pages, faces, body blocks, feet."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, assert_never

import docx
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from service.documents.fonts import FontShelf
from service.documents.model import Block, Chart, Document, Heading, Orientation, Paragraph, Runs, Table
from service.documents.numbering import numbered
from service.documents.typesetting import MANY_COLUMNS, draw
from service.documents.word.box import word_art
from service.documents.word.xml import (
    MM,
    Box,
    Element,
    Line,
    Look,
    Setting,
    element,
    field,
    paragraph,
    run,
    table,
)
from service.documents.wording import visible

FACES = {
    "body": "仿宋_GB2312",
    "title": "方正小标宋简体",
    "hei": "黑体",
    "kai": "楷体_GB2312",
    "song": "宋体",
}
"""Names by role; readers of 公文 have these fonts, whatever this machine has."""
RED = "D7000F"
TEXT_WIDTH = 156 * MM
LANDSCAPE_WIDTH = 225 * MM
PITCH = 28.95
"""Exact line height: 22 lines in 225 mm, a hair less than 28.99 so that rounding never drops the last."""
TRACKING = -0.2
BODY, TITLE, SMALL = 16, 22, 14
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
ZIP_TIME = (1980, 1, 1, 0, 0, 0)


class Writing:
    """A DOCX under way."""

    def __init__(self, document: Document, shelf: FontShelf) -> None:
        self.shelf = shelf
        self.file = docx.Document()
        self._drop_placeholder()
        self._style()
        section = self.file.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.top_margin, section.bottom_margin = Mm(37), Mm(35)
        section.left_margin, section.right_margin = Mm(28), Mm(26)
        section.footer_distance, section.header_distance = Mm(20), Mm(15)
        self.file.settings.odd_and_even_pages_header_footer = True
        self._modern()
        about = self.file.core_properties
        about.title, about.author, about.comments = visible(document.title).replace("\n", ""), "", ""
        about.created = about.modified = EPOCH
        about.last_modified_by = ""

    def _drop_placeholder(self) -> None:
        body = self.file.element.body
        for child in list(body):
            if child.tag != qn("w:sectPr"):
                body.remove(child)

    def _modern(self) -> None:
        """Without this Word opens the file in its compatibility mode, and tables stick out at the left."""
        uri = "http://schemas.microsoft.com/office/word"
        setting = element("compatSetting", {"name": "compatibilityMode", "uri": uri, "val": 15})
        settings = self.file.settings.element
        for old in settings.findall(qn("w:compat")):
            settings.remove(old)
        settings.append(element("compat", {}, setting))

    def _style(self) -> None:
        normal = self.file.styles["Normal"]
        normal.font.name, normal.font.size = FACES["body"], Pt(BODY)
        normal.element.rPr.rFonts.set(qn("w:eastAsia"), FACES["body"])

    def add(self, *elements: Element) -> None:
        """Puts elements at the end."""
        body = self.file.element.body
        for one in elements:
            body.insert(len(body) - 1, one)

    def new_section(self, orientation: Orientation) -> None:
        """Goes on a new page that lies so; feet go on as they were."""
        section = self.file.add_section(WD_SECTION.NEW_PAGE)
        section.different_first_page_header_footer = False
        wide = orientation is Orientation.LANDSCAPE
        section.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
        section.page_width, section.page_height = (Mm(297), Mm(210)) if wide else (Mm(210), Mm(297))
        section.top_margin, section.bottom_margin = (Mm(28), Mm(26)) if wide else (Mm(37), Mm(35))
        section.left_margin, section.right_margin = (Mm(35), Mm(37)) if wide else (Mm(28), Mm(26))
        section.footer_distance = Mm(12) if wide else Mm(20)

    def finished(self) -> bytes:
        """The file, the same bytes for the same document: nothing in it tells when it was written."""
        raw = io.BytesIO()
        self.file.save(raw)
        out = io.BytesIO()
        with zipfile.ZipFile(raw) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
            for name in source.namelist():
                entry = zipfile.ZipInfo(name, ZIP_TIME)
                entry.compress_type = zipfile.ZIP_DEFLATED
                target.writestr(entry, source.read(name))
        return out.getvalue()

    # Blocks

    def blocks(self, blocks: Sequence[Block], *, width: float = TEXT_WIDTH, keep: int = 0) -> None:
        """The body or an attachment; the last ``keep`` paragraphs stay with what follows."""
        for index, one in enumerate(numbered(blocks)):
            match one.block:
                case Heading():
                    self.add(_heading(one.block, one.label))
                case Paragraph():
                    self.add(_paragraph(one.block, keep=index >= len(blocks) - keep))
                case Table():
                    self.add(*_table(one.block, width))
                case Chart():
                    self._chart(one.block)
                case _:
                    assert_never(one.block)

    def _chart(self, chart: Chart) -> None:
        picture = draw(chart, self.shelf)
        added = self.file.add_paragraph()
        shape = added.add_run().add_picture(io.BytesIO(picture), width=Mm(min(chart.width, 156)))
        about = shape._inline.docPr
        about.set("descr", visible(chart.description))
        element_of = added._p
        element_of.insert(0, paragraph((), Setting(align="center", keep_next=True)).pPr)
        self.add(
            paragraph((run(chart.title, Look(font=FACES["hei"], size=12)),), Setting(align="center", after=8))
        )


def body_look(*, bold: bool = False) -> Look:
    """The body's face."""
    return Look(font=FACES["body"], size=BODY, bold=bold, tracking=TRACKING)


def look(role: str, size: float = BODY, **more: Any) -> Look:
    """A role's face."""
    return Look(font=FACES[role], size=size, **more)


def said(runs: Runs) -> Iterable[Element]:
    """Runs of the body."""
    return tuple(run(one.text, body_look(bold=one.bold)) for one in runs)


def blank(lines: float = 1) -> Element:
    """Room of so many lines."""
    return paragraph((), Setting(line=PITCH * lines))


def _heading(heading: Heading, label: str) -> Element:
    role = {1: "hei", 2: "kai"}.get(heading.level, "body")
    runs = (run(label + heading.text, look(role, tracking=TRACKING)), *said(heading.follows))
    keeps = not heading.follows
    setting = Setting(line=PITCH, indent=2, keep_next=keeps, outline=heading.level - 1)
    return paragraph(runs, setting)


def _paragraph(block: Paragraph, *, keep: bool) -> Element:
    left = block.align.value == "left"
    align = "both" if left else block.align.value
    setting = Setting(line=PITCH, indent=2 if left else 0, align=align, keep_next=keep, keep_lines=keep)
    return paragraph(said(block.runs), setting)


def _table(block: Table, width: float) -> Iterable[Element]:
    size = 10.5 if len(block.columns) >= MANY_COLUMNS else 12
    whole = sum(column.width for column in block.columns)
    widths = tuple(width * column.width / whole for column in block.columns)
    head = tuple(
        Box(content=(paragraph((run(c.title, look("hei", size)),), Setting(align="center", keep_next=True)),))
        for c in block.columns
    )
    if block.caption:
        yield paragraph(
            (run(block.caption, look("hei", 12)),),
            Setting(align="center", before=6, after=4, keep_next=True),
        )
    lines = [Line(cells=head, head=True)]
    for row in block.rows:
        boxes = tuple(
            Box(
                content=(
                    paragraph(
                        (run(cell.text, look("body", size, bold=cell.bold)),),
                        Setting(align=column.align.value),
                    ),
                )
            )
            for cell, column in zip(row, block.columns, strict=True)
        )
        lines.append(Line(cells=boxes))
    yield table(widths, lines)
    # Two tables without a paragraph between them would become one.
    note = (run(block.note, look("body", 10.5)),) if block.note else ()
    yield paragraph(note, Setting(align="left", before=3, after=6, line=0 if note else 8))


def page_number_foot(writing: Writing, *, first_bare: bool, proof: str) -> None:
    """— n — outside, right on odd and left on even pages, the proof below."""
    section = writing.file.sections[0]
    section.different_first_page_header_footer = first_bare
    number = look("song", SMALL)
    for foot, align in ((section.footer, "right"), (section.even_page_footer, "left")):
        foot.is_linked_to_previous = False
        setting = Setting(align=align, left=SMALL, right=SMALL)
        _fill(foot, paragraph((run("— ", number), *field("PAGE", number), run(" —", number)), setting))
        _proof(foot, proof)
    if first_bare:
        section.first_page_footer.is_linked_to_previous = False
        _fill(section.first_page_footer)


def _proof(foot: Any, proof: str) -> None:
    if proof:
        foot._element.append(paragraph((run(proof, look("hei", 7.5)),), Setting(align="center", before=6)))


def _fill(foot: Any, *elements: Element) -> None:
    for child in list(foot._element):
        foot._element.remove(child)
    for one in elements or (paragraph((), Setting()),):
        foot._element.append(one)


def first_foot(writing: Writing, *elements: Element) -> None:
    """What stands at the foot of the first page alone."""
    _fill(writing.file.sections[0].first_page_footer, *elements)


def watermark(writing: Writing, mark: str) -> None:
    """A grey word across every page."""
    if not mark:
        return
    section = writing.file.sections[0]
    heads = [section.header, section.even_page_header]
    if section.different_first_page_header_footer:
        heads.append(section.first_page_header)
    for head in heads:
        head.is_linked_to_previous = False
        _fill(head, word_art(mark))
