"""Elements of WordprocessingML: paragraphs, runs, borders, tables. Measures in points unless a name says otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from service.documents.wording import visible

Element: TypeAlias = Any
"""lxml's elements have no useful types."""

TWENTIETHS = 20
MM = 72 / 25.4


def element(tag: str, attributes: Mapping[str, object] | None = None, *children: Element) -> Element:
    """An element of the ``w`` name space, attributes too."""
    made = OxmlElement(f"w:{tag}")
    for name, value in (attributes or {}).items():
        made.set(qn(f"w:{name}"), str(value))
    for child in children:
        made.append(child)
    return made


def twips(points: float) -> int:
    """Points as twentieths."""
    return round(points * TWENTIETHS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How a run looks. ``tracking`` moves characters apart (or, negative, together)."""

    font: str
    size: float
    bold: bool = False
    colour: str = ""
    tracking: float = 0


def run(text: str, look: Look) -> Element:
    """A run; line breaks in the text become breaks."""
    made = element("r", {}, _run_properties(look))
    for index, line in enumerate(visible(text).split("\n")):
        if index:
            made.append(element("br"))
        said = element("t")
        said.text = line
        said.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        made.append(said)
    return made


def tab(look: Look) -> Element:
    """A step to the next tab stop."""
    return element("r", {}, _run_properties(look), element("tab"))


def field(code: str, look: Look) -> tuple[Element, ...]:
    """A field such as PAGE, in its three parts, with 1 as what stands there until a reader counts."""
    instruction = element("instrText")
    instruction.text = code
    parts: tuple[Element, ...] = (
        element("fldChar", {"fldCharType": "begin"}),
        instruction,
        element("fldChar", {"fldCharType": "separate"}),
    )
    opened = tuple(element("r", {}, _run_properties(look), part) for part in parts)
    closed = element("r", {}, _run_properties(look), element("fldChar", {"fldCharType": "end"}))
    return (*opened, run("1", look), closed)


def _run_properties(look: Look) -> Element:
    # In the order of the schema, which Word insists on.
    names = dict.fromkeys(("ascii", "eastAsia", "hAnsi", "cs"), look.font)
    made = element("rPr", {}, element("rFonts", {**names, "hint": "eastAsia"}))
    if look.bold:
        made.append(element("b"))
    if look.colour:
        made.append(element("color", {"val": look.colour}))
    if look.tracking:
        made.append(element("spacing", {"val": twips(look.tracking)}))
    made.append(element("sz", {"val": round(look.size * 2)}))
    made.append(element("szCs", {"val": round(look.size * 2)}))
    made.append(element("lang", {"val": "zh-CN", "eastAsia": "zh-CN"}))
    return made


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """How a paragraph is set. ``line`` is an exact height; 0 lets the content say. ``indent`` in characters."""

    align: str = "both"
    line: float = 0
    before: float = 0
    after: float = 0
    indent: int = 0
    left: float = 0
    right: float = 0
    hanging: float = 0
    keep_next: bool = False
    keep_lines: bool = False
    page_break: bool = False
    outline: int | None = None
    borders: tuple[tuple[str, str, int, str, int], ...] = ()
    """Side, style, eighths of a point, colour, distance in points."""
    tabs: tuple[tuple[str, float], ...] = ()
    character: float = 16
    """Width of a character, for the indent."""


def paragraph(runs: Iterable[Element], setting: Setting) -> Element:
    """A paragraph."""
    return element("p", {}, _paragraph_properties(setting), *runs)


def _paragraph_properties(setting: Setting) -> Element:
    made = element("pPr")
    for name, wanted in (
        ("keepNext", setting.keep_next),
        ("keepLines", setting.keep_lines),
        ("pageBreakBefore", setting.page_break),
    ):
        if wanted:
            made.append(element(name))
    made.append(element("widowControl", {"val": 0}))
    if setting.borders:
        made.append(element("pBdr", {}, *(_border(*border) for border in setting.borders)))
    if setting.tabs:
        stops = (element("tab", {"val": kind, "pos": twips(at)}) for kind, at in setting.tabs)
        made.append(element("tabs", {}, *stops))
    made.append(element("kinsoku"))
    made.append(element("autoSpaceDE", {"val": 0}))
    made.append(element("autoSpaceDN", {"val": 0}))
    made.append(element("snapToGrid", {"val": 0}))
    made.append(element("spacing", _spacing(setting)))
    made.append(element("ind", _indent(setting)))
    made.append(element("jc", {"val": setting.align}))
    if setting.outline is not None:
        made.append(element("outlineLvl", {"val": setting.outline}))
    return made


def _border(side: str, style: str, eighths: int, colour: str, distance: int) -> Element:
    return element(side, {"val": style, "sz": eighths, "space": distance, "color": colour})


def _spacing(setting: Setting) -> dict[str, object]:
    spacing: dict[str, object] = {"before": twips(setting.before), "after": twips(setting.after)}
    if setting.line:
        spacing |= {"line": twips(setting.line), "lineRule": "exact"}
    else:
        spacing |= {"line": 240, "lineRule": "auto"}
    return spacing


def _indent(setting: Setting) -> dict[str, object]:
    indent: dict[str, object] = {"left": twips(setting.left), "right": twips(setting.right)}
    if setting.hanging:
        indent["hanging"] = twips(setting.hanging)
    elif setting.indent:
        # Word goes by the characters, LibreOffice by the length: both are said.
        indent["firstLineChars"] = setting.indent * 100
        indent["firstLine"] = twips(setting.indent * setting.character)
    else:
        indent["firstLine"] = 0
    return indent


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A cell: its paragraphs, how many columns it spans, how it stands."""

    content: tuple[Element, ...]
    span: int = 1
    align: str = "center"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A row of cells; ``least`` is its least height."""

    cells: tuple[Box, ...]
    least: float = 0
    head: bool = False
    splits: bool = False


def table(widths: tuple[float, ...], lines: Iterable[Line]) -> Element:
    """A table of fixed widths, thin lines everywhere."""
    made = element("tbl", {}, _table_properties(sum(widths)))
    made.append(element("tblGrid", {}, *(element("gridCol", {"w": twips(width)}) for width in widths)))
    for line in lines:
        made.append(_row(line, widths))
    return made


def _table_properties(width: float) -> Element:
    made = element("tblPr")
    made.append(element("tblW", {"w": twips(width), "type": "dxa"}))
    made.append(element("tblInd", {"w": 0, "type": "dxa"}))
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    made.append(element("tblBorders", {}, *(_border(side, "single", 4, "000000", 0) for side in sides)))
    made.append(element("tblLayout", {"type": "fixed"}))
    margins = {"top": 40, "left": 80, "bottom": 40, "right": 80}
    made.append(element("tblCellMar", {}, *(element(k, {"w": v, "type": "dxa"}) for k, v in margins.items())))
    return made


def _row(line: Line, widths: tuple[float, ...]) -> Element:
    properties = element("trPr")
    if not line.splits:
        properties.append(element("cantSplit"))
    if line.least:
        properties.append(element("trHeight", {"val": twips(line.least), "hRule": "atLeast"}))
    if line.head:
        properties.append(element("tblHeader"))
    made = element("tr", {}, properties)
    start = 0
    for cell in line.cells:
        width = sum(widths[start : start + cell.span])
        start += cell.span
        made.append(_cell(cell, width))
    return made


def _cell(cell: Box, width: float) -> Element:
    properties = element("tcPr", {}, element("tcW", {"w": twips(width), "type": "dxa"}))
    if cell.span > 1:
        properties.append(element("gridSpan", {"val": cell.span}))
    properties.append(element("vAlign", {"val": cell.align}))
    return element("tc", {}, properties, *cell.content)
