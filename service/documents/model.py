"""What a document says, before anyone decides how it looks: 公文 with a red head, and forms without one.

All text is plain: no markup of any kind is read in it, by any renderer. Lengths are millimetres.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeAlias


class Format(StrEnum):
    """Which of the standard's layouts (GB/T 9704-2012, chapters 7 and 10)."""

    FILE = "file"
    """文件格式: large red head, number and red line below it."""
    LETTER = "letter"
    """信函格式: full organ name, two red double lines, number at the right, first page without page number."""


class Align(StrEnum):
    """Where text stands in its line or cell."""

    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"


class Orientation(StrEnum):
    """How the pages of an attachment lie."""

    PORTRAIT = "portrait"
    LANDSCAPE = "landscape"


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A stretch of text in one face. ``href`` is a link for the screen only; paper never shows it."""

    text: str
    bold: bool = False
    href: str = ""


Runs: TypeAlias = tuple[Run, ...]


def plain(text: str) -> Runs:
    """One run of plain text."""
    return (Run(text=text),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A numbered heading; numbers 一、（一）1.（1） are given by order, never typed into the text.

    ``level`` is 1 to 4. ``follows`` goes on in the same paragraph in the body's face, as 公文 often do
    after （一）; at level 1 nothing follows.
    """

    level: int
    text: str
    follows: Runs = ()

    def __post_init__(self) -> None:
        """Raises ValueError for a level the standard does not have."""
        if not 1 <= self.level <= 4:
            raise ValueError(f"level {self.level} is not 1 to 4")


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """A paragraph, its first line two characters in; ``align`` other than left takes the indent away."""

    runs: Runs
    align: Align = Align.LEFT


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column: ``width`` is its share; all shares together fill the text width."""

    title: str
    width: int
    align: Align = Align.LEFT


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """What stands in one place of a table. ``href`` as in Run; ``runs``: the same text where parts of it lead apart."""

    text: str
    bold: bool = False
    href: str = ""
    runs: Runs = ()


def cells(*texts: str) -> tuple[Cell, ...]:
    """A row of plain cells."""
    return tuple(Cell(text=text) for text in texts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table whose head is repeated on every page; each row has as many cells as there are columns.

    ``caption`` stands above, ``note`` (the base of a rate, how ties rank) below.
    """

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    caption: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        """Raises ValueError where a row does not fit the columns."""
        for index, row in enumerate(self.rows):
            if len(row) != len(self.columns):
                raise ValueError(f"row {index} has {len(row)} cells for {len(self.columns)} columns")


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A drawing made by the service itself. ``svg`` stands alone: no script, style sheet, image or outside reference.

    ``title`` tells the finding and stands below it; ``description`` is read aloud in its place.
    The figures in it also stand in the text or a table.
    """

    svg: str
    title: str
    description: str
    width: int = 156
    height: int = 70


Block: TypeAlias = Heading | Paragraph | Table | Chart


@dataclass(frozen=True, slots=True, kw_only=True)
class Letterhead:
    """版头. Empty parts leave no trace."""

    issuer_mark: str
    """发文机关标志, as it shall stand in red: 「云溪县人民政府督查室文件」; in 信函格式 the bare name."""
    number: str = ""
    """发文字号 in full: 云督〔2026〕6号."""
    issue: str = ""
    """第6期."""
    signatory: str = ""
    """签发人, shown in 文件格式 only."""
    copy_no: str = ""
    """份号, six digits."""
    secrecy: str = ""
    """密级和保密期限."""
    urgency: str = ""
    """特急、加急."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """附件, on pages of its own after the signature; announced below the body by its title."""

    title: str
    blocks: tuple[Block, ...]
    orientation: Orientation = Orientation.PORTRAIT


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """发文机关署名 and 成文日期. Without a date (a draft) its place is left open."""

    organ: str
    signed_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Imprint:
    """版记, at the foot of the last page. ``copies_to`` are the 抄送机关 in order."""

    printed_by: str
    printed_on: date | None = None
    copies_to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Official:
    """公文 with a red head."""

    format: Format
    letterhead: Letterhead
    title: str
    """标题; ``\\n`` where its lines shall break, else broken in balance."""
    main_recipients: tuple[str, ...]
    """主送机关 in order; the colon is added."""
    body: tuple[Block, ...]
    signature: Signature
    attachments: tuple[Attachment, ...] = ()
    notes: tuple[str, ...] = ()
    """附注, one a line, without brackets: 此件公开发布."""
    imprint: Imprint | None = None
    mark: str = ""
    """A large grey word across every page while it is not valid: 拟稿、已撤回."""
    proof: str = ""
    """Small line at the very foot: 数据定格：记录第 48,102 位 · 摘要 5b7e…"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A labelled place in a form.

    ``width`` in twelfths of the form, label included; the widths of a row make 12. ``lines`` is the least
    height in lines. ``value`` may hold ``\\n``. ``sign`` stands at the lower right, to be filled by hand:
    签名：　　　　　年　月　日.
    """

    label: str
    value: str = ""
    width: int = 12
    lines: int = 1
    sign: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A grid of fields. ``title`` stands above it; ``cut`` draws a line to cut along first (签收回执)."""

    rows: tuple[tuple[Field, ...], ...]
    title: str = ""
    cut: bool = False

    def __post_init__(self) -> None:
        """Raises ValueError where a row does not fill the form."""
        for index, row in enumerate(self.rows):
            if sum(field.width for field in row) != 12:
                raise ValueError(f"the fields of row {index} do not make twelve twelfths")


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A form without red head: title, number, grids of fields.

    ``opening`` and ``closing`` are paragraphs around the first section, for a notice that speaks to somebody.
    """

    title: str
    organ: str
    sections: tuple[Section, ...]
    number: str = ""
    dated_on: date | None = None
    addressed_to: str = ""
    """A notice speaks to a unit: its name, the colon is added; else empty."""
    opening: tuple[str, ...] = ()
    closing: tuple[str, ...] = ()
    signature: Signature | None = None
    mark: str = ""
    proof: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A file to be read and bound, neither 公文 nor form: a title, then blocks over as many pages as they take."""

    title: str
    organ: str
    blocks: tuple[Block, ...]
    number: str = ""
    dated_on: date | None = None
    mark: str = ""
    proof: str = ""


Document: TypeAlias = Official | Form
"""What is drawn as page, PDF and DOCX."""

Printed: TypeAlias = Document | Report
"""What is drawn as PDF."""
