"""Sets a document as PDF: the model as plain data for the layouts beside this module, compiled by typst.

Runs in the rendering process. Text travels as JSON and is never read as markup.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, assert_never

import typst

from service.documents.fonts import Faces, FontShelf
from service.documents.model import (
    Attachment,
    Block,
    Chart,
    Field,
    Form,
    Format,
    Heading,
    Official,
    Paragraph,
    Printed,
    Report,
    Runs,
    Section,
    Signature,
    Table,
)
from service.documents.numbering import day_words, numbered, title_lines
from service.documents.wording import Spelling, strings

HERE = Path(__file__).parent
LAYOUT = HERE / "layout"
LONG_CELL = 400
"""Characters from which a cell or field may break over pages."""
SHORT = 250
"""Characters a paragraph may have to be kept whole with the signature: about nine lines."""
ROOM_FOR_SEAL = {Format.FILE: 3, Format.LETTER: 2}
"""Blank lines above the organ's name, so that the seal covers it and does not touch the text."""
MANY_COLUMNS = 7
DRAWN_AT = 300
"""Dots per inch of a chart drawn for a format that takes no SVG."""


def layout_version() -> str:
    """The start of the SHA-256 over all layouts and the code that fills them; a change is another version."""
    return _layout_version()


@cache
def _layout_version() -> str:
    digest = hashlib.sha256()
    code = [*HERE.glob("*.py"), *HERE.glob("word/*.py")]
    for path in sorted((*LAYOUT.glob("*.typ"), *code)):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def typeset(document: Printed, shelf: FontShelf) -> tuple[bytes, Faces]:
    """The PDF and the faces it was set with. Raises typst.TypstError for a drawing that cannot be read."""
    faces = shelf.faces(set("".join(strings(document))))
    spelling = Spelling(missing=faces.missing)
    layout, plain = _laid_out(document, spelling)
    data = {
        **plain,
        "proof": _proof(document.proof, faces, spelling),
        "faces": {role: list(families) for role, families in faces.families.items()},
        "stroked": list(faces.stroked),
    }
    return _compile(LAYOUT / layout, data, shelf), faces


def _laid_out(document: Printed, spelling: Spelling) -> tuple[str, dict[str, Any]]:
    """The layout of a document and the data it takes."""
    match document:
        case Official():
            return "official.typ", _official(document, spelling)
        case Form():
            return "form.typ", _form(document, spelling)
        case Report():
            return "report.typ", _report(document, spelling)
        case _:
            assert_never(document)


def draw(chart: Chart, shelf: FontShelf) -> bytes:
    """A chart as PNG, for formats that take no SVG."""
    faces = shelf.faces(set(chart.svg))
    data = {
        "svg": chart.svg,
        "width": chart.width,
        "height": chart.height,
        "face": list(faces.families["hei"]),
    }
    made = typst.compile(
        str(LAYOUT / "chart.typ"),
        root=str(LAYOUT),
        font_paths=shelf.fonts,
        format="png",
        ppi=DRAWN_AT,
        sys_inputs={"data": json.dumps(data)},
    )
    assert isinstance(made, bytes)
    return made


def _compile(path: Path, data: dict[str, Any], shelf: FontShelf) -> bytes:
    made = typst.compile(
        str(path),
        root=str(LAYOUT),
        font_paths=shelf.fonts,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        timestamp=0,
    )
    assert isinstance(made, bytes)
    return made


def _proof(proof: str, faces: Faces, spelling: Spelling) -> str:
    """The line at the foot; it also says what 〔U+20BB7〕 means where one stands in the text."""
    lacking = "、".join(spelling.spell(character) for character in sorted(faces.missing))
    note = f"{lacking}是本机字库里没有的字，添加字体后重出" if lacking else ""
    return "；".join(part for part in (spelling.spell(proof), note) if part)


def _official(document: Official, spelling: Spelling) -> dict[str, Any]:
    head, imprint = document.letterhead, document.imprint
    spell = spelling.spell
    return {
        "format": document.format.value,
        "title": spell(document.title.replace("\n", "")),
        "title_lines": [spell(line) for line in title_lines(document.title)],
        "head": {
            "issuer_mark": spell(head.issuer_mark),
            "number": spell(head.number),
            "issue": spell(head.issue),
            "signatory": spell(head.signatory) if document.format is Format.FILE else "",
            "copy_no": spell(head.copy_no),
            "secrecy": spell(head.secrecy),
            "urgency": spell(head.urgency),
        },
        "main_recipients": spell("，".join(document.main_recipients)),
        "body": list(_blocks(document.body, spelling)),
        "closes_with": closes_with(document.body),
        "attachments": [_attachment(one, spelling) for one in document.attachments],
        "notes": [spell(note) for note in document.notes],
        "signature": _signature(document.signature, spelling, ROOM_FOR_SEAL[document.format]),
        "imprint": None
        if imprint is None
        else {
            "printed_by": spell(imprint.printed_by),
            "printed_on": f"{day_words(imprint.printed_on)}印发" if imprint.printed_on else "",
            "copies_to": spell("，".join(imprint.copies_to)),
        },
        "mark": spell(document.mark),
    }


