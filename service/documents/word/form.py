"""A form without red head as DOCX."""

from __future__ import annotations

from collections.abc import Iterator

from docx.shared import Mm

from service.documents.model import Field, Form, Section, Signature
from service.documents.numbering import day_words
from service.documents.word.parts import (
    SMALL,
    TEXT_WIDTH,
    TITLE,
    Writing,
    look,
    page_number_foot,
    watermark,
)
from service.documents.word.xml import MM, Box, Element, Line, Setting, paragraph, run, tab, table

TWELFTH = TEXT_WIDTH / 12
LABEL = 2
"""Twelfths of a label."""
LINE = 7 * MM
SPEECH = Setting(line=24.5, indent=2, character=SMALL)


def write_form(writing: Writing, form: Form) -> None:
    """Writes the whole form."""
    page = writing.file.sections[0]
    page.top_margin, page.bottom_margin, page.footer_distance = Mm(28), Mm(26), Mm(12)
    page_number_foot(writing, first_bare=False, proof=form.proof)
    watermark(writing, form.mark)
    writing.add(
        paragraph((run(form.organ, look("body", SMALL, tracking=1)),), Setting(align="center")),
        paragraph((run(form.title, look("title", TITLE, tracking=3)),), Setting(align="center", after=6)),
    )
    if form.number or form.dated_on:
        tabs = (("right", TEXT_WIDTH),)
        small = look("body", 12)
        runs = (run(form.number, small), tab(small), run(day_words(form.dated_on), small))
        writing.add(paragraph(runs, Setting(align="left", tabs=tabs, after=4)))
    if form.addressed_to:
        writing.add(
            paragraph(
                (run(f"{form.addressed_to}：", look("body", SMALL)),), Setting(align="left", line=SPEECH.line)
            )
        )
    writing.add(*_speech(form.opening))
    writing.add(*(part for section in form.sections[:1] for part in _section(section)))
    writing.add(*_speech(form.closing))
    if form.signature is not None:
        writing.add(*_signature(form.signature))
    writing.add(*(part for section in form.sections[1:] for part in _section(section)))


def _speech(said: tuple[str, ...]) -> Iterator[Element]:
    for text in said:
        yield paragraph((run(text, look("body", SMALL)),), SPEECH)
    if said:
        yield paragraph((), Setting(line=6))


def _signature(signature: Signature) -> Iterator[Element]:
    day = day_words(signature.signed_on) or "　　　　年　　月　　日"
    for index, text in enumerate((signature.organ, day)):
        setting = Setting(
            align="right", right=2 * SMALL, before=20 if index == 0 else 0, keep_next=index == 0
        )
        yield paragraph((run(text, look("body", SMALL)),), setting)


def _section(section: Section) -> Iterator[Element]:
    if section.cut:
        text = "－ － － － － － － － － － 裁　开 － － － － － － － － － －"
        yield paragraph(
            (run(text, look("body", 10.5)),), Setting(align="center", before=14, after=8, keep_next=True)
        )
    if section.title:
        yield paragraph(
            (run(section.title, look("title", 16, tracking=2)),),
            Setting(align="center", before=6, after=6, keep_next=True),
        )
    yield table((TWELFTH,) * 12, (_row(row) for row in section.rows))
    yield paragraph((), Setting(line=6))


def _row(row: tuple[Field, ...]) -> Line:
    cells: list[Box] = []
    for field in row:
        cells.append(
            Box(
                content=(paragraph((run(field.label, look("hei", 12)),), Setting(align="center")),),
                span=LABEL,
            )
        )
        cells.append(_value(field))
    return Line(cells=tuple(cells), least=max(field.lines for field in row) * LINE)


def _value(field: Field) -> Box:
    value = paragraph((run(field.value, look("body", 12)),), Setting(align="left"))
    if not field.sign:
        return Box(content=(value,), span=field.width - LABEL)
    # Room for handwriting above the signature.
    room = max(field.lines - 2, 0) * LINE * 0.7
    signs = paragraph((run(field.sign, look("body", 12)),), Setting(align="right", before=room))
    return Box(content=(value, signs), span=field.width - LABEL, align="bottom")
