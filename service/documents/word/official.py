"""公文 as DOCX: red head, title, body, signature, attachments, imprint."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from service.documents.model import Attachment, Format, Imprint, Letterhead, Official, Orientation, Signature
from service.documents.numbering import attachment_label, day_words, title_lines, width_of
from service.documents.typesetting import ROOM_FOR_SEAL, closes_with
from service.documents.word.box import foot_box
from service.documents.word.parts import (
    BODY,
    LANDSCAPE_WIDTH,
    PITCH,
    RED,
    SMALL,
    TEXT_WIDTH,
    TITLE,
    TRACKING,
    Writing,
    blank,
    body_look,
    first_foot,
    look,
    page_number_foot,
    watermark,
)
from service.documents.word.xml import MM, Element, Setting, paragraph, run, tab

MARK_SIZE = {Format.FILE: 46, Format.LETTER: 40}
TO_DATE = 4
"""Characters between the date and the right edge."""
IMPRINT_LINE = 20
"""Points from line to line in the imprint."""
OUTSIDE = Setting(left=-8 * MM, right=-6 * MM)
"""170 mm wide, centred on the paper."""


def write_official(writing: Writing, document: Official) -> None:
    """Writes the whole document."""
    letter = document.format is Format.LETTER
    page_number_foot(writing, first_bare=letter, proof=document.proof)
    watermark(writing, document.mark)
    if letter:
        writing.add(*_letter_head(document.letterhead))
        first_foot(writing, _double_rule("top", "thinThickSmallGap"))
    else:
        writing.add(*_file_head(document.letterhead))
    writing.add(*_title(document.title), blank())
    if document.main_recipients:
        text = "，".join(document.main_recipients) + "："
        writing.add(paragraph((run(text, body_look()),), Setting(line=PITCH, align="left")))
    writing.blocks(document.body, keep=closes_with(document.body))
    writing.add(*_attachments_note(document.attachments))
    writing.add(*_signature(document.signature, ROOM_FOR_SEAL[document.format]), *_notes(document.notes))
    for index, one in enumerate(document.attachments):
        _attachment(writing, document, index, one)
    if document.imprint is not None:
        lies = document.attachments[-1].orientation if document.attachments else Orientation.PORTRAIT
        width = LANDSCAPE_WIDTH if lies is Orientation.LANDSCAPE else TEXT_WIDTH
        writing.add(*_imprint(document.imprint, width, letter=letter))


def _mark(text: str, size: float) -> Element:
    fitted = min(size, TEXT_WIDTH / (width_of(text) * 1.09))
    return run(text, look("title", fitted, colour=RED, tracking=fitted * 0.06))


def _corner(head: Letterhead) -> Iterator[Element]:
    for text, role in ((head.copy_no, "body"), (head.secrecy, "hei"), (head.urgency, "hei")):
        if text:
            yield paragraph((run(text, look(role)),), Setting(line=PITCH, align="left"))


def _file_head(head: Letterhead) -> Iterator[Element]:
    corner = tuple(_corner(head))
    yield from corner
    room = max(35 * MM - 8 * MM - PITCH * len(corner), 0)
    yield paragraph(
        (_mark(head.issuer_mark, MARK_SIZE[Format.FILE]),), Setting(align="center", before=room, line=52)
    )
    yield blank(2)
    rule = (("bottom", "single", 16, RED, 11),)
    if head.signatory:
        beside: tuple[Element, ...] = (run("签发人：", body_look()), run(head.signatory, look("kai")))
    else:
        beside = (run(head.issue, body_look()),) if head.issue else ()
    if beside:
        # The rule spans the whole width, so the number is moved in by a character, not by an indent.
        runs: tuple[Element, ...] = (run(f"　{head.number}", body_look()), tab(body_look()), *beside)
        setting = Setting(line=PITCH, align="left", borders=rule, tabs=(("right", TEXT_WIDTH - BODY),))
    else:
        runs = (run(head.number, body_look()),)
        setting = Setting(line=PITCH, align="center", borders=rule)
    yield paragraph(runs, setting)
    yield blank(2)


def _letter_head(head: Letterhead) -> Iterator[Element]:
    yield paragraph((_mark(head.issuer_mark, MARK_SIZE[Format.LETTER]),), Setting(align="center", line=46))
    yield _double_rule("bottom", "thickThinSmallGap")
    corner = tuple(_corner(head))
    yield paragraph((run(head.number, body_look()),), Setting(line=PITCH, align="right", before=6))
    yield from corner
    yield blank(2)


def _double_rule(side: str, style: str) -> Element:
    setting = Setting(left=OUTSIDE.left, right=OUTSIDE.right, line=8, borders=((side, style, 24, RED, 1),))
    return paragraph((), setting)


def _title(title: str) -> Iterator[Element]:
    for line in title_lines(title):
        setting = Setting(align="center", line=32, keep_next=True, left=-TITLE, right=-TITLE)
        yield paragraph((run(line, look("title", TITLE)),), setting)


def _attachments_note(attachments: tuple[Attachment, ...]) -> Iterator[Element]:
    if attachments:
        yield paragraph((), Setting(line=PITCH, keep_next=True))
    for index, one in enumerate(attachments):
        number = f"{index + 1}." if len(attachments) > 1 else ""
        before = "附件：" if index == 0 else "　　　"
        hanging = BODY * (3 + len(number) / 2)
        setting = Setting(line=PITCH, align="left", left=2 * BODY + hanging, hanging=hanging, keep_next=True)
        yield paragraph((run(f"{before}{number}{one.title}", body_look()),), setting)


def _signature(signature: Signature, room: int) -> Iterator[Element]:
    day = day_words(signature.signed_on) or "　　　　年　　月　　日"
    wide, narrow = width_of(signature.organ), width_of(day)
    over = max(0.0, (wide - narrow) / 2 - TO_DATE)
    to_date = (TO_DATE + over) * (BODY + TRACKING)
    to_organ = to_date - (wide - narrow) / 2 * (BODY + TRACKING)
    for _ in range(room):
        yield paragraph((), Setting(line=PITCH, keep_next=True))
    organ = Setting(line=PITCH, align="right", right=to_organ, keep_next=True)
    yield paragraph((run(signature.organ, body_look()),), organ)
    yield paragraph((run(day, body_look()),), Setting(line=PITCH, align="right", right=to_date))


def _notes(notes: tuple[str, ...]) -> Iterator[Element]:
    for note in notes:
        yield paragraph((run(f"（{note}）", body_look()),), Setting(line=PITCH, align="left", indent=2))


def _attachment(writing: Writing, document: Official, index: int, one: Attachment) -> None:
    wide = one.orientation is Orientation.LANDSCAPE
    before = document.attachments[index - 1].orientation if index else Orientation.PORTRAIT
    turned = one.orientation is not before
    if turned:
        writing.new_section(one.orientation)
    label = attachment_label(document.attachments, index)
    writing.add(
        paragraph(
            (run(label, look("hei")),),
            Setting(line=PITCH, align="left", page_break=not turned, keep_next=True),
        ),
        blank(0.5),
        *_title(one.title),
        blank(0.5),
    )
    writing.blocks(one.blocks, width=LANDSCAPE_WIDTH if wide else TEXT_WIDTH)


def _imprint(imprint: Imprint, width: float, *, letter: bool) -> Iterator[Element]:
    """A box at the foot of the page its anchor stands on: the last one.

    Rules end where indents do, so that text is moved in by a character and the rules span the whole width.
    """
    small = look("body", SMALL)
    entries: list[tuple[tuple[Element, ...], dict[str, Any]]] = []
    lines = 0
    if imprint.copies_to:
        text = f"　抄送：{'，'.join(imprint.copies_to)}。"
        entries.append(((run(text, small),), {"left": 4 * SMALL, "hanging": 4 * SMALL}))
        lines += math.ceil((width_of(text) - 4) * SMALL / (width - 5 * SMALL))
    if not letter:
        day = f"{day_words(imprint.printed_on)}印发" if imprint.printed_on else ""
        runs = (run(f"　{imprint.printed_by}", small), tab(small), run(day, small))
        entries.append((runs, {"tabs": (("right", width - SMALL),)}))
        lines += 1
    last = len(entries) - 1
    content = tuple(
        paragraph(
            runs, Setting(align="left", line=IMPRINT_LINE, borders=() if letter else _rules(i, last), **more)
        )
        for i, (runs, more) in enumerate(entries)
    )
    if content:
        height = lines * IMPRINT_LINE + 10 * len(entries)
        yield paragraph((foot_box(content, width, height),), Setting(line=1))


def _rules(index: int, last: int) -> tuple[tuple[str, str, int, str, int], ...]:
    """Thick outside (0.35 mm), thin between (0.25 mm), in eighths of a point."""
    above = ("top", "single", 8 if index == 0 else 6, "000000", 4)
    below = ("bottom", "single", 8, "000000", 4)
    return (above, below) if index == last else (above,)
