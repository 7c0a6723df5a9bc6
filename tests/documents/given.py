"""A bulletin, a letter and a form of a made-up county, and what can be read out of a PDF."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any

from service.documents.jobs import FontSetting
from service.documents.model import (
    Align,
    Attachment,
    Cell,
    Chart,
    Column,
    Field,
    Form,
    Format,
    Heading,
    Imprint,
    Letterhead,
    Official,
    Orientation,
    Paragraph,
    Run,
    Section,
    Signature,
    Table,
    cells,
    plain,
)
from tests.require import program

CHAINS = tuple((role, ()) for role in ("body", "title", "hei", "kai", "song"))
BARE = FontSetting(system=False, chains=CHAINS)
"""A machine with nothing but the font package."""
EXAMPLE_SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 80"><rect x="10" y="20" width="90" height="40"'
    ' fill="#8fa6b5"/><text x="10" y="14" font-size="12">76.3%</text></svg>'
)
MARKUP = '#image("x") *粗* $x$ <b>标签</b> \\u{41} @引用 {{ number }}'
ORGAN = "云溪县人民政府督查室"


def official(**fields: Any) -> Official:
    """A bulletin with everything in it."""
    given: dict[str, Any] = {
        "format": Format.FILE,
        "letterhead": Letterhead(issuer_mark=f"{ORGAN}文件", number="云督〔2026〕6号", issue="第6期"),
        "title": f"{ORGAN}关于2026年10月份督办事项办理情况的通报",
        "main_recipients": ("各乡镇人民政府", "县政府各部门"),
        "body": BODY,
        "attachments": (
            register(),
            Attachment(title="逾期事项登记表", blocks=(paragraph("没有逾期事项。"),)),
        ),
        "signature": Signature(organ=ORGAN, signed_on=date(2026, 11, 5)),
        "notes": ("此件公开发布",),
        "imprint": Imprint(
            printed_by=ORGAN, printed_on=date(2026, 11, 6), copies_to=("县委办公室", "县人大常委会办公室")
        ),
        "proof": "数据定格：记录第48,102位",
    }
    return Official(**{**given, **fields})


def paragraph(text: str) -> Paragraph:
    return Paragraph(runs=plain(text))


def register(rows: int = 60) -> Attachment:
    columns = tuple(
        Column(title=title, width=width) for title, width in (("名次", 1), ("单位", 5), ("按期办结率", 3))
    )
    lines = tuple(cells(str(n), f"第{n}局", "80.0%（4/5）") for n in range(1, rows + 1))
    table = Table(columns=columns, rows=lines, caption="各单位办理情况", note="注：并列的名次相同。")
    return Attachment(title="各单位办理情况一览表", blocks=(table,), orientation=Orientation.LANDSCAPE)


BODY = (
    paragraph("现将2026年10月督办事项办理情况通报如下。"),
    Heading(level=1, text="基本情况"),
    Paragraph(
        runs=(Run(text="按期办结率"), Run(text="76.3%", bold=True, href="/rates"), Run(text="（29/38）。"))
    ),
    Chart(svg=EXAMPLE_SVG, title="按期办结率提高", description="柱图", height=40),
    Heading(level=1, text="存在的问题"),
    Heading(level=2, text="久拖不决。", follows=plain("松岭镇一件逾期15天。")),
    Heading(level=3, text="饮水工程"),
    Heading(level=4, text="二标段"),
    Table(
        columns=(Column(title="单位", width=3), Column(title="逾期", width=1, align=Align.RIGHT)),
        rows=((Cell(text="松岭镇", bold=True), Cell(text="15")), cells("白渡镇", "10")),
    ),
    Paragraph(runs=plain("以上数据截至10月31日。"), align=Align.RIGHT),
    Heading(level=1, text="下步要求"),
    paragraph("上述单位于11月20日前书面报告。"),
)


def letter(**fields: Any) -> Official:
    head = Letterhead(issuer_mark=ORGAN, number="云督函〔2026〕6号", urgency="特急")
    return official(format=Format.LETTER, letterhead=head, attachments=(), mark="拟稿", **fields)


def form(**fields: Any) -> Form:
    """A slip with a receipt to cut off."""
    signed = Field(label="签收人", width=6, lines=2, sign="签名：　　　　\n　年　月　日")
    given: dict[str, Any] = {
        "title": "督查交办单",
        "organ": ORGAN,
        "number": "编号：云督〔2026〕6号",
        "dated_on": date(2026, 11, 5),
        "addressed_to": "松岭镇人民政府",
        "opening": ("现将下列事项交你单位办理。",),
        "closing": ("请按期报告。",),
        "sections": (
            Section(
                rows=(
                    (Field(label="事项", value="三号河道清理", lines=2),),
                    (Field(label="期限", width=6), signed),
                )
            ),
            Section(rows=((Field(label="签收单位", width=6), signed),), title="签收回执", cut=True),
        ),
        "signature": Signature(organ=ORGAN, signed_on=date(2026, 11, 5)),
    }
    return Form(**{**given, **fields})


# Reading a PDF


@dataclass(frozen=True, kw_only=True)
class Word:
    """Characters in a row, in points from the upper left."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


def tool(name: str) -> str:
    return str(program(name, what="PDF 工具", package="poppler-utils"))


def text_of(pdf: bytes, tmp_path: Path) -> str:
    """All words, without the spaces between lines."""
    return re.sub(r"\s", "", poppler("pdftotext", pdf, tmp_path, "-layout"))


def pages_of(pdf: bytes, tmp_path: Path) -> list[list[Word]]:
    """The words of every page."""
    found = poppler("pdftotext", pdf, tmp_path, "-bbox")
    word = re.compile(r'<word xMin="(.+?)" yMin="(.+?)" xMax="(.+?)" yMax="(.+?)">(.*?)</word>')
    return [
        [
            Word(left=float(a), top=float(b), right=float(c), bottom=float(d), text=unescape(said))
            for a, b, c, d, said in word.findall(page)
        ]
        for page in found.split("<page ")[1:]
    ]


def poppler(name: str, pdf: bytes, tmp_path: Path, *options: str) -> str:
    path = tmp_path / "read.pdf"
    path.write_bytes(pdf)
    target = ["-"] if name == "pdftotext" else []
    command = [tool(name), *options, str(path), *target]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout
