"""A bulletin as 公文: the same document for paper, for the screen and for people's word processors."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from events.bulletin.content import BulletinContent, Chart, FullTable, Group, OverdueRegister, Row
from events.bulletin.prose import prose_of, words_of
from events.bulletin.state import PENDING, Bulletin, BulletinStage, Head
from events.vocabulary import BEIJING
from service.circulating import charts
from service.circulating.figuring import shown
from service.circulating.opening import Opening
from service.documents import model as m
from service.documents.numbering import official as official_number

FIELD = re.compile(r"(\{[^{}]*\})")
NONE = "—"


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """What a document is made of beside the bulletin itself."""

    bulletin: Bulletin
    public: bool
    """Without the overdue register, as units get it."""
    head: Head
    addressees: tuple[str, ...]
    """Names of the units it goes to, in order."""
    copies_to: tuple[str, ...] = ()
    mark: str = ""
    """A word across the page."""
    opening: Opening | None = None
    """For a screen: what its figures lead to."""

    @property
    def content(self) -> BulletinContent:
        """What it says."""
        content = self.bulletin.standing_content
        return content.public() if self.public else content


def official(paper: Paper) -> m.Official:
    """The bulletin in 文件格式 of GB/T 9704."""
    bulletin, content = paper.bulletin, paper.content
    return m.Official(
        format=m.Format.FILE,
        letterhead=m.Letterhead(
            issuer_mark=paper.head.mark,
            number=bulletin.document_no,
            issue=bulletin.issue_words,
        ),
        title=f"{content.organ}\n{content.title}",
        main_recipients=_recipients(paper),
        body=tuple(_body(paper)),
        signature=m.Signature(organ=content.organ, signed_on=signed_on(bulletin)),
        attachments=tuple(_attachments(paper)),
        notes=(bulletin.open_note,) if bulletin.open_note else (),
        imprint=m.Imprint(
            printed_by=paper.head.printed_by, printed_on=signed_on(bulletin), copies_to=paper.copies_to
        ),
        mark=paper.mark,
        proof=f"数据定格：记录第 {content.frozen.as_of} 位，{content.frozen.judged_on}",
    )


def _recipients(paper: Paper) -> tuple[str, ...]:
    """主送: the units by name where they are few, else as a body."""
    if 0 < len(paper.addressees) <= MOST_NAMED:
        return paper.addressees
    return ("各有关单位",)


def _body(paper: Paper) -> Iterator[m.Block]:
    bulletin, content = paper.bulletin, paper.content
    if bulletin.corrects is not None:
        yield m.Paragraph(runs=m.plain(_correction(bulletin)))
    words = words_of(content.figures)
    for section in content.sections:
        yield m.Heading(level=1, text=section.heading)
        for prose in prose_of(section, bulletin.prose):
            yield m.Paragraph(runs=_runs(prose, words, paper))
        for item in section.items:
            follows = m.plain(item.text) if paper.opening is None else paper.opening.item(item)
            yield m.Heading(level=2, text=f"{item.heading}。", follows=follows)
        if section.id == FIRST_SECTION:
            for chart in content.charts:
                yield drawn(chart)


def _correction(bulletin: Bulletin) -> str:
    number = f"（{bulletin.corrects_no}）" if bulletin.corrects_no else ""
    changes = f"更正之处：{'；'.join(bulletin.changes)}。" if bulletin.changes else "各项数字与原通报相同。"
    why = (bulletin.correction_reason or "").rstrip("。")
    return f"原通报{number}现予更正，以本通报为准。更正理由：{why}。{changes}"


def _runs(prose: str, words: Mapping[str, str], paper: Paper) -> m.Runs:
    runs: list[m.Run] = []
    for part in FIELD.split(prose):
        if not part:
            continue
        field = part[1:-1] if part.startswith("{") else ""
        leading = paper.opening.field(field) if paper.opening is not None and field else None
        runs += leading or m.plain(words.get(field, part))
    return tuple(runs)


def drawn(chart: Chart) -> m.Chart:
    """A chart as its drawing."""
    height = round(156 * (16 + 26 * len(chart.bars)) / 620)
    return m.Chart(
        svg=charts.svg(chart), title=chart.title, description=charts.description(chart), height=height
    )


def _attachments(paper: Paper) -> Iterator[m.Attachment]:
    content = paper.content
    if content.table.groups:
        yield m.Attachment(
            title=content.table.title, blocks=tuple(_full_table(content.table, paper)), orientation=LANDSCAPE
        )
    if content.overdue.rows:
        yield m.Attachment(
            title=content.overdue.title,
            blocks=(_register(content.overdue, paper),),
            orientation=LANDSCAPE,
        )


def _full_table(table: FullTable, paper: Paper) -> Iterator[m.Block]:
    ranked = (m.Column(title="名次", width=6, align=m.Align.CENTER),) if table.ranked else ()
    columns = (
        *ranked,
        m.Column(title="单位", width=16),
        *(
            m.Column(title=column.label, width=RATE if base is not None else COUNT, align=m.Align.CENTER)
            for column, (_, base) in zip(table.columns, table.total, strict=True)
        ),
    )
    last = len(table.groups) - 1
    for index, group in enumerate(table.groups):
        rows = [_row(row, table, paper.opening) for row in group.rows]
        rows.append(_class_sum(group, table, paper.opening))
        if index == last:
            rows.append(_total(table, paper.opening))
        yield m.Table(
            columns=columns,
            rows=tuple(rows),
            caption=group.label,
            note="\n".join(table.notes) if index == last else "",
        )


def _row(row: Row, table: FullTable, opening: Opening | None) -> tuple[m.Cell, ...]:
    rank = (m.Cell(text=NONE if row.rank is None else str(row.rank)),) if table.ranked else ()
    cells = (
        m.Cell(text=shown(cell), runs=opening.cell(column, row, cell) if opening is not None else ())
        for column, cell in zip(table.columns, row.cells, strict=True)
    )
    return (*rank, m.Cell(text=row.name), *cells)


def _class_sum(group: Group, table: FullTable, opening: Opening | None) -> tuple[m.Cell, ...]:
    cells = (
        m.Cell(
            text=shown(cell),
            bold=True,
            runs=opening.class_sum(column, group, cell) if opening is not None else (),
        )
        for column, cell in zip(table.columns, group.total, strict=True)
    )
    return (*_sum_of("小计", table), *cells)


def _total(table: FullTable, opening: Opening | None) -> tuple[m.Cell, ...]:
    cells = (
        m.Cell(text=shown(cell), bold=True, runs=opening.total(column, cell) if opening is not None else ())
        for column, cell in zip(table.columns, table.total, strict=True)
    )
    return (*_sum_of("合计", table), *cells)


def _sum_of(label: str, table: FullTable) -> tuple[m.Cell, ...]:
    return (*((m.Cell(text=""),) if table.ranked else ()), m.Cell(text=label, bold=True))


def _register(register: OverdueRegister, paper: Paper) -> m.Table:
    columns = (
        m.Column(title="编号", width=11),
        m.Column(title="事项", width=30),
        m.Column(title="责任单位", width=14),
        m.Column(title="原定期限", width=11, align=m.Align.CENTER),
        m.Column(title="现定期限", width=11, align=m.Align.CENTER),
        m.Column(title="延期次数", width=8, align=m.Align.CENTER),
        m.Column(title="逾期天数", width=8, align=m.Align.CENTER),
    )
    rows = tuple(
        (
            m.Cell(
                text=official_number(row.number, ""),
                href=paper.opening.matter(row.matter, row.unit) if paper.opening is not None else "",
            ),
            m.Cell(text=row.title),
            m.Cell(text=row.unit_name),
            m.Cell(text=row.first_due_on.isoformat()),
            m.Cell(text=row.due_on.isoformat()),
            m.Cell(text=str(row.extensions)),
            m.Cell(text=str(row.days_late)),
        )
        for row in register.rows
    )
    return m.Table(columns=columns, rows=rows)


def signed_on(bulletin: Bulletin) -> date | None:
    """成文日期: the day it was signed out, as it stands on the paper; None for a draft."""
    return bulletin.signed_at.astimezone(BEIJING).date() if bulletin.signed_at is not None else None


LANDSCAPE = m.Orientation.LANDSCAPE
RATE, COUNT = 19, 7
"""Widths of a share with its fraction, and of a plain count."""
FIRST_SECTION = "situation"
MOST_NAMED = 6
MARKS = {
    **dict.fromkeys(PENDING - {BulletinStage.NUMBERED}, "拟稿"),
    BulletinStage.CORRECTED: "已更正",
    BulletinStage.WITHDRAWN: "已撤回",
}
"""What is written across a bulletin that does not, or no longer, hold."""