def closes_with(body: Sequence[Block]) -> int:
    """How many blocks at the end stay with the signature: the last paragraph, where it is short enough to."""
    last = body[-1] if body else None
    return int(isinstance(last, Paragraph) and sum(len(run.text) for run in last.runs) <= SHORT)


def _attachment(one: Attachment, spelling: Spelling) -> dict[str, Any]:
    return {
        "title": spelling.spell(one.title),
        "title_lines": [spelling.spell(line) for line in title_lines(one.title)],
        "blocks": list(_blocks(one.blocks, spelling)),
        "orientation": one.orientation.value,
    }


def _signature(signature: Signature | None, spelling: Spelling, room: int = 0) -> dict[str, Any] | None:
    if signature is None:
        return None
    return {
        "organ": spelling.spell(signature.organ),
        "day": day_words(signature.signed_on),
        "room": room,
    }


def _blocks(blocks: Sequence[Block], spelling: Spelling) -> Iterator[dict[str, Any]]:
    for one in numbered(blocks):
        yield _block(one.block, one.label, spelling)


def _block(block: Block, label: str, spelling: Spelling) -> dict[str, Any]:
    spell = spelling.spell
    match block:
        case Heading():
            text, follows = spell(block.text), _runs(block.follows, spelling)
            return {"kind": "heading", "level": block.level, "label": label, "text": text, "follows": follows}
        case Paragraph():
            return {"kind": "paragraph", "align": block.align.value, "runs": _runs(block.runs, spelling)}
        case Table():
            return _table(block, spelling)
        case Chart():
            return {
                "kind": "chart",
                "svg": block.svg,
                "title": spell(block.title),
                "description": spell(block.description),
                "width": block.width,
                "height": block.height,
            }
        case _:
            assert_never(block)


def _runs(runs: Runs, spelling: Spelling) -> list[dict[str, Any]]:
    return [{"text": spelling.spell(run.text), "bold": run.bold} for run in runs]


def _table(table: Table, spelling: Spelling) -> dict[str, Any]:
    spell = spelling.spell
    return {
        "kind": "table",
        "size": 10.5 if len(table.columns) >= MANY_COLUMNS else 12,
        "columns": [
            {"title": spell(one.title), "width": one.width, "align": one.align.value} for one in table.columns
        ],
        "rows": [
            [{"text": spell(c.text), "bold": c.bold, "long": len(c.text) > LONG_CELL} for c in row]
            for row in table.rows
        ],
        "caption": spell(table.caption),
        "note": spell(table.note),
    }


def _form(form: Form, spelling: Spelling) -> dict[str, Any]:
    spell = spelling.spell
    return {
        "title": spell(form.title),
        "organ": spell(form.organ),
        "number": spell(form.number),
        "day": day_words(form.dated_on),
        "addressed_to": spell(form.addressed_to),
        "opening": [spell(said) for said in form.opening],
        "closing": [spell(said) for said in form.closing],
        "sections": [_section(section, spelling) for section in form.sections],
        "signature": _signature(form.signature, spelling),
        "mark": spell(form.mark),
    }


def _report(report: Report, spelling: Spelling) -> dict[str, Any]:
    return {
        "title": spelling.spell(report.title),
        "organ": spelling.spell(report.organ),
        "number": spelling.spell(report.number),
        "day": day_words(report.dated_on),
        "blocks": list(_blocks(report.blocks, spelling)),
        "mark": spelling.spell(report.mark),
    }


def _section(section: Section, spelling: Spelling) -> dict[str, Any]:
    return {
        "title": spelling.spell(section.title),
        "cut": section.cut,
        "rows": [[_field(field, spelling) for field in row] for row in section.rows],
    }


def _field(field: Field, spelling: Spelling) -> dict[str, Any]:
    return {
        "label": spelling.spell(field.label),
        "value": spelling.spell(field.value),
        "width": field.width,
        "lines": field.lines,
        "sign": spelling.spell(field.sign),
        "long": len(field.value) > LONG_CELL,
    }
